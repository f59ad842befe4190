"""What can be changed of an instance as it runs, one operation each."""

from collections.abc import Callable
from typing import Any


def associations(api: Any, instance: str) -> list[dict[str, Any]]:
    filters = [
        {"Name": "instance-id", "Values": [instance]},
        {"Name": "state", "Values": ["associating", "associated"]},
    ]
    return api.describe_iam_instance_profile_associations(Filters=filters)["IamInstanceProfileAssociations"]


def _profile(api: Any, instance: str, value: str | None) -> None:
    found = associations(api, instance)
    if value and found:
        api.replace_iam_instance_profile_association(
            AssociationId=found[0]["AssociationId"], IamInstanceProfile={"Name": value}
        )
    elif value:
        api.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile={"Name": value})
    elif found:
        api.disassociate_iam_instance_profile(AssociationId=found[0]["AssociationId"])


def _monitor(api: Any, instance: str, value: bool | None) -> None:
    (api.monitor_instances if value else api.unmonitor_instances)(InstanceIds=[instance])


def _attribute(name: str, default: Any) -> Callable[[Any, str, Any], None]:
    def modify(api: Any, instance: str, value: Any) -> None:
        chosen = default if value is None else value
        api.modify_instance_attribute(InstanceId=instance, **{name: {"Value": chosen}})

    return modify


IN_PLACE: dict[str, Callable[[Any, str, Any], None]] = {
    "DisableApiTermination": _attribute("DisableApiTermination", False),
    "InstanceInitiatedShutdownBehavior": _attribute("InstanceInitiatedShutdownBehavior", "stop"),
    "SourceDestCheck": _attribute("SourceDestCheck", True),
    "SecurityGroupIds": lambda api, instance, value: api.modify_instance_attribute(
        InstanceId=instance, Groups=value or []
    ),
    "MetadataOptions": lambda api, instance, value: api.modify_instance_metadata_options(
        InstanceId=instance, **(value or {})
    ),
    "CreditSpecification": lambda api, instance, value: api.modify_instance_credit_specification(
        InstanceCreditSpecifications=[{"InstanceId": instance, "CpuCredits": (value or {}).get("CPUCredits")}]
    ),
    "Monitoring": _monitor,
    "IamInstanceProfile": _profile,
}
