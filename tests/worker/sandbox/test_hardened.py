"""A container or a unit may refuse (EPERM) what the worker confines itself with.

The worker still works, and says so.
"""

import platform
import sys
from pathlib import Path

import pytest
from support.one_worker import OneWorker
from support.other_process import printed

from sorterd.worker.host.supervisor import COMMAND
from sorterd.worker.job_messages import Predict
from sorterd.worker.report_messages import JobFailed
from sorterd.worker.sandbox import seccomp
from sorterd.worker.sandbox.confinement import missing

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the numbers of calls are those of x86-64"
)

LANDLOCK, SECCOMP = (444, 445, 446), (317,)
RESOURCES = (141, 160)  # setpriority, setrlimit; prlimit64 with a new limit is what Python calls
UNDER_A_FILTER = """
import ctypes, os, struct, sys
from sorterd.worker.sandbox import limits, seccomp
limits._prctl(limits._PR_SET_NO_NEW_PRIVS, 1)
calls, new_limits = eval(sys.argv[1])
begin = [(0x20, 0, 0, 0), *((0x15, "refuse", 0, number) for number in calls)]
if new_limits:
    begin += [(0x15, 0, "allow", 302), (0x20, 0, 0, 32), (0x15, "allow", "refuse", 0)]
blocks = {"begin": begin, "allow": [(0x06, 0, 0, 0x7FFF0000)], "refuse": [(0x06, 0, 0, 0x00050001)]}
steps = seccomp._assembled(blocks)
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
assert ctypes.CDLL(None).syscall(317, 1, 1, program) == 0
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@pytest.mark.parametrize(
    ("calls", "new_limits", "said"),
    [
        (LANDLOCK, False, ""),
        (SECCOMP, False, ""),
        ((*LANDLOCK, *SECCOMP), False, ""),
        (RESOURCES, True, "forbids a worker to take on: low priority, limit of core dumps"),
    ],
)
def test_a_worker_without_a_sandbox_works(tmp_path: Path, calls: tuple[int, ...], new_limits: bool, said: str) -> None:
    command = (COMMAND[0], "-c", UNDER_A_FILTER, repr((calls, new_limits)), *COMMAND[1:])
    with OneWorker(tmp_path, command=command) as daemon:
        assert isinstance(daemon.do(Predict(1, (), 1, 1.0))[-1], JobFailed), "there is no model; but it answers"
    assert said in "".join(daemon.lines)


@pytest.mark.parametrize(
    ("calls", "named"), [((), ""), (LANDLOCK, "no Landlock ("), (SECCOMP, "no seccomp filter ("),
                         ((*LANDLOCK, *SECCOMP), "no Landlock and no seccomp filter (")],
)  # fmt: skip
def test_missing_confinement_is_reported_in_one_sentence(calls: tuple[int, ...], named: str) -> None:
    if missing():
        pytest.skip("this system offers neither to begin with")
    say = "from sorterd.worker.sandbox.confinement import missing; print(missing())"
    said = printed(UNDER_A_FILTER, repr((calls, False)), "-c", say).strip()
    assert named in said
    assert bool(said) is bool(calls)
    assert said.count(".") == 0


def test_models_are_loaded_where_the_calls_cannot_be_given_up() -> None:
    say = "from sorterd.worker.sandbox import limits, seccomp; limits.apply(); print(seccomp.give_up_calls())"
    assert printed(UNDER_A_FILTER, repr((SECCOMP, False)), "-c", say) == "False\n"
    assert seccomp.offered()
