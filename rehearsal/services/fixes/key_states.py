"""A KMS key is switched by its ARN, too; moto knows its id alone there.

https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html (KeyId)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.kms.models import KmsBackend


def _by_id(original: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: KmsBackend, key_id: str, *rest: Any, **named: Any) -> Any:
        return original(self, self.get_key_id(key_id), *rest, **named)

    return call


def apply() -> None:
    for name in ("disable_key", "enable_key", "schedule_key_deletion", "cancel_key_deletion"):
        setattr(KmsBackend, name, _by_id(getattr(KmsBackend, name)))
