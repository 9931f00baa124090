"""Before a video is looked at, its caption says where it may belong. That is shown, and nothing is moved on it."""

from pathlib import Path

import pytest
from support.running import LIBRARY, Running, Words
from support.workspace import Workspace

from sorterd.activity import Decided, Note, TrainingEnded
from sorterd.prediction import Prediction
from sorterd.worker.job_messages import Extract, Job, Predict, Read, Train

CAPTIONS = {"c1.txt": b"cat on a mat", "c2.txt": b"cat in a hat"}, {"d1.txt": b"dog and bone", "d2.txt": b"dog barks"}


@pytest.fixture
def running(tmp_path: Path) -> Running:
    cats, dogs = CAPTIONS
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", captions=True)
    workspace.lay_out({"cats": {**LIBRARY["cats"], **cats}, "dogs": {**LIBRARY["dogs"], **dogs}})
    return Running(workspace, Words(workspace.clock, width=32))


def arrive(running: Running, name: str, content: bytes, caption: str) -> None:
    running.workspace.lay_out({f"{name}.mp4": content, f"{name}.txt": caption.encode()})


def predictions(running: Running) -> dict[str, Prediction]:
    store = running.workspace.store
    return {store.files.places(video)[0].path: said for video, said in store.predictions.all().items()}


def kinds(running: Running) -> list[str]:
    return [type(job).__name__ for job in running.worker.jobs]


def test_an_untouched_library_has_first_guesses_before_the_first_video_is_extracted(running: Running) -> None:
    arrive(running, "new", b"cat 3", "dog is what it says")
    guesses: list[dict[str, Prediction]] = []
    places: list[bool] = []

    def before(job: Job) -> None:
        if isinstance(job, Extract):
            guesses.append(predictions(running))
            places.append((running.workspace.root / "new.mp4").exists())

    running.worker.before = before
    running.run()
    assert kinds(running)[:5] == ["Read", "Describe", "Train", "Predict", "Extract"]
    guess = guesses[0]["new.mp4"]
    assert (guess.folder, guess.move) == ("dogs", False)
    assert guess.reason.startswith("a first guess, from captions alone: ")
    assert places[0]
    assert (running.workspace.root / "cats/new.mp4").exists(), "what it shows counts once it was looked at"
    assert [note.text for note in running.heard(Note) if "first guesses" in note.text] != []
    assert len(running.heard(TrainingEnded)) == 1


def test_nothing_is_moved_on_captions_alone_even_if_no_video_can_be_read(running: Running) -> None:
    arrive(running, "new", b"cat 3", "dog is what it says")
    contents = (b"cat 1", b"cat 2", b"cat 3", b"dog 1", b"dog 2")
    running.worker.broken = dict.fromkeys(contents, "is not a video")
    running.run()
    assert "new.mp4" in running.on_disk
    assert predictions(running)["new.mp4"].folder == "dogs"
    assert not predictions(running)["new.mp4"].move


def test_an_arrival_is_guessed_then_looked_at_then_moved(running: Running) -> None:
    running.run()
    arrive(running, "new", b"cat 3", "dog is what it says")
    begun = len(running.worker.jobs)
    running.run()
    assert kinds(running)[begun : begun + 4] == ["Read", "Predict", "Extract", "Predict"]
    assert (running.workspace.root / "cats/new.mp4").exists()
    assert [decided.path for decided in running.heard(Decided)] == ["new.mp4"]


def test_without_captions_in_two_folders_there_is_nothing_to_guess_from(running: Running) -> None:
    for name in ("d1.txt", "d2.txt"):
        (running.workspace.root / "dogs" / name).unlink()
    arrive(running, "new", b"cat 3", "dog is what it says")
    running.run()
    assert running.worker.count(Train) == 1
    assert kinds(running).index("Train") > kinds(running).index("Extract")


def test_without_a_caption_in_the_inbox_nothing_is_guessed(running: Running) -> None:
    running.take_in({"new.mp4": b"cat 3"})
    assert running.worker.count(Train) == 1


def test_a_caption_that_comes_later_changes_the_word_on_a_video_without_extracting_it(running: Running) -> None:
    running.take_in({"new.mp4": b"lion 1"})
    extracted = list(running.worker.extracted)
    predicted = running.worker.count(Predict)
    (running.workspace.root / "new.txt").write_text("cat like")
    running.run()
    assert running.worker.count(Predict) == predicted + 1
    assert running.worker.count(Train) == 1
    assert running.worker.extracted == extracted


def test_another_caption_of_a_filed_video_is_learned_after_the_usual_wait(running: Running) -> None:
    running.debounce = 5.0
    running.start()
    running.run(after=60)
    running.run(after=60)
    trained = running.worker.count(Train)
    assert trained
    (running.workspace.root / "cats/c1.txt").write_text("another cat")
    running.run()
    assert running.worker.count(Train) == trained
    running.run(after=6)
    assert running.worker.count(Train) == trained + 1
    (running.workspace.root / "cats/c1.txt").touch()  # read again, and it says the same
    running.run()
    running.run(after=6)
    assert isinstance(running.worker.jobs[-1], Read)
    assert running.worker.count(Train) == trained + 1


def test_a_model_for_guesses_gives_way_to_a_real_one_after_a_restart_too(running: Running) -> None:
    arrive(running, "new", b"cat 3", "dog is what it says")
    running.worker.before = lambda job: running.loop.stop() if isinstance(job, Extract) else None
    running.run()
    assert running.loop.pipeline.training.guesses
    running.restart()
    running.worker.before = lambda _: None
    running.run()
    assert not running.loop.pipeline.training.guesses
    assert running.worker.count(Train) == 2
    assert (running.workspace.root / "cats/new.mp4").exists()
