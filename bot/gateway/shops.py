"""A shop's public profile: what a page or a launcher needs to look like the shop's own."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from bot.gateway.web import greeting_of
from bot.messages import Spoken
from bot.shops.service import Shops


def routes(shops: Shops, spoken: Spoken) -> APIRouter:
    """`/api/chat/shops/{slug}`."""
    router = APIRouter(prefix="/api/chat/shops")

    @router.get("/{slug}")
    async def profile(slug: str, response: Response) -> Mapping[str, Any]:
        # Asked from the shop's own site; nothing in it is anybody's secret.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "public, max-age=300"
        shop = shops.get(slug)
        return {
            "slug": shop.slug,
            "name": shop.name,
            "greeting": greeting_of(shop, spoken),
            "mark": shop.theme.mark or shop.name[:1],
            "theme": shop.theme.shades(),
        }

    return router
