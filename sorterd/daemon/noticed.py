"""The user's doings in words, for the log."""

from __future__ import annotations

from sorterd.changes import Arrived, CategoryRenamed, Change, Converted, Copied, Gone, Moved, Replaced, Touched
from sorterd.daemon.happenings import UserDid


def noticed(change: Change) -> UserDid | None:
    """What the user did, judging by a change; None where there is nothing to tell."""
    match change:
        case Arrived(file) if file.category is None:
            return UserDid("new in the inbox", file.path)
        case Arrived(file):
            return UserDid(f"filed under {file.category}", file.path)
        case Moved(before, after) if before.category == after.category:
            return UserDid(f"renamed from {before.path}", after.path)
        case Moved(before, after) if after.category is None:
            return UserDid(f"taken out of {before.category}", after.path)
        case Moved(before, after):
            return UserDid(f"moved from {before.category or 'the inbox'} to {after.category}", after.path)
        case Copied(file, original):
            return UserDid(f"copied from {original}", file.path)
        case Replaced(_, after, _):
            return UserDid("replaced by another video", after.path)
        case Converted(file, origin) if file.path == origin.path:
            return UserDid("overwritten with another form of it, or another video", file.path)
        case Converted(file, origin):
            return UserDid(f"another form of {origin.path}", file.path)
        case Gone(file):
            return UserDid("deleted", file.path)
        case CategoryRenamed(old, new):
            return UserDid(f"category renamed from {old}", new)
        case Touched():
            return None
