"""Print why one video got its prediction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console

from sorterd.report.console import console_for, print_labelled
from sorterd.report.training_in_short import training_in_short
from sorterd.text import moment, percent, printable

if TYPE_CHECKING:  # importing it loads the classifier's libraries
    from sorterd.classifier import Explanation

_AUDIO = {
    "silent": "it has sound, but nobody speaks",
    "none": "it has no sound",
    "unreadable": "its sound cannot be read",
    "waits": "it has not been listened to yet",
}


_MOVES = {
    "sort": "moved to",
    "file": "filed by you to",
    "follow": "a file of its name followed to",
    "undo": "taken back to",
    "failed": "could not be moved to",
}


_TRAITS = {
    "lead": "lead over the next most similar",
    "lead_in_spreads": "too small a lead for more, in spreads of such similarities",
    "shortfall": "less similar than usual for that folder, by",
    "usual_similarity": "usual similarity of that folder's own videos",
    "spread": "how far such similarities are spread",
    "accuracy": "share of filed videos most similar to their own folder",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One video with all that is known of it.

    `audio` is "waits" as long as only its caption is known. `listens`: false if Whisper is off. `told`: it has a
    caption; `caption` is None unless it was asked for. `modalities` names what the explanation has one entry for.
    `nearest` are (path, folder, similarity) of filed videos. `moves` are (time, kind, destination, reason), newest
    first. `last_word` is why it waits in the inbox, None if it does not. `training` is the last training's outcome.
    """

    path: str
    category: str | None
    source: str | None
    transcript: str
    audio: str
    listens: bool
    told: bool
    caption: str | None
    explanation: Explanation
    modalities: tuple[str, ...]
    nearest: tuple[tuple[str, str, float], ...]
    moves: tuple[tuple[float, str, str, str], ...]
    rejected: tuple[str, ...]
    held: bool
    last_word: str | None
    training: Mapping[str, Any] | None = None


def print_explanation(case: Case, console: Console | None = None, *, numbers: bool = False) -> None:
    """Print one video's case. With `numbers`, also print what the confidence is made of."""
    console = console or console_for()

    def line(name: str, text: str) -> None:
        print_labelled(console, name, text, column=13)

    explanation = case.explanation
    line("video", case.path)
    line("lies in", _place(case))
    if case.last_word is not None and case.last_word != explanation.prediction.reason:
        line("it waits", case.last_word)
    line("model says", explanation.prediction.reason)
    line("top 3", _shares(explanation.prediction.top))
    for name, shares in zip(case.modalities, explanation.modalities, strict=True):
        line(name, _missing(name, case) or _shares(shares) or "counts for nothing here")
        if name == "speech" and case.transcript:
            line("it says", f"“{case.transcript}”")
    if case.caption:
        line("it is told", f"“{printable(case.caption)}”")
    if explanation.names:
        line("names", _shares(explanation.names))
    line("strange?", f"{percent(explanation.none_probability)} that it belongs to none of the folders")
    if numbers:
        _print_numbers(explanation, line)
    if case.training is not None and case.category is None:
        line("training", case.training["reason"] if numbers else training_in_short(case.training))
    for path, folder, similarity in case.nearest:
        line("close to", f"{path} ({folder}, {similarity:.2f})")
    if case.rejected:
        line("you said", f"not {', '.join(case.rejected)}")
    if case.held:
        line("you said", "undo: it is not moved again by itself")
    for at, kind, destination, reason in case.moves:
        what = _MOVES[kind]
        line("journal", f"{moment(at)} {what} {destination}: {reason}")


def _missing(name: str, case: Case) -> str:
    """Return why a video does not have this modality, "" if it does."""
    if name == "speech":
        if not case.listens:
            return "features.whisper is off, so nobody listens to it"
        return "" if case.audio == "speech" else _AUDIO[case.audio]
    if name == "caption":
        return "" if case.told else "it has none that tells anything"
    return "it has not been looked at yet" if case.audio == "waits" else ""


def _print_numbers(explanation: Explanation, line: Callable[[str, str], None]) -> None:
    total = explanation.baseline + sum(trait.adds for trait in explanation.traits)
    line("numbers", f"log-odds {total:+.2f}, of which {explanation.baseline:+.2f} for any video")
    for trait in explanation.traits:
        line("", f"{trait.adds:+.2f}  {_TRAITS[trait.name]}: {trait.value:.2f}")


def _place(case: Case) -> str:
    if case.category is None:
        return "the inbox"
    by = {"user": "filed by you", "auto": "moved there by sorterd", "confirmed": "moved there by sorterd, confirmed"}
    return f"{case.category} ({by[case.source or 'user']})"


def _shares(shares: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{folder} {percent(share)}" for folder, share in shares[:3])
