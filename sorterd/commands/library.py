"""Find the library that the command line names, and its state."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from sorterd.commands.failure import CommandFailed
from sorterd.config import Config, ConfigError, load_config
from sorterd.config.home import expanded
from sorterd.library.places import Place, look_at
from sorterd.store.homes import default_state, holds_state, noted_videos, state_by_folder


def named(options: argparse.Namespace) -> Config:
    """Return the config that is named or found, or the default settings for `--videos`. Raise ConfigError."""
    return load_config(options.config) if options.videos is None else for_folder(options.videos)


def for_folder(videos: Path) -> Config:
    """Return the default settings for one folder, for a first try without a config file."""
    (place,) = look_at(expanded(videos))  # one library has one state, from wherever it is named
    return Config(videos=place.real)


def found_state(config: Config) -> tuple[Config, Place, list[str]]:
    """Return the config with the library's state folder, the state of its folder of videos, and warnings.

    A `state_dir` that is written in the config always counts. Otherwise the state is the default state folder if that
    belongs to this folder of videos, or else the state that was begun with `--videos`, or the one to which a config
    with a `state_dir` has left a link. The warnings are about other states of the same library.
    """
    named = config.line("state_dir") is not None
    try:
        noted = noted_videos(default_state())
    except ConfigError:  # no home folder: there is no other place to look at
        if not named:
            raise
        return config, look_at(config.videos)[0], []
    root, *others = look_at(config.videos, *([] if noted is None else [Path(noted)]))
    linked = state_by_folder(root.real)
    own = named and linked.is_symlink() and linked.readlink() == config.state_dir  # which is looked at in any case
    states = [linked] if not own and _leads_to_state(linked) else []
    if noted is not None and (noted == os.fspath(config.videos) or others[0].real == root.real):
        states.insert(0, default_state())
    if named:
        chosen = config.state_dir
    elif states:
        chosen = states[0]
    else:
        chosen = default_state() if config.file is not None else linked
    chosen_real = os.path.realpath(chosen)
    news = [
        f"{config.videos} has another state, with labels and moves of its own, in {os.path.realpath(other)}. "
        f"It is not used: {chosen} is. Remove what you do not need, or name the other as 'state_dir:' in a config"
        for other in states
        if os.path.realpath(other) != chosen_real
    ]
    return replace(config, state_dir=chosen), root, news


def refuse_state_of_another(config: Config, root: Place) -> None:
    """Raise CommandFailed if the state of a config is about a folder that is there and another than the config's.

    A service that runs on it would do there what is asked. A folder that is not there may have been renamed.
    """
    noted = noted_videos(config.state_dir)
    if noted is None or noted == os.fspath(config.videos):
        return
    (other,) = look_at(Path(noted))
    if other.trouble is None and (other.device, other.inode) != (root.device, root.inode):
        raise CommandFailed(
            f"{config.state_dir} is about {noted}, not about {config.videos}: set another state_dir for this folder"
        )


def _leads_to_state(link: Path) -> bool:
    """Return whether the link leads to a state, also if its disk does not answer (which is reported later)."""
    if link.is_symlink():
        (place,) = look_at(link.readlink())
        if place.silent:
            return True
    return holds_state(link)
