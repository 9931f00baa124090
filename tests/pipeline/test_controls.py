"""What home makes of the control clips: extracted once when somebody asks, and never recorded as a video's."""

import os
from collections.abc import Mapping
from pathlib import Path

from support.running import Running

from sorterd.pool.control import CLIPS
from sorterd.worker.job_messages import Extract

Answers = list[tuple[dict[str, bytes], str]]


def ask(running: Running, answers: Answers) -> None:
    def answer(vectors: Mapping[str, bytes], reason: str) -> None:
        answers.append((dict(vectors), reason))

    space = running.loop.pipeline.space
    assert space is not None
    running.loop.pipeline.controls.ask(space, answer)


def controls_given(running: Running) -> int:
    jobs = running.worker.given(Extract)
    return sum(job.items[0].fingerprint in CLIPS for job in jobs)


def test_the_clips_are_extracted_once_for_all_who_ask_and_also_after_a_restart(running: Running) -> None:
    running.run()
    videos = running.workspace.store.connection.execute("SELECT count(*) FROM features").fetchone()
    told, answers = len(running.told), Answers()
    ask(running, answers)
    ask(running, answers)
    assert answers == []
    running.run()
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert set(answers[0][0]) == set(CLIPS)
    assert all(answers[0][0].values())
    running.restart().run()
    ask(running, answers)
    assert answers[2] == answers[0]
    assert controls_given(running) == 1
    assert running.workspace.store.connection.execute("SELECT count(*) FROM features").fetchone() == videos
    assert not [one for one in running.told[told:] if "StageProgress" in type(one).__name__]


def test_they_come_before_the_queue_so_that_another_machine_can_help_with_it(running: Running) -> None:
    running.run()
    answers = Answers()
    for number in range(40):
        (running.workspace.root / f"new{number}.mp4").write_bytes(b"cats %d" % number)
    ask(running, answers)
    before = len(running.worker.jobs)
    running.run()
    extractions = [job for job in running.worker.jobs[before:] if isinstance(job, Extract)]
    assert extractions[0].items[0].fingerprint in CLIPS
    assert len(answers) == 1


def test_a_failure_is_said_to_who_asked_blames_no_video_and_is_tried_again_for_the_next(running: Running) -> None:
    running.run()
    clip = Path(os.fsdecode(next(iter(CLIPS.values())))).read_bytes()
    answers = Answers()
    for mischief in (running.worker.broken, running.worker.deadly):
        if isinstance(mischief, dict):
            mischief[clip] = "no decoder"
        else:
            mischief.add(clip)
        ask(running, answers)
        running.run()
        mischief.clear()
    assert answers == [({}, "no decoder"), ({}, "crashed")]
    assert running.workspace.store.features.failures() == []
    ask(running, answers)
    running.run()
    assert set(answers[2][0]) == set(CLIPS)
