"""`demo`: a sample library, sorted before your eyes."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from sorterd.commands.failure import CommandFailed
from sorterd.commands.stages import prepared
from sorterd.config import load_config
from sorterd.daemon.assemble import Wish
from sorterd.demo.library import NotADemo, install
from sorterd.demo.story import NothingDecided, right_and_wrong, tell_story
from sorterd.report.console import console_for
from sorterd.report.screen import Screen


def demo(options: argparse.Namespace) -> int:
    """Install the sample library, sort it, correct it, and say what to type next."""
    try:
        library = install(options.folder)
    except NotADemo as error:
        raise CommandFailed(str(error)) from error
    config = load_config(library.config)
    screen = Screen(console_for(json_wanted=False))
    with prepared(config, Wish(at_once=True), screen) as program:
        try:
            tell_story(library, config, program, screen)
        except NothingDecided as error:
            raise CommandFailed(f"the demo could not go on: {error}") from error
        problems = program.loop.work.problems
    if problems:
        raise CommandFailed(problems[0])
    right_and_wrong(screen.console, library.folder)
    print("\nNow with your own videos (it only looks and reports; leave out --dry-run to let it move them):")
    print(f"  {_typed()} --videos ~/Videos/TikTok run --dry-run")
    return 0


def _typed() -> str:
    """How this program was called: `sorterd`, or the path to it where it is not on the PATH."""
    called = Path(sys.argv[0])
    return shlex.quote(sys.argv[0]) if called.name == "sorterd" else "sorterd"
