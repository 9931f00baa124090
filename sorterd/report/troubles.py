"""Summarise many troubles in few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

ALIKE = 3  # so many troubles with the same reason are combined in one line
KINDS = 10  # the most reasons shown without --verbose


def trouble_lines(errors: Sequence[Mapping[str, str]], *, verbose: bool) -> Iterator[str]:
    """Yield one line per trouble. Without `verbose`, combine those with the same reason and yield at most KINDS."""
    kinds: dict[str, list[str]] = {}
    for error in errors:
        path, reason = error["path"], error["reason"]
        if verbose or not path:
            yield f"{path}: {reason}" if path else reason
        else:
            kinds.setdefault(reason.replace(path, "..."), []).append(path)
    shown = 0
    for reason, paths in list(kinds.items())[:KINDS]:
        few = len(paths) < ALIKE
        shown += len(paths)
        if few:
            yield from (f"{path}: {reason.replace('...', path)}" for path in paths)
        else:
            yield f"{len(paths):,} videos, such as {paths[0]}: {reason}"
    if any(len(paths) >= ALIKE for paths in kinds.values()) or len(kinds) > KINDS:
        more = sum(map(len, kinds.values())) - shown
        others = f"{more:,} more; " if more else ""
        yield f"{others}each of them: 'sorterd status --verbose'"
