"""`explain` and `evaluate`: why a video got its prediction, and how well the model does on this library."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from sorterd.artifact_names import artifacts_folder
from sorterd.changes import KnownFile
from sorterd.commands.called import call
from sorterd.commands.context import Named, asking, known, named_file, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.commands.look import look
from sorterd.commands.space import known_space
from sorterd.config import Config
from sorterd.daemon.live import ask_live
from sorterd.daemon.status import predictor_in_use
from sorterd.features.settings import FeatureSpace
from sorterd.library.layout import LayoutRules
from sorterd.pipeline.feature_space import remembered
from sorterd.report.console import spinner
from sorterd.report.evaluation_page import print_evaluation
from sorterd.report.explanation_page import Case, print_explanation
from sorterd.service.lock import holder
from sorterd.sorting.inbox_decisions import decide_inbox
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.store.features import Failure
from sorterd.store.rows import Rows
from sorterd.store.settings import TRAINING
from sorterd.store.store import Store
from sorterd.sync.known_path import known_path, why_unknown
from sorterd.text import as_called, moment

if TYPE_CHECKING:  # importing it loads the classifier's libraries
    from sorterd.classifier import Classifier, Explanation
    from sorterd.classifier.scorecard import Scorecard

ANSWER_SECONDS = 5.0
_LOADING = "Loading the classifier"


def explain(options: argparse.Namespace) -> int:
    """Print why one video was or was not moved."""
    config, root = asking(options)
    file = named_file(options.path, config, root)
    look(config, root, settling=[file.path] if file.there else [])
    with spinner(_LOADING):
        case = read_case(config, file, with_caption=options.caption)
    if options.json:
        print_json(asdict(case))
    else:
        last_word = None if case.last_word is None else as_called(case.last_word, call(options))
        print_explanation(replace(case, last_word=last_word), numbers=options.verbose)
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Print how the model does on videos that it had not seen, at the current threshold."""
    config, _ = asking(options)
    with spinner(_LOADING):
        card, missing = read_card(config)
    if options.json:
        confusion = [{"label": a, "predicted": b, "videos": n} for (a, b), n in sorted(card.confusion.items())]
        print_json({**asdict(card), "confusion": confusion, "missing": missing, "threshold": config.move.threshold})
    else:
        print_evaluation(card, missing, config.move.threshold)
    return 0


def read_card(config: Config) -> tuple[Scorecard, dict[str, str]]:
    """Return the figures at the config's threshold, and what each folder lacks. Raise CommandFailed or StoreError."""
    from sorterd.classifier import what_is_missing
    from sorterd.classifier.scorecard import scorecard

    with known(config) as store:
        space = known_space(config, store)
    classifier = _model(config, space)
    outcomes = [outcome for outcome in classifier.held_out if outcome is not None]
    if not outcomes:
        raise CommandFailed("there is too little to evaluate: no folder has two videos that differ")
    card = scorecard(outcomes, config.move.threshold)
    counts = dict(zip(classifier.rules.folders, classifier.rules.videos, strict=True))
    return card, what_is_missing(counts, config.move.threshold, config.train.min_per_category)


def read_case(config: Config, named: Named, *, with_caption: bool) -> Case:
    """Return everything that is known of the video that was named, its caption only on request.

    Raise CommandFailed or StoreError.
    """
    with known(config) as store:
        found, settings = known_space(config, store), config.feature_settings()
        file = _known_video(config, store, named)
        explanation, nearest = _explained(config, store, found, file)
        features, caption = store.features.get(file.fingerprint, found.id), store.captions.get(file.fingerprint)
        return Case(
            path=file.path,
            category=file.category,
            source=file.source,
            transcript=features.transcript if features else "",
            audio=features.audio if features else "waits",
            listens=settings.whisper != "off" or (features is not None and remembered(store.notes, settings) is None),
            told=caption is not None and caption.text != "",
            caption=caption.text if caption and with_caption else None,
            explanation=explanation,
            modalities=tuple(modality.name for modality in found.modalities),
            nearest=nearest,
            moves=tuple(
                (move.at, "failed" if move.step == "failed" else move.kind, move.destination, move.reason)
                for move in store.journal.of(file.fingerprint)
            ),
            rejected=tuple(sorted(store.files.rejections().get(file.fingerprint, ()))),
            held=file.fingerprint in store.files.held(),
            last_word=None if file.category is not None else why_it_waits(config, store, file),
            training=store.notes.get(TRAINING),
        )


def _known_video(config: Config, store: Store, named: Named) -> KnownFile:
    """Return the video that was named. Raise CommandFailed if it failed or is not known."""
    path = named.path if named.there else known_path(store, named.path)
    failure, file = store.features.failure(path), store.files.at(path)
    if failure is not None:
        raise CommandFailed(_failed(failure))
    if file is None:
        rules = LayoutRules.of(config.watch.extensions, config.watch.ignore)
        raise CommandFailed(why_unknown(store, config.videos, rules, path, there=named.there))
    return file


def _explained(
    config: Config, store: Store, space: FeatureSpace, file: KnownFile
) -> tuple[Explanation, tuple[tuple[str, str, float], ...]]:
    """Return what the model says of a video, and the filed videos that are like it: (path, folder, similarity)."""
    import numpy as np

    rows = Rows(store.connection, space)
    row = rows.get(file.fingerprint)
    if row is None:
        raise CommandFailed(why_not_extracted(config, file.path))
    classifier = _model(config, space)
    labels = {content: label for content, label in store.files.labels().items() if content != file.fingerprint}
    others = [one for one in rows.all() if one.fingerprint in labels]
    explanation = classifier.explain(
        np.frombuffer(row.vector, "<f4"),
        np.array([np.frombuffer(one.vector, "<f4") for one in others]).reshape(len(others), -1),
        [labels[one.fingerprint] for one in others],
    )
    near = [(store.files.places(others[one.row].fingerprint)[0].path, one) for one in explanation.neighbours]
    return explanation, tuple((path, one.folder, one.similarity) for path, one in near)


def why_it_waits(config: Config, store: Store, file: KnownFile) -> str:
    """Return what keeps a video in the inbox: the user's feedback, its prediction, or that nothing is moved now."""
    predictor, never_into = predictor_in_use(config, store), config.move.never_into
    judged = decide_inbox(store, predictor, only=[file.fingerprint], never_into=never_into)
    decision = next((one.decision for one in judged if one.file.path == file.path), None)
    if decision is None:
        return "the model in use has not judged it yet: 'sorterd status' says what is being done"
    if decision.action == "inbox":
        return decision.reason
    would = f"it would be moved into {decision.folder}"
    pause = MovingPauses(store).current(time.time())
    if pause is not None:
        return f"{would}, but moving is paused: {pause.reason}; 'sorterd resume' ends that"
    if not config.move.enabled or config.move.dry_run:
        return f"{would}, but the config says to move nothing (move.enabled, move.dry_run)"
    unmoved = store.unmoved.all().get(file.path)
    if unmoved is not None and unmoved.fingerprint == file.fingerprint:
        return unmoved.reason
    if ask_live(config.state_dir, ANSWER_SECONDS) is None:
        return f"{would}, but no service runs that does it: 'sorterd setup' starts one"
    return f"{would}, as soon as its turn comes"


def why_not_extracted(config: Config, path: str) -> str:
    """Return what a known video without features waits for."""
    if holder(config.state_dir) is not None:
        return f"{path} has not been looked at yet: it waits in the queue"
    return f"{path} has not been looked at yet, and no service runs that would: 'sorterd run --once' looks at it now"


def _failed(failure: Failure) -> str:
    """Return one sentence about a failure. Most reasons continue the file's name: "is not a video"."""
    about_file = failure.reason.startswith(("is ", "has ", "cannot "))
    what = f"{failure.path} {failure.reason}" if about_file else f"{failure.path} has no features: {failure.reason}"
    if failure.failed:
        return f"{what}. Once that is mended, type 'sorterd retry'"
    return f"{what}. It is tried again at {moment(failure.retry_at)}"


def _model(config: Config, space: FeatureSpace) -> Classifier:
    from sorterd.classifier import ModelFileError, load_classifier

    try:
        return load_classifier(artifacts_folder(config.state_dir), feature_space=space.model_id)
    except FileNotFoundError as error:
        raise CommandFailed("there is no model yet: put a few videos into folders, then 'sorterd train'") from error
    except ModelFileError as error:
        raise CommandFailed(f"{error}: type 'sorterd train'") from error
