"""What is said about the commands, and about what is none."""

import resource
import shlex
import subprocess
import sys

import pytest

from sorterd.cli import parser
from sorterd.cli.help import Parser

COMMANDS: dict[str, Parser] = parser().commands
LOADS = """
import sys
from sorterd.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    code = ended.code
print(code, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of wrong usage."""
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(arguments)
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_every_command_stands_in_one_section_with_what_it_does() -> None:
    told = parser().format_help()
    listed = [name for names in parser().sections.values() for name in names]
    assert sorted(listed) == sorted(COMMANDS)
    assert list(parser().sections) == ["every day", "understand", "set up", "by hand"]
    for section in parser().sections:
        assert f"\n{section}:\n" in told
    for name in COMMANDS:
        assert told.count(f"\n  {name} ") == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_can_be_typed(name: str) -> None:
    command = COMMANDS[name]
    assert f"example: sorterd {command.example}\n" in command.format_help()
    assert parser().parse_args(shlex.split(command.example)).command_name == name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stauts", "there is no command stauts; did you mean status?"),
        ("comfirm x", "there is no command comfirm; did you mean confirm or config?"),
        ("frobnicate", "there is no command frobnicate; see sorterd --help"),
        ("undo --lsat 3", "unrecognized arguments: --lsat; did you mean --last?"),
        ("undo --lsat=3", "unrecognized arguments: --lsat=3; did you mean --last?"),
        ("review --wbe", "unrecognized arguments: --wbe; did you mean --web?"),
        ("config chekc", "'chekc' is not check or show or edit or schema; did you mean check?"),
        ("log --by your", "'your' is not sorterd or you; did you mean you?"),
        ("service start", "'start' is not install or uninstall or show"),
        ("retry 3 x\x1b", "unrecognized arguments: x\\x1b"),
        ("undo 3 x\x1b", "x\\x1b is neither the number of a move nor a range such as 12-25"),
    ],
)
def test_what_was_probably_meant_is_said(capsys: pytest.CaptureFixture[str], typed: str, meant: str) -> None:
    assert refused(capsys, *typed.split(" ")).endswith(meant)


@pytest.mark.parametrize("arguments", [["--help"], ["undo", "--help"], ["--version"], ["stauts"]])
def test_help_is_quick_and_loads_nothing_that_takes_long(arguments: list[str]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", LOADS, *arguments], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    code, *loaded = done.stderr.splitlines()[-1].split()
    assert code == ("2" if arguments == ["stauts"] else "0")
    assert not {"rich", "yaml", "structlog", "torch", "numpy", "shtab", "sqlite3"} & set(loaded)
    assert after.ru_utime - before.ru_utime < 0.15  # seconds of processor: other programs do not count


def test_without_a_terminal_help_has_no_escapes() -> None:
    assert "\x1b" not in parser().format_help()


def test_on_a_terminal_the_sections_are_bold_unless_that_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1mevery day\x1b[0m" in parser().format_help()
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert "\x1b" not in parser().format_help()
