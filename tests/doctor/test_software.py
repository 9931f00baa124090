"""What is installed is held against what is required."""

from collections.abc import Callable

import pytest

from sorterd.doctor.software import check_software, judge_packages


def having(**versions: str) -> Callable[[str], str | None]:
    return lambda name: versions.get(name.replace("-", "_"))


def test_the_environment_of_this_test_is_well() -> None:
    assert [finding.level for finding in check_software()] == ["ok", "ok"]


@pytest.mark.parametrize("version", ["7.1", "7.1.0", "7.2.1rc1", "7.10"])
def test_versions_within_the_bounds_are_well_however_they_are_written(version: str) -> None:
    assert judge_packages(["watchdog<8,>=7.1"], having(watchdog=version)).level == "ok"


@pytest.mark.parametrize("version", ["7.0.9", "8", "8.0.0", "6.11"])
def test_versions_outside_of_the_bounds_are_a_problem_that_names_both(version: str) -> None:
    found = judge_packages(["watchdog<8,>=7.1"], having(watchdog=version))
    assert (found.level, found.says) == ("problem", f"watchdog {version} (needed: <8,>=7.1)")


def test_a_local_version_label_does_not_count() -> None:
    assert judge_packages(["torch>=2.2"], having(torch="2.2.0+cu121")).level == "ok"


def test_what_is_missing_is_named_and_what_is_for_other_systems_or_extras_is_not_asked_for() -> None:
    wanted = ["av>=12", "open-clip-torch>=3", 'timm>=1.0; extra == "embedded"', 'decord>=0.6; sys_platform == "linux"']
    found = judge_packages(wanted, having(open_clip_torch="3.0"))
    assert (found.level, found.says) == ("problem", "av is missing")
