"""A shop's public profile: what a page or a launcher needs to look like the shop's own."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.gateway import privacy
from bot.gateway.failures import answer
from bot.gateway.web import greeting_of
from bot.messages import Spoken
from bot.shops.service import Shop, Shops, UnknownShop

# Asked from the shop's own site; nothing in it is anybody's secret.
HEADERS = {"Access-Control-Allow-Origin": "*"}


def routes(shops: Shops, spoken: Spoken) -> APIRouter:
    """`/api/chat/shops/{slug}`."""
    router = APIRouter(prefix="/api/chat/shops")

    @router.get("/{slug}")
    async def profile(slug: str) -> JSONResponse:
        try:
            shop = shops.get(slug)
        except UnknownShop as error:
            refusal = answer(error)
            refusal.headers.update(HEADERS)  # the launcher has to be able to read why
            return refusal
        return JSONResponse(
            _profile(shop, spoken), headers={**HEADERS, "Cache-Control": "public, max-age=300"}
        )

    return router


def _profile(shop: Shop, spoken: Spoken) -> Mapping[str, Any]:
    return {
        "slug": shop.slug,
        "name": shop.name,
        "greeting": greeting_of(shop, spoken),
        "mark": shop.theme.mark or shop.name[:1],
        "theme": shop.theme.shades(),
        "privacy": privacy.told(),
    }
