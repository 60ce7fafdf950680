"""Policy files as named texts: taken from disk, and compiled together, all or none."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.policy.errors import BadPolicy
from bot.policy.publishing.codec import digest
from bot.policy.reading import Block, read
from bot.policy.store import FACTS, PHRASES, Policies, load

CATALOGUE = Path(FACTS).stem
SHARED = (CATALOGUE, Path(PHRASES).stem)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Named:
    """One file: the name it goes by among the texts, its text, and where it was found."""

    name: str
    text: str
    path: Path

    @property
    def hash(self) -> str:
        """The digest of the text."""
        return digest(self.text)


def from_folder(folder: Path) -> dict[str, Named]:
    """Every policy file of a folder by name. Raises BadPolicy."""
    found = [from_file(path) for path in sorted(folder.glob("*.yml"))]
    return {named.name: named for named in found}


def from_file(path: Path) -> Named:
    """One policy file; a set goes by the name in its header. Raises BadPolicy."""
    top = read(path)
    name = path.stem if path.stem in SHARED else top.text("set", path.stem)
    if "set" not in top and "facts" in top:
        name = CATALOGUE
    if not _NAME.fullmatch(name):
        raise top.wrong("set", "wrong_name", f"“{name}”不能做名称。", "只用小写字母和下划线。")
    return Named(name, path.read_text("utf-8"), path)


def header(name: str, text: str) -> Block:
    """The top of a text that was read before."""
    with _folder({name: text}) as folder:
        return read(folder / f"{name}.yml")


def compiled(texts: Texts, found: Mapping[str, Path] | None = None) -> Policies:
    """The texts as compiled sets. Raises BadPolicy, which names the file as it was found."""
    with _folder(texts) as folder:
        try:
            return load(folder)
        except BadPolicy as error:
            raise _as_found(error, folder, found or {}) from error


@contextmanager
def _folder(texts: Texts) -> Iterator[Path]:
    # The reader takes a folder: a set is made of several files, and its errors name them.
    with TemporaryDirectory(prefix="policy-") as name:
        folder = Path(name)
        for each, text in texts.items():
            (folder / f"{each}.yml").write_text(text, "utf-8")
        yield folder


def _as_found(error: BadPolicy, folder: Path, found: Mapping[str, Path]) -> BadPolicy:
    inside = Path(str(error.details["file"]))
    path = found.get(inside.stem, Path(inside.name))
    if inside.parent == folder:
        error.details["file"] = str(path)
        error.message = error.message.replace(inside.name, path.name, 1)
    return error
