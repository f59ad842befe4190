"""EC2's images: made, copied, shared, found and put out of use, with the layers that they boot from."""

from __future__ import annotations


def register() -> None:
    """Imports the operations, which register themselves, and gives moto images that exist."""
    from rehearsal.services.ec2.images import (  # noqa: F401
        ancestry,
        base_images,
        copy_image,
        create_image,
        describe_images,
        image_attributes,
        parameters,
        public_access,
        references,
        retirement,
        shared_tags,
        usage_reports,
    )

    base_images.install()
