"""Addresses of the machine with the videos, as in `tls://nas:8786`."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

PORT = 8786


def parse_address(text: str) -> str:
    """Return an address in full: `nas`, `nas:8786`, `tls://nas` and `tls://nas:8786` are the same.

    Raise ValueError, which says what is wrong, for anything else.
    """
    host, port = split(text)
    return f"tls://{bracketed(host)}:{port}"


def split(text: str) -> tuple[str, int]:
    """Return host and port of an address. Raise ValueError."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme != "tls":
        raise ValueError(f"{text} begins with {scheme}://, but only tls:// is spoken")
    rest = rest if separator else text
    if rest.count(":") > 1 and not rest.startswith("["):  # a bare IPv6 address
        rest = f"[{rest}]"
    wrong = f"{text!r} is no address of a machine, such as tls://nas:{PORT}"
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(wrong) from error
    plain = host is not None and not any(char.isspace() or not char.isprintable() for char in host)
    if not host or not plain or "@" in parts.netloc or parts.path or parts.query or parts.fragment or port == 0:
        raise ValueError(wrong)
    return host, port or PORT


def bracketed(host: str) -> str:
    """Return a host as it is written in an address: an IPv6 address in brackets."""
    try:
        return f"[{host}]" if ipaddress.ip_address(host.partition("%")[0]).version == 6 else host
    except ValueError:
        return host
