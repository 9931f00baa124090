"""`find` on a library in which something was said and filed."""

import base64
import json
import sqlite3
import sys
from contextlib import closing
from typing import Any, NoReturn

import numpy as np
import pytest

import sorterd.find.meaning
from commands.filed_library import Library
from sorterd.artifact_names import VECTORS
from sorterd.features.models.errors import ModelsUnavailable
from sorterd.service.control import ControlServer
from sorterd.store.features import Features
from sorterd.store.settings import SPACE
from sorterd.store.store import DATABASE

SAID = {
    "cats/a.mp4": ("my cat chases a red laser", (1.0, 1.0)),
    "cats/b.mp4": ("", (1.0, 0.0)),
    "cats/old.mp4": ("laser cutting of steel; the cat is away", (-1.0, 1.0)),
    "odd\x1b.mp4": ("Crème brûlée", (-1.0, -1.0)),
}


@pytest.fixture
def spoken(library: Library) -> Library:
    """Something is known of each of its four videos."""
    (library.workspace.state / "artifacts").mkdir(exist_ok=True)
    library.workspace.open()
    for path, (said, vector) in SAID.items():
        video = library.workspace.at(path).fingerprint
        features = Features(video, np.array(vector, "<f4").tobytes(), said, "en", "speech" if said else "silent")
        library.workspace.store.features.add(features, "space-1", now=1.0)
    library.workspace.close()
    return library


def found(library: Library, *arguments: str) -> list[str]:
    code, out, _ = library.type("find", *arguments, "--json")
    hits = json.loads(out)
    assert code == (0 if hits else 1)
    return [hit["video"] for hit in hits]


def test_words_that_were_said_or_stand_in_the_name_are_found_wherever_the_video_lies(spoken: Library) -> None:
    assert found(spoken, "red laser", "--exact") == ["cats/a.mp4"]
    assert found(spoken, "laser", "--exact") == ["cats/a.mp4", "cats/old.mp4"]
    assert found(spoken, "creme brulee", "--exact") == ["odd\x1b.mp4"]
    assert found(spoken, "old", "--exact") == ["cats/old.mp4"]
    assert found(spoken, "nothing like it", "--exact") == []


def test_captions_are_searched_too(spoken: Library) -> None:
    with closing(sqlite3.connect(spoken.workspace.state / DATABASE)) as connection, connection:
        video = connection.execute("SELECT fingerprint FROM files WHERE path = ?", (b"cats/b.mp4",)).fetchone()[0]
        connection.execute(
            "INSERT INTO captions VALUES (?, '', 'jane: a bowl on the wheel. pottery', 'jane', 'd')", (video,)
        )
    assert found(spoken, "pottery wheel", "--exact") == ["cats/b.mp4"]
    out = spoken.type("find", "pottery", "--exact")[1]
    assert "bowl" not in out  # what a video says about itself is shown only where it is asked for


def test_only_a_folder_only_since_a_time_and_only_a_few(spoken: Library) -> None:
    assert found(spoken, "brulee", "--exact", "--folder", "cats/") == []
    assert found(spoken, "cat", "--exact", "--limit", "1") == ["cats/a.mp4"]
    assert found(spoken, "cat", "--exact", "--since", "2990-01-01") == []
    assert spoken.type("find", "cat", "--exact", "--folder", "dogs")[2].startswith(
        "sorterd: there is no folder 'dogs' in"
    )


def test_what_is_like_a_video(spoken: Library) -> None:
    assert found(spoken, "--like", str(spoken.workspace.root / "cats/a.mp4")) == [
        "cats/b.mp4",
        "cats/old.mp4",
        "odd\x1b.mp4",
    ]
    assert found(spoken, "--like", "cats/a.mp4", "--limit", "1") == ["cats/b.mp4"]
    assert (spoken.workspace.state / "artifacts" / VECTORS).exists()
    assert "no video is known at gone.mp4;" in spoken.type("find", "--like", "gone.mp4").refused()


def test_what_is_there_more_than_once(spoken: Library) -> None:
    (spoken.workspace.root / "again.mp4").write_bytes((spoken.workspace.root / "cats/a.mp4").read_bytes())
    spoken.workspace.open()
    spoken.workspace.synchronize()
    spoken.workspace.close()
    code, out, _ = spoken.type("find", "--duplicates", "--json")
    assert (code, json.loads(out)) == (0, [{"videos": ["again.mp4", "cats/a.mp4"], "exact": True}])


def test_one_way_to_search_at_a_time(spoken: Library) -> None:
    what = "sorterd: say what to find: words, or one of --like PATH, --misfiled, --duplicates\n"
    assert spoken.type("find") == (1, "", what)
    assert spoken.type("find", "cat", "--misfiled") == (1, "", what)
    assert spoken.type("find", "") == (1, "", what)


def test_what_would_narrow_a_list_that_is_whole_is_refused(spoken: Library) -> None:
    for way, options in (("--misfiled", ("--folder", "cats")), ("--duplicates", ("--limit", "3"))):
        what = f"sorterd: {way} shows all that it finds: leave out {options[0]}\n"
        assert spoken.type("find", way, *options) == (2, "", what)


def test_it_changes_nothing(spoken: Library) -> None:
    before = {path: path.read_bytes() for path in spoken.workspace.root.rglob("*") if path.is_file()}
    spoken.type("find", "--like", "cats/a.mp4")  # what the disk says is learned first
    with closing(sqlite3.connect(spoken.workspace.state / DATABASE)) as connection:
        rows = list(connection.iterdump())
    for arguments in (("cat", "--exact"), ("--like", "cats/a.mp4"), ("--duplicates",), ("--misfiled",)):
        spoken.type("find", *arguments)
    assert {path: path.read_bytes() for path in spoken.workspace.root.rglob("*") if path.is_file()} == before
    with closing(sqlite3.connect(spoken.workspace.state / DATABASE)) as connection:
        assert list(connection.iterdump()) == rows


def test_before_anything_was_looked_at_it_says_what_to_do(library: Library) -> None:
    for file in library.workspace.state.iterdir():
        if file.is_file() and file.name.startswith(("sorterd", "journal")):
            file.unlink()
    assert "nothing has been looked at yet" in library.type("find", "cat", "--exact")[2]


@pytest.mark.parametrize(("note", "value"), [("settings", "of another version"), ("id", "space-2")])
def test_right_after_an_update_it_finds_what_was_known_before(spoken: Library, note: str, value: str) -> None:
    """The settings of then are told from those of now by a hash that also has our version."""
    spoken.workspace.open()
    noted = spoken.workspace.store.notes.get(SPACE)
    assert noted is not None
    spoken.workspace.store.notes.put(SPACE, {**noted, note: value})
    spoken.workspace.close()
    assert found(spoken, "red laser", "--exact") == ["cats/a.mp4"]
    if note == "settings":  # in another feature space it must be extracted again first
        assert found(spoken, "--like", "cats/a.mp4", "--limit", "1") == ["cats/b.mp4"]
        assert spoken.type("find", "--duplicates")[0] == 1


def test_before_anything_is_extracted_names_are_searched_and_it_says_that_meaning_is_not(spoken: Library) -> None:
    spoken.workspace.open()
    spoken.workspace.store.notes.drop(SPACE)
    spoken.workspace.close()
    code, out, err = spoken.type("find", "old")
    assert (code, out) == (0, "cats/old.mp4\twords\n")
    assert err.startswith("sorterd: Only exact words were compared: no video was looked at yet.")


def test_without_models_words_are_found_and_it_says_so(spoken: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> NoReturn:
        raise ModelsUnavailable("the text tower is missing: install it")

    monkeypatch.setattr(sorterd.find.meaning, "meaning_by_models", none)
    code, out, err = spoken.type("find", "red laser", "--json")
    assert (code, [hit["video"] for hit in json.loads(out)]) == (0, ["cats/a.mp4"])
    assert err == "sorterd: Not all could be compared by meaning: the text tower is missing: install it\n"


def test_a_running_worker_is_asked_and_no_model_is_loaded(spoken: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def answer(request: dict[str, Any], _: object) -> dict[str, Any]:
        asked.append(request)
        return {"vectors": {"space-1": base64.b64encode(np.array([1.0], "<f4").tobytes()).decode()}}

    monkeypatch.setitem(sys.modules, "torch", None)
    with ControlServer(spoken.workspace.state, answer):
        videos = found(spoken, "anything")
    assert asked == [{"do": "embed", "text": "anything", "towers": ["space-1"], "load": False}]
    assert videos[0] == "cats/a.mp4"


@pytest.mark.parametrize("answer", [{"refused": "unknown request 'embed'"}, {"vectors": {"space-1": "AAAA"}}, {}])
def test_a_service_that_does_not_know_leaves_it_to_the_models_here(
    spoken: Library, answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []

    def load(_search: str, towers: list[str], *_: object) -> dict[str, Any]:
        loaded.append(towers)
        return {"space-1": np.array([1.0], np.float32)}

    monkeypatch.setattr(sorterd.find.meaning, "meaning_by_models", load)
    with ControlServer(spoken.workspace.state, lambda *_: answer):
        assert found(spoken, "anything")[0] == "cats/a.mp4"
    assert loaded == [["space-1"]]


def test_a_video_that_was_replaced_a_moment_ago_is_looked_at_first(spoken: Library) -> None:
    (spoken.workspace.root / "cats/a.mp4").write_bytes(b"quite another one")
    assert "cats/a.mp4 has not been looked at yet" in spoken.type("find", "--like", "cats/a.mp4").refused()
