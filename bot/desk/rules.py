"""A shop's rules, as the pages of editors and publishers call them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.accounts import service as accounts
from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.clock import Clock
from bot.db import Database
from bot.desk import words
from bot.errors import BadInput
from bot.policy.lint import checks
from bot.policy.publishing import drafts, publish, repository
from bot.policy.publishing.shelf import Shelf
from bot.policy.publishing.texts import Named
from bot.policy.replay import service as replay
from bot.policy.service import PolicyService

Row = dict[str, Any]
STATES = {"open": "待发布", "published": "已发布", "withdrawn": "已撤回"}
OTHERS = {"facts": "规则用的词", "phrases": "措辞", "statutory": "法定条款"}
IMPORTED = {"import": "文件导入"}
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
SOURCES = {"document": "店里的规定", "law": "法律", "choice": "我们的约定", "standard": "标准"}


@dataclass(frozen=True)
class Checked:
    """What was found in a draft: trouble, and what it would change."""

    findings: Sequence[Row]
    decisions: int
    changed: Sequence[Row]


@dataclass(frozen=True)
class RuleBook:
    """Sets, clauses, drafts and publications."""

    db: Database
    clock: Clock
    policy: PolicyService
    open_cases: replay.OpenCases

    def sets(self) -> list[Row]:
        """Every set in force."""
        return [
            {
                "name": name,
                "title": each.source.title,
                "version": each.source.version,
                "clauses": len(each.source.clauses),
                "rules": len(each.source.rules),
                "open": sum(clause.open for clause in each.source.clauses),
            }
            for name, each in sorted(self.policy.sets.items())
        ]

    def clauses(self, name: str) -> list[Row]:
        """The clauses of a set, open points first. Raises NoSuchPolicy."""
        found = self.policy.policy(name).source.clauses
        return [
            {
                "id": clause.id,
                "title": clause.title,
                "text": clause.text,
                "source": SOURCES.get(clause.source, clause.source),
                "version": clause.version,
                "from": clause.effective_from.isoformat(),
                "to": clause.effective_to.isoformat() if clause.effective_to else "—",
                "open": "待定" if clause.open else "",
                "note": clause.note,
            }
            for clause in sorted(found, key=lambda clause: (not clause.open, clause.id))
        ]

    def text(self, name: str) -> str:
        """The published text of a set, or an empty one before the first import."""
        with self.db.read() as session:
            if not repository.is_there(session):
                return ""
            head = Shelf.seen(session).heads().get(name)
            return repository.source_texts(session, [head.source])[head.source] if head else ""

    def drafts(self) -> list[Row]:
        """Every draft, newest first."""
        with self.db.read() as session:
            found = list(repository.drafts(session)) if repository.is_there(session) else []
        listed: dict[int, Row] = {}
        for draft, name in found:
            entry = listed.setdefault(
                draft.id,
                {
                    "id": draft.id,
                    "names": "",
                    "by": draft.drafted_by,
                    "note": draft.note,
                    "state": STATES.get(draft.state, draft.state),
                    "open": draft.state == "open",
                    "at": words.when(draft.created_at, self.clock.zone, self.clock.now()),
                },
            )
            entry["names"] = "、".join(filter(None, (entry["names"], name)))
        return sorted(listed.values(), key=lambda each: -int(each["id"]))

    def publications(self) -> list[Row]:
        """Every publication, newest first."""
        with self.db.read() as session:
            found = repository.publications(session) if repository.is_there(session) else []
        listed: dict[int, Row] = {}
        for each, name, _ in found:
            entry = listed.setdefault(
                each.id,
                {
                    "id": each.id,
                    "names": "",
                    "who": " → ".join(
                        IMPORTED.get(one, one) for one in (each.drafted_by, each.published_by)
                    ),
                    "reason": each.reason,
                    "at": self._since(each.takes_effect_at),
                },
            )
            entry["names"] = "、".join(filter(None, (entry["names"], self._title(name))))
        return sorted(listed.values(), key=lambda each: -int(each["id"]))

    def draft(self, who: Identity, name: str, text: str, note: str) -> int:
        """Keep a changed text as a draft; its number."""
        who.need(May.EDIT_POLICY)
        file, now = Named(name, text, Path(f"{name}.yml")), self.clock.now()
        with self.db.write() as session:
            made = drafts.keep(session, {name: file}, who.login, note, now)
            accounts.note(session, who.login, "rules_drafted", name, now, draft=made.id)
            return made.id

    def check(self, who: Identity, draft_id: int) -> Checked:
        """Lint a draft and replay what was decided by it; nothing is written."""
        if not who.may(May.EDIT_POLICY):
            who.need(May.PUBLISH_POLICY)
        with self.db.read() as session:
            _, files = drafts.open_draft(session, draft_id)
            step = drafts.as_published(session, files).steps[-1]
            names = {file.name for file in files} & set(step.policies.sets) or set(
                step.policies.sets
            )
            found = [
                {"level": "不通过", "about": "、".join(each.subjects), "what": each.message}
                for name in sorted(names)
                for each in checks.errors(
                    step.policies.sets[name].source, step.texts, self.clock.today()
                )
            ]
            sets = {name: step.policies.sets[name] for name in names}
            again = replay.replay(session, replace(step.policies, sets=sets), self.open_cases)
        changed = [
            {
                "rule": f"{flip.before} → {flip.after}",
                "outcome": f"{_outcome(flip.outcome)} → {_outcome(flip.would_be)}",
                "count": flip.count,
                "money": f"{flip.money:+} 元" if flip.money else "—",
            }
            for flip in again.flips.values()
        ]
        return Checked(found, again.decisions, changed)

    def publish(self, who: Identity, draft_id: int, reason: str) -> int:
        """Put a draft in force at once; the publication's number. Raises SamePerson, FailsLint."""
        who.need(May.PUBLISH_POLICY)
        if not reason.strip():
            raise BadInput("请写明为什么发布。")
        wish, now = publish.Wish(who.login, reason), self.clock.now()
        with self.db.read() as session:
            ready = publish.prepare(session, draft_id, wish, now, self.clock.zone)
        with self.db.write() as session:
            done = publish.finish(session, ready, now)
            accounts.note(
                session, who.login, "rules_published", f"draft {draft_id}", now, reason=reason
            )
            return done.id

    def withdraw(self, who: Identity, draft_id: int) -> None:
        """Take a draft back."""
        who.need(May.EDIT_POLICY)
        with self.db.write() as session:
            drafts.withdraw(session, draft_id)

    def _title(self, name: str) -> str:
        found = self.policy.sets.get(name)
        return found.source.title if found else OTHERS.get(name, name)

    def _since(self, at: datetime) -> str:
        """When rules take effect; the first ones always were."""
        local = at.astimezone(self.clock.zone)
        return f"{local:%Y-%m-%d %H:%M}" if at > BEGINNING else "一开始"


def _outcome(name: str) -> str:
    return words.OUTCOMES.get(name, name)
