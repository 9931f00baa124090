"""`sorterd --config FILE review --web ...` as it is, with a worker that costs little."""

import sys

from support.service import program

from sorterd.cli import parser
from sorterd.commands.failure import explained
from sorterd.commands.review_page import review_page
from sorterd.daemon.app import RunOptions

PROGRAM = program("web.film_page")
WORKER = program("web.film_worker")


def main() -> int:
    with explained() as outcome:
        outcome.code = review_page(parser().parse_args(), RunOptions(worker=WORKER))
    return outcome.code


if __name__ == "__main__":
    sys.exit(main())
