"""Record what the scripted user has done, and so what must be found at the end. It knows no internals of sorterd."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Copy:
    """One file of the user.

    `filed` is the number of the category into which the user put it, None if that was left to sorterd. `word` is the
    expected source of the label, "?" if a command was cut short and may or may not have taken effect.
    """

    filed: int | None = None
    word: str = "user"


@dataclass(slots=True)
class Item:
    """One content: where its copies belong, and the categories that the user rejected. It is gone if it has no copy."""

    key: str
    size: int
    copies: list[Copy] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    held: bool = False
    touched: float = 0.0  # when the user last did something to it, by the monotonic clock
    history: list[str] = field(default_factory=list)
    last_seen: str = ""

    def copy_in(self, folder: int | None) -> Copy | None:
        """Return which copy a file found in this category is, None if that is not certain."""
        here = [copy for copy in self.copies if folder is not None and copy.filed == folder]
        left = [copy for copy in self.copies if copy.filed is None]
        found = here or left
        return found[0] if len(found) == 1 else None

    def leaves(self, folder: int | None) -> None:
        """Record that the user took it out of a category."""
        if folder is not None:
            self.rejected.add(folder)

    def enters(self, copy: Copy, folder: int | None) -> None:
        """Record that the user put this copy there."""
        copy.filed, copy.word = folder, "user"
        if folder is not None:
            self.rejected.discard(folder)
            self.held = False


@dataclass(slots=True)
class Ledger:
    """All contents by key, the categories by a number that survives renaming, and the keys of all sidecars."""

    items: dict[str, Item] = field(default_factory=dict)
    folders: dict[int, str] = field(default_factory=dict)
    sidecars: set[str] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)

    def number(self, folder: str | None) -> int | None:
        """Return the number of the category of this name."""
        return next((number for number, name in self.folders.items() if name == folder), None)

    def add_folder(self, name: str) -> int:
        """Record a new category. Return its number."""
        number = len(self.folders) + 1
        self.folders[number] = name
        return number

    def count(self, action: str) -> None:
        """Count an action of the user."""
        self.done[action] = self.done.get(action, 0) + 1
