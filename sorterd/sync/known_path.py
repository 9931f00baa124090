"""Find the known file that a path means if it is spelt differently and no longer on disk, or say why none is known."""

from __future__ import annotations

from pathlib import Path

from sorterd.library.ask_disk import fold
from sorterd.library.layout import LayoutRules
from sorterd.store.store import Store
from sorterd.sync.left_out import why_left_out


def known_path(store: Store, path: str) -> str:
    """Return the only known path that equals `path` except in case or Unicode form, else `path` itself.

    A path that is known is returned as it is. Do not call this for a path that exists on disk, which means itself.
    """
    if store.files.at(path) is not None:
        return path
    paths = {*store.files.known().files, *store.features.unreadable()}
    matches = [known for known in paths if known == path or fold(known) == fold(path)]
    return matches[0] if len(matches) == 1 else path


def why_unknown(store: Store, root: Path, rules: LayoutRules, path: str, *, there: bool) -> str:
    """Return one sentence on why no video is known at a path. The disk is asked only if the file is `there`."""
    if there and (root / path).is_dir():
        return f"{path} is a folder; name the videos in it"
    if Path(path).is_absolute():
        return f"{path} is not in {root}; move it there first"
    if there:
        reason = why_left_out(store.notes, root, path, rules)
        if reason is not None:
            return f"{path} is left alone: {reason}"
        return f"no video is known at {path}; one that has just come, or is being written to, must be read first"
    gone = store.relocations.all(path).get(path)
    here = None if gone is None else store.files.at(gone.destination)
    if gone is not None and here is not None and here.fingerprint == gone.fingerprint:
        return f"no video is known at {path}; it is {gone.destination} now"
    return f"no video is known at {path}; 'sorterd find' looks for one by name"
