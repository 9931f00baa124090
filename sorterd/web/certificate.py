"""The certificate with which the page is served to other devices. Nobody else vouches for it: a browser warns once, and
its owner compares the fingerprint that the command prints."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "web.pem"
DAYS = 365  # iOS accepts at most 825
SPARE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A PEM file with a key and its certificate. `fingerprint` is the SHA-256 of the latter, as browsers show it."""

    path: Path
    fingerprint: str


def certificate(folder: Path, names: Collection[str], *, now: datetime) -> Certificate:
    """Return the certificate kept in `folder` if it is still valid for a while and for all of these names, else a new
    one. A name may be an address in digits. Raise OSError."""
    path = folder / NAME
    found = _kept(path)
    wanted = {_general(name).value for name in names}
    if found is None or found.not_valid_after_utc < now + SPARE or not wanted <= _names(found):
        found = _make(path, names, now)
    digits = found.fingerprint(hashes.SHA256()).hex().upper()
    return Certificate(path, ":".join(digits[at : at + 2] for at in range(0, len(digits), 2)))


def _kept(path: Path) -> x509.Certificate | None:
    try:
        content = path.read_bytes()
        serialization.load_pem_private_key(content, None)
        return x509.load_pem_x509_certificate(content)
    except (FileNotFoundError, ValueError):
        return None


def _make(path: Path, names: Collection[str], now: datetime) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sorterd review page")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in sorted(names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:  # noqa: PTH123
        file.write(pem + made.public_bytes(serialization.Encoding.PEM))
    return made


def _general(name: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _names(found: x509.Certificate) -> set[object]:
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {name.value for name in names}
