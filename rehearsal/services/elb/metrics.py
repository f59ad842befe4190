"""What the load balancers tell CloudWatch, once a minute (at the rehearsal's speed).

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
A metric is reported only where there is something to report, as documented under "Reporting criteria".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from rehearsal.kernel import readings
from rehearsal.services.cloudwatch import store
from rehearsal.services.elb import targets

NAMESPACE = "AWS/ApplicationELB"

# Of one balancer: (metric, target group's full name or "", zone or "") -> how often each value was seen.
Series = dict[tuple[str, str, str], Counter[float]]


class Meter:
    """Counts one load balancer's minute. Filled on the loop's thread, emptied by the clock's."""

    def __init__(self) -> None:
        self._series: Series = defaultdict(Counter)
        self._hosts: Series = defaultdict(Counter)

    def count(self, name: str, group: str = "", zone: str = "") -> None:
        self._series[(name, group, zone)][1.0] += 1

    def value(self, name: str, value: float, group: str = "", zone: str = "") -> None:
        """Three significant digits keep the number of different values small."""
        self._series[(name, group, zone)][float(f"{value:.3g}")] += 1

    def sample_hosts(self, group: targets.Group) -> None:
        """Adds the present numbers of hosts; several samples a minute, so that its minimum and maximum differ."""
        present = [t for t in list(group.targets.values()) if t.state in ("healthy", "unhealthy")]
        zones = sorted({t.zone for t in present if t.zone})
        for name, state in (("HealthyHostCount", "healthy"), ("UnHealthyHostCount", "unhealthy")):
            here = {zone: sum(t.state == state for t in present if t.zone == zone) for zone in zones}
            for zone, number in here.items():
                self._hosts[(name, group.full_name, zone)][float(number)] += 1
            whole = [sum(t.state == state for t in present)]
            if readings.holds("host-counts-by-zone"):
                # A load balancer has two zones at least; one without targets has none in either state.
                whole = [*here.values(), *([0] if len(here) < 2 else [])]
            for number in whole:
                self._hosts[(name, group.full_name, "")][float(number)] += 1

    def take(self) -> Series:
        taken, self._series = self._series, defaultdict(Counter)
        return taken

    def take_hosts(self) -> Series:
        taken, self._hosts = self._hosts, defaultdict(Counter)
        return taken


def answered_by_balancer(meter: Meter, status: int, zone: str = "") -> None:
    if status >= 500:
        meter.count("HTTPCode_ELB_5XX_Count", zone=zone)
        if status in (500, 502, 503, 504):
            meter.count(f"HTTPCode_ELB_{status}_Count", zone=zone)
    elif status >= 400:
        meter.count("HTTPCode_ELB_4XX_Count", zone=zone)
    elif status >= 300:
        meter.count("HTTPCode_ELB_3XX_Count", zone=zone)


def publish(balancer: Any) -> None:
    """Writes a balancer's minute to CloudWatch."""
    for (name, group, zone), values in balancer.meter.take().items():
        unit = "Seconds" if name == "TargetResponseTime" else "Count"
        for dimensions in _dimensions(balancer.full_name, group, zone):
            store.record(balancer.account, balancer.region, NAMESPACE, name, dimensions, values, unit)
    for group in targets.all_groups():
        if balancer.arn in group.balancers and group.targets:
            balancer.meter.sample_hosts(group)
    for (name, group_name, zone), values in balancer.meter.take_hosts().items():
        dimensions = {"TargetGroup": group_name, "LoadBalancer": balancer.full_name}
        if zone:
            dimensions["AvailabilityZone"] = zone
        store.record(balancer.account, balancer.region, NAMESPACE, name, dimensions, values, "Count")


def _dimensions(full_name: str, group: str, zone: str) -> list[dict[str, str]]:
    """A value counts in each set of dimensions that it belongs to, zone or not, group or not."""
    found: list[dict[str, str]] = []
    for with_group in {False, bool(group)}:
        for with_zone in {False, bool(zone)}:
            dimensions = {"TargetGroup": group} if with_group else {}
            if with_zone:
                dimensions["AvailabilityZone"] = zone
            found.append({**dimensions, "LoadBalancer": full_name})
    return found

