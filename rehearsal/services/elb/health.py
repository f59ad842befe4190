"""Target health checks: as often and as strict as the target group says.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
The interval is AWS's own waiting and passes at the rehearsal's speed. The timeout bounds real work (a machine's
answer), so it is not shortened.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.services.elb import draining, http1, targets, upstream
from rehearsal.services.elb.targets import Group, Target
from rehearsal.services.elb.wire import Wire


def accepts(matcher: str, status: int) -> bool:
    """Whether a matcher such as "200", "200,202" or "200-399" names the status."""
    for part in matcher.split(","):
        low, _, high = part.strip().partition("-")
        if low and int(low) <= status <= int(high or low):
            return True
    return False


async def probe(wire: Wire, source: str | None, group: Group, target: Target) -> tuple[str, str] | None:
    """One check: None where it passed, else the reason code and its description."""
    model = group.model
    address = group.address(target)
    if address is None:
        return "Target.FailedHealthChecks", targets.REASONS["Target.FailedHealthChecks"]
    try:
        async with asyncio.timeout(float(model.health_check_timeout_seconds)):
            status = await _ask(wire, source, address, _port(model, target), model)
    except TimeoutError:
        return "Target.Timeout", targets.REASONS["Target.Timeout"]
    except (OSError, http1.Malformed, ValueError, asyncio.IncompleteReadError):
        return "Target.FailedHealthChecks", targets.REASONS["Target.FailedHealthChecks"]
    if accepts(str((model.matcher or {}).get("HttpCode") or "200"), status):
        return None
    return "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{status}]"


def _port(model: Any, target: Target) -> int:
    asked = str(model.health_check_port or "traffic-port")
    return target.port if asked == "traffic-port" else int(asked)


async def _ask(wire: Wire, source: str | None, address: str, port: int, model: Any) -> int:
    made, peer = await upstream.dial(wire, source, address, port)
    try:
        await asyncio.get_running_loop().sock_connect(made, peer)
        # Certificates of targets are not verified, as documented for target groups.
        context = ssl._create_unverified_context() if model.health_check_protocol == "HTTPS" else None
        reader, writer = await asyncio.open_connection(
            sock=made, ssl=context, server_hostname="" if context else None, limit=http1.HEAD_LIMIT
        )
    except BaseException:
        made.close()
        raise
    try:
        host = address if port == 80 else f"{address}:{port}"
        headers = [("Host", host), ("Connection", "close"), ("User-Agent", "ELB-HealthChecker/2.0")]
        headers.append(("Accept-Encoding", "gzip, compressed"))
        writer.write(http1.render(f"GET {model.health_check_path or '/'} HTTP/1.1", headers))
        while True:
            head = await http1.read_head(reader)
            if head is None:
                raise http1.Malformed("no answer")
            if int(head.first[1]) >= 200:
                return int(head.first[1])
    finally:
        writer.close()


def note(target: Target, failure: tuple[str, str] | None, healthy_threshold: int, unhealthy_threshold: int) -> None:
    """Counts one check. A new target needs a single success; later the thresholds count in both directions."""
    if target.draining:
        return
    if failure is None:
        target.passed, target.failed = target.passed + 1, 0
        if target.state in ("initial", "unused") or target.passed >= healthy_threshold:
            target.become("healthy")
        return
    target.passed, target.failed = 0, target.failed + 1
    if target.failed >= unhealthy_threshold or target.state == "unhealthy":
        target.become("unhealthy", *failure)
    elif target.state == "initial":
        target.become("initial", "Elb.InitialHealthChecking")


async def watch(
    wire: Wire, sources: list[str], group: Group, target: Target, checked: Callable[[Group], None]
) -> None:
    """Checks one target until it is gone or drains, or its group is no longer in use; tells of each check."""
    target.watched = True
    turn = 0
    try:
        while group.balancers and group.targets.get((target.id, target.port)) is target and not target.draining:
            await _check(wire, sources[turn % len(sources)] if sources else None, group, target)
            turn += 1
            checked(group)
            await asyncio.sleep(float(group.model.health_check_interval_seconds) / tasks.speed())
    except KeyError:
        pass  # the group was deleted meanwhile
    finally:
        target.watched = False


async def _check(wire: Wire, source: str | None, group: Group, target: Target) -> None:
    model = group.model
    if model.target_type == "instance":
        instance = targets.instance_of(group.account, group.region, target.id)
        state = getattr(instance, "state", "terminated")
        if state in ("terminated", "shutting-down"):
            # An instance that ends is deregistered by itself.
            draining.begin(group, target)
            return
        if state in ("stopped", "stopping"):
            target.become("unused", "Target.InvalidState")
            return
    if not model.health_check_enabled:
        target.become("healthy")
        return
    if target.state == "initial" and target.reason == "Elb.RegistrationInProgress":
        target.become("initial", "Elb.InitialHealthChecking")
    failure = await probe(wire, source, group, target)
    note(target, failure, int(model.healthy_threshold_count), int(model.unhealthy_threshold_count))
