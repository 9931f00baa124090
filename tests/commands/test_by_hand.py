"""`undo`, `confirm`, `retry`, `review`, `status` and `run --once` on a library in which we have moved something."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing

import pytest
from support.typed import said_by

from commands.filed_library import MODEL, Library
from sorterd.cli import main
from sorterd.pipeline.model_in_use import predictor_id
from sorterd.prediction import Prediction
from sorterd.store.features import Features
from sorterd.store.settings import ROOT, VIDEOS
from sorterd.store.store import DATABASE


def test_undo_says_what_is_back_where(library: Library) -> None:
    assert library.type("undo") == (0, "cats/b.mp4 is back at b.mp4 (move 2)\n", "")
    assert (library.workspace.root / "b.mp4").read_bytes() == b"two"


def test_undo_of_one_of_the_last_few_and_of_all_since_a_time(library: Library) -> None:
    assert [one["id"] for one in library.json("undo", "1")["undone"]] == [1]
    assert [one["id"] for one in library.json("undo", "--last", "5")["undone"]] == [2]
    assert library.type("undo", "--since", "2001-01-31T14:30")[1].startswith("There is no move to undo.")


def test_undo_synchronizes_before_it_decides(library: Library) -> None:
    (library.workspace.root / "cats/b.mp4").rename(library.workspace.root / "mine.mp4")
    refused = "move 2 was not undone: cats/b.mp4 has been moved or changed since\n"
    assert library.type("undo", "2") == (1, refused, "")


def test_undo_works_although_the_database_is_gone_and_says_so(library: Library) -> None:
    for file in library.workspace.state.glob("sorterd.sqlite3*"):
        file.unlink()
    code, out, err = library.type("undo")
    assert (code, out) == (0, "cats/b.mp4 is back at b.mp4 (move 2)\n")
    assert "from the journal come videos: 4, moves: 2" in err


def test_undo_says_which_sidecars_came_along(library: Library) -> None:
    workspace = library.workspace
    workspace.open()
    workspace.lay_out({"cats": {"b.jpg": b"picture", "b.srt": b"words"}, "b.srt": b"other words"})
    workspace.close()
    assert library.type("undo").done().splitlines() == [
        "cats/b.mp4 is back at b.mp4 (move 2), with 1 of its sidecars",
        "cats/b.srt stays where it is: b.srt exists already",
    ]


def test_undo_for_another_folder_of_videos_on_the_same_state_is_refused(library: Library) -> None:
    library.workspace.open()
    library.workspace.store.notes.put(VIDEOS, "/elsewhere")
    library.workspace.store.notes.put(ROOT, [1, 2])
    library.workspace.close()
    assert "is about /elsewhere" in library.type("undo").refused()


def test_undo_does_nothing_while_the_disk_is_away(library: Library) -> None:
    library.workspace.root.rename(library.workspace.root.with_name("elsewhere"))
    library.workspace.root.mkdir()
    assert "all 4 known videos are missing" in library.type("undo").refused()
    library.workspace.root.rmdir()
    library.workspace.root.with_name("elsewhere").rename(library.workspace.root)
    library.type("undo").done()


def test_confirm_accepts_a_path_from_here(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library.workspace.root / "cats")
    assert library.type("confirm", "a.mp4") == (0, "cats/a.mp4 now teaches what belongs into cats.\n", "")
    assert "already labelled cats by you" in library.type("confirm", "a.mp4").refused()


def test_retry_counts_what_will_be_tried_again(library: Library) -> None:
    assert library.json("retry") == {"retried": 0}


def test_review_lists_the_undecided_with_guesses_and_reason_and_no_escapes(library: Library) -> None:
    assert library.json("review") == [
        {
            "video": "odd\x1b.mp4",
            "predicted_folder": "cats",
            "confidence": 0.4,
            "top_predictions": [{"folder": "cats", "confidence": 0.4}, {"folder": "dogs", "confidence": 0.3}],
            "decision": "inbox",
            "reason": "not sure enough",
        }
    ]
    code, out, err = library.type("review")
    assert (code, out) == (0, "odd\\x1b.mp4\tcats 40%, dogs 30%\tnot sure enough\n")
    assert err.startswith("1 undecided. To decide, ")


ODD_VIDEOS = ("it's; $(x) \n\x1b.mp4", "-v.mp4", "caf\udce9.mp4", "\u202e4pm.mp4", "a\\'b 😀.mp4")
ODD_FOLDERS = ("city nights", "-x", "it's\t😀", "-x", "city nights")


@pytest.mark.parametrize(("name", "folder"), [*zip(ODD_VIDEOS, ODD_FOLDERS, strict=True)])
def test_review_names_commands_that_a_shell_reads_as_they_are_meant(library: Library, name: str, folder: str) -> None:
    workspace = library.workspace
    (workspace.root / "odd\x1b.mp4").unlink()
    workspace.lay_out({name: b"five", folder: {}})
    workspace.open()
    workspace.synchronize()
    word = Prediction(folder, 0.4, ((folder, 0.4),), False, "not sure enough")
    workspace.store.features.add(
        Features(workspace.at(name).fingerprint, b"\0\0\0\0", "", "", "none"), "space-1", now=1.0
    )
    workspace.store.predictions.put(workspace.at(name).fingerprint, predictor_id(MODEL, 0.85), word, now=1.0)
    workspace.close()
    (line,) = [line for line in library.type("review")[2].splitlines() if " file " in line]
    assert line.isprintable()
    words = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True, timeout=20
    ).stdout.split(b"\0")
    typed = [os.fsdecode(word) for word in words[:-1]]
    assert typed[-3] == "file"
    library.type(*typed[-3:]).done()
    assert (workspace.root / folder / name).exists()


def test_status_tells_the_facts_of_the_store_without_a_service(library: Library) -> None:
    document = library.json("status")
    assert document["categories"] == {"cats": {"user": 1, "auto": 2, "confirmed": 0}}
    assert document["moves"] == {"total": 2, "undone": 0, "corrected": 0}
    assert document["model"] == {
        "model_type": "knn", "trained_at": MODEL["trained_at"], "cv_accuracy": 0.9, "labels": ["cats"],
        "feature_space": "space-1",
    }  # fmt: skip
    assert (document["inbox"], document["models"], document["running"]) == (1, "embedded", False)
    assert document["queue"] == {"pending": 3, "failed": 0}
    assert document["errors"] == []
    out = library.type("status").done()
    for words in ("2 made, 0 undone, 0 corrected by you", "knn for 1 folder,", "right for 90%", "1 video"):
        assert words in out


def test_names_that_a_terminal_cannot_show_do_not_end_status(library: Library) -> None:
    library.workspace.open()
    library.workspace.take_in({"caf\u00e9 \u2192": {"new.mp4": b"five"}})
    library.workspace.close()
    said = said_by(lambda: main(["--config", str(library.config), "status"]), encoding="ascii")
    assert r"caf\xe9 \u2192" in said.done()


def test_a_single_pass_fails_and_says_so_without_its_disk(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.workspace.root.rename(library.workspace.root.with_name("elsewhere"))
    library.workspace.root.mkdir()
    monkeypatch.setattr("sorterd.commands.stages.PATIENCE", 0.0)
    code, out, err = library.type("run", "--once", "--json")
    (problem,) = json.loads(out)["problems"]
    assert code == 1
    assert "all 4 known videos are missing" in problem
    assert "all 4 known videos are missing" in err


def test_a_database_that_breaks_while_it_is_used_is_explained(library: Library) -> None:
    connection = sqlite3.connect(library.workspace.state / DATABASE)
    connection.execute("UPDATE notes SET value = CAST(x'7bff' AS TEXT) WHERE key = 'model'")
    connection.commit()
    connection.close()
    assert library.type("status").refused().startswith("sorterd: a value in the database is damaged")


def test_a_database_that_somebody_has_locked_is_explained_and_fails_what_may_be_tried_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 1, after which systemd starts the service again."""
    monkeypatch.setattr("sorterd.store.database.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(library.workspace.state / DATABASE, isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        assert "database is locked" in library.type("run", "--once").refused()


# --- explain, of what could not be read ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "failed", "sentence"),
    [
        ("is not a video", True, "a.mp4 is not a video. Once that is mended, type 'sorterd --config"),
        ("cannot be read: denied", False, "a.mp4 cannot be read: denied. It is tried again at 20"),
        ("the worker crashed", True, "a.mp4 has no features: the worker crashed. Once that is mended"),
    ],
)
def test_a_sentence_says_why_a_video_is_unreadable(library: Library, reason: str, failed: bool, sentence: str) -> None:
    library.workspace.open()
    store = library.workspace.store
    content = store.files.places(library.workspace.content("cats/a.mp4"))[0].fingerprint
    store.features.fail(content, reason, attempts=1, retry_at=1.8e9, failed=failed)
    library.workspace.close()
    said = library.type("explain", str(library.workspace.root / "cats/a.mp4")).refused()
    assert f"cats/{sentence}" in " ".join(said.split())


def test_a_file_that_could_not_even_be_read_is_explained(library: Library) -> None:
    library.workspace.lay_out({"empty.mp4": b""})
    said = library.type("explain", str(library.workspace.root / "empty.mp4")).refused()
    assert "empty.mp4 cannot be read: it is empty (0 bytes). It is tried again" in " ".join(said.split())


def test_moving_is_paused_and_resumed_and_status_says_so(library: Library) -> None:
    assert library.json("status")["paused"] is None
    resume = f"'sorterd --config {library.config} resume'"
    paused = f"Nothing is moved until {resume}; it goes on looking, learning and suggesting.\n"
    assert library.type("pause")[:2] == (0, paused)
    assert library.json("status")["paused"]["cause"] == "user"
    assert "paused: you paused it" in library.type("status")[1]
    assert library.type("resume")[:2] == (0, "It moves again.\n")
    assert library.type("resume")[:2] == (0, "Moving was not paused.\n")


def test_a_command_finishes_what_a_crash_cut_short_as_the_service_does_and_says_so(library: Library) -> None:
    library.workspace.open()
    library.workspace.begin_move("odd\x1b.mp4", "cats/odd.mp4")
    library.workspace.close()
    said = library.type("confirm", str(library.workspace.root / "cats/a.mp4"))
    assert (said.code, "a move that was cut short was taken back" in said.err) == (0, True)
