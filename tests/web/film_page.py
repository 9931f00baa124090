"""`python -m tests.web.film_page --config FILE review --web ...`: the command as it is, with a worker that costs
little."""

from __future__ import annotations

import sys
from pathlib import Path

from sorterd.cli import parser
from sorterd.commands.failure import explained
from sorterd.commands.review_page import review_page
from sorterd.daemon.app import RunOptions

WORKER = (sys.executable, "-m", "tests.web.film_worker")
HERE = Path(__file__).parents[2]


def main() -> int:
    with explained() as outcome:
        outcome.code = review_page(parser().parse_args(), RunOptions(worker=WORKER))
    return outcome.code


if __name__ == "__main__":
    sys.exit(main())
