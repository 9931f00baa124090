"""Find sidecars that their video left behind, by their names, the journal, and the user's moves and renames."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.library.downloads import awaited, targets
from sorterd.library.files import SeenFile
from sorterd.library.layout import LayoutRules
from sorterd.library.names import stem_and_extension
from sorterd.library.openat import join, opened, split
from sorterd.library.scan import file_id
from sorterd.library.sidecars import claims, owners, renamed
from sorterd.library.unfinished import JOIN_SECONDS
from sorterd.store.relocations import KEPT_SECONDS, Relocation
from sorterd.store.store import Store
from sorterd.sync.conversions import core_of

_COARSE_NS = 5_000_000_000  # a folder's own time stamp may be that coarse (FAT: 2 s)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A sidecar that was left behind.

    `place` is the path where it should be, `video` the path of its video, `fingerprint` that video's. `since` is when
    the video left. `by_user`: it or another owner of the sidecar was moved by the user.
    """

    seen: SeenFile
    place: str
    video: str
    fingerprint: str
    since: float
    by_user: bool


@dataclass(slots=True)
class Orphans:
    """Finds sidecars in the folders that videos have left. `_clean` are folders without any, as they last were."""

    root: Path
    rules: LayoutRules
    store: Store
    _clean: dict[str, tuple[int, float]] = field(default_factory=dict)

    def find(self, now: float) -> tuple[list[Orphan], dict[str, str]]:
        """Return the sidecars whose videos all went to one folder or have another name, and {path: reason} of those
        whose videos went to several folders."""
        folders: defaultdict[str, dict[str, Relocation]] = defaultdict(dict)
        for relocation in self.store.relocations.all().values():
            if relocation.at > now - KEPT_SECONDS:
                folder, name = split(relocation.source)
                folders[folder][name] = relocation
        found: list[Orphan] = []
        torn: dict[str, str] = {}
        for folder, gone in folders.items():
            with suppress(OSError), opened(self.root, folder) as descriptor:
                changed = os.fstat(descriptor).st_mtime_ns
                latest = max(relocation.at for relocation in gone.values())
                if self._clean.get(folder) == (changed, latest):
                    continue
                if self._look_into(descriptor, folder, gone, now, found, torn):
                    self._clean.pop(folder, None)
                elif changed < now * 1e9 - _COARSE_NS:
                    self._clean[folder] = (changed, latest)
        return found, torn

    def _look_into(
        self,
        descriptor: int,
        folder: str,
        gone: Mapping[str, Relocation],
        now: float,
        found: list[Orphan],
        torn: dict[str, str],
    ) -> bool:
        """Add the sidecars in one folder to `found` and `torn`.

        Return whether any file there may belong to a video that has gone.
        """
        with os.scandir(descriptor) as entries:
            names = frozenset(entry.name for entry in entries)
        videos = {name for name in names if self.rules.is_video(name)}
        absent = {name: where for name, where in gone.items() if name not in videos}
        wanted = claims(absent)
        near = [name for name in names if name not in videos and owners(name, wanted)]  # leaves a few of thousands
        claimed = claims(videos | absent.keys())
        for name in sorted(near):
            own = owners(name, claimed)
            if not own <= absent.keys() or self.rules.ignored(join(folder, name)):
                continue  # it may belong to a video that is here
            if any(_is_awaited(video, names, descriptor, now) for video in own):
                continue
            with suppress(OSError):
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    touched = max(status.st_mtime_ns, status.st_ctime_ns)
                    seen = SeenFile(join(folder, name), file_id(status), touched)
                    self._judge(seen, {video: absent[video] for video in own}, found, torn)
        return bool(near)

    def _judge(self, seen: SeenFile, own: Mapping[str, Relocation], found: list[Orphan], torn: dict[str, str]) -> None:
        folder, name = split(seen.path)
        there = {video: place for video, where in own.items() if (place := self._place(where)) is not None}
        targets = {split(place)[0] for place in there.values()}
        if not there or (folder in targets and len(targets) > 1):  # all are deleted, or one is still here
            return
        if len(targets) > 1:
            torn[seen.path] = f"it belongs to {' and '.join(sorted(there))}, which lie in different folders now"
            return
        # If there are two videos, the sidecar is named after the one that has kept its name.
        video = min(there, key=lambda one: (split(there[one])[1] != one, one))
        if folder in targets and _is_derived(join(folder, video), there[video]):
            return  # a program may be about to put another form of the video in its place
        last = max(own.values(), key=lambda one: one.at)
        found.append(
            Orphan(
                seen=seen,
                place=join(targets.pop(), renamed(name, video, split(there[video])[1])),
                video=there[video],
                fingerprint=own[video].fingerprint,
                since=last.at,
                by_user=any(one.by_user for one in own.values()),
            )
        )

    def _place(self, relocation: Relocation) -> str | None:
        """Return the path of a video that left, None if that is not certain."""
        places = [file.path for file in self.store.files.places(relocation.fingerprint)]
        if relocation.destination in places:
            return relocation.destination
        return places[0] if len(places) == 1 else None


def _is_derived(path: str, renamed_to: str) -> bool:
    """Return whether programs derive one name from the other ("x (1)", "x.old"), or they differ only in case."""
    return core_of(path.casefold()) == core_of(renamed_to.casefold())


def _is_awaited(video: str, names: Collection[str], folder: int, now: float) -> bool:
    """Return whether a running download will become a video of this name, to which the sidecar may belong."""
    head = stem_and_extension(video)[0].partition(".")[0]
    sign = awaited(video, [name for name in names if name.startswith(head)])
    if sign is None or targets(sign):
        return sign is not None
    with suppress(FileNotFoundError):  # a track that was not joined for JOIN_SECONDS is an ordinary video
        found = os.stat(sign, dir_fd=folder, follow_symlinks=False)
        return now - max(found.st_mtime, found.st_ctime) < JOIN_SECONDS
    return False
