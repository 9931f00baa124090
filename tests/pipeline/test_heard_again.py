from support.workspace import Workspace

from sorterd.features.settings import FeatureSettings, FeatureSpace, extracted_modalities
from sorterd.pipeline.feature_space import SpaceInUse, remember
from sorterd.store.features import Features
from sorterd.store.settings import HEARD_BY

SETTINGS = FeatureSettings(models="embedded")
FOUND = FeatureSpace("embedded-1", extracted_modalities(1, 1), "embedded", "cpu")
WORDS = {
    "a.mp4": "I'm going to the store. I'm going to the store. I'm going to the store.",
    "b.mp4": "Today we bake a chocolate cake.",
    "c.mp4": "Ah, ah, ah.",
}


def library(workspace: Workspace) -> None:
    """Lay out videos that an older version has extracted."""
    workspace.take_in({name: name.encode() for name in WORDS})
    for file in workspace.store.files.inbox():
        features = Features(file.fingerprint, b"\0" * 8, WORDS[file.path], "en", "speech")
        workspace.store.features.add(features, FOUND.id, now=0.0)


def waiting(workspace: Workspace) -> set[str]:
    heard = workspace.store.features.extracted(FOUND.id)
    return {file.path for file in workspace.store.files.inbox() if file.fingerprint not in heard}


def test_only_videos_whose_words_repeat_themselves_are_looked_at_again(workspace: Workspace) -> None:
    library(workspace)
    remember(workspace.store.notes, SETTINGS, FOUND)
    in_use = SpaceInUse(workspace.store, SETTINGS)
    assert waiting(workspace) == {"a.mp4", "c.mp4"}
    assert workspace.store.features.pending(FOUND.id) == 2
    assert in_use.space is not None


def test_it_is_done_as_soon_as_the_space_is_known_and_only_once(workspace: Workspace) -> None:
    library(workspace)
    in_use = SpaceInUse(workspace.store, SETTINGS)
    assert waiting(workspace) == set()
    in_use.found(FOUND)
    assert waiting(workspace) == {"a.mp4", "c.mp4"}
    library(workspace)  # heard again, and again the same words
    assert SpaceInUse(workspace.store, SETTINGS).space is not None
    assert waiting(workspace) == set()


def test_a_new_library_is_judged_by_these_rules_already(workspace: Workspace) -> None:
    SpaceInUse(workspace.store, SETTINGS).found(FOUND)
    library(workspace)
    SpaceInUse(workspace.store, SETTINGS)
    assert waiting(workspace) == set()
    assert workspace.store.notes.get(HEARD_BY) is not None
