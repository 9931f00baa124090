"""`demo`: a sample library, sorted before your eyes."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from importlib import metadata

from sorterd.commands import called
from sorterd.commands.failure import CommandFailed
from sorterd.commands.stages import prepared
from sorterd.config import load_config
from sorterd.daemon.app import RunOptions
from sorterd.demo.library import NotADemo, install
from sorterd.demo.story import NothingDecided, right_and_wrong, tell_story
from sorterd.doctor.software import installed_version
from sorterd.report.console import console_for
from sorterd.report.screen import Screen


def demo(options: argparse.Namespace) -> int:
    """Install the sample library, sort it, correct it, and print what to type next."""
    _refuse_without_models()
    try:
        library = install(options.folder)
    except NotADemo as error:
        raise CommandFailed(str(error)) from error
    config = load_config(library.config)
    screen = Screen(console_for(notes_apart=False))
    with prepared(config, RunOptions(at_once=True), screen) as app:
        try:
            tell_story(library, config, app, screen)
        except NothingDecided as error:
            raise CommandFailed(f"the demo could not go on: {error}") from error
        problems = app.loop.pipeline.pauses.reasons
    if problems:
        raise CommandFailed(problems[0])
    right_and_wrong(screen.console, library.folder)
    print("\nNow with your own videos (it only looks and reports; leave out --dry-run to let it move them):")
    print(f"  {called.program()} --videos ~/Videos/TikTok run --dry-run")
    return 0


def _refuse_without_models() -> None:
    """Raise CommandFailed before anything is unpacked if the packaged models are not installed."""
    try:
        wanted = metadata.requires("sorterd") or []
    except metadata.PackageNotFoundError:  # run from its source: a missing package is reported later
        return
    names = [re.split(r"[^\w.-]", one, maxsplit=1)[0] for one in wanted if re.search(r"extra == ['\"]embedded", one)]
    if any(installed_version(name) is None for name in names):
        pip = f"{shlex.quote(sys.executable)} -m pip install 'sorterd[embedded]'"
        raise CommandFailed(f"the demo needs the packaged models, which are not installed; type: {pip}")
