"""Which network addresses may be connected to: public ones, and private nets that the settings name."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from digest.wording import _

Net = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Ports that a web server of an outlet may have; others are doors to other services (mail, Redis, SSH).
_LOW_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024
_OTHER_SERVICES = frozenset(
    {1433, 1521, 2049, 2375, 2379, 3306, 3389, 5432, 5900, 6000, 6379, 9200, 11211, 27017}
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """The address is of a kind that is never connected to; `str()` says which, in words for editors."""


class Gate:
    """Says of each address whether it may be connected to."""

    def __init__(self, allow_private: Sequence[str] = ()) -> None:
        self._allowed: tuple[Net, ...] = tuple(
            ipaddress.ip_network(net, strict=False) for net in allow_private
        )

    def check(self, host: str, port: int) -> None:
        """Raises AddressRefused unless `host` (a literal IP address) and port are fit to ask."""
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            raise AddressRefused(_("“{host}” không phải địa chỉ mạng", host=host)) from None
        if any(address.version == net.version and address in net for net in self._allowed):
            return
        bare = _unwrapped(address)  # a net that is allowed is so in its own form alone
        if not bare.is_global or bare.is_multicast or bare.is_reserved or _special(bare):
            raise AddressRefused(
                _("địa chỉ {address} thuộc mạng nội bộ hoặc mạng dành riêng", address=address)
            )
        if port not in _LOW_PORTS and (port < _FIRST_FREE_PORT or port in _OTHER_SERVICES):
            raise AddressRefused(_("cổng {port} không phải cổng của trang web", port=port))

    def open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for aiohttp's connector, made only after the very address to be connected was checked."""
        family, kind, proto, _name, where = info
        self.check(where[0], where[1])
        return socket.socket(family=family, type=kind, proto=proto)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 form carries, if it carries one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _special(address: Address) -> bool:
    return address.is_loopback or address.is_link_local or address.is_private or address.is_unspecified
