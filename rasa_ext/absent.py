"""Stands in for TensorFlow where nothing of a model needs it: 300 MB and most of the start less.

Rasa 3.6.21 imports TensorFlow, and TensorFlow JAX, for the sake of components that our pipeline
does not use. What is imported here instead can be subclassed and annotated with, and does nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PACKAGES = frozenset(
    "tensorflow keras tensorflow_addons tensorflow_hub tensorflow_text jax jaxlib".split()
)


class _Nothing(type):
    """Of whatever is asked for there is only more of the same."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent

    def __call__(cls, *given: Any, **named: Any) -> Any:
        """A decorator gives back what it decorates; a subclass is made as any class is."""
        if cls is not Absent:
            return super().__call__(*given, **named)
        return given[0] if len(given) == 1 and not named and callable(given[0]) else Absent

    def __getitem__(cls, key: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    def __ror__(cls, other: Any) -> Any:
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class Absent(metaclass=_Nothing):
    """Any class, function or constant of a package that is left out."""


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class _Finder(MetaPathFinder, Loader):
    """Finds every module of the packages, and nothing in it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in PACKAGES:
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def leave_out() -> None:
    """From now on the packages are found empty; too late for those that are imported already."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
