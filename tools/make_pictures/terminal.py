"""Run a command at a terminal, and draw what is on its screen at the end as an SVG."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

ROWS, COLUMNS = 70, 96
# Without Rich's web font, which pages would fetch from elsewhere.
_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g></g></svg>
"""
_COLOURS = {"brown": "yellow", "default": "default"}


def picture_of(command: Sequence[str], shown: str, environment: Mapping[str, str], home: Path) -> str:
    """Return the SVG of a terminal in which `command` was run and looks like `shown`. `home` is shown as /home/ann."""
    screen = _screen(command, environment, home)
    lines = [_line(screen, row) for row in range(ROWS)]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    text = Text("\n").join([Text(f"$ {shown}", style="bold"), *lines])
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(text)
    svg = console.export_svg(title=shown, code_format=_SVG, unique_id="terminal")
    shorter = {str(home): "/home/ann", r"folder-[0-9a-f]+/": ""}  # the latter: without a config before
    for path, as_shown in shorter.items():
        # Each piece of text has a length, to which a browser would stretch the shorter path.
        svg = re.sub(rf'(<text [^>]*?) textLength="[^"]*"([^>]*>[^<]*{path})', r"\1\2", svg)
        svg = re.sub(path, as_shown, svg)
    return svg


def _screen(command: Sequence[str], environment: Mapping[str, str], home: Path) -> pyte.Screen:
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    keyboard, terminal = pty.openpty()
    size = {"COLUMNS": str(COLUMNS), "LINES": str(ROWS), "TERM": "xterm-256color"}
    with subprocess.Popen(
        command, cwd=home, env={**environment, **size}, stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        try:
            while output := os.read(keyboard, 65536):
                stream.feed(output)
        except OSError:  # nobody has the other end open any more
            pass
    os.close(keyboard)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}:\n" + "\n".join(screen.display))
    return screen


def _line(screen: pyte.Screen, row: int) -> Text:
    def style(char: pyte.screens.Char) -> Style:
        colour = _COLOURS.get(char.fg, char.fg)
        return Style(color=colour if colour.isalpha() else f"#{colour}", bold=char.bold, italic=char.italics)

    chars = [screen.buffer[row][column] for column in range(COLUMNS)]
    runs = ((look, "".join(char.data for char in run)) for look, run in groupby(chars, style))
    line = Text.assemble(*((text, look) for look, text in runs))
    line.rstrip()
    return line
