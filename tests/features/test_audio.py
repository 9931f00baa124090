import os
from pathlib import Path

import av
import numpy as np
import pytest
from support.films import ABSURD, claim_length, film, speech

from sorterd.features import audio
from sorterd.features.audio import RATE, WINDOW, WINDOWS, Sound
from sorterd.features.clip import read_clip
from sorterd.features.picture import PictureShape

SHAPE = PictureShape(32)


def sound_of(path: Path) -> Sound:
    return read_clip(os.fsencode(path), 5, SHAPE, sound=True).sound


def test_sound_comes_as_16_kHz_mono(tmp_path: Path) -> None:
    sound = sound_of(film(tmp_path / "a.mp4", sound="sine"))
    (window,) = sound.windows
    assert (sound.state, sound.complete) == ("heard", True)
    assert window.dtype == np.float32
    assert abs(window.size - 2 * RATE) < RATE / 10
    loudest = np.abs(np.fft.rfft(window[: 2 * RATE - RATE // 5])).argmax() / (2 - 1 / 5)
    assert abs(loudest - 330) < 2
    assert 0.25 < np.abs(window[RATE // 2 : RATE]).max() < 0.35


@pytest.mark.parametrize("name", ["a.ts", "a.mkv", "a.avi", "a.webm"])
def test_the_sound_starts_at_the_start_although_the_pictures_were_read_first(tmp_path: Path, name: str) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    (window,) = sound_of(film(tmp_path / name, codec=codec, sound="speech", seconds=6)).windows
    said = speech()
    shift = int(np.correlate(window[: 4 * RATE], said[RATE : 2 * RATE], "valid").argmax()) - RATE
    assert abs(shift) < RATE / 10


def test_a_long_video_is_heard_in_samples_spread_over_it(tmp_path: Path) -> None:
    path = film(tmp_path / "long.mp4", seconds=150, fps=1, sound="sine", size=(16, 16))
    sound = sound_of(path)
    assert not sound.complete
    assert [round(window.size / RATE) for window in sound.windows] == [WINDOW] * WINDOWS


def test_a_minute_is_heard_whole_in_windows_of_thirty_seconds(tmp_path: Path) -> None:
    sound = sound_of(film(tmp_path / "a.mp4", seconds=50, fps=1, sound="sine", size=(16, 16)))
    assert sound.complete
    assert [round(window.size / RATE) for window in sound.windows] == [30, 20]


@pytest.mark.parametrize(("duration", "tick"), ABSURD)
def test_a_video_that_claims_to_last_for_centuries_is_heard(tmp_path: Path, duration: float, tick: int) -> None:
    path = film(tmp_path / "a.mkv", sound="sine")
    claim_length(path, duration, tick)
    assert sound_of(path).state in ("heard", "unreadable")  # with other ticks its sound is at other times too


def test_sound_at_one_sample_a_second_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten kilobytes of it last an hour and a half, which would be hundreds of megabytes at our sample rate."""
    largest, samples = 0, audio._samples

    def measured(frame: av.AudioFrame) -> audio.Samples:
        nonlocal largest
        largest = max(largest, frame.samples)
        return samples(frame)

    monkeypatch.setattr(audio, "_samples", measured)
    path = tmp_path / "a.mka"
    with av.open(str(path), "w") as out:
        frame = av.AudioFrame.from_ndarray(np.ones((1, 5000), np.int16), format="s16", layout="mono")
        frame.sample_rate = 1
        out.mux(out.add_stream("pcm_s16le", rate=1, layout="mono").encode(frame))
    with av.open(str(path)) as file:
        audio.listen(file)
    assert largest < RATE * WINDOW
