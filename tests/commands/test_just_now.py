"""What the user has done a moment ago is known to every command that takes a path, also while no service runs."""

from pathlib import Path
from typing import Any

import pytest

from commands.filed_library import Library
from sorterd.commands import carry_out

WAITS = "has not been looked at yet, and no service runs that would: 'sorterd run --once' looks at it now"


def test_a_video_that_has_just_come_is_known(library: Library) -> None:
    library.workspace.lay_out({"new.mp4": b"five", "mice": {"other.mp4": b"six"}})
    for command in (["explain", "new.mp4"], ["find", "--like", "new.mp4"]):
        waits = WAITS.replace("'sorterd run", f"'sorterd --config {library.config} run")
        assert library.type(*command).refused() == f"sorterd: new.mp4 {waits}\n"
    assert "mice/other.mp4 is already labelled mice by you" in library.type("confirm", "mice/other.mp4")[2]
    assert library.json("file", "new.mp4", "mice")["filed"][0]["to"] == "mice/new.mp4"


def test_a_video_that_was_just_dragged_is_known_where_it_lies(library: Library) -> None:
    library.workspace.drag("cats/a.mp4", "a.mp4")
    assert "a.mp4 has not been looked at yet" in library.type("explain", "a.mp4").refused()
    (new, old) = library.json("log")
    assert (new["state"], old["id"], old["state"]) == ("", 1, "corrected")


def test_a_search_tells_where_a_video_lies_that_was_just_dragged_and_none_that_is_gone(library: Library) -> None:
    library.workspace.lay_out({"dogs": {}})
    library.workspace.drag("cats/old.mp4", "dogs/old.mp4")
    assert [hit["video"] for hit in library.json("find", "--exact", "old")] == ["dogs/old.mp4"]
    assert library.type("find", "--exact", "old", "--folder", "cats", "--json")[:2] == (1, "[]\n")
    assert [hit["video"] for hit in library.json("find", "--exact", "old", "--folder", "dogs")] == ["dogs/old.mp4"]
    (library.workspace.root / "dogs" / "old.mp4").unlink()
    assert library.type("find", "--exact", "old", "--json")[:2] == (1, "[]\n")


def test_where_nothing_has_changed_the_store_is_only_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    monkeypatch.setattr(carry_out, "carry_out", lambda *_, **__: looked.append(1))
    for command in (["log"], ["review"], ["explain", "odd\x1b.mp4"], ["find", "--misfiled"]):
        library.type(*command)
    assert not looked
    library.workspace.lay_out({"new.mp4": b"five"})
    library.type("log")
    assert looked


def test_the_old_path_of_a_dragged_video_leads_to_the_new_one(library: Library) -> None:
    library.workspace.lay_out({"dogs": {}})
    library.workspace.drag("cats/old.mp4", "dogs/old.mp4")
    for command in ("explain {}", "find --like {}", "confirm {}", "retry {}", "file {} cats"):
        code, out, err = library.type(*command.format("cats/old.mp4").split())
        assert (code, "no video is known at cats/old.mp4; it is dogs/old.mp4 now" in out + err) == (1, True)


def test_a_file_that_must_settle_first_is_waited_for(library: Library) -> None:
    library.config.write_text(library.config.read_text().replace("settle_seconds: 0", "settle_seconds: 0.4"))
    library.workspace.lay_out({"dogs": {}, "new.mp4": b"five"})
    assert library.json("file", "new.mp4", "dogs")["filed"][0]["to"] == "dogs/new.mp4"


def test_a_running_service_is_asked_until_it_knows_the_file(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[dict[str, Any]] = [{"settling": ["new.mp4"]}, {"settling": []}, {"filed": [], "refused": []}]
    asked: list[dict[str, Any]] = []

    def ask(_: Path, request: dict[str, Any], __: float) -> dict[str, Any]:
        asked.append(request)
        return answers[len(asked) - 1]

    monkeypatch.setattr(carry_out, "ask", ask)
    monkeypatch.setattr(carry_out, "LOOK_SECONDS", 0.01)
    library.workspace.lay_out({"new.mp4": b"five"})
    assert library.type("file", "new.mp4", "cats") == (0, "", "")
    look = {"do": "look", "paths": ["new.mp4"]}
    assert asked == [look, look, {"do": "file", "folder": "cats", "new": False, "paths": ["new.mp4"]}]


def test_what_is_no_video_is_said_to_be_none(library: Library) -> None:
    library.workspace.lay_out({"clip.mp4.part": b"x", "note.txt": b"x"})
    for command, reason in (
        ("explain clip.mp4.part", "clip.mp4.part is left alone: download that is not finished"),
        ("confirm note.txt", "note.txt is left alone: its extension is none of a video"),
        ("retry cats", "cats is a folder; name the videos in it"),
    ):
        assert reason in library.type(*command.split()).refused()


def test_while_the_disk_is_away_they_tell_what_was_known(library: Library) -> None:
    root: Path = library.workspace.root
    root.rename(root.with_name("elsewhere"))
    assert [hit["video"] for hit in library.json("find", "--exact", "old")] == ["cats/old.mp4"]
    assert [one["id"] for one in library.json("log")] == [2, 1]
    assert "cats/a.mp4 has not been looked at yet" in library.type("explain", "cats/a.mp4")[2]


def test_a_damaged_database_is_repaired_by_who_looks_and_reported_by_who_only_reads(library: Library) -> None:
    database = library.workspace.state / "sorterd.sqlite3"
    sound = database.read_bytes()
    database.write_bytes(sound[:8192] + b"\xff" * (len(sound) - 8192))
    code, _, err = library.type("find", "--exact", "old")
    assert (code, f"sorterd: {database} is damaged" in err, "Traceback" in err) == (1, True, False)
    assert [one["id"] for one in library.json("log")] == [2, 1]
