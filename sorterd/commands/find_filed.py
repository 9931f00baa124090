"""`find --misfiled` and `find --duplicates`: what may lie in the wrong folder, or is there more than once."""

from __future__ import annotations

from sorterd.artifact_names import artifacts_folder
from sorterd.commands.context import known, print_json
from sorterd.commands.space import known_space
from sorterd.config import Config
from sorterd.find.held_out import read_held_out
from sorterd.find.misfiled import misfiled
from sorterd.report.console import console_for, print_note, spinner
from sorterd.report.records import Records, print_records
from sorterd.text import counted, percent, printable


def print_misfiled(config: Config, *, as_json: bool) -> int:
    """Print what the user filed and the model would have moved elsewhere, had it not known that."""
    with known(config) as store:
        files, rejections = store.files.known().files, store.files.rejections()
        found = misfiled(files, read_held_out(artifacts_folder(config.state_dir)), rejections, store.files.categories())
    if as_json:
        print_json([{"video": one.path, "folder": one.folder, "confidence": one.confidence} for one in found])
        return 0 if found else 1
    rows = [(printable(one.path), printable(one.folder), percent(one.confidence)) for one in found]
    console = console_for()
    if rows:
        print_records(console, Records(("video", "may belong in", "sure"), rows, numbers=frozenset({"sure"})))
    print_note(console, f"{counted(len(rows), 'video')} that you filed may lie in the wrong folder.")
    return 0 if found else 1


def print_duplicates(config: Config, *, as_json: bool) -> int:
    """Print what is there more than once."""
    from sorterd.find.duplicates import duplicates
    from sorterd.find.vectors import vectors

    with known(config) as store:
        space = known_space(config, store)
        paths: dict[str, list[str]] = {}
        for file in store.files.known().files.values():
            paths.setdefault(file.fingerprint, []).append(file.path)
        with spinner("Comparing the videos"):
            held = vectors(store.connection, space.id, space.extracted_width, artifacts_folder(config.state_dir))
            found = duplicates(paths, held, space.extracted, store.features.lengths(space.id))
    if as_json:
        print_json([{"videos": one.paths, "exact": one.exact} for one in found])
        return 0 if found else 1
    rows = [("the same content" if one.exact else "looks the same", printable(", ".join(one.paths))) for one in found]
    console = console_for()
    if rows:
        print_records(console, Records(("what", "videos"), rows))
    print_note(console, f"{counted(len(rows), 'video')} more than once. None was touched.")
    return 0 if found else 1
