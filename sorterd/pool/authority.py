"""A library's own certificate authorities: who may look at its videos, and who may send videos.

There are two, so that an invited machine cannot pass for home. Machines trust only what the `home` authority signed,
which is the one certificate of the coordinator; the coordinator trusts only what the `machines` authority signed. So
machines do not trust each other either.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sorterd.pool.home.certificates import COORDINATOR, FOLDER, INVITED, MACHINES, Certificates

HOME = "home.pem"

YEARS = timedelta(days=3650)
_BEFORE = timedelta(days=1)  # clocks of two machines differ


class AuthorityError(Exception):
    """The authorities cannot be used or made. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """Both, as a file holds them."""
        plain = serialization.NoEncryption()
        key = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        return key + certificate_pem(self.certificate)


def make(folder: Path, *, now: datetime) -> None:
    """Make the authorities and the certificate of the coordinator, all of them or nothing.

    Raise AuthorityError if there are some already, OSError if they cannot be written.
    """
    if Certificates(folder).there():
        raise AuthorityError(
            f"{folder} is there already; to end all invitations, delete that folder and type 'sorterd pool init' again"
        )
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    home, machines = (_authority(f"sorterd {name}", now) for name in ("home", "machines"))
    coordinator = issue(home, "sorterd coordinator", now=now, until=now + YEARS, home=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=folder.parent))
    try:
        (unfinished / INVITED).mkdir(mode=0o700)
        for name, signer in ((HOME, home), (MACHINES, machines), (COORDINATOR, coordinator)):
            write_secret(unfinished / name, signer.pem)
        unfinished.rename(folder)  # fails if something has come there meanwhile
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def load(folder: Path, name: str) -> Signer:
    """Return HOME, MACHINES or COORDINATOR. Raise AuthorityError if it is not there or damaged."""
    try:
        pem = (folder / name).read_bytes()
    except FileNotFoundError:
        raise AuthorityError("no machine can be invited yet: type 'sorterd pool init' first") from None
    return signer_of(pem, folder / name)


def signer_of(pem: bytes, place: Path) -> Signer:
    """Return the key and the first certificate in a file's content. Raise AuthorityError, which names `place`."""
    try:
        key = serialization.load_pem_private_key(pem, None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuthorityError(f"{place} is damaged: it does not hold a key and a certificate") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityError(f"{place} is damaged: its key and its certificate do not belong together")
    return Signer(certificate, key)


def issue(authority: Signer, name: str, *, now: datetime, until: datetime, home: bool = False) -> Signer:
    """Return a new certificate with its key for `name`, signed by an authority.

    `home`: it serves the coordinator, not a machine.
    """
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if home else ExtendedKeyUsageOID.CLIENT_AUTH
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    limits = ((x509.BasicConstraints(ca=False, path_length=None), True), (x509.ExtendedKeyUsage([purpose]), False))
    return _signed(name, authority, now, until, *limits, (above, False))


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate as a file holds it."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def name_of(certificate: x509.Certificate) -> str:
    """Return the name that a certificate is for, "" if it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read. Raise FileExistsError, OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "wb") as file:  # noqa: PTH123
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _authority(name: str, now: datetime) -> Signer:
    never = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    signs = x509.KeyUsage(
        **dict.fromkeys((*never, "encipher_only", "decipher_only"), False), key_cert_sign=True, crl_sign=True
    )
    limits = ((x509.BasicConstraints(ca=True, path_length=0), True), (signs, True))
    return _signed(name, None, now, now + YEARS, *limits)


def _signed(
    name: str, by: Signer | None, now: datetime, until: datetime, *limits: tuple[x509.ExtensionType, bool]
) -> Signer:
    """Return a new certificate with its key, signed `by` an authority, or by itself. Some `limits` are critical."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    for limit, critical in limits:
        made = made.add_extension(limit, critical=critical)
    return Signer(made.sign(key if by is None else by.key, hashes.SHA256()), key)
