"""Which stage has its turn. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal, get_args

from sorterd.pipeline.executor import HERE

Stage = Literal["read", "describe", "compare", "train", "predict", "extract", "export", "pictures"]

ORDER: tuple[Stage, ...] = get_args(Stage)
"""The first one that has something to do has its turn.

Captions come first, because reading one takes a moment and a training learns from it. Comparing takes seconds, and then
another machine can work. Training comes before prediction, because predictions made before it would have to be made
again. Then what is extracted is predicted, and only then the next few videos are extracted, in the queue's order. So an
arrival that is extracted first is also predicted first, however long the queue is. Pictures wait for everything else.
"""


def next_stage(
    due: Callable[[Stage], bool], allowed: Collection[Stage], *, described: bool = True, extract_first: bool = False
) -> Stage | None:
    """Return the stage of the next job, or None. `due` says whether a stage has something to do.

    Until the models are `described`, only captions can be read. `extract_first`: it is the turn of extracting, as there
    is always something to predict while other workers extract.
    """
    order = list(ORDER)
    if extract_first:
        order.remove("extract")
        order.insert(order.index("predict"), "extract")
    possible = order if described else order[: order.index("describe") + 1]
    return next((stage for stage in possible if stage in allowed and due(stage)), None)


def stage_at(worker: str, stage: Stage) -> str:
    """Return the name under which a stage fails and waits: each worker for itself."""
    return stage if worker == HERE else f"{stage} on {worker}"
