"""The feature space of a library, for commands that cannot go on without it."""

from __future__ import annotations

from sorterd.commands.failure import CommandFailed
from sorterd.config import Config
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline import feature_space
from sorterd.store.store import Store


def known_space(config: Config, store: Store) -> FeatureSpace:
    """Return the feature space that the config gives. Raise CommandFailed if nothing was extracted with it yet."""
    found = feature_space.last_used(store.notes, config.feature_settings())
    if found is None:
        raise CommandFailed("nothing has been looked at yet: type 'sorterd run --once --dry-run' first")
    return found
