"""Which network addresses are the public Internet, and which are somebody's inside.

Spec: IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its successors).
"""

import ipaddress

__all__ = ["Address", "is_public", "parse_address"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as IPv6-only networks see them (RFC 6052)."""

INSIDE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "100.64.0.0/10",  # carrier-grade NAT
        "168.63.129.16/32",  # the host of an Azure machine, though the number looks public
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "240.0.0.0/4",  # reserved, and broadcast
        "64:ff9b:1::/48",  # a network's own NAT64
        "100::/64",  # discard
        "100:0:0:1::/64",  # dummy prefix
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which nobody relays any more (RFC 7526)
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
)
"""Networks some Python versions take for public."""


def parse_address(text: str) -> Address:
    """Read one address as a resolver gives it.

    Raises:
        ValueError: it is not one.
    """
    return ipaddress.ip_address(text)


def is_public(address: Address) -> bool:
    """Tell whether `address` is on the public Internet, looking through IPv6 disguises."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if (inner := _embedded(address)) is not None:
            return is_public(inner)
    if any(address in network for network in INSIDE if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address an IPv6 one stands for: mapped or NAT64."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped
