"""The daemon's loop on a real folder and a real store, with a worker that answers at once instead of running models.

The videos are texts: `b"cat 1"` is the first video of a cat. See `words.py` for what is "extracted" and "learned".
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

from sorterd.activity import Activity
from sorterd.daemon.library import Library
from sorterd.daemon.library_sync import LibrarySync
from sorterd.daemon.loop import Inbox, Loop
from sorterd.daemon.requests import Requests
from sorterd.defaults import THRESHOLD
from sorterd.features.settings import FeatureSettings, extracted_modalities
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.pipeline.pipeline import Pipeline
from sorterd.pipeline.schedule import Stage
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.sorting.sorter import Sorter
from sorterd.sorting.training_effects import TrainingEffects
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.room import Room
from sorterd.worker.job_messages import Describe, Export, Extract, Job, Pictures, Predict, Read, Train
from sorterd.worker.report_messages import (
    CaptionRead,
    Described,
    Extracted,
    ExtractFailed,
    JobDone,
    JobFailed,
    Pictured,
    PicturesFailed,
    Predicted,
    Report,
    Started,
    Trained,
)
from support.tree import Tree
from support.words import SPACE, caption_beside, learned, predicted, summary, vectors_of
from support.workspace import Workspace

LIBRARY = {
    "cats": {"c1.mp4": b"cat 1", "c2.mp4": b"cat 2"},
    "dogs": {"d1.mp4": b"dog 1", "d2.mp4": b"dog 2"},
}
ORIGINALS = {f"{folder}/{name}" for folder, files in LIBRARY.items() for name in files}
POSTER, STRIP = b"a poster", b"a strip of frames"
MOST_JOBS = 300  # of one test; more are a loop that never ends
Told = TypeVar("Told", bound=Activity)
Given = TypeVar("Given", bound=Job)


def word(content: bytes) -> str:
    return content.split()[0].decode()


@dataclass(slots=True)
class Words:
    """Stands for worker, models and artifacts folder. What it was asked for stays in `jobs` and `extracted`.

    `deadly` contents kill the worker, `broken` ones cannot be read (with the reason; `transient` if that may pass), and
    a stage in `failing` fails as a whole, with the reason. While captions are `unavailable`, none is complete. `before`
    is run before each job. A worker that is `lost` takes the whole batch that is in flight with it, as when frames of
    several videos are decoded at once.
    """

    clock: Callable[[], float]
    space: str = SPACE
    deadly: set[bytes] = field(default_factory=set)
    broken: dict[bytes, str] = field(default_factory=dict)
    transient: bool = False
    failing: dict[str, str] = field(default_factory=dict)
    hands: int = 1
    most: int = 1
    before: Callable[[Job], object] = lambda _: None
    ends: Callable[[], object] = lambda: None
    not_better: bool = False
    jobs: list[Job] = field(default_factory=list)
    extracted: list[bytes] = field(default_factory=list)
    drawn: list[bytes] = field(default_factory=list)
    width: int = 0  # bytes of a vector at least
    captions: list[str] = field(default_factory=list)
    unavailable: bool = False
    unloaded: int = 0
    has_models: bool = False
    model: dict[str, str] | None = None
    summary: dict[str, object] = field(default_factory=dict)
    report: Callable[[Report | WorkerLost], None] = lambda _: None

    def given(self, kind: type[Given]) -> list[Given]:
        """Return the jobs of one kind that it was given."""
        return [job for job in self.jobs if isinstance(job, kind)]

    def count(self, kind: type[Job]) -> int:
        return len(self.given(kind))

    def room(self) -> Room:
        return Room(self.most)

    def stop(self) -> None:
        self.ends()

    def unload(self) -> None:
        self.unloaded += 1

    def submit(self, job: Job) -> None:
        assert len(self.jobs) < MOST_JOBS, "the daemon runs in circles"
        self.jobs.append(job)
        self.before(job)
        reason = self.failing.get(type(job).__name__.lower())
        if reason is not None:
            self.report(JobFailed(job.job, reason))
            return
        match job:
            case Describe():
                self.report(Described(job.job, self.space, extracted_modalities(4, 4), "embedded", "cpu"))
            case Read():
                self._read_captions(job)
            case Extract():
                self._extract(job)
            case Train():
                self._train(job)
            case Predict():
                assert self.model is not None
                predictions = tuple((row.fingerprint, predicted(row, self.model, job.strangers)) for row in job.rows)
                self.report(Predicted(job.job, predictions))
            case Export():
                self.report(JobDone(job.job))
            case Pictures():
                self._draw(job)

    def _read_captions(self, job: Read) -> None:
        for item in job.items:
            self.report(Started(job.job, item.fingerprint))
            text = caption_beside(item)
            if text.encode() in self.deadly:
                self.report(WorkerLost(job.job, tuple(one.fingerprint for one in job.items), "crashed"))
                return
            self.captions.append(text)
            self.report(CaptionRead(job.job, item.fingerprint, text, "", (), vectors_of(text), not self.unavailable))
        self.report(JobDone(job.job))

    def _draw(self, job: Pictures) -> None:
        for item in job.items:
            self.report(Started(job.job, item.fingerprint))
            content = _read(item.path) or b""
            if content in self.deadly:
                self.report(WorkerLost(job.job, (item.fingerprint,), "crashed"))
                return
            if content in self.broken:
                self.report(PicturesFailed(job.job, item.fingerprint, self.broken[content], transient=self.transient))
            else:
                self.drawn.append(content)
                self.report(Pictured(job.job, item.fingerprint, POSTER, STRIP))
        self.report(JobDone(job.job))

    def _extract(self, job: Extract) -> None:
        if job.space != self.space:
            self.report(JobFailed(job.job, f"the models at hand make features of {self.space}, not of {job.space}"))
            return
        for first in range(0, len(job.items), self.hands):
            hand = job.items[first : first + self.hands]
            contents = {item.fingerprint: _read(item.path) for item in hand}
            for item in hand:
                self.report(Started(job.job, item.fingerprint))
            if self.deadly & set(contents.values()):
                self.report(WorkerLost(job.job, tuple(item.fingerprint for item in hand), "crashed"))
                return
            for fingerprint, content in contents.items():
                if content is None:
                    self.report(ExtractFailed(job.job, fingerprint, "it is not there", transient=True))
                elif content in self.broken:
                    self.report(ExtractFailed(job.job, fingerprint, self.broken[content], transient=self.transient))
                else:
                    self.extracted.append(content)
                    self.report(
                        Extracted(job.job, fingerprint, word(content).encode().ljust(self.width, b"\0"), "", "", "none")
                    )
        self.report(JobDone(job.job))

    def _train(self, job: Train) -> None:
        if self.model is None or not self.not_better:
            self.model = learned(job)
            self.summary = summary(job, self.model, f"{datetime.fromtimestamp(job.now, UTC).isoformat()} {job.job}")
            self.report(Trained(job.job, json.dumps(self.summary), True, "took the new model"))
        else:
            self.report(Trained(job.job, json.dumps(self.summary), False, "kept the model: the new one is no better"))


def _read(path: bytes) -> bytes | None:
    try:
        return Path(path.decode("utf-8", "surrogateescape")).read_bytes()
    except FileNotFoundError:
        return None


@dataclass(slots=True)
class Running:
    """A daemon on a workspace, from its start to its end."""

    workspace: Workspace
    worker: Words
    debounce: float = 0.0
    threshold: float = THRESHOLD
    stages: frozenset[Stage] = frozenset({"read", "extract", "train", "predict"})
    pictures: int = 0  # most bytes of them
    told: list[Activity] = field(default_factory=list)
    others: dict[str, Words] = field(default_factory=dict)
    loop: Loop = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Make everything that lives in memory."""
        inbox = Inbox()
        for worker in (self.worker, *self.others.values()):
            worker.report = inbox.put
        workspace = self.workspace
        features = FeatureSettings(captions=workspace.captions)
        settings = PipelineSettings(features, ("words",), 1, self.debounce, None, self.threshold)
        archive = PictureArchive(workspace.state, workspace.store, self.pictures, workspace.clock)
        drawing: frozenset[Stage] = frozenset({"pictures"} if self.pictures else ())
        stages = self.stages | drawing
        work = Pipeline(
            *(
                workspace.root,
                workspace.store,
                ExecutorPool(self.worker, dict(self.others)),
                settings,
                self.told.append,
                workspace.clock,
                stages,
                archive,
            )
        )
        workspace.mover = replace(workspace.mover, should_stop=lambda: self.loop.should_stop())
        pauses = MovingPauses(workspace.store)
        pauses.check_update(workspace.clock())
        sorting = Sorter(workspace.store, workspace.mover, self.told.append, "move", pauses=pauses)
        library = Library(workspace.store, workspace.synchronizer, workspace.mover, self.told.append, workspace.clock)
        self.loop = Loop(LibrarySync(library, 3600.0), work, sorting, self.told.append, inbox)
        self.loop.effects = TrainingEffects(workspace.store, self.told.append)

    def restart(self) -> Self:
        """As after `kill -9` and a new start: what was in memory is lost, with all messages under way."""
        self.workspace.restart()
        self.start()
        return self

    def run(self, *, after: float = 0.0, patience: float = 0.0) -> Self:
        """Until there is nothing left to do. The clock goes on by the seconds `after` before."""
        self.workspace.clock.advance(after)
        self.loop.stopping = False
        self.loop.run(until_idle=True, patience=patience)
        return self

    def take_in(self, tree: Tree) -> None:
        """Lay out these files, and run until there is nothing left to do."""
        self.workspace.lay_out(tree)
        self.run()

    def request(self, **request: object) -> dict[str, object]:
        """What a command asks of the running service."""
        return Requests(self.workspace.store, self.workspace.mover, self.workspace.clock).handle(request)

    def heard(self, kind: type[Told]) -> list[Told]:
        return [activity for activity in self.told if isinstance(activity, kind)]

    @property
    def on_disk(self) -> dict[str, object]:
        return self.workspace.on_disk()


def sources(running: Running) -> dict[str, str | None]:
    """The known paths with the source of their label, apart from those of LIBRARY."""
    return {path: source for path, source in running.workspace.known().items() if path not in ORIGINALS}


class Off(BaseException):
    """The power goes."""
