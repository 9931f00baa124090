"""The JSON schema accepts and refuses what the config does."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from sorterd.cli import main
from sorterd.config.document import EXAMPLE
from sorterd.config.json_schema import json_schema

SCHEMA = Draft202012Validator(json_schema())


def test_it_is_a_valid_schema_and_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    Draft202012Validator.check_schema(json_schema())
    assert main(["config", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


def test_every_setting_is_explained() -> None:
    waiting = [json_schema()]
    while waiting:
        one = waiting.pop()
        assert one["description"]
        waiting += (one.get("anyOf", [one])[0]).get("properties", {}).values()


def test_the_example_is_accepted() -> None:
    SCHEMA.validate(yaml.safe_load(EXAMPLE.read_text()))


@pytest.mark.parametrize(
    "text",
    [
        "move:",  # all of its lines are commented out
        "features: {batch_size: 8, whisper: models/base}",
        "train: {learn_from_auto_moves: 14, candidates: [knn]}",
        "watch: {settle_seconds: 0, extensions: [MP4]}",
        "work: {window: 22:00 - 7:00, on_battery: false}",
        "work: {window: always}",
    ],
)
def test_what_the_config_accepts_is_accepted(text: str) -> None:
    SCHEMA.validate({"videos": "clips", **yaml.safe_load(text)})


@pytest.mark.parametrize(
    "text",
    [
        "colour: red", "move: {threshold: 85}", "move: {enabled: perhaps}", "features: {batch_size: 0}",
        "features: {batch_size: many}", "features: {clip: openai}", "train: {candidates: [oracle]}",
        "train: {candidates: []}", "train: {learn_from_auto_moves: 0}", "watch: {rescan_seconds: 0}",
        "work: {window: 22:00}", "work: {window: 22:00-25:00}", "videos: 7",
    ],
)  # fmt: skip
def test_what_the_config_refuses_is_refused(text: str) -> None:
    assert not SCHEMA.is_valid({"videos": "clips", **yaml.safe_load(text)})
    assert not SCHEMA.is_valid({})
