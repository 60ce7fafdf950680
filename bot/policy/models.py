"""The policy's tables: texts, versions and publications, and the decisions made by them.

All but drafts and the stamp are written once; the database itself refuses a change.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base, one_of
from bot.immutable import keep_content, keep_unchanged


class PublicationKind(StrEnum):
    """How a text came into force."""

    IMPORT = "import"
    PUBLISH = "publish"


class DraftState(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PromiseSort(StrEnum):
    """What a promise is about."""

    DEADLINE = "Deadline"
    RUNG = "Rung"
    APPROVAL = "Approval"
    HAND_OFF = "HandOffRule"
    DEPARTMENT = "Department"


class DecisionRow:
    """A decision record as it was given; `record` is the canonical JSON, byte for byte.

    Facts, `presume`, `profile` and the version are all that it was derived from; `rules` names
    the rules that decided.
    """

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    policy_set: Mapped[str] = mapped_column(String(64), index=True)
    # No foreign key: rules run from files, in tests or before the first import, are kept nowhere.
    version: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date]
    facts: Mapped[dict[str, Any]]
    presume: Mapped[bool] = mapped_column(default=True)
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rules: Mapped[list[Any]] = mapped_column(default=list)
    record: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class StoredDecision(DecisionRow, Base):
    """A decision given in a conversation or a case: kept for ever."""

    __tablename__ = "decisions"


class AskedDecision(DecisionRow, Base):
    """A decision that a program asked for and nothing else rests on: kept while it is asked for."""

    __tablename__ = "asked_decisions"
    __table_args__ = (Index("ix_asked_decisions_last_asked", "last_asked", "created_at"),)

    last_asked: Mapped[date]


class PolicySetRow(Base):
    """A policy set by name; what it says is in its versions."""

    __tablename__ = "policy_sets"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]


class SourceText(Base):
    """One policy file as it was written; `hash` is the SHA-256 of its bytes."""

    __tablename__ = "policy_sources"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Version(Base):
    """A set as compiled, overlays included: `text` is its canonical form, enough to decide by."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("policy_set", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_set: Mapped[str] = mapped_column(ForeignKey("policy_sets.name"))
    version: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class ClauseRow(Base):
    """One clause of a version, in one of its dated forms."""

    __tablename__ = "policy_clauses"

    version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    clause: Mapped[str] = mapped_column(Text, index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    open: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)


class RuleRow(Base):
    """One rule of a version; `place` is its order of reading within the stage's list."""

    __tablename__ = "policy_rules"

    version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(Text, index=True)
    stage: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(32))
    escalate_to: Mapped[str | None] = mapped_column(String(64))
    clauses: Mapped[list[Any]]
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]


class PromiseRow(Base):
    """One promise of a version around its cases, in one of its dated forms; `said` is the
    promise as data, `place` its order of reading."""

    __tablename__ = "policy_promises"
    __table_args__ = (one_of("sort", PromiseSort),)

    version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    sort: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Text, index=True)
    clauses: Mapped[list[Any]]
    borrowed: Mapped[bool]
    said: Mapped[dict[str, Any]]
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]


class Draft(Base):
    """Texts proposed by one person, waiting for another to publish them."""

    __tablename__ = "policy_drafts"
    __table_args__ = (one_of("state", DraftState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    drafted_by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=DraftState.OPEN)
    created_at: Mapped[datetime]


class DraftFile(Base):
    """One text of a draft and the published text that it was written over."""

    __tablename__ = "policy_draft_files"

    draft_id: Mapped[int] = mapped_column(ForeignKey("policy_drafts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("policy_sources.hash"))
    base: Mapped[str | None] = mapped_column(ForeignKey("policy_sources.hash"))


class Publication(Base):
    """Texts put in force from an instant on: who wrote, who else released, and why."""

    __tablename__ = "policy_publications"
    __table_args__ = (
        one_of("kind", PublicationKind),
        CheckConstraint(
            "kind = 'import' OR lower(trim(drafted_by)) <> lower(trim(published_by))",
            name="second_person",
        ),
        CheckConstraint("trim(reason) <> ''", name="reason"),
        UniqueConstraint("draft_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("policy_drafts.id"))
    drafted_by: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    takes_effect_at: Mapped[datetime]
    created_at: Mapped[datetime]


class PublishedFile(Base):
    """One text of a publication."""

    __tablename__ = "policy_publication_files"

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("policy_publications.id"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("policy_sources.hash"))


class SetInForce(Base):
    """From an instant on a set is judged by this version; of equal instants the later row holds."""

    __tablename__ = "policy_in_force"
    __table_args__ = (Index("ix_policy_in_force_set", "policy_set", "takes_effect_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_set: Mapped[str] = mapped_column(ForeignKey("policy_sets.name"))
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    publication_id: Mapped[int] = mapped_column(ForeignKey("policy_publications.id"))
    takes_effect_at: Mapped[datetime]


class Stamp(Base):
    """One row that every publication raises: processes look at it to learn of a change."""

    __tablename__ = "policy_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[int]


for _model in (
    StoredDecision,
    SourceText,
    Version,
    ClauseRow,
    RuleRow,
    PromiseRow,
    Publication,
    PublishedFile,
    SetInForce,
):
    keep_unchanged(cast(Table, _model.__table__))
keep_content(cast(Table, AskedDecision.__table__), "last_asked")
