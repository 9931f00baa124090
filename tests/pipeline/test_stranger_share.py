"""The share of videos that belong nowhere, learned once all videos have a prediction."""

from collections.abc import Sequence
from pathlib import Path

from support.running import Running, Words
from support.workspace import Workspace

from sorterd.store.settings import STRANGERS
from sorterd.strangers import HALF, in_steps, shared
from sorterd.worker.job_messages import Predict

INBOX = [f"cat {n}" for n in range(10, 30)] + ["lion 1", "lion 2"]


def library(place: Path, arrivals: Sequence[Sequence[str]], filed: int = 5) -> Running:
    """A library with two folders, in which videos arrive a few at a time."""
    place.mkdir()
    workspace = Workspace(place / "videos", place / "state")
    for folder, word in (("cats", "cat"), ("dogs", "dog")):
        workspace.lay_out({folder: {f"{word} {n}.mp4": f"{word} {n}".encode() for n in range(filed)}})
    running = Running(workspace, Words(workspace.clock)).run()
    for some in arrivals:
        workspace.lay_out({f"{content}.mp4": content.encode() for content in some})
        running.run()
    return running


def share(running: Running) -> float:
    note = running.workspace.store.notes.get(STRANGERS)
    return HALF if note is None else float(note["share"])


def test_where_nearly_all_belongs_the_share_is_small_and_what_waits_is_judged_with_it(tmp_path: Path) -> None:
    running = library(tmp_path / "one", [INBOX])
    expected = in_steps(shared([0.97] * 20 + [0.2] * 2))
    assert share(running) == expected < HALF
    assert [job.strangers for job in running.worker.given(Predict)][-1] == expected
    running.workspace.close()


def test_it_depends_on_what_is_known_and_on_no_order(tmp_path: Path) -> None:
    at_once = library(tmp_path / "one", [INBOX])
    one_by_one = library(tmp_path / "two", [[content] for content in reversed(INBOX)])
    assert share(at_once) == share(one_by_one)
    for running in (at_once, one_by_one):
        running.workspace.close()


def test_with_few_videos_in_the_folders_it_stays_a_half(tmp_path: Path) -> None:
    running = library(tmp_path / "one", [INBOX], filed=3)
    assert share(running) == HALF
    running.workspace.close()
