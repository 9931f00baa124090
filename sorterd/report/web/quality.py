"""The section on quality: the figures of `evaluate`, the confusion matrix and a reliability diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sorterd.report.web.markup import Markup, joined, table, tag

if TYPE_CHECKING:  # importing it loads the classifier's libraries
    from sorterd.classifier.scorecard import Scorecard

LARGEST_MATRIX = 24  # folders
MOST_CONFUSED = 20
SIDE, EDGE = 150, 24


def quality(card: Scorecard, threshold: float) -> Markup:
    """Return the section. All figures are on filed videos that the model had not seen."""
    wrong = "" if card.wrong_moves is None else f", and {card.wrong_moves:.1%} of those moves would be wrong"
    summary = (
        f"Of {card.videos} filed videos, each judged by a model that had not seen it, {card.accuracy:.0%} are right. "
        f"At the threshold {threshold:.2f}, {card.moved:.0%} would be moved{wrong}."
    )
    return tag(
        "section",
        tag("h2", "How well it sorts"),
        tag("p", summary),
        _folders(card),
        tag("h3", "What is taken for what"),
        _confusion(card),
        tag("h3", "Can its confidence be believed?"),
        tag("p", f"On average it is {100 * card.error:.1f} points off. On the line it would be exactly right."),
        tag("div", _diagram(card), _reliability(card), class_="pair"),
    )


def no_quality(reason: str) -> Markup:
    """Return the section with the reason why there are no figures."""
    return tag("section", tag("h2", "How well it sorts"), tag("p", f"Not known yet: {reason}."))


def _folders(card: Scorecard) -> Markup:
    rows = [(one.folder, str(one.videos), _percent(one.precision), _percent(one.recall)) for one in card.folders]
    return table(("folder", "videos", "of those put here, right", "of those that belong here, found"), rows, numbers=3)


def _confusion(card: Scorecard) -> Markup:
    names = sorted({name for pair in card.confusion for name in pair})
    if len(names) > LARGEST_MATRIX:
        return _confused(card)
    totals = {name: sum(n for (label, _), n in card.confusion.items() if label == name) for name in names}
    head = tag("tr", tag("th"), *(tag("th", tag("span", name, title=name)) for name in names))
    rows = joined(
        tag("tr", tag("th", label, title=label), *(_cell(card, label, predicted, totals[label]) for predicted in names))
        for label in names
    )
    note = tag("p", "Rows are where a video belongs, columns what it was taken for.", class_="soft")
    return joined(
        (note, tag("div", tag("table", tag("thead", head), tag("tbody", rows), class_="matrix"), class_="wide"))
    )


def _cell(card: Scorecard, label: str, predicted: str, total: int) -> Markup:
    number = card.confusion.get((label, predicted), 0)
    if not number:
        return tag("td", style="--share:0;--colour:var(--good)")
    colour = "var(--good)" if label == predicted else "var(--bad)"
    title = f"{number} of {total} from {label} taken for {predicted}"
    return tag("td", str(number), title=title, style=f"--share:{number / total:.2f};--colour:{colour}")


def _confused(card: Scorecard) -> Markup:
    """Return a table of the most confused pairs, for libraries whose matrix would be too large for a screen."""
    wrong = [(number, *pair) for pair, number in card.confusion.items() if pair[0] != pair[1]]
    if not wrong:
        return tag("p", "Nothing was confused.")
    rows = [(label, predicted, str(number)) for number, label, predicted in sorted(wrong, reverse=True)]
    return table(("belongs to", "taken for", "videos"), rows[:MOST_CONFUSED], numbers=1)


def _reliability(card: Scorecard) -> Markup:
    rows = [
        (f"{one.low:.0%} to {one.high:.0%}", str(one.videos), f"{one.confidence:.0%}", f"{one.right:.0%}")
        for one in card.reliability
    ]
    return table(("it was sure by", "videos", "on average", "right"), rows, numbers=3)


def _diagram(card: Scorecard) -> Markup:
    """Return a diagram of the share that was right over the confidence. The area of a dot is its number of videos."""

    def x(share: float) -> str:
        return f"{EDGE + share * (SIDE - EDGE - 6):.1f}"

    def y(share: float) -> str:
        return f"{SIDE - EDGE - share * (SIDE - EDGE - 6):.1f}"

    most = max((one.videos for one in card.reliability), default=1)
    dots = [
        tag(
            "circle",
            tag("title", f"{one.videos} videos: {one.confidence:.0%} sure, {one.right:.0%} right"),
            cx=x(one.confidence),
            cy=y(one.right),
            r=f"{2 + 5 * (one.videos / most) ** 0.5:.1f}",
            class_="kept",
        )
        for one in card.reliability
    ]
    return tag(
        "svg",
        tag("line", x1=x(0), y1=y(0), x2=x(1), y2=y(1), class_="dash"),
        tag("line", x1=x(0), y1=y(0), x2=x(1), y2=y(0)),
        tag("line", x1=x(0), y1=y(0), x2=x(0), y2=y(1)),
        *dots,
        tag("text", "0 %", x=x(0), y=SIDE - 12, text_anchor="middle"),
        tag("text", "sure", x=x(0.5), y=SIDE - 12, text_anchor="middle"),
        tag("text", "100 %", x=x(1), y=SIDE - 12, text_anchor="end"),
        tag("text", "right", x=2, y=y(0.5)),
        viewBox=f"0 0 {SIDE} {SIDE}",
        class_="square",
        role="img",
        aria_label="how often it was right, by how sure it was",
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
