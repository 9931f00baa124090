"""An installed service is started and enabled where possible. What is not possible is reported."""

import os
from pathlib import Path

import pytest

from service.managers import Managers
from sorterd.service.install import Installation, installation
from sorterd.service.manager import State, session, state_of
from sorterd.service.start import forget, let_linger, start, stop

NO_BUS = (1, "", "Failed to connect to bus: No medium found\n")
DOMAIN = f"gui/{os.getuid()}"
AGENT = f"{DOMAIN}/org.sorterd.sorterd"


@pytest.fixture
def managers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Managers:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return Managers(folder)


@pytest.fixture
def unit(tmp_path: Path) -> Installation:
    found = installation("linux", tmp_path, Path("/p"), Path("/c"))
    found.install()
    return found


@pytest.fixture
def agent(tmp_path: Path) -> Installation:
    found = installation("darwin", tmp_path, Path("/p"), Path("/c"))
    found.install()
    return found


def test_a_changed_unit_is_enabled_and_started(managers: Managers, unit: Installation) -> None:
    managers.there("systemctl")
    outcome = start(unit)
    assert (outcome.enabled, outcome.running, outcome.problem) == (True, True, "")
    assert managers.asked == [
        "systemctl daemon-reload",
        "systemctl enable sorterd.service",
        "systemctl restart sorterd.service",
    ]


def test_without_a_user_manager_it_is_enabled_for_the_next_login(managers: Managers, unit: Installation) -> None:
    managers.there("systemctl")
    managers.answer({"OFFLINE": (0, "", ""), "systemctl": NO_BUS})
    outcome = start(unit)
    assert (outcome.enabled, outcome.running, outcome.failed) == (True, False, False)
    assert "No medium found" in outcome.problem
    assert managers.asked[-1] == "systemctl enable sorterd.service OFFLINE"


def test_without_systemd_it_says_so(managers: Managers, unit: Installation) -> None:
    assert not managers.asked
    outcome = start(unit)
    assert (outcome.enabled, outcome.running, outcome.problem) == (False, False, "this system has no systemd")


def test_a_service_that_fails_at_once_is_a_failure_with_its_reason(managers: Managers, unit: Installation) -> None:
    managers.there("systemctl")
    managers.answer({"restart": (1, "", "\nJob for sorterd.service failed.\nSee ...\n"), "show": (0, "1\n", "")})
    outcome = start(unit)
    assert (outcome.running, outcome.failed, outcome.problem) == (False, True, "Job for sorterd.service failed")
    assert unit.path.read_bytes() == unit.content


@pytest.mark.parametrize("status", ["226", "217"])
def test_a_system_that_refuses_namespaces_runs_it_without(managers: Managers, unit: Installation, status: str) -> None:
    managers.there("systemctl")
    managers.answer({"restart": (1, "", "Job for sorterd.service failed.\n"), "show": (0, f"{status}\n", "")})
    assert start(unit).reduced
    assert unit.path.read_bytes() == unit.plain
    assert managers.asked[-2:] == ["systemctl daemon-reload", "systemctl restart sorterd.service"]


def test_a_unit_is_stopped_and_disabled(managers: Managers, unit: Installation) -> None:
    managers.there("systemctl")
    assert stop(unit.path) == ""
    forget(unit.path)
    assert managers.asked[0] == "systemctl disable --now sorterd.service"
    managers.answer({"OFFLINE": (0, "", ""), "systemctl": NO_BUS})
    assert "No medium found" in stop(unit.path)
    assert managers.asked[-1] == "systemctl disable sorterd.service OFFLINE"


def test_a_loaded_agent_is_removed_before_the_new_one_is_loaded(managers: Managers, agent: Installation) -> None:
    managers.there("launchctl")
    managers.answer({"print": (113, "", f"Could not find service in domain for {DOMAIN}\n")})
    outcome = start(agent)
    assert (outcome.enabled, outcome.running) == (True, True)
    assert managers.asked == [
        f"launchctl bootout {AGENT}",
        f"launchctl print {AGENT}",
        f"launchctl enable {AGENT}",
        f"launchctl bootstrap {DOMAIN} {agent.path}",
        f"launchctl kickstart -k {AGENT}",
    ]


def test_an_agent_without_a_login_on_the_screen_starts_with_the_next(managers: Managers, agent: Installation) -> None:
    managers.there("launchctl")
    refused = "Bootstrap failed: 125: Domain does not support specified action\n"
    managers.answer({"print": (113, "", ""), "bootstrap": (125, "", refused)})
    outcome = start(agent)
    assert (outcome.enabled, outcome.running, outcome.failed) == (True, False, True)
    assert outcome.problem == refused.strip()


def test_an_agent_that_was_not_loaded_is_stopped_already(managers: Managers, agent: Installation) -> None:
    managers.there("launchctl")
    managers.answer({"launchctl": (3, "", "Boot-out failed: 3: No such process\n")})
    assert stop(agent.path) == ""


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (
            {"systemctl": (0, "ActiveState=active\nUnitFileState=enabled\n", ""), "loginctl": (0, "yes\n", "")},
            State(enabled=True, active="active", lingers=True),
        ),
        (
            {
                "systemctl": (0, "ActiveState=inactive\nUnitFileState=disabled\n", ""),
                "loginctl": (1, "", "Failed to get user: User ID 1000 is not logged in or lingering\n"),
            },
            State(enabled=False, active="inactive", lingers=False),
        ),
        ({"systemctl": NO_BUS, "loginctl": NO_BUS}, State(enabled=False, active=None, lingers=None)),
    ],
)
def test_the_state_is_what_the_manager_says(
    managers: Managers, unit: Installation, answers: dict[str, tuple[int, str, str]], state: State
) -> None:
    managers.there("systemctl", "loginctl")
    managers.answer(answers)
    assert state_of(unit.path) == state


def test_without_a_manager_the_link_on_disk_says_whether_it_is_enabled(managers: Managers, unit: Installation) -> None:
    assert not managers.asked
    wants = unit.path.parent / "default.target.wants"
    wants.mkdir()
    (wants / unit.path.name).symlink_to(unit.path)
    assert state_of(unit.path).enabled


def test_a_unit_of_the_system_starts_with_the_computer_without_lingering(managers: Managers) -> None:
    managers.there("systemctl")
    managers.answer({"systemctl": (0, "ActiveState=active\nUnitFileState=enabled\n", "")})
    state = state_of(Path("/etc/systemd/system/sorterd.service"))
    assert state == State(enabled=True, active="active", lingers=True)


def test_an_agent_that_launchd_knows_is_enabled(managers: Managers, agent: Installation) -> None:
    managers.there("launchctl")
    managers.answer({"print": (0, f"{AGENT} = {{\n\tstate = running\n", "")})
    assert state_of(agent.path) == State(enabled=True, active="active", lingers=False)


def test_lingering_counts_when_loginctl_says_so_and_not_before(managers: Managers) -> None:
    managers.there("loginctl")
    managers.answer({"show-user": (0, "no\n", "")})
    assert not let_linger("ann").ok
    managers.answer({"show-user": (0, "yes\n", "")})
    assert let_linger("ann").ok
    managers.answer({"enable-linger": (1, "", "Could not enable linger: Access denied\n")})
    assert let_linger("ann").complaint == "Could not enable linger: Access denied"


def test_a_shell_that_came_by_su_finds_the_way_to_the_users_manager(tmp_path: Path) -> None:
    (tmp_path / "1000").mkdir()
    assert session({}, 1000, tmp_path) == {"XDG_RUNTIME_DIR": str(tmp_path / "1000")}
    assert session({}, 7, tmp_path) == {}
    assert session({"XDG_RUNTIME_DIR": "/x"}, 1000, tmp_path) == {}
