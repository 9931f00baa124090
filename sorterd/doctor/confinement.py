"""What keeps a worker that a hostile video has taken over from the user's files and from the network."""

from __future__ import annotations

from sorterd.doctor.finding import Finding, ok, warning

CHECK = "confinement"


def judge_confinement(*, files: bool, network: bool, linux: bool) -> Finding:
    """Given what the system can forbid to the worker, say what it does."""
    if files and network:
        return ok(CHECK, "the worker can write into its own folders only, and has no network once models are loaded")
    if not linux:
        return ok(CHECK, "this system lets a process give up neither files nor network; limits and time-outs stand")
    wanted = (("no Landlock (Linux 5.13)", files), ("no seccomp filter", network))
    missing = [what for what, given in wanted if not given]
    return warning(
        CHECK,
        f"this kernel has {' and '.join(missing)}: a video that breaks a decoder could do what you can do",
        "use a newer kernel, or do not save videos from strangers into this folder",
    )
