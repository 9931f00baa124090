"""What happens, as log lines of the service."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from sorterd.daemon.happenings import Decided, Happening, Learned, Looked, Note, Progress, Trouble, Underway, UserDid
from sorterd.library.beneath import join, split
from sorterd.wording import paced


@dataclass(frozen=True, slots=True)
class ServiceLog:
    """Writes log lines. A video that waits is worth one when something else is decided on it than before, and not after
    each training that makes another number of its confidence."""

    waiting: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def write(self, happening: Happening) -> None:
        """Write the line of one happening, if it is worth one."""
        if isinstance(happening, Decided):
            if happening.moved_to is not None:
                self.waiting.pop(happening.path, None)
            elif self.waiting.get(happening.path) == (happening.folder, happening.would_move):
                return
            else:
                self.waiting[happening.path] = happening.folder, happening.would_move
        log_happening(happening)


def log_happening(happening: Happening) -> None:
    """Write one log line; progress is only worth one at debug level."""
    log = structlog.get_logger()
    match happening:
        case Decided():
            _log_decision(happening)
        case Learned(model_type, labels, swapped, reason):
            log.info("trained", model=model_type, labels=labels, in_use=swapped, reason=reason)
        case UserDid(what, path):
            log.info("noticed", what=what, path=path)
        case Trouble(path, reason):
            log.warning("trouble", path=path, reason=reason)
        case Note(text):
            log.info(text)
        case Looked(changes, seconds):
            log.debug("looked", changes=changes, seconds=round(seconds, 3))
        case Underway(done, waiting, per_minute):
            log.info("extracting", done=done, waiting=waiting, pace=paced(waiting, per_minute))
        case Progress(stage, done, total):
            log.debug("progress", stage=stage, done=done, total=total)


def _log_decision(one: Decided) -> None:
    """The name is said once, unless the file has got another one; `move` is what `sorterd undo` wants."""
    log = structlog.get_logger()
    sure = {"confidence": round(one.confidence, 3), "reason": one.reason}
    if one.moved_to is None:
        log.info("would move" if one.would_move else "left in the inbox", path=one.path, folder=one.folder, **sure)
        return
    renamed = {} if one.moved_to == join(one.folder, split(one.path)[1]) else {"to": one.moved_to}
    log.info("moved", path=one.path, folder=one.folder, **renamed, move=one.move, **sure)
