"""Addresses that exist: moto draws its private and public ones at random, and several are of the same kind.

Private addresses are unique in all of the rehearsal, so that two VPCs of the same range can share one router; public
ones are those that lead to it. moto offers no other place than the functions that its modules import.
"""

from __future__ import annotations

import ipaddress
import threading
from typing import Any

from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces, nat_gateways
from moto.ec2.models.instances import Instance
from moto.ec2.models.subnets import Subnet

from rehearsal.kernel.errors import AwsError
from rehearsal.machines import network, vpcs

_lock = threading.Lock()
# Given out but perhaps not on an interface yet; moto makes the interface a moment later.
_recent: set[str] = set()


def install() -> None:
    elastic_ip_addresses.random_ip = network.allocate_public_ip
    elastic_network_interfaces.random_public_ip = network.allocate_public_ip
    elastic_network_interfaces.random_private_ip = private_ip
    # A NAT gateway's interface then takes an address of its subnet like any other.
    nat_gateways.random_private_ip = lambda: None
    Subnet.get_available_subnet_ip = _subnet_ip
    Subnet.request_ip = _request_ip
    Instance.public_dns_name = property(_public_name)


def in_use() -> set[str]:
    """Every private address of every interface."""
    interfaces = [eni for backend in vpcs.backends() for eni in list(backend.enis.values())]
    return {ip["PrivateIpAddress"] for eni in interfaces for ip in eni.private_ip_addresses}


def private_ip(cidr: str, ipv6: bool = False) -> str:
    """A free address of a subnet: not one of the first four, which AWS keeps, and not the last.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
    """
    network = ipaddress.ip_network(cidr)
    with _lock:
        taken = in_use()
        _recent.intersection_update(_recent - taken)
        if len(_recent) > 4096:
            _recent.clear()
        for number in range(4, min(network.num_addresses - 1, 65536)):
            candidate = str(network[number])
            if candidate not in taken and candidate not in _recent:
                _recent.add(candidate)
                return candidate
    raise AwsError("InsufficientFreeAddressesInSubnet", "There are not enough free addresses in the subnet.")


def _subnet_ip(self: Subnet, instance: Any) -> str:
    found = private_ip(self.cidr_block)
    self._subnet_ips[found] = instance
    return found


def _request_ip(self: Subnet, ip: str, instance: Any) -> None:
    if ipaddress.ip_address(ip) not in self.cidr:
        raise AwsError("InvalidParameterValue", f"Address {ip} does not fall within the subnet's address range")
    if ip in in_use():
        raise AwsError("InvalidIPAddress.InUse", f"Address {ip} is in use.")
    self._subnet_ips[ip] = instance


def forget() -> None:
    with _lock:
        _recent.clear()


def _public_name(instance: Instance) -> str:
    """A name that a resolver of this machine could not know would be a trap: it is the address itself.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html: only in VPCs with DNS host names.
    """
    address, vpc = instance.public_ip, instance.vpc_id
    # A terminated instance is shown for a while after its VPC is gone.
    home = instance.ec2_backend.vpcs.get(vpc)
    return address if address and home is not None and home.enable_dns_hostnames else ""
