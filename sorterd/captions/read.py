"""Read a video's caption from the first place that tells something. Untrusted input: for the confined worker only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from sorterd.captions.caption import Caption, Fields
from sorterd.captions.clean import clean
from sorterd.captions.export import MyfaveTTExport
from sorterd.captions.file_name import fields_of_name, telling
from sorterd.captions.hashtags import Vocabulary
from sorterd.captions.metadata import fields_of_metadata, handle, parsed
from sorterd.captions.sidecar import Unavailable, as_text, content
from sorterd.captions.source import SIDECAR_ENDINGS, CaptionSource, post_id

LONGEST_TITLE = 1000
"""Characters of a title inside a file that are looked at."""

Tags = Callable[[bytes], Mapping[str, str]]
"""Returns the tags inside the file at a path, with names in small letters. Raises Unavailable."""


def read_caption(
    folder: bytes, source: CaptionSource, export: MyfaveTTExport, tags: Tags, words: Vocabulary
) -> Caption:
    """Return the caption of a video in `folder`, empty if nothing tells anything.

    Sidecars come first, then the export, the tags inside the file, and the file's name at last. What is damaged, too
    large or no file is as if it were not there. `words` are what hashtags are split into.
    """
    complete = True
    for place in _places(folder, source, export, tags):
        try:
            caption = clean(place(), words)
        except Unavailable:
            complete = False
            continue
        if caption.text:
            return replace(caption, complete=complete)
    return Caption(complete=complete)


def _places(folder: bytes, source: CaptionSource, export: MyfaveTTExport, tags: Tags) -> Iterator[Callable[[], Fields]]:
    names = [seen.name for seen in source.sidecars if os.path.basename(seen.name) == seen.name]  # noqa: PTH119
    for end in SIDECAR_ENDINGS:
        for name in names:
            if _end(name) == end:
                yield partial(_of_sidecar, os.path.join(folder, os.fsencode(name)))  # noqa: PTH118
    post = post_id(source.video)
    if post is not None:
        yield partial(export.fields, post)
    yield lambda: _of_tags(tags(os.path.join(folder, os.fsencode(source.video))))  # noqa: PTH118
    yield partial(fields_of_name, source.video)


def _of_sidecar(path: bytes) -> Fields:
    text = as_text(content(path))
    return fields_of_metadata(parsed(text)) if path.lower().endswith(b"json") else Fields(description=text)


def _of_tags(inside: Mapping[str, str]) -> Fields:
    described = inside.get("description") or inside.get("synopsis") or ""
    # Without a description a title may be one, if it is no name of a file, which editing programs write there; `artist`
    # never: yt-dlp writes the song and the singer there.
    return Fields(
        title="" if described else telling(inside.get("title", "")[:LONGEST_TITLE]),
        description=described,
        author=handle(inside.get(key, "") for key in ("comment", "purl")),
    )


def _end(name: str) -> str | None:
    small = name.lower()
    return next((end for end in SIDECAR_ENDINGS if small.endswith(end)), None)
