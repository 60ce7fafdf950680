"""Hears what a line means for an appointment: a time, another one, none, where to or when."""

import re
from datetime import datetime

from actions import visit_times
from actions.base import ServiceAction, Services, Turn
from actions.visits import (
    CancelVisit,
    GiveAddress,
    NameTime,
    OfferLater,
    OfferTimes,
    PickTime,
    TakeTime,
    TellVisit,
)
from bot.language.coming import Coming, coming
from bot.language.numbers import whole
from bot.tickets.models import Ticket, TicketKind
from bot.tickets.models_work import Appointment

_CANCEL = re.compile(
    r"取消(?:预约|约好|上门)|来不了|去不了|不去了|(?:不用|别|先别|不要)(?:来|上门|过来|派人|派师傅)了?"
)
_ABOUT = re.compile(
    r"(?:约|预约|定|改|换)(?:一?[个下]|到)?(?:安装|上门|预约|别的|其他|维修)?的?(?:时间|日子|上门|到店)|改约|改期|"
    r"改天(?:来|去|上门)|换一?个?(?:时间|日子)"
)
# With a time in the line, that it is one to come at.
_ARRANGES = re.compile(r"改|约|换|定|来|上门|到店|过去|推|提前|安装|装")
_BEEN = re.compile(r"[装修弄办换]好了|装完|来过|走了")  # 今天装好了: no time ahead
_WHEN = re.compile(
    r"(?:师傅|你们|人|约|预约|上门|安装).{0,4}(?:什么时候|几点|哪天|啥时候|多会儿|几号)"
    r"|(?:什么时候|几点|哪天|啥时候|几号).{0,3}(?:来|上门|过来|到|安装|装)"
)
_PICKS = re.compile(
    r"(?:那就?|就|选|要|我要|我选)*第(?P<n>[一二两三四五六1-6])个?(?:时间)?(?:吧|可以|好|行)*"
    r"|(?P<last>最后一?个|最晚的?)(?:吧|那个)*"
    r"|(?P<any>(?:最早|最近|最快)的?(?:那个|时间)?|都(?:行|可以|好)|随便|(?:哪个|什么时候)都(?:行|可以)|"
    r"越快越好|你们?[定看][吧着办]*|尽快)(?:吧|的|就行|就可以|啊)*"
)
_OKAY = re.compile(
    r"(?:好的?|行|可以|嗯+|要得|成|ok|OK|约|要|帮我约|约吧|帮我约一?[下个])(?:吧|啊|呢|的)?"
)
_OTHERS = re.compile(
    r"(?:这几个|这些|那几个|那天|当天)?(?:时间)?(?:我)?(?:都)?(?:不行|没空|没时间|不方便|不合适)(?:啊|呢|的|诶)?"
    r"|(?:还)?有(?:没有)?(?:别的|其他的?|晚[一点些]*的?|早[一点些]*的?)(?:时间|日子)?(?:吗|么|没有)?|换一批"
)
_PLACE = re.compile(
    r"(?:[区县市镇乡].*)?(?:路|街|巷|道|弄|村|小区|花园|家园|苑|公寓|大厦|广场|新城|园|里|湾|庭|府)"
    r".{0,12}?[\d一二三四五六七八九十]+\s*(?:号|栋|幢|座|单元|室|楼|层|组)"
)
_MARKS = re.compile(r"[\s，,。.！!？?；;~～…、]+")
_LONGEST = 24


class VisitEar:
    """Hears lines about an appointment of the shopper's own case."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def pressed(self, turn: Turn) -> ServiceAction | None:
        """The action of a time's button, or None where no case is left that it is for."""
        ticket = visit_times.case_to_visit(turn)
        return TakeTime(self._services, ticket) if ticket else None

    def action(self, turn: Turn) -> ServiceAction | None:
        """What the words ask for, or None."""
        words = _MARKS.sub("", turn.heard.text)
        named = coming(turn.heard.text, turn.services.clock.today())
        place = _PLACE.search(turn.heard.text) is not None
        if not (place or (len(words) <= _LONGEST and (named or _may_be_about(words)))):
            return None
        ticket = visit_times.case_to_visit(turn)
        if ticket is None or not _fits(words, ticket):
            return None
        ahead = turn.services.tickets.visit(turn.session, ticket)
        if place and len(words) > 6:
            return self._address(turn, ticket)
        return (
            self._given_up(words, ticket, ahead)
            or self._asked(words, ticket, ahead)
            or self._named(turn, words, ticket, named)
            or self._answered(turn, words, ticket)
        )

    def _address(self, turn: Turn, ticket: Ticket) -> ServiceAction | None:
        at_home = visit_times.kind_for(turn, ticket) in visit_times.AT_HOME
        return GiveAddress(self._services, ticket) if at_home else None

    def _given_up(
        self, words: str, ticket: Ticket, ahead: Appointment | None
    ) -> ServiceAction | None:
        if ahead is None or not _CANCEL.search(words):
            return None
        return CancelVisit(self._services, ticket)

    def _asked(self, words: str, ticket: Ticket, ahead: Appointment | None) -> ServiceAction | None:
        if ahead is None or not _WHEN.search(words):
            return None
        return TellVisit(self._services, ticket)

    def _named(
        self, turn: Turn, words: str, ticket: Ticket, named: Coming | None
    ) -> ServiceAction | None:
        if named is None:
            return OfferTimes(self._services, ticket) if _ABOUT.search(words) else None
        stands = visit_times.offered(turn) is not None
        if _BEEN.search(words):
            return None
        arranges = _ARRANGES.search(words) and (named.bare or _ABOUT.search(words))
        if arranges or (named.bare and stands):
            return NameTime(self._services, ticket, named)
        return None

    def _answered(self, turn: Turn, words: str, ticket: Ticket) -> ServiceAction | None:
        times = visit_times.offered(turn)
        if not times:
            return None
        at = _picked(words, times)
        if at is not None:
            return PickTime(self._services, ticket, at)
        if turn.conversation.offer is None and _OKAY.fullmatch(words):
            return OfferTimes(self._services, ticket)
        if _OTHERS.fullmatch(words):
            return OfferLater(self._services, ticket, times[-1])
        return None


def _may_be_about(words: str) -> bool:
    found = (
        each.search(words) if each in (_CANCEL, _ABOUT, _WHEN) else each.fullmatch(words)
        for each in (_CANCEL, _ABOUT, _WHEN, _PICKS, _OKAY, _OTHERS)
    )
    return any(found)


def _fits(words: str, ticket: Ticket) -> bool:
    """Whether a time is meant for this case: a fitter comes for no return."""
    at_home = ticket.kind in (TicketKind.INSTALLATION, *visit_times.REPAIRED)
    return at_home or not re.search(r"安装|上门|量尺|师傅", words)


def _picked(words: str, times: list[datetime]) -> datetime | None:
    found = _PICKS.fullmatch(words)
    if found is None:
        return None
    if found["last"]:
        return times[-1]
    place = (whole(found["n"]) or 0) - 1 if found["n"] else 0
    return times[place] if 0 <= place < len(times) else None
