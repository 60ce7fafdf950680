"""The twin as a program: `python -m tests.twins.wechat`, set up by the WECHAT_* settings."""

import argparse
import os
import threading

from tests.twins.wechat.callbacks import Caller
from tests.twins.wechat.platform import Platform
from tests.twins.wechat.server import running


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m tests.twins.wechat")
    parser.add_argument("--port", type=int, default=8020)
    parser.add_argument("--callback", default="http://127.0.0.1:8000/wechat")
    options = parser.parse_args()
    platform = Platform(os.environ["WECHAT_APP_ID"], os.environ["WECHAT_APP_SECRET"])
    key = os.environ.get("WECHAT_AES_KEY", "")
    security = "secure" if key else "plain"
    caller = Caller(platform, options.callback, os.environ["WECHAT_TOKEN"], key, security)
    with running(platform, options.port, caller) as twin:
        print(f"a phone to try it with: {twin.url}/", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
