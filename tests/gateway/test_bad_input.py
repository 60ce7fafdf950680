"""Nothing that a client can send is a fault of ours: every refusal is said in the one shape."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.desk import DATABASES, SHOP
from tests.fixtures.gateway import Gateway, running_gateway

DECIDE, OPEN = "/api/policy/decide", "/api/chat/conversations"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module", params=DATABASES)
def each_gateway(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """One gateway on each database."""
    sqlite = request.param == "sqlite"
    url = "" if sqlite else str(request.getfixturevalue("postgres_desk_url"))
    with running_gateway(tmp_path_factory.mktemp("each"), database_url=url) as gateway:
        yield gateway


def refused(answer: httpx.Response, *statuses: int) -> bool:
    """Whether an answer is one of these refusals, told in the common shape."""
    body = answer.json()
    assert answer.status_code in statuses, answer.text
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert isinstance(body["error"]["code"], str)
    assert any("\u4e00" <= c <= "\u9fff" for c in body["error"]["message"])
    assert "Traceback" not in answer.text
    return True


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 30000,
        b'{"client_message_id": "a", "text": ' + b"1" * 5000 + b"}",
        b'{"client_message_id": "a"}',
        b'{"text": "x"}',
        b'{"client_message_id": "", "text": "x"}',
        b'{"client_message_id": "a b", "text": "x"}',
        b'{"client_message_id": "a\\u0000", "text": "x"}',
        b'{"client_message_id": "a\\n", "text": "x"}',
        b'{"client_message_id": "' + b"a" * 65 + b'", "text": "x"}',
        b'{"client_message_id": 1, "text": "x"}',
        b'{"client_message_id": "a", "text": 1}',
        b'{"client_message_id": "a", "text": ["x"]}',
        b'{"client_message_id": "a", "text": ""}',
        b'{"client_message_id": "a", "text": "  \\n "}',
        b'{"client_message_id": "a", "text": "\\u0000\\u0007"}',
        b'{"client_message_id": "a", "text": "\\ud800"}',
        b'{"client_message_id": "\\ud800", "text": "x"}',
        b'{"client_message_id": "a", "\\ud800": "x"}',
        b'{"client_message_id": "a", "payload": ""}',
        b'{"client_message_id": "a", "payload": "maybe"}',
        b'{"client_message_id": "a", "payload": "fact:worn=\\u0000"}',
        b'{"client_message_id": "a", "payload": "fact:worn=\\ud800"}',
        b'{"client_message_id": "a", "payload": "intent:/restart"}',
        b'{"client_message_id": "a", "payload": "' + b"a" * 300 + b'"}',
        b'{"client_message_id": "a", "payload": {"x": 1}}',
        json.dumps({"client_message_id": "a", "text": "退" * 10_000}).encode(),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_and_not_kept(gateway: Gateway, body: bytes) -> None:
    shopper = gateway.open()

    assert refused(shopper.send_raw(body), 400, 413, 422)
    assert len(shopper.read().json()["messages"]) == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("😡", "😡"),
        ("a\u0000b", "ab"),
        ("好\ud83d", "好"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("退" * 2000, "退" * 2000),
        ("' OR 1=1; DROP TABLE messages; --", "' OR 1=1; DROP TABLE messages; --"),
    ],
)
def test_an_odd_but_readable_line_is_kept_as_text(gateway: Gateway, text: str, kept: str) -> None:
    shopper = gateway.open()
    body = json.dumps({"client_message_id": "a", "text": text}).encode()

    assert shopper.send_raw(body).status_code == 202
    assert shopper.read(after=1).json()["messages"][0]["text"] == kept


def test_a_body_larger_than_any_line_is_refused_before_it_is_read(gateway: Gateway) -> None:
    shopper = gateway.open()

    assert refused(shopper.send_raw(b" " * 70_000), 413)
    pieces = (b" " * 10_000 for _ in range(100))  # no length claimed
    answer = gateway.client.post(shopper.url, content=pieces, headers=shopper.headers | JSON)
    assert refused(answer, 413)


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "multipart/form-data", "application/xml"]
)
def test_a_body_of_another_kind_is_refused(gateway: Gateway, content_type: str | None) -> None:
    shopper = gateway.open()
    headers = shopper.headers | ({"Content-Type": content_type} if content_type else {})

    answer = gateway.client.post(shopper.url, content=b"client_message_id=a", headers=headers)

    assert refused(answer, 400, 415, 422)


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=",
        "after=1.5",
        "after=9999999999999999999",
        "wait=-1",
        "wait=x",
        "wait=nan",
        "after=%00",
        "after=%FF",
    ],
)
def test_a_question_for_lines_that_makes_no_sense_is_refused(gateway: Gateway, query: str) -> None:
    shopper = gateway.open()
    answer = gateway.client.get(f"{shopper.url}?{query}", headers=shopper.headers)
    assert refused(answer, 422)


@pytest.mark.parametrize("shop", ["nowhere", "", "../x", "\u0000", "店", "a" * 65, 7, [], {"a": 1}])
def test_an_unknown_shop_is_refused(gateway: Gateway, shop: object) -> None:
    assert refused(gateway.client.post(OPEN, json={"shop": shop}), 404, 422)
    body = {"shop": shop, "facts": {}}
    assert refused(gateway.client.post(DECIDE, json=body), 404, 422)


@pytest.mark.parametrize("body", [b'{"shop": "\\ud800"}', b"{", b"", b"[]", b"7"])
def test_an_opening_that_cannot_be_read_is_refused(gateway: Gateway, body: bytes) -> None:
    assert refused(gateway.client.post(OPEN, content=body, headers=JSON), 400, 404, 422)


@pytest.mark.parametrize(
    "conversation", ["nowhere", "%00", "%ff%fe", "%F0%9F%98%A1", "a" * 3000, "' OR 1=1", "..%2F.."]
)
@pytest.mark.parametrize("token", ["x", "\u00ff", "a" * 5000])
def test_a_conversation_that_cannot_be_is_not_found(
    each_gateway: Gateway, conversation: str, token: str
) -> None:
    url = f"{OPEN}/{conversation}/messages"
    headers = {"Authorization": b"Bearer " + token.encode("latin-1")}
    read = each_gateway.client.get(url, headers=headers)
    body = {"client_message_id": "a", "text": "在吗"}
    sent = each_gateway.client.post(url, json=body, headers=headers)

    assert refused(read, 404)
    assert refused(sent, 404)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/nowhere", 404),
        ("GET", "/page/nowhere.js", 404),
        ("GET", "/page/..%2f..%2fsettings.py", 404),
        ("GET", "/api/chat", 404),
        ("DELETE", OPEN, 405),
        ("GET", DECIDE, 405),
        ("PUT", "/", 405),
    ],
)
def test_a_road_that_leads_nowhere_says_so_in_the_one_shape(
    gateway: Gateway, method: str, path: str, status: int
) -> None:
    assert refused(gateway.client.request(method, path), status)


@pytest.mark.parametrize(
    "facts",
    [
        '{"no_such_fact": 1}',
        '{"\\ud800": 1}',
        '{"wants": "\\ud800"}',
        '{"wants": ["refund"]}',
        '{"worn": "maybe"}',
        '{"days_since_purchase": -1}',
        '{"days_since_purchase": 1e400}',
        '{"price_paid": NaN}',
        '{"price_paid": "-1"}',
        '{"price_paid": "1e9999999"}',
        '{"price_paid": ' + "9" * 4000 + "}",
        '{"purchase_date": "2999-01-01"}',
        '{"topic": "a\\u0000b"}',
        '{"wants": {"a": {"b": []}}}',
    ],
)
def test_facts_that_no_rule_knows_are_refused_by_name(gateway: Gateway, facts: str) -> None:
    body = f'{{"shop": "{SHOP}", "facts": {facts}}}'.encode()
    assert refused(gateway.client.post(DECIDE, content=body, headers=JSON), 400, 422)


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31"])
def test_no_day_is_too_early_or_too_late_to_be_asked_about(gateway: Gateway, as_of: str) -> None:
    facts = {"wants": "refund", "days_since_purchase": 100_000, "worn": "no"}
    body = {"shop": SHOP, "facts": facts, "as_of": as_of}
    assert gateway.client.post(DECIDE, json=body).status_code < 500


CHARACTERS = st.characters(exclude_categories=())
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(CHARACTERS, max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
BODIES = st.one_of(
    ANYTHING,
    st.fixed_dictionaries(
        {},
        optional={
            "client_message_id": st.sampled_from(["a", "b"]) | ANYTHING,
            "text": st.text(CHARACTERS) | ANYTHING,
            "payload": st.sampled_from(["yes", "fact:", "intent:"]).flatmap(
                lambda head: st.text(CHARACTERS, max_size=10).map(lambda tail: head + tail)
            ),
            "shop": st.just(SHOP) | ANYTHING,
            "facts": st.dictionaries(
                st.sampled_from(["wants", "worn", "price_paid", "purchase_date"])
                | st.text(CHARACTERS, max_size=5),
                st.sampled_from(["refund", "yes", "unknown", 3, "2026-11-01"]) | ANYTHING,
                max_size=4,
            ),
            "as_of": st.dates().map(str) | ANYTHING,
            "presume": st.booleans() | ANYTHING,
        },
    ),
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=BODIES, raw=st.binary(max_size=60))
def test_no_body_whatever_makes_the_gateway_fail(gateway: Gateway, body: Any, raw: bytes) -> None:
    shopper = _one_shopper(gateway)
    sent = json.dumps(body).encode()
    for content in (sent, raw):
        for url in (shopper.url, OPEN, DECIDE):
            headers = shopper.headers | JSON
            answer = gateway.client.post(url, content=content, headers=headers)
            assert answer.status_code < 300 or refused(answer, 400, 404, 422)


def _one_shopper(gateway: Gateway) -> Any:
    known = getattr(gateway, "shopper", None) or gateway.open()
    gateway.shopper = known  # type: ignore[attr-defined]
    return known
