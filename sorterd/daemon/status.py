"""What `sorterd status --json` says: the store's facts and, if the service runs, what only it knows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sorterd import __version__
from sorterd.artifact_names import artifacts_folder
from sorterd.captions.databases import databases_of, too_large
from sorterd.config import Config
from sorterd.daemon.live import Live
from sorterd.features import words
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline import feature_space, model_in_use
from sorterd.pipeline.unread_words import unread_words
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.sorting.training_effects import TrainingEffect
from sorterd.sorting.undecided import Undecided, undecided
from sorterd.store.duplicates import duplicates
from sorterd.store.features import Failure
from sorterd.store.opening import lost
from sorterd.store.settings import MODELS, ROOT, SIDECARS_LEFT, TRAINING, TRAINING_EFFECT
from sorterd.store.store import Store
from sorterd.suggest.shown import still_waiting
from sorterd.sync.left_out import left_out

STALE_SECONDS = 120.0


def status(
    config: Config, store: Store, live: Live | None, pid: int | None, *, now: float, disk: str | None = None
) -> dict[str, Any]:
    """Return the document of the contract.

    `pid` is the process that holds the state folder, `live` its own word. If it does not answer, or its loop has not
    come round for STALE_SECONDS, it is running and not healthy. `disk` is what keeps the folder of videos from being
    used, as the caller sees it. The word of a healthy service counts more.
    """
    found = feature_space.last_used(store.notes, config.feature_settings())
    model = model_in_use.model_in_use(store.notes, found)
    failures = store.features.failures()
    pending = store.features.pending(found.id if found else "")
    training = store.notes.get(TRAINING)
    inbox = store.files.inbox()
    unread = {path for path in store.features.unreadable() if "/" not in path} - {file.path for file in inbox}
    document = {
        "version": __version__,
        "running": pid is not None,
        "pid": pid,
        "videos": str(config.videos),
        "categories": store.files.categories(),
        "artifacts": str(artifacts_folder(config.state_dir)),
        "models": found.models if found else (store.notes.get(MODELS) or config.features.models),
        "device": _device(live, found) or config.features.device,
        "looked": store.notes.get(ROOT) is not None,
        "inbox": len(inbox) + len(unread),
        "inbox_parts": _inbox_parts(inbox_of(config, store), len(inbox) + len(unread)),
        "suggested": still_waiting(artifacts_folder(config.state_dir), {file.fingerprint for file in inbox}),
        "queue": {
            "pending": pending,
            "failed": sum(failure.failed for failure in failures),
        },
        "model": None if model is None else _model(model),
        "watcher": _watcher(live, running=pid is not None),
        "worker": {
            "state": live.worker_state if live else "stopped",
            "restarts": live.worker_restarts if live else 0,
        },
        "moves": store.journal.counts(),
        "pictures": _pictures(store),
        "captions": _captions(config, store),
        "unread_words": [sentence for sentence, _remedy in unread_words(store.notes, config.feature_settings())],
        "disk": None if live is not None and live.silent_seconds < STALE_SECONDS else disk,
        "paused": None if (pause := MovingPauses(store).current(now)) is None else asdict(pause),
        "errors": _errors(failures, store, live),
        "sidecars_left": [{"path": path, "reason": reason} for path, reason in store.notes.get(SIDECARS_LEFT) or []],
        "duplicates": duplicates(store.connection),
        "training": None if training is None else training["reason"],
        "last_training": training,
        "learned": _learned(store),
        "lost": lost(store.notes, now=now),
        "expect": None if model is None else model.get("expect"),
        "missing": [] if model is None else list(model.get("missing", {}).values()),
    } | left_out(store.notes)
    return document if live is None else document | _from_the_service(live, pending)


def _from_the_service(live: Live, pending: int) -> dict[str, Any]:
    return {
        "activity": live.activity,
        "blocked": live.blocked,
        "devices": live.devices or None,
        "device_troubles": list(live.device_troubles),
        "held": live.held,
        "pool": live.pool,
        "growing": live.growing,
        "unread": live.unread + live.growing,
        "videos_per_minute": None if live.rate is None else round(live.rate, 1),
        "seconds_left": round(60 * pending / live.rate) if live.rate and pending and not live.held else None,
    }


def _errors(failures: list[Failure], store: Store, live: Live | None) -> list[dict[str, str]]:
    blind, problems = (live.blind_spots, live.problems) if live else ((), ())
    return [
        *({"path": failure.path, "reason": failure.reason} for failure in failures),
        *({"path": path, "reason": one.reason} for path, one in store.unmoved.all().items()),
        *({"path": path, "reason": reason} for path, reason in blind),
        *({"path": "", "reason": reason} for reason in problems),
    ]


def inbox_of(config: Config, store: Store) -> Undecided:
    """Return the inbox by what becomes of each video. Each page and command that counts them counts these."""
    found = feature_space.last_used(store.notes, config.feature_settings())
    return undecided(
        *(store, predictor_in_use(config, store)),
        extracted=store.features.extracted(found.id) if found else (),
        never_into=config.move.never_into,
    )


def _inbox_parts(found: Undecided, inbox: int) -> dict[str, int]:
    """Return how many videos there are of each part of the inbox. One of which there is only a first guess waits."""
    parts = {
        "to_move": len(found.sure),
        "undecided": len(found.undecided),
        "waiting": len(found.guessed) + len(found.unseen),
    }
    return parts | {"unreadable": inbox - sum(parts.values())}


def predictor_in_use(config: Config, store: Store) -> str | None:
    """Return the id of the predictor in use by this config, None without a model."""
    space = feature_space.last_used(store.notes, config.feature_settings())
    return model_in_use.predictor_in_use(store, space, config.move.threshold)


def _learned(store: Store) -> dict[str, Any] | None:
    if (note := store.notes.get(TRAINING_EFFECT)) is None:
        return None
    effect = TrainingEffect(note["more"], note["fewer"], note["other"])
    return {"at": note["at"], **effect.to_json(), "sentence": str(effect)}


def _device(live: Live | None, found: FeatureSpace | None) -> str:
    if live is not None and live.devices:
        return "cuda" if "cuda" in live.devices.values() else "cpu"
    return found.device if found else ""


def _pictures(store: Store) -> dict[str, int]:
    videos, size = store.pictures.totals()
    return {"videos": videos, "bytes": size}


def _captions(config: Config, store: Store) -> dict[str, Any]:
    """Return how many videos have a caption, why none is read (None if they are), and which databases are too large."""
    missing = None if words.installed() else f"{words.MISSING}: {words.REMEDY}"
    reason = missing if config.features.captions else "features.captions is false"
    large = too_large(databases_of(config.videos)) if reason is None else []
    return {"videos": store.captions.count(), "unread": reason, "too_large": large}


def _model(note: dict[str, Any]) -> dict[str, Any]:
    return {
        "model_type": note["model_type"],
        "trained_at": note["trained_at"],
        "cv_accuracy": note["best_cv_accuracy"],
        "labels": note["label_names"],
        "feature_space": note["feature_space"],
    }


def _watcher(live: Live | None, *, running: bool) -> dict[str, Any]:
    if live is None:
        reason = "the service does not answer" if running else "the service is not running"
        return {"backend": None, "healthy": False, "reason": reason}
    if live.silent_seconds > STALE_SECONDS:
        reason = f"the service has been busy with one thing for {live.silent_seconds:.0f} s"
        return {"backend": live.watcher_backend, "healthy": False, "reason": reason}
    return {"backend": live.watcher_backend, "healthy": live.watcher_healthy, "reason": live.watcher_reason}
