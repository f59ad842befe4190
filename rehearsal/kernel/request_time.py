"""When a request was signed: AWS takes no signature that is minutes off its own clock.

https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rehearsal.kernel.errors import AwsError

_FORM = "%Y%m%dT%H%M%SZ"
# EC2 and S3 document a quarter of an hour, the others five minutes.
_MINUTES = {"ec2": 15, "s3": 15}
_USUAL_MINUTES = 5


def check(service: str, date: str | None, expires: str | None, now: datetime) -> None:
    """`date`: X-Amz-Date of the header, or of the query. `expires`: seconds that a presigned query is good for.

    @raises AwsError as each service words it
    """
    if date is None:
        return
    try:
        signed = datetime.strptime(date, _FORM).replace(tzinfo=UTC)
    except ValueError:
        raise AwsError("IncompleteSignature", f"Date in wrong format: {date}", 400) from None
    minutes = _MINUTES.get(service, _USUAL_MINUTES)
    most = timedelta(minutes=minutes)
    if expires is not None and expires.isdigit():
        if now > signed + timedelta(seconds=int(expires)):
            raise AwsError("AccessDenied", "Request has expired", 403)
        if signed <= now + most:
            return
    if abs(now - signed) <= most:
        return
    if service == "s3":
        message = "The difference between the request time and the current time is too large."
        raise AwsError("RequestTimeTooSkewed", message, 403)
    if service == "ec2":
        raise AwsError("RequestExpired", "Request has expired.", 400)
    here = now.strftime(_FORM)
    if signed < now:
        limit = (now - most).strftime(_FORM)
        words = f"Signature expired: {date} is now earlier than {limit} ({here} - {minutes} min.)"
    else:
        limit = (now + most).strftime(_FORM)
        words = f"Signature not yet current: {date} is still later than {limit} ({here} + {minutes} min.)"
    raise AwsError("SignatureDoesNotMatch", words, 403)
