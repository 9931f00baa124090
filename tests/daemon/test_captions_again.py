"""A library whose captions were read by the rules of an earlier version."""

from pathlib import Path

from support.running import Running, Words
from support.words import vectors_of
from support.workspace import Workspace

from daemon.test_older_library import opened_a_week_later
from sorterd.captions.export import MyfaveTTExport
from sorterd.captions.hashtags import Vocabulary
from sorterd.captions.read import read_caption
from sorterd.captions.source import CaptionSource
from sorterd.features.words import TOWER
from sorterd.worker.job_messages import Read, Train
from sorterd.worker.report_messages import CaptionRead, JobDone, Started

FILES = {
    "cats": {"c1.mp4": b"cat 1", "c1.txt": b"cat on a mat. #cats", "c2.mp4": b"cat 2"},
    "dogs": {"d1.mp4": b"dog 1", "d2.mp4": b"dog 2"},
    "odd.mp4": b"lion 1",
    "odd.txt": b"lion in the zoo #lions",
}


class Reader(Words):
    """Reads captions as a worker does."""

    def _read_captions(self, job: Read) -> None:
        for item in job.items:
            self.report(Started(job.job, item.fingerprint))
            source = CaptionSource.parse(item.seen)
            found = read_caption(item.folder, source, MyfaveTTExport(), lambda _path: {}, Vocabulary())
            made = vectors_of(found.text)
            self.report(
                CaptionRead(job.job, item.fingerprint, found.words, found.author, found.tags, made, found.complete)
            )
        self.report(JobDone(job.job))


def test_captions_are_read_again_learned_again_and_no_video_is_extracted_again(tmp_path: Path) -> None:
    workspace = opened_a_week_later(tmp_path, "library_with_captions.sql", FILES, captions=True)
    assert texts(workspace) == {"cat on a mat.. cats", "lion in the zoo. lions"}
    running = Running(workspace, Reader(workspace.clock)).run()
    assert texts(workspace) == {"cat on a mat. cats", "lion in the zoo. lions"}
    assert len(workspace.store.captions.vectors(TOWER)) == 2
    assert running.worker.extracted == []
    assert running.worker.count(Train) == 1, "what was learned from has changed"
    jobs = running.worker.count(Read)
    running.restart().run()
    assert running.worker.count(Read) == jobs


def texts(workspace: Workspace) -> set[str]:
    return set(workspace.store.captions.texts(99))
