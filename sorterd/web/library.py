"""One library as the page sees it: the lists, the folders, and how far the user is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from sorterd.config import Config
from sorterd.daemon.live import Live
from sorterd.find.documents import Documents
from sorterd.text import counted, printable
from sorterd.web.cards import VideoCard, excerpt
from sorterd.web.facts import PageFacts, read_caption, read_facts, read_texts, stamp
from sorterd.web.folder_keys import folder_keys
from sorterd.web.found import found
from sorterd.web.lists import LISTS
from sorterd.web.meaning import LEFT_OUT, ask_meaning, rank
from sorterd.web.session import Session

if TYPE_CHECKING:  # importing it loads numpy
    from sorterd.find.meaning import Meaning

SHOWN = 200  # cards of each list at a time
QUICK_SECONDS = 0.05  # what takes no longer to read is read whenever the store has changed
PATIENCE = 20  # what takes longer is kept for that many times as long, when only the progress is asked for


@dataclass(frozen=True, slots=True)
class View:
    """What is known at one moment, as the page's script gets it."""

    stamp: str
    facts: PageFacts
    lists: Mapping[str, list[VideoCard]]
    kept_until: float  # monotonic clock


@dataclass(slots=True)
class PagedLibrary:
    """Reads the store when it has changed. `live` gives the running service's own word."""

    config: Config
    session: Session
    live: Callable[[], Live | None]
    clock: Callable[[], float] = time.time
    _view: View | None = None
    _lock: Lock = field(default_factory=Lock)
    _read: tuple[str, Documents] | None = None
    _meaning: tuple[str, Meaning] = ("", {})  # of the last search

    def view(self, *, patient: bool = False) -> View:
        """Return what is known now, or `patient` what was known some seconds ago if there is much to read.

        Raise StoreError or sqlite3.Error.
        """
        with self._lock:
            now, began = stamp(self.config.state_dir), time.monotonic()
            kept = self._view is not None and patient and began < self._view.kept_until
            if self._view is None or (self._view.stamp != now and not kept):
                facts = read_facts(self.config, now=self.clock())
                self.session.look(facts)
                lists = {name: one.cards(facts) for name, one in LISTS.items()}
                ended = time.monotonic()
                self._view = View(now, facts, lists, ended + PATIENCE * (ended - began - QUICK_SECONDS))
            return self._view

    def everything(self) -> dict[str, Any]:
        """Return the lists and folders."""
        view = self.view()
        sizes = {folder: sum(counts.values()) for folder, counts in view.facts.categories.items()}
        self.session.keys = folder_keys(sizes, self.session.keys)
        folders = [
            {"name": folder, "shown": printable(folder), "videos": size, "key": self.session.keys.get(folder)}
            for folder, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0].lower()))
        ]
        said = view.facts.transcripts
        lists = {
            name: [card.to_json() | {"says": excerpt(said.get(card.id, ""))} for card in cards[:SHOWN]]
            for name, cards in view.lists.items()
        }
        return {"lists": lists, "folders": folders, **self.progress()}

    def find(self, words: str) -> dict[str, Any]:
        """Return the cards of the videos that fit these words, also by meaning once `alike` was asked for it."""
        waiting = {card.id: card for card in self.view().lists["waiting"]}
        documents = self._documents()
        searched, meaning = self._meaning
        alike = rank(self.config, meaning, documents) if meaning and searched == words else {}
        cards = found(words, documents, waiting, alike)
        return {"cards": [card.to_json() | {"says": excerpt(documents[card.id].transcript)} for card in cards]}

    def alike(self, words: str) -> dict[str, Any]:
        """Return the same and the videos that mean the same. This may take until the service has loaded its models."""
        meaning = ask_meaning(self.config, words)
        self._meaning = words, meaning
        return self.find(words) | {"left_out": None if meaning else LEFT_OUT}

    def _documents(self) -> Documents:
        """Return what is searched, read again only if the store has changed."""
        now = stamp(self.config.state_dir)
        if self._read is None or self._read[0] != now:
            self._read = now, read_texts(self.config)
        return self._read[1]

    def caption(self, video: str) -> dict[str, Any]:
        """Return what a video says about itself, empty if it says nothing. No other answer holds it."""
        return {"caption": printable(read_caption(self.config, video))}

    def progress(self) -> dict[str, Any]:
        """Return the small part that is asked for every few seconds."""
        view, session = self.view(patient=True), self.session
        facts, live = view.facts, self.live()
        waiting = {card.id for card in view.lists["waiting"] if card.state != "left"}
        counts = {name: len(cards) for name, cards in view.lists.items()}
        decided = len(session.decided)
        to_move = len({one.file.fingerprint for one in facts.inbox.sure})
        return {
            "stamp": view.stamp,
            "counts": counts | {"waiting": len(waiting)},
            "decided": decided,
            "total": decided + len(waiting - session.decided),
            "to_move": to_move,
            "moved_by_itself": session.moved_by_sorterd(facts),
            "not_moving": facts.not_moving,
            "lessons": len(session.lessons),
            "lesson": session.lessons[-1] if session.lessons else None,
            "service": _doing(live),
        }


def _doing(live: Live | None) -> str:
    """Return what the service does or lacks, "" if it waits for videos."""
    if live is None:
        return "sorterd is not running"
    if live.blocked is not None:
        return printable(live.blocked)
    words = {"extracting": "looking at videos", "training": "learning", "predicting": "judging what waits"}
    says = words.get(live.activity, live.activity)
    reading = f", {counted(live.unread, 'video')} to read" if live.unread else ""
    return "" if says == "waiting for videos" else says + reading
