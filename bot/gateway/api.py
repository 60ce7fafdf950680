"""`/api/v1/tickets`: cases for the shop's own systems, opened by an API key.

A change names the version that it was thought out for (`If-Match` or `expected_state`), so that
two systems never undo one another unseen. Phone numbers are masked here as everywhere.
"""

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.accounts import keys
from bot.accounts.models import ApiKey
from bot.clock import Clock
from bot.db import Database
from bot.errors import BadInput, Conflict, DeskError, NotAllowed, NotFound
from bot.gateway.limits import RateLimit
from bot.tickets import repository, repository_listing
from bot.tickets.models import FAR, Ticket
from bot.tickets.office import Actor
from bot.tickets.service import Tickets
from bot.tickets.states import Event, TicketState
from bot.tickets.views import masked

log = logging.getLogger(__name__)

PAGE, LARGEST_PAGE = 50, 200
_NO = re.compile(r"[0-9]{11,16}")
_TAG = re.compile(r'(?:W/)?"([0-9a-f]{16})"')
Answer = TypeVar("Answer")
Bearer = Annotated[str | None, Header(alias="Authorization")]


class WrongKey(NotAllowed):
    """No key, or one that opens nothing."""

    code = "wrong_key"
    message = "密钥不对或者已经停用。"


class ReadOnlyKey(DeskError):
    """The key may look but not change."""

    code = "read_only_key"
    status = 403
    permanent = True
    message = "这个密钥只能查看，不能修改工单。"


class VersionNeeded(BadInput):
    """A change without the version that it was thought out for."""

    code = "version_needed"
    status = 428
    message = "修改时请带上 If-Match 或 expected_state。"


class Changed(Conflict):
    """The case has changed since it was read."""

    code = "changed"
    status = 412
    message = "工单刚刚变了，请重新读取后再改。"


class Change(BaseModel):
    """What to do with a case: move it, give it to somebody, or both."""

    model_config = ConfigDict(extra="forbid")

    event: Event | None = None
    why: str = Field(default="", max_length=500)
    responsible: str | None = Field(default=None, min_length=1, max_length=64)
    department: str | None = Field(default=None, min_length=1, max_length=64)
    expected_state: TicketState | None = None


@dataclass(frozen=True)
class Api:
    """What the routes work with; `told` wakes those who tell of changes."""

    db: Database
    tickets: Tickets
    clock: Clock
    rate: RateLimit
    told: Callable[[], None]


def routes(api: Api) -> APIRouter:
    """List, read and change."""
    router = APIRouter(prefix="/api/v1", tags=["tickets"])

    @router.get("/tickets")
    async def listed(
        request: Request,
        authorization: Bearer = None,
        shop: Annotated[str | None, Query(max_length=64)] = None,
        state: TicketState | None = None,
        cursor: Annotated[str | None, Query(max_length=32)] = None,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    ) -> Mapping[str, Any]:
        await _check_rate(api, request, authorization)
        if cursor is not None and not _NO.fullmatch(cursor):
            raise BadInput("cursor 不对，请用上一页给的。", cursor=cursor)

        def page(session: Session, key: ApiKey) -> Mapping[str, Any]:
            shops = _shops(key, shop)
            found = repository_listing.page(session, shops, state, cursor, limit + 1)
            more = found[limit - 1].no if len(found) > limit else None
            return {"tickets": [_shown(api, one) for one in found[:limit]], "next_cursor": more}

        return await asyncio.to_thread(_opened, api, api.db.read, authorization, page)

    @router.get("/tickets/{no}")
    async def one(
        no: str, request: Request, response: Response, authorization: Bearer = None
    ) -> Mapping[str, Any]:
        await _check_rate(api, request, authorization)

        def read(session: Session, key: ApiKey) -> Mapping[str, Any]:
            return _full(api, session, _ticket(session, key, no))

        told = await asyncio.to_thread(_opened, api, api.db.read, authorization, read)
        response.headers["ETag"] = f'"{told["version"]}"'
        return told

    @router.patch("/tickets/{no}")
    async def changed(
        no: str,
        change: Change,
        request: Request,
        response: Response,
        authorization: Bearer = None,
        if_match: Annotated[str | None, Header(max_length=200)] = None,
    ) -> Mapping[str, Any]:
        await _check_rate(api, request, authorization)

        def write(session: Session, key: ApiKey) -> tuple[Mapping[str, Any], bool]:
            return _change(api, session, key, no, change, if_match)

        told, moved = await asyncio.to_thread(_opened, api, api.db.write, authorization, write)
        api.told()
        response.status_code = 200 if moved else 202
        response.headers["ETag"] = f'"{told["version"]}"'
        return told

    return router


async def _check_rate(api: Api, request: Request, authorization: str | None) -> None:
    """Count by key, or by address where there is none: guessing is slow either way."""
    caller = hashlib.sha256((authorization or "").encode()).hexdigest()
    await api.rate.admit(request.client.host if request.client else "")
    await api.rate.admit(caller)


def _opened(
    api: Api,
    transaction: Callable[[], AbstractContextManager[Session]],
    authorization: str | None,
    act: Callable[[Session, ApiKey], Answer],
) -> Answer:
    """One transaction, opened by the key. A reading one waits for nobody who writes."""
    scheme, _, plain = (authorization or "").partition(" ")
    with transaction() as session:
        key = keys.known(session, plain.strip())
        if key is None or scheme.lower() != "bearer":
            raise WrongKey
        answer = act(session, key)
    if keys.is_to_be_noted(key, api.clock.now()):
        _note_use(api, key)
    return answer


def _note_use(api: Api, key: ApiKey) -> None:
    """Note a key's use; the answer that it was used for stands whether this succeeds or not."""
    try:
        with api.db.write() as session:
            keys.used(session, key.id, api.clock.now())
    except SQLAlchemyError:
        log.warning("the use of the key %s could not be noted", key.name, exc_info=True)


def _shops(key: ApiKey, shop: str | None) -> list[str] | None:
    """The shops to show; None is every one. Another's shop is as if there were none."""
    if shop is None:
        return list(key.shops) or None
    return [shop] if not key.shops or shop in key.shops else []


def _ticket(session: Session, key: ApiKey, no: str) -> Ticket:
    found = repository.by_no(session, no) if _NO.fullmatch(no) else None
    if found is None or (key.shops and found.shop not in key.shops):
        raise NotFound("没有这张工单。", no=no[:32])
    return found


def _change(
    api: Api, session: Session, key: ApiKey, no: str, change: Change, if_match: str | None
) -> tuple[Mapping[str, Any], bool]:
    if not key.may_write:
        raise ReadOnlyKey
    found = _ticket(session, key, no)
    ticket = repository.lock(session, found.id) or found
    _check_version(api, ticket, change, if_match)
    by, moved = Actor.agent(f"api:{key.name}"[:64]), True
    if change.responsible or change.department:
        api.tickets.assign(
            session,
            ticket,
            by,
            responsible=change.responsible,
            department=change.department,
            why=change.why,
        )
    if change.event is not None:
        moved = api.tickets.advance(session, ticket, change.event, by, change.why).moved
    return _full(api, session, ticket), moved


def _check_version(api: Api, ticket: Ticket, change: Change, if_match: str | None) -> None:
    if if_match is None and change.expected_state is None:
        raise VersionNeeded
    now = {"state": ticket.state, "version": _version(api, ticket)}
    if change.expected_state is not None and change.expected_state != ticket.state:
        raise Changed(**now)
    if (
        if_match is not None
        and if_match.strip() != "*"
        and now["version"] not in _TAG.findall(if_match)
    ):
        raise Changed(**now)


def _shown(api: Api, ticket: Ticket) -> dict[str, Any]:
    due = None if ticket.act_by == FAR else _iso(api, ticket.act_by)
    return {
        "no": ticket.no,
        "kind": ticket.kind,
        "complaint": ticket.complaint,
        "state": ticket.state,
        "shop": ticket.shop,
        "origin": ticket.origin,
        "department": ticket.department,
        "responsible": ticket.responsible,
        "priority": ticket.priority,
        "reopened": ticket.reopened,
        "previous_no": ticket.previous_no,
        "phone": masked(ticket.phone),
        "resolution": ticket.resolution,
        "act_by": due,
        "created_at": _iso(api, ticket.created_at),
        "finished_at": _iso(api, ticket.finished_at),
        "version": _version(api, ticket),
    }


def _full(api: Api, session: Session, ticket: Ticket) -> dict[str, Any]:
    history = [
        {"at": _iso(api, one.at), "what": one.what, "from": one.from_state, "to": one.to_state}
        for one in api.tickets.history(session, ticket)
    ]
    possible = [event.value for event in api.tickets.possible(ticket)]
    return {**_shown(api, ticket), "possible": possible, "history": history}


def _version(api: Api, ticket: Ticket) -> str:
    """Changes whenever somebody could think differently of the case."""
    told = (
        ticket.moves,
        ticket.state,
        ticket.responsible,
        ticket.department,
        ticket.priority,
        ticket.kind,
        ticket.facts,
    )
    seen = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def _iso(api: Api, at: datetime | None) -> str | None:
    return at.astimezone(api.clock.zone).isoformat() if at else None
