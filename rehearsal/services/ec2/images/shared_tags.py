"""Tags on images of other accounts: whoever may see an image may tag it, for itself alone.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html: tags of a shared resource are not shared.
moto tags only what the account owns.
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images import image_store


@operation("ec2", "CreateTags")
def create_tags(call: Call) -> dict[str, Any]:
    backend = support.backend_of(call.account, call.region)
    wanted = call.params.get("Resources") or []
    images = [i for i in wanted if i.startswith("ami-") and i not in backend.amis]
    for identifier in images:
        image_store.find(identifier, call.account, call.region)
    own = [i for i in wanted if i not in images]
    if own or not images:
        call.moto({**call.params, "Resources": own})
    support.end_dry_run(call)
    if images:
        backend.create_tags(images, {tag["Key"]: tag.get("Value", "") for tag in call.params.get("Tags") or ()})
    return {}
