"""What the scripted user has done, and so what must be found in the end. Knows nothing of how sorterd works inside."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Copy:
    """One file of the user's. `filed`: the number of the category that the user has put it in, None if that was left
    to us. `word`: the label's source that this must give; "?" if a command was cut short and may have counted or not.
    """

    filed: int | None = None
    word: str = "user"


@dataclass(slots=True)
class Item:
    """One content: where its copies belong, and where the user does not want it. Gone when there is no copy left."""

    key: str
    size: int
    copies: list[Copy] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    held: bool = False
    touched: float = 0.0  # when the user last did something to it, by the monotonic clock
    history: list[str] = field(default_factory=list)
    last_seen: str = ""

    def copy_in(self, folder: int | None) -> Copy | None:
        """The copy that a file found in this category is, None if that cannot be told."""
        here = [copy for copy in self.copies if folder is not None and copy.filed == folder]
        left = [copy for copy in self.copies if copy.filed is None]
        found = here or left
        return found[0] if len(found) == 1 else None

    def leaves(self, folder: int | None) -> None:
        """The user took it out of a category."""
        if folder is not None:
            self.refused.add(folder)

    def enters(self, copy: Copy, folder: int | None) -> None:
        """The user put this copy there."""
        copy.filed, copy.word = folder, "user"
        if folder is not None:
            self.refused.discard(folder)
            self.held = False


@dataclass(slots=True)
class Ledger:
    """All contents by key, the categories by a number that they keep when renamed, and every sidecar by its key."""

    items: dict[str, Item] = field(default_factory=dict)
    folders: dict[int, str] = field(default_factory=dict)
    sidecars: set[str] = field(default_factory=set)
    unknown_undos: int = 0
    done: dict[str, int] = field(default_factory=dict)

    def number(self, folder: str | None) -> int | None:
        """The number of the category of this name."""
        return next((number for number, name in self.folders.items() if name == folder), None)

    def add_folder(self, name: str) -> int:
        """A new category."""
        number = len(self.folders) + 1
        self.folders[number] = name
        return number

    def count(self, action: str) -> None:
        """The user did this."""
        self.done[action] = self.done.get(action, 0) + 1
