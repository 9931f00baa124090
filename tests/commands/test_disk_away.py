"""While the disk of the videos is away, read-only or hangs, what is known can be asked; and it is said why."""

import subprocess
import sys

from support.disks import dead_mount, hanging_mount, small_disk

from commands.filed_library import Library

ASKING = (["status"], ["review"], ["report"], ["pause"], ["resume"], ["retry"], ["confirm", "cats/a.mp4"],
          ["service", "show"])  # fmt: skip


def take_away(library: Library) -> None:
    """The mount point is gone with the disk, as udisks does it."""
    library.workspace.root.rename(library.workspace.root.with_name("elsewhere"))


def test_everything_can_be_asked_while_the_folder_is_not_there(library: Library) -> None:
    take_away(library)
    for command in ASKING:
        code, _, err = library.type(*command)
        assert (code, err.partition(" undecided")[0]) == (0, "1" if command == ["review"] else ""), command
    assert "is not there; is the disk that holds it mounted?" in library.type("status")[1]
    assert "is not there" in library.json("status")["disk"]


def test_what_needs_the_disk_says_that_it_is_away(library: Library) -> None:
    take_away(library)
    assert library.type("undo") == (
        1, "", f"sorterd: {library.workspace.root} is not there; is the disk that holds it mounted?\n",
    )  # fmt: skip
    for command in (["run", "--once"], ["extract"], ["config", "check"]):
        assert "mount its disk" in library.type(*command).refused(2)


def test_a_disk_that_hangs_holds_nobody(library: Library) -> None:
    root = library.workspace.root
    take_away(library)
    with hanging_mount() as disk:
        root.symlink_to(disk)

        def typing(*arguments: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "sorterd", "--config", str(library.config), *arguments]
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
            with process:
                try:
                    said, _ = process.communicate(timeout=60)
                finally:
                    process.kill()
            return process.returncode, " ".join(said.split())

        asked = typing("status")  # meanwhile the next one waits as well
        assert ended(typing("confirm", str(root / "cats/a.mp4")))[0] == 0
        code, said = ended(asked)
        assert code == 0
        assert "does not answer; is its disk or server reachable?" in said
        code, said = ended(typing("undo"))
        assert code == 1
        assert "does not answer" in said


def test_a_server_that_has_gone_is_said_to_be_gone(library: Library) -> None:
    take_away(library)
    library.workspace.root.mkdir()
    with dead_mount(library.workspace.root):
        assert "its disk or server is gone: mount it again" in library.json("status")["disk"]
        library.type("review").done()


def test_an_empty_disk_in_its_place_is_another_file_system(library: Library) -> None:
    take_away(library)
    with small_disk(library.workspace.root):
        assert "is on another file system than before and holds none of its videos" in library.json("status")["disk"]


def test_a_read_only_disk_is_said_to_be_read_only_and_nobody_is_told_to_change_permissions(library: Library) -> None:
    root = library.workspace.root
    with small_disk(root.with_name("disk")) as disk:
        subprocess.run(["cp", "-a", f"{root}/.", str(disk)], check=True)
        take_away(library)
        root.symlink_to(disk)
        assert library.json("status")["disk"] is None
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert "is mounted read-only" in library.json("status")["disk"]
        complaint = library.type("run", "--once").refused(2)
        assert "its disk is mounted read-only; mount it read-write" in complaint
        assert "chmod" not in complaint
        code, out, err = library.type("undo")
        assert (code, err, "is on a disk that is mounted read-only" in out) == (1, "", True)
