"""Configure the log. `get_logger().info("moved", path=path)` writes a line as text or as JSON.

structlog is imported with the first line: that takes 0.15 s, and most commands log nothing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

from sorterd.text import printable

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "console", "json"]
_configuration: Callable[[], None] | None = None
"""What the first line has still to do. structlog keeps the rest of it for the process as well."""
PRIORITIES = {"critical": 2, "exception": 3, "error": 3, "warning": 4, "warn": 4, "info": 6, "debug": 7}


def configure(level: Level, format: Format, stream: TextIO) -> None:
    """Send the log of this process to `stream`, from `level` upward.

    `format` is "console" (lines of text, coloured on a terminal), "json" (one object per line, times in UTC) or "auto":
    console on a terminal and in the journal of systemd, which people read, else JSON. All values are made `printable`
    first, so that a file name cannot forge a line or control the terminal.
    """
    global _configuration
    _configuration = partial(_configure, level, format, stream)


def get_logger() -> Any:
    """Return the log of this process, as `structlog.get_logger` does."""
    global _configuration
    if _configuration is not None:
        _configuration()
        _configuration = None
    import structlog

    return structlog.get_logger()


def _configure(level: Level, format: Format, stream: TextIO) -> None:
    import structlog

    if format == "auto":
        format = "console" if stream.isatty() or is_journal(stream) else "json"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            _neutralise,
            *_with_priority(_console(stream) if format == "console" else _json(), stream),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def _console(stream: TextIO) -> list[Processor]:
    import structlog

    renderer = structlog.dev.ConsoleRenderer(
        colors=stream.isatty() and "NO_COLOR" not in os.environ,
        exception_formatter=structlog.dev.plain_traceback,
        sort_keys=False,
    )
    if is_journal(stream):  # the journal has the time
        return [renderer]
    return [structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False), renderer]


def _json() -> list[Processor]:
    import structlog

    return [structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer()]


def _with_priority(processors: list[Processor], stream: TextIO) -> list[Processor]:
    """Return the processors. If the journal reads the stream, the last one puts the priority before each line."""
    if not is_journal(stream):
        return processors
    render = processors[-1]

    def prioritised(logger: WrappedLogger, method: str, event: EventDict) -> str:
        level = str(event.get("level", "info"))
        return for_journal(str(render(logger, method, event)), level)

    return [*processors[:-1], prioritised]


def for_journal(text: str, level: str) -> str:
    """Return the text with the priority of a level before each line, as in sd-daemon(3): "<4>" is a warning."""
    return "\n".join(f"<{PRIORITIES.get(level, 6)}>{line}" for line in text.split("\n"))


def is_journal(stream: TextIO) -> bool:
    """Return whether systemd has connected this stream to its journal (systemd.exec(5), $JOURNAL_STREAM)."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):  # a stream in memory
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _neutralise(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    traceback = event.pop("exception", None)
    safe: EventDict = {key: _safe(value) for key, value in event.items()}
    if traceback is not None:  # the only value with several lines. Indented, none of them can pass for a log line
        safe["exception"] = "\n".join("  " + printable(line) for line in str(traceback).split("\n"))
    return safe


def _safe(value: object) -> object:
    match value:
        case bool() | int() | float() | None:
            return value
        case bytes() | Path():
            return printable(os.fsdecode(value))
        case dict():
            return {printable(str(key)): _safe(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_safe(inner) for inner in value]
        case _:
            return printable(str(value))
