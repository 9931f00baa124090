"""`find`: videos by words, by meaning, by likeness; double ones, and ones in the wrong folder. Changes nothing."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sorterd.changes import KnownFile
from sorterd.commands.carry_out import look
from sorterd.commands.context import Named, asking, known, named_file, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.commands.insight import why_not_extracted
from sorterd.commands.space import known_space
from sorterd.config import Config
from sorterd.daemon.status import artifacts_folder
from sorterd.features.settings import FeatureSpace
from sorterd.find.documents import Document, read_documents
from sorterd.find.fusion import fused
from sorterd.find.words import search_words
from sorterd.library.layout import LayoutRules
from sorterd.pipeline import feature_space
from sorterd.store.store import Store
from sorterd.sync.known_path import known_path, why_unknown

if TYPE_CHECKING:  # importing it loads numpy
    from sorterd.find.vectors import Vectors

USUAL = 10  # videos that are shown


@dataclass(frozen=True, slots=True)
class Hit:
    """A video that was found. `why` are the rankings that have it; `likeness` is from -1 to 1, if one was asked for."""

    video: str
    folder: str | None
    why: tuple[str, ...] = ()
    likeness: float | None = None


def find(options: argparse.Namespace) -> int:
    """Print the videos that fit, the best first."""
    options.words = " ".join(options.words).strip()
    ways = sum(map(bool, (options.words, options.like, options.misfiled, options.duplicates)))
    if ways != 1:
        raise CommandFailed("say what to find: words, or one of --like PATH, --misfiled, --duplicates")
    config, root = asking(options)
    like = None if options.like is None else named_file(options.like, config, root)
    if like is not None:
        look(config, root, settling=[like.path] if like.there else [])
    store = known(config)
    try:
        if options.misfiled:
            return _print_misfiled(config, store, as_json=options.json)
        if options.duplicates:
            return _print_duplicates(config, store, as_json=options.json)
        hits = _hits(options, like, config, store)[: options.limit or USUAL]
    finally:
        store.close()
    if options.json:
        print_json([asdict(hit) for hit in hits])
    else:
        _print_hits(hits)
    if options.open and hits:
        _open(config.videos / hits[0].video)
    return 0 if hits else 1


def _hits(options: argparse.Namespace, like: Named | None, config: Config, store: Store) -> list[Hit]:
    space = known_space(config, store)
    folder = None if options.folder is None else options.folder.rstrip("/")
    if folder is not None and folder not in store.files.categories():
        raise CommandFailed(f"there is no folder {folder!r} in {config.videos}")
    documents = read_documents(store.connection, space.id, folder=folder, since=options.since)
    if like is not None:
        return _like(_known_video(like, config, store), documents, config, store, space)
    return search(options.words, documents, config, store, space, exact=options.exact)


def search(
    words: str, documents: dict[str, Document], config: Config, store: Store, space: FeatureSpace, *, exact: bool
) -> list[Hit]:
    """Return the documents that fit: those with all the words first, then by meaning unless it is to be `exact`.

    Raise CommandFailed.
    """
    matches = search_words(words, {video: one.texts for video, one in documents.items()})
    whole = [match.fingerprint for match in matches if match.whole]
    rankings: dict[str, list[str]] = {"words": [match.fingerprint for match in matches]}
    if not exact:
        rankings |= _by_meaning(words, documents, config, store, space)
    return [_hit(documents[video], why) for video, why in fused(rankings, first=whole)]


def _by_meaning(
    words: str, documents: dict[str, Document], config: Config, store: Store, space: FeatureSpace
) -> dict[str, list[str]]:
    from sorterd.features.models.errors import ModelsUnavailable
    from sorterd.find.meaning import NotTheSameModels, meaning, meaning_of_captions
    from sorterd.find.similar import by_caption, by_meaning
    from sorterd.report.console import spinner

    rankings: dict[str, list[str]] = {}
    try:
        with spinner("Loading the text model"):
            query = meaning(words, feature_space.settled(store.notes, config.feature_settings()), space)
            rankings |= by_meaning(_vectors(config, store, space), space.extracted, query, documents)
            for modality in space.worded:
                captions = store.captions.vectors(modality.tower)
                if captions:
                    rankings[modality.name] = by_caption(captions, meaning_of_captions(words), documents)
    except (ModelsUnavailable, NotTheSameModels) as error:
        raise CommandFailed(f"{error}; --exact finds words without models") from error
    return rankings


def _like(
    video: KnownFile, documents: dict[str, Document], config: Config, store: Store, space: FeatureSpace
) -> list[Hit]:
    from sorterd.find.similar import like

    found = _vectors(config, store, space)
    if video.fingerprint not in found.videos:
        raise CommandFailed(why_not_extracted(config, video.path))
    likest = like(found, space.extracted, video.fingerprint)
    return [_hit(documents[one], ("likeness",), likeness) for one, likeness in likest if one in documents]


def _known_video(named: Named, config: Config, store: Store) -> KnownFile:
    """Return the video that was named. Raise CommandFailed."""
    path = named.path if named.there else known_path(store, named.path)
    file = store.files.at(path)
    if file is None:
        rules = LayoutRules.of(config.watch.extensions, config.watch.ignore)
        raise CommandFailed(why_unknown(store, config.videos, rules, path, there=named.there))
    return file


def _hit(document: Document, why: tuple[str, ...], likeness: float | None = None) -> Hit:
    return Hit(document.path, document.category, why, likeness)


def _print_misfiled(config: Config, store: Store, *, as_json: bool) -> int:
    from sorterd.find.held_out import read_held_out
    from sorterd.find.misfiled import misfiled
    from sorterd.report.console import console_for, print_note
    from sorterd.report.records import Records, print_records
    from sorterd.text import counted, percent, printable

    files = store.files.known().files
    held_out = read_held_out(artifacts_folder(config.state_dir))
    found = misfiled(files, held_out, store.files.rejections(), store.files.categories())
    if as_json:
        print_json([{"video": one.path, "folder": one.folder, "confidence": one.confidence} for one in found])
        return 0 if found else 1
    rows = [(printable(one.path), printable(one.folder), percent(one.confidence)) for one in found]
    console = console_for()
    if rows:
        print_records(console, Records(("video", "may belong in", "sure"), rows, numbers=frozenset({"sure"})))
    print_note(console, f"{counted(len(rows), 'video')} that you filed may lie in the wrong folder.")
    return 0 if found else 1


def _print_duplicates(config: Config, store: Store, *, as_json: bool) -> int:
    from sorterd.find.duplicates import duplicates
    from sorterd.report.console import console_for, print_note, spinner
    from sorterd.report.records import Records, print_records
    from sorterd.text import counted, printable

    space = known_space(config, store)
    paths: dict[str, list[str]] = {}
    for file in store.files.known().files.values():
        paths.setdefault(file.fingerprint, []).append(file.path)
    with spinner("Comparing the videos"):
        found = duplicates(paths, _vectors(config, store, space), space.extracted)
    if as_json:
        print_json([{"videos": one.paths, "exact": one.exact} for one in found])
        return 0 if found else 1
    rows = [("the same content" if one.exact else "looks the same", printable(", ".join(one.paths))) for one in found]
    console = console_for()
    if rows:
        print_records(console, Records(("what", "videos"), rows))
    print_note(console, f"{counted(len(rows), 'video')} more than once. None was touched.")
    return 0 if found else 1


def _vectors(config: Config, store: Store, space: FeatureSpace) -> Vectors:
    from sorterd.find.vectors import vectors

    return vectors(store.connection, space.id, space.extracted_width, artifacts_folder(config.state_dir))


def _print_hits(hits: list[Hit]) -> None:
    from sorterd.report.console import console_for, print_note
    from sorterd.report.records import Records, print_records
    from sorterd.text import percent, printable

    console = console_for()
    rows = [
        (printable(hit.video), ", ".join(hit.why) if hit.likeness is None else f"{percent(hit.likeness)} alike")
        for hit in hits
    ]
    if rows:
        print_records(console, Records(("video", "found by"), rows))
    else:
        print_note(console, "Nothing was found.")


def _open(path: Path) -> None:
    import webbrowser

    from sorterd.commands.review_page import has_desktop

    if not (has_desktop() and webbrowser.open(path.as_uri())):
        raise CommandFailed(f"there is no desktop to open {path} on")
