"""`suggest`: groups of alike videos in the inbox that have no folder. Only `--make` moves anything."""

from __future__ import annotations

import argparse
from typing import Any

from sorterd.artifact_names import artifacts_folder
from sorterd.commands.called import call
from sorterd.commands.context import asking, known, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.commands.look import look
from sorterd.commands.make_folder import make_folder
from sorterd.commands.space import known_space
from sorterd.config import Config
from sorterd.daemon.status import inbox_of
from sorterd.library.layout import LayoutRules
from sorterd.pictures.files import poster_path
from sorterd.suggest.suggested import Suggested, Suggestion
from sorterd.text import as_called, counted, printable, shell_word

USUAL = 10  # groups that are shown
NAMED = 3  # videos of a group that are named


def suggest(options: argparse.Namespace) -> int:
    """Print the groups, or the videos of one of them, or make a folder of one."""
    if options.make is not None and options.group is None:
        raise CommandFailed("say of which group: sorterd suggest --make FOLDER GROUP; 'sorterd suggest' lists them")
    if options.dry_run and options.make is None:
        raise CommandFailed("--dry-run is about --make: nothing is moved without it")
    config, root = asking(options)
    if options.make is not None:
        return make_folder(options, config, root)
    look(config, root)
    found = find_groups(config)
    if options.group is not None:
        return _print_videos(options, found, config)
    groups = found.groups[: options.limit or USUAL]
    if options.json:
        print_json([as_json(one, config) for one in groups])
    else:
        _print_groups(groups, found, call(options))
    return 0


def find_groups(config: Config) -> Suggested:
    """Return the groups, and keep which videos they are, so that each can be named. Raise CommandFailed or
    StoreError."""
    from sorterd.report.console import spinner
    from sorterd.suggest.shown import remember
    from sorterd.suggest.suggestion import suggest as suggested

    with known(config) as store:
        space = known_space(config, store)
        rules = LayoutRules.of(config.watch.extensions, config.watch.ignore)
        with spinner("Comparing the videos in the inbox"):
            found = suggested(store, space, inbox_of(config, store), rules)
    try:
        remember(artifacts_folder(config.state_dir), found.groups)
    except OSError as error:
        raise CommandFailed(f"the groups cannot be kept in {config.state_dir}: {error.strerror or error}") from error
    return found


def as_json(one: Suggestion, config: Config) -> dict[str, Any]:
    """Return a group as JSON. A poster may not be there."""
    videos = [
        {"path": path, "id": video, "poster": str(poster_path(config.state_dir, video))}
        for video, path in zip(one.videos, one.paths, strict=True)
    ]
    return {"group": one.id, "words": list(one.words), "folder": one.folder, "videos": videos}


def _print_videos(options: argparse.Namespace, found: Suggested, config: Config) -> int:
    group = next((one for one in found.groups if one.id == options.group), None)
    if group is None:
        raise CommandFailed(f"there is no group {options.group} now; 'sorterd suggest' lists those that there are")
    if options.json:
        print_json(as_json(group, config))
    else:
        for path in group.paths:
            print(printable(path))
    return 0


def _print_groups(groups: list[Suggestion], found: Suggested, called: str) -> None:
    from sorterd.report.console import console_for, print_note
    from sorterd.report.records import Records, print_records

    console = console_for()
    rows = [(one.id, str(len(one.videos)), ", ".join(one.words) or "alike", _examples(one)) for one in groups]
    if rows:
        columns = ("group", "videos", "words", "for example")
        print_records(console, Records(columns, rows, numbers=frozenset({"videos"})))
    print_note(console, as_called(_told(groups, found), called))
    if groups:
        first = groups[0]
        name = shell_word(first.folder or "FOLDER")
        print_note(console, f"To make a folder of one: {called} suggest --make {name} {first.id}")


def _told(groups: list[Suggestion], found: Suggested) -> str:
    """Return one sentence or two about all of them."""
    more = len(found.groups) - len(groups)
    unseen = f" {counted(found.unseen, 'more video')} {'is' if found.unseen == 1 else 'are'} not looked at yet."
    text = (
        f"{counted(len(found.groups), 'group')} of alike videos among the {found.compared:,} in the inbox that no "
        f"folder fits{f' ({more:,} smaller ones are not shown: --limit)' if more else ''}. Nothing was moved."
        if groups
        else f"No group of alike videos among the {found.compared:,} in the inbox that no folder fits."
    )
    return text + (unseen if found.unseen else "")


def _examples(one: Suggestion) -> str:
    named = ", ".join(printable(path) for path in one.paths[:NAMED])
    return f"{named}, …" if len(one.paths) > NAMED else named
