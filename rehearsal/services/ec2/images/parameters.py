"""Parameters of the data type aws:ec2:image, whose value is looked at only after PutParameter was answered.

https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html
"""

from __future__ import annotations

import threading
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2.images import image_store

DATA_TYPE = "aws:ec2:image"
VALIDATION_SECONDS = 5

_lock = threading.Lock()


@operation("ssm", "PutParameter")
def put_parameter(call: Call) -> dict[str, Any]:
    params = call.params
    store = get_backend("ssm")[call.account][call.region]
    name = params["Name"]
    kept = store._parameters.get(name) or []  # no public way that bears a missing one
    before = kept[-1].data_type if kept else None
    wanted = params.get("DataType") or before or "text"
    if before is not None and before != wanted and DATA_TYPE in (before, wanted) and params.get("Overwrite"):
        # unchecked: no page has the words
        raise AwsError("ValidationException", f"The data type of {name} cannot be changed from {before} to {wanted}.")
    if wanted != DATA_TYPE:
        return call.moto()
    if (params.get("Type") or (kept[-1].parameter_type if kept else "String")) != "String":
        raise AwsError("ValidationException", f"A parameter of the data type {DATA_TYPE} is a String.")
    with _lock:
        # moto looks at everything else; what it wrote waits until the image was looked at.
        reply = call.moto({**params, "DataType": DATA_TYPE})
        written = store._parameters[name].pop()
        if not store._parameters[name]:
            del store._parameters[name]
    tasks.spawn(f"parameter-{name}", _validate, store, name, written)
    return reply


def _validate(store: Any, name: str, written: Any) -> None:
    tasks.sleep(VALIDATION_SECONDS)
    try:
        image = image_store.find(written.value, store.account_id, store.region_name)
    except AwsError:
        return  # AWS tells it in an event alone
    if image.state != "available":
        return
    with _lock:
        versions = store._parameters[name]
        written.version = versions[-1].version + 1 if versions else 1
        versions.append(written)
