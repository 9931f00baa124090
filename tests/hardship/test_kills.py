"""A few minutes of what `make torture` does for long: the real service, killed in the middle of a user's day."""

from pathlib import Path

import pytest
from support.comparison import compare
from support.ledger import Copy, Item, Ledger
from support.outcome import Outcome
from support.records import Records

from sorterd.library.fingerprint import fingerprint
from torture.kills import with_cheap_models
from torture.options import Options

KEY = "0000000000000001"


def test_killed_a_few_times_nothing_is_lost_or_mislabelled(tmp_path: Path) -> None:
    outcome = with_cheap_models(Options(tmp_path, scale=5 / 250, seed=1))
    assert outcome.wrong == []
    assert outcome.times == 5
    assert outcome.found["files"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("delete", "files lost"),
        ("move", "should lie in cats"),
        ("relabel", "should lie in cats"),
        ("half", "left behind"),
    ],
)
def test_the_comparison_sees_what_is_wrong(tmp_path: Path, spoil: str, said: str) -> None:
    file = tmp_path / "cats" / "a.mp4"
    file.parent.mkdir()
    file.write_text(f"cats 1 1\n{KEY}")
    content = fingerprint(file, lambda: False)
    ledger = Ledger(items={KEY: Item(KEY, file.stat().st_size, [Copy(filed=1)])}, folders={1: "cats"})
    known: dict[str, tuple[str, str | None]] = {"cats/a.mp4": (content, "user")}
    assert differences(tmp_path, ledger, known) == []
    match spoil:
        case "delete":
            file.unlink()
            known.clear()
        case "move":
            file.rename(tmp_path / "a.mp4")
            known = {"a.mp4": (content, None)}
        case "relabel":
            known["cats/a.mp4"] = (content, "auto")
        case "half":
            (tmp_path / "cats" / ".sorterd-1.part").write_text("half")
    assert any(said in fault for fault in differences(tmp_path, ledger, known))


def differences(root: Path, ledger: Ledger, known: dict[str, tuple[str, str | None]]) -> list[str]:
    outcome = Outcome("test", "one file")
    compare(root, ledger, Records(known, {}, [], {}, []), outcome)
    return outcome.wrong
