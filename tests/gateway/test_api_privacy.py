"""The privacy page, where it is pointed to, and the note of who went on."""

from bot.privacy.service import VERSION
from tests.fixtures.gateway import Gateway


def test_the_page_is_there_and_profiles_point_to_it(gateway: Gateway) -> None:
    told = gateway.client.get("/api/chat/shops/dept_fashion").json()["privacy"]
    page = gateway.client.get(told["url"])

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "隐私说明" in page.text
    assert told["version"] == VERSION
    assert told["line"]


def test_going_on_is_noted_once(gateway: Gateway) -> None:
    shopper = gateway.open()
    url = f"/api/chat/conversations/{shopper.id}/consent"
    for _ in range(2):
        answer = gateway.client.post(url, json={"version": VERSION}, headers=shopper.headers)
        assert answer.status_code == 204


def test_only_the_shopper_can_go_on_and_only_with_the_page_of_today(gateway: Gateway) -> None:
    shopper = gateway.open()
    url = f"/api/chat/conversations/{shopper.id}/consent"

    assert gateway.client.post(url, json={"version": VERSION}).status_code == 401
    for version in ("2020-01", "x", "", "9" * 40):
        answer = gateway.client.post(url, json={"version": version}, headers=shopper.headers)
        assert answer.status_code == 422
