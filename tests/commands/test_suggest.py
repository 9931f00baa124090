"""`suggest` on an inbox with two groups of alike videos, among others that are like nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.alike import MODALITIES, alike
from support.service import running

from commands.filed_library import Library
from sorterd.config import load_config
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline import feature_space
from sorterd.pipeline.model_in_use import predictor_id
from sorterd.prediction import Prediction
from sorterd.store.captions import StoredCaption
from sorterd.store.features import Features
from sorterd.store.settings import MODEL as MODEL_IN_USE
from sorterd.store.store import DATABASE

POTS = [f"pottery {letter}.mp4" for letter in "abcdefgh"]
CARS = [f"{letter} race.mp4" for letter in "abcdef"]
MODEL = {"model_type": "knn", "trained_at": "2026-01-31T12:00:00+00:00", "label_names": ["cats"], "feature_space": "s"}


@pytest.fixture
def inbox(library: Library) -> Library:
    """Nothing was judged yet, and everything was looked at."""
    names = [*POTS, *CARS, *(f"{number}.mp4" for number in range(40))]
    library.workspace.lay_out({name: name.encode() for name in names} | {"pottery a.jpg": b"picture"})
    library.workspace.open()
    library.workspace.synchronize()
    store = library.workspace.store
    space = FeatureSpace("s", MODALITIES, "embedded", "cpu")
    feature_space.remember(store.notes, load_config(library.config).feature_settings(), space)
    for name, row in zip(names, alike([len(POTS), len(CARS)], others=40), strict=True):
        video = library.workspace.at(name).fingerprint
        store.features.add(Features(video, row.astype("<f4").tobytes(), "", "", "none"), "s", now=1.0)
    library.workspace.close()
    (library.workspace.state / "artifacts").mkdir(exist_ok=True)
    return library


def group_of(library: Library, name: str) -> str:
    return next(
        str(one["group"]) for one in library.json("suggest") if name in [video["path"] for video in one["videos"]]
    )


def test_groups_are_shown_with_their_words_and_nothing_is_moved(inbox: Library) -> None:
    before = inbox.on_disk()
    pots, cars = inbox.json("suggest")
    assert (pots["words"], pots["folder"]) == (["pottery"], "pottery")
    assert {video["path"] for video in pots["videos"]} == set(POTS)
    assert {video["path"] for video in cars["videos"]} == set(CARS)
    assert cars["videos"][0]["poster"].endswith(".webp")
    code, out, err = inbox.type("suggest")
    assert (code, [line.split("\t")[:3] for line in out.splitlines()]) == (
        0,
        [[pots["group"], "8", "pottery"], [cars["group"], "6", "race"]],
    )
    assert "2 groups of alike videos among the 54 in the inbox that no folder fits. Nothing was moved." in err
    assert f"suggest --make pottery {pots['group']}\n" in err
    assert set(inbox.type("suggest", pots["group"]).done().splitlines()) == set(POTS)
    assert inbox.on_disk() == before


def test_a_folder_is_made_with_all_of_a_group_and_one_command_takes_that_back(inbox: Library) -> None:
    before = inbox.on_disk()
    group = group_of(inbox, POTS[0])
    said = inbox.type("suggest", "--make", "my pots", group, "--dry-run").done()
    assert sorted(said.splitlines()) == [f"{name} would be filed into my pots" for name in POTS]
    assert inbox.on_disk() == before
    out = inbox.type("suggest", "--make", "my pots", group).done()
    assert {f"my pots/{name}" for name in POTS} | {"my pots/pottery a.jpg"} <= inbox.on_disk()
    assert out.splitlines()[-1].startswith("8 videos filed. To take that back: sorterd ")
    assert out.splitlines()[-1].endswith(" undo 3-10")
    assert len(inbox.type("undo", "3-10").done().splitlines()) == 9  # the folder is gone too
    assert inbox.on_disk() == before
    assert not (inbox.workspace.root / "my pots").exists()
    assert group_of(inbox, POTS[0]) == group  # the same inbox has the same groups


def test_what_was_shown_is_filed_and_what_has_left_meanwhile_is_said_and_skipped(inbox: Library) -> None:
    root, group = inbox.workspace.root, group_of(inbox, POTS[0])
    (root / POTS[0]).rename(root / "cats" / POTS[0])
    (root / POTS[1]).unlink()
    (root / POTS[2]).rename(root / "renamed.mp4")
    (root / POTS[3]).unlink()
    (root / POTS[3]).write_bytes(b"another video under the same name")
    (root / "pottery z.mp4").write_bytes(b"it came later")
    out = inbox.type("suggest", "--make", "pots", group).done()
    filed = {path.removeprefix("pots/") for path in inbox.on_disk() if path.startswith("pots/")}
    assert filed == {*POTS[4:], "renamed.mp4"}
    said = set(out.splitlines())
    assert f"{POTS[0]} was skipped: it is not in the inbox any more; it is cats/{POTS[0]} now" in said
    assert f"{POTS[1]} was skipped: it is not in the inbox any more" in said
    assert inbox.type("suggest", "--make", "pots", group)[0] == 1  # nothing is left to file


def test_what_can_be_no_folder_is_refused_and_nothing_is_made(inbox: Library) -> None:
    before, group = inbox.on_disk(), group_of(inbox, POTS[0])
    for folder in ("..", "a/b", ".hidden", "", "x" * 256, "\0", "@eaDir"):
        for more in ([], ["--dry-run"]):
            assert inbox.type("suggest", "--make", folder, group, *more).refused().startswith("sorterd: "), folder
    assert inbox.on_disk() == before


def test_a_folder_that_is_there_is_taken_however_it_is_spelt(inbox: Library) -> None:
    assert inbox.json("suggest", "--make", "CATS/", group_of(inbox, POTS[0]))["filed"][0]["to"].startswith("cats/")
    answer = inbox.json("suggest", "--make=-odd\udcff", group_of(inbox, CARS[0]))
    assert {one["to"] for one in answer["filed"]} == {f"-odd\udcff/{name}" for name in CARS}


def test_all_copies_of_a_video_go_together(inbox: Library) -> None:
    (inbox.workspace.root / "copy of a.mp4").write_bytes(POTS[0].encode())
    answer = inbox.json("suggest", "--make", "pots", group_of(inbox, POTS[1]))
    assert {one["to"] for one in answer["filed"]} == {f"pots/{name}" for name in [*POTS, "copy of a.mp4"]}


def test_a_video_with_a_copy_in_a_folder_is_in_no_group_and_stays_if_it_was_copied_meanwhile(inbox: Library) -> None:
    group = group_of(inbox, POTS[0])
    (inbox.workspace.root / "cats" / "same.mp4").write_bytes(POTS[0].encode())
    (pots, _) = inbox.json("suggest")
    assert {video["path"] for video in pots["videos"]} == set(POTS[1:])
    said = inbox.type("suggest", "--make", "pots", group).done()
    assert f"{POTS[0]} was skipped: a copy of it is in a folder: cats/same.mp4" in said
    assert {path for path in inbox.on_disk() if path in POTS} == {POTS[0]}


def test_videos_that_belong_in_a_folder_are_in_no_group_unless_the_user_took_them_out(inbox: Library) -> None:
    inbox.workspace.open()
    store = inbox.workspace.store
    store.notes.put(MODEL_IN_USE, MODEL)
    for name in [*POTS, *CARS]:
        video = inbox.workspace.at(name).fingerprint
        share = 0.6 if name in POTS else 0.4
        prediction = Prediction("cats", share, (("cats", share),), False, "not sure enough")
        store.predictions.put(video, predictor_id(MODEL, 0.85), prediction, now=1.0)
    inbox.workspace.close()
    assert [{video["path"] for video in one["videos"]} for one in inbox.json("suggest")] == [set(CARS)]
    inbox.workspace.open()
    for name in POTS:
        inbox.workspace.store.files.reject(inbox.workspace.at(name).fingerprint, "cats", now=1.0)
    inbox.workspace.close()
    assert len(inbox.json("suggest")) == 2


def test_wrong_wishes_are_answered(inbox: Library) -> None:
    assert "say of which group" in inbox.type("suggest", "--make", "pots")[2]
    assert "nothing is moved without it" in inbox.type("suggest", "--dry-run")[2]
    assert "no group 123456 was shown" in inbox.type("suggest", "--make", "pots", "123456")[2]
    assert "there is no group 123456 now" in inbox.type("suggest", "123456")[2]
    root: Path = inbox.workspace.root
    group = group_of(inbox, POTS[0])
    root.rename(root.with_name("elsewhere"))
    assert "is the disk that holds it mounted?" in inbox.type("suggest", "--make", "pots", group).refused()
    assert len(inbox.json("suggest")) == 2  # what is known is shown all the same


def test_before_anything_was_looked_at_it_says_so(library: Library) -> None:
    with closing(sqlite3.connect(library.workspace.state / DATABASE)) as connection, connection:
        connection.execute("DELETE FROM notes")
    assert "nothing has been looked at yet" in library.type("suggest")[2]


def test_words_of_captions_are_in_no_log_and_no_kept_file(inbox: Library) -> None:
    inbox.config.write_text(inbox.config.read_text().replace("captions: false", "captions: true"))
    inbox.workspace.open()
    for name in POTS:
        caption = StoredCaption(inbox.workspace.at(name).fingerprint, "", "on the wheel. kiln", "", "d")
        inbox.workspace.store.captions.put(caption, {})
    inbox.workspace.close()
    _, out, err = inbox.type("suggest")
    assert "#kiln" in out
    kept = b"".join(path.read_bytes() for path in (inbox.workspace.state / "artifacts").iterdir())
    assert b"kiln" not in kept
    assert "kiln" not in err.replace("suggest --make kiln", "")


def test_a_running_service_files_them(inbox: Library) -> None:
    group = group_of(inbox, POTS[0])
    with running(inbox.config):
        answer = inbox.json("suggest", "--make", "pots", group)
        assert len(answer["filed"]) == len(POTS)
        assert inbox.json("undo", f"{answer['filed'][0]['id']}-{answer['filed'][-1]['id']}")["refused"] == []
    assert set(POTS) <= inbox.on_disk()
