"""Captions in the service as a user runs it: real processes, the real text tower, real files."""

import json
import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from support.cheap_service import CHEAP
from support.service import Service, running
from support.typed import asked
from support.words import drop, library

from sorterd.samples import SAMPLES

PATIENCE = 120.0
SAID = {
    "beach": ("long beach day, the sea and warm sand", "surfing big waves at the coast #surf #ocean"),
    "cooking": ("easy pasta recipe with lemon #cooking", "baking bread in my kitchen, full recipe"),
    "space": ("a rocket launch at night #space", "galaxies and nebulas through my telescope"),
}
SECRET = "zanzibarquokka"  # a word that stands in captions, authors and hashtags, and nowhere else


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Three categories, two videos each, whose names say nothing and whose sidecars say what they are about."""
    for category, captions in SAID.items():
        (tmp_path / "videos" / category).mkdir(parents=True)
        for number, (video, text) in enumerate(zip(sorted((SAMPLES / category).glob("*.mp4")), captions, strict=False)):
            place = tmp_path / "videos" / category / f"VID_{number}{category[:1]}.mp4"
            shutil.copyfile(video, place)
            place.with_suffix(".description").write_text(f"{text} {SECRET} #{SECRET}")
    add(tmp_path, "VID_7", SAMPLES / "waves.mp4", "come surfing with us, the waves at the beach are huge")
    path = tmp_path / "config.yaml"
    path.write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 0.3}\ntrain: {debounce_seconds: 0.3}\n"
        "features: {models: embedded, whisper: 'off'}\nmove: {enabled: false}\nlog: {format: json, level: debug}\n"
    )
    return path


def add(folder: Path, name: str, video: Path, text: str) -> None:
    """Put a video into the inbox, with an .info.json that says this."""
    about = {"description": f"{text} {SECRET}", "tags": [SECRET], "uploader_url": f"https://www.tiktok.com/@{SECRET}"}
    (folder / "videos" / f"{name}.info.json").write_text(json.dumps(about))
    shutil.copyfile(video, folder / "videos" / f"{name}.mp4")


def rows(config: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the service's database; nothing as long as there is none."""
    path = config.parent / "state" / "sorterd.sqlite3"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:  # not made yet
            return []


def wait_for(config: Path, service: Service, query: str) -> list[tuple[object, ...]]:
    """Ask until there is an answer."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and service.process.poll() is None:
        if found := rows(config, query):
            return found
        time.sleep(0.02)
    raise AssertionError(f"no answer to {query}, but {service.seen[-5:]}")


def test_captions_guess_first_change_the_word_later_and_are_in_no_log(config: Path) -> None:
    with running(config) as service:
        # Predictions and features at one moment: the guess is there before anything was extracted.
        guess = "SELECT CAST(folder AS TEXT), move, reason, (SELECT count(*) FROM features) FROM predictions"
        folder, move, reason, extracted = wait_for(config, service, guess)[0]
        assert (folder, move, extracted) == ("beach", 0, 0)
        assert str(reason).startswith("a first guess")
        service.wait_for("trained", in_use=True)

        # A video comes without a caption, is looked at, and then a caption comes.
        shutil.copyfile(SAMPLES / "no-restaurant-today.mp4", config.parent / "videos" / "VID_9.mp4")
        said = (
            "SELECT top FROM predictions JOIN files USING (fingerprint) JOIN features USING (fingerprint) "
            "JOIN captions USING (fingerprint) WHERE path = CAST('VID_9.mp4' AS BLOB) AND digest"
        )
        ((top,),) = wait_for(config, service, f"{said} = ''")
        about = "surfing huge waves in the sea, a long day on the sand of the beach #surf"
        (config.parent / "videos" / "VID_9.txt").write_text(f"{about} {SECRET}")
        ((later,),) = wait_for(config, service, f"{said} <> ''")
        assert dict(json.loads(str(later)))["beach"] > 2 * dict(json.loads(str(top)))["beach"]
        assert rows(config, "SELECT count(*) FROM features") == [(8,)]

        status = asked(config, "status", "--json").json
        assert (status["captions"]["videos"], status["captions"]["unread"]) == (8, None)

        # It is shown to nobody who does not ask for it.
        explained = asked(config, "explain", "VID_7.mp4").out
        assert "caption" in explained
        assert SECRET not in explained
        assert SECRET in asked(config, "explain", "--caption", "VID_7.mp4").out
        assert SECRET not in asked(config, "explain", "--json", "VID_7.mp4").out
        assert service.stop() == 0
    assert SECRET not in json.dumps(service.seen)
    log = config.parent / "state"
    assert not any(SECRET.encode() in file.read_bytes() for file in log.rglob("*.log"))


def cheap_library(tmp_path: Path, *texts: str) -> Path:
    """A library for the cheap worker, whose inbox has a video with each of these captions."""
    config = library(tmp_path)
    for number, text in enumerate(texts):
        drop(tmp_path, "birds", number, f"{number}.mp4")
        (tmp_path / "videos" / f"{number}.txt").write_text(text)
    return config


def test_a_caption_that_kills_the_reading_process_is_missing_and_the_others_are_read(tmp_path: Path) -> None:
    config = cheap_library(tmp_path, "birds fly", "abort", "birds sing")
    with running(config, CHEAP) as service:
        query = "SELECT CAST(path AS TEXT), text FROM captions JOIN files USING (fingerprint) WHERE category IS NULL"
        wait_for(config, service, f"{query} GROUP BY 1 HAVING (SELECT count(*) FROM captions) = 9")
        assert sorted(rows(config, query)) == [("0.mp4", "birds fly"), ("1.mp4", ""), ("2.mp4", "birds sing")]
        wait_for(config, service, "SELECT 1 FROM features GROUP BY 1 HAVING count(*) = 9")
        assert service.stop() == 0


def test_a_worker_that_is_killed_while_it_reads_loses_nothing(tmp_path: Path) -> None:
    config = cheap_library(tmp_path, "birds fly", "wait", "birds sing")
    with running(config, CHEAP) as service:
        waits = config.parent / "state" / "artifacts" / "waits"
        deadline = time.monotonic() + PATIENCE
        while not waits.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(int(waits.read_text()), signal.SIGKILL)
        wait_for(config, service, "SELECT 1 FROM captions GROUP BY 1 HAVING count(*) = 9")
        assert sorted(rows(config, "SELECT text FROM captions WHERE text <> ''")) == [
            ("birds fly",),
            ("birds sing",),
            ("wait",),
        ]
        assert service.stop() == 0
