"""What is said about the commands: help in sections, and what was probably meant by what is none."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from sorterd.text import printable

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Parser(argparse.ArgumentParser):
    """Says what was probably meant. Messages are printable: the arguments may be file names that the shell inserted."""

    def __init__(self, **how: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **how)
        self.commands: dict[str, Parser] = {}
        self.sections: dict[str, list[str]] = {}  # title -> names of commands, for the help
        self.example = ""

    def format_help(self) -> str:
        """Return the help. Where there are sections, the commands stand in them."""
        if not self.sections:
            return super().format_help()
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups)
        formatter.add_text(self.description)
        (commands,) = (action for action in self._actions if isinstance(action, argparse._SubParsersAction))
        lines = {line.dest: line for line in commands._get_subactions()}
        for title, names in self.sections.items():
            formatter.start_section(_bold(title))
            formatter.add_arguments([lines[name] for name in names])
            formatter.end_section()
        formatter.start_section(_bold("options"))
        formatter.add_arguments([action for action in self._actions if action.option_strings])
        formatter.end_section()
        formatter.add_text(self.epilog)
        return formatter.format_help()

    def error(self, message: str) -> NoReturn:
        """Print how it is used and what is wrong, and exit with 2."""
        super().error(printable(message))

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Return the options. For an option that there is not, name one like it."""
        options, left = self.parse_known_args(args, namespace)
        if left:
            command = self.commands.get(getattr(options, "command_name", ""), self)
            meant = [one for text in left for one in like(text.partition("=")[0], command.option_strings)]
            command.error(f"unrecognized arguments: {' '.join(left)}" + did_you_mean(meant))
        if self.sections and options.command_name is None:
            self.error(f"say what to do: '{self.prog} setup' begins, '{self.prog} --help' lists all commands")
        return options

    @property
    def option_strings(self) -> list[str]:
        """The options of this command, as they are typed."""
        return [text for text in self._option_string_actions if text.startswith("--")]

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        meant = did_you_mean(like(str(value), list(map(str, action.choices))))
        if isinstance(action, argparse._SubParsersAction):
            raise argparse.ArgumentError(None, f"there is no command {value}{meant or f'; see {self.prog} --help'}")
        choices = " or ".join(map(str, action.choices))
        raise argparse.ArgumentError(action, f"{value!r} is not {choices}{meant}")


def like(text: str, known: Collection[str]) -> list[str]:
    """Return the known words that somebody may have meant."""
    return get_close_matches(text, list(known), n=2, cutoff=0.6)


def did_you_mean(words: Sequence[str]) -> str:
    """Return the end of a message that names them, "" for none."""
    return f"; did you mean {' or '.join(words)}?" if words else ""


def _bold(text: str) -> str:
    shows = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return f"{_BOLD}{text}{_PLAIN}" if shows else text
