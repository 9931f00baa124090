"""What keeps a worker that a hostile video has taken over from the user's files, network and other programs."""

from __future__ import annotations

from sorterd.doctor.finding import Finding, ok, warning
from sorterd.worker.sandbox.confinement import sentence

CHECK = "confinement"


def judge_confinement(*, files: bool, calls: bool, linux: bool) -> Finding:
    """Given what the system can forbid to the worker, say what it does."""
    if files and calls:
        return ok(CHECK, "the worker writes into its own folders only, and reaches no network once models are loaded")
    if not linux:
        return ok(CHECK, "this system lets a process give up neither files nor calls; limits and time-outs stand")
    wanted = (("no Landlock", files), ("no seccomp filter", calls))
    says = sentence([what for what, given in wanted if not given])
    return warning(CHECK, says, "allow it, or do not save videos from strangers into this folder")
