"""A shopper rates the service once per episode, and nobody else rates for them."""

from typing import Any

import pytest

from tests.fixtures.gateway import Gateway, Shopper


def _rate(shopper: Shopper, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return shopper.client.post(
        shopper.url.replace("/messages", "/rating"),
        json=body,
        headers=shopper.headers if headers is None else headers,
    )


def test_a_rating_is_kept_once(gateway: Gateway) -> None:
    shopper = gateway.open()

    first = _rate(shopper, score=4, comment="挺快")
    assert (first.status_code, first.json()["score"]) == (201, 4)
    second = _rate(shopper, score=1)
    assert (second.status_code, second.json()["error"]["code"]) == (409, "rated_already")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"score": 0},
        {"score": 6},
        {"score": "5"},
        {"score": 4.5},
        {"score": True},
        {"score": None},
        {"score": 5, "comment": "x" * 1001},
        {"score": 5, "comment": ["x"]},
    ],
)
def test_what_is_no_rating_is_refused(gateway: Gateway, body: dict[str, Any]) -> None:
    assert _rate(gateway.open(), **body).status_code == 422


def test_a_nul_in_the_comment_harms_nothing(gateway: Gateway) -> None:
    assert _rate(gateway.open(), score=5, comment="好\x00评").json()["comment"] == "好评"


def test_only_the_shopper_rates(gateway: Gateway) -> None:
    shopper, other = gateway.open(), gateway.open()

    assert _rate(shopper, headers={}, score=5).status_code == 401
    assert _rate(shopper, headers=other.headers, score=5).status_code == 401
