"""Check what keeps a worker that a hostile video has taken over from the user's files, network and programs."""

from __future__ import annotations

from sorterd.doctor.finding import Finding, ok, warning
from sorterd.worker.sandbox.confinement import sentence

CHECK = "confinement"


def judge_confinement(*, files: bool, calls: bool, linux: bool) -> Finding:
    """Return a finding on how far the system confines the worker.

    `files` and `calls`: the system can forbid writing files (Landlock) and system calls (seccomp).
    """
    if files and calls:
        return ok(CHECK, "the worker writes into its own folders only, and reaches no network once models are loaded")
    if not linux:
        return ok(CHECK, "this system lets a process give up neither files nor calls; limits and time-outs stand")
    wanted = (("no Landlock", files), ("no seccomp filter", calls))
    says = sentence([what for what, given in wanted if not given])
    return warning(CHECK, says, "allow it, or do not save videos from strangers into this folder")
