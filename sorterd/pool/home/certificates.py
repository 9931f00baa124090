"""What the daemon needs to know of the authorities: files and text, without the libraries that make certificates."""

from __future__ import annotations

import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = "pool"
"""In the state folder, if the config names no other."""
COORDINATOR, MACHINES = "coordinator.pem", "machines.pem"
INVITED = "invited"
"""A folder with the certificate of each invited machine. One that is not there any more is not accepted."""
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n")


@dataclass(frozen=True, slots=True)
class Certificates:
    """The folder of the authorities. Reading raises OSError."""

    folder: Path

    def there(self) -> bool:
        """Return whether the authorities have been made."""
        return (self.folder / COORDINATOR).exists()

    def identity(self) -> str:
        """Return the key and the certificate of the coordinator, in PEM."""
        return (self.folder / COORDINATOR).read_text("ascii")

    def machines(self) -> str:
        """Return the certificate by which machines are recognised, in PEM, without its key."""
        return "".join(_CERTIFICATE.findall((self.folder / MACHINES).read_text("ascii")))

    def name(self, certificate: bytes) -> str | None:
        """Return the name of the machine that was invited with this certificate (DER), None if none is, or not any
        more."""
        for path in sorted((self.folder / INVITED).glob("*.pem")):
            with suppress(OSError, ValueError):  # a file that cannot be read invites nobody
                if ssl.PEM_cert_to_DER_cert(path.read_text("ascii")) == certificate:
                    return path.stem
        return None
