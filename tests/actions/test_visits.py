"""Visits arranged in chat: offered when a case needs one, taken in words, moved, given up."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bot.conversations import service as conversations
from bot.messages import Line, Spoken
from bot.tickets.jobs import Jobs
from bot.tickets.models_work import Appointment, VisitState
from bot.tickets.service import Tickets
from tests.fixtures.desk import MONDAY, Desk, make_desk
from tests.fixtures.turns import Talk, policies, talk


class Town:
    """A desk whose clock stands, with shoppers of any shop."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._first = talk(desk)

    def shopper(self, shop: str = "dept_generic") -> Talk:
        with self.desk.db.write() as session:
            opened = conversations.open_conversation(
                session, shop, "web", Line("您好"), self.desk.clock.now()
            )
        return Talk(self.desk, self._first.actions, opened.conversation_id)

    def ahead(self) -> Appointment | None:
        """The newest time that is still to come."""
        with self.desk.db.read() as session:
            live = (VisitState.HELD, VisitState.CONFIRMED)
            query = select(Appointment).where(Appointment.state.in_(live))
            return session.scalars(query.order_by(Appointment.id.desc())).first()

    def at(self) -> str:
        """When that is, on the shop's clock."""
        ahead = self.ahead()
        assert ahead is not None
        return f"{ahead.starts_at.astimezone(self.desk.clock.zone):%d %H:%M}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    desk = make_desk(
        f"sqlite:///{tmp_path_factory.mktemp('visits') / 'desk.sqlite3'}", start=MONDAY
    )
    desk.tickets = Tickets(desk.clock, desk.shops, None, policies().promises)
    yield Town(desk)
    desk.db.close()


@pytest.fixture
def town(house: Town) -> Town:
    """The house, with nothing booked."""
    with house.desk.db.write() as session:
        session.execute(delete(Appointment))
    return house


@pytest.fixture
def fitted(town: Town) -> Talk:
    """A shopper who has just had an installation registered and been offered times."""
    shopper = town.shopper()
    shopper.say("买的空调要安装", "installation_request")
    shopper.press("yes")
    return shopper


def test_times_are_offered_with_the_case_of_an_installation(fitted: Talk) -> None:
    names = [reply.name for reply in fitted.replies]
    assert names == ["utter_errand_opened_by", "utter_visit_offer_first", "utter_visit_or_phone"]
    titles = [button["title"] for button in fitted.replies[1].buttons]
    assert titles == [
        "今天 14:00",
        "今天 16:00",
        "明天 10:00",
        "明天 12:00",
        "后天 10:00",
        "后天 12:00",
    ]


def test_a_shop_that_sends_nobody_offers_no_times(town: Town) -> None:
    shopper = town.shopper("dept_fashion")
    shopper.say("我要安装一个衣柜", "installation_request")
    assert shopper.press("yes") == ["utter_errand_opened_by", "utter_ask_phone"]


def test_a_time_in_the_request_itself_is_the_one_offered(town: Town) -> None:
    shopper = town.shopper()
    shopper.say("空调后天下午能上门安装吗", "installation_request")
    shopper.press("yes")
    titles = [button["title"] for button in shopper.replies[1].buttons]
    assert titles == ["后天 12:00", "后天 14:00", "后天 16:00"]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("明天下午两点", "24 14:00"),
        ("那就后天上午10点吧", "25 10:00"),
        ("周四下午4点可以吗", "26 16:00"),
        ("第三个", "24 10:00"),
        ("最早的就行", "23 14:00"),
        ("随便", "23 14:00"),
        ("明天没空，后天中午12点吧", "25 12:00"),
    ],
)
def test_a_time_is_taken_in_words(town: Town, fitted: Talk, words: str, at: str) -> None:
    said = fitted.say(words, "inform")
    assert said == ["utter_visit_booked_home", "utter_visit_where_and_phone"]
    assert town.at() == at


def test_of_several_times_the_one_meant_is_asked(town: Town, fitted: Talk) -> None:
    assert fitted.say("明天下午", "inform") == ["utter_visit_which"]
    titles = [button["title"] for button in fitted.replies[0].buttons]
    assert titles == ["明天 12:00", "明天 14:00", "明天 16:00"]
    assert town.ahead() is None
    fitted.say("第二个吧", "inform")
    assert town.at() == "24 14:00"


def test_an_hour_that_cannot_be_had_brings_those_of_its_day(town: Town, fitted: Talk) -> None:
    assert fitted.say("明天下午三点", "inform") == ["utter_visit_which"]
    assert all(button["title"].startswith("明天") for button in fitted.replies[0].buttons)
    assert fitted.say("明天晚上11点", "inform") == ["utter_visit_which"]
    assert town.ahead() is None


def test_a_time_is_moved_told_and_given_up_in_words(town: Town, fitted: Talk) -> None:
    fitted.say("明天下午两点", "inform")
    assert fitted.say("改到后天上午10点", "order_change")[0] == "utter_visit_booked_home"
    assert town.at() == "25 10:00"
    assert fitted.say("师傅什么时候来", "ticket_status") == ["utter_visit_ahead_home"]
    assert "25日" in fitted.text
    assert fitted.say("我的工单", "ticket_status")[-1] == "utter_visit_ahead_home"
    assert fitted.say("不用来了", "deny") == ["utter_visit_cancelled"]
    assert town.ahead() is None
    assert fitted.say("约个时间", "inform") == ["utter_visit_offer"]


def test_the_same_time_again_is_only_told(town: Town, fitted: Talk) -> None:
    fitted.say("明天下午两点", "inform")
    assert fitted.say("约明天下午两点", "inform") == ["utter_visit_ahead_home"]
    assert town.at() == "24 14:00"


def test_the_address_and_the_phone_go_with_the_visit(town: Town, fitted: Talk) -> None:
    fitted.say("明天下午两点", "inform")
    said = fitted.say("样例市锦绣路12号3栋501，电话13812345678", "inform")
    assert said == ["utter_visit_address"]
    ahead = town.ahead()
    assert ahead is not None
    assert "3栋501" in (ahead.address or "")
    case = town.desk.cases()[-1]
    assert case.phone == "13812345678"
    # It moves with the visit, and is not asked again.
    assert fitted.say("改到后天上午10点", "inform") == ["utter_visit_booked_home"]
    moved = town.ahead()
    assert moved is not None
    assert moved.address == ahead.address


def test_what_a_rule_has_repaired_at_home_is_offered_times(town: Town) -> None:
    shopper = town.shopper("equipment")
    shopper.say("仪器坏了要报修，买了两个月，正常用的", "repair_request")
    assert "utter_visit_offer_first" in shopper.press("yes")


def test_where_sending_somebody_needs_consent_the_time_is_only_held(town: Town) -> None:
    shopper = town.shopper("equipment")
    shopper.say("仪器到了要安装", "installation_request")
    shopper.press("yes")
    assert shopper.say("明天上午8点半", "inform")[0] == "utter_visit_booked_held"


def test_the_reminder_goes_out_the_day_before_the_visit(town: Town, fitted: Talk) -> None:
    fitted.say("后天上午10点", "inform")
    jobs = Jobs(town.desk.db, town.desk.tickets, Spoken.load())
    assert jobs.remind() == 0
    with town.desk.db.write() as session:
        ahead = session.scalars(select(Appointment)).one()
        assert ahead.reminds_at == ahead.starts_at - timedelta(hours=24)
        ahead.reminds_at = town.desk.clock.now()
    assert (jobs.remind(), jobs.remind()) == (1, 0)
    jobs.notify()
    assert "10:00" in town.desk.said(fitted.id)[-1]


def test_nobody_comes_any_more_when_the_case_is_taken_back(town: Town, fitted: Talk) -> None:
    fitted.say("明天下午两点", "inform")
    fitted.say("撤回申请", "withdraw_request")
    fitted.press("yes")
    assert town.ahead() is None


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("明天我带小票去退裙子", "return_request"),
        ("周三买的裙子开线了想退", "return_request"),
        ("快递明天能到吗", "logistics_inquiry"),
        ("你们明天几点开门", "store_inquiry"),
        ("好的", "affirm"),
    ],
)
def test_lines_about_other_things_take_no_time(
    town: Town, fitted: Talk, words: str, intent: str
) -> None:
    fitted.say(words, intent)
    assert town.ahead() is None
    assert not any(reply.name.startswith("utter_visit") for reply in fitted.replies)


def test_a_time_means_nothing_where_there_is_no_case(town: Town) -> None:
    shopper = town.shopper()
    said = shopper.say("明天下午", "nlu_fallback")
    assert not any(name.startswith("utter_visit") for name in said)


def test_a_bare_hour_is_one_of_the_day_that_was_offered(town: Town, fitted: Talk) -> None:
    fitted.say("明天下午", "inform")
    fitted.say("四点吧", "inform")
    assert town.at() == "24 16:00"


def test_whom_no_time_suits_is_shown_later_ones(fitted: Talk) -> None:
    assert fitted.say("都不行", "deny") == ["utter_visit_which"]
    assert fitted.replies[0].buttons[0]["title"] == "后天 14:00"


def test_an_address_given_beforehand_is_not_asked_again(town: Town, fitted: Talk) -> None:
    assert fitted.say("样例市锦绣路12号3栋501", "inform")[0] == "utter_visit_address"
    assert "utter_visit_where_known" in fitted.say("明天下午两点", "inform")
    fitted.say("不用来了", "deny")
    assert "utter_visit_where_known" in fitted.say("约明天下午四点", "inform")
    ahead = town.ahead()
    assert ahead is not None
    assert "3栋501" in (ahead.address or "")


@pytest.mark.parametrize("words", ["不装了", "算了不用装了", "取消安装"])
def test_whoever_wants_nothing_fitted_any_more_is_asked_whether_to_take_it_back(
    fitted: Talk, words: str
) -> None:
    assert fitted.say(words, "nlu_fallback") == ["utter_offer_withdrawal"]


@pytest.mark.parametrize(
    "words", ["还没好吗", "怎么还没人联系我", "这么久都没消息", "一直没动静啊"]
)
def test_waiting_is_answered_with_the_real_clock(fitted: Talk, words: str) -> None:
    said = fitted.say(words, "nlu_fallback")
    assert said[0] == "utter_urged"
    assert said[1].startswith("utter_case_state")


def test_without_a_day_the_one_booked_is_meant(town: Town, fitted: Talk) -> None:
    fitted.say("后天上午10点", "inform")
    for words in ("谢谢", "好", "嗯", "知道了"):  # what was offered is long ago
        fitted.say(words, "thanks")
    fitted.say("把时间改到下午4点", "inform")
    assert town.at() == "25 16:00"


def test_a_far_day_is_chosen_from_by_its_hour(town: Town, fitted: Talk) -> None:
    fitted.say("12月5号下午", "inform")
    fitted.say("4点吧", "inform")
    ahead = town.ahead()
    assert ahead is not None
    assert f"{ahead.starts_at.astimezone(town.desk.clock.zone):%m-%d %H:%M}" == "12-05 16:00"


def test_what_is_registered_is_not_offered_again(fitted: Talk) -> None:
    said = fitted.say("安装师傅电话多少", "installation_request")
    assert said[-1] == "utter_errand_running"


@pytest.mark.parametrize("words", ["师傅来过了，装好了", "今天上午装好了"])
def test_a_visit_that_has_been_is_noted(fitted: Talk, words: str) -> None:
    assert fitted.say(words, "nlu_fallback") == ["utter_case_done_there"]


@pytest.mark.parametrize("words", ["你们能快点吗 我周末要用", "麻烦抓紧啊"])
def test_haste_is_put_down(fitted: Talk, words: str) -> None:
    assert fitted.say(words, "nlu_fallback")[0] == "utter_urged"
