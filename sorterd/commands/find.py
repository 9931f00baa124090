"""`find`: videos by words, by meaning, by likeness; double ones, and ones in the wrong folder. Changes nothing."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sorterd.artifact_names import artifacts_folder
from sorterd.commands.context import asking, known, named_file, print_json
from sorterd.commands.failure import CommandFailed, WrongUsage
from sorterd.config import Config
from sorterd.features.settings import FeatureSpace
from sorterd.find.documents import Documents, read_documents
from sorterd.find.fusion import fused
from sorterd.find.words import search_words
from sorterd.library.places import Place
from sorterd.pipeline import feature_space
from sorterd.store.settings import ROOT
from sorterd.store.store import Store
from sorterd.text import printable

if TYPE_CHECKING:  # not needed by most searches, and the second one loads numpy
    from sorterd.changes import KnownFile
    from sorterd.find.meaning import Meaning

USUAL = 10  # videos that are shown

Found = tuple[str, tuple[str, ...], float | None]
"""The fingerprint of a video, the rankings that have it, and its likeness if one was asked for."""


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
    if options.misfiled or options.duplicates:
        narrower = {"--exact": options.exact, "--folder": options.folder, "--since": options.since}
        narrower |= {"--limit": options.limit, "--open": options.open}
        given = [option for option, value in narrower.items() if value]
        if given:
            way = "--misfiled" if options.misfiled else "--duplicates"
            raise WrongUsage(f"{way} shows all that it finds: leave out {', '.join(given)}")
    config, root = asking(options)
    if options.misfiled or options.duplicates:
        from sorterd.commands.find_filed import print_duplicates, print_misfiled

        _look(config, root)
        return (print_misfiled if options.misfiled else print_duplicates)(config, as_json=options.json)
    if options.folder is not None:  # what was just dragged into it would be missing
        _look(config, root)
    video = None if options.like is None else _known_video(options.like, config, root)
    with known(config) as store:
        found, documents = _found(options, video, config, store)
        hits = _hits(found, documents)
    if root.trouble is None and not all(_lies_there(config, hit) for hit in hits):
        _look(config, root)
        with known(config) as store:
            space = feature_space.last_used(store.notes, config.feature_settings())
            hits = [hit for hit in _hits(found, _documents(options, space, store)) if _lies_there(config, hit)]
    if options.json:
        print_json([asdict(hit) for hit in hits])
    else:
        _print_hits(hits)
    if options.open and hits:
        from sorterd.commands.browser import opened_in_browser

        if not opened_in_browser(config.videos / hits[0].video):
            raise CommandFailed(f"there is no desktop to open {config.videos / hits[0].video} on")
    return 0 if hits else 1


def _found(
    options: argparse.Namespace, video: KnownFile | None, config: Config, store: Store
) -> tuple[list[Found], Documents]:
    """Return what fits, the best first, and where it was sought. Raise CommandFailed."""
    folder = _folder(options)
    if folder is not None and folder not in store.files.categories():
        raise CommandFailed(f"there is no folder {folder!r} in {config.videos}")
    space = feature_space.last_used(store.notes, config.feature_settings())
    documents = _documents(options, space, store, texts=video is None)
    most = options.limit or USUAL
    if video is not None:
        return _like(video, documents, config, store, space, most), documents
    if space is None and store.notes.get(ROOT) is None:
        raise CommandFailed("nothing has been looked at yet: type 'sorterd run --once --dry-run' first")
    return _search(options.words, documents, config, store, space, exact=options.exact)[:most], documents


def _documents(
    options: argparse.Namespace, space: FeatureSpace | None, store: Store, *, texts: bool = False
) -> Documents:
    name = "" if space is None else space.id
    return read_documents(store.connection, name, folder=_folder(options), since=options.since, texts=texts)


def _folder(options: argparse.Namespace) -> str | None:
    return None if options.folder is None else options.folder.rstrip("/")


def _hits(found: Sequence[Found], documents: Documents) -> list[Hit]:
    """Return what was found and is still among these, each where it lies."""
    there = [(documents[video], why, likeness) for video, why, likeness in found if video in documents]
    return [Hit(document.path, document.category, why, likeness) for document, why, likeness in there]


def _lies_there(config: Config, hit: Hit) -> bool:
    return os.path.lexists(config.videos / hit.video)


def _search(
    words: str, documents: Documents, config: Config, store: Store, space: FeatureSpace | None, *, exact: bool
) -> list[Found]:
    """Return the videos that fit: those with all the words first, then by meaning unless it is to be `exact`."""
    matches = search_words(words, documents.texts())
    whole = [match.fingerprint for match in matches if match.whole]
    rankings: dict[str, list[str]] = {"words": [match.fingerprint for match in matches]}
    if not exact and space is None:
        _say("Only exact words were compared: no video was looked at yet. 'sorterd run --once --dry-run' does that.")
    elif not exact and space is not None and documents:
        from sorterd.find.rankings import rankings_by_meaning

        meaning = _meaning(words, config, store, space)
        rankings |= rankings_by_meaning(meaning, store, space, artifacts_folder(config.state_dir), documents)
    return [(video, why, None) for video, why in fused(rankings, first=whole)]


def _meaning(words: str, config: Config, store: Store, space: FeatureSpace) -> Meaning:
    """Return what the words mean: by the running service, else by models that are loaded here."""
    from sorterd.find.meaning import NotTheSameModels, meaning_by_models, meaning_by_service
    from sorterd.find.rankings import towers_to_ask

    towers = towers_to_ask(store, space)
    found = meaning_by_service(config.state_dir, words, towers)
    missing = towers.keys() - found.keys()
    if not missing:
        return found
    from sorterd.features.models.errors import ModelsUnavailable
    from sorterd.report.console import spinner

    settings = feature_space.settled(store.notes, config.feature_settings())
    for tower in sorted(missing):
        try:
            with spinner("Loading the text model"):
                found = {**found, **meaning_by_models(words, [tower], settings, space)}
        except (ModelsUnavailable, NotTheSameModels) as error:
            _say(f"Not all could be compared by meaning: {error}")
    return found


def _like(
    video: KnownFile,
    documents: Documents,
    config: Config,
    store: Store,
    space: FeatureSpace | None,
    most: int,
) -> list[Found]:
    from sorterd.find.similar import like
    from sorterd.find.vectors import vectors

    if space is None or not store.features.has(video.fingerprint, space.id):
        from sorterd.commands.insight import why_not_extracted

        raise CommandFailed(why_not_extracted(config, video.path))
    held = vectors(store.connection, space.id, space.extracted_width, artifacts_folder(config.state_dir))
    likest = like(held, space.extracted, video.fingerprint, documents, most)
    return [(one, ("likeness",), likeness) for one, likeness in likest]


def _look(config: Config, root: Place, *, settling: Collection[str] = ()) -> None:
    from sorterd.commands.look import look  # most searches do without what it imports

    look(config, root, settling=settling)


def _known_video(typed: Path, config: Config, root: Place) -> KnownFile:
    """Return the video that was named. What is not known as it lies there is looked at first.

    Raise CommandFailed.
    """
    named = named_file(typed, config, root)
    with known(config) as store:
        file = store.files.at(named.path) if named.there else None
    if file is not None and _is_as_known(config.videos / named.path, file):
        return file
    from sorterd.library.layout import LayoutRules
    from sorterd.sync.known_path import known_path, why_unknown

    _look(config, root, settling=[named.path] if named.there else [])
    with known(config) as store:
        path = named.path if named.there else known_path(store, named.path)
        file = store.files.at(path)
        if file is None:
            rules = LayoutRules.of(config.watch.extensions, config.watch.ignore)
            raise CommandFailed(why_unknown(store, config.videos, rules, path, there=named.there))
        return file


def _is_as_known(path: Path, file: KnownFile) -> bool:
    """Return whether the file that lies there has the size and the time of the one that is known."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (file.id.size, file.id.mtime_ns)


def _say(sentence: str) -> None:
    """Print a sentence to stderr, also with --json."""
    print(f"sorterd: {printable(sentence)}", file=sys.stderr)


def _print_hits(hits: list[Hit]) -> None:
    from sorterd.report.console import console_for, print_note
    from sorterd.report.records import Records, print_records
    from sorterd.text import percent

    console = console_for()
    rows = [
        (printable(hit.video), ", ".join(hit.why) if hit.likeness is None else f"{percent(hit.likeness)} alike")
        for hit in hits
    ]
    if rows:
        print_records(console, Records(("video", "found by"), rows))
    else:
        print_note(console, "Nothing was found.")
