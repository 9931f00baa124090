"""Moves that are chosen from a list, on a terminal."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence

from sorterd.commands.context import known
from sorterd.commands.failure import CommandFailed
from sorterd.commands.questions import NoAnswerGiven, asked, at_terminal
from sorterd.config import Config

OFFERED = 20


def choose_moves(config: Config) -> list[int]:
    """Show the last moves that can be undone, and ask which. Return their numbers, the latest first. Raise
    CommandFailed without a terminal, or if what was typed is no choice."""
    if not at_terminal():
        raise CommandFailed("to choose from a list takes a terminal; 'sorterd log' names the moves' numbers")
    from sorterd.report.console import console_for
    from sorterd.report.moves_table import logged, moves_table
    from sorterd.report.records import print_records

    with known(config) as store:
        moves = [logged(entry, ()) for entry in store.journal.latest(OFFERED)]
    if not moves:
        raise CommandFailed("there is no move to undo; one that you have confirmed is taken back by its number")
    print_records(console_for(), moves_table(moves))
    try:
        typed = asked("Which are to be taken back? (numbers such as 3 5-8; nothing for none)")
    except NoAnswerGiven:
        return []
    return chosen(typed, [move.id for move in moves])


def numbers_in(ranges: Sequence[tuple[int, int]], config: Config) -> list[int]:
    """Return the numbers of moves in these ranges, both ends included, the latest first.

    A number that was given alone is among them whatever it is, one in a range only if that move can be undone. Raise
    CommandFailed if there is none in a range.
    """
    numbers = {first for first, last in ranges if first == last}
    with known(config) as store:
        able = sorted(entry.number for entry in store.journal.latest(-1)) if len(numbers) < len(ranges) else []
    for first, last in ranges:
        among = able[bisect_left(able, first) : bisect_right(able, last)]
        if first < last and not among:
            raise CommandFailed(f"none of the moves {first}-{last} can be undone")
        numbers |= {*among}
    return sorted(numbers, reverse=True)


def chosen(typed: str, offered: Collection[int]) -> list[int]:
    """Return the numbers that were typed, alone or as ranges, the highest first. A range may have gaps. Raise
    CommandFailed for what is no number or was not offered."""
    numbers: set[int] = set()
    for part in typed.replace(",", " ").split():
        found = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        among = {number for number in offered if first <= number <= last}
        if not among:
            raise CommandFailed(f"{part} is none of the moves in the list; nothing was taken back")
        numbers |= among
    return sorted(numbers, reverse=True)
