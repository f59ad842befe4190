"""GetImageAncestry: from an image back to the one that had none before it, also over those that are gone.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-ancestry.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images import base_images, image_store
from rehearsal.services.ec2.images.image import Image

# What was ever an image, by id.
_known: dict[str, tuple[datetime, str | None, str | None, str | None]] = {}


@tasks.on_reset
def _forget() -> None:
    _known.clear()


@image_store.on_add
def remember(image: Image) -> None:
    _known[image.id] = (image.creation_date, image.owner_alias, image.origin.image, image.origin.region)


@operation("ec2", "GetImageAncestry")
def get_image_ancestry(call: Call) -> dict[str, Any]:
    image = image_store.find(call.params.get("ImageId") or "", call.account, call.region)
    support.end_dry_run(call)
    remember(image)
    entries: list[dict[str, Any]] = []
    ident, region = image.id, call.region
    while ident:
        if ident in base_images.image_ids(region):
            remember(image_store.find(ident, base_images.OWNER, region))
        if ident not in _known:
            break
        created, alias, source, source_region = _known[ident]
        entry = {"CreationDate": created, "ImageId": ident, "ImageOwnerAlias": alias, "SourceImageId": source,
                 "SourceImageRegion": source_region}  # fmt: skip
        entries.append({name: value for name, value in entry.items() if value is not None})
        ident, region = source or "", source_region or ""
    return {"ImageAncestryEntries": entries}
