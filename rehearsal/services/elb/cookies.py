"""Stickiness: a cookie of the load balancer's own, or one that follows the application's.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#sticky-sessions
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from email.utils import formatdate
from http.cookies import CookieError, SimpleCookie

from rehearsal.kernel import tasks
from rehearsal.services.elb import http1
from rehearsal.services.elb.targets import Group, Target


def _names(group: Group) -> tuple[str, str]:
    if group.attribute("stickiness.type") == "app_cookie":
        return "AWSALBAPP-0", "AWSALBAPP-1"
    return "AWSALB", "AWSALBCORS"


def wanted(group: Group, head: http1.Head) -> tuple[str, int] | None:
    """The target that the client's cookie names, if the cookie is ours, of this group, and not too old."""
    if group.attribute("stickiness.enabled") != "true":
        return None
    cookies = SimpleCookie()
    try:
        cookies.load("; ".join(v for k, v in head.headers if k.lower() == "cookie"))
        value = next(cookies[name].value for name in _names(group) if name in cookies)
        arn, target, port, until = json.loads(base64.urlsafe_b64decode(value))
    except (StopIteration, CookieError, ValueError, binascii.Error, TypeError):
        return None
    return (target, int(port)) if arn == group.arn and time.time() < until else None


def fresh(group: Group, target: Target, answer: http1.Head) -> http1.Headers:
    """The Set-Cookie headers to add to an answer; the value means nothing to the client."""
    if group.attribute("stickiness.enabled") != "true":
        return []
    kind = group.attribute("stickiness.type")
    if kind == "app_cookie":
        name = group.attribute("stickiness.app_cookie.cookie_name")
        if not any(k.lower() == "set-cookie" and v.startswith(f"{name}=") for k, v in answer.headers):
            return []
    seconds = float(group.attribute(f"stickiness.{kind}.duration_seconds", "86400"))
    until = time.time() + seconds / tasks.speed()
    value = base64.urlsafe_b64encode(json.dumps([group.arn, target.id, target.port, until]).encode()).decode()
    expires = formatdate(time.time() + seconds, usegmt=True)
    plain, cross_site = _names(group)
    return [
        ("Set-Cookie", f"{plain}={value}; Expires={expires}; Path=/"),
        ("Set-Cookie", f"{cross_site}={value}; Expires={expires}; Path=/; SameSite=None"),
    ]
