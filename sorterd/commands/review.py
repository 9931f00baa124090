"""`review`: the videos that wait in the inbox for a person, those first whose label would teach most."""

from __future__ import annotations

import argparse
from dataclasses import replace

from sorterd.commands.context import asking, known, print_json
from sorterd.config import Config
from sorterd.daemon.status import predictor_in_use
from sorterd.sorting.sorter import InboxDecision, decide_inbox


def review(options: argparse.Namespace) -> int:
    """Print each undecided video with its top 3 and why it was not moved."""
    config, _ = asking(options)
    undecided, unseen = read_review(config)
    if options.json:
        print_json([one.as_json() for one in undecided])
        return 0
    from sorterd.report.console import console_for
    from sorterd.report.review_table import review_table

    console = console_for()
    if undecided:
        console.print(review_table(undecided))
    note = f"; {unseen} more in the inbox are not looked at yet" if unseen else ""
    console.print(f"{len(undecided)} undecided{note}. To decide, drag a video into a folder.")
    return 0


def read_review(config: Config) -> tuple[list[InboxDecision], int]:
    """The undecided, with those that could not be moved, and how many inbox videos wait for a prediction. Raise
    StoreError."""
    store = known(config)
    try:
        judged = decide_inbox(store, predictor_in_use(config, store), never_into=config.move.never_into)
        done = {one.file.fingerprint for one in judged} | store.features.hopeless()
        unmoved = store.unmoved.all()
        unseen = sum(file.fingerprint not in done for file in store.files.inbox())
    finally:
        store.close()
    undecided = [one for one in judged if one.decision.action == "inbox"]
    undecided += [
        replace(one, decision=replace(one.decision, reason=unmoved[one.file.path].reason))
        for one in judged
        if one.decision.action == "move" and one.file.path in unmoved
    ]
    return sorted(undecided, key=_margin), unseen


def _margin(one: InboxDecision) -> float:
    """How far the best guess is ahead of the next: where that is little, a label teaches most (margin sampling,
    Scheffer et al. 2001)."""
    shares = [share for _, share in one.prediction.top] + [0.0, 0.0]
    return shares[0] - shares[1]
