"""One spelling for text that looks the same, applied alike in training and in use."""

from __future__ import annotations

import inspect
import re
import sys
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_ext import traditional
from rasa_ext.traditional import simplified

LONGEST = 600
"""Characters that are read; a pasted page says no more than its beginning and costs a turn."""

_REPEATED = re.compile(r"([^\W\d_]|[^\w\s])\1{2,}")
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Half-width, simplified, lower-case text without invisible characters or long repeats.

    Digits keep their repeats: they are order numbers. Applying it twice changes nothing.
    """
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    folded = unicodedata.normalize("NFKC", folded)  # "İ".lower() is two code points
    visible = "".join(c for c in folded if _is_visible(c))
    squeezed = _REPEATED.sub(r"\1\1", simplified(visible))
    return _SPACES.sub(" ", squeezed).strip()


def plain(text: str) -> str:
    """`normalise`, for a line that must never be read as a command: no leading slash is left."""
    return normalise(text).lstrip("/ ")


def _is_visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Puts the normalised text in the place of the text, ahead of the tokenizer.

    `/intent` commands, which developers type in `rasa shell`, are left alone; our channel never
    lets one through, and no other line may turn into one here (a full-width slash would).
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa looks at this class alone when it decides whether its cache is still right."""
        return inspect.getsource(sys.modules[__name__]) + inspect.getsource(traditional)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                message.set(TEXT, plain(text), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
