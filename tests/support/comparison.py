"""Compare what lies on disk and what sorterd knows with the ledger of what the user did."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from sorterd.library.files import category_of
from sorterd.library.fingerprint import fingerprint
from support.clips import KEY
from support.ledger import Copy, Item, Ledger
from support.outcome import Outcome
from support.records import Records


@dataclass(frozen=True, slots=True)
class Place:
    """One file as it lies on disk and as sorterd knows it."""

    path: str
    folder: int | None
    content: str
    source: str | None


def compare(root: Path, ledger: Ledger, records: Records, outcome: Outcome) -> None:
    """Compare the disk and the records with the ledger. Add counts and all that is wrong to the outcome."""
    places, sidecars = _on_disk(root, ledger, records, outcome)
    for item in ledger.items.values():
        _compare_item(item, places.pop(item.key, []), ledger, records, outcome)
    for key, strays in places.items():
        outcome.wrong.append(f"a file that nobody made: {key} at {strays[0].path}")
    lost = ledger.sidecars - sidecars
    outcome.count("sidecars", len(ledger.sidecars))
    outcome.count("sidecars lost", len(lost))
    outcome.wrong += [f"a sidecar was lost: {key}" for key in lost]


def _on_disk(root: Path, ledger: Ledger, records: Records, outcome: Outcome) -> tuple[dict[str, list[Place]], set[str]]:
    places: defaultdict[str, list[Place]] = defaultdict(list)
    sidecars = set()
    for name in ("half files", "files not known as they are"):
        outcome.count(name, 0)
    for path in sorted(root.rglob("*")):
        where = str(path.relative_to(root))
        if path.is_dir():
            continue
        key = path.read_bytes()[-KEY:].decode("ascii", "replace")
        if path.name.startswith("."):
            outcome.count("half files")
            outcome.wrong.append(f"left behind: {where}")
        elif path.suffix == ".json":
            sidecars.add(key)
        elif path.suffix == ".mp4":
            content = fingerprint(path, lambda: False)
            known, source = records.files.get(where, ("", None))
            if known != content:
                outcome.count("files not known as they are")
                outcome.wrong.append(f"{where} is not known as it is")
            places[key].append(Place(where, ledger.number(category_of(where)), content, source))
    gone = records.files.keys() - {place.path for found in places.values() for place in found}
    outcome.wrong += [f"known but not there: {path}" for path in sorted(gone)]
    return places, sidecars


def _compare_item(item: Item, places: list[Place], ledger: Ledger, records: Records, outcome: Outcome) -> None:
    wrong = outcome.wrong
    story = f"{item.key}: {' | '.join(item.history[-6:])}; it lies at {[(p.path, p.source) for p in places]}"
    for name in ("files", "files lost", "files overwritten", "wrong labels"):
        outcome.count(name, 0)
    outcome.count("files", len(item.copies))
    if len(places) < len(item.copies):
        others = records.files.get(item.last_seen)
        what = "files overwritten" if others is not None and not places else "files lost"
        outcome.count(what, len(item.copies) - len(places))
        wrong.append(f"{what} {story}")
        return
    left = list(places)
    for copy in sorted(item.copies, key=lambda copy: copy.filed is None):
        place = next((place for place in left if _fits(copy, place, item, records)), None)
        if place is None:
            outcome.count("wrong labels")
            folder = None if copy.filed is None else ledger.folders[copy.filed]
            wrong.append(f"should lie in {folder or 'the inbox, or where we moved it'} as {copy.word}: {story}")
            return
        left.remove(place)
    for place in left:  # the user deleted a file while sorterd copied it to another disk
        if any(move.destination == place.path for move in records.moved(place.content)):
            outcome.count("copies that came of a deletion during a move")
        else:
            wrong.append(f"one too many: {story}")


def _fits(copy: Copy, place: Place, item: Item, records: Records) -> bool:
    """Return whether this file may be that copy."""
    undone = bool(records.moved(place.content, "undo"))
    ours = any(move.destination == place.path for move in records.moved(place.content))
    if copy.filed is None and copy.word != "?":
        if place.folder is None:
            return place.source is None
        # A rejected category is right only if a crash kept sorterd from recording that the video had been there.
        unseen = any(
            move.destination.startswith(place.path.partition("/")[0] + "/")
            for move in records.moved(place.content, step="failed")
        )
        return place.source == "auto" and not item.held and (place.folder not in item.rejected or unseen)
    if copy.word == "?":  # a command that was cut short may or may not have taken effect
        return place.source in (None, "user", "auto", "confirmed")
    if place.folder is None:
        return copy.word == "confirmed" and undone  # an undo that was cut short before it answered
    if place.folder != copy.filed:
        return False
    # "auto" is right too if sorterd was about to move it there: after a crash, nobody can tell who moved it.
    return place.source == copy.word or (place.source == "auto" and ours and copy.word == "user")
