"""Attributes of a topic that moto takes but does not tell.

https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend
from moto.core.utils import camelcase_to_underscores

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation

_KEPT = ("ArchivePolicy", "FifoThroughputScope", "SignatureVersion", "TracingConfig")


@operation("sns", "GetTopicAttributes")
def get_topic_attributes(call: Call) -> dict[str, Any]:
    told = call.moto()
    topic = get_backend("sns")[call.account][call.region].topics.get(call.params["TopicArn"])
    for name in _KEPT:
        value = getattr(topic, camelcase_to_underscores(name), None)
        if value not in (None, ""):
            told["Attributes"][name] = str(value)
    return told
