"""Public or inside: decided by the address alone, whatever it disguises itself as."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from did.fetch.address import is_public, parse_address

PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10"]


@pytest.mark.parametrize(
    "text", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"]
)
def test_the_internet_is_public(text):
    assert is_public(parse_address(text))


@given(st.sampled_from(PRIVATE), st.data())
def test_no_private_address_passes_in_any_disguise(network, data):
    inside = data.draw(st.ip_addresses(network=network))
    number = int(inside)
    disguises = [
        inside,
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address(number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1),
        ipaddress.IPv6Address((0x64FF9B << 96) | number),
    ]
    assert not any(is_public(address) for address in disguises)


@pytest.mark.parametrize(
    "text", ["64:ff9b:1::808:808", "100:0:0:1::1", "2002:808:808::1", "3fff::1", "192.0.0.9"]
)
def test_what_some_pythons_take_for_public_is_not(text):
    assert not is_public(parse_address(text))


@given(st.ip_addresses(v=6))
def test_no_local_ipv6_address_passes(address):
    if address.is_private or address.is_link_local or address.is_multicast or address.is_loopback:
        assert not is_public(address)


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f000001", "2130706433", "1.2.3.4.5"]
)
def test_other_spellings_are_not_addresses_here(text):
    with pytest.raises(ValueError, match="does not appear"):
        parse_address(text)
