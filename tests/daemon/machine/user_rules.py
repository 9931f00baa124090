"""What the user does in a file manager."""

import shutil

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from daemon.machine.model import LibraryModel, Trash
from daemon.machine.names import (
    SIDECARS,
    any_content,
    any_folder,
    any_video,
    in_folder,
    is_video,
    named,
    pick,
    relocated,
    stem,
    under,
)
from sorterd.library.files import category_of

WITH_FILES = [
    *("drops a video", "drops a video into the inbox", "drops sidecars", "drags", "renames", "copies", "swaps"),
    *("saves over", "replaces", "touches", "deletes"),
]
WITH_OURS = ["drags", "drags", "copies", "copies beside it", "deletes"]
WITH_FOLDERS = ["makes", "renames", "moves", "moves in", "removes", "swaps", "puts in place of"]


class UserRules(LibraryModel):
    """Every act is taken over into the model at once."""

    @rule(does=st.sampled_from(WITH_FILES), which=pick, into=pick, name=any_video, content=any_content)
    def the_user_handles_a_file(self, does: str, which: int, into: int, name: str, content: bytes) -> None:
        folder = self.any_place(into)
        if does == "drops a video":
            self.drops(self.free(folder, name), content)
        elif does == "drops a video into the inbox":
            self.drops(self.free("", name), b"new %d" % self.next_number())
        elif does == "drops sidecars" and (videos := self.videos()):
            inbox = [path for path in videos if "/" not in path]
            here, _, video = self.any(sorted(inbox or videos), which).rpartition("/")
            for sidecar in SIDECARS[into % len(SIDECARS) :]:
                self.drops(self.free(here, sidecar.format(video=video, stem=stem(video))), content)
        elif self.files:
            file = self.any_file(which)
            here, _, called = file.rpartition("/")
            match does:
                case "drags":
                    self.drags(file, self.free(folder, called))
                case "renames":
                    self.drags(file, self.free(here, name))
                case "copies":
                    self.drops(self.free(folder, name), self.files[file])
                case "swaps":
                    self.swaps(file, self.any_file(into))
                case "saves over":
                    self.drops(file, content)
                case "replaces":
                    self.deletes(file)
                    self.drops(file, content)
                case "touches":
                    self.drops(file, self.files[file])
                case "deletes":
                    self.deletes(file)

    @precondition(lambda self: self.ours())
    @rule(does=st.sampled_from(WITH_OURS), which=pick, into=st.sampled_from([0, 0, 1, 2, 3]))
    def the_user_handles_what_we_have_moved(self, does: str, which: int, into: int) -> None:
        """Takes it back to the inbox, or to where it belongs; or copies or deletes it."""
        file = self.any(self.ours(), which)
        here, _, name = file.rpartition("/")
        match does:
            case "drags":
                self.drags(file, self.free(self.any_place(into), name))
            case "copies":
                self.drops(self.free(self.any_place(into), name), self.files[file])
            case "copies beside it":
                self.drops(self.free(here, name), self.files[file])
            case "deletes":
                self.deletes(file)

    @rule(does=st.sampled_from(WITH_FOLDERS), which=pick, into=pick, name=any_folder, content=any_content)
    def the_user_handles_a_folder(self, does: str, which: int, into: int, name: str, content: bytes) -> None:
        place = self.any_place(into)
        if does == "makes" and under(place, name) not in self.folders:
            self.makes(under(place, name))
        elif does == "moves in" and name not in self.folders:
            self.moves_in(name, content)
        elif self.folders:
            folder = self.any(sorted(self.folders), which)
            top, _, called = folder.rpartition("/")
            if does == "renames" and under(top, name) not in self.folders:
                self.renames(folder, under(top, name))
            elif does == "moves" and not under(place, "").startswith(f"{folder}/"):
                self.renames(folder, under(place, called))
            elif does == "removes":
                self.removes(folder, trash=bool(into % 2))
            elif does == "puts in place of":
                self.puts_in_place_of(folder, self.any(sorted(self.folders), into))
            elif does == "swaps":
                self.swaps_names(folder, self.any(sorted(self.folders), into))

    @precondition(lambda self: self.categories())
    @rule(which=pick, name=any_folder)
    def the_user_renames_a_category(self, which: int, name: str) -> None:
        self.renames(self.any(self.categories(), which), name)

    @rule(which=pick, into=pick)
    def the_user_drags_across_disks(self, which: int, into: int) -> None:
        """The file manager copies, then deletes; we look while it still writes the copy."""
        if not (files := [path for path in self.files if is_video(path.rpartition("/")[2])]):
            return
        source = self.any(sorted(files), which)
        target, content = self.free(self.any_place(into), source.rpartition("/")[2]), self.files[source]
        known = self.workspace.store.files.at(source)
        alone = sum(other == content for other in self.files.values()) == 1
        with self.the_user():
            with (self.root / target).open("wb") as copy:
                copy.write(content)
                copy.flush()
                (self.root / source).unlink()
                self.we_synchronize_in_between()
                if known is not None and known.fingerprint == named(content) and alone:
                    assert self.workspace.store.files.at(source) == known, "it may be on its way"
            self.files[target] = self.files.pop(source)
            self.stamp(target)

    def drops(self, path: str, content: bytes) -> None:
        """Writes a file, over another one if there is one, which keeps its inode."""
        with self.the_user():
            self.write(path, content)

    def drags(self, source: str, target: str) -> None:
        with self.the_user():
            (self.root / source).rename(self.root / target)
            self.files[target] = self.files.pop(source)

    def swaps(self, one: str, other: str) -> None:
        with self.the_user():
            aside = self.outside / "aside"
            (self.root / one).rename(aside)
            if one != other:
                (self.root / other).rename(self.root / one)
            aside.rename(self.root / other)
            self.files[one], self.files[other] = self.files[other], self.files[one]

    def deletes(self, path: str) -> None:
        with self.the_user():
            (self.root / path).unlink()
            del self.files[path]

    def makes(self, folder: str) -> None:
        with self.the_user():
            (self.root / folder).mkdir()
            self.folders[folder] = self.next_number()

    def moves_in(self, folder: str, content: bytes) -> None:
        """A whole folder at once, from elsewhere."""
        with self.the_user():
            parcel = self.outside / "parcel"
            parcel.mkdir()
            (parcel / "a.mp4").write_bytes(content)
            parcel.rename(self.root / folder)
            self.folders[folder] = self.next_number()
            self.files[f"{folder}/a.mp4"] = content
            self.stamp(f"{folder}/a.mp4")

    def renames(self, old: str, new: str) -> None:
        """A folder gets another name, goes into another folder, or comes out of one and is a category then."""
        if new in self.folders:
            return
        before, videos = self.contents(), self.videos()
        known = old in self.attentive.store.files.category_folders()  # not while only other files lie in it
        (self.root / old).rename(self.root / new)
        self.files = {relocated(path, old, new): content for path, content in self.files.items()}
        self.folders = {relocated(path, old, new): number for path, number in self.folders.items()}
        if "/" in old or "/" in new:
            self.filed |= self.contents() - before
            if category_of(f"{old}/") != category_of(f"{new}/"):
                self.filed |= {(self.files[path], new.partition("/")[0]) for path in self.files if in_folder(path, new)}
        else:  # the same category under another name
            self.filed = {(content, new if folder == old else folder) for content, folder in self.filed}
            if self.which(new) not in self.workspace.store.files.known().categories.values():
                # It was away when we looked: what comes back under another name counts as the user's.
                self.filed |= {(self.files[path], new) for path in self.files if in_folder(path, new)}
        now = self.videos()
        told = "/" not in f"{old}{new}" and known
        self.expected.the_user_did(videos, now, renamed=(old, new) if told else None)
        self.attends()

    def puts_in_place_of(self, folder: str, other: str) -> None:
        """One folder gets the name of another, which is deleted."""
        if not in_folder(folder, other) and not in_folder(other, folder):
            self.removes(other, trash=False)
            self.renames(folder, other)

    def swaps_names(self, one: str, other: str) -> None:
        if not in_folder(one, other) and not in_folder(other, one):
            self.renames(one, "aside")
            self.renames(other, one)
            self.renames("aside", other)

    def removes(self, folder: str, *, trash: bool) -> None:
        """Deletes a folder, or moves it out of the library."""
        with self.the_user():
            if trash and "/" not in folder:
                self.takes_away(folder)
            else:
                shutil.rmtree(self.root / folder)
            self.files = {path: content for path, content in self.files.items() if not in_folder(path, folder)}
            self.folders = {path: number for path, number in self.folders.items() if not in_folder(path, folder)}

    def takes_away(self, folder: str) -> None:
        """Out of the library, from where it can come back."""
        shutil.rmtree(self.outside / "trash", ignore_errors=True)
        # What we have never seen under this name is not recognised when it comes back under it.
        known = self.workspace.store.files.category_folders().get(folder) == self.which(folder)
        (self.root / folder).rename(self.outside / "trash")
        files = {path: content for path, content in self.files.items() if in_folder(path, folder)}
        folders = {path: number for path, number in self.folders.items() if in_folder(path, folder)}
        sources = {path: source for path, source in self.expected.sources.items() if path in files and known}
        self.trash = Trash(folder, files, folders, sources)

    @precondition(lambda self: self.trash is not None and self.trash.folder not in self.folders)
    @rule()
    def the_user_puts_back_what_was_taken_away(self) -> None:
        trash, self.trash = self.trash, None
        assert trash is not None
        before, videos = self.contents(), self.videos()
        (self.outside / "trash").rename(self.root / trash.folder)
        self.files |= trash.files
        self.folders |= trash.folders
        still_ours = {(trash.files[path], trash.folder) for path, source in trash.sources.items() if source == "auto"}
        self.filed |= self.contents() - before - still_ours
        self.expected.the_user_did(videos, self.videos())
        self.expected.the_user_put_back(trash.sources)
        self.attends()
