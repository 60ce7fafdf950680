"""Brings one part to WeChat, with one other token when the first no longer holds."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.wechat.account import Account
from bot.channels.wechat.client import Api, NoAnswer, NotReached, Refused
from bot.channels.wechat.codes import Fate, fate
from bot.errors import DeskError, Unavailable
from bot.outbox.outcomes import Ended
from bot.outbox.parcels import Load
from bot.wechat.tokens import Tokens


@dataclass(frozen=True)
class WeChatPost:
    """Sends through the API under the account's token; `photo` reads the file of a photo."""

    api: Api
    tokens: Tokens
    photo: Callable[[str], bytes]

    def send(self, account: Account, load: Load) -> Ended:
        """Make one attempt; at most one more call, when the token was refused."""
        token = self._token(lambda: self.tokens.get(account))
        if isinstance(token, Ended):
            return token
        ended = self._once(account, load, token)
        if ended.fate != Fate.TOKEN:
            return ended
        other = self._token(lambda: self.tokens.renew(account, token))
        # The refusal is the outcome then: nothing was sent, and the next try is put off.
        return ended if isinstance(other, Ended) else self._once(account, load, other)

    def _token(self, get: Callable[[], str]) -> str | Ended:
        """A token, or why nothing can be sent: without one no send has begun."""
        try:
            return get()
        except Refused as error:
            return Ended(Fate.FAULT, error.errcode, str(error.details["errmsg"]))
        except DeskError as error:
            return Ended(Fate.RETRY, None, f"{error.code}: {error.details}")

    def _once(self, account: Account, load: Load, token: str) -> Ended:
        media_id = self._uploaded(load, token)
        if isinstance(media_id, Ended):
            return media_id
        try:
            self._call(account, load, token, media_id)
        except Refused as error:
            return Ended(fate(error.errcode), error.errcode, str(error.details["errmsg"]))
        except NotReached as error:
            return Ended(Fate.RETRY, None, str(error.details))
        except NoAnswer as error:
            return Ended(Fate.UNKNOWN, None, str(error.details))
        return Ended(Fate.SENT, 0)

    def _uploaded(self, load: Load, token: str) -> str | Ended:
        """The media id of a photo, or why there is none: until it is sent nobody has seen it."""
        if load.photo is None:
            return ""
        try:
            return self.api.upload(token, self.photo(load.photo))
        except Refused as error:
            return Ended(fate(error.errcode), error.errcode, str(error.details["errmsg"]))
        except Unavailable as error:
            return Ended(Fate.RETRY, None, f"{error.code}: {error.details}")
        except DeskError as error:
            return Ended(Fate.REFUSED, None, error.message)

    def _call(self, account: Account, load: Load, token: str, media_id: str) -> None:
        if media_id:
            self.api.send_image(token, load.openid, media_id)
        elif load.notice is not None and account.notice is not None:
            self.api.send_notice(token, load.openid, account.notice, load.notice)
        elif load.choices:
            self.api.send_menu(token, load.openid, load.text, load.choices)
        else:
            self.api.send_text(token, load.openid, load.text)
