"""What a log line looks like, for people and for machines, whatever is put into it."""

import io
import json
import os
import pty
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from sorterd.commands.failure import explained
from sorterd.config import ConfigError, Problem
from sorterd.log import Format, configure, get_logger

EVIL = "a\n2026-01-01 [error] forged\x1b[2J\u202e\udcff.mp4"


@pytest.fixture(autouse=True)
def _unconfigure() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_json_lines_hold_level_time_and_neutralised_values() -> None:
    stream = io.StringIO()
    configure("info", "json", stream)
    get_logger().info("moved", path=EVIL, to=Path("cats"), raw=b"\xff", n=3, top=[("a\n", 0.5)])
    assert stream.getvalue().count("\n") == 1
    line = json.loads(stream.getvalue())
    assert line["path"] == r"a\n2026-01-01 [error] forged\x1b[2J\u202e\xff.mp4"
    assert (line["event"], line["level"], line["to"], line["raw"], line["n"]) == ("moved", "info", "cats", r"\xff", 3)
    assert line["top"] == [[r"a\n", 0.5]]
    assert line["timestamp"].endswith("Z")


def test_console_lines_cannot_be_forged_by_a_file_name_or_an_exception() -> None:
    stream = io.StringIO()
    configure("info", "console", stream)
    get_logger().warning(f"failed {EVIL}", path=EVIL)
    try:
        raise ValueError(EVIL)
    except ValueError:
        get_logger().exception("crash")
    first, second, *rest = stream.getvalue().splitlines()
    assert "warning" in first
    assert "crash" in second
    assert rest
    assert all(line.startswith("  ") for line in rest)
    assert not set(stream.getvalue()) & {"\x1b", "\u202e", "\udcff"}


def test_below_the_level_nothing_is_written() -> None:
    stream = io.StringIO()
    configure("warning", "json", stream)
    get_logger().info("quiet")
    get_logger().error("loud")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["loud"]


def test_auto_is_json_in_a_pipe_and_console_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    pipe = io.StringIO()
    configure("info", "auto", pipe)
    get_logger().info("hello")
    assert json.loads(pipe.getvalue())["event"] == "hello"
    controller, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stream:
        configure("info", "auto", stream)
        get_logger().info("hello")
        stream.flush()
        assert b"\x1b[" in os.read(controller, 1000), "colours"
    os.close(controller)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIO]:
    with (tmp_path / "journal").open("w+") as stream:
        status = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        yield stream


def said(journal: TextIO) -> list[str]:
    journal.flush()
    return Path(journal.name).read_text().splitlines()


def test_auto_is_console_without_the_time_in_the_journal(journal: TextIO) -> None:
    configure("info", "auto", journal)
    get_logger().info("hello", n=1)
    assert said(journal)[0].split() == ["<6>[info", "]", "hello", "n=1"]


@pytest.mark.parametrize("format", ["console", "json"])
def test_each_line_in_the_journal_has_its_priority(journal: TextIO, format: Format) -> None:
    configure("debug", format, journal)
    log = get_logger()
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(log, level)("hello")
    assert [line[:3] for line in said(journal)] == ["<7>", "<6>", "<4>", "<3>", "<2>"]


def test_so_has_each_line_of_a_traceback(journal: TextIO) -> None:
    configure("info", "console", journal)
    try:
        raise ValueError("<7>nothing to see")
    except ValueError:
        get_logger().exception("crash")
    lines = said(journal)
    assert len(lines) > 3
    assert all(line.startswith("<3>") for line in lines)


def test_a_message_that_ends_a_command_is_an_error_there(journal: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", journal)
    with explained() as outcome:
        raise ConfigError(None, (Problem("videos", "one\ntwo"), Problem("move", "three")))
    assert outcome.code == 2
    assert all(line.startswith("<3>") for line in said(journal))


def test_outside_the_journal_there_are_no_priorities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "1:2")
    stream = io.StringIO()
    configure("info", "console", stream)
    get_logger().warning("hello")
    assert "<4>" not in stream.getvalue()
