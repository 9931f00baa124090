"""Captions are read and made into vectors, with the real text tower."""

import os
from pathlib import Path

import numpy as np
import pytest

from sorterd.captions.source import CaptionSource, FileSeen
from sorterd.features.settings import FeatureSettings
from sorterd.features.words import WIDTH
from sorterd.worker.child import job_read
from sorterd.worker.child.job_read import CaptionCrash
from sorterd.worker.child.jobs import Jobs
from sorterd.worker.embed_messages import TextEmbedded
from sorterd.worker.job_messages import Read, ReadItem
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import CaptionRead, JobDone, Report, Started
from sorterd.worker.validate import check


class Bench:
    """A worker's jobs, which may load no models for extraction."""

    def __init__(self, folder: Path) -> None:
        self.reports: list[Report | TextEmbedded] = []
        self.confined_after: list[int] = []
        setup = Setup(FeatureSettings("embedded"), os.fsencode(folder))
        self.jobs = Jobs(
            setup,
            self.reports.append,
            load=lambda *_: pytest.fail("the models for extraction are loaded"),
            confine=lambda: self.confined_after.append(len(self.reports)),
        )

    def read(self, folder: Path, **videos: str) -> list[CaptionRead]:
        items = []
        for video, text in videos.items():
            (folder / f"{video}.txt").write_text(text)
            source = CaptionSource(f"{video}.mp4", (FileSeen(f"{video}.txt", len(text), 0),))
            items.append(ReadItem(video, os.fsencode(folder), source.seen))
        job = Read(1, tuple(items))
        self.jobs.do(job)
        for report in self.reports:
            assert not isinstance(report, TextEmbedded)
            check(report, job)
        assert self.reports[-1] == JobDone(1)
        return [report for report in self.reports if isinstance(report, CaptionRead)]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "artifacts").mkdir()
    return Bench(tmp_path / "artifacts")


def test_alike_captions_have_alike_vectors(bench: Bench, tmp_path: Path) -> None:
    found = bench.read(
        tmp_path,
        a="how to bake bread at home #sourdough #baking",
        b="my first loaf from the oven",
        c="late train through the snow in Hokkaido",
    )
    assert [report.fingerprint for report in found] == ["a", "b", "c"]
    bread, loaf, train = (np.frombuffer(report.vectors[0], "<f4") for report in found)
    assert bread.shape == (WIDTH,)
    assert np.linalg.norm(bread) == pytest.approx(1, abs=1e-4)
    assert bread @ loaf > bread @ train + 0.1
    assert "baking" in found[0].tags


def test_a_video_about_which_nothing_is_told_has_no_vector(bench: Bench, tmp_path: Path) -> None:
    (found,) = bench.read(tmp_path, VID_20240131="#fyp #viral")
    assert (found.words, found.author, found.tags, found.vectors) == ("", "", (), ())


def test_the_process_is_confined_before_it_opens_a_file(bench: Bench, tmp_path: Path) -> None:
    bench.read(tmp_path, a="how to bake bread at home")
    assert bench.confined_after == [0]
    assert isinstance(bench.reports[0], Started)


def test_an_error_in_reading_says_where_and_nothing_of_what_was_read(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("my secret caption")

    monkeypatch.setattr(job_read, "read_caption", broken)
    with pytest.raises(CaptionCrash, match=f"KeyError in {__file__}") as crash:
        bench.read(tmp_path, a="my secret caption")
    assert "secret" not in str(crash.value)
    assert crash.value.__suppress_context__
