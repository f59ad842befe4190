"""From RunInstances to terminated: an instance of EC2's state, and the guest that it is on this machine."""

from __future__ import annotations

import copy
import threading
import time
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from moto.core.utils import utcnow

from rehearsal.kernel import bugs, tasks
from rehearsal.machines import addresses, base_image, guest, imds, network, vpcs
from rehearsal.machines.guest import Hardware
from rehearsal.services.ec2 import instance_metadata, states


@dataclass
class Machine:
    """`intent` tells an end that we asked for (stop, terminate, image, reset) from one that the guest chose."""

    instance: Any
    layers: tuple[str, ...]
    hardware: Hardware | None = None
    intent: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)


LONGEST_PENDING = 4.0
_machines: dict[str, Machine] = {}


def machine(instance_id: str) -> Machine | None:
    return _machines.get(instance_id)


def booted() -> int:
    """Instances that run or are about to."""
    return sum(1 for m in list(_machines.values()) if m.instance.state in ("pending", "running"))


def layers_in_use() -> set[str]:
    return {layer for m in list(_machines.values()) for layer in m.layers}


def launch(instance: Any, layers: tuple[str, ...]) -> None:
    """Boots a new instance, in the background."""
    found = Machine(instance, layers)
    _machines[instance.id] = found
    tasks.spawn(f"boot-{instance.id}", _start, found)


def refuse(instance: Any, code: str, message: str) -> None:
    """Ends a new instance that EC2 cannot start; what was made for it is given back."""
    _finish(Machine(instance, ()))
    states.put(instance, "terminated", code, message)


def start(found: Machine) -> None:
    """Boots a stopped instance again; its state is pending already."""
    tasks.spawn(f"boot-{found.instance.id}", _start, found)


def _start(found: Machine) -> None:
    ok, reason = network.available()
    if not ok:
        states.put(found.instance, "pending", "pending", f"The rehearsal cannot boot instances here: {reason}")
        return
    base_image.ensure()
    instance = found.instance
    with found.lock:
        if found.intent or instance.state != "pending":
            return  # terminated, or forgotten, before it began
        try:
            _boot(found)
        except Exception as error:
            bugs.report(f"{instance.id} did not boot")
            _finish(found)
            states.put(instance, "terminated", "Server.InternalError", f"Internal error on launch: {error}")
            return
    _settle(found)


def _settle(found: Machine) -> None:
    """EC2 shows an instance as running seconds after its power went on; here it is when SSH answers, or soon after.

    A client that waits for running, and then tries and waits by turns as Packer does, would lose its first turn else.
    """
    assert found.hardware is not None
    deadline = time.monotonic() + LONGEST_PENDING
    while time.monotonic() < deadline and not found.intent and guest.running(found.hardware):
        if guest.accepts_logins(found.hardware):
            break
        tasks.real_sleep(0.05)
    with found.lock:
        if not found.intent and found.instance.state == "pending":
            found.instance.running_since = utcnow()
            states.put(found.instance, "running")


def _boot(found: Machine) -> None:
    instance = found.instance
    interface = instance.nics[0]
    if found.hardware is None:
        cidr = ip_network(interface.subnet.cidr_block)
        found.hardware = Hardware(
            id=instance.id, layers=found.layers, ip=interface.private_ip_address, prefix=cidr.prefixlen,
            mac=interface.mac_address, hostname=instance.private_dns_name.split(".")[0],
            resolver=vpcs.resolvers().get(interface.subnet.vpc_id, "169.254.169.253"),
        )  # fmt: skip
        guest.create(found.hardware)
    imds.register(found.hardware.ip, lambda: instance_metadata.describe(instance))
    network.refresh_firewall()
    guest.boot(found.hardware, lambda: _ended(found))


def _ended(found: Machine) -> None:
    """The guest is down. If nobody asked for that, it shut itself down, and its shutdown behaviour decides."""
    if found.intent:
        return
    with found.lock:
        if found.intent or found.instance.state not in ("pending", "running"):
            return
        terminate = found.instance.instance_initiated_shutdown_behavior == "terminate"
        if terminate:
            found.intent = "terminate"
            states.put(found.instance, "shutting-down", *states.GUEST_SHUTDOWN)
            _finish(found)
            states.put(found.instance, "terminated", *states.GUEST_SHUTDOWN)
        else:
            _release_public(found.instance)
            states.put(found.instance, "stopped", *states.GUEST_SHUTDOWN)
            network.refresh_firewall()


def stop(found: Machine, force: bool) -> None:
    """Shuts the guest down and keeps its disk; the state is stopping already."""
    with found.lock:
        found.intent = "stop"
        if found.hardware:
            guest.stop(found.hardware, 0.0 if force else guest.PATIENCE)
        _release_public(found.instance)
        states.put(found.instance, "stopped", *states.USER_SHUTDOWN, transition=states.by_user())
        found.intent = ""
    network.refresh_firewall()


def terminate(found: Machine) -> None:
    """Ends the guest and deletes its disk; the state is shutting-down already."""
    with found.lock:
        found.intent = "terminate"
        if found.hardware:
            guest.stop(found.hardware)
        _finish(found)
        states.put(found.instance, "terminated", *states.USER_SHUTDOWN, transition=states.by_user())


def paused(found: Machine) -> bool:
    """Shuts a running guest down for an image of it; its state stays running. False if it was not up."""
    if found.hardware is None or not guest.running(found.hardware):
        return False
    found.intent = "image"
    guest.stop(found.hardware)
    return True


def resume(found: Machine) -> None:
    found.intent = ""
    if found.hardware:
        guest.boot(found.hardware, lambda: _ended(found))


def _finish(found: Machine) -> None:
    """Gives back what a terminated instance had: guest, addresses, interfaces, volumes, role."""
    instance = found.instance
    if found.hardware:
        imds.unregister(found.hardware.ip)
        guest.remove(found.hardware)
    _release_public(instance)
    for interface in instance.nics.values():
        if not interface.delete_on_termination:
            interface.status, interface.attachment_id, interface.instance = "available", None, None
    # moto's own clean-up of a terminated instance; its state and reason give way to ours at once.
    shown, reason = copy.copy(instance._state), instance.state_reason
    instance.terminate()
    instance._state, instance.state_reason = shown, reason
    _machines.pop(instance.id, None)
    network.refresh_firewall()


def _release_public(instance: Any) -> None:
    """An address that EC2 lent is gone with the stop; an Elastic IP stays.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    elastic = {address.public_ip for address in instance.ec2_backend.addresses}
    for interface in instance.nics.values():
        if interface.public_ip and interface.public_ip not in elastic:
            addresses.release(interface.public_ip)
            interface.public_ip = None


@network.on_forget
def forget() -> None:
    """After a reset nothing runs, and nothing that was about to run begins."""
    known = list(_machines.values())
    for found in known:
        found.intent = "reset"
    threads = [threading.Thread(target=_end, args=(found,)) for found in known]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _machines.clear()


def _end(found: Machine) -> None:
    with found.lock:
        if found.hardware:
            imds.unregister(found.hardware.ip)
            guest.remove(found.hardware)
