"""One request, as the operations see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.kernel.identity import Principal


@dataclass
class Call:
    """`params` has AWS's member names and types, as boto3's caller gave them."""

    service: str
    operation: str
    params: dict[str, Any]
    account: str
    region: str
    principal: Principal
    request_id: str
    forward: Callable[[dict[str, Any] | None, str | None], dict[str, Any]] = field(repr=False)

    def moto(self, params: dict[str, Any] | None = None, account: str | None = None) -> dict[str, Any]:
        """Runs moto's own implementation (with other params, or in another account) and returns what boto3 would.

        @raises AwsError with moto's code and message.
        """
        return self.forward(params, account)
