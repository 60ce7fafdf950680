"""Roles and what each may do."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is at the desk; one may be several."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    APPROVER = "approver"
    POLICY_EDITOR = "policy_editor"
    PUBLISHER = "publisher"
    AUDITOR = "auditor"
    ADMIN = "admin"


class May(StrEnum):
    """One thing that not everybody may do."""

    ANSWER = "answer"  # talk with shoppers, work on cases
    SUPERVISE = "supervise"  # transfer, join, take over and end the work of others
    APPROVE = "approve"  # consent to what a set wants approved
    SEE_PERSONAL = "see_personal"  # phone numbers and addresses unmasked
    EDIT_POLICY = "edit_policy"
    PUBLISH_POLICY = "publish_policy"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"
    EXPORT = "export"


ALLOWED: dict[Role, frozenset[May]] = {
    Role.AGENT: frozenset({May.ANSWER, May.SEE_PERSONAL}),
    Role.SUPERVISOR: frozenset({May.ANSWER, May.SUPERVISE, May.SEE_PERSONAL, May.EXPORT}),
    Role.APPROVER: frozenset({May.APPROVE}),
    Role.POLICY_EDITOR: frozenset({May.EDIT_POLICY}),
    Role.PUBLISHER: frozenset({May.PUBLISH_POLICY}),
    Role.AUDITOR: frozenset({May.READ_AUDIT}),
    Role.ADMIN: frozenset({May.MANAGE_USERS, May.READ_AUDIT, May.EXPORT}),
}

CALLED = {
    Role.AGENT: "客服",
    Role.SUPERVISOR: "主管",
    Role.APPROVER: "审批人",
    Role.POLICY_EDITOR: "规则编辑",
    Role.PUBLISHER: "规则发布",
    Role.AUDITOR: "审计",
    Role.ADMIN: "管理员",
}


def allowed(roles: Iterable[Role]) -> frozenset[May]:
    """All that these roles together may do."""
    return frozenset(may for role in roles for may in ALLOWED[role])
