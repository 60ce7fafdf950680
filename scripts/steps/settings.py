"""Settings as the scripts see them: the environment, then `.env`, then the generated secrets."""

import contextlib
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scripts.steps.places import ROOT, var
from scripts.steps.tell import Failure

SECRETS = ("SECRET_KEY", "RASA_TOKEN", "ACTIONS_TOKEN")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


@dataclass(frozen=True)
class Address:
    """Where a process listens, and the setting that moves it."""

    setting: str
    host: str
    port: int
    remedy: str

    @property
    def near(self) -> str:
        """The host under which this machine reaches it."""
        return ANYWHERE.get(self.host, self.host)


def load() -> None:
    """Fill the environment from `.env` and the secrets file, generating secrets that lack."""
    _default(read_env_file(ROOT / ".env"))
    path = var() / "secrets.env"
    missing = [name for name in SECRETS if not os.environ.get(name)]
    _default(keep_secrets(path, missing))


def _default(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if not os.environ.get(name):
            os.environ[name] = value


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file; quotes around a value are dropped."""
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    quote = value[:1]
    if quote in ("'", '"') and quote in value[1:]:
        return value[1:].partition(quote)[0]
    return value.partition(" #")[0].rstrip()


def keep_secrets(path: Path, names: list[str]) -> dict[str, str]:
    """Every secret of the file, after the named ones it lacks were made; only we can read it."""
    kept = read_env_file(path)
    made = {name: secrets.token_urlsafe(32) for name in names if not kept.get(name)}
    if made:
        kept |= made
        _write_private(path, "".join(f"{name}={value}\n" for name, value in kept.items()))
    if path.exists():
        path.chmod(0o600)
    return kept


def _write_private(path: Path, content: str) -> None:
    """Private from its first byte: a file made readable and narrowed later can be read between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
    draft.replace(path)


def addresses() -> dict[str, Address]:
    """Where app, desk, rasa and actions listen.

    Raises:
        Failure: a port is no port, or Rasa or the action server would leave this machine.
    """
    host = os.environ.get("APP_HOST") or "127.0.0.1"
    return {
        "app": _numbered("APP_PORT", host, "8000"),
        "desk": _numbered("DESK_PORT", "127.0.0.1", "8010"),
        "rasa": _inner("RASA_URL", "http://127.0.0.1:5005"),
        "actions": _inner("ACTIONS_URL", "http://127.0.0.1:5055/webhook"),
    }


def _numbered(setting: str, host: str, default: str) -> Address:
    port = os.environ.get(setting) or default
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Failure(f"{setting} 应是 1 到 65535 的数字,现在是 {port!r}")
    return Address(setting, host, int(port), f"{setting}={int(port) + 1}")


def _inner(setting: str, default: str) -> Address:
    """An address that only this machine may reach; the setting is filled in for the processes."""
    url = os.environ.setdefault(setting, default)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if host not in LOOPBACK or port is None:
        raise Failure(f"{setting} 应是本机地址并带端口,例如 {default},现在是 {url!r}")
    moved = url.replace(f":{port}", f":{port + 1}", 1)
    return Address(setting, host, port, f"{setting}={moved}")


def check_free(places: Mapping[str, Address]) -> None:
    """Refuse a port that something listens on, or that two of ours would share.

    Raises:
        Failure: names the port, the setting and a way out.
    """
    ports = [place.port for place in places.values()]
    for place in places.values():
        if ports.count(place.port) > 1:
            raise Failure(f"端口 {place.port} 用了两次;请改 {place.setting}")
        if is_taken(place):
            raise Failure(
                f"端口 {place.port} 已被占用({place.setting})。"
                f"停掉占用它的程序,或换一个端口:{place.remedy} scripts/run"
            )


def is_taken(place: Address) -> bool:
    """Whether something listens there, or the system refuses the port to us."""
    with contextlib.suppress(OSError), socket.create_connection((place.near, place.port), 1):
        return True
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError:
            return True
    return False
