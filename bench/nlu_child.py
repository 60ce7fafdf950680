"""Trains one pipeline and times its parses inside Rasa's own Python: one process, one JSON line.

`train CONFIG MODEL DATA` (a folder of examples) and `parse MODEL LINES [lean]` (a JSON list of
texts on disk); run by `bench.nlu_ways`, so that the memory seen is this pipeline's alone.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from rasa_ext import absent

WARM_UP = 20  # parses before the clock counts


def train(config: str, model: str, data: str) -> dict[str, Any]:
    """Train the pipeline alone, no policies; Rasa's own imports are not counted."""
    import rasa.model_training

    begun = time.perf_counter()
    made = rasa.model_training.train_nlu(
        config, data, str(Path(model).parent), fixed_model_name=Path(model).name
    )
    if made is None:
        raise SystemExit("nothing was trained")
    return {"training_seconds": time.perf_counter() - begun}


def parse(model: str, lines: str, lean: str = "") -> dict[str, Any]:
    """Load the model, parse every line one after the other, and say what it cost."""
    if lean:
        absent.leave_out()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    bare = _memory()
    begun = time.perf_counter()
    processor = Agent.load(model).processor
    loaded = time.perf_counter() - begun
    texts = json.loads(Path(lines).read_text("utf-8"))
    told, times = [], []

    async def all_lines() -> None:
        for text in texts[:WARM_UP]:
            await processor.parse_message(UserMessage(text))
        for text in texts:
            at = time.perf_counter()
            parsed = await processor.parse_message(UserMessage(text))
            times.append(time.perf_counter() - at)
            told.append(_told(parsed))

    asyncio.run(all_lines())
    return {
        "load_seconds": loaded,
        "memory_mb": _memory(),
        "bare_mb": bare,
        "times": times,
        "told": told,
    }


def _told(parsed: dict[str, Any]) -> list[Any]:
    """The likeliest intent and its confidence, whatever the pipeline's own threshold is."""
    ranked = [each for each in parsed["intent_ranking"] if each["name"] != "nlu_fallback"]
    best = ranked[0] if ranked else {"name": None, "confidence": 0.0}
    return [best["name"], float(best["confidence"])]


def _memory() -> float:
    """Most memory that this process has held, in MB (Linux counts in kB, macOS in bytes)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    done = {"train": train, "parse": parse}[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write("\n" + json.dumps(done) + "\n")
