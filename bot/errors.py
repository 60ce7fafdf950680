"""The one root of expected failures, each with a code, a line for people and an HTTP status."""

from collections.abc import Mapping


class DeskError(Exception):
    """An expected failure.

    `code` is stable and machine-readable, `message` is Chinese for the person who meets it,
    `details` holds JSON values. `permanent` says that trying again cannot help.
    """

    code = "internal"
    status = 503
    permanent = False
    message = "系统暂时没有反应过来，请稍后再试。"

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.message = message or type(self).message
        self.details = details
        super().__init__(self.message)

    def body(self) -> Mapping[str, object]:
        """The error as every HTTP answer carries it."""
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}


class BadInput(DeskError):
    """What was sent cannot be used; sending it again will not help."""

    code = "bad_input"
    status = 422
    permanent = True
    message = "发来的内容格式不对，请检查后再试。"


class NotAllowed(DeskError):
    """The caller's token or key does not open this."""

    code = "not_allowed"
    status = 401
    permanent = True
    message = "这个会话已失效，请刷新页面重新开始。"


class NotFound(DeskError):
    """There is no such thing, or it is somebody else's."""

    code = "not_found"
    status = 404
    permanent = True
    message = "没有找到对应的内容。"


class Conflict(DeskError):
    """The thing is no longer in the state that the caller assumed."""

    code = "conflict"
    status = 409
    permanent = True
    message = "情况刚刚有变化，请刷新后再试。"


class TooMany(DeskError):
    """The caller is faster than anyone types; `retry_after` seconds are in the details."""

    code = "too_many"
    status = 429
    message = "消息发得有点快，请稍等几秒再发。"


class Unavailable(DeskError):
    """Something that this needs does not answer at the moment."""

    code = "unavailable"
    status = 503
    message = "服务暂时连不上，请稍后再试。"
