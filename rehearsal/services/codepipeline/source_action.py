"""The S3 source: a versioned object becomes the pipeline's first artifact.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.codepipeline.work import Access, ActionFailed, refused

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
# The object's metadata that becomes the revision's summary.
SUMMARY = "codepipeline-artifact-revision-summary"


def run(access: Access) -> None:
    run = access.run
    bucket, key, version = _wanted(access)
    s3 = access.client("s3")
    try:
        if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            raise ActionFailed("ConfigurationError", f"The S3 bucket {bucket} is not versioned; enable versioning")
        if not key.endswith(_ARCHIVES):
            raise ActionFailed("ConfigurationError", f"The object {key} is not an archive: {', '.join(_ARCHIVES)}")
        head = s3.head_object(Bucket=bucket, Key=key, **({"VersionId": version} if version else {}))
        found = s3.get_object(Bucket=bucket, Key=key, VersionId=head["VersionId"])
    except ClientError as error:
        if error.response["Error"].get("Code") in ("404", "NoSuchKey", "NoSuchVersion"):
            raise ActionFailed(
                "JobFailed", f"The S3 object s3://{bucket}/{key} does not exist, or the role may not list its bucket"
            ) from error
        raise refused(f"reading s3://{bucket}/{key}", run.role, error) from error
    revision: dict[str, Any] = {
        "revisionId": head["VersionId"],
        "revisionSummary": head.get("Metadata", {}).get(SUMMARY, f"Amazon S3 version id: {head['VersionId']}"),
        "created": head["LastModified"],
        "revisionUrl": f"https://console.aws.amazon.com/s3/object/{bucket}?prefix={key}",
    }
    artifact = access.new_artifact(run.declared["outputArtifacts"][0]["name"], revision)
    access.upload(artifact, found["Body"].read())
    run.outputs = [artifact]
    run.external_id, run.external_url = head["VersionId"], revision["revisionUrl"]
    run.summary = revision["revisionSummary"]
    run.variables = {
        "BucketName": bucket,
        "ETag": head["ETag"].strip('"'),
        "ObjectKey": key,
        "VersionId": head["VersionId"],
    }


def _wanted(access: Access) -> tuple[str, str, str]:
    """Bucket, key and version, the latter two as StartPipelineExecution may have them.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-trigger-source-overrides.html
    """
    configuration, version = access.run.configuration, ""
    key = configuration["S3ObjectKey"]
    for override in access.execution.overrides:
        if override["actionName"] != access.run.name:
            continue
        if override["revisionType"] == "S3_OBJECT_VERSION_ID":
            version = override["revisionValue"]
        elif override["revisionType"] == "S3_OBJECT_KEY":
            key = override["revisionValue"]
    return configuration["S3Bucket"], key, version
