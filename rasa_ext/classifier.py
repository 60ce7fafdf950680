"""The intent of a short Chinese line, told from its characters and fragments."""

from __future__ import annotations

import inspect
from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_ext import fragments, joined, lines
from rasa_ext.lines import Floats, LineModel, Settings

_FILE = "lines.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LineClassifier(GraphComponent, IntentClassifier):
    """`LineModel` as a component of the pipeline; it needs no tokenizer and no featurizer."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `Settings`; `joined`: longer lines made of each example (`rasa_ext.joined`);
        `wherever`: an intent that a line has when one of its fragments has it, with
        `wherever_sure` or more; `ranking_length`: how many intents are named with each line.
        """
        return {
            **asdict(Settings()),
            "joined": 1,
            "wherever": None,
            "wherever_sure": 0.6,
            "ranking_length": 10,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LineModel | None = None,
    ) -> None:
        self._config = config
        self._settings = Settings(**{name: config[name] for name in asdict(Settings())})
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LineClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LineClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LineModel.load(folder / _FILE))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa looks at this class alone when it decides whether its cache is still right."""
        return "".join(map(inspect.getsource, (fragments, joined, lines)))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts, intents = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        self._model = fitted(texts, intents, self._settings, self._config["joined"])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message.get(TEXT))
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, line: str | None) -> list[dict[str, Any]]:
        """The likeliest intents first; none for a line in which nothing is known."""
        probabilities = self._probabilities(line) if self._model and line else None
        if self._model is None or probabilities is None:
            return []
        best = np.argsort(-probabilities)[: self._config["ranking_length"]]
        intents = self._model.intents
        return [{"name": intents[i], "confidence": float(probabilities[i])} for i in best]

    def _probabilities(self, line: str) -> Floats | None:
        wherever, sure = self._config["wherever"], self._config["wherever_sure"]
        return told(self._model, line, wherever, sure) if self._model else None

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


def fitted(texts: list[str], intents: list[str], settings: Settings, times: int) -> LineModel:
    """A model of the examples and of `times` longer lines made of each."""
    longer = joined.joined(texts, intents, times)
    return LineModel.fit(
        [*texts, *(text for text, _ in longer)],
        [*intents, *(intent for _, intent in longer)],
        settings,
    )


def told(model: LineModel, line: str, wherever: str | None, sure: float) -> Floats | None:
    """The probabilities of a line, or of the fragment of it that has the intent `wherever`.

    Beside a question of thirty characters a short 转人工 would not be heard.
    """
    parts = fragments.fragments(line) if wherever in model.intents else []
    if wherever is not None and len(parts) > 1:
        place = model.intents.index(wherever)
        for part in parts:
            probabilities = model.probabilities(part)
            if probabilities is not None and probabilities[place] >= sure:
                return probabilities
    return model.probabilities(line)
