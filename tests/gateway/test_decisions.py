"""What is decided over HTTP can be explained by its id, within limits that a flood meets."""

from pathlib import Path

from bot.db import Database
from bot.policy import explaining
from tests.fixtures.desk import SHOP
from tests.fixtures.gateway import running_gateway

DECIDE = "/api/policy/decide"
FACTS = {"wants": "refund", "problem": "dislike", "days_since_purchase": 1, "worn": "no"}


def test_a_decision_given_over_http_can_be_explained_by_its_id(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        asked = [
            gateway.client.post(DECIDE, json={"shop": SHOP, "facts": facts, **more})
            for facts in (FACTS, {**FACTS, "receipt": "yes", "price_paid": "99.90"}, {})
            for more in ({}, {"as_of": "2026-11-01"}, {"presume": False})
        ]
    db = Database(f"sqlite:///{tmp_path}/desk.sqlite3")
    with db.read() as session:
        for answer in asked:
            told = explaining.explain(session, answer.json()["decision_id"])
            assert told.same
            assert told.again.record() == answer.json()
    db.close()
    assert len({answer.json()["decision_id"] for answer in asked}) == len(asked)


def test_an_order_number_is_not_kept_with_a_decision(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        told = {**FACTS, "order_no": "AB202611001"}
        answers = [
            gateway.client.post(DECIDE, json={"shop": SHOP, "facts": facts}).json()
            for facts in (FACTS, told)
        ]
    assert answers[0]["decision_id"] == answers[1]["decision_id"]
    assert "AB202611001" not in str(answers)


def test_more_questions_than_all_callers_together_may_ask_are_put_off(tmp_path: Path) -> None:
    with running_gateway(tmp_path, decide_crowd_rate="3/minute") as gateway:
        body = {"shop": SHOP, "facts": FACTS}
        codes = [gateway.client.post(DECIDE, json=body).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
