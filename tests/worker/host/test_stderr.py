"""What a child prints reaches the log as harmless lines."""

from hypothesis import given
from hypothesis import strategies as st

from sorterd.text import printable
from sorterd.worker.host.stderr import LINE_LENGTH, LINES_PER_JOB, StderrLines


def test_lines_are_put_together_from_pieces() -> None:
    seen: list[str] = []
    lines = StderrLines(seen.append)
    for piece in (b"moov at", b"om not found\nnext\r\n\n10%\r20%\rta", b"il"):
        lines.feed(piece)
    lines.close()
    assert seen == ["moov atom not found", "next", "10%", "20%", "tail"]
    assert lines.last == "tail"


def test_control_characters_are_escaped() -> None:
    seen: list[str] = []
    StderrLines(seen.append).feed(b"\x1b[2Jcleared \xff\n")
    assert seen == [r"\x1b[2Jcleared \xff"]


@given(st.lists(st.binary()))
def test_whatever_is_printed_every_line_is_printable_and_short(pieces: list[bytes]) -> None:
    seen: list[str] = []
    lines = StderrLines(seen.append)
    for piece in pieces:
        lines.feed(piece)
    lines.close()
    assert all(printable(line) == line and len(line) <= LINE_LENGTH for line in seen)


def test_a_flood_is_counted_and_the_next_job_is_heard_again() -> None:
    seen: list[str] = []
    lines = StderrLines(seen.append)
    lines.feed(b"spam\n" * (LINES_PER_JOB + 17))
    lines.end_of_job()
    lines.feed(b"hello\n")
    assert len(seen) == LINES_PER_JOB + 2
    assert seen[-2:] == ["(17 more lines left out)", "hello"]


def test_a_line_without_end_takes_no_memory() -> None:
    lines = StderrLines(lambda _: None)
    for _ in range(100):
        lines.feed(b"x" * 65536)
    assert len(lines._rest) <= LINE_LENGTH * 4
