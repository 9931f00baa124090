"""No command shows a caption that was not asked for."""

from pathlib import Path

import pytest
from support.workspace import Workspace
from web.shelf import Shelf

from sorterd.cli import main
from sorterd.store.captions import StoredCaption

SECRET = "zanzibarquokka"
COMMANDS = [("status",), ("review",), ("log",), ("find", "--exact", SECRET)]


@pytest.mark.parametrize("json", [(), ("--json",)], ids=["as text", "as JSON"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_caption_is_in_no_output(
    workspace: Workspace,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    json: tuple[str, ...],
) -> None:
    shelf = Shelf(workspace)
    shelf.lay_out({"a.mp4": b"1", "cats": {"c.mp4": b"2"}})
    shelf.train()
    for path in ("a.mp4", "cats/c.mp4"):
        said = StoredCaption(shelf.id(path), "", f"{SECRET}: {SECRET}. {SECRET}", SECRET, "d")
        workspace.store.captions.put(said, {})
    shelf.judge("a.mp4", {"cats": 0.6})
    workspace.sort("a.mp4")
    config = tmp_path / "config.yaml"
    config.write_text(f"videos: {workspace.root}\nstate_dir: {workspace.state}\nlog: {{level: debug}}\n")
    main(["--config", str(config), *command, *json])
    shown = capfd.readouterr()
    assert "a.mp4" in shown.out or command[0] in ("status", "review")
    assert SECRET not in shown.out + shown.err
