from dataclasses import replace

import pytest
from support.workspace import Workspace

from sorterd.config import Config
from sorterd.daemon.status import status
from sorterd.doctor.state import check_state
from sorterd.features.settings import FeatureSettings, FeatureSpace, extracted_modalities
from sorterd.pipeline import feature_space
from sorterd.pipeline.unread_words import unread_words
from sorterd.report.status_page import print_status
from sorterd.store.features import Features
from sorterd.store.store import Store

SPACE = "clip-0123456789abcdef"


def hear(store: Store, languages: list[str], settings: FeatureSettings) -> None:
    feature_space.remember(
        store.notes, settings, FeatureSpace(SPACE, extracted_modalities(1, 1), settings.models, "cpu")
    )
    for fingerprint, language in zip(sorted(file.fingerprint for file in store.files.inbox()), languages, strict=True):
        store.features.add(Features(fingerprint, b"\0" * 8, "words", language, "speech"), SPACE, now=0.0)


@pytest.fixture
def twelve(workspace: Workspace) -> Workspace:
    workspace.take_in({f"{number}.mp4": f"video {number}".encode() for number in range(12)})
    return workspace


def test_status_and_doctor_say_that_most_speech_is_in_languages_that_clip_does_not_read(
    twelve: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config(videos=twelve.root, state_dir=twelve.state)
    clip = replace(config.feature_settings(), models="clip")
    config = replace(config, features=replace(config.features, models="clip"))
    hear(twelve.store, ["vi"] * 7 + ["th"] * 2 + ["en"] * 3, clip)
    says = "in 75% of the videos with speech it is not English (most often Vietnamese), and ViT-B-32 reads English only"
    document = status(config, twelve.store, None, None, now=0.0)
    assert document["unread_words"][0].startswith(says)
    print_status(document)
    assert f"words\t{says}" in capsys.readouterr().out
    [finding] = [finding for finding in check_state(config) if finding.check == "words"]
    assert (finding.level, finding.says.startswith(says)) == ("warning", True)
    assert "features.clip.model: xlm-roberta-base-ViT-B-32" in finding.remedy


def test_a_multilingual_tower_reads_them(twelve: Workspace) -> None:
    settings = FeatureSettings(models="clip", clip_model="xlm-roberta-base-ViT-B-32")
    hear(twelve.store, ["vi"] * 12, settings)
    assert unread_words(twelve.store.notes, settings) == []


def test_before_anything_is_known_nothing_is_said(workspace: Workspace) -> None:
    assert unread_words(workspace.store.notes, FeatureSettings()) == []
