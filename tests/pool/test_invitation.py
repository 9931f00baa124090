"""Who is invited: the authorities of a library, and the file for another machine."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from pool.conftest import NOW
from sorterd.pool import authority
from sorterd.pool.authority import AuthorityError
from sorterd.pool.home.certificates import COORDINATOR, MACHINES, Certificates
from sorterd.pool.invitation import InvitationError, invite, invited, read, revoke


def written(folder: Path, name: str = "gaming-pc", days: int = 365) -> Path:
    file = folder.parent / f"{name}.invitation"
    file.write_bytes(invite(folder, name, "tls://nas:8786", now=NOW, days=days))
    return file


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def test_only_its_owner_can_read_what_is_made(folder: Path) -> None:
    written(folder)
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_an_invitation_says_for_whom_where_and_until_when(folder: Path) -> None:
    invitation = read(written(folder, days=30), now=NOW)
    assert (invitation.name, invitation.address) == ("gaming-pc", "tls://nas:8786")
    assert invitation.until == NOW + timedelta(days=30)


def test_a_machine_trusts_home_alone_and_home_trusts_machines_alone(folder: Path) -> None:
    one, other = (read(written(folder, name), now=NOW) for name in ("one", "other"))
    coordinator, machines = (authority.load(folder, name).certificate for name in (COORDINATOR, MACHINES))
    coordinator.verify_directly_issued_by(one.home)
    one.identity.certificate.verify_directly_issued_by(machines)
    for certificate, signer in ((other.identity.certificate, one.home), (coordinator, machines)):
        with pytest.raises(ValueError, match="does not match"):
            certificate.verify_directly_issued_by(signer)


def test_authorities_are_made_once_and_those_that_are_there_stay(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.glob("*.pem")}
    with pytest.raises(AuthorityError, match="is there already"):
        authority.make(folder, now=NOW)
    assert {path: path.read_bytes() for path in folder.glob("*.pem")} == before
    assert [path.name for path in folder.parent.iterdir()] == ["pool"]  # nothing unfinished is left


def test_without_authorities_nobody_can_be_invited(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="'sorterd pool init' first"):
        invite(tmp_path / "pool", "pc", "tls://nas:8786", now=NOW)


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", ".x", "x\n", "é", "x" * 41])
def test_a_name_that_could_be_a_path_or_is_unreadable_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(InvitationError, match="is no name for a machine"):
        invite(folder, name, "tls://nas:8786", now=NOW)
    with pytest.raises(InvitationError, match="no machine called"):
        revoke(folder, name)


def test_a_name_is_given_once_and_again_after_it_was_revoked(folder: Path) -> None:
    first = read(written(folder), now=NOW)
    with pytest.raises(InvitationError, match="is invited already"):
        invite(folder, "gaming-pc", "tls://nas:8786", now=NOW)
    assert Certificates(folder).name(der(first.identity.certificate)) == "gaming-pc"
    revoke(folder, "gaming-pc")
    assert not invited(folder)
    assert Certificates(folder).name(der(first.identity.certificate)) is None
    second = read(written(folder), now=NOW)
    assert Certificates(folder).name(der(second.identity.certificate)) == "gaming-pc"
    assert (
        Certificates(folder).name(der(first.identity.certificate)) is None
    )  # the same name does not bring the old one back


def test_an_expired_invitation_is_refused_with_the_day_and_the_remedy(folder: Path) -> None:
    file = written(folder, days=1)
    with pytest.raises(InvitationError, match=r"gaming-pc expired on \d{4}-.*'sorterd pool invite'"):
        read(file, now=NOW + timedelta(days=1, seconds=1))
    with pytest.raises(InvitationError, match="is the clock here right"):
        read(file, now=NOW - timedelta(days=2))


def test_a_file_that_is_none_is_said_to_be_none(tmp_path: Path, folder: Path) -> None:
    for content in (b"", b"PNG\0", b"x" * 100_000, (folder / authority.HOME).read_bytes()):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(InvitationError, match="is not an invitation"):
            read(tmp_path / "x", now=NOW)
    with pytest.raises(InvitationError, match="cannot be read: No such file"):
        read(tmp_path / "none", now=NOW)


def test_a_damaged_invitation_is_said_to_be_damaged(folder: Path) -> None:
    file = written(folder)
    whole = file.read_bytes()
    other = written(folder, "other").read_bytes()
    key, mark = whole.index(b"-----BEGIN PRIVATE"), b"-----BEGIN CERT"
    damages = (
        whole[:key],
        whole[: whole.rindex(b"-----BEGIN")],  # without home's certificate
        whole.replace(b"address: ", b"adress: "),
        whole.replace(b"tls://nas:8786", b"tls://nas:none"),
        whole[:key] + other[other.index(b"-----BEGIN PRIVATE") : other.index(mark)] + whole[whole.index(mark) :],
        whole[: key + 60] + b"AAAA" + whole[key + 64 :],
    )
    for damaged in damages:
        file.write_bytes(damaged)
        with pytest.raises(InvitationError, match="is damaged: copy it again"):
            read(file, now=NOW)
