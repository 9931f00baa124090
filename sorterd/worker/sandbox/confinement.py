"""Tell whether this system can keep the worker from the user's files and from other programs."""

from __future__ import annotations

import sys

from sorterd.worker.sandbox import landlock, seccomp


def missing() -> str:
    """Return one sentence on the confinement that this system lacks, or "".

    Call it in a process that is under the same rules as the worker. Systems other than Linux offer no confinement.
    """
    wanted = (("no Landlock", landlock.offered()), ("no seccomp filter", seccomp.offered()))
    return sentence([what for what, given in wanted if not given]) if sys.platform == "linux" else ""


def sentence(missing: list[str]) -> str:
    """Return that sentence for what is known to be missing."""
    if not missing:
        return ""
    return (
        f"this system offers {' and '.join(missing)} (an old kernel, or a container or unit that filters calls): "
        "a video that breaks a decoder could do what you can do"
    )
