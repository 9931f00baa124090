from pathlib import Path

import pytest
from support.disks import small_disk

from sorterd.library.network import is_network, is_network_kind, is_over_folders, mount_of, mounts, network_mounts_below

MOUNTINFO = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/nas rw,relatime shared:2 master:1 - nfs4 nas:/videos rw,vers=4.2
31 22 0:41 / /mnt/my\\040share rw - cifs //server/share rw
32 22 0:42 / /home/me/phone rw,nosuid shared:3 - fuse.sshfs phone: rw
33 22 8:17 / /media/usb rw shared:4 - fuseblk /dev/sdb1 rw
34 22 0:50 / /mnt/nas/local rw - tmpfs tmpfs rw
35 22 0:51 / /data rw - ext4 /dev/sdc1 rw
36 22 0:52 / /data rw - 9p host rw
"""


@pytest.fixture
def mountinfo(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTINFO)
    return path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/me/videos", False),
        ("/mnt/nas", True),
        ("/mnt/nas/cats", True),
        ("/mnt/nasty", False),
        ("/mnt/nas/local/x", False),
        ("/mnt/my share/x", True),
        ("/home/me/phone/dcim", True),
        ("/media/usb/videos", False),
        ("/data/videos", True),  # mounted over another: the last one counts
    ],
)
def test_the_deepest_mount_above_a_folder_decides(mountinfo: Path, path: str, expected: bool) -> None:
    mount = mount_of(Path(path), mounts(mountinfo))
    assert mount is not None
    assert is_network_kind(mount.kind) is expected


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "xfs", "tmpfs", "overlay", "vfat", "exfat", "ntfs3", "apfs", "zfs"])
def test_disks_are_not_networks(kind: str) -> None:
    assert not is_network_kind(kind)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.rclone", "virtiofs"])
def test_file_systems_served_by_another_machine_are_networks(kind: str) -> None:
    assert is_network_kind(kind)


def test_mounts_below_the_root_are_found(mountinfo: Path) -> None:
    assert network_mounts_below(Path("/mnt"), mountinfo) == ["/mnt/nas", "/mnt/my share"]
    assert network_mounts_below(Path("/mnt/nas"), mountinfo) == []


@pytest.mark.parametrize("kind", ["fuse.mergerfs", "fuse.gocryptfs", "fuse.encfs", "ecryptfs"])
def test_a_file_system_over_other_folders_is_no_network_but_changes_without_events(tmp_path: Path, kind: str) -> None:
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(f"1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / {tmp_path}/pool rw - {kind} a:b rw\n")
    assert not is_network_kind(kind)
    assert is_over_folders(tmp_path / "pool" / "videos", mountinfo)
    assert is_over_folders(tmp_path, mountinfo)
    assert not is_over_folders(tmp_path / "else", mountinfo)


def test_a_symlink_to_a_share_is_the_share(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (tmp_path / "videos").symlink_to(share)
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(f"1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / {share.resolve()} rw - nfs nas:/ rw\n")
    assert is_network(tmp_path / "videos", mountinfo)
    assert not is_network(tmp_path, mountinfo)


def test_an_unknown_file_system_counts_as_local(tmp_path: Path) -> None:
    assert not is_network(tmp_path, tmp_path / "no such file")


def test_the_mounts_of_this_machine_can_be_read(tmp_path: Path) -> None:
    with small_disk(tmp_path / "a disk") as disk:
        mount = mount_of(disk, mounts(Path("/proc/self/mountinfo")))
        assert mount is not None
        assert (mount.point, mount.kind) == (str(disk), "tmpfs")
        assert not is_network(disk)
