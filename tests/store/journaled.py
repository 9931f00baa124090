"""A store that knows what the disk does not tell, and ways to lose its database."""

from pathlib import Path

from sorterd.changes import Arrived, KnownFile
from sorterd.library.files import FileId, FolderId
from sorterd.store.opening import Opened, open_to_write
from sorterd.store.settings import VIDEOS
from sorterd.store.store import DATABASE, Store

OURS = KnownFile("cats/caf\udce9.mp4", FileId(1, 2**64 - 10, 5, 6), "a" * 32, "auto")


THEIRS = KnownFile("cats/theirs.mp4", FileId(1, 11, 5, 6), "b" * 32, "user")


NEW = KnownFile("new.mp4", FileId(1, 12, 5, 6), "c" * 32, None)


CATS = {"cats": FolderId(1, 2)}


def opened(folder: Path, *, used_before: bool = False, now: float = 9.0) -> Opened:
    return open_to_write(folder, used_before=used_before, now=now)


def fill(store: Store) -> None:
    store.notes.put(VIDEOS, "/videos")
    store.files.apply([Arrived(file) for file in (OURS, THEIRS, NEW)], CATS, now=1.0, watching=False)
    store.files.reject(NEW.fingerprint, "dogs", now=1.0)
    store.files.hold(NEW.fingerprint, now=1.0)
    planned(store)


def used(folder: Path) -> None:
    """A store that was filled and closed."""
    store = opened(folder).store
    fill(store)
    store.close()


def planned(store: Store) -> int:
    number = store.journal.plan(
        kind="sort", fingerprint=OURS.fingerprint, source="caf\udce9.mp4", destination=OURS.path,
        sidecars=(("a.jpg", "cats/a.jpg"),), id=OURS.id, reason="looks like it", now=1.0, confidence=0.9,
    )  # fmt: skip
    store.journal.step(number, "done")
    return number


def knows_what_the_disk_does_not_tell(store: Store) -> None:
    known = store.files.known()
    assert known.files == {file.path: file for file in (OURS, THEIRS, NEW)}
    assert known.categories == CATS
    assert store.files.rejections() == {NEW.fingerprint: frozenset({"dogs"})}
    assert store.files.held() == {NEW.fingerprint}
    (entry,) = store.journal.latest(9)
    assert (entry.number, entry.destination, entry.sidecars) == (1, OURS.path, (("a.jpg", "cats/a.jpg"),))
    assert store.notes.get(VIDEOS) == "/videos"


def lose_database(folder: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (folder / (DATABASE + suffix)).unlink(missing_ok=True)
