"""What a reload says that has changed."""

from pathlib import Path

from sorterd.config import Config, MoveConfig, WatchConfig
from sorterd.config.differences import differences

BEFORE = Config(videos=Path("/videos"), state_dir=Path("/state"))


def test_the_same_settings_differ_in_nothing() -> None:
    assert differences(BEFORE, Config(videos=Path("/videos"), state_dir=Path("/state"))) == []


def test_each_setting_that_differs_is_named_with_both_values() -> None:
    after = Config(
        videos=Path("/films"),
        state_dir=Path("/state"),
        move=MoveConfig(enabled=False, threshold=0.9),
        watch=WatchConfig(extensions=(".mp4", ".mkv")),
    )
    said = differences(BEFORE, after)
    assert {"videos /videos -> /films", "move.enabled true -> false", "move.threshold 0.85 -> 0.9"} <= set(said)
    assert len(said) == 4
    assert any(one.startswith("watch.extensions [") and one.endswith("-> [.mp4, .mkv]") for one in said)
