"""The page of all commands. It reads the parser, not its help, whose layout differs between versions of Python."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from sorterd.cli import parser
from sorterd.cli.help import Parser

HEAD = """\
# Commands

<!-- Written by `make example` from the parser. Do not edit. -->

{description} `sorterd COMMAND --help` shows what is on this page.

Before the command you can say which library you mean:

{options}

In a pipe, tables are one record a line, with tabs between the fields. With `--json` a command prints one JSON document.
Exit codes: 0 done, 1 failed, 2 wrong usage or config, 130 interrupted.
"""


def commands_page() -> str:
    """Return the page in Markdown."""
    top = parser()
    chapters = [HEAD.format(description=top.description, options=_table(top))]
    for title, names in top.sections.items():
        chapters.append(f"## {title[0].upper()}{title[1:]}\n")
        chapters += [_command(top.commands[name]) for name in names]
    return "\n".join(chapters)


def _command(command: Parser) -> str:
    example, _, more = (command.epilog or "").partition("\n\n")
    name = command.prog.removeprefix("sorterd ")
    parts = [f"### {name}", "", command.description or "", "", *_block("text", _usage(command))]
    parts += ["", *_block("sh", example.removeprefix("example: "))] if example else []
    parts += ["", _table(command)] if _rows(command) else []
    parts += ["", *_block("text", more)] if more else []
    return "\n".join(parts) + "\n"


def _usage(command: Parser) -> str:
    optional = [f"[{_called(action)}]" for action in _shown(command) if action.option_strings]
    return " ".join([command.prog, *optional, *(_called(action) for action in _shown(command) if _is_plain(action))])


def _table(command: Parser) -> str:
    return "\n".join(["| argument | meaning |", "| --- | --- |", *_rows(command)])


def _rows(command: Parser) -> list[str]:
    return [f"| `{_cell(_called(action))}` | {_cell(_help(action))} |" for action in _shown(command)]


def _shown(command: Parser) -> Iterator[argparse.Action]:
    for action in command._actions:
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            yield action


def _called(action: argparse.Action) -> str:
    """Return an argument as it is typed: `--last N`, `PATH ...`, `{bash,zsh,fish}`."""
    value = action.metavar if isinstance(action.metavar, str) else ""
    if not value and action.choices is not None:
        value = f"{{{','.join(map(str, action.choices))}}}"
    value = value or action.dest.upper()
    if not action.option_strings:
        return {"?": f"[{value}]", "+": f"{value} ...", "*": f"[{value} ...]"}.get(str(action.nargs), value)
    return action.option_strings[-1] if action.nargs == 0 else f"{action.option_strings[-1]} {value}"


def _help(action: argparse.Action) -> str:
    return (action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%")


def _is_plain(action: argparse.Action) -> bool:
    return not action.option_strings


def _block(kind: str, text: str) -> list[str]:
    return [f"```{kind}", text, "```"]


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
