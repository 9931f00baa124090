"""Questions to a worker beside its job: real processes, no models."""

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Event

import pytest

from sorterd.daemon.embedding import Embedding
from sorterd.worker.embed_messages import TextEmbedded
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.questions import MOST, Questions, Vectors
from sorterd.worker.job_messages import Describe
from sorterd.worker.wire import WireError
from worker.host.daemon import Daemon

HOSTILE = {
    "of nobody's question": TextEmbedded(2, ()),
    "of another tower": TextEmbedded(1, (("other", bytes(8)),)),
    "of a tower twice": TextEmbedded(1, (("a", bytes(8)), ("a", bytes(8)))),
    "not finite": TextEmbedded(1, (("a", b"\xff" * 8),)),
    "no numbers": TextEmbedded(1, (("a", bytes(7)),)),
    "empty": TextEmbedded(1, (("a", b""),)),
    "endless": TextEmbedded(1, (("a", bytes(1 << 20)),)),
}


def test_a_worker_without_a_job_answers_and_what_is_not_loaded_is_left_out(daemon: Daemon) -> None:
    daemon.describe()
    pid = daemon.pid()
    assert daemon.worker.questions.ask("pancakes", ["a", "not loaded"]).result(timeout=15) == {"a": bytes(8)}
    assert Embedding(daemon.worker.questions).answer({"text": "", "towers": ["a"]}) == {
        "vectors": {"a": "AAAAAAAAAAA="}
    }
    assert (daemon.describe()[-1].job, daemon.pid(), daemon.worker.restarts) == (2, pid, 0)


def test_no_worker_is_started_for_a_question(daemon: Daemon) -> None:
    assert daemon.worker.questions.ask("pancakes", ["a"]).result(timeout=0) == {}
    assert daemon.worker.pid is None
    daemon.describe()
    daemon.worker.stop()
    assert daemon.worker.questions.ask("pancakes", ["a"]).result(timeout=0) == {}


def test_who_asks_a_busy_worker_waits_for_so_long_and_no_longer(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon(patience=0.1))
    daemon.submit(a="hang")
    daemon.reports.get(timeout=15)
    asked = Embedding(daemon.worker.questions, wait=0.05)
    assert asked.answer({"text": "pancakes", "towers": ["a"]}) == {"vectors": {}}


def test_a_worker_that_ends_leaves_no_question_open(daemon: Daemon) -> None:
    daemon.describe()
    answer = daemon.worker.questions.ask("silence", ["a"])
    daemon.worker.unload()
    assert answer.result(timeout=15) == {}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_an_answer_that_no_honest_worker_gives_is_not_taken(answer: TextEmbedded) -> None:
    questions = Questions(lambda: None)
    questions.begin()
    asked = questions.ask("x", ["a", "b"])
    with pytest.raises(WireError):
        questions.answered(answer)
    questions.end()
    assert asked.result(timeout=0) == {}


def test_a_worker_that_gives_one_is_ended_and_the_next_job_gets_another(daemon: Daemon) -> None:
    daemon.describe()
    assert daemon.worker.questions.ask("unasked", ["a"]).result(timeout=15) == {}
    daemon.submit(b="fine")
    assert not any(isinstance(report, WorkerLost) for report in daemon.rest())
    assert daemon.worker.restarts == 1


def test_only_so_many_questions_wait() -> None:
    rung = Event()
    questions = Questions(rung.set)
    questions.begin()
    answers = [questions.ask("x", ["a"]) for _ in range(MOST + 1)]
    assert [answer.done() for answer in answers] == [False] * MOST + [True]
    assert rung.is_set()
    assert len(questions.frames()) == MOST
    questions.end()
    assert all(answer.result(timeout=0) == {} for answer in answers)


@pytest.mark.parametrize(
    "request_", [{}, {"text": 3, "towers": []}, {"text": "x", "towers": "a"}, {"text": "x", "towers": [1]}]
)
def test_what_is_no_question_is_refused(request_: dict[str, object]) -> None:
    assert "refused" in Embedding(Questions(lambda: None)).answer(request_)


def test_any_text_can_be_asked(daemon: Daemon) -> None:
    daemon.describe()
    for text in ("\ud800", "\x00", "🔥", "陶芸", "x" * 100_000):
        assert daemon.worker.questions.ask(text, ["a"]).result(timeout=15) == {"a": bytes(8)}


def test_who_wants_the_models_to_be_loaded_waits_for_them(daemon: Daemon) -> None:
    asked = Embedding(daemon.worker.questions, lambda: daemon.worker.submit(Describe(1)))
    answer = asked.answer({"text": "pancakes", "towers": ["a"], "load": True})
    assert answer == {"vectors": {"a": "AAAAAAAAAAA="}}


@pytest.mark.parametrize("ends", [0, 1])
def test_and_not_for_ever_and_asks_again_only_when_a_job_has_ended(ends: int) -> None:
    asked: list[str] = []

    class Counted(Questions):
        def ask(self, text: str, towers: Sequence[str]) -> Future[Vectors]:
            asked.append(text)
            return super().ask(text, towers)

    def load() -> None:
        for _ in range(ends):
            questions.job_ended()

    questions = Counted(lambda: None)
    waiting = Embedding(questions, load, load_wait=0.02)
    assert waiting.answer({"text": "pancakes", "towers": ["a"], "load": True}) == {"vectors": {}}
    assert len(asked) == 1 + ends
