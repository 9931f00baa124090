"""Why a video was moved or not, for people."""

from io import StringIO

from classifier.made_up import world
from rich.console import Console

from sorterd.classifier import train_classifier
from sorterd.report.explanation_page import Case, print_explanation


def printed(
    *, numbers: bool, audio: str = "silent", listens: bool = True, told: bool = False, caption: str | None = None
) -> str:
    rows, labels = world().library(4, 8)
    stranger = world().videos(9, 1, 1)[0]
    case = Case(
        path="new.mp4",
        category=None,
        source=None,
        transcript="",
        audio=audio,
        listens=listens,
        told=told,
        caption=caption,
        explanation=train_classifier(rows, labels, candidates=("prototypes",)).explain(stranger, rows, labels),
        modalities=("pictures",) if audio == "waits" else ("speech",),
        nearest=(),
        moves=(),
        rejected=(),
        held=False,
        last_word=None,
        training={"swapped": True, "worse": "moves clearly less", "reason": "took the new model"},
    )
    out = StringIO()
    print_explanation(case, Console(file=out, force_terminal=True, width=200, color_system=None), numbers=numbers)
    return out.getvalue()


def test_of_a_video_that_waits_it_says_what_became_of_the_last_training() -> None:
    assert "training     it learned from what you had filed, but now it moves clearly less\n" in printed(numbers=False)
    assert "training     took the new model\n" in printed(numbers=True)


def test_one_sentence_says_what_spoke_against_a_folder() -> None:
    assert "but less like it than" in printed(numbers=False)
    assert "log-odds" not in printed(numbers=False)


def test_the_numbers_behind_it_are_shown_to_who_asks() -> None:
    said = printed(numbers=True)
    assert "log-odds -" in said
    for line in ("lead over the next most similar", "less similar than usual for that folder, by"):
        assert line in said


def test_a_caption_is_printed_only_if_it_was_asked_for() -> None:
    assert "it is told   “tea: how to\\nbrew”" in printed(numbers=False, told=True, caption="tea: how to\nbrew")
    assert "it is told" not in printed(numbers=False, told=True)


def test_of_a_video_that_was_not_looked_at_it_says_so() -> None:
    assert "pictures     it has not been looked at yet" in printed(numbers=False, audio="waits", told=True)


def test_without_whisper_it_does_not_say_that_a_video_has_no_sound() -> None:
    assert "speech       it has no sound" in printed(numbers=False, audio="none")
    said = printed(numbers=False, audio="none", listens=False)
    assert "it has no sound" not in said
    assert "speech       features.whisper is off, so nobody listens to it" in said
