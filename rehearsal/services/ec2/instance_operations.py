"""Start, stop, reboot and terminate: the state changes at once, the machine follows in the background.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.machines import guest, network
from rehearsal.services.ec2 import lifecycle, states, support


def instances(call: Call) -> list[Any]:
    """The instances that a request names. @raises AwsError InvalidInstanceID.Malformed | InvalidInstanceID.NotFound."""
    wanted = call.params.get("InstanceIds") or []
    if not wanted:
        raise AwsError("MissingParameter", "The request must contain the parameter InstanceId")
    for identifier in wanted:
        if not identifier.startswith("i-"):
            raise AwsError("InvalidInstanceID.Malformed", f'Invalid id: "{identifier}" (expecting "i-...")')
    known = {i.id: i for i in support.backend_of(call.account, call.region).all_instances()}
    missing = [i for i in wanted if i not in known]
    if missing:
        plural, verb = ("s", "do") if len(missing) > 1 else ("", "does")
        raise AwsError(
            "InvalidInstanceID.NotFound", f"The instance ID{plural} '{', '.join(missing)}' {verb} not exist"
        )
    return [known[i] for i in dict.fromkeys(wanted)]


def _refuse(instance: Any, verb: str) -> AwsError:
    return AwsError(
        "IncorrectInstanceState", f"The instance '{instance.id}' is not in a state from which it can be {verb}."
    )


def _background(name: str, instance: Any, work: Callable[..., None], *arguments: Any) -> bool:
    found = lifecycle.machine(instance.id)
    if found is not None:
        tasks.spawn(f"{name}-{instance.id}", work, found, *arguments)
    return found is not None


def _change(instance: Any, before: str) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "CurrentState": states.described(instance.state),
        "PreviousState": states.described(before),
    }


@operation("ec2", "TerminateInstances")
def terminate_instances(call: Call) -> dict[str, Any]:
    found, changes = instances(call), []
    for instance in found:
        if instance.disable_api_termination and instance.state != "terminated":
            raise AwsError(
                "OperationNotPermitted",
                f"The instance '{instance.id}' may not be terminated. Modify its 'disableApiTermination' instance "
                "attribute and try again.",
            )
    support.end_dry_run(call)
    for instance in found:
        before = instance.state
        if before not in ("shutting-down", "terminated"):
            states.put(instance, "shutting-down", *states.USER_SHUTDOWN, transition=states.by_user())
            _background("terminate", instance, lifecycle.terminate)
        changes.append(_change(instance, before))
    return {"TerminatingInstances": changes}


@operation("ec2", "StopInstances")
def stop_instances(call: Call) -> dict[str, Any]:
    found, changes = instances(call), []
    for instance in found:
        if instance.disable_api_stop:
            raise AwsError(
                "OperationNotPermitted",
                f"The instance '{instance.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and "
                "try again.",
            )
        if instance.state not in ("running", "stopping", "stopped"):
            raise _refuse(instance, "stopped")
    support.end_dry_run(call)
    for instance in found:
        before = instance.state
        if before == "running":
            states.put(instance, "stopping", *states.USER_SHUTDOWN, transition=states.by_user())
            _background("stop", instance, lifecycle.stop, bool(call.params.get("Force")))
        changes.append(_change(instance, before))
    return {"StoppingInstances": changes}


@operation("ec2", "StartInstances")
def start_instances(call: Call) -> dict[str, Any]:
    found, changes = instances(call), []
    for instance in found:
        if instance.state not in ("stopped", "running", "pending"):
            raise _refuse(instance, "started")
    support.end_dry_run(call)
    for instance in found:
        before = instance.state
        if before == "stopped":
            states.put(instance, "pending")
            for interface in instance.nics.values():
                # Stopped and started, an instance has another public address, if it had one of EC2's.
                if interface.public_ip is None and str(interface.public_ip_auto_assign).lower() == "true":
                    interface.public_ip = network.allocate_public_ip()
            _background("start", instance, lambda found: lifecycle.start(found))
        changes.append(_change(instance, before))
    return {"StartingInstances": changes}


@operation("ec2", "RebootInstances")
def reboot_instances(call: Call) -> dict[str, Any]:
    found = instances(call)
    for instance in found:
        if instance.state not in ("running", "pending"):
            raise _refuse(instance, "rebooted")
    support.end_dry_run(call)
    for instance in found:
        machine = lifecycle.machine(instance.id)
        if machine is not None and machine.hardware is not None:
            guest.reboot(machine.hardware)
    return {}


@operation("ec2", "ModifyInstanceAttribute")
def modify_instance_attribute(call: Call) -> dict[str, Any]:
    result = call.moto()
    network.refresh_firewall()
    return result
