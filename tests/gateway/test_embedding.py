"""Who may show the page in a frame, and what a launcher may know of a shop."""

import pytest

from bot.gateway.pages import strict_headers
from tests.fixtures.desk import SHOP
from tests.fixtures.gateway import Gateway


def ancestors(origins: str) -> str:
    policy = strict_headers(origins)["Content-Security-Policy"]
    return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ("", "'self'"),
        ("'self'", "'self'"),
        ("'none'", "'none'"),
        ("https://shop.example", "'self' https://shop.example"),
        (
            "https://*.shop.example, http://localhost:8080",
            "'self' https://*.shop.example http://localhost:8080",
        ),
    ],
)
def test_named_sites_and_ourselves_may_show_the_page(origins: str, expected: str) -> None:
    assert ancestors(origins) == f"frame-ancestors {expected}"


@pytest.mark.parametrize(
    "origins",
    ["shop.example", "https://a/path", "*", "https://a;script-src *", "data:", "https://a\nX: y"],
)
def test_what_is_no_origin_is_refused_at_the_start(origins: str) -> None:
    with pytest.raises(ValueError, match="EMBED_ORIGINS"):
        strict_headers(origins)


def test_a_shops_profile_is_public_and_holds_no_more_than_its_looks(gateway: Gateway) -> None:
    answer = gateway.client.get(f"/api/chat/shops/{SHOP}")
    profile = answer.json()

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert set(profile) == {"slug", "name", "greeting", "mark", "theme", "privacy"}
    assert (profile["name"], profile["mark"]) == ("云锦时尚百货", "云")
    assert profile["name"] in profile["greeting"]
    for shades in profile["theme"].values():
        assert set(shades) == {"accent", "on_accent", "accent_text", "accent_wash"}


def test_an_unknown_shop_has_no_profile(gateway: Gateway) -> None:
    answer = gateway.client.get("/api/chat/shops/no-such")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "unknown_shop"
    assert answer.headers["access-control-allow-origin"] == "*"  # so that the launcher hears it


def test_the_launcher_may_be_loaded_by_sites_that_isolate_themselves(gateway: Gateway) -> None:
    answer = gateway.client.get("/page/embed.js")

    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "javascript" in answer.headers["content-type"]
