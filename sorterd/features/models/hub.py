"""The model hub: look into its cache, test whether it can be reached, fetch. Never slow without a network."""

from __future__ import annotations

import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import faster_whisper
import huggingface_hub
from huggingface_hub import constants, errors

log = logging.getLogger(__name__)

PATIENCE = 4.0
"""Seconds to wait for the hub's first answer. Its own client tries for 23 s before it gives up."""

SAFE, BINARY = "open_clip_model.safetensors", "open_clip_pytorch_model.bin"
"""Weights in a repository that names none, as open_clip looks for them."""

TOKENIZER = "tokenizer.json"


def clip_weights(tag: dict[str, Any], *, fetch: bool) -> Path | None:
    """Return the weight file of open_clip's entry for a pretrained tag, from the cache, or fetched if `fetch`.

    Return None if it is not cached and may not or cannot be fetched.
    """
    repository, _, name = str(tag.get("hf_hub", "")).rpartition("/")
    # safetensors first: such a file cannot carry code.
    names = [SAFE, BINARY] if not name else [f"{name.rpartition('.')[0]}.safetensors", name]
    return _first(repository, names, fetch=fetch)


def tokenizer(tag: dict[str, Any], *, fetch: bool) -> Path | None:
    """Return the `tokenizer.json` that lies beside the weights of a tag, as `clip_weights` does."""
    repository = str(tag.get("hf_hub", "")).rpartition("/")[0]
    return _first(repository, [TOKENIZER], fetch=fetch)


def _first(repository: str, names: Sequence[str], *, fetch: bool) -> Path | None:
    """Return the first of the files that a repository has, from the cache or fetched."""
    if not repository:
        return None
    for candidate in dict.fromkeys(names):
        found = huggingface_hub.try_to_load_from_cache(repository, candidate)
        if isinstance(found, str):
            return Path(found)
    if not fetch or not reachable():
        return None
    for candidate in dict.fromkeys(names):
        found = _fetched(candidate, partial(huggingface_hub.hf_hub_download, repository, candidate))
        if found:
            return Path(found)
    return None


def whisper_folder(size: str, *, fetch: bool) -> Path | None:
    """Return the cached folder of a size of Whisper. Fetch it first if `fetch`. Return None if that fails."""
    try:
        return Path(faster_whisper.download_model(size, local_files_only=True))
    except errors.LocalEntryNotFoundError:
        pass
    if not fetch or not reachable():
        return None
    found = _fetched(f"Whisper {size}", partial(faster_whisper.download_model, size))
    return Path(found) if found else None


@cache
def reachable() -> bool:
    """Return whether the hub answers.

    It is asked once per process, in a thread: a name server may take long to say no.
    """
    if constants.HF_HUB_OFFLINE:
        return False
    answered = threading.Event()

    def ask() -> None:
        request = urllib.request.Request(constants.ENDPOINT, method="HEAD")  # goes through the user's proxy, if any
        try:
            urllib.request.urlopen(request, timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            pass  # an error status is an answer too
        except OSError:
            return
        answered.set()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return answered.is_set()


def _fetched(what: str, get: Callable[[], str]) -> str | None:
    try:
        return get()
    except (OSError, errors.HfHubHTTPError) as error:
        absent = isinstance(error, errors.EntryNotFoundError) and not isinstance(error, errors.LocalEntryNotFoundError)
        level = logging.INFO if absent else logging.WARNING  # it may be there under another name
        log.log(level, "%s could not be fetched from the model hub: %s", what, " ".join(str(error).split()))
        return None
