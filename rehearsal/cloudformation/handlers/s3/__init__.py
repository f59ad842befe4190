"""Amazon S3's resource types."""

from rehearsal.cloudformation.handlers.s3.bucket import Bucket, BucketPolicy

HANDLERS = (Bucket(), BucketPolicy())
