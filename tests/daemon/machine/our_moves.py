"""What sorterd has moved, taken over into the model and checked move by move."""

from collections.abc import Callable

from daemon.machine.model import LibraryModel
from daemon.machine.names import BY_STEM, is_video, named, stem, under
from sorterd.changes import KnownFile
from sorterd.library.scan import file_id
from sorterd.store.journal import Entry


class OurMoves(LibraryModel):
    """Moves and undos from the journal, with their sidecars."""

    def carried_out(self, act: Callable[[], object]) -> list[Entry]:
        """The moves that `act` made, taken over into the model and told to the attentive one."""
        act()
        made = []
        while (entry := self.workspace.store.journal.get(self.entries + 1)) is not None:
            self.entries += 1
            if entry.step == "done" and self.is_of_a_sidecar(entry):
                self.a_sidecar_goes(entry)
            elif entry.step == "done":
                made.append(entry)
                self.takes_its_sidecars_along(entry)
                for source, target in ((entry.source, entry.destination), *entry.sidecars):
                    assert target not in self.files, "something was overwritten"
                    self.files[target] = self.files.pop(source)
                assert named(self.files[entry.destination]) == entry.fingerprint
                self.then.pop(entry.source, None)
                if entry.kind == "file":  # the attentive one sees a drag
                    self.then[entry.destination] = self.as_known(entry.destination, "user")
                    continue
                self.expected.we_moved(self.files[entry.destination], entry.source, entry.destination)
                self.then[entry.destination] = self.as_known(
                    entry.destination, "auto" if entry.kind == "sort" else None
                )
                id = file_id((self.root / entry.destination).lstat())
                moved = KnownFile(entry.destination, id, entry.fingerprint, "auto" if entry.kind == "sort" else None)
                self.attentive.store.files.move(entry.source, moved, now=1.0)
        return made

    def takes_its_sidecars_along(self, entry: Entry) -> None:
        """All of its own, and no others; but an undo leaves those whose old name is taken."""
        there = entry.destination.rpartition("/")[0]
        stay = self.sidecars(entry.source) - {source for source, _ in entry.sidecars} - self.shared_with_the_gone(entry)
        for path in stay:
            name, new = path.rpartition("/")[2], entry.destination.rpartition("/")[2]
            old = entry.source.rpartition("/")[2]
            called = new + name[len(old) :] if name.startswith(old) else stem(new) + name[len(stem(old)) :]
            assert entry.kind == "undo", "a sidecar stayed behind"
            assert under(there, called) in self.files, "a sidecar stayed behind"
        theirs = {source for source, _ in entry.sidecars} - self.sidecars(entry.source)
        undone = None if entry.undoes is None else self.workspace.store.journal.get(entry.undoes)
        brought = (
            set()
            if undone is None
            else {target for _, target in undone.sidecars}
            | {one.destination for one in self.workspace.store.journal.of(entry.fingerprint) if one.kind == "follow"}
        )
        assert theirs <= brought, "they belong to another"

    def shared_with_the_gone(self, entry: Entry) -> set[str]:
        """What belongs by the stem stays if another video of that stem has left this folder for a third one."""
        here, _, name = entry.source.rpartition("/")
        others = self.workspace.store.relocations.all(under(here, stem(name)))
        gone = any(stem(path.rpartition("/")[2]) == stem(name) and path != entry.source for path in others)
        return {path for path in self.sidecars(entry.source) if gone and not path.startswith(entry.source)}

    def is_of_a_sidecar(self, entry: Entry) -> bool:
        undone = None if entry.undoes is None else self.workspace.store.journal.get(entry.undoes)
        return entry.kind == "follow" or (undone is not None and undone.kind == "follow")

    def a_sidecar_goes(self, entry: Entry) -> None:
        """Where its video is, or back, and over nothing."""
        assert entry.destination not in self.files, "something was overwritten"
        assert not is_video(entry.source)
        folder = entry.destination.rpartition("/")[0]
        if entry.kind == "follow":
            beside = {named(self.files[path]) for path in self.videos() if path.rpartition("/")[0] == folder}
            assert entry.fingerprint in beside, "it went where its video is not"
            assert not any(entry.source in self.sidecars(path) for path in self.videos()), "it was taken from a video"
        self.files[entry.destination] = self.files.pop(entry.source)

    def sidecars(self, video: str) -> set[str]:
        """What belongs to a video: by its whole name, or by its stem if no other video has that too."""
        folder, _, name = video.rpartition("/")
        own = {f"{name}.jpg"}
        beside = {path.rpartition("/")[2] for path in self.files if path.rpartition("/")[0] == folder}
        if sum(is_video(other) and stem(other) == stem(name) for other in beside) == 1:
            own |= {sidecar.format(stem=stem(name)) for sidecar in BY_STEM}
        return {under(folder, other) for other in own & beside}
