"""Puts a draft in force: by another person than wrote it, with a reason, from an instant on."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.errors import BadInput, Conflict
from bot.policy.lint import checks
from bot.policy.lint.finding import Finding
from bot.policy.models import Draft, DraftState, Publication, PublicationKind
from bot.policy.publishing import drafts, release, repository
from bot.policy.publishing.release import Plan, Step
from bot.policy.publishing.texts import compiled

MAX_REASON = 500


class SamePerson(Conflict):
    """Who wrote a draft cannot be the one who publishes it."""

    code = "same_person"
    message = "起草的人不能自己发布，请另一位同事来发布。"


class FailsLint(BadInput):
    """The rules contradict themselves or the law; `findings` says where."""

    code = "fails_lint"
    message = "规则检查没有通过，改好后再发布。"


@dataclass(frozen=True)
class Published:
    """A publication that is written: its number and the sets it changes, by version."""

    id: int
    takes_effect_at: datetime
    sets: dict[str, str]


@dataclass(frozen=True)
class Wish:
    """Who publishes, why, and from when on (None: at once)."""

    by: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True)
class Ready:
    """A draft that was checked and may be put in force."""

    draft_id: int
    publication: Publication
    plan: Plan


def prepare(session: Session, draft_id: int, wish: Wish, now: datetime, zone: ZoneInfo) -> Ready:
    """Check a draft before it is put in force; nothing is written, so nothing is locked.

    Raises NoSuchDraft, DraftClosed, SamePerson, FailsLint, BadInput, BadPolicy, and Conflict
    when a text it was written over is no longer the published one.
    """
    draft, files = drafts.open_draft(session, draft_id)
    publication = _publication(draft, wish, now)
    planned = drafts.as_published(session, files, publication.takes_effect_at)
    _refuse_overtaken(planned, now)
    _refuse_findings(session, planned, now, zone)
    return Ready(draft.id, publication, planned)


def finish(session: Session, ready: Ready, now: datetime) -> Published:
    """Put it in force. Raises DraftClosed, Conflict when anything was published meanwhile."""
    if not repository.close_draft(session, ready.draft_id, DraftState.PUBLISHED):
        raise drafts.DraftClosed(draft=ready.draft_id)
    before = {turn.id for turn in repository.turns(session)}
    release.put_in_force(session, ready.plan, [ready.publication], now)
    names = repository.version_names(session)
    changed = {
        turn.policy_set: names[turn.version_id]
        for turn in repository.turns(session)
        if turn.id not in before
    }
    return Published(ready.publication.id, ready.publication.takes_effect_at, changed)


def _publication(draft: Draft, wish: Wish, now: datetime) -> Publication:
    who, reason = drafts.person(wish.by), wish.reason.strip()
    if who.casefold() == draft.drafted_by.casefold():
        raise SamePerson(drafted_by=draft.drafted_by)
    if not reason or len(reason) > MAX_REASON:
        raise BadInput("请写明为什么发布(--reason)，500 个字以内。")
    return Publication(
        kind=PublicationKind.PUBLISH,
        draft_id=draft.id,
        drafted_by=draft.drafted_by,
        published_by=who,
        reason=reason,
        takes_effect_at=wish.at or now,
        created_at=now,
    )


def _refuse_overtaken(planned: Plan, now: datetime) -> None:
    # A text that starts before the one in force would be over the moment it is published.
    (change,) = planned.changes
    in_force = planned.shelf.at(now)
    for name in change.sources:
        present = in_force.get(name)
        if present is not None and change.at < present.at:
            raise BadInput(
                "现行的规则比这个时间更晚生效，请用它的生效时间(整段替换)或更晚的时间。",
                name=name,
                in_force_since=present.at.isoformat(),
            )


def _refuse_findings(session: Session, planned: Plan, now: datetime, zone: ZoneInfo) -> None:
    day = now.astimezone(zone).date()
    wrong = [
        finding
        for step in planned.steps
        for finding in _errors(planned, step, max(day, step.at.astimezone(zone).date()))
    ]
    if wrong:
        known = _known_errors(session, planned, now, day)
        fresh = [finding.record() for finding in wrong if finding.key not in known]
        if fresh:
            raise FailsLint(findings=fresh)


def _errors(planned: Plan, step: Step, day: date) -> list[Finding]:
    (change,) = planned.changes
    names = set(step.policies.sets)
    touched = names & set(change.sources) or names
    return [
        finding
        for name in sorted(touched)
        for finding in checks.errors(step.policies.sets[name].source, step.texts, day)
    ]


def _known_errors(
    session: Session, planned: Plan, now: datetime, day: date
) -> set[tuple[str, ...]]:
    """What is wrong already must not stop the publication that might put it right."""
    in_force = planned.shelf.at(now)
    texts = repository.source_texts(session, (each.source for each in in_force.values()))
    present = {name: texts[each.source] for name, each in in_force.items()}
    return {
        finding.key
        for each in compiled(present).sets.values()
        for finding in checks.errors(each.source, present, day)
    }
