"""A way through the host's own filter: docker and ufw drop what the machine forwards, and an accept in a table of ours
does not overrule a drop in theirs.

Both work in the table `ip filter`, chain FORWARD, that iptables makes. Rules there are ours by the uplink's name.
https://docs.docker.com/engine/network/packet-filtering-firewalls/
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.machines import host

_CHAIN = ("ip", "filter", "FORWARD")


def _listing() -> list[dict[str, Any]]:
    try:
        return json.loads(host.run("nft", "-j", "list", "chain", *_CHAIN))["nftables"]
    except host.HostError:
        return []  # nobody filters what is forwarded


def let_through(uplink: str) -> None:
    """Accepts what comes from and goes to `uplink`, before the drops, where forwarding is dropped by default."""
    chains = [entry["chain"] for entry in _listing() if "chain" in entry]
    if any(chain.get("policy") == "drop" for chain in chains):
        for match in ("iifname", "oifname"):
            host.run("nft", "insert", "rule", *_CHAIN, match, f'"{uplink}"', "accept")


def forget(uplink: str) -> None:
    for entry in _listing():
        rule = entry.get("rule", {})
        if uplink in json.dumps(rule.get("expr", [])):
            host.run("nft", "delete", "rule", *_CHAIN, "handle", str(rule["handle"]))
