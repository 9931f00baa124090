"""The service as a user runs it: real processes, real models, real drags. The life of one library, in order."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from support.service import running
from support.typed import asked

from sorterd.samples import SAMPLES

CATEGORIES = ("beach", "cats", "space")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Three categories of the sample library, nothing in the inbox."""
    for category in CATEGORIES:
        shutil.copytree(SAMPLES / category, tmp_path / "videos" / category)
    path = tmp_path / "config.yaml"
    path.write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 0.5}\ntrain: {debounce_seconds: 0.5}\n"
        "features: {models: embedded, whisper: 'off'}\nlog: {format: json}\n"
    )
    return path


def extracted(config: Path) -> dict[str, float]:
    """Return when each extracted video was extracted."""
    with sqlite3.connect(config.parent / "state" / "sorterd.sqlite3") as connection:
        return dict(connection.execute("SELECT fingerprint, at FROM features"))


def test_it_sorts_learns_from_drags_survives_a_kill_and_takes_moves_back(config: Path) -> None:
    videos = config.parent / "videos"
    with running(config) as service:
        service.wait_for("trained", in_use=True)

        # A video is dropped. It is extracted and filed, and its sidecar with it.
        (videos / "waves.info.json").write_text("{}")
        shutil.copyfile(SAMPLES / "waves.mp4", videos / "waves.mp4")
        assert service.wait_for("moved", path="waves.mp4")["folder"] == "beach"
        assert (videos / "beach" / "waves.info.json").exists()
        assert not service.events("trained")[1:], "its own move teaches it nothing"

        # Later videos follow.
        (videos / "waves.en.srt").write_text("subtitles")
        service.wait_for("waves.en.srt followed its video: it is beach/waves.en.srt now (move 2)")

        # The status says all of that.
        status = asked(config, "status", "--json").json
        assert status["running"]
        assert status["pid"] == service.process.pid
        assert status["watcher"]["healthy"]
        assert status["categories"]["beach"] == {"user": 6, "auto": 1, "confirmed": 0}
        assert status["moves"] == {"total": 1, "undone": 0, "corrected": 0}

        # The user drags it elsewhere. That is a correction, from which it learns.
        (videos / "beach" / "waves.mp4").rename(videos / "space" / "waves.mp4")
        service.wait_for("noticed", what="moved from beach to space")
        service.wait_for("trained")
        before = extracted(config)

        # Killed without warning. Meanwhile the user goes on: files a new kind, renames a folder, deletes a video.
        service.kill()
    shutil.copytree(SAMPLES / "cooking", videos / "cooking")
    (videos / "cats").rename(videos / "my cats")
    (videos / "space" / "waves.mp4").rename(videos / "beach" / "waves.mp4")
    (videos / "space" / "supernova.mp4").unlink(missing_ok=True)

    with running(config) as service:
        service.wait_for("trained", in_use=True)
        status = asked(config, "status", "--json").json
        assert status["categories"]["beach"] == {"user": 7, "auto": 0, "confirmed": 0}
        assert status["categories"]["my cats"] == {"user": 6, "auto": 0, "confirmed": 0}
        assert status["categories"]["cooking"]["user"] == 6
        assert status["moves"]["corrected"] == 1
        assert status["model"]["labels"] == ["beach", "cooking", "my cats", "space"]
        after = extracted(config)
        assert {video: after[video] for video in before} == before, "nothing is extracted twice"

        # A move is taken back by command, and stays taken back.
        shutil.copyfile(SAMPLES / "cat-at-home.mp4", videos / "cat.mp4")
        assert service.wait_for("moved", path="cat.mp4")["folder"] == "my cats"
        undone = asked(config, "undo", "--json").json
        assert undone["undone"][0]["to"] == "cat.mp4"
        assert (videos / "cat.mp4").exists()
        service.wait_for("trained")
        review = asked(config, "review", "--json").json
        assert [one["video"] for one in review if one["decision"] == "inbox"] == ["cat.mp4"]
        assert (videos / "cat.mp4").exists()
        assert service.stop() == 0
    status = asked(config, "status", "--json").json
    assert not status["running"]
    assert status["moves"] == {"total": 2, "undone": 1, "corrected": 1}
