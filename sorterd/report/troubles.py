"""Many troubles in few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

ALIKE = 3  # as many of one kind are one line
KINDS = 10  # more lines than that are for --verbose


def trouble_lines(errors: Sequence[Mapping[str, str]], *, verbose: bool) -> Iterator[str]:
    """One line per trouble; without `verbose`, one per kind where there are several of it, and no more than KINDS."""
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
