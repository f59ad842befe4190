"""Amazon S3's resource types."""

from rehearsal.services.cloudformation.handlers.s3.bucket import Bucket, BucketPolicy

HANDLERS = (Bucket(), BucketPolicy())
