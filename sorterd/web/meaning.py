"""Compare what is searched for on the page with the library by meaning. The service's worker does the heavy part."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sorterd.artifact_names import artifacts_folder
from sorterd.config import Config
from sorterd.find.documents import Documents
from sorterd.pipeline import feature_space
from sorterd.store.reading import open_to_read

if TYPE_CHECKING:  # importing it loads numpy
    from sorterd.find.meaning import Meaning

LEFT_OUT = "only the words themselves were compared: the service's models could not be asked what they mean"


def ask_meaning(config: Config, words: str) -> Meaning:
    """Return what the words mean by the service's worker, which loads its models for that. Empty if it cannot.

    Raise StoreError or sqlite3.Error.
    """
    from sorterd.find.meaning import meaning_by_service
    from sorterd.find.rankings import towers_to_ask

    with closing(open_to_read(config.state_dir)) as store:
        space = feature_space.last_used(store.notes, config.feature_settings())
        towers = {} if space is None else towers_to_ask(store, space)
    return meaning_by_service(config.state_dir, words, towers, load=True) if towers else {}


def rank(config: Config, meaning: Meaning, documents: Documents) -> dict[str, list[str]]:
    """Return a ranking of the videos by each of their modalities. Raise StoreError or sqlite3.Error."""
    from sorterd.find.rankings import rankings_by_meaning

    with closing(open_to_read(config.state_dir)) as store:
        space = feature_space.last_used(store.notes, config.feature_settings())
        if space is None:
            return {}
        return rankings_by_meaning(meaning, store, space, artifacts_folder(config.state_dir), documents)
