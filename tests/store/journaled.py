"""A store that knows what the disk does not tell, and ways to lose its database."""

from pathlib import Path

from sorterd.changes import Arrived, KnownFile
from sorterd.library.files import FileId, FolderId
from sorterd.store.journal_file import JOURNAL
from sorterd.store.opening import Opened, open_to_write
from sorterd.store.settings import VIDEOS
from sorterd.store.store import DATABASE, Store

OURS = KnownFile("cats/caf\udce9.mp4", FileId(1, 2**64 - 10, 5, 6), "a" * 32, "auto")
THEIRS = KnownFile("cats/theirs.mp4", FileId(1, 11, 5, 6), "b" * 32, "user")
NEW = KnownFile("new.mp4", FileId(1, 12, 5, 6), "c" * 32, None)
CATS = {"cats": FolderId(1, 2)}


class StateFolder:
    """A state folder, and the one process that has it open. `news` is what that was told when it started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database, self.journal = folder, folder / DATABASE, folder / JOURNAL
        self.news: tuple[str, ...] = ()
        self._opened: Opened | None = None

    def start(self, *, used_before: bool = False) -> Store:
        """Open the store as a new process does, after the one before has ended."""
        self.end()
        self._opened = open_to_write(self.folder, used_before=used_before, now=9.0)
        self.news = self._opened.news
        return self._opened.store

    def end(self) -> None:
        if self._opened is not None:
            self._opened.store.close()
            self._opened = None

    def use(self) -> None:
        """Fill the store, and end."""
        fill(self.start())
        self.end()

    def lose_database(self) -> None:
        """End, and delete the database with its log."""
        self.end()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.database}{suffix}").unlink(missing_ok=True)


def fill(store: Store) -> None:
    store.notes.put(VIDEOS, "/videos")
    store.files.apply([Arrived(file) for file in (OURS, THEIRS, NEW)], CATS, now=1.0, watching=False)
    store.files.reject(NEW.fingerprint, "dogs", now=1.0)
    store.files.hold(NEW.fingerprint, now=1.0)
    planned(store)


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
