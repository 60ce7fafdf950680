"""The intent of a short Chinese line, told from its characters."""

from __future__ import annotations

import inspect
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

from rasa_ext import lines
from rasa_ext.lines import LineModel, Settings

_FILE = "lines.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LineClassifier(GraphComponent, IntentClassifier):
    """`LineModel` as a component of the pipeline; it needs no tokenizer and no featurizer."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `Settings`; `ranking_length`: how many intents are named with each line."""
        return {"longest": 3, "seen_in": 2, "penalty": 5.0, "ranking_length": 10}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LineModel | None = None,
    ) -> None:
        self._settings = Settings(config["longest"], config["seen_in"], config["penalty"])
        self._ranking_length = config["ranking_length"]
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
        return inspect.getsource(lines)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts, intents = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        self._model = LineModel.fit(texts, intents, self._settings)
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
        probabilities = self._model.probabilities(line) if self._model and line else None
        if self._model is None or probabilities is None:
            return []
        best = np.argsort(-probabilities)[: self._ranking_length]
        intents = self._model.intents
        return [{"name": intents[i], "confidence": float(probabilities[i])} for i in best]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
