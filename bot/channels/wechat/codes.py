"""What WeChat's error codes mean for a message that is to be sent."""

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a send. UNKNOWN: it was begun and nobody can say whether it arrived."""

    SENT = "sent"
    UNKNOWN = "unknown"
    RETRY = "retry"  # the platform is busy or was not reached
    TOKEN = "token"  # noqa: S105  # the access token no longer holds
    SPENT = "spent"  # no send left until the shopper writes
    CLOSED = "closed"  # 48 hours are over, or the shopper left
    SPLIT = "split"  # too long
    PARK = "park"  # the account may not send any more today
    BARRED = "barred"  # the account has no right to customer-service messages
    FAULT = "fault"  # the account is set up wrongly: an alert, then tried again
    UNREACHABLE = "unreachable"  # there is no such follower
    REFUSED = "refused"  # this message will never pass


_FATES = {
    0: Fate.SENT,
    -1: Fate.RETRY,
    40001: Fate.TOKEN,
    40014: Fate.TOKEN,
    42001: Fate.TOKEN,
    40003: Fate.UNREACHABLE,
    43004: Fate.UNREACHABLE,
    45002: Fate.SPLIT,
    45009: Fate.PARK,
    45011: Fate.RETRY,
    45015: Fate.CLOSED,
    45047: Fate.SPENT,
    48001: Fate.BARRED,
    # Set up wrongly: AppID, secret, address not on the account's list.
    40013: Fate.FAULT,
    40125: Fate.FAULT,
    40164: Fate.FAULT,
    41002: Fate.FAULT,
    41004: Fate.FAULT,
    50002: Fate.FAULT,
    61004: Fate.FAULT,
    89503: Fate.FAULT,
}


def fate(code: int) -> Fate:
    """What an `errcode` means; an unknown one is final, for nothing says that it would pass."""
    return _FATES.get(code, Fate.REFUSED)
