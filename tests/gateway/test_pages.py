"""The page comes with strict headers; the interface describes itself; health tells the truth."""

from tests.fixtures.gateway import Gateway


def test_the_page_is_served_with_headers_that_keep_a_browser_strict(gateway: Gateway) -> None:
    page = gateway.client.get("/")

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "object-src 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_every_answer_has_the_strict_headers(gateway: Gateway) -> None:
    for path in (
        "/",
        "/page/chat.js",
        "/nowhere",
        "/healthz",
        "/api/chat/conversations/x/messages",
    ):
        answer = gateway.client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff", path


def test_nothing_of_the_page_is_written_into_its_html(gateway: Gateway) -> None:
    html = gateway.client.get("/").text
    for inline in ("<script>", "onclick=", "style=", "javascript:", "http://", "https://"):
        assert inline not in html, inline


def test_the_interface_describes_its_promised_calls(gateway: Gateway) -> None:
    paths = gateway.client.get("/openapi.json").json()["paths"]

    messages = paths["/api/chat/conversations/{conversation_id}/messages"]
    assert set(messages) == {"get", "post"}
    assert "post" in paths["/api/chat/conversations"]
    assert "post" in paths["/api/policy/decide"]


def test_a_living_gateway_says_so(gateway: Gateway) -> None:
    assert gateway.client.get("/healthz").json() == {"status": "ok"}


def test_readiness_names_the_part_that_is_missing(gateway: Gateway) -> None:
    answer = gateway.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"] == {"rasa": True, "actions": False, "database": True}


def test_figures_are_given_in_the_form_that_prometheus_reads(gateway: Gateway) -> None:
    answer = gateway.client.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'desk_part_up{part="database"} 1' in answer.text.splitlines()


def test_a_decision_is_given_in_the_promised_shape(gateway: Gateway) -> None:
    facts = {
        "wants": "refund",
        "problem": "dislike",
        "category": "garment",
        "days_since_purchase": 1,
        "worn": "no",
        "receipt": "yes",
    }
    answer = gateway.client.post(
        "/api/policy/decide", json={"shop": "dept_fashion", "facts": facts}
    )
    record = answer.json()

    assert answer.status_code == 200
    assert list(record) == [
        "status",
        "outcome",
        "remedies",
        "presumed",
        "ask",
        "escalate_to",
        "clauses",
        "reason",
        "next_steps",
        "policy_set",
        "as_of",
        "decision_id",
    ]
    assert (record["status"], record["outcome"]) == ("decided", "refund")
    assert {"fact": "special_price", "value": "no"} in record["presumed"]
    again = gateway.client.post("/api/policy/decide", json={"shop": "dept_fashion", "facts": facts})
    assert again.content == answer.content
