"""The status document, where no other test looks at it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from support.workspace import Workspace

from sorterd.config import Config
from sorterd.daemon.live import Live
from sorterd.daemon.status import status
from sorterd.features.settings import FeatureSettings, FeatureSpace, extracted_modalities
from sorterd.pipeline import feature_space
from sorterd.report.status_page import print_status
from sorterd.store.features import Features
from sorterd.store.settings import SIDECARS_LEFT, TRAINING
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


def document(workspace: Workspace, live: Live | None) -> dict[str, Any]:
    config = Config(videos=workspace.root, state_dir=workspace.state)
    return status(config, workspace.store, live, 7, now=0.0)


def sent(live: Live) -> Live:
    """What the service says, as it arrives."""
    return Live.from_json(json.loads(json.dumps(live.to_json())))


def test_while_it_extracts_it_says_how_fast_and_how_long_it_will_take(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"cat 1", "b.mp4": b"cat 2"})
    found = document(workspace, live(40.04))
    assert (found["videos_per_minute"], found["seconds_left"]) == (40.0, 3)


def test_after_an_update_what_was_extracted_before_does_not_count_as_waiting(workspace: Workspace) -> None:
    """Another version's settings have another signature. Whether the space is the same, the worker will say."""
    workspace.take_in({"a.mp4": b"cat 1", "b.mp4": b"cat 2"})
    space = FeatureSpace("space-1", extracted_modalities(1, 1), "embedded", "cpu")
    feature_space.remember(workspace.store.notes, FeatureSettings(models="embedded", frames=4), space)
    features = Features(workspace.content("a.mp4"), bytes(8), "", "", "none")
    workspace.store.features.add(features, space.id, now=0.0)
    asked = document(workspace, live(None))
    assert asked["queue"]["pending"] == 1
    assert asked["models"] == "embedded"


def test_a_waiting_backlog_says_why_and_no_time(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.take_in({"a.mp4": b"cat 1", "b.mp4": b"cat 2"})
    held = {"videos": 2, "reason": "2 videos wait until 22:00, because work.window is 22:00-07:00", "until": 79200.0}
    found = document(workspace, sent(replace(live(40.0), held=held)))
    assert (found["held"], found["seconds_left"]) == (held, None)
    print_status(found)
    assert f"backlog\t{held['reason']}\n" in capsys.readouterr().out


def test_what_is_not_known_or_over_is_null(workspace: Workspace) -> None:
    assert document(workspace, live(40.0))["seconds_left"] is None
    workspace.take_in({"a.mp4": b"cat 1"})
    unknown = document(workspace, live(None))
    assert (unknown["videos_per_minute"], unknown["seconds_left"]) == (None, None)


def test_a_loop_that_does_not_come_round_is_not_healthy(workspace: Workspace) -> None:
    found = document(workspace, live(None, silent=300.0))
    assert found["watcher"]["reason"] == "the service has been busy with one thing for 300 s"
    assert not found["watcher"]["healthy"]
    assert document(workspace, live(None))["watcher"]["healthy"]


def test_what_the_graphics_card_does_and_refuses_is_told(workspace: Workspace) -> None:
    devices = {"pictures": "cpu", "words": "cpu", "speech": "cuda"}
    here = replace(live(None), devices=devices, device_troubles=("pictures and words on the processor: full",))
    found = document(workspace, sent(here))
    assert (found["device"], found["devices"]) == ("cuda", devices)
    assert found["device_troubles"] == ["pictures and words on the processor: full"]
    assert found["errors"] == []
    assert document(workspace, live(None))["devices"] is None


def test_what_could_not_be_moved_and_what_stayed_behind_is_told_while_nothing_runs(workspace: Workspace) -> None:
    content = "f" * 32
    workspace.store.unmoved.put(Unmoved("what?.mp4", content, "cats", "the name has '?' in it", True, "", 1.0))
    workspace.store.notes.put(SIDECARS_LEFT, [["a.srt", "cats/a.srt exists already"]])
    said = document(workspace, None)
    assert said["errors"] == [{"path": "what?.mp4", "reason": "the name has '?' in it"}]
    assert said["sidecars_left"] == [{"path": "a.srt", "reason": "cats/a.srt exists already"}]


def test_of_the_last_training_it_has_the_sentence_and_the_values(workspace: Workspace) -> None:
    assert document(workspace, None)["training"] is None
    workspace.store.notes.put(TRAINING, last := {"swapped": True, "worse": "", "reason": "took the new model"})
    found = document(workspace, None)
    assert (found["training"], found["last_training"]) == ("took the new model", last)
