"""Addresses as people type them."""

import pytest

from sorterd.pool_address import parse_address, split


@pytest.mark.parametrize("text", ["nas", "nas:8786", "tls://nas", "tls://nas:8786", "tls://NAS"])
def test_scheme_and_port_can_be_left_out(text: str) -> None:
    assert parse_address(text) == "tls://nas:8786"


@pytest.mark.parametrize("text", ["fe80::1", "[fe80::1]", "tls://[fe80::1]:8786"])
def test_a_bare_ipv6_address_is_bracketed(text: str) -> None:
    assert parse_address(text) == "tls://[fe80::1]:8786"
    assert split(parse_address(text)) == ("fe80::1", 8786)


@pytest.mark.parametrize(
    "text", ["", "tls://", "tcp://nas", "nas:0", "nas:70000", "nas:port", "nas/x", "a b", "u@nas", "nas?x", "tls://:1"]
)
def test_anything_else_is_refused_and_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no address|only tls"):
        parse_address(text)
