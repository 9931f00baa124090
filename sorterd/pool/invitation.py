"""An invitation: one file to copy to another machine, which may then look at the videos of this library.

It is text for people, followed by the key and the certificate of that machine and the certificate of home, in PEM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from sorterd.pool import authority
from sorterd.pool.authority import AuthorityError, Signer, certificate_pem, name_of
from sorterd.pool.home.certificates import INVITED, MACHINES
from sorterd.pool_address import parse_address

DAYS = 365
LONGEST = 1 << 16  # bytes of the file: a few thousand are usual
_FIRST_LINE = "sorterd invitation 1"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_TEXT = """{first}
machine: {name}
address: {address}
valid until: {until:%Y-%m-%d}

On that machine:  sorterd worker --invitation THIS-FILE
It can then ask for videos of this library and see them, and what it says they look like is believed.
It cannot change, move or delete any file. Keep this file to yourself, and delete copies of it.

"""


class InvitationError(Exception):
    """An invitation cannot be made or used. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the file says. `identity` is the machine's key and certificate, `home` the certificate that it trusts."""

    name: str
    address: str
    identity: Signer
    home: x509.Certificate

    @property
    def until(self) -> datetime:
        """When it expires."""
        return self.identity.certificate.not_valid_after_utc

    @property
    def pems(self) -> tuple[str, str]:
        """The machine's key and certificate, and the certificate of home, as `engine.security` takes them."""
        return self.identity.pem.decode(), certificate_pem(self.home).decode()


def invite(folder: Path, name: str, address: str, *, now: datetime, days: int = DAYS) -> bytes:
    """Return the content of an invitation, and record in `folder` that this machine is invited.

    Raise InvitationError if the name is taken or unusable, AuthorityError if there are no authorities, OSError.
    """
    if not _NAME.fullmatch(name):
        raise InvitationError(f"{name!r} is no name for a machine: use up to 40 letters, digits, dots, - and _")
    machines, home = authority.load(folder, MACHINES), authority.load(folder, authority.HOME)
    identity = authority.issue(machines, name, now=now, until=now + timedelta(days=days))
    try:
        authority.write_secret(record(folder, name), certificate_pem(identity.certificate))
    except FileExistsError:
        raise InvitationError(
            f"{name} is invited already; to invite it again, type 'sorterd pool revoke {name}' first"
        ) from None
    text = _TEXT.format(first=_FIRST_LINE, name=name, address=address, until=identity.certificate.not_valid_after_utc)
    return text.encode() + identity.pem + certificate_pem(home.certificate)


def revoke(folder: Path, name: str) -> None:
    """Accept this machine no longer. Raise InvitationError if it is not invited."""
    try:
        record(folder, name).unlink()
    except (FileNotFoundError, ValueError):
        known = ", ".join(invited(folder)) or "none"
        raise InvitationError(f"no machine called {name} is invited; invited: {known}") from None


def invited(folder: Path) -> list[str]:
    """Return the names of all invited machines, sorted."""
    return sorted(path.stem for path in (folder / INVITED).glob("*.pem"))


def record(folder: Path, name: str) -> Path:
    """Return where it is recorded that this machine is invited. Raise ValueError for a name that no machine has."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return folder / INVITED / f"{name}.pem"


def read(path: Path, *, now: datetime) -> Invitation:
    """Return the invitation in a file. Raise InvitationError if it is none, or damaged, or not valid now."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise InvitationError(f"the invitation {path} cannot be read: {error.strerror}") from error
    text = content.partition(b"-----BEGIN")[0].decode("utf-8", "replace")
    if not text.startswith(_FIRST_LINE) or len(content) > LONGEST:
        raise InvitationError(f"{path} is not an invitation; 'sorterd pool invite NAME' writes one")
    invitation = _parsed(path, content, text)
    certificate = invitation.identity.certificate
    again = f"invite it again where the videos are: 'sorterd pool revoke {invitation.name}', then 'sorterd pool invite'"
    if now > invitation.until:
        raise InvitationError(f"the invitation of {invitation.name} expired on {invitation.until:%Y-%m-%d}; {again}")
    if now < certificate.not_valid_before_utc:
        since = f"{certificate.not_valid_before_utc:%Y-%m-%d}"
        raise InvitationError(f"the invitation of {invitation.name} is valid from {since} on; is the clock here right?")
    return invitation


def _parsed(path: Path, content: bytes, text: str) -> Invitation:
    address = re.search(r"^address: (\S+)$", text, re.MULTILINE)
    damaged = f"the invitation {path} is damaged: copy it again"
    try:
        identity = authority.signer_of(content, path)
        certificates = x509.load_pem_x509_certificates(content)
        if address is None or len(certificates) != 2:
            raise InvitationError(damaged)
        return Invitation(name_of(identity.certificate), parse_address(address[1]), identity, certificates[1])
    except (ValueError, AuthorityError) as error:
        raise InvitationError(damaged) from error


def now_utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)
