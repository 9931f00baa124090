"""The page tells the facts, whatever the names are and however few facts there are."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.web.reader import HOSTILE, read
from sorterd.changes import KnownFile
from sorterd.classifier.scorecard import scorecard
from sorterd.library.files import FileId
from sorterd.prediction import HeldOutPrediction, Prediction
from sorterd.report.web.history import periods, ticks
from sorterd.report.web.page import BEGINNING, Facts, page
from sorterd.report.web.quality import LARGEST_MATRIX
from sorterd.sorting.inbox_decisions import InboxDecision
from sorterd.sorting.vetoes import Decision
from sorterd.store.journal import Entry

NOW = datetime(2026, 1, 31, 12, 0)
ID = FileId(1, 2, 3, 4)


def status(**others: Any) -> dict[str, Any]:
    plain = {
        "videos": "/v", "running": False, "models": "embedded", "device": "cpu", "inbox": 1, "model": None,
        "categories": {"cats": {"user": 3, "auto": 2, "confirmed": 1}, "dogs": {"user": 0, "auto": 0, "confirmed": 0}},
        "moves": {"total": 3, "undone": 1, "corrected": 1}, "errors": [], "missing": [],
        "watcher": {"healthy": False, "reason": ""},
    }  # fmt: skip
    return {**plain, **others}


def move(
    number: int, *, days_ago: float = 0.0, undone: bool = False, corrected: bool = False, path: str = "a"
) -> Entry:
    at = NOW.timestamp() - days_ago * 24 * 3600
    return Entry(
        *(number, "sort", None, "content", path, f"cats/{path}", (), ID, "done"),
        *(0.9, "looks like cats", at, undone, corrected),
    )


def waiting(path: str = "b.mp4", folder: str = "cats") -> InboxDecision:
    word = Prediction(folder, 0.4, ((folder, 0.4), ("dogs", 0.3), ("c", 0.2), ("d", 0.1)), False, "")
    return InboxDecision(KnownFile(path, ID, "content", None), word, Decision("inbox", folder, "not sure enough"))


BARE = Facts(status(), (), None, "there is no model yet", 0.85, (), 0, "sorterd", NOW)
CARD = scorecard([HeldOutPrediction("cats", "cats", 0.9, True), HeldOutPrediction("cats", "dogs", 0.7, False)], 0.85)
FULL = replace(BARE, moves=(move(2), move(1, undone=True)), card=CARD, waiting=(waiting(),), unseen=4)


def test_a_library_in_which_nothing_happened_has_a_page() -> None:
    text = read(page(replace(BARE, status=status(categories={})))).text
    for words in ("There are no folders yet", "Nothing has been moved yet", "Not known yet: there is no model yet"):
        assert words in text


def test_the_facts_are_told_with_the_command_that_takes_a_move_back() -> None:
    text = read(page(replace(FULL, command="sorterd --config '/a b.yaml'"))).text
    for words in (
        "sorterd --config '/a b.yaml' undo 2",
        "1 waits for you",
        "4 more have not been looked at",
        "40% cats",
        "not sure enough",
        "50% are right",
        "looks like cats",
    ):
        assert words in text
    assert "undo 1" not in text
    assert "10% d" not in text


def policy(document: str) -> str:
    return next(
        attributes["content"] or ""
        for tag, attributes in read(document).tags
        if (tag, attributes.get("http-equiv")) == ("meta", "Content-Security-Policy")
    )


def test_nothing_is_loaded_and_no_script_runs_but_the_one_that_copies() -> None:
    document = page(replace(FULL, poster=lambda _: b"RIFF"))
    assert document.startswith(BEGINNING)
    assert not re.search(r"https?:|url\(|@import", document)
    assert {key for _, attributes in read(document).tags for key in attributes if key in ("src", "href")}
    for tag, attributes in read(document).tags:
        assert (attributes.get("src") or "data:image/webp;base64,").startswith("data:image/webp;base64,")
        assert (attributes.get("href") or "file:///v/").startswith("file:///v/"), tag
    (script,) = re.findall("<script>(.*?)</script>", document, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert policy(document) == (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_hostile_names_everywhere_are_only_text() -> None:
    counts = {"user": 1, "auto": 0, "confirmed": 0}
    card = scorecard([HeldOutPrediction(HOSTILE, HOSTILE, 0.9, True), HeldOutPrediction("b", HOSTILE, 0.9, True)], 0.85)
    errors = [{"path": HOSTILE, "reason": HOSTILE}, {"path": "", "reason": HOSTILE}]
    hostile = Facts(
        status(videos=f"/{HOSTILE}", categories={HOSTILE: counts}, errors=errors, missing=[HOSTILE], blocked=HOSTILE),
        *((move(1, path=HOSTILE),), card, "", 0.85, (waiting(HOSTILE, HOSTILE),), 0, f"sorterd {HOSTILE}", NOW),
        {"content": HOSTILE},
    )
    document = page(hostile)
    found = read(document)
    names = [name for name, _ in found.tags]
    assert set(names).isdisjoint({"img", "iframe", "link"})
    assert names.count("script") == 1
    assert all((attributes.get("href") or "file:").startswith("file:") for _, attributes in found.tags)
    assert "{{ 7 * 7 }}" in found.text
    assert r"\x1b]0;x\x07 \u202egpj.exe \xff" in found.text
    assert not any(key.startswith("on") for _, attributes in found.tags for key in attributes)
    assert "\x1b" not in document
    assert "\u202e" not in document
    document.encode()


@cache
def named(name: str) -> list[tuple[str, list[str]]]:
    """The tags of a page in which everything has this name, each with the names of its attributes."""
    counts = {"user": 1, "auto": 0, "confirmed": 0}
    errors = [{"path": name, "reason": name}]
    facts = replace(
        FULL,
        status=status(categories={name: counts}, errors=errors, missing=[name], blocked=name or None),
        waiting=(waiting(f"{name}.mp4", name),),
        command=name,
        no_card=name,
    )
    document = page(facts)
    document.encode()
    return [(tag, sorted(attributes)) for tag, attributes in read(document).tags]


@settings(max_examples=40)
@given(st.text(min_size=1))
def test_whatever_a_name_is_it_adds_no_tag_and_no_attribute(name: str) -> None:
    assert named(name) == named("x")


def test_a_library_of_very_many_folders_gets_a_list_instead_of_a_matrix() -> None:
    outcomes = [HeldOutPrediction(f"folder {i}", f"folder {i % 7}", 0.9, True) for i in range(LARGEST_MATRIX + 5)]
    document = page(replace(FULL, card=scorecard(outcomes, 0.85)))
    assert 'class="matrix"' not in document
    assert "folder 28" in document


def test_each_row_shows_the_video_where_it_lies_now_and_plays_it() -> None:
    document = page(
        replace(
            FULL,
            waiting=(waiting("a b#.mp4"),),
            moves=(move(2, path="old.mp4"),),
            places={"content": "cats/deep/new.mp4"},
            poster=lambda fingerprint: fingerprint.encode(),
        )
    )
    tags = read(document).tags
    links = [attributes["href"] for name, attributes in tags if name == "a" and attributes.get("class") == "name"]
    assert links == ["file:///v/a%20b%23.mp4", "file:///v/cats/deep/new.mp4"]
    posters = [attributes["src"] for name, attributes in tags if name == "img"]
    assert posters == ["data:image/webp;base64,Y29udGVudA=="] * 2


def test_a_large_library_has_a_page_below_5_mb_and_the_first_rows_have_posters() -> None:
    poster = bytes(20_000)
    many = replace(
        BARE,
        waiting=tuple(waiting(f"video number {i}.mp4") for i in range(5000)),
        moves=tuple(move(i, days_ago=i / 20) for i in range(5000, 0, -1)),
        status=status(errors=[{"path": f"broken {i}.mp4", "reason": f"reason {i % 7}"} for i in range(5000)]),
        poster=lambda _: poster,
    )
    document = page(many)
    assert len(document.encode()) < 5_000_000
    assert 100 < document.count("<img") < 250
    assert "4,800 that it is more certain of are not shown" in read(document).text


def test_problems_with_the_same_reason_are_told_together() -> None:
    errors = [{"path": f"{i}.mp4", "reason": "is damaged"} for i in range(120)]
    errors += [{"path": "", "reason": "extract: no models"}, {"path": "x.mp4", "reason": "is empty"}]
    text = read(page(replace(BARE, status=status(errors=errors, blocked="the disk is away")))).text
    assert "Problems the disk is away is damaged (120 files) 0.mp4 1.mp4 2.mp4 117 more 3.mp4" in text
    assert "99.mp4 and 20 more is" in text
    assert "is empty (1 file) x.mp4" in text
    assert "extract: no models" in text


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (5, [0, 2, 4, 6]),
        (8, [0, 2, 4, 6, 8]),
        (1234, [0, 500, 1000, 1500]),
    ],
)
def test_the_axis_has_a_few_round_numbers_that_reach_the_longest_bar(most: int, marks: list[int]) -> None:
    assert ticks(most) == marks


def test_moves_are_counted_by_day_up_to_today() -> None:
    bars = periods([move(2, corrected=True), move(1, days_ago=1), move(0, days_ago=1, undone=True)], NOW.date())
    assert (len(bars), bars[-1].first, bars[-1].corrected) == (14, date(2026, 1, 31), 1)
    assert (bars[-2].kept, bars[-2].undone) == (1, 1)


def test_a_long_history_is_counted_by_weeks_or_longer_and_loses_no_move() -> None:
    for longest in (0, 39, 41, 300, 2000, 9000):
        moves = [move(2), move(1, days_ago=longest), move(3, days_ago=-2)]
        bars = periods(moves, NOW.date())
        assert len(bars) <= 41
        assert sum(bar.total for bar in bars) == 3


def test_captions_are_on_it_only_if_they_are_given() -> None:
    said = {"content": "مرحبا 😀 <b>quokka</b>. pottery"}
    facts = replace(FULL, status=status(paused=None), to_move=(waiting("c.mp4"),))
    assert "quokka" not in page(facts)
    shown = page(replace(facts, captions=said))
    assert shown.count('dir="auto">مرحبا 😀 &lt;b&gt;quokka&lt;/b&gt;. pottery</p>') == 4  # two moves, two that wait
    assert "<b>quokka" not in shown
