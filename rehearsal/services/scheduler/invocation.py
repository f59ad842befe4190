"""One time of one schedule: called, called again where that fails, and in the end put into the dead-letter queue.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import calendar, clients
from rehearsal.services.scheduler import targets

# How long it waits before it tries again: twice as long each time, up to this. Unchecked: AWS tells no figures.
LONGEST = timedelta(minutes=5)


class Invocation:
    def __init__(self, schedule: Any, account: str, region: str, scheduled: datetime) -> None:
        self.schedule, self.account, self.region = schedule, account, region
        self.scheduled = self.due = scheduled
        self.target: dict[str, Any] = dict(schedule.target)
        self.id = str(uuid.uuid4())
        self.attempt = 0
        self.began: datetime | None = None
        self.after: Callable[[], None] = lambda: None

    def call(self) -> bool:
        """Whether it came to its end, good or bad; else it is due again."""
        self.attempt += 1
        self.began = self.began or calendar.now()
        try:
            targets.call(self.target, self.region, self._text(), self.id)
        except Exception as error:  # of any service, in any form
            exhausted = self._exhausted()
            if exhausted is None:
                self.due = calendar.now() + min(timedelta(seconds=2 ** min(self.attempt, 10)), LONGEST)
                return False
            self._dead_letter(error, exhausted)
            told = f"schedule {self.schedule.name}, target {self.target['Arn']}: {error}"
            print(told, file=sys.stderr, flush=True)
        self.after()
        return True

    def _text(self) -> str:
        """https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
        text = str(self.target.get("Input") or "{}")
        words = {
            "schedule-arn": self.schedule.arn,
            "scheduled-time": f"{self.scheduled:%Y-%m-%dT%H:%M:%SZ}",
            "execution-id": self.id,
            "attempt-number": str(self.attempt),
        }
        for word, value in words.items():
            text = text.replace(f"<aws.scheduler.{word}>", value)
        return text

    def _exhausted(self) -> str | None:
        policy = self.target.get("RetryPolicy") or {}
        if self.attempt > policy.get("MaximumRetryAttempts", 185):
            return "MaximumRetryAttempts"
        age = timedelta(seconds=policy.get("MaximumEventAgeInSeconds", 86400))
        assert self.began is not None
        return "MaximumEventAgeInSeconds" if calendar.now() - self.began >= age else None

    def _dead_letter(self, error: Exception, exhausted: str) -> None:
        queue = (self.target.get("DeadLetterConfig") or {}).get("Arn")
        if not queue:
            return
        said = error.response["Error"] if isinstance(error, ClientError) else {}
        attributes = {
            "ERROR_CODE": said.get("Code", type(error).__name__),
            "ERROR_MESSAGE": (said.get("Message") or str(error))[:1000],
            "EXECUTION_ID": self.id,
            "EXHAUSTED_RETRY_CONDITION": exhausted,
            "IS_PAYLOAD_TRUNCATED": "false",
            "RETRY_ATTEMPTS": str(self.attempt - 1),
            "SCHEDULED_TIME": f"{self.scheduled:%Y-%m-%dT%H:%M:%SZ}",
            "SCHEDULE_ARN": self.schedule.arn,
            "TARGET_ARN": self.target["Arn"],
        }
        region, account, name = queue.split(":")[3:6]
        try:
            # Under the schedule's role, which must be allowed to.
            sqs = clients.client("sqs", region, credentials=targets.credentials(self.target))
            sqs.send_message(
                QueueUrl=f"{clients.endpoint()}/{account}/{name}",
                MessageBody=self._text(),
                MessageAttributes={k: {"DataType": "String", "StringValue": v or "-"} for k, v in attributes.items()},
            )
        except Exception as refused:
            print(f"schedule {self.schedule.name}, dead-letter queue {queue}: {refused}", file=sys.stderr, flush=True)

