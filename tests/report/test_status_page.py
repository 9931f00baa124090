"""The status, for people."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from sorterd.report.status_page import print_status, trouble_lines

STATUS: dict[str, Any] = {
    "videos": "/videos",
    "running": True,
    "pid": 7,
    "watcher": {"backend": "inotify", "healthy": True, "reason": ""},
    "activity": "extracting",
    "models": "embedded",
    "device": "cpu",
    "model": None,
    "inbox": 0,
    "queue": {"pending": 0, "failed": 0},
    "moves": {"total": 0, "undone": 0, "corrected": 0},
    "categories": {},
    "missing": [],
    "errors": [],
}


def shown(*, verbose: bool = False, **changes: object) -> list[str]:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=200, color_system=None)
    print_status({**STATUS, **changes}, console, verbose=verbose)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("pending", "rate", "line"),
    [
        (0, None, "0 videos wait to be looked at"),
        (1, None, "1 video waits to be looked at"),
        (12_000, 50.0, "12,000 videos wait to be looked at (50 per minute, about 4 hours left)"),
        (0, 50.0, "0 videos wait to be looked at"),
    ],
)
def test_the_queue_says_how_many_wait_and_how_long_that_takes(pending: int, rate: float | None, line: str) -> None:
    lines = shown(queue={"pending": pending, "failed": 0}, videos_per_minute=rate)
    assert [" ".join(one.split()) for one in lines if one.startswith("queue")] == [f"queue {line}"]


@pytest.mark.parametrize(
    ("state", "device", "pace", "line"),
    [
        ("helps", "cuda", 71.5, "pc helps on cuda, 71.5 videos per minute (last seen 1970-01-01"),
        ("helps", "cpu", None, "pc helps on cpu (last seen 1970-01-01"),
        ("loads its models", "", None, "pc loads its models (last seen 1970-01-01"),
        ("has left", "", None, "pc has left (last seen 1970-01-01"),
        ("gets no work: its invitation has expired", "", None, "pc gets no work: its invitation has expired (last"),
    ],
)
def test_each_machine_has_a_line(state: str, device: str, pace: float | None, line: str) -> None:
    machine = {"name": "pc", "state": state, "device": device, "last_seen": 60.0, "videos_per_minute": pace}
    (told,) = pool_lines({"listen": "nas", "problem": None, "machines": [machine]})
    assert told.startswith(line)


def test_that_no_machine_helps_is_said_with_the_reason() -> None:
    alone: dict[str, Any] = {"listen": "0.0.0.0", "problem": None, "machines": []}
    assert pool_lines(alone) == ["no other machine has connected yet (it listens at 0.0.0.0)"]
    assert pool_lines(alone | {"problem": "other machines cannot connect"}) == ["other machines cannot connect"]


def pool_lines(pool: dict[str, Any]) -> list[str]:
    return [line.removeprefix("pool").strip() for line in shown(pool=pool) if line.startswith("pool")]


@pytest.mark.parametrize(
    ("swapped", "worse", "line"),
    [
        (True, "", "it learned from what you had filed"),
        (
            True,
            "is right clearly less often",
            "it learned from what you had filed, but now it is right clearly less often",
        ),
        (False, "moves clearly less", "the model is as before, because a new one did worse on your videos"),
    ],
)
def test_of_the_last_training_it_says_what_a_person_wants_to_know_and_all_if_asked(
    swapped: bool, worse: str, line: str
) -> None:
    training = {"swapped": swapped, "worse": worse, "reason": "took the new model (18 of 20 right)"}
    assert f"training    {line}" in shown(last_training=training)
    assert "training    took the new model (18 of 20 right)" in shown(last_training=training, verbose=True)


def test_one_video_in_the_inbox_is_one_video() -> None:
    assert [" ".join(one.split()) for one in shown(inbox=1) if one.startswith("inbox")] == ["inbox 1 video"]


def test_where_the_models_run_is_said_if_it_is_not_one_place() -> None:
    mixed = {"pictures": "cpu", "words": "cpu", "speech": "cuda"}
    trouble = "pictures and words on the processor until the next start: the graphics card refused: out of memory"
    lines = [" ".join(one.split()) for one in shown(device="cuda", devices=mixed, device_troubles=[trouble])]
    assert "models embedded on cuda (pictures on cpu, words on cpu, speech on cuda)" in lines
    assert f"device {trouble}" in lines
    for devices in (None, dict.fromkeys(mixed, "cuda"), {**mixed, "speech": ""}):
        assert any(" ".join(one.split()) == "models embedded on cpu" for one in shown(devices=devices))


def test_videos_that_lie_there_more_than_once_are_counted() -> None:
    copies = [["a (1).mp4", "a.mp4"], ["b.mp4", "cats/b.mp4", "dogs/b.mp4"]]
    (line,) = [line for line in shown(duplicates=copies) if line.startswith("copies")]
    assert line.split(None, 1)[1].strip() == (
        "2 videos lie there more than once, 3 files more than needed ('sorterd doctor' names them)"
    )
    assert not [line for line in shown(duplicates=[]) if line.startswith("copies")]


def errors(*reasons: tuple[str, str]) -> list[dict[str, str]]:
    return [{"path": path, "reason": reason} for path, reason in reasons]


def test_the_parts_of_the_inbox_add_up_to_it() -> None:
    parts = {"to_move": 0, "undecided": 16, "waiting": 0, "unreadable": 3}
    assert "inbox       19 videos: 16 undecided, 3 given up" in shown(inbox=19, inbox_parts=parts)
    assert "inbox       0 videos; 35 more files in the folder to be read first" in shown(unread=35)


def test_before_the_first_sync_nothing_is_said_to_be_empty() -> None:
    lines = " ".join(shown(looked=False, running=False))
    assert "not looked at yet: type 'sorterd run --once --dry-run'" in lines
    assert "0 videos wait" in lines
    assert "put a few videos" not in lines


def test_troubles_of_one_kind_are_one_line_and_all_are_told_when_asked_for() -> None:
    pictures = ((f"{n}.mp4", f"{n}.mp4 is a picture") for n in range(3))
    many = errors(*pictures, ("odd.mp4", "is empty"), ("", "no models"))
    assert [line for line in shown(errors=many) if line.startswith("trouble")] == [
        "trouble     no models",
        "trouble     3 videos, such as 0.mp4: ... is a picture",
        "trouble     odd.mp4: is empty",
        "trouble     each of them: 'sorterd status --verbose'",
    ]
    assert len(list(trouble_lines(many, verbose=True))) == 5


def test_many_kinds_of_trouble_are_not_many_screens() -> None:
    lines = list(trouble_lines(errors(*((f"{n}.mp4", f"reason {n}") for n in range(30))), verbose=False))
    assert len(lines) == 11
    assert lines[-1] == "20 more; each of them: 'sorterd status --verbose'"


@pytest.mark.parametrize("width", [120, 80, 60, 40])
def test_what_does_not_fit_is_wrapped_below_its_text(width: int) -> None:
    out = StringIO()
    reason = "something went wrong " * 10 + "x" * 200
    print_status(
        {**STATUS, "errors": errors(("a.mp4", reason))},
        Console(file=out, force_terminal=True, width=width, color_system=None),
    )
    lines = out.getvalue().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("trouble"))
    assert all(len(line) <= width for line in lines)
    assert len(lines) > start + 2
    assert all(line.startswith(" " * 12) and line[12] != " " for line in lines[start + 1 :])
    assert "".join(line[12:] for line in lines[start:]).replace(" ", "") == f"a.mp4: {reason}".replace(" ", "")
