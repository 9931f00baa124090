"""`log`, and what of it is taken back: `undo --dry-run` and `undo --choose`."""

import os
import pty
import subprocess
import sys
from datetime import datetime

import pytest

from commands.filed_library import Library
from sorterd.commands.choosing import chosen
from sorterd.commands.failure import CommandFailed
from sorterd.commands.questions import agreed

ODD = "odd\x1b.mp4"


def ids(library: Library, *arguments: str) -> list[int]:
    return [move["id"] for move in library.json("log", *arguments)]


def test_the_last_moves_are_listed_with_who_made_them_and_what_became_of_them(library: Library) -> None:
    library.json("confirm", "cats/a.mp4")
    library.json("file", "--new", ODD, "cats/b.mp4", "dogs")
    library.json("undo", "3")
    moves = library.json("log")
    assert [(one["id"], one["by"], one["source"], one["destination"], one["state"]) for one in moves] == [
        (4, "you", "cats/b.mp4", "dogs/b.mp4", ""),
        (3, "you", ODD, f"dogs/{ODD}", "undone"),
        (2, "sorterd", "b.mp4", "cats/b.mp4", "corrected"),
        (1, "sorterd", "a.mp4", "cats/a.mp4", "confirmed"),
    ]
    assert [one["confidence"] for one in moves] == [None, None, 0.9, 0.9]
    assert all(datetime.fromisoformat(one["at"]).tzinfo is not None for one in moves)
    code, out, err = library.type("log")
    assert code == 0
    rows = [line.split("\t") for line in out.splitlines()]
    assert [[row[0], *row[2:]] for row in rows] == [
        ["4", "you", "cats/b.mp4", "dogs/b.mp4", "", ""],
        ["3", "you", "odd\\x1b.mp4", "dogs/odd\\x1b.mp4", "", "undone"],
        ["2", "sorterd", "b.mp4", "cats/b.mp4", "90%", "put elsewhere by you"],
        ["1", "sorterd", "a.mp4", "cats/a.mp4", "90%", "confirmed by you"],
    ]
    assert "undo NUMBER" in err


def test_they_are_filtered(library: Library) -> None:
    library.json("file", "--new", ODD, "cats/b.mp4", "dogs")
    assert ids(library, "--last", "2") == [4, 3]
    assert ids(library, "--by", "sorterd") == [2, 1]
    assert ids(library, "--by", "you", "--last", "1") == [4]
    assert ids(library, "--folder", "videos/dogs/") == [4, 3]
    assert ids(library, "--folder", "cats") == [4, 2, 1]
    assert ids(library, "--folder", "cat") == []
    assert ids(library, "--since", "2001-01-31") == [4, 3, 2, 1]
    assert ids(library, "--since", "2999-01-31") == []


def test_a_dry_undo_says_what_would_go_back_and_moves_nothing(library: Library) -> None:
    assert library.type("undo", "--dry-run", "--last", "2") == (
        0,
        "cats/b.mp4 would go back to b.mp4 (move 2)\ncats/a.mp4 would go back to a.mp4 (move 1)\n",
        "",
    )
    (library.workspace.root / "cats/b.mp4").rename(library.workspace.root / "mine.mp4")
    answer = library.json("undo", "--dry-run", "1")
    assert answer["would_undo"] == [{"id": 1, "from": "cats/a.mp4", "to": "a.mp4", "sidecars": [], "left": []}]
    refused = "move 2 was not undone: cats/b.mp4 has been moved or changed since\n"
    assert library.type("undo", "--dry-run", "2") == (1, refused, "")
    assert ids(library) == [2, 1]
    assert (library.workspace.root / "cats/a.mp4").exists()


def test_moves_are_chosen_from_a_list_on_a_terminal(library: Library) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "sorterd", "--config", str(library.config), "undo", "--choose"]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, close_fds=True)
    os.close(slave)
    said = b""
    try:
        os.write(master, b"1\n")
        while piece := os.read(master, 65536):
            said += piece
    except OSError:  # the other end is closed
        pass
    assert process.wait(timeout=30) == 0
    os.close(master)
    assert b"cats/a.mp4 is back at a.mp4 (move 1)" in said
    assert {path.name for path in library.workspace.root.glob("*.mp4")} == {"a.mp4", ODD}


def test_to_choose_takes_a_terminal(library: Library) -> None:
    assert "takes a terminal" in library.type("undo", "--choose").refused()


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [("", []), (" \n", []), ("3", [3]), ("1 3", [3, 1]), ("1,3", [3, 1]), ("1-9", [7, 3, 1]), ("3-3 3", [3])],
)
def test_numbers_and_ranges_of_them_are_a_choice(typed: str, numbers: list[int]) -> None:
    assert chosen(typed, [7, 3, 1]) == numbers


@pytest.mark.parametrize("typed", ["2", "x", "-1", "3-1", "1 2", "\u0663", "9" * 30, "1-", "0"])
def test_what_is_not_in_the_list_is_no_choice(typed: str) -> None:
    with pytest.raises(CommandFailed, match="nothing was taken back"):
        chosen(typed, [7, 3, 1])


def test_a_status_that_is_watched_takes_a_terminal(library: Library) -> None:
    for arguments in (["--watch"], ["--watch", "--json"]):
        assert "--watch takes a terminal" in library.type("status", *arguments).refused()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--folder", "cat"], "There is no folder cat; did you mean cats."),
        (["--folder", "zebras"], "There is no folder zebras, and no move into it."),
        (["--since", "2099-01-01"], "No move fits that."),
        (["--by", "you"], "No move fits that."),
    ],
)
def test_a_log_without_a_line_says_why(library: Library, asked: list[str], told: str) -> None:
    assert library.type("log", *asked) == (0, "", f"{told}\n")


def test_several_moves_are_taken_back_by_their_numbers(library: Library) -> None:
    library.json("file", ODD, "cats")
    lines = library.type("undo", "1-900", "--dry-run").done().splitlines()
    assert [line.rpartition("move ")[2] for line in lines] == ["3)", "2)", "1)"]
    assert [one["id"] for one in library.json("undo", "3", "1")["undone"]] == [3, 1]
    assert [one["id"] for one in library.json("undo", "1-3")["undone"]] == [2]  # what is undone is left out of a range
    assert library.type("undo", "1-3") == (1, "", "sorterd: none of the moves 1-3 can be undone\n")
    assert library.type("undo", "1")[1] == "move 1 was not undone: move 1 has been undone already\n"


def test_to_take_back_more_than_20_moves_takes_a_yes(library: Library) -> None:
    library.workspace.lay_out({f"new {number}.mp4": f"new {number}".encode() for number in range(19)})
    library.json("file", *(f"new {number}.mp4" for number in range(19)), "cats")
    for which in (["--last", "999999999"], ["--since", "2001-01-31"], ["1-999999999"]):
        for more in ([], ["--json"]):
            complaint = library.type("undo", *which, *more).refused(2)
            assert ("takes back 21 moves" in complaint, "--yes" in complaint) == (True, True)
        assert len(library.json("undo", *which, "--dry-run")["would_undo"]) == 21
    assert len(library.json("undo", "--last", "21", "--yes")["undone"]) == 21
    library.json("file", *(f"new {number}.mp4" for number in range(19)), "a.mp4", "cats")
    assert len(library.json("undo", "--last", "999999999")["undone"]) == 20


@pytest.mark.parametrize(("typed", "done"), [("y\n", True), ("n\n", False), ("\n", False), ("\4", False)])
def test_at_a_terminal_it_asks(monkeypatch: pytest.MonkeyPatch, typed: str, done: bool) -> None:
    master, slave = pty.openpty()
    os.write(master, typed.encode())
    with os.fdopen(slave, "r") as terminal, os.fdopen(os.dup(slave), "w") as shown:
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(sys, "stdout", shown)
        assert agreed("This takes back 21 moves.", 21, yes=False, quiet=False) == done
    os.close(master)
