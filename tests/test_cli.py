"""What can be typed, how it ends, and what a running service does not load."""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest
from support.service import running
from support.typed import asked, typed

from sorterd.cli import parser
from sorterd.service.control import NoAnswer, ask

HEAVY = {"torch", "open_clip", "faster_whisper", "decord", "sklearn", "numpy", "scipy", "av", "ctranslate2", "rich"}

STATUS_KEYS = {
    "version", "running", "pid", "videos", "categories", "artifacts", "models", "device", "inbox", "queue", "model",
    "watcher", "worker", "moves", "errors",
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An empty library whose models are not asked for before there is a video."""
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    path = tmp_path / "config.yaml"
    path.write_text("videos: videos\nstate_dir: state\nfeatures: {models: embedded}\nlog: {format: json}\n")
    return path


def test_all_that_the_daemon_needs_loads_nothing_heavy() -> None:
    code = (
        "import sys, sorterd.cli, sorterd.commands.run, sorterd.daemon.service, sorterd.activity\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "watchdog" in loaded
    assert not loaded & HEAVY


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_running_service_has_nothing_heavy_in_memory_and_ends_in_order(config: Path) -> None:
    with running(config) as service:
        service.wait_for("started")
        status = asked(config, "status", "--json").json
        assert status["running"]
        mapped = Path(f"/proc/{service.pid}/maps").read_text()
        assert not any(f"/{name}/" in mapped for name in HEAVY)
        resident = int(Path(f"/proc/{service.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
        assert resident < 100
        assert service.stop() == 0


def test_a_second_service_and_invalid_requests_leave_the_first_one_as_it_is(config: Path) -> None:
    with running(config) as service:
        service.wait_for("started")
        for command in (["run"], ["run", "--once"]):
            assert f"sorterd is already running (process {service.pid})" in asked(config, *command).refused()
        for request in ({"do": "confirm"}, {"do": "undo", "id": "x"}, {"do": "undo", "last": 10**30}, {"do": 7}):
            with suppress(NoAnswer):  # told that the request failed
                assert "refused" in ask(config.parent / "state", request, 20.0)
        assert asked(config, "status", "--json").json["pid"] == service.pid
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(20) == 0


def test_status_has_every_key_of_the_contract_before_any_run(config: Path) -> None:
    status = asked(config, "status", "--json").json
    assert status.keys() >= STATUS_KEYS
    assert status["running"] is False
    assert status["model"] is None
    assert not status["watcher"]["healthy"]


def test_status_for_people_says_how_to_start_it(config: Path) -> None:
    assert f"start it with 'sorterd --config {config} run'" in asked(config, "status").done()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["train"], "nothing to learn from"),
        (["predict"], "no model yet"),
        (["undo", "7"], "there is no move 7"),
        (["retry", "nothing.mp4"], "no video is known at nothing.mp4"),
        (["confirm", "nothing.mp4"], "no video is known at nothing.mp4"),
        (["evaluate"], "nothing has been looked at yet"),
    ],
)
def test_what_cannot_be_done_says_why_in_one_line_and_fails(config: Path, arguments: list[str], complaint: str) -> None:
    if arguments[0] in ("train", "predict"):  # these would settle on models first; a missing set does as well
        config.write_text(config.read_text().replace("models: embedded", "models: embedded, whisper: 'off'"))
    said = asked(config, *arguments).refused()
    assert complaint in said
    assert "Traceback" not in said


COMMANDS = (
    "run", "extract", "train", "predict", "status", "review", "undo", "retry x", "confirm x", "explain x", "doctor",
    "config check", "models fetch", "demo", "report", "evaluate", "service install", "service uninstall",
    "service show",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_contract_is_known_and_its_function_is_there(command: str) -> None:
    module, _, function = parser().parse_args(command.split()).command.partition(":")
    assert callable(getattr(import_module(f"sorterd.commands.{module}"), function))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        *((f"{command} --frobnicate", "unrecognized arguments: --frobnicate") for command in COMMANDS),
        ("service install --name ../x", "../x"),
        ("frobnicate", "frobnicate"),
        ("predict --threshold 85", "85"),
        ("predict --top-k none", "none"),
        ("undo -1", "-1"),
        (f"undo {'9' * 20}", "9" * 20),
        (f"undo --last {'9' * 20}", "9" * 20),
        ("undo 1 --last 2", "--last"),
        ("undo --since yesterday", "yesterday is not a time; write 14:30 or 2026-01-31T14:30"),
        ("undo --since 25:00", "25:00 is not a time"),
        ("undo --since=", " is not a time"),
        ("--videos= status", "--videos"),
        ("", "sorterd setup' begins"),
        ("--frobnicate", "unrecognized arguments: --frobnicate"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(arguments: str, complaint: str) -> None:
    assert complaint in typed(*arguments.split()).refused(2)


def test_doctor_names_the_faults_of_a_config_and_ends_with_2(config: Path) -> None:
    config.write_text("videos: nowhere\nstate_dir: state\n")
    said = asked(config, "doctor", "--json")
    document = json.loads(said.out)
    assert said.code == 2
    assert not document["ok"]
    assert "this folder does not exist" in document["findings"][-1]["says"]


def test_times_may_be_of_today_a_date_or_both() -> None:
    midnight = parser().parse_args(["undo", "--since", "2026-01-31"]).since
    assert parser().parse_args(["undo", "--since", "2026-01-31T14:30"]).since == midnight + 14.5 * 3600
    assert datetime.fromtimestamp(parser().parse_args(["undo", "--since", "14:30"]).since).hour == 14


def test_names_in_a_mistyped_command_line_cannot_command_the_terminal() -> None:
    """`sorterd retry *.mp4` with one file too many: the shell puts the names there, and who knows what they are."""
    assert "\x1b" not in typed("retry", "a.mp4", "\x1b]0;owned\x07\x1b[2J.mp4").refused(2)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("videos: nowhere\n", "this folder does not exist"),
        ("videos: config.yaml\n", "this is a file"),
        ("videos: videos\nstate_dir: videos\n", "the folder of videos itself"),
        ("videos: videos\nstate_dir: videos/cats\n", "where it would be a category"),
        ("videos: videos\nmoves: {enabled: true}\n", "moves"),
        ("videos: videos\nmove: {enabled: perhaps}\n", "move.enabled is perhaps (line 2): must be true or false"),
        ("videos: [\n", "line"),
    ],
)
@pytest.mark.parametrize("command", [["run"], ["run", "--once"], ["config", "check"], ["undo"]])
def test_no_command_starts_with_a_config_that_cannot_work(
    config: Path, text: str, complaint: str, command: list[str]
) -> None:
    config.write_text(text if "state_dir" in text else f"{text}state_dir: state\n")
    assert complaint in asked(config, *command).refused(2)
    assert not (config.parent / "state").exists()


def test_a_valid_config_is_shown_with_its_defaults(config: Path) -> None:
    assert "move.threshold: 0.85" in asked(config, "config", "check").done()
    document = asked(config, "config", "check", "--json").json
    assert (document["file"], document["move"]["threshold"]) == (str(config), 0.85)
