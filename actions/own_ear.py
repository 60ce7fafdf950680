"""Hears what a line means for the shopper's own cases, before anything else is made of it."""

import re

from actions import registered
from actions.base import ServiceAction, Services, Turn
from actions.cases import CaseStatus, Withdraw
from actions.intake import SETTLED, WISHES
from actions.own_cases import (
    RATING,
    AddToCase,
    CaseByNumber,
    DoneThere,
    Prove,
    PutRight,
    Rate,
    Refused,
    Settled,
    Urge,
)
from actions.visits_ear import VisitEar
from bot.conversations import service as conversations
from bot.conversations.models import Offer
from bot.tickets import access, number, repository
from bot.tickets.changing import CHANGEABLE
from bot.tickets.models import Ticket, TicketState
from bot.tickets.states import OVER
from bot.tickets.states import SETTLED as DONE_WITH

_MARKS = re.compile(r"[\s，,。.！!？?；;~～…、]+")
# Numbers of other things than cases.
_OTHERS = re.compile(r"订单|快递|运单|物流|会员|卡号|身份证|款号|货号")
_ABOUT = re.compile(r"编号|单号|工单|单子|进度|查|售后单|服务单|登记")
_BARE = re.compile(r"[\d\s-]+")
_TAIL = re.compile(r"\D{0,8}\d{4}\D{0,4}")
_MINE = re.compile(
    r"(?:我|要|帮|查|看|问|想)*(?:一?下)?我的(?:工单|单子|售后单|服务单|申请|登记|售后)"
    r"(?:呢|吧|进度|情况|状态|到哪|怎么样|怎样|如何|了|啊)*"
)
_NUMBER_ASKED = re.compile(
    r"(?:我的?|那个?|工单|登记的?)*(?:编号|单号|工单号|号码)(?:是|我)*(?:多少|几号?|啥|什么|忘了|忘记了|不记得了|找不到了)"
    r"(?:来着|啊|呀|呢|了)*"
)
_PROGRESS = re.compile(
    r"(?:帮我?|给我|我|想|查|看|问|一下|现在|目前|这个|那个|单子|处理|办理|的)*(?:进度|进展)"
    r"(?:到哪|怎么样|怎样|如何|什么情况|呢|了|啊|吗|一下)*"
)
_STILL = re.compile(
    r"(?:你们|到底|我的|这个?|那个?|都|这么久|好久了|几天了)*(?:怎么|咋|为啥|为什么)?(?:还|一直)?(?:是)?"
    r"(?:没(?:有)?(?:弄好|办好|处理好?|办完|修好|动静|消息|结果|回音|人管|人理|人联系我?|人来|来人?|好)|"
    r"不(?:处理|管|理我?|回我?))"
    r"(?:啊|呢|吗|呀|嘛|么|了)*"
)
_FASTER = re.compile(r"(?:快|早)一?[点些]|抓紧|加急|尽快|赶紧|着急|急用")
_MORE = re.compile(r"^(?:我?(?:再|想)?补充|备注|再说一下|另外说一下|还有一点)")
_TAKES_BACK = re.compile(
    r"撤(?:回|销|单|掉)|取消(?:登记|回电|申请|单子|工单|安装|维修)|不(?:用|想|要)?安?装了"
)
_RIGHT = re.compile(
    r"不对|(?:说|写|填|记|弄|搞|选)错|错了|应该是|更正|其实是?|改(?:成|为|一下|到)|换成|不(?:想)?[退换修]了"
)
_OKAY = (
    r"(?:师傅|来过了?|上门了?|刚才|今天|上午|下午|昨天|都|已经|现在|是的?|嗯+"
    r"|可以|好的?|行|对|我|钱|退款|东西|衣服|鞋子?)*"
)
_DONE = re.compile(
    rf"{_OKAY}(?:解决|处理[好完]|弄好|办好|搞定|修好|装好|收到(?=了|钱|货|退款)|到账|换好|退好)"
    r"(?:钱|货|退款|东西)?了?(?:谢谢|多谢|啦|了|啊|呢|哈)*"
)
# Said of a case that the desk has not finished: done at the counter, most likely.
_DONE_THERE = re.compile(r"解决|处理[好完]|[弄办修装换退]好|搞定|到账")
_NOT_DONE = re.compile(
    r"(?:还|根本|一直|这|怎么|都|我|钱|退款|东西|又|就)*(?:没有?|未)"
    r"(?:解决|处理|弄好|办好|修好|收到|到账|换好|退)(?:好|完|掉)?(?:钱|退款|货|东西|呢|啊|呀|吗|了)*"
    r"|(?:又|还是|依然|怎么又)(?:坏|不行|一样|那样|老样子|开胶|漏|断|掉色)了?"
    r"|(?:我?不(?:同意|认可|接受|满意)(?:这个?)?(?:结果|处理)?)"
)
# Lines that are no answer to what a case waits for, whatever they say besides.
_ELSEWHERE = {
    "greet",
    "goodbye",
    "thanks",
    "request_human",
    "ticket_status",
    "refund_status",
    "urge",
    "withdraw_request",
    "return_request",
    "exchange_request",
    "repair_request",
    "policy_inquiry",
    "store_inquiry",
    "bot_challenge",
    "abuse",
}
_LONGEST = 24  # characters of a line that says no more than that it is settled, or not


class OwnEar:
    """Hears numbers, proofs, additions, corrections, results and ratings."""

    def __init__(self, services: Services, intake: ServiceAction) -> None:
        self._services = services
        self._status = CaseStatus(services, intake)
        self._number = CaseByNumber(services, intake)
        self._prove = Prove(services, intake)
        self._put_right = PutRight(services, intake)
        self._rate = Rate(services, intake)
        self._withdraw = Withdraw(services, intake)
        self._visits = VisitEar(services)

    def action(self, turn: Turn) -> ServiceAction | None:
        """The action on a case that the line asks for, or None."""
        if turn.heard.given:
            return self._pressed(turn)
        if turn.heard.photo:
            return self._photo(turn)
        text = turn.heard.text
        words = _MARKS.sub("", text)
        if not words or turn.conversation.asking is not None:
            return None
        return (
            self._of_a_number(turn, text)
            or (self._status if _asks_how_it_stands(words) else None)
            or self._of_taking_back(turn, words)
            or self._visits.action(turn)
            or self._of_a_rating(turn, text)
            or self._of_a_result(turn, words)
            or self._of_waiting(turn, words)
            or self._of_the_matter(turn, text)
        )

    def _pressed(self, turn: Turn) -> ServiceAction | None:
        given = turn.heard.given
        if "rating" in given:
            return self._rate
        if "visit" in given:
            return self._visits.pressed(turn) or self._status
        verb = next((v for v in ("confirm", "dispute", "urge") if f"case_{v}" in given), None)
        if verb is None:
            return None
        tickets, no = turn.services.tickets, str(given[f"case_{verb}"])
        found = tickets.find(turn.session, turn.conversation, no, None)
        if found.ticket is None:
            return Refused(self._services, found)
        if verb == "urge":
            return Urge(self._services, found.ticket)
        return Settled(self._services, found.ticket, settled=verb == "confirm")

    def _photo(self, turn: Turn) -> ServiceAction | None:
        """A photo belongs to the case of the matter, unless another matter is being told."""
        ticket = _case(turn)
        return AddToCase(self._services, ticket) if ticket else None

    def _of_a_number(self, turn: Turn, text: str) -> ServiceAction | None:
        no = access.named(text)
        if no is not None and not _OTHERS.search(text):
            meant = number.is_valid(no) or _ABOUT.search(text) or _BARE.fullmatch(text)
            return self._number if meant else None
        if no is None and _TAIL.fullmatch(text) and self._waits_for_proof(turn):
            return self._prove
        return None

    def _waits_for_proof(self, turn: Turn) -> bool:
        return turn.services.tickets.waits_for_proof(turn.session, turn.conversation)

    def _of_taking_back(self, turn: Turn, words: str) -> ServiceAction | None:
        """Asked again before it is done, so that the word alone is enough."""
        if len(words) > _LONGEST or not _TAKES_BACK.search(words):
            return None
        if turn.conversation.offer == Offer.WITHDRAWAL or turn.heard.facts.get("wants"):
            return None
        return self._withdraw if _case_open(turn) else None

    def _of_a_rating(self, turn: Turn, text: str) -> ServiceAction | None:
        if not RATING.match(text.strip()):
            return None
        return self._rate if turn.services.tickets.mine(turn.session, turn.conversation) else None

    def _of_a_result(self, turn: Turn, words: str) -> ServiceAction | None:
        if len(words) > _LONGEST:
            return None
        settled, disputed = _DONE.fullmatch(words), _NOT_DONE.fullmatch(words)
        if not settled and not disputed:
            return None
        states = _DISPUTED if disputed else (TicketState.DONE,)
        ticket = _newest(turn, states)
        if ticket is None:
            return None
        return Settled(self._services, ticket, settled=not disputed)

    def _of_waiting(self, turn: Turn, words: str) -> ServiceAction | None:
        """还没人联系我: pressed for, when something is under way; 换好了: done before we knew."""
        faster = _FASTER.search(words) and not set(turn.heard.facts) - {"tone"}
        presses = faster or _STILL.fullmatch(words) or _NOT_DONE.fullmatch(words)
        there = _DONE.fullmatch(words) and _DONE_THERE.search(words)
        if len(words) > _LONGEST or not (presses or there):
            return None
        tickets = turn.services.tickets.mine(turn.session, turn.conversation)
        live = [ticket for ticket in tickets if ticket.state not in DONE_WITH]
        if not live:
            return None
        return (Urge if presses else DoneThere)(self._services, live[0])

    def _of_the_matter(self, turn: Turn, text: str) -> ServiceAction | None:
        ticket = _case(turn)
        if ticket is None:
            return None
        if ticket.state in CHANGEABLE and _RIGHT.search(text) and _is_news(turn):
            return self._put_right
        waits = ticket.state == TicketState.AWAITING_CUSTOMER
        if _MORE.match(text) or (waits and turn.heard.intent not in _ELSEWHERE):
            return AddToCase(self._services, ticket)
        return None


_DISPUTED = (TicketState.DONE, TicketState.REJECTED, TicketState.CONFIRMED, TicketState.CLOSED)


def _asks_how_it_stands(words: str) -> bool:
    asks = (_MINE, _PROGRESS, _NUMBER_ASKED)
    return any(each.fullmatch(words) for each in asks)


def _case(turn: Turn) -> Ticket | None:
    """The case of the matter being talked about, if nothing newer is being told."""
    matter = turn.matter
    if matter is None or matter.state not in SETTLED:
        return None
    return repository.of_matter(turn.session, matter.id)


def _case_open(turn: Turn) -> bool:
    return any(
        ticket.state not in OVER
        for ticket in repository.of_conversation(turn.session, turn.conversation.id)
    )


def _newest(turn: Turn, states: tuple[TicketState, ...]) -> Ticket | None:
    """The newest case of the shopper, if it stands in one of these states."""
    tickets = turn.services.tickets.mine(turn.session, turn.conversation)
    return tickets[0] if tickets and tickets[0].state in states else None


def _is_news(turn: Turn) -> bool:
    """Whether a line tells something else than what the case was registered with."""
    if turn.matter is None:
        return False
    registered.with_new_wish(turn)
    known = conversations.known_facts(turn.session, turn.matter)
    told = {key: value for key, value in turn.heard.facts.items() if key != "tone"}
    wish = told.get("wants")
    if wish is not None and wish not in WISHES:
        return False
    return any(known.get(key) != value for key, value in told.items())
