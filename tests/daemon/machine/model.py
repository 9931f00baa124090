"""A model of what a person would expect of the library, and the checks that sorterd knows the same."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypothesis.stateful import RuleBasedStateMachine, invariant
from support.workspace import Clock, Workspace

from daemon.machine.expectations import Expectations, Video
from daemon.machine.names import Item, is_video, named, under
from sorterd.changes import Known, Source
from sorterd.library.files import FolderId, category_of
from sorterd.sorting.sorter import Sorter


@dataclass(frozen=True, slots=True)
class Trash:
    """A category that the user took out of the library. Of the videos in `sources` there is no copy anywhere."""

    folder: str
    files: dict[str, bytes]
    folders: dict[str, int]
    sources: dict[str, Source | None]

    def forget(self, contents: Iterable[bytes]) -> None:
        """What lies in the library by now comes back as a copy."""
        for path in [path for path in self.sources if self.files[path] in contents]:
            del self.sources[path]


class LibraryModel(RuleBasedStateMachine):
    """What lies where, what the user has filed, and what must hold; the rules come with its subclasses."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.outside = self.place / "outside"
        self.outside.mkdir()
        clock = Clock()
        self.workspace = Workspace(self.place / "videos", self.place / "state", clock)
        self.attentive = Workspace(self.place / "videos", self.place / "attentive", clock)
        self.sorter = self.new_sorting()
        self.files: dict[str, bytes] = {}
        self.folders: dict[str, int] = {}  # every folder, with a number that it keeps when it is renamed
        self.folders_then: dict[str, int] = {}  # as of our last sync
        self.filed: set[tuple[bytes, str]] = set()  # which content the user has put into which category
        self.expected = Expectations()
        self.then: dict[str, tuple[Video, int | None, Source | None]] = {}  # as we knew it, with its category's number
        self.trash: Trash | None = None
        self.entries = 0
        self.number = 0

    def teardown(self) -> None:
        self.workspace.close()
        self.attentive.close()
        shutil.rmtree(self.place)

    def we_synchronize_in_between(self) -> None:
        """While something is under way. What is decided is not checked yet, but the folders' names are known."""
        if self.workspace.synchronize(settle_moves=self.workspace.mover.recover).doubt is None:
            self.folders_then = dict(self.folders)

    # --- what must hold ---

    @invariant()
    def every_content_lies_where_the_user_or_we_have_put_it(self) -> None:
        found: dict[str, bytes] = {}
        folders = set()
        for path in self.root.rglob("*"):
            relative = str(path.relative_to(self.root))
            if path.is_dir():
                folders.add(relative)
            else:
                found[relative] = path.read_bytes()
        assert found == self.files
        assert folders == set(self.folders)

    def knows_everything(self, workspace: Workspace) -> None:
        """Which state is reached does not depend on how often and when was looked."""
        there = {path: named(content) for path, content in self.files.items() if is_video(path.rpartition("/")[2])}
        assert {path: file.fingerprint for path, file in workspace.store.files.known().files.items()} == there
        assert set(workspace.store.files.categories()) == set(self.categories()) - self.without_videos()
        filed = {(named(content), folder) for content, folder in self.filed}
        assert set(workspace.store.files.labels().items()) <= filed, "the user did not put it there"

    def rejects_what_was_taken_out(self, before: Known) -> None:
        """ "Not this one": what we had moved somewhere, and the user has moved away, is remembered."""
        places: dict[str, set[str | None]] = {}
        for path, content in self.files.items():
            if is_video(path.rpartition("/")[2]):
                places.setdefault(named(content), set()).add(category_of(path))
        for file in before.files.values():
            folder, now = file.category, places.get(file.fingerprint, set())
            if file.source != "auto" or folder is None or not now or folder in now or file.path in self.files:
                continue
            if folder in self.folders and self.folders_then.get(folder) == self.folders[folder]:
                assert folder in self.workspace.store.files.rejections()[file.fingerprint]

    def remembers_rejections(self, before: Known, rejections: Mapping[str, Collection[str]]) -> None:
        """Until the user puts it in there after all, also if the folder is called otherwise now."""
        names = {self.which(folder): folder for folder in self.categories()}
        now = self.workspace.store.files.rejections()
        there = {(named(content), folder) for content, folder in self.contents()}
        held = {(file.fingerprint, file.category) for file in before.files.values()}
        for content, folders in rejections.items():
            for folder in folders:
                name = names.get(before.categories.get(folder))
                if name is None or (content, name) in there:
                    continue
                # Among videos without one that tells, it is not known to be the same folder.
                inside = [one for one, category in there if category == name]
                empty = not inside and folder not in self.folders
                if name == folder or empty or any((one, folder) in held for one in inside):
                    assert name in now.get(content, ()), f"it was taken out of {folder}, which is {name} now"

    def holds_what_was_undone(self, before: Known, held: Set[str]) -> None:
        """Until the user files it, and no longer."""
        now = self.workspace.store.files
        files = now.known().files
        filed = {file.fingerprint for file in files.values() if file.category is not None}
        assert now.held() >= held - filed, "the user has not filed it"
        there = {(file.fingerprint, file.category) for file in before.files.values()}
        for path, file in files.items():
            folder = file.category
            if folder is None or before.categories.get(folder) != self.which(folder):
                continue
            if file.source == "user" and path not in before.files and (file.fingerprint, folder) not in there:
                assert file.fingerprint not in now.held(), "the user has filed it"

    # --- how it is done ---

    @property
    def root(self) -> Path:
        return self.workspace.root

    @contextmanager
    def the_user(self) -> Iterator[None]:
        """What the user does inside counts as filing: where a category has content that it did not have before, and
        where a file comes from another category."""
        before, videos = self.contents(), self.videos()
        came_from = {video.inode: path for path, video in videos.items()}
        yield
        now = self.videos()
        self.filed |= self.contents() - before
        for path, video in now.items():
            folder = category_of(path)
            if folder is not None and video.inode in came_from and category_of(came_from[video.inode]) != folder:
                self.filed.add((video.content, folder))
        self.expected.the_user_did(videos, now)
        self.attends()

    def attends(self) -> None:
        self.then = {path: then for path, then in self.then.items() if self.untouched(path, *then)}
        if self.trash is not None:
            kept = [content for path, content in self.trash.files.items() if is_video(path.rpartition("/")[2])]
            self.trash.forget([*self.files.values(), *(content for content in kept if kept.count(content) > 1)])
        self.attentive.synchronize(believe=True)
        self.knows_everything(self.attentive)
        known = self.attentive.known()
        assert {path: known[path] for path in self.expected.sources} == self.expected.sources
        rejections = self.attentive.store.files.rejections()
        for content, folder in self.expected.rejected:
            assert folder in rejections.get(named(content), ()), "the user took it out of there"
        for content, folder in self.expected.accepted:
            assert folder not in rejections.get(named(content), ()), "the user put it there"

    def which(self, folder: str) -> FolderId | None:
        """The folder itself, whatever it is called."""
        found = (self.root / folder).stat()
        return FolderId(found.st_dev, found.st_ino)

    def as_known(self, path: str, source: Source | None) -> tuple[Video, int | None, Source | None]:
        video = Video((self.root / path).stat().st_ino, self.files[path])
        return video, self.folders.get(category_of(path) or ""), source

    def untouched(self, path: str, video: Video, folder: int | None, source: Source | None) -> bool:
        return path in self.files and self.as_known(path, source) == (video, folder, source)

    def new_sorting(self) -> Sorter:
        return Sorter(self.workspace.store, self.workspace.mover, lambda _: None, "move")

    def contents(self) -> set[tuple[bytes, str]]:
        return {
            (content, folder)
            for path, content in self.files.items()
            if (folder := category_of(path)) is not None and is_video(path.rpartition("/")[2])
        }

    def videos(self) -> dict[str, Video]:
        return {
            path: Video((self.root / path).stat().st_ino, content)
            for path, content in self.files.items()
            if is_video(path.rpartition("/")[2])
        }

    def without_videos(self) -> set[str | None]:
        """The folders on top in which only other files are left, which are no categories."""
        return {category_of(path) for path in self.files} - {category_of(path) for path in self.videos()}

    def categories(self) -> list[str]:
        return sorted(folder for folder in self.folders if "/" not in folder)

    def any(self, items: list[Item], which: int) -> Item:
        return items[which % len(items)]

    def any_file(self, which: int) -> str:
        return self.any(sorted(self.files), which)

    def ours(self) -> list[str]:
        """The files that lie where we have put them, as far as we know."""
        known = self.workspace.store.files.known().files.values()
        return sorted(file.path for file in known if file.source == "auto" and file.path in self.files)

    def any_place(self, which: int) -> str:
        return self.any(self.places(), which)

    def places(self) -> list[str]:
        """All folders, the inbox first."""
        return ["", *sorted(self.folders)]

    def free(self, folder: str, name: str) -> str:
        """A path in the folder that is not taken, as near to the name as it gets."""
        stem, _, extension = name.partition(".")
        names = [name, *(f"{stem} ({nr}).{extension}" for nr in range(2, 99))]
        return next(path for path in (under(folder, name) for name in names) if path not in self.files)

    def write(self, path: str, content: bytes) -> None:
        (self.root / path).write_bytes(content)
        self.files[path] = content
        self.stamp(path)

    def stamp(self, path: str) -> None:
        """A time of its own for each writing: file systems tell no two apart within some milliseconds."""
        when = self.next_number() * 1_000_000_000
        os.utime(self.root / path, ns=(when, when))

    def next_number(self) -> int:
        self.number += 1
        return self.number
