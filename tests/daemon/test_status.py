"""The status document, where no other test looks at it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from support.house import House

from sorterd.config import Config
from sorterd.daemon.live import Live
from sorterd.daemon.status import status
from sorterd.report.status_page import print_status
from sorterd.store.settings import SIDECARS_LEFT
from sorterd.store.unmoved import Unmoved


def live(rate: float | None, *, silent: float = 0.0) -> Live:
    return Live(
        pid=7,
        silent_seconds=silent,
        watcher_backend="inotify",
        watcher_healthy=True,
        watcher_reason="",
        worker_state="busy",
        worker_restarts=0,
        activity="extracting",
        rate=rate,
    )


def document(house: House, rate: float | None) -> dict[str, Any]:
    config = Config(videos=house.root, state_dir=house.state)
    return status(config, house.store, live(rate), 7, now=0.0)


def test_while_it_extracts_it_says_how_fast_and_how_long_it_will_take(house: House) -> None:
    house.lay_out({"a.mp4": b"cat 1", "b.mp4": b"cat 2"})
    house.synchronize()
    found = document(house, 40.04)
    assert (found["videos_per_minute"], found["seconds_left"]) == (40.0, 3)


def test_a_backlog_that_waits_says_why_and_not_how_long_it_takes(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.lay_out({"a.mp4": b"cat 1", "b.mp4": b"cat 2"})
    house.synchronize()
    held = {"videos": 2, "reason": "2 videos wait until 22:00, because work.window is 22:00-07:00", "until": 79200.0}
    asked = Live.from_json(json.loads(json.dumps(replace(live(40.0), held=held).to_json())))
    found = status(Config(videos=house.root, state_dir=house.state), house.store, asked, 7, now=0.0)
    assert (found["held"], found["seconds_left"]) == (held, None)
    print_status(found)
    assert f"backlog\t{held['reason']}\n" in capsys.readouterr().out


def test_what_is_not_known_or_over_is_null(house: House) -> None:
    assert document(house, 40.0)["seconds_left"] is None
    house.lay_out({"a.mp4": b"cat 1"})
    house.synchronize()
    unknown = document(house, None)
    assert (unknown["videos_per_minute"], unknown["seconds_left"]) == (None, None)


def test_a_loop_that_does_not_come_round_is_not_healthy(house: House) -> None:
    config = Config(videos=house.root, state_dir=house.state)
    found = status(config, house.store, live(None, silent=300.0), 7, now=0.0)
    assert found["watcher"]["reason"] == "the service has been busy with one thing for 300 s"
    assert not found["watcher"]["healthy"]
    assert status(config, house.store, live(None), 7, now=0.0)["watcher"]["healthy"]


def test_what_the_graphics_card_does_and_refuses_is_told(house: House) -> None:
    config = Config(videos=house.root, state_dir=house.state)
    devices = {"pictures": "cpu", "words": "cpu", "speech": "cuda"}
    here = replace(live(None), devices=devices, device_troubles=("pictures and words on the processor: full",))
    found = status(config, house.store, Live.from_json(json.loads(json.dumps(here.to_json()))), 7, now=0.0)
    assert (found["device"], found["devices"]) == ("cuda", devices)
    assert found["device_troubles"] == ["pictures and words on the processor: full"]
    assert found["errors"] == []
    assert status(config, house.store, live(None), 7, now=0.0)["devices"] is None


def test_what_could_not_be_moved_and_what_stayed_behind_is_told_while_nothing_runs(house: House) -> None:
    content = "f" * 32
    house.store.unmoved.put(Unmoved("what?.mp4", content, "cats", "the name has '?' in it", True, "", 1.0))
    house.store.notes.put(SIDECARS_LEFT, [["a.srt", "cats/a.srt exists already"]])
    said = status(Config(videos=house.root, state_dir=house.state), house.store, None, None, now=1.0)
    assert said["errors"] == [{"path": "what?.mp4", "reason": "the name has '?' in it"}]
    assert said["sidecars_left"] == [{"path": "a.srt", "reason": "cats/a.srt exists already"}]
