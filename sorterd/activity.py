"""The activities that the loop reports, and their log lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sorterd.changes import Arrived, CategoryRenamed, Change, Converted, Copied, Gone, Moved, Replaced, Touched
from sorterd.library.openat import join, split
from sorterd.log import get_logger
from sorterd.prediction import Prediction
from sorterd.text import paced

Stage = Literal["look", "extract", "train", "predict", "move"]


@dataclass(frozen=True, slots=True)
class StageProgress:
    """`done` of `total` videos have passed a stage, lately at `per_minute` if that is known."""

    stage: Stage
    done: int
    total: int
    per_minute: float | None = None


@dataclass(frozen=True, slots=True)
class ExtractionUnderway:
    """Many videos are being extracted. Reported from time to time, for a log."""

    done: int
    waiting: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class Synchronized:
    """The disk was compared with what was known: how many changes were found, and how long it took in seconds."""

    changes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TrainingEnded:
    """A training ended: whether its model is now in use, and why."""

    model_type: str
    labels: int
    swapped: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision on one video and its reason. `moved_to` is its new path, None if it stays. `move` is the number of
    the move. `would_move`: it stays only because nothing may be moved now."""

    path: str
    prediction: Prediction
    reason: str
    moved_to: str | None
    would_move: bool = False
    move: int | None = None


@dataclass(frozen=True, slots=True)
class UserAction:
    """The user filed, moved, returned or renamed something."""

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with one video (`path` is "" if it concerns no single one). The service goes on."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A message for the log."""

    text: str


Activity = StageProgress | ExtractionUnderway | Synchronized | TrainingEnded | Decided | UserAction | Fault | Note
Reporter = Callable[[Activity], None]


def user_action(change: Change) -> UserAction | None:
    """Return what the user did to cause a change, None if there is nothing to report."""
    match change:
        case Arrived(file) if file.category is None:
            return UserAction("new in the inbox", file.path)
        case Arrived(file):
            return UserAction(f"filed under {file.category}", file.path)
        case Moved(before, after) if before.category == after.category:
            return UserAction(f"renamed from {before.path}", after.path)
        case Moved(before, after) if after.category is None:
            return UserAction(f"taken out of {before.category}", after.path)
        case Moved(before, after):
            return UserAction(f"moved from {before.category or 'the inbox'} to {after.category}", after.path)
        case Copied(file, original):
            return UserAction(f"copied from {original}", file.path)
        case Replaced(_, after, _):
            return UserAction("replaced by another video", after.path)
        case Converted(file, origin) if file.path == origin.path:
            return UserAction("overwritten with another form of it, or another video", file.path)
        case Converted(file, origin):
            return UserAction(f"another form of {origin.path}", file.path)
        case Gone(file):
            return UserAction("deleted", file.path)
        case CategoryRenamed(old, new):
            return UserAction(f"category renamed from {old}", new)
        case Touched():
            return None


@dataclass(frozen=True, slots=True)
class ServiceLog:
    """Writes log lines. A video that stays gets another line only if its decision changes, not just its confidence."""

    waiting: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def write(self, activity: Activity) -> None:
        """Write the log line of one activity, if it deserves one."""
        if isinstance(activity, Decided):
            if activity.moved_to is not None:
                self.waiting.pop(activity.path, None)
            elif self.waiting.get(activity.path) == (activity.prediction.folder, activity.would_move):
                return
            else:
                self.waiting[activity.path] = activity.prediction.folder, activity.would_move
        log_activity(activity)


def log_activity(activity: Activity) -> None:
    """Write one log line. Progress is logged at debug level only."""
    log = get_logger()
    match activity:
        case Decided():
            _log_decision(activity)
        case TrainingEnded(model_type, labels, swapped, reason):
            log.info("trained", model=model_type, labels=labels, in_use=swapped, reason=reason)
        case UserAction(what, path):
            log.info("noticed", what=what, path=path)
        case Fault(path, reason):
            log.warning("trouble", path=path, reason=reason)
        case Note(text):
            log.info(text)
        case Synchronized(changes, seconds):
            log.debug("looked", changes=changes, seconds=round(seconds, 3))
        case ExtractionUnderway(done, waiting, per_minute):
            log.info("extracting", done=done, waiting=waiting, pace=paced(waiting, per_minute))
        case StageProgress(stage, done, total):
            log.debug("progress", stage=stage, done=done, total=total)


def _log_decision(one: Decided) -> None:
    """Log a decision. `to` is included only if the file got another name. `move` is the number for `sorterd undo`."""
    log = get_logger()
    folder = one.prediction.folder
    sure = {"confidence": round(one.prediction.confidence, 3), "reason": one.reason}
    if one.moved_to is None:
        log.info("would move" if one.would_move else "left in the inbox", path=one.path, folder=folder, **sure)
        return
    renamed = {} if one.moved_to == join(folder, split(one.path)[1]) else {"to": one.moved_to}
    log.info("moved", path=one.path, folder=folder, **renamed, move=one.move, **sure)
