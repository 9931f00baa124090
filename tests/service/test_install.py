"""The service file is right for the system, whatever the paths are called."""

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from sorterd.service.install import carried, installation, installed_for, of_another
from sorterd.service.manager import restart
from sorterd.service.unit import system_unit, user_unit

ROOT = Path(__file__).parents[2]
ODD = Path('/home/a b/50% "off" $HOME \\/config.yaml')


def test_on_linux_it_is_a_user_unit_with_the_interpreter_and_the_config(tmp_path: Path) -> None:
    found = installation("linux", tmp_path, Path("/venv/bin/python"), Path("/c/config.yaml"))
    found.install()
    written = (tmp_path / ".config/systemd/user/sorterd.service").read_text()
    assert 'ExecStart="/venv/bin/python" "-P" "-m" "sorterd" "--config" "/c/config.yaml" "run"' in written
    assert found.start[-1] == "systemctl --user enable --now sorterd.service"


def test_paths_with_percent_signs_quotes_and_dollars_stay_what_they_are(tmp_path: Path) -> None:
    content = installation("linux", tmp_path, Path("/bin/python"), ODD).content.decode()
    assert r'"/home/a b/50%% \"off\" $$HOME \\/config.yaml"' in content


def test_on_macos_it_is_a_launch_agent_that_is_not_restarted_after_an_orderly_end(tmp_path: Path) -> None:
    found = installation("darwin", tmp_path, Path("/venv/bin/python"), ODD)
    found.install()
    agent = plistlib.loads((tmp_path / "Library/LaunchAgents/org.sorterd.sorterd.plist").read_bytes())
    assert agent["ProgramArguments"][:7] == ["/venv/bin/python", "-P", "-m", "sorterd", "--config", str(ODD), "run"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}


def test_a_named_service_has_a_file_of_its_own_beside_the_other(tmp_path: Path) -> None:
    for name in (None, "films"):
        installation("linux", tmp_path, Path("/p"), Path(f"/{name}.yaml"), name).install()
        installation("darwin", tmp_path, Path("/p"), Path(f"/{name}.yaml"), name).install()
    folder = tmp_path / ".config/systemd/user"
    assert sorted(path.name for path in folder.iterdir()) == ["sorterd.service", "sorterd@films.service"]
    agent = plistlib.loads((tmp_path / "Library/LaunchAgents/org.sorterd.sorterd.films.plist").read_bytes())
    assert agent["Label"] == "org.sorterd.sorterd.films"
    assert agent["StandardErrorPath"].endswith("/sorterd-films.log")
    assert installation("linux", tmp_path, Path("/p"), Path("/c"), "films").start[-1].endswith("sorterd@films.service")


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize(
    "config",
    [ODD, Path("/c/config.yaml"), Path("/%h/%i/%%h/%n"), Path("/a\nb\t'c'"), Path(os.fsdecode(b"/\xff\xc3\xa4"))],
)
def test_the_service_of_a_config_is_found_whatever_it_is_called(tmp_path: Path, platform: str, config: Path) -> None:
    if platform == "darwin" and not str(config).isprintable():
        pytest.skip("no such names there, or none that a property list can hold")
    assert installed_for(platform, tmp_path, config) is None
    installation(platform, tmp_path, Path("/p"), Path("/other.yaml")).install()
    mine = installation(platform, tmp_path, Path("/p q"), config, "mine")
    mine.install()
    assert installed_for(platform, tmp_path, config) == mine.path


@pytest.mark.parametrize(
    ("unit", "config"),
    [("sorterd.service", ".config/sorterd/config.yaml"), ("sorterd@films.service", ".config/sorterd/films.yaml")],
)
def test_units_in_the_repository_are_found_as_those_of_their_configs(tmp_path: Path, unit: str, config: str) -> None:
    folder = tmp_path / ".config/systemd/user"
    folder.mkdir(parents=True)
    shutil.copyfile(ROOT / "systemd" / unit.replace("films", ""), folder / unit)
    assert installed_for("linux", tmp_path, tmp_path / config) == folder / unit


def test_it_is_removed_once(tmp_path: Path) -> None:
    found = installation("linux", tmp_path, Path("/venv/bin/python"), Path("/c/config.yaml"))
    found.install()
    assert found.uninstall()
    assert not found.uninstall()
    assert not found.path.exists()


def below_its_head(unit: Path) -> str:
    """Return a unit without the comment on how to install it."""
    return unit.read_text().partition("\n\n")[2]


def test_the_files_in_the_repository_say_the_same_as_the_installed_ones(tmp_path: Path) -> None:
    folder = ROOT / "systemd"
    line = "%h/.local/bin/sorterd --config %h/.config/sorterd/config.yaml run"
    assert below_its_head(folder / "sorterd.service") == user_unit(line)
    assert below_its_head(folder / "sorterd@.service") == user_unit(
        line.replace("/config.yaml", "/%i.yaml"), of=" for %i"
    )
    line = "/usr/local/bin/sorterd --config /etc/sorterd.yaml run"
    assert below_its_head(folder / "system" / "sorterd.service") == system_unit(line, "videos")
    shipped = plistlib.loads((ROOT / "launchd/org.sorterd.sorterd.plist").read_bytes())
    made = plistlib.loads(installation("darwin", tmp_path, Path("/p"), Path("/c")).content)
    varying = ("ProgramArguments", "StandardErrorPath")
    assert {k: v for k, v in shipped.items() if k not in varying} == {k: v for k, v in made.items() if k not in varying}


def test_systemd_never_gives_up() -> None:
    """A full disk, or another command that holds the state folder, may last longer than any number of starts."""
    lines = user_unit("x").splitlines()
    assert {"StartLimitIntervalSec=0", "Restart=on-failure"} <= set(lines)
    assert not any(line.startswith("RestartPreventExitStatus") for line in lines)


def test_it_is_asked_to_read_its_config_again_and_named_in_the_journal() -> None:
    lines = user_unit("x").splitlines()
    assert {"ExecReload=/bin/kill -HUP $MAINPID", "SyslogIdentifier=sorterd", "SyslogLevel=err"} <= set(lines)


@pytest.mark.parametrize("text", [user_unit("x"), system_unit("x", "me")])
def test_nothing_that_extraction_or_a_graphics_card_needs_is_taken_away(text: str) -> None:
    settings = {line.partition("=")[0] for line in text.splitlines() if not line.startswith("#")}
    assert not settings & {"MemoryDenyWriteExecute", "PrivateDevices", "DeviceAllow", "DevicePolicy", "ProtectHome",
                           "PrivateTmp", "ReadWritePaths", "ProtectProc", "PrivateNetwork"}  # fmt: skip
    assert ("ProtectClock" in settings) == ("default.target" in text), "it closes devices to a service of the system"


def test_a_system_that_refuses_namespaces_gets_a_unit_without_them(tmp_path: Path) -> None:
    found = installation("linux", tmp_path, Path("/p"), Path("/c"))
    plain = found.without_namespaces()
    assert plain is not None
    assert b"ProtectSystem" in found.content
    assert b"\nProtect" not in plain.content
    assert b"SystemCallFilter" in plain.content
    assert plain.without_namespaces() is None


def test_the_service_finds_the_state_and_the_models_that_the_shell_finds(tmp_path: Path) -> None:
    shell = {"HF_HOME": "/m 50%", "HOME": "/h", "XDG_CACHE_HOME": "", "XDG_STATE_HOME": "/elsewhere"}
    environment = carried(shell, Path("/h/.local/state"))
    assert environment == {"XDG_STATE_HOME": "/h/.local/state", "HF_HOME": "/m 50%"}
    unit = installation("linux", tmp_path, Path("/p"), Path("/c"), environment=environment).content.decode()
    assert 'Environment="XDG_STATE_HOME=/h/.local/state"\nEnvironment="HF_HOME=/m 50%%"\n' in unit
    agent = plistlib.loads(installation("darwin", tmp_path, Path("/p"), Path("/c"), environment=environment).content)
    assert agent["EnvironmentVariables"] == environment
    assert carried({}, None) == {}, "a config with a state_dir of its own needs none"


def test_on_macos_it_may_use_all_cores_and_its_log_is_kept_short(tmp_path: Path) -> None:
    agent = plistlib.loads(installation("darwin", tmp_path, Path("/p"), Path("/c")).content)
    assert agent["ProcessType"] == "Standard"
    assert agent["ProgramArguments"][-2:] == ["--log-file", str(tmp_path / "Library/Logs/sorterd.log")]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    installed = tmp_path / "sorterd.service"
    installed.write_bytes(installation("linux", tmp_path, Path("/bin/true"), ODD).content)
    shipped = tmp_path / "sorterd@films.service"
    text = (ROOT / "systemd/sorterd@.service").read_text()
    shipped.write_text(text.replace("%h/.local/bin/sorterd", "/bin/true"))
    of_the_system = tmp_path / "sorterd-system.service"
    of_the_system.write_text(system_unit("/bin/true", "daemon"))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}  # without one it gives up before it checks
    for unit, scope in ((installed, "--user"), (shipped, "--user"), (of_the_system, "--system")):
        command = ["systemd-analyze", scope, "verify", str(unit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert (done.returncode, "sorterd" in done.stderr) == (0, False), done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize(
    ("scope", "text", "most"),
    [("--user", user_unit("/bin/true"), 50), ("--system", system_unit("/bin/true", "me"), 28)],
)
def test_systemd_counts_it_among_the_confined(tmp_path: Path, scope: str, text: str, most: int) -> None:
    """In tenths. That real models work under it was tried by hand, see service/unit.py."""
    unit = tmp_path / "sorterd.service"
    unit.write_text(text)
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    options = ["--offline=yes", f"--threshold={most}", "--no-pager"]
    command = ["systemd-analyze", scope, "security", *options, str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if "unrecognized option" in done.stderr:
        pytest.skip("a systemd before 250")
    assert done.returncode == 0, done.stdout.splitlines()[-1]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_the_service_file_of_another_config_is_recognised(tmp_path: Path, platform: str) -> None:
    found = installation(platform, tmp_path, Path("/p"), ODD)
    assert of_another(found.path, tmp_path, ODD) is None
    found.install()
    assert of_another(found.path, tmp_path, ODD) is None
    assert of_another(found.path, tmp_path, Path("/c/config.yaml")) == str(ODD)
    found.path.write_bytes(b"")
    assert of_another(found.path, tmp_path, ODD) == "something else"


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("/home/a/.config/systemd/user/sorterd@films.service", "systemctl --user restart sorterd@films.service"),
        ("/etc/systemd/system/sorterd.service", "systemctl restart sorterd.service"),
        ("/Users/a/Library/LaunchAgents/org.sorterd.plist", f"launchctl kickstart -k gui/{os.getuid()}/org.sorterd"),
    ],
)
def test_a_service_is_restarted_by_its_own_manager(service: str, command: str) -> None:
    assert restart(Path(service)) == command
