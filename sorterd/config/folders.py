"""What the settings point at: is the root there, readable, and apart from the state folder? Are local models there?"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sorterd.config.problems import ConfigError, Problem
from sorterd.config.schema import Config


def check_folders(config: Config) -> None:
    """Raise ConfigError if the root, the state folder or a local model that `config` names cannot be used.

    The state folder need not exist yet. It may lie in the root only under a hidden folder (`.sorterd`): any other
    sub-folder of the root is a category. Nothing is created or changed.
    """
    problems = (*_root_problems(config), *_state_problems(config), *_overlap_problems(config), *_model_problems(config))
    if problems:
        raise ConfigError(config.file, problems)


def _root_problems(config: Config) -> Iterator[Problem]:
    root = config.videos

    def problem(remedy: str) -> Problem:
        return Problem("videos", remedy, config.line("videos"), str(root))

    try:
        with os.scandir(root) as entries:
            next(entries, None)
    except FileNotFoundError:
        hint = "; variables such as $HOME are not expanded here, write ~" if "$" in str(root) else ""
        yield problem(f"this folder does not exist; create it, mount its disk, or correct the path{hint}")
    except NotADirectoryError:
        yield problem("this is a file; name the folder that holds your videos")
    except PermissionError as error:
        if sys.platform == "darwin" and error.errno == errno.EPERM:  # TCC, which the mode bits do not show
            yield problem("macOS forbids this program to read it; allow it under Privacy & Security, Full Disk Access")
        else:
            yield problem("this user may not read this folder; grant it (chmod u+rx), or run as the owner")
    except OSError as error:  # too long a name, an I/O error, a stale network mount
        yield problem(f"this folder cannot be read: {error.strerror}")
    else:
        if config.move.enabled and not config.move.dry_run and not os.access(root, os.W_OK | os.X_OK):
            yield problem("this user may not move files in it; grant it (chmod u+w), or set move.enabled: false")


def _state_problems(config: Config) -> Iterator[Problem]:
    state, line = config.state_dir, config.line("state_dir")
    existing = next(folder for folder in (state, *state.parents) if folder.exists())
    if not existing.is_dir():
        yield Problem("state_dir", f"{existing} is a file; name a folder", line, str(state))
    elif not os.access(existing, os.W_OK | os.X_OK):
        yield Problem("state_dir", f"this user cannot write in {existing}; name another folder", line, str(state))


def _overlap_problems(config: Config) -> Iterator[Problem]:
    root, state = Path(os.path.realpath(config.videos)), Path(os.path.realpath(config.state_dir))
    remedy = ""
    if _same(root, state):
        remedy = "this is the folder of videos itself; name another one"
    elif any(_same(state, parent) for parent in root.parents):
        remedy = f"the videos ({config.videos}) lie in this folder, which is for sorterd's own files; name another one"
    else:
        # Compared as files, not as text: one folder has several spellings where case does not count (macOS).
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
    except OSError:  # not there, or not to be looked at
        return False


def _model_problems(config: Config) -> Iterator[Problem]:
    weights, whisper = config.features.clip.weights, config.features.whisper
    if Path(weights).is_absolute() and not Path(weights).exists():
        remedy = "this file does not exist; correct the path, or name a tag such as openai"
        yield Problem("features.clip.weights", remedy, config.line("features", "clip", "weights"), weights)
    if Path(whisper).is_absolute() and not Path(whisper, "model.bin").is_file():
        remedy = "this is not a folder with a CTranslate2 Whisper model; correct the path, or name a size such as base"
        yield Problem("features.whisper", remedy, config.line("features", "whisper"), whisper)
