"""Drafts: texts one person proposes, checked at once, in force only when another releases them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.errors import BadInput, Conflict, NotFound
from bot.policy.models import Draft, DraftFile, DraftState
from bot.policy.publishing import differences, release, repository
from bot.policy.publishing.release import Plan
from bot.policy.publishing.shelf import ALWAYS, Change, Shelf
from bot.policy.publishing.texts import Named, compiled, from_file
from bot.policy.store import Policies

MAX_NAME = 64


class NoSuchDraft(NotFound):
    """No draft has that number."""

    code = "no_such_draft"
    message = "没有这份草稿。"


class DraftClosed(Conflict):
    """The draft was published or withdrawn before."""

    code = "draft_closed"
    message = "这份草稿已经发布或撤回，请重新起草。"


class NothingChanged(BadInput):
    """The draft says what is published already."""

    code = "nothing_changed"
    message = "内容和现行的一样，不用起草。"


@dataclass(frozen=True)
class Drafted:
    """A kept draft: what its sets say now, and how that differs from what is published."""

    id: int
    sources: Mapping[str, str]
    policies: Policies
    diffs: Mapping[str, Sequence[str]]


def draft(session: Session, paths: Sequence[Path], by: str, note: str, now: datetime) -> Drafted:
    """Keep files as a draft. Raises BadPolicy for what cannot be used, NothingChanged."""
    files = {named.name: named for named in map(from_file, paths)}
    return keep(session, files, by, note, now)


def former(session: Session, name: str, by: str, now: datetime) -> Drafted:
    """Draft the text that was published under a name before the present one."""
    found = Shelf.seen(session).former(name)
    if found is None:
        raise NotFound("没有更早的版本可以恢复。", name=name[:60])
    text = repository.source_texts(session, [found.source])[found.source]
    file = Named(name, text, Path(f"{name}.yml"))
    return keep(session, {name: file}, by, f"恢复发布 {found.publication} 的内容", now)


def keep(
    session: Session, files: Mapping[str, Named], by: str, note: str, now: datetime
) -> Drafted:
    """Keep texts as a draft over what is published."""
    who = person(by)
    heads = Shelf.seen(session).heads()
    if not heads:
        raise Conflict("库里还没有规则，请先运行 policy import。")
    known = repository.source_texts(session, (each.source for each in heads.values()))
    texts = {name: known[each.source] for name, each in heads.items()}
    changed = {name: file for name, file in files.items() if file.text != texts.get(name)}
    if not changed:
        raise NothingChanged(names=sorted(files))
    diffs = {
        name: differences.of_lines(name, texts.get(name), file.text)
        for name, file in changed.items()
    }
    texts |= {name: file.text for name, file in changed.items()}
    policies = compiled(texts, {name: file.path for name, file in changed.items()})
    kept = Draft(drafted_by=who, note=note, created_at=now)
    session.add(kept)
    for file in changed.values():
        repository.keep_text(session, file.hash, file.text, now)
    session.flush()
    for name, file in sorted(changed.items()):
        base = heads[name].source if name in heads else None
        session.add(DraftFile(draft_id=kept.id, name=name, source=file.hash, base=base))
    session.flush()
    return Drafted(kept.id, {name: file.hash for name, file in changed.items()}, policies, diffs)


def open_draft(session: Session, draft_id: int) -> tuple[Draft, list[DraftFile]]:
    """A draft that can still be published. Raises NoSuchDraft, DraftClosed."""
    found = repository.draft(session, draft_id)
    if found is None:
        raise NoSuchDraft(draft=draft_id)
    if found[0].state != DraftState.OPEN:
        raise DraftClosed(draft=draft_id, state=found[0].state)
    return found


def as_published(session: Session, files: Sequence[DraftFile], at: datetime | None = None) -> Plan:
    """What publishing a draft from an instant on would bring about.

    Raises Conflict when a text it was written over is no longer the published one, BadPolicy
    when it no longer goes together with the others.
    """
    shelf = Shelf.seen(session)
    heads = shelf.heads()
    for file in files:
        head = heads[file.name].source if file.name in heads else None
        if head != file.base:
            raise Conflict("起草以后这份规则又发布过新的，请照新的重新起草。", name=file.name)
    latest = max((each.at for each in shelf.placed), default=ALWAYS)
    change = Change(at or latest, {file.name: file.source for file in files})
    texts = repository.source_texts(session, change.sources.values())
    return release.plan(session, shelf, [change], texts)


def withdraw(session: Session, draft_id: int) -> None:
    """Take a draft back. Raises NoSuchDraft, DraftClosed."""
    open_draft(session, draft_id)
    if not repository.close_draft(session, draft_id, DraftState.WITHDRAWN):
        raise DraftClosed(draft=draft_id)


def person(name: str) -> str:
    """A name as it is kept: it cannot be empty, and spaces around it are none of it."""
    told = " ".join(name.split())
    if not told or len(told) > MAX_NAME:
        raise BadInput("请写明是谁(--by)，64 个字以内。")
    return told
