"""Over random libraries, `status`, the report, `review`, its page and `evaluate` count what the database counts."""

import random
import re
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from support.two_workers import two_workers
from support.workspace import Workspace
from web.shelf import Shelf

from sorterd.artifact_names import artifacts_folder
from sorterd.classifier import save_classifier, train_classifier
from sorterd.commands.insight import read_card
from sorterd.commands.report import read_facts
from sorterd.commands.review import read_review
from sorterd.commands.status import read_status
from sorterd.daemon.requests import Requests
from sorterd.library.files import FileId
from sorterd.library.places import look_at
from sorterd.report.web.page import page
from sorterd.store.captions import StoredCaption
from sorterd.store.features import Features
from sorterd.store.settings import MODEL
from sorterd.store.store import Store
from sorterd.suggest.shown import remember
from sorterd.suggest.suggested import FEWEST, Suggestion, group_id

FOLDERS = ("cats", "city nights", "it's\n<b>")


def random_library(folder: Path, chance: random.Random) -> tuple[Shelf, list[Suggestion]]:
    """A library after some weeks: moves made, confirmed, undone, corrected; filed by hand; copies; damaged videos."""
    shelf = Shelf(Workspace(folder / "videos", folder / "state"))
    workspace = shelf.workspace
    filed = {name: {f"{n}.mp4": f"{name} {n}".encode() for n in range(chance.randint(3, 7))} for name in FOLDERS}
    inbox = {f"new {n}.mp4": f"new {n}".encode() for n in range(24)}
    copies = {f"copy {n}.mp4": f"new {n}".encode() for n in range(chance.randint(0, 3))}
    shelf.lay_out({**filed, "empty": {}, **inbox, **copies})
    shelf.train()
    describe(shelf, chance)
    suggested = suggest(shelf)
    ask = Requests(workspace.store, workspace.mover, workspace.clock)
    for number in range(3, 20):
        path, name = f"new {number}.mp4", chance.choice(FOLDERS)
        fate = chance.choice(("ours", "confirmed", "undone", "dragged", "filed", "sure", "torn", "failed", "guess", ""))
        if fate in ("ours", "confirmed", "undone", "dragged"):
            there = workspace.sort(path, name).plan.destination
            if fate == "confirmed":
                ask.handle({"do": "confirm", "paths": [there]})
            elif fate == "undone":
                ask.handle({"do": "undo"})
            elif fate == "dragged":
                workspace.drag(there, f"empty/{path}")
                workspace.synchronize()
        elif fate == "filed":
            ask.handle({"do": "file", "paths": [path], "folder": name})
        elif fate == "failed":
            workspace.store.features.fail(shelf.id(path), "is no video", attempts=3, retry_at=0.0, failed=True)
        elif fate:
            shelf.judge(path, {name: 0.9, "empty": 0.05}, move=fate == "sure")
            if fate == "guess":
                delete = "DELETE FROM features WHERE fingerprint = ?"
                workspace.store.connection.execute(delete, (shelf.id(path),))
            if fate == "sure" and chance.random() < 0.3:
                ask.handle({"do": "reject", "path": path, "folders": [name]})
    return shelf, suggested


def suggest(shelf: Shelf) -> list[Suggestion]:
    """Keep two groups as they are before anything is filed."""
    groups = [[shelf.id(f"new {number}.mp4") for number in some] for some in (range(3, 11), range(11, 18))]
    suggested = [Suggestion(group_id(group), tuple(group), tuple(group), (), "") for group in groups]
    remember(artifacts_folder(shelf.config.state_dir), suggested)
    return suggested


def describe(shelf: Shelf, chance: random.Random) -> None:
    """Some videos have a caption, some pictures; so has one that is gone."""
    store = shelf.workspace.store
    contents = sorted({file.fingerprint for file in store.files.known().files.values()})
    for video in [*chance.sample(contents, 9), "gone"]:
        store.captions.put(StoredCaption(video, "", "ann: ducks on a pond", "ann", "d"), {})
    for video in chance.sample(contents, 7):
        store.connection.execute("INSERT INTO pictures VALUES (?, ?, 1, 0, NULL)", (video, chance.randint(0, 9000)))


def learn(shelf: Shelf, seed: int) -> int:
    """Train a real classifier on some of what is filed. Return of how many videos it can be evaluated."""
    labels = list(shelf.workspace.store.files.labels().items())
    rows = np.random.default_rng(seed).normal(size=(len(labels), 8)).astype("float32")
    for (video, _), row in zip(labels, rows, strict=True):
        shelf.workspace.store.features.add(Features(video, row.tobytes(), "", "", "none"), "space-1", now=1.0)
    classifier = train_classifier(rows, [label for _, label in labels], blocks=(4, 4), candidates=("prototypes",))
    folder = artifacts_folder(shelf.config.state_dir)
    folder.mkdir(exist_ok=True)
    note = shelf.workspace.store.notes.get(MODEL)
    assert note is not None
    save_classifier(classifier, folder, feature_space=note["feature_space"], trained_at=note["trained_at"])
    return sum(one is not None for one in classifier.held_out)


@pytest.mark.parametrize("seed", range(6))
def test_each_page_tells_the_numbers_of_the_database(tmp_path: Path, seed: int) -> None:
    shelf, groups = random_library(tmp_path, random.Random(seed))
    evaluated = learn(shelf, seed)
    for path in ("empty.mp4", "denied.mp4"):
        shelf.workspace.store.features.set_unreadable(path, FileId(1, 2, 0, 4), "it is empty", attempts=1, retry_at=9.0)
    config, (root,) = shelf.config, look_at(shelf.config.videos)
    shelf.workspace.close()

    with closing(Store.open(config.state_dir)) as store:

        def count(query: str) -> int:
            return int(store.connection.execute(f"SELECT count(*) FROM {query}").fetchone()[0])

        inbox = count("files WHERE category IS NULL") + count("unreadable")
        waits = [
            sum(count(f"files WHERE category IS NULL AND fingerprint = '{video}'") > 0 for video in group.videos)
            for group in groups
        ]
        contents = count("(SELECT DISTINCT fingerprint FROM files WHERE category IS NULL)")
        waiting = count(
            "files LEFT JOIN features USING (fingerprint) LEFT JOIN failures USING (fingerprint) "
            "WHERE category IS NULL AND features.fingerprint IS NULL AND failures.fingerprint IS NULL"
        )
        unreadable = count("files JOIN failures USING (fingerprint) WHERE category IS NULL AND failed") + count(
            "unreadable"
        )
        ours = count("files WHERE source = 'auto'")
        by_source = {source: count(f"files WHERE source = '{source}'") for source in ("user", "auto", "confirmed")}
        moves = {
            "total": count("moves WHERE kind = 'sort' AND step = 'done'"),
            "undone": count("moves WHERE kind = 'sort' AND undone"),
            "corrected": count("moves WHERE kind = 'sort' AND corrected"),
        }
        described = count("captions WHERE fingerprint IN (SELECT fingerprint FROM files) AND text LIKE '%pond%'")
        drawn = count("pictures WHERE bytes > 0")
        left = {f for f, names in store.files.rejections().items() if names} - store.files.held()

    status = read_status(config, root)
    parts = status["inbox_parts"]
    assert (status["inbox"], sum(parts.values())) == (inbox, inbox)
    assert (parts["waiting"], parts["unreadable"]) == (waiting, unreadable)
    assert {one: sum(counts[one] for counts in status["categories"].values()) for one in by_source} == by_source
    assert status["moves"] == moves
    assert status["suggested"] == sum(number >= FEWEST for number in waits)
    assert status["queue"]["failed"] == unreadable
    assert (status["captions"]["videos"], status["pictures"]["videos"]) == (described, drawn)

    review = read_review(config)
    assert len(review.undecided) == parts["undecided"]
    assert len(review.sure) == parts["to_move"]
    assert len(review.guessed) + len(review.unseen) == waiting

    facts = read_facts(config, root, "sorterd")
    assert (len(facts.waiting), facts.unseen) == (parts["undecided"], waiting)
    assert len(facts.to_move) == parts["to_move"]
    assert len(facts.moves) == moves["total"]
    assert facts.card == read_card(config)[0]
    assert facts.card is not None
    assert facts.card.videos == sum(facts.card.confusion.values()) == evaluated
    text = " ".join(re.sub("<[^>]*>", " ", page(facts)).split())
    would = f"{parts['to_move']} {'is' if parts['to_move'] == 1 else 'are'} sure enough to be moved"
    assert (would in text) == (parts["to_move"] > 0)

    library = shelf.paged()
    told = library.everything()
    assert told["counts"]["moved"] == ours
    assert len(library.find("duck pond")["cards"]) == len(library.find("ducks pond")["cards"]) == described
    assert {one["name"]: one["videos"] for one in told["folders"]} == {
        name: sum(counts.values()) for name, counts in status["categories"].items()
    }
    assert told["to_move"] == len({one.file.fingerprint for one in review.sure})
    shown = {card["id"] for card in told["lists"]["waiting"]}
    assert len(shown) + told["to_move"] == contents
    assert told["counts"]["waiting"] == len(shown) - sum(card["state"] == "left" for card in told["lists"]["waiting"])
    assert {card["id"] for card in told["lists"]["waiting"] if card["state"] == "left"} <= left


def test_what_several_workers_have_waits_until_their_answers_are_in_the_database(workspace: Workspace) -> None:
    two = two_workers(workspace)
    workspace.lay_out({f"new {n}.mp4": b"cat 9%d" % n for n in range(8)})
    config, (root,) = Shelf(workspace).config, look_at(workspace.root)

    def count(query: str) -> int:
        return int(workspace.store.connection.execute(f"SELECT count(*) FROM {query}").fetchone()[0])

    seen = set()
    two.until_given()
    for _ in range(3):
        status = read_status(config, root)
        waiting = count("files LEFT JOIN features USING (fingerprint) WHERE features.fingerprint IS NULL")
        assert status["queue"]["pending"] == waiting
        assert status["inbox"] == sum(status["inbox_parts"].values()) == count("files WHERE category IS NULL")
        seen.add(waiting)
        two.there.work()
        two.turn()
    two.finish()
    assert len(seen) == 3
    status = read_status(config, root)
    assert (status["queue"]["pending"], status["inbox"]) == (0, 0)
    assert status["moves"]["total"] == count("moves WHERE step = 'done'") == 8
