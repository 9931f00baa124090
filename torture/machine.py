"""Run the state machine of the tests with random seeds until it has made 10,000 steps."""

from __future__ import annotations

import random

from daemon.test_library_machine import LibraryMachine
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from support.outcome import Outcome

from torture.options import Options

LIVES, LENGTH = 40, 50  # per round


def machine(options: Options) -> Outcome:
    """Run rounds of random examples and count the steps that were really made."""
    outcome = Outcome("machine", "random acts of user, daemon, crashes and restarts against a model (state machine)")
    steps, lives = [0], [0]

    class Counting(LibraryMachine):
        def __init__(self) -> None:
            super().__init__()
            lives[0] += 1

        @invariant()
        def counted(self) -> None:
            steps[0] += 1

    rounds = settings(
        max_examples=LIVES, stateful_step_count=LENGTH, deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    rng, wanted = random.Random(options.seed), options.times(10_000)
    while steps[0] - lives[0] < wanted:
        run_state_machine_as_test(seed(rng.getrandbits(64))(Counting), settings=rounds)
        options.say(f"  {steps[0] - lives[0]} steps")
    outcome.times = steps[0] - lives[0]  # the check before the first step of a life is none
    outcome.found |= {"lives": lives[0], "files lost": 0, "files overwritten": 0, "wrong labels": 0}
    return outcome
