"""Where the page is served, and by which names it is called there."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """`listen` is what is listened at, `host` how the page is called in its address, `hosts` are all names by which it
    may be called ("*": any address in digits), `local` says that only this computer reaches it."""

    listen: str
    host: str
    hosts: frozenset[str]
    local: bool


def address_of(listen: str) -> Address:
    """Return the address for the setting `web.listen`. "" is this computer only."""
    listen = listen.strip().removeprefix("[").removesuffix("]")
    local = frozenset((LOOPBACK, "localhost", "[::1]"))
    if not listen or listen == "localhost":
        return Address(LOOPBACK, LOOPBACK, local, local=True)
    try:
        number = ipaddress.ip_address(listen)
    except ValueError:
        return Address(listen, listen, local | _own_names() | {"*", listen.lower()}, local=False)
    if number.is_loopback:
        return Address(listen, _in_url(listen), local | {_in_url(listen)}, local=True)
    host = _outward(number.version) if number.is_unspecified else listen
    return Address(listen, _in_url(host), local | _own_names() | {"*"}, local=False)


def _own_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    return frozenset((name, f"{name.partition('.')[0]}.local"))


def _outward(version: int) -> str:
    """Return the address under which others see this computer: the one from which it would send. Nothing is sent."""
    family, far = (socket.AF_INET, "192.0.2.1") if version == 4 else (socket.AF_INET6, "2001:db8::1")
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((far, 9))
            return str(asked.getsockname()[0])
    except OSError:  # there is no network now
        return socket.gethostname()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
