"""Check the folders and files that the settings name: the root, the state folder and local models."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sorterd.config.problems import ConfigError, Problem
from sorterd.config.schema import Config
from sorterd.library.places import Place, look_at

READ_ONLY = "its disk is mounted read-only"
PATIENCE = 20.0  # seconds in which a disk may spin up


def check_folders(config: Config) -> None:
    """Raise ConfigError if the root, the state folder or a local model that `config` names cannot be used.

    The state folder need not exist yet. It may lie in the root only under a hidden folder (`.sorterd`): any other
    sub-folder of the root is a category. Nothing is created or changed.
    """
    state, root = look_at(config.state_dir, config.videos, seconds=PATIENCE)
    problems = [*_root_problems(config, root), *_state_problems(config, state)]
    if not (root.silent or state.silent):
        problems += [*_overlap_problems(config, root), *_model_problems(config)]
    if problems:
        raise ConfigError(config.file, tuple(problems))


def check_state_folder(config: Config, state: Place) -> None:
    """Raise ConfigError if the state folder cannot be used. `state` is what was found there."""
    problems = tuple(_state_problems(config, state))
    if problems:
        raise ConfigError(config.file, problems)


def _root_problems(config: Config, root: Place) -> Iterator[Problem]:
    remedy = _root_remedy(config, root)
    if remedy:
        yield Problem("videos", remedy, config.line("videos"), str(config.videos))


def _root_remedy(config: Config, root: Place) -> str | None:
    """Return what is wrong with the folder of videos and what to do, None if nothing is."""
    if root.silent:
        return "this folder does not answer; is its disk or server reachable?"
    if root.error == errno.ENOENT:
        hint = "; variables such as $HOME are not expanded here, write ~" if "$" in str(config.videos) else ""
        return f"this folder does not exist; create it, mount its disk, or correct the path{hint}"
    if root.error == errno.ENOTDIR:
        return "this is a file; name the folder that holds your videos"
    if root.error in (errno.EACCES, errno.EPERM):
        if sys.platform == "darwin" and root.error == errno.EPERM:  # TCC, which the mode bits do not show
            return "macOS forbids this program to read it; allow it under Privacy & Security, Full Disk Access"
        return "this user may not read this folder; grant it (chmod u+rx), or run as the owner"
    if root.error:  # too long a name, an I/O error, a stale network mount
        again = "; mount it again" if root.gone else ""
        return f"this folder cannot be read: {os.strerror(root.error)}{again}"
    if config.move.enabled and not config.move.dry_run and not root.writable:
        if root.read_only:
            return f"{READ_ONLY}; mount it read-write, or set move.enabled: false"
        if root.permitted:
            return "files cannot be moved in it although its permissions allow it; lift what forbids that (chattr -i)"
        return "this user may not move files in it; grant it (chmod u+w), or set move.enabled: false"
    return None


def _state_problems(config: Config, state: Place) -> Iterator[Problem]:
    folder, line = config.state_dir, config.line("state_dir")
    if state.silent:
        yield Problem("state_dir", "this folder does not answer; is its disk reachable?", line, str(folder))
        return
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if not existing.is_dir():
        yield Problem("state_dir", f"{existing} is a file; name a folder", line, str(folder))
    elif not os.access(existing, os.W_OK | os.X_OK):
        why = READ_ONLY if _read_only(existing) else f"this user cannot write in {existing}"
        yield Problem("state_dir", f"{why}; name another folder", line, str(folder))


def _read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _overlap_problems(config: Config, found: Place) -> Iterator[Problem]:
    root, state = found.real, Path(os.path.realpath(config.state_dir))
    remedy = ""
    if _same(root, state):
        remedy = "this is the folder of videos itself; name another one"
    elif any(_same(state, parent) for parent in root.parents):
        remedy = f"the videos ({config.videos}) lie in this folder, which is for sorterd's own files; name another one"
    else:
        # Compared as files, not as text: where case is ignored (macOS), one folder has several spellings.
        for folder in state.parents:
            if _same(root, folder) and not state.relative_to(folder).parts[0].startswith("."):
                remedy = f"this lies in the folder of videos, where it would be a category; name {root / '.sorterd'}"
    if remedy:
        yield Problem("state_dir", remedy, config.line("state_dir"), str(config.state_dir))


def _same(one: Path, other: Path) -> bool:
    if one == other:
        return True
    try:
        return one.samefile(other)
    except OSError:  # missing or not accessible
        return False


def _model_problems(config: Config) -> Iterator[Problem]:
    weights, whisper = config.features.clip.weights, config.features.whisper
    if Path(weights).is_absolute() and not Path(weights).exists():
        remedy = "this file does not exist; correct the path, or name a tag such as openai"
        yield Problem("features.clip.weights", remedy, config.line("features", "clip", "weights"), weights)
    if Path(whisper).is_absolute() and not Path(whisper, "model.bin").is_file():
        remedy = "this is not a folder with a CTranslate2 Whisper model; correct the path, or name a size such as base"
        yield Problem("features.whisper", remedy, config.line("features", "whisper"), whisper)
