"""Print the status document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console

from sorterd.report.console import console_for, print_labelled
from sorterd.report.next_steps import next_steps
from sorterd.report.records import Records, print_records
from sorterd.report.training_in_short import training_in_short
from sorterd.text import as_called, counted, moment, paced, percent, printable

ALIKE = 3  # so many troubles with the same reason are combined in one line
KINDS = 10  # the most reasons shown without --verbose
FIRST_LOOK = "type 'sorterd run --once --dry-run', which moves nothing"


def print_status(
    status: dict[str, Any], console: Console | None = None, *, verbose: bool = False, called: str = "sorterd"
) -> None:
    """Print the document of `sorterd status --json` in a few lines. With `verbose`, each trouble gets its own
    line, and the figures of the last training are told.

    `called` is how sorterd was called. Hints repeat it.
    """
    console = console or console_for()

    def line(name: str, text: str, style: str = "") -> None:
        print_labelled(console, name, as_called(text, called), style, column=12)

    line("videos", status["videos"])
    line("service", _service(status), "" if status["running"] else "yellow")
    for name in ("disk", "blocked"):
        if status.get(name):
            line(name, status[name], "red")
    if status.get("paused"):
        line("moving", f"paused: {status['paused']['reason']}", "yellow")
    if status["running"] and not status["watcher"]["healthy"]:
        line("watcher", status["watcher"]["reason"], "red")
    line("models", f"{status['models']} on {status['device']}{_devices(status.get('devices'))}")
    for sentence in status.get("device_troubles", []):
        line("device", sentence, "yellow")
    line("model", _model(status))
    if training := status.get("last_training"):
        line("training", training["reason"] if verbose else training_in_short(training))
    if status.get("learned"):
        line("learned", f"{status['learned']['sentence']} ({moment(status['learned']['at'])})")
    line("inbox", _inbox(status))
    line("queue", _queue(status["queue"]["pending"], status.get("videos_per_minute")))
    if status.get("held"):
        line("backlog", status["held"]["reason"])
    for sentence, style in _pool(status.get("pool")):
        line("pool", sentence, style)
    moves = status["moves"]
    line("moves", f"{moves['total']:,} made, {moves['undone']:,} undone, {moves['corrected']:,} corrected by you")
    if (pictures := status.get("pictures", {})).get("videos"):
        size = f"{pictures['bytes'] / 1e6:,.1f} MB (pictures.max_mb limits them)"
        line("pictures", f"of {counted(pictures['videos'], 'video')}, {size}")
    for sentence in status.get("unread_words", []):
        line("words", sentence, "yellow")
    if captions := status.get("captions"):
        line("captions", captions["unread"] or f"of {counted(captions['videos'], 'video')}")
        for sentence in captions.get("too_large", []):
            line("captions", sentence, "yellow")
    if status["categories"]:
        print_records(console, _categories(status["categories"]))
    for name in ("lost", "expect"):
        if status.get(name):
            line(name, status[name], "yellow")
    for sentence in status["missing"]:
        line("missing", sentence)
    for wait in status.get("waiting", []):
        line("waiting", _waiting(wait))
    if status.get("duplicates"):
        line("copies", _copies(status["duplicates"]))
    if status.get("left_alone"):
        line("left alone", _left_alone(status["left_alone"]))
    if status.get("sidecars_left"):
        line("sidecars", _sidecars(status["sidecars_left"]), "yellow")
    for sentence in trouble_lines(status["errors"], verbose=verbose):
        line("trouble", sentence, "yellow")
    for sentence in next_steps(status):
        line("next", sentence, "bold")


def _pool(pool: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Yield a line on each machine that helps, and one on what keeps them from it."""
    if pool is None:
        return
    if pool["problem"]:
        yield pool["problem"], "red"
    for machine in pool["machines"]:
        on = f" on {machine['device']}" if machine["device"] else ""
        pace = f", {machine['videos_per_minute']:g} videos per minute" if machine["videos_per_minute"] else ""
        yield f"{machine['name']} {machine['state']}{on}{pace} (last seen {moment(machine['last_seen'])})", ""
    if not pool["problem"] and not pool["machines"]:
        yield f"no other machine has connected yet (it listens at {pool['listen']})", ""


def _service(status: dict[str, Any]) -> str:
    if not status["running"]:
        return "not running; start it with 'sorterd run' or 'sorterd service install'"
    watcher = status["watcher"]
    health = f"watching ({watcher['backend']})" if watcher["healthy"] else "NOT watching"
    return f"running as process {status['pid']}, {health}, {status.get('activity', 'not answering')}"


def _sidecars(left: list[dict[str, str]]) -> str:
    """Return how many sidecars stayed where their video was, with the reason for one of them."""
    one = left[0]
    stay = f"{counted(len(left), 'file')} {'stays' if len(left) == 1 else 'stay'} where the video was"
    return f"{stay}: {one['path']}: {one['reason']}" + (", ... (all: sorterd status --json)" if len(left) > 1 else "")


def _devices(devices: dict[str, str] | None) -> str:
    """Return which part runs on which device, "" if all run on the same one."""
    used = {what: device for what, device in (devices or {}).items() if device}
    return "" if len(set(used.values())) < 2 else f" ({', '.join(f'{what} on {used[what]}' for what in used)})"


def _inbox(status: dict[str, Any]) -> str:
    """Return how many videos are in the inbox, and in which state. The parts add up to the total."""
    if not status.get("looked", True):
        return "not looked at yet" if status["running"] else f"not looked at yet: {FIRST_LOOK}"
    words = {
        "to_move": "to be moved", "undecided": "undecided", "waiting": "not judged yet", "unreadable": "given up",
    }  # fmt: skip
    parts = [f"{number:,} {words[part]}" for part, number in status.get("inbox_parts", {}).items() if number]
    text = counted(status["inbox"], "video") + (f": {', '.join(parts)}" if parts else "")
    unread = status.get("unread", 0)
    return text + (f"; {counted(unread, 'more file')} in the folder to be read first" if unread else "")


def _model(status: dict[str, Any]) -> str:
    model = status["model"]
    if model is None and not status.get("looked", True):
        return "none yet"
    if model is None and any(sum(counts.values()) for counts in status["categories"].values()):
        return "none yet: it is made when the videos in your folders have been looked at"
    if model is None:
        return "none yet: put a few videos into sub-folders named after what they show"
    accuracy = model["cv_accuracy"]
    right = "" if accuracy is None else f", right for {percent(accuracy)} of what you filed (cross-validated)"
    trained = moment(datetime.fromisoformat(model["trained_at"]).timestamp())
    return f"{model['model_type']} for {counted(len(model['labels']), 'folder')}, trained {trained}{right}"


def _queue(pending: int, per_minute: float | None) -> str:
    wait = "waits" if pending == 1 else "wait"
    pace = paced(pending, per_minute)
    return f"{counted(pending, 'video')} {wait} to be looked at" + (f" ({pace})" if pace else "")


def _waiting(wait: dict[str, Any]) -> str:
    until = "" if wait["until"] is None else datetime.fromtimestamp(wait["until"]).astimezone().strftime("%H:%M")
    end = f"; if nothing joins it, it is a video like any other from {until} on" if until else ""
    return f"{wait['path']}: {wait['reason']}{end}"


def _copies(duplicates: list[list[str]]) -> str:
    lies = "lies" if len(duplicates) == 1 else "lie"
    many = sum(len(paths) - 1 for paths in duplicates)
    needless = f"{many:,} {'file' if many == 1 else 'files'} more than needed"
    return f"{counted(len(duplicates), 'video')} {lies} there more than once, {needless} ('sorterd doctor' names them)"


def _left_alone(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    kinds = "; ".join(f"{reason} ({count:,})" for reason, count in counts.items())
    return f"{total:,} {'file or folder' if total == 1 else 'files and folders'} ('sorterd doctor' names them): {kinds}"


def _categories(categories: dict[str, dict[str, int]]) -> Records:
    numbers = ("by you", "moved here", "confirmed")
    rows = [
        (printable(name), *(str(counts[source]) for source in ("user", "auto", "confirmed")))
        for name, counts in categories.items()
    ]
    return Records(("folder", *numbers), rows, numbers=frozenset(numbers), kind="folder")


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
