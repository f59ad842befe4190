"""All load balancers that carry traffic, held against what the API says after each change."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel import clients, tasks
from rehearsal.services.cloudwatch import clock
from rehearsal.services.elb import health, loop, metrics, targets, upstream
from rehearsal.services.elb import wire as wires
from rehearsal.services.elb.balancer import Balancer, Node

_lock = threading.RLock()
_balancers: dict[str, Balancer] = {}


def find(arn: str) -> Balancer | None:
    return _balancers.get(arn)


def count() -> int:
    return len(_balancers)


def _ec2(balancer: Balancer) -> Any:
    service = clients.Service("elasticloadbalancing.amazonaws.com", balancer.account)
    return clients.client("ec2", balancer.region, principal=service)


def _add_node(balancer: Balancer, subnet_id: str, groups: list[str]) -> None:
    made = _ec2(balancer).create_network_interface(
        SubnetId=subnet_id, Groups=groups, Description=f"ELB {balancer.full_name}"
    )["NetworkInterface"]
    subnet = get_backend("ec2")[balancer.account][balancer.region].get_subnet(subnet_id)
    node = Node(
        made["NetworkInterfaceId"], made["PrivateIpAddress"], subnet_id, str(subnet.availability_zone)
    )
    balancer.wire.claim(node.address)
    balancer.nodes.append(node)


def _drop_node(balancer: Balancer, node: Node) -> None:
    balancer.nodes.remove(node)
    with contextlib.suppress(Exception):
        balancer.wire.drop(node.address)
    with contextlib.suppress(Exception):
        _ec2(balancer).delete_network_interface(NetworkInterfaceId=node.interface)


def open_balancer(account: str, region: str, arn: str) -> None:
    """Gives a new load balancer its nodes and addresses. Where the network cannot carry it, its state says so."""
    balancer = Balancer(arn, account, region, wires.wire)
    model = balancer.model
    able, reason = balancer.wire.available()
    if not able:
        # The API goes on to work, as it does for instances that cannot boot; the reason says what is missing.
        model.state = "active_impaired"
        model.reason = f"The rehearsal cannot carry traffic here: {reason}"
        return
    try:
        for subnet in model.subnets:
            _add_node(balancer, subnet.id, list(model.security_groups or []))
        if model.scheme == "internet-facing":
            balancer.public = balancer.wire.public_address()
            balancer.wire.publish(balancer.public, balancer.nodes[0].address)
        balancer.wire.refresh()
    except BaseException:
        _free(balancer)
        get_backend("elbv2")[account][region].load_balancers.pop(arn, None)
        raise
    # An address instead of a name: a machine's resolver could not be taught names without changing it.
    model.dns_name = balancer.public or balancer.nodes[0].address
    with _lock:
        _balancers[arn] = balancer
    clock.publish_with(_publish)


def _publish() -> bool:
    """One minute's metrics; False ends the reports when no load balancer is left."""
    for balancer in list(_balancers.values()):
        with contextlib.suppress(KeyError):
            metrics.publish(balancer)
    return bool(_balancers)


def _free(balancer: Balancer) -> None:
    for node in list(balancer.nodes):
        _drop_node(balancer, node)
    if balancer.public:
        with contextlib.suppress(Exception):
            balancer.wire.release_public(balancer.public)
        balancer.public = None
    with contextlib.suppress(Exception):
        balancer.wire.refresh()


def close_balancer(arn: str) -> None:
    with _lock:
        balancer = _balancers.pop(arn, None)
    if balancer:
        balancer.close()
        _free(balancer)
        follow(balancer.account, balancer.region)


def set_subnets(arn: str) -> None:
    """Adds and removes nodes after SetSubnets."""
    balancer = _balancers.get(arn)
    if balancer is None:
        return
    model = balancer.model
    wanted = {s.id for s in model.subnets}
    for subnet in wanted - {n.subnet for n in balancer.nodes}:
        _add_node(balancer, subnet, list(model.security_groups or []))
    for node in [n for n in balancer.nodes if n.subnet not in wanted]:
        _drop_node(balancer, node)
    if balancer.public:
        balancer.wire.publish(balancer.public, balancer.nodes[0].address)
    balancer.wire.refresh()
    for listener in list(balancer.listeners.values()):
        loop.run(listener.close())
    balancer.listeners.clear()
    balancer.follow()


def set_security_groups(arn: str) -> None:
    balancer = _balancers.get(arn)
    if balancer is None:
        return
    for node in balancer.nodes:
        _ec2(balancer).modify_network_interface_attribute(
            NetworkInterfaceId=node.interface, Groups=list(balancer.model.security_groups or [])
        )
    balancer.wire.refresh()


def follow(account: str, region: str) -> None:
    """Brings listeners, rules, the groups' use and the health checks up to what the API says. @raises AwsError."""
    with _lock:
        backend = get_backend("elbv2")[account][region]
        used: dict[str, list[str]] = {}
        for arn, model in list(backend.load_balancers.items()):
            for listener in list(model.listeners.values()):
                for rule in listener.rules.values():
                    for action in rule.actions:
                        for group in groups_of(action.data):
                            if arn not in used.setdefault(group, []):
                                used[group].append(arn)
            if arn in _balancers:
                _balancers[arn].follow()
        for arn, model in list(backend.target_groups.items()):
            # moto does not take a load balancer out of the list when it or its rule is deleted.
            model.load_balancer_arns = list(used.get(arn, []))
            live = targets.group(arn, account, region)
            live.balancers = [b for b in used.get(arn, []) if b in _balancers]
            watch(live)


def groups_of(action: dict[str, Any]) -> list[str]:
    found = [g["TargetGroupArn"] for g in (action.get("ForwardConfig") or {}).get("TargetGroups") or []]
    return found or ([action["TargetGroupArn"]] if action.get("TargetGroupArn") else [])


def watch(group: targets.Group) -> None:
    """Starts the health checks that are missing; in a group that no listener uses, nobody is checked."""
    balancer = next((_balancers[a] for a in group.balancers if a in _balancers), None)
    zones = {n.zone for a in group.balancers if a in _balancers for n in _balancers[a].nodes}
    for target in list(group.targets.values()):
        if balancer is None:
            target.become("unused", "Target.NotInUse")
        elif target.zone and target.zone not in zones:
            target.become("unused", "Target.NotInUse", targets.REASONS["Target.ZoneNotEnabled"])
        elif not target.watched and not target.draining:
            if target.state == "unused":
                target.become("initial", "Elb.RegistrationInProgress")
            target.watched = True
            sources = [n.address for n in balancer.nodes]
            loop.submit(health.watch(balancer.wire, sources, group, target, balancer.meter.sample_hosts))


def close_all() -> None:
    """Frees every address and ends the loop; at a reset and at shutdown."""
    with _lock:
        gone = list(_balancers.values())
        _balancers.clear()
    for balancer in gone:
        balancer.close()
    loop.call(upstream.pool.clear)
    loop.stop()
    for balancer in gone:
        for node in balancer.nodes:
            with contextlib.suppress(Exception):
                balancer.wire.drop(node.address)
        if balancer.public:
            with contextlib.suppress(Exception):
                balancer.wire.release_public(balancer.public)
    targets.clear()
    upstream.pool.forget()


tasks.on_reset(close_all)
