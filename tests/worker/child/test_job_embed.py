"""A worker answers what a search means beside its jobs."""

from typing import Any

import numpy as np

from sorterd.features.device_failure import DeviceFailed
from sorterd.worker.child.job_embed import embed
from sorterd.worker.embed_messages import Embed, TextEmbedded
from sorterd.worker.job_messages import Describe, Extract, Item
from worker.child.bench import WIDTHS, Bench


def test_a_worker_without_models_has_no_answer_and_loads_none(bench: Bench) -> None:
    bench.jobs.answer(Embed(1, "pancakes", ("space-1",)))
    assert bench.reports == [TextEmbedded(1, ())]
    assert bench.loaded == 0


def test_a_text_becomes_a_vector_of_the_tower_that_is_loaded_and_of_no_other(bench: Bench) -> None:
    bench.do(Describe(1))
    bench.jobs.answer(Embed(1, "pancakes", ("space-1", "space-2")))
    first = np.eye(1, WIDTHS[1], dtype="<f4")[0].tobytes()
    assert bench.reports[-1] == TextEmbedded(1, (("space-1", first),))
    assert bench.towers.asked == [["pancakes"]]


def test_what_is_asked_during_a_long_job_is_answered_after_the_next_video(bench: Bench) -> None:
    items = tuple(Item(name, b"") for name in "abc")
    bench.questions.put(Embed(7, "pancakes", ("space-1",)))
    bench.do(Extract(1, items, "space-1"))
    kinds = [type(report).__name__ for report in bench.reports if type(report).__name__ not in ("Placed", "Started")]
    assert kinds == ["Extracted", "TextEmbedded", "Extracted", "Extracted", "JobDone"]


def test_a_card_that_fails_at_a_question_costs_the_answer_and_nothing_else() -> None:
    def fails(_: object) -> Any:
        raise DeviceFailed("towers", "out of memory")

    found = embed(Embed(1, "x", ("a", "b")), {"a": fails, "b": lambda _: np.ones((1, 2), np.float32)})
    assert [name for name, _ in found.vectors] == ["b"]
