"""What happens, as log lines of the service."""

from __future__ import annotations

import structlog

from sorterd.daemon.happenings import Decided, Happening, Learned, Looked, Note, Progress, Trouble, Underway, UserDid
from sorterd.wording import paced


def log_happening(happening: Happening) -> None:
    """Write one log line; progress is only worth one at debug level."""
    log = structlog.get_logger()
    match happening:
        case Decided(path, folder, confidence, reason, _, moved_to, would_move):
            event = "moved" if moved_to else ("would move" if would_move else "left in the inbox")
            log.info(event, path=path, to=moved_to, folder=folder, confidence=round(confidence, 3), reason=reason)
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
