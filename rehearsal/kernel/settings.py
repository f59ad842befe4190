"""What one rehearsal is told at its start. Filled once by the command line, read everywhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "123456789012"
REGION = "us-east-1"
ADMIN_ACCESS_KEY = "AKIAREHEARSALADMIN00"
# As long as a real one, and no word that a screen could hold: scripts mask secrets in what they print.
ADMIN_SECRET_KEY = "wJalrOpensNothingOutsideThisMachine00000"


@dataclass
class Settings:
    """`speed` divides every wait that AWS itself would make (health checks, bake time, metric periods)."""

    name: str = "default"
    port: int = 4566
    speed: float = 10.0

    @property
    def state_dir(self) -> Path:
        """Where this rehearsal keeps what must be found again after a crash."""
        if os.geteuid() == 0:
            root = Path("/run/aws-rehearsal")
        else:
            root = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/tmp/rehearsal-{os.geteuid()}") / "aws-rehearsal"
        return root / self.name

    @property
    def crash_log(self) -> Path:
        """The log of the last rehearsal of this name that died."""
        return self.state_dir.with_name(f"{self.name}.crash-log")

    @property
    def cache_dir(self) -> Path:
        """Kept between rehearsals: the base image."""
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return base / "aws-rehearsal"


settings = Settings()
