"""Check the folder of videos: whether it can be used, its disk, and whether changes in it are noticed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sorterd.config import Config
from sorterd.daemon.watcher import POLL_SECONDS
from sorterd.doctor.finding import Finding, ok, problem, warning
from sorterd.library.files import Listing
from sorterd.library.junk import why_not_entered
from sorterd.library.layout import LayoutRules
from sorterd.library.network import is_network, network_mounts_below
from sorterd.library.places import Place, look_at, silent_folder
from sorterd.library.scan import RootUnavailable, scan
from sorterd.library.unfinished import why_unfinished
from sorterd.library.watch import WATCHES, raise_limit, watch_limits

_NAMED = 20  # files named per reason for leaving them alone
_REMEDIES = {  # by the beginning of the reason
    "no extension": "if they are videos, give them the extension that they should have (.mp4)",
    "kind": "if they are videos, add the extension to 'watch.extensions'",
    "hidden file (": "if they are videos, take the dot away from the front of their names",
    "folder with": "if it is a folder of yours, give it a name that does not look like that of a video",
}


def check_videos(config: Config) -> Iterator[Finding]:
    """Scan the folder as the service does, and check its file systems and what can be watched."""
    root = config.videos
    (place,) = look_at(root)
    hanging = None if place.trouble else silent_folder(root)
    moves = config.move.enabled and not config.move.dry_run
    away = judge_place(place, hanging, moves=moves)
    if away is not None:
        yield away
        if place.trouble or hanging is not None:
            return
    try:
        listing = scan(root, LayoutRules.of(config.watch.extensions, config.watch.ignore))
    except RootUnavailable as error:
        yield problem("videos", str(error), "mount its disk or correct 'videos:' in the config")
        return
    yield from judge_left_alone(listing.left_alone)
    yield from judge_unfinished(root, listing, time.time())
    yield judge_reading(root, len(listing.files), len(listing.categories), listing.unreadable)
    elsewhere = [name for name, folder in listing.categories.items() if folder.device != listing.root.device]
    yield judge_devices(sorted(elsewhere))
    network = is_network(root) or bool(network_mounts_below(root))
    yield judge_events(network=network, polling=config.watch.polling)
    if sys.platform == "linux" and not config.watch.polling and not network:
        folders = sum(1 for _ in _folders(root))
        yield judge_watches(folders, watch_limits()[1])


def judge_place(root: Place, hanging: str | None, *, moves: bool) -> Finding | None:
    """Return why the folder cannot be used, None if it can. `hanging` is a folder in it that does not answer."""
    if root.trouble is not None:
        return problem("videos", f"{root.path} {root.trouble}", "mount its disk or correct 'videos:' in the config")
    if hanging is not None:
        says = f"the folder {hanging} in {root.path} does not answer"
        return problem("videos", says, "see to its disk or server, or add it to 'watch.ignore'")
    if moves and not root.writable:
        if root.read_only:
            return problem("videos", f"{root.path} is mounted read-only", "mount it read-write: nothing can be moved")
        return problem("videos", f"this user may not move files in {root.path}", "let it, or set 'move.enabled: false'")
    return None


def judge_reading(root: Path, videos: int, categories: int, unreadable: Sequence[tuple[str, str]]) -> Finding:
    """Return whether everything in the folder can be read, and whether there are categories to learn from."""
    if unreadable:
        path, why = unreadable[0]
        others = f" and {len(unreadable) - 1} more" if len(unreadable) > 1 else ""
        says = f"{path}{others}: {why}"
        return warning("videos", says, "let this user read it (chmod u+rX), or add it to 'watch.ignore'")
    if not categories:
        return warning("videos", f"{root} has no sub-folders", "make a few, and drag three or more videos into each")
    return ok(
        "videos", f"{videos} video{'s' * (videos != 1)} in {categories} folder{'s' * (categories != 1)} and the inbox"
    )


def judge_left_alone(left_alone: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Yield the files that are left alone, by reason. If they may be videos, the finding has a remedy."""
    for reason in sorted({reason for _, reason in left_alone}):
        paths = [path for path, why in left_alone if why == reason]
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        says = f"{reason}: {', '.join(paths[:_NAMED])}{more}"
        remedy = next((remedy for begin, remedy in _REMEDIES.items() if reason.startswith(begin)), None)
        yield ok("left alone", says) if remedy is None else warning("left alone", says, remedy)


def judge_unfinished(root: Path, listing: Listing, now: float) -> Iterator[Finding]:
    """Yield the files that wait because they look like parts of a download."""
    for path in sorted(listing.unfinished):
        reason = why_unfinished(root / path, now)
        if reason is not None:
            yield ok("waiting", f"{path}: {reason}")


def judge_devices(elsewhere: Sequence[str]) -> Finding:
    """Return whether every move is a rename. `elsewhere` are the categories on another file system than the root."""
    if elsewhere:
        names = ", ".join(elsewhere[:3]) + (" ..." if len(elsewhere) > 3 else "")
        says = f"on another disk than the inbox: {names}"
        return warning("disk", says, "moves there are copied, checked and then removed: expect them to take longer")
    return ok("disk", "all folders are on one file system: a move is one rename")


def judge_events(*, network: bool, polling: bool) -> Finding:
    """Return whether the system reports changes."""
    if polling:
        return ok("events", f"'watch.polling' is set: it looks every {POLL_SECONDS:g} seconds")
    if network:
        says = f"on a network file system, which sends no events: it looks every {POLL_SECONDS:g} seconds"
        return warning("events", says, "run sorterd on the machine that has the disk, if that is too slow or too busy")
    return ok("events", "the system tells of changes at once")


def judge_watches(folders: int, limit: int) -> Finding:
    """Return whether every folder can be watched. All programs of the user share the limit."""
    says = f"{folders} folders to watch, the system allows {limit} watches"
    remedy = f"run {raise_limit('max_user_watches', max(WATCHES, 4 * folders))}"
    if folders > limit:
        return problem("watches", says, remedy)
    if folders > limit / 2:
        return warning("watches", f"{says} to all of your programs together", remedy)
    return ok("watches", says)


def _folders(root: Path) -> Iterator[str]:
    for folder, below, _ in os.walk(root):
        below[:] = [name for name in below if why_not_entered(name) is None]
        yield folder
