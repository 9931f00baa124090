"""Decide when a file has been left alone for long enough to be taken.

"Closed" is not "finished": downloaders close and reopen (paperless-ngx PR #43). So a file is finished when nothing
about it has changed for a while. Its time stamps tell that at once. If they lie in the future or come from another
machine's clock, the file must be seen unchanged for that long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sorterd.library.files import SeenFile

_SECOND = 1_000_000_000


class StabilityTracker:
    """Remembers since when each file has looked the same, for stamps that cannot be trusted.

    If `trust_stamps()` is false (on network file systems the server's clock may differ), only that memory counts. It is
    called at each sync, because the mounts may change.
    """

    def __init__(self, settle_seconds: float, *, trust_stamps: Callable[[], bool] = lambda: True) -> None:
        self._settle_seconds = settle_seconds
        self._ask_for_trust = trust_stamps
        self._trust_stamps = True
        self._seen: dict[str, tuple[SeenFile, int]] = {}

    def observe(self, files: Mapping[str, SeenFile], now_ns: int) -> None:
        """Record the files worth watching, as a scan saw them at `now_ns`. Forget all others."""
        self._trust_stamps = self._ask_for_trust()
        self._seen = {path: (file, self._since(file, now_ns)) for path, file in files.items()}

    def ready_at(self, path: str, now_ns: int) -> int:
        """Return the moment (ns, wall clock) from which the file counts as settled if nothing more happens to it.

        When it was first seen as it is decides if its stamp lies in the future: the clock jumped back, a server is
        ahead of us, or the mtime was set by hand. Raise KeyError for a file that was not observed.
        """
        file, seen_ns = self._seen[path]
        quiet_since = file.touched_ns if file.touched_ns <= now_ns else min(seen_ns, now_ns)
        if not self._trust_stamps:
            quiet_since = max(quiet_since, seen_ns)
        return quiet_since + round(self._settle_seconds * _SECOND)

    def settled(self, path: str, now_ns: int) -> bool:
        """Return whether the file has been left alone for long enough.

        Raise KeyError for a file that was not observed.
        """
        return self.ready_at(path, now_ns) <= now_ns

    def since(self, path: str) -> float:
        """Return since when (seconds, wall clock) the file has looked as it does.

        Raise KeyError for a file not observed.
        """
        return self._seen[path][1] / _SECOND

    def _since(self, file: SeenFile, now_ns: int) -> int:
        before, seen_ns = self._seen.get(file.path, (None, now_ns))
        # After a clock jumped back, the file would otherwise wait until the clock has caught up.
        return seen_ns if before == file and seen_ns <= now_ns else now_ns
