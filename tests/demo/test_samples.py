"""The sample clips are small and playable. That they can be told apart is checked after a whole demo (`checks`)."""

import av

from demo.checks import TOLD_BY_WORDS_ONLY
from sorterd.demo.library import belongs
from sorterd.samples import SAMPLES

CLIPS = {path.relative_to(SAMPLES).as_posix(): path for path in sorted(SAMPLES.rglob("*.mp4"))}


def test_every_clip_is_short_small_h264_with_aac_or_without_sound() -> None:
    assert sum(path.stat().st_size for path in CLIPS.values()) < 3_000_000
    for path in CLIPS.values():
        assert path.stat().st_size < 80_000
        with av.open(str(path)) as container:
            assert container.duration
            assert 4 < container.duration / av.time_base < 10
            kinds = [(stream.type, stream.codec_context.name) for stream in container.streams]
        assert kinds in ([("video", "h264")], [("video", "h264"), ("audio", "aac")])


def test_there_are_folders_to_learn_from_and_an_inbox_with_strangers() -> None:
    folders = {name.split("/")[0] for name in CLIPS if "/" in name}
    assert all(sum(name.startswith(f"{folder}/") for name in CLIPS) >= 5 for folder in folders)
    inbox = {name for name in CLIPS if "/" not in name}
    assert set(belongs()) == inbox
    assert None in belongs().values()
    assert set().union(*TOLD_BY_WORDS_ONLY) < folders
