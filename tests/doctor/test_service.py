"""What is said of the service, running or not."""

from pathlib import Path

import pytest
from support.workspace import Clock, Workspace

from sorterd.config import Config, load_config
from sorterd.doctor.finding import Finding, Level
from sorterd.doctor.service import check_service, judge_errors, judge_running, judge_watcher
from sorterd.service.lock import StateLock
from sorterd.service.manager import State
from sorterd.store.schema import MIGRATIONS

UNIT = Path("/h/.config/systemd/user/sorterd.service")


def found(config: Config) -> dict[str, Finding]:
    return {finding.check: finding for finding in check_service(config)}


RUNS = State(enabled=True, active="active", lingers=True)


@pytest.mark.parametrize(
    ("pid", "answers", "unit", "state", "level"),
    [
        (7, True, UNIT, RUNS, "ok"),
        (7, True, None, State(), "ok"),
        (7, True, UNIT, State(enabled=False, active="active"), "warning"),
        (7, True, UNIT, State(), "ok"),
        (7, False, UNIT, State(enabled=True, active="activating"), "warning"),
        (None, False, None, State(), "warning"),
        (None, False, UNIT, State(enabled=True, active="failed"), "problem"),
        (None, False, UNIT, State(), "problem"),
    ],
)
def test_a_service_is_well_when_it_answers_and_starts_by_itself(
    pid: int | None, answers: bool, unit: Path | None, state: State, level: Level
) -> None:
    assert judge_running(pid, answers=answers, unit=unit, state=state).level == level


@pytest.mark.parametrize(
    ("unit", "state", "says"),
    [
        (UNIT, RUNS, "starts with the computer"),
        (UNIT, State(enabled=True, active="active", lingers=False), "ends when you log out"),
        (UNIT, State(enabled=True, active="active", lingers=None), "ends when you log out"),
        (UNIT, State(enabled=False, active="active", lingers=True), "does not start by itself"),
        (None, State(), "does not start by itself"),
        (UNIT, State(), "nothing here can say"),
        (Path("/h/Library/LaunchAgents/a.plist"), State(enabled=True, active="active"), "starts when you log in"),
    ],
)
def test_it_starts_with_the_computer_if_enabled_and_lingering(unit: Path | None, state: State, says: str) -> None:
    finding = judge_running(7, answers=True, unit=unit, state=state)
    assert says in finding.says
    assert ("starts with the computer" in finding.says) is (state == RUNS)


def test_an_installed_service_that_failed_is_told_with_its_log() -> None:
    failed = State(enabled=True, active="failed")
    finding = judge_running(None, answers=False, unit=UNIT, state=failed)
    assert "failed" in finding.says
    assert "journalctl --user -u sorterd.service" in finding.remedy
    system = Path("/etc/systemd/system/sorterd.service")
    assert "journalctl -u sorterd.service" in judge_running(None, answers=False, unit=system, state=failed).remedy


def test_nothing_ever_ran_here_and_nothing_is_made(tmp_path: Path) -> None:
    config = Config(videos=tmp_path, state_dir=tmp_path / ".state")
    assert found(config).keys() == {"service"}
    assert not config.state_dir.exists()


def test_a_process_that_holds_the_folder_without_answering_is_named(tmp_path: Path) -> None:
    config = Config(videos=tmp_path, state_dir=tmp_path / ".state")
    with StateLock(config.state_dir):
        finding = found(config)["service"]
    assert (finding.level, "does not answer" in finding.says) == ("warning", True)


def test_the_installed_unit_of_this_config_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "videos").mkdir()
    file = tmp_path / "config.yaml"
    file.write_text("videos: videos\nstate_dir: state\n")
    unit = tmp_path / ".config/systemd/user/sorterd@mine.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=/x/sorterd --config %h/config.yaml run\n")
    assert found(load_config(file))["service"].level == "problem"


@pytest.mark.parametrize("later", [(), ("ALTER TABLE files ADD COLUMN colour TEXT",)])
def test_all_troubles_are_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: tuple[str, ...]
) -> None:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", Clock())
    workspace.take_in({"a.mp4": b"one", "b.mp4": b"two", "c.mp4": b"three"})
    for path, reason in (("a.mp4", "is empty"), ("b.mp4", "is no video"), ("c.mp4", "is empty")):
        workspace.store.features.fail(workspace.at(path).fingerprint, reason, attempts=1, retry_at=0.0, failed=True)
    workspace.close()
    before = sorted(path.name for path in workspace.state.iterdir())
    for module in ("database", "reading"):  # as if this version knew a later schema
        monkeypatch.setattr(f"sorterd.store.{module}.MIGRATIONS", (*MIGRATIONS, *later))
    findings = check_service(Config(videos=workspace.root, state_dir=workspace.state))
    told = [finding.says for finding in findings if finding.check == "troubles"]
    assert told == ["a.mp4, c.mp4: is empty", "b.mp4: is no video"]
    assert sorted(path.name for path in workspace.state.iterdir()) == before


def test_a_blocked_service_is_a_problem_and_a_blind_one_a_warning() -> None:
    well = {"healthy": True, "reason": "", "backend": "inotify"}
    assert judge_watcher(well, None).level == "ok"
    assert judge_watcher(well, "all 4 known videos are missing").level == "problem"
    assert judge_watcher({**well, "healthy": False, "reason": "too few watches"}, None).level == "warning"
    assert [finding.level for finding in judge_errors([])] == ["ok"]


def test_of_many_files_with_one_trouble_some_are_named() -> None:
    (one,) = judge_errors([{"path": f"{number}.mp4", "reason": "is empty"} for number in range(1234)])
    assert one.says.endswith("18.mp4, 19.mp4 and 1,214 more: is empty")
    (one,) = judge_errors([{"path": "", "reason": "the disk is full"}])
    assert one.says == "the disk is full"
