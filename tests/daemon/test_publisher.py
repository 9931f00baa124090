"""`predictions.json` and `transcripts.json` follow the store."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.disks import small_disk
from support.running import Running, Words
from support.words import SPACE
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.daemon.publisher import GAP_SECONDS, SHARE, Publisher
from sorterd.store.features import Features
from sorterd.store.settings import LEARNED_NOTHING
from sorterd.worker.job_messages import Describe, Train


class Timer:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def running(workspace: Workspace) -> Running:
    workspace.lay_out({"cats": {"c1.mp4": b"cat 1"}, "cat.mp4": b"cat 2", "caf\udce9.mp4": b"lion 1"})
    return Running(workspace, Words(workspace.clock)).run()


def nothing() -> None:
    pass


def publisher(
    running: Running, folder: Path, timer: Timer | None = None, renewed: Callable[[], object] = nothing
) -> Publisher:
    folder.mkdir(exist_ok=True)
    return Publisher(running.workspace.store, running.loop.pipeline, folder, renewed, timer=timer or Timer())


def document(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text())


def test_what_waits_in_the_inbox_is_there_with_guess_and_reason(running: Running, tmp_path: Path) -> None:
    publisher(running, tmp_path / "artifacts").turn()
    assert document(tmp_path / "artifacts", "predictions.json") == [
        {
            "video": r"caf\xe9.mp4",  # as `artifacts.py` writes names that are not UTF-8
            "predicted_folder": "cats",
            "confidence": 0.2,
            "top_predictions": [{"folder": "cats", "confidence": 0.2}],
            "decision": "inbox",
            "reason": "like nothing that you filed",
        }
    ]


def test_transcripts_tell_silence_from_speech(running: Running, tmp_path: Path) -> None:
    workspace = running.workspace
    content = workspace.at("cats/c1.mp4").fingerprint
    workspace.store.features.add(Features(content, b"cat", "a cat says", "en", "speech"), SPACE, now=1.0)
    publisher(running, tmp_path / "artifacts").turn()
    transcripts = document(tmp_path / "artifacts", "transcripts.json")
    assert set(transcripts) == {"cats/c1.mp4", "cats/cat.mp4", r"caf\xe9.mp4"}
    assert transcripts["cats/c1.mp4"] == {"text": "a cat says", "language": "en", "has_speech": True}
    assert transcripts["cats/cat.mp4"]["has_speech"] is False


def test_nothing_is_written_while_nothing_changes(running: Running, tmp_path: Path) -> None:
    writes = publisher(running, tmp_path / "artifacts")
    assert writes.turn() is None
    (tmp_path / "artifacts" / "predictions.json").unlink()
    assert writes.turn() is None
    assert not (tmp_path / "artifacts" / "predictions.json").exists()
    running.workspace.store.notes.put(LEARNED_NOTHING, "something")
    writes.turn()
    assert (tmp_path / "artifacts" / "predictions.json").exists()


def test_while_the_worker_is_busy_it_is_written_now_and_then(running: Running, tmp_path: Path) -> None:
    timer = Timer()
    writes = publisher(running, tmp_path / "artifacts", timer)
    writes.turn()
    (tmp_path / "artifacts" / "predictions.json").unlink()
    running.loop.pipeline.busy.add(Describe(99))
    running.workspace.store.notes.put(LEARNED_NOTHING, "something")
    timer.now = 4.0
    assert writes.turn() == GAP_SECONDS - 4.0
    assert not (tmp_path / "artifacts" / "predictions.json").exists()
    timer.now = GAP_SECONDS
    writes.turn()
    assert (tmp_path / "artifacts" / "predictions.json").exists()


def test_slow_publishing_is_done_less_often(running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timer = Timer()
    writes = publisher(running, tmp_path / "artifacts", timer)

    def slowly(*_: object) -> None:
        timer.now += 2.0

    monkeypatch.setattr("sorterd.daemon.publisher.write_transcripts", slowly)
    writes.turn()
    running.loop.pipeline.busy.add(Describe(99))
    running.workspace.store.notes.put(LEARNED_NOTHING, "something")
    timer.now += 30.0
    assert writes.turn() == 2.0 * SHARE - 30.0


def test_a_full_disk_is_told_of_and_tried_again(running: Running, tmp_path: Path) -> None:
    with small_disk(tmp_path / "artifacts", "64k"):
        (tmp_path / "artifacts" / "big").write_bytes(bytes(64 * 1024))
        writes = publisher(running, tmp_path / "artifacts")
        assert writes.turn() == GAP_SECONDS
        assert running.heard(Fault)[-1].reason == "predictions.json could not be written: No space left on device"
        (tmp_path / "artifacts" / "big").unlink()
        assert writes.turn() is None
        assert len(document(tmp_path / "artifacts", "predictions.json")) == 1


def test_a_deleted_folder_is_written_anew_at_once_and_a_model_is_made_for_it(running: Running, tmp_path: Path) -> None:
    folder, timer = tmp_path / "artifacts", Timer()
    there: list[bool] = []
    publishing = publisher(running, folder, timer, lambda: there.append(folder.is_dir()))
    publishing.turn()
    running.loop.each_turn(publishing.turn)
    running.loop.pipeline.busy.add(Describe(0))  # whatever is under way does not delay it
    shutil.rmtree(folder)
    publishing.turn()
    assert {path.name for path in folder.iterdir()} == {"predictions.json", "transcripts.json"}
    assert [trouble.reason for trouble in running.heard(Fault)] == [
        f"{folder} was deleted; what was in it is made again"
    ]
    running.loop.pipeline.busy.end(0)
    trained = running.worker.count(Train)
    running.run()
    assert running.worker.count(Train) == trained + 1
    assert len(document(folder, "predictions.json")) == 1
    assert there == [True], "who writes into it is told when there is another"
