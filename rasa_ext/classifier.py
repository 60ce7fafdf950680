"""The intent of a short Chinese line, told from its characters and fragments."""

from __future__ import annotations

import inspect
from dataclasses import asdict
from pathlib import Path
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

from rasa_ext import checks, fragments, joined, lines, patterns
from rasa_ext.lines import Floats, LineModel, Settings
from rasa_ext.normalise import plain

_FILE = "lines.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LineClassifier(GraphComponent, IntentClassifier):
    """`LineModel` as a component of the pipeline; it needs no tokenizer and no featurizer."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `Settings`; `checked`: a folder of examples that are refused, with file and line,
        when they contradict each other or `domain.yml` (`rasa_ext.checks`); `patterns`: a folder
        of patterns (`rasa_ext.patterns`) of which further examples are drawn in training, `drawn`
        for each doubling of the lines that one can make, up to `drawn_most`; `joined`: longer
        lines made of each example (`rasa_ext.joined`); `wherever`: an intent that a line has when
        one of its fragments has it, with `wherever_sure` or more; `ranking_length`: how many
        intents are named with each line.
        """
        return {
            **asdict(Settings()),
            "checked": None,
            "patterns": None,
            "drawn": 2.9,
            "drawn_most": 50,
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
        sources = "".join(map(inspect.getsource, (fragments, joined, lines, patterns)))
        return sources + _contents(config.get("patterns"))

    def train(self, training_data: TrainingData) -> Resource:
        if self._config["checked"] is not None:
            checks.check(Path(self._config["checked"]), Path("domain.yml"))
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        told = [(e.get(TEXT), e.get(INTENT)) for e in examples]
        told += self._drawn([text for text, _ in told])
        texts, intents = [text for text, _ in told], [intent for _, intent in told]
        self._model = fitted(texts, intents, self._settings, self._config["joined"])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    def _drawn(self, known: list[str]) -> list[tuple[str, str]]:
        folder = self._config["patterns"]
        if folder is None:
            return []
        each, most = self._config["drawn"], self._config["drawn_most"]
        further = patterns.drawn(Path(folder), known, each, most)
        return [(plain(text), intent) for text, intent, _ in further]

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


def _contents(folder: str | None) -> str:
    """What the patterns say, for Rasa's cache; nothing where none are used."""
    paths = sorted(Path(folder).glob("*.txt")) if folder else []
    return "".join(path.read_text("utf-8") for path in paths)


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
