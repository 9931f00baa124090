import dataclasses
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from support.films import film, sound_only, speech

from sorterd.features import clip
from sorterd.features.audio import RATE, WINDOW, WINDOWS
from sorterd.features.extractor import Extraction, ExtractionFailure, Extractor, space_of
from sorterd.features.mel import HOP, Spectrogram
from sorterd.features.models import Models
from sorterd.features.preprocess import Preprocessed, PreprocessOptions
from sorterd.features.settings import FeatureSettings
from sorterd.features.speech import Transcript
from sorterd.features.transcript import GAP


def results(extractor: Extractor, paths: Sequence[Path]) -> dict[str, Extraction | ExtractionFailure]:
    videos = [(path.name, os.fsencode(path)) for path in paths]
    return {result.key: result for result in extractor.extract(videos, lambda _key: None)}


def extraction(extractor: Extractor, path: Path) -> Extraction:
    result = results(extractor, [path])[path.name]
    assert isinstance(result, Extraction), result
    return result


def test_a_video_with_speech_becomes_two_unit_modalities(extractor: Extractor, tmp_path: Path) -> None:
    result = extraction(extractor, film(tmp_path / "a.mp4", seconds=6, sound="speech"))
    seen, said = np.split(result.vector, [extractor.space.widths[0]])
    assert (result.audio, result.language) == ("speech", "en")
    assert "chocolate cake" in result.transcript
    assert result.vector.dtype == np.float32
    assert np.linalg.norm(seen) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(said) == pytest.approx(1, abs=1e-5)
    about = extractor.embed_texts(["baking a cake", "a football match"])
    assert said @ about[0] > said @ about[1]


@pytest.mark.parametrize(("sound", "audio"), [(None, "none"), ("silence", "silent"), ("sine", "silent")])
def test_without_speech_that_part_is_zeros(extractor: Extractor, tmp_path: Path, sound: str | None, audio: str) -> None:
    result = extraction(extractor, film(tmp_path / "a.mp4", sound=sound))  # type: ignore[arg-type]
    assert (result.audio, result.transcript, result.language) == (audio, "", "")
    assert not result.vector[extractor.space.widths[0] :].any()


def test_sound_that_cannot_be_read_costs_only_the_sound(extractor: Extractor, tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", sound="sine")
    path.write_bytes(path.read_bytes().replace(b"A_AAC", b"A_XXX"))
    result = extraction(extractor, path)
    assert result.audio == "unreadable"
    assert np.linalg.norm(result.vector) == pytest.approx(1, abs=1e-5)


def test_one_bad_file_never_stops_another(extractor: Extractor, tmp_path: Path) -> None:
    bad = [tmp_path / "empty.mp4", tmp_path / "text.mp4", tmp_path / "gone.mp4", sound_only(tmp_path / "song.m4a")]
    bad[0].touch()
    bad[1].write_text("not a video")
    good = [film(tmp_path / f"good{i}.mp4") for i in range(6)]
    mixed = [good[0], *bad, *good[1:]]
    found = results(extractor, mixed)
    assert list(found) == [path.name for path in mixed]  # one result each, in order
    failures = [found[path.name] for path in bad]
    transient = [result.transient for result in failures if isinstance(result, ExtractionFailure)]
    assert transient == [False, False, True, False]
    assert all(isinstance(found[path.name], Extraction) for path in good)


def test_a_video_has_the_same_vector_in_any_company(extractor: Extractor, tmp_path: Path) -> None:
    paths = [
        film(tmp_path / "plain.mp4"),
        film(tmp_path / "speech.mp4", seconds=6, sound="speech"),
        film(tmp_path / "short.mp4", seconds=0.3, colours=[(9, 9, 200), (200, 9, 9), (9, 200, 9)]),
    ]
    together = results(extractor, paths)
    for path in paths:
        one, other = extraction(extractor, path), together[path.name]
        assert isinstance(other, Extraction)
        assert float(one.vector @ other.vector) / float(one.vector @ one.vector) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("decoders", [1, 4])
def test_each_file_is_announced_before_its_result_and_not_long_before(
    extractor: Extractor, tmp_path: Path, decoders: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractor, "decoders", decoders)
    path = film(tmp_path / "a.mp4")
    started: list[str] = []
    ahead = 0
    for done, result in enumerate(extractor.extract([(str(i), os.fsencode(path)) for i in range(20)], started.append)):
        assert result.key in started
        ahead = max(ahead, len(started) - done)
    assert started == [str(i) for i in range(20)]
    assert ahead <= 2 * max(4, 2 * decoders)  # those in the models, and as many decoded meanwhile


def test_a_slow_file_does_not_hold_up_those_before_it_for_long(
    extractor: Extractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = film(tmp_path / "a.mp4")
    end = threading.Event()
    read = extractor.preprocess

    def slowly(name: bytes, options: PreprocessOptions) -> Preprocessed:
        if name.endswith(b"slow"):
            assert end.wait(30)
        return read(os.fsencode(path), options)

    monkeypatch.setattr(extractor, "preprocess", slowly)
    running = extractor.extract([("quick", b"quick"), ("slow", b"slow")], lambda _key: None)
    assert next(running).key == "quick"  # while the slow one is still being decoded
    end.set()
    assert next(running).key == "slow"


def test_files_with_large_pictures_are_decoded_one_at_a_time(
    extractor: Extractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [film(tmp_path / f"{i}.mp4") for i in range(6)]
    most, now, lock = 0, 0, threading.Lock()
    look = clip._read_frames

    def watched(*args: object) -> object:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        try:
            return look(*args)  # type: ignore[arg-type]
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(clip, "_read_frames", watched)
    monkeypatch.setattr(clip, "LARGE", 96 * 64 - 1)
    found = results(extractor, [*paths, tmp_path / "gone.mp4"])
    assert [type(result) for result in found.values()] == [Extraction] * 6 + [ExtractionFailure]
    assert most == 1


def test_stopping_early_starts_no_more_files(extractor: Extractor, tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    started: list[str] = []
    running = extractor.extract([(str(i), os.fsencode(path)) for i in range(100)], started.append)
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert len(started) < 30


def test_two_minutes_of_a_long_video_are_heard_and_its_transcript_marks_the_missing_parts(
    extractor: Extractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[float] = []

    def listening(videos: Sequence[Sequence[Spectrogram]]) -> list[list[Transcript]]:
        heard.extend(piece.shape[1] * HOP / RATE for pieces in videos for piece in pieces)
        return [[Transcript("a cake", "en") for _piece in pieces] for pieces in videos]

    monkeypatch.setattr(extractor._whisper, "transcribe", listening)
    said = np.tile(speech(48_000), 30)  # two minutes and a half
    result = extraction(extractor, film(tmp_path / "a.mp4", seconds=150, fps=1, size=(16, 16), sound=said))
    assert 60 < sum(heard) <= WINDOW * WINDOWS
    assert result.transcript == GAP.join(["a cake"] * len(heard))


def test_with_whisper_off_there_is_no_transcript(extractor: Extractor, tmp_path: Path) -> None:
    models = Models("embedded", "x", "y", extractor._encoder.towers, None)
    deaf = Extractor(FeatureSettings(models="embedded", whisper="off"), models)
    result = extraction(deaf, film(tmp_path / "a.mp4", seconds=6, sound="speech"))
    assert (result.audio, result.transcript) == ("none", "")
    assert result.vector.size == sum(deaf.space.widths)
    assert deaf.space.id != extractor.space.id


def test_the_space_is_named_after_all_that_changes_a_vector(extractor: Extractor) -> None:
    settings = FeatureSettings(models="embedded")
    models = Models("embedded", "towers", "digest", extractor._encoder.towers, None)

    def name(settings: FeatureSettings = settings, models: Models = models, device: str = "cpu") -> str:
        return space_of(settings, models, device).id

    same = {name(), name(device="cuda"), name(dataclasses.replace(settings, batch_size=3))}
    assert len(same) == 1
    others = {
        name(dataclasses.replace(settings, frames=7)),
        name(models=dataclasses.replace(models, digest="other")),
        name(models=dataclasses.replace(models, name="other")),
        name(models=dataclasses.replace(models, models="clip")),
        extractor.space.id,
    }
    assert len(others | same) == 6
    assert name().startswith("embedded-")
