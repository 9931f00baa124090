"""The config of `setup`: the one that is there, or a new one for the folder that the user chooses."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sorterd.commands.failure import CommandFailed, WrongUsage
from sorterd.commands.questions import asked, confirmed
from sorterd.commands.sentences import say
from sorterd.commands.service import own_home, refuse_for_another_user
from sorterd.config import Config, ConfigError, check_folders, load_config, search_path
from sorterd.config.differences import differences
from sorterd.config.home import config_home, expanded, home, state_home
from sorterd.config.new_file import config_text, write_config
from sorterd.library.places import look_at
from sorterd.setup.likely_folders import LikelyFolder, find_likely
from sorterd.text import counted, printable


def chosen_config(options: argparse.Namespace) -> Path | None:
    """Return the path of the config, which is written if there is none. Return None if one for another folder is there.

    A config that is there is never changed. Raise CommandFailed, ConfigError or NoAnswerGiven.
    """
    file = config_place(options)
    if options.folder and options.videos:
        raise WrongUsage("the folder is named twice: leave out --videos")
    folder = options.folder or options.videos
    if file.exists():
        config = load_config(file)
        refuse_for_another_user(file)
        say(f"{file} is there already, for {config.videos}. It is not changed.")
        wanted = None if folder is None else _usable(expanded(folder), make=False)
        return file if wanted is None or _same(wanted, config) else None
    if folder is None and options.yes:
        raise WrongUsage(f"with --yes, name the folder of your videos: {_offer_in_words()}")
    say("sorterd files saved videos into the folders that you have. Nothing is moved before you say so.")
    videos = _asked_for() if folder is None else _usable(expanded(folder), make=False)
    refuse_for_another_user(videos)
    state = state_home().with_name(f"sorterd-{options.name}") if options.name else None
    text = config_text(videos, state)
    check_folders(Config(videos=videos) if state is None else Config(videos=videos, state_dir=state))
    try:
        write_config(file, text)
    except FileExistsError:
        raise CommandFailed(f"{file} was written by another setup just now: type the same command again") from None
    except OSError as error:
        blocked = next((one for one in file.parents if one.exists() and not one.is_dir()), None)
        why = error.strerror if blocked is None else f"{blocked} is a file, not a folder"
        raise CommandFailed(f"the config {file} cannot be written: {why}") from error
    say(f"{file} is written, with every setting and its default. The folder is {videos}.")
    return file


def config_place(options: argparse.Namespace) -> Path:
    """Return where the config is or will be. Raise CommandFailed if there is no place for one."""
    if options.config is not None:
        return expanded(options.config)
    usual = config_home()
    if usual is None:
        raise CommandFailed("this user has no home folder to keep a config in: name a file with --config, or set HOME")
    if options.name:
        return usual / f"{options.name}.yaml"
    return next((expanded(place) for place in search_path() if place.is_file()), usual / "config.yaml")


def _same(videos: Path, config: Config) -> bool:
    """Return whether the config is for this folder, and otherwise print what would change and what to do."""
    if os.path.realpath(videos) == os.path.realpath(config.videos):
        return True
    if Path(os.path.realpath(videos)).is_relative_to(os.path.realpath(config.videos)):
        say(f"{videos} lies in that folder, so it is looked after already.")
        return False
    changes = differences(config, replace(config, videos=videos))
    say(f"For that folder it would have to change: {', '.join(changes)}.")
    say("To change it, type 'sorterd config edit'. To sort both, give the second one a name of its own:")
    say(f"  sorterd setup --name {_name_for(videos)} {shlex.quote(str(videos))}")
    return False


def _name_for(videos: Path) -> str:
    letters = "".join(one if one.isascii() and one.isalnum() else "-" for one in videos.name.lower()).strip("-")
    return letters or "second"


# --- which folder ---


def _asked_for() -> Path:
    """Return the folder that the user chooses."""
    say("Looking for folders of videos ...")
    likely = find_likely(own_home(), _here())
    for number, one in enumerate(likely, 1):
        say(f"  {number}  {_short(one.path)}  ({_holds(one)})")
    if not likely:
        say("None was found in the usual places.")
    offer = "A number, or the path of another folder [1]:" if likely else "Type the path of your folder of videos:"
    say("Which folder shall be kept sorted? Its sub-folders are the categories.")
    while True:
        typed = asked(offer)
        if not typed and likely:
            return likely[0].path
        if typed.isdecimal() and typed.isascii() and len(typed) < 4:
            if 1 <= int(typed) <= len(likely):
                return likely[int(typed) - 1].path
            say(f"There is no {typed} in the list.")
            continue
        if not typed:
            continue
        try:
            return _usable(expanded(Path(_unquoted(typed))), make=True)
        except (CommandFailed, ConfigError) as error:
            say(str(error))


def _usable(folder: Path, *, make: bool) -> Path:
    """Return the folder if it can be the root of a library. With `make`, offer to create a missing one."""
    (place,) = look_at(folder)
    if place.real in (Path("/"), Path(os.path.realpath(home() or "/"))):
        raise WrongUsage(f"{folder} holds more than videos: name the folder in it that is to be kept sorted")
    if place.trouble is None:
        return folder
    if make and not os.path.lexists(folder) and folder.parent.is_dir():
        if confirmed(f"There is no {printable(str(folder))}. Make it?", default=False):
            folder.mkdir()
            return folder
        raise WrongUsage("Then name another one.")
    raise WrongUsage(f"{folder} {place.trouble}")


def _unquoted(typed: str) -> str:
    """Return a path as file managers drop it into a terminal, without its quotes and backslashes."""
    if len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "'\"":
        return typed[1:-1]
    return typed.removeprefix("file://") if "\\" not in typed else typed.replace("\\ ", " ")


def _here() -> Path | None:
    try:
        return Path.cwd()
    except FileNotFoundError:  # it was deleted
        return None


def _holds(one: LikelyFolder) -> str:
    filed = f"{one.filed:,} of them in {counted(one.folders, 'folder')}" if one.folders else "none in a folder"
    return f"{counted(one.videos, 'video')}, {filed}" + (f", {one.origin}" if one.origin else "")


def _short(path: Path) -> str:
    own = home()
    return f"~/{path.relative_to(own)}" if own is not None and path.is_relative_to(own) and path != own else str(path)


def _offer_in_words() -> str:
    likely: Sequence[LikelyFolder] = find_likely(own_home(), _here())
    if not likely:
        return "sorterd setup --yes FOLDER"
    return f"sorterd setup --yes {likely[0].path} would be one with {counted(likely[0].videos, 'video')}"
