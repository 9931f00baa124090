"""A sorter on a real library, with predictions made by hand."""

from typing import Literal

from support.workspace import Workspace

from sorterd.activity import Activity, Decided, Fault
from sorterd.prediction import Prediction
from sorterd.sorting.sorter import Sorter

PREDICTOR = "model 1"


class PredictedInbox:
    """An inbox with the predictions of a model."""

    def __init__(self, workspace: Workspace, mode: Literal["move", "report", "nothing"] = "move") -> None:
        self.workspace = workspace
        self.activities: list[Activity] = []
        self.sorter = Sorter(workspace.store, workspace.mover, self.activities.append, mode)

    def predictor(self, path: str, folder: str = "cats", *, sure: bool = True, predictor: str = PREDICTOR) -> str:
        content = self.workspace.at(path).fingerprint
        prediction = Prediction(folder, 0.9, ((folder, 0.9),), sure, "like cats" if sure else "not sure")
        self.workspace.store.predictions.put(content, predictor, prediction, now=1.0)
        return content

    def sort(self, *news: str) -> int:
        return self.sorter.sort(PREDICTOR, now=self.workspace.clock(), news=news).moved

    def decided(self) -> list[Decided]:
        return [one for one in self.activities if isinstance(one, Decided)]

    def faults(self) -> list[Fault]:
        return [one for one in self.activities if isinstance(one, Fault)]
