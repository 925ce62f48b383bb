import socket

import pytest

from digest.collect.addresses import AddressRefused, Gate

REFUSED = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "100.100.100.200",
    "198.18.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "2001:db8::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_private_and_special_addresses_are_never_connected_to(address):
    with pytest.raises(AddressRefused):
        Gate().check(address, 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.162.0.11", "2405:4800::1"])
def test_public_addresses_are(address):
    Gate().check(address, 443)
    Gate().check(address, 8080)


@pytest.mark.parametrize("port", [0, 22, 25, 6379, 5432])
def test_doors_of_other_services_are_not_knocked_at(port):
    with pytest.raises(AddressRefused):
        Gate().check("8.8.8.8", port)


def test_a_net_that_the_settings_name_is_open_and_no_other():
    gate = Gate(["127.0.0.0/8"])
    gate.check("127.0.0.1", 8800)
    for other in ("10.0.0.1", "::1", "::ffff:127.0.0.1"):
        with pytest.raises(AddressRefused):
            gate.check(other, 80)


def test_no_socket_is_even_made_for_a_refused_address():
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    with pytest.raises(AddressRefused):
        Gate().open_socket(info)
    with Gate(["127.0.0.0/8"]).open_socket(info) as opened:
        assert opened.family == socket.AF_INET
