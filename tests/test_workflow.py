"""The checks that run elsewhere are those that run here."""

import re
from pathlib import Path

import yaml

HERE = Path(__file__).parents[1]


def test_each_step_of_the_workflow_is_a_target_of_make() -> None:
    workflow = yaml.safe_load((HERE / ".github/workflows/test.yml").read_text())
    commands = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    targets = set(re.findall(r"^([\w-]+):", (HERE / "Makefile").read_text(), re.MULTILINE))
    assert commands
    for command in commands:
        make, target = command.split()
        assert make == "make"
        assert target in targets


def test_the_hook_before_a_commit_runs_a_target_of_make() -> None:
    hooks = yaml.safe_load((HERE / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    targets = set(re.findall(r"^([\w-]+):", (HERE / "Makefile").read_text(), re.MULTILINE))
    assert [hook["entry"].split()[1] in targets for hook in hooks] == [True]
