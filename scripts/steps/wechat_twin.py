"""A twin of the WeChat platform beside the product, with a phone to try it by hand."""

import os
import secrets
import subprocess
from collections.abc import Mapping

from scripts.steps.places import APP_PYTHON, ROOT
from scripts.steps.settings import Address
from scripts.steps.supervise import Process
from scripts.steps.tell import Failure, say

FLAG = "--with-wechat-twin"
PORT = 8020
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def place() -> Address:
    """Where the twin listens.

    Raises:
        Failure: WECHAT_TWIN_PORT is no port.
    """
    port = os.environ.get("WECHAT_TWIN_PORT") or str(PORT)
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Failure(f"WECHAT_TWIN_PORT 应是 1 到 65535 的数字,现在是 {port!r}")
    remedy = f"WECHAT_TWIN_PORT={int(port) + 1}"
    return Address("WECHAT_TWIN_PORT", "127.0.0.1", int(port), remedy)


def take_over(twin: Address) -> None:
    """Let the product talk to the twin alone: a real account in `.env` is not touched."""
    os.environ |= {
        "WECHAT_APP_ID": "wx" + secrets.token_hex(8),
        "WECHAT_APP_SECRET": secrets.token_hex(16),
        "WECHAT_TOKEN": secrets.token_hex(12),
        "WECHAT_AES_KEY": "".join(secrets.choice(_LETTERS) for _ in range(42)) + "A",
        "WECHAT_AES_KEY_PREVIOUS": "",
        "WECHAT_SECURITY": "secure",
        "WECHAT_API_BASE": f"http://{twin.near}:{twin.port}",
    }


def process(places: Mapping[str, Address], twin: Address) -> Process:
    """The twin itself, calling back to the product."""
    app = places["app"]
    host = f"[{app.near}]" if ":" in app.near else app.near
    callback = f"http://{host}:{app.port}/wechat"
    options = ["--port", str(twin.port), "--callback", callback]
    return Process("wechat-twin", "微信替身", [APP_PYTHON, "-m", "tests.twins.wechat", *options])


def tell(twin: Address) -> None:
    """Give it the menu and say where its phone is."""
    command = [str(APP_PYTHON), "-m", "bot", "wechat", "menu", "push"]
    subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
    say(f"  微信试用手机:http://{twin.near}:{twin.port}/")
