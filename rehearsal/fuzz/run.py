"""Draws cases, sends them, keeps what fails: one shrunk case for each way of failing."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from rehearsal.fuzz import door, shrink
from rehearsal.fuzz import smoke as operations_smoke
from rehearsal.fuzz.seeds import ROLE
from rehearsal.fuzz.targets import Target, ask
from rehearsal.kernel import control

FRESH_AFTER = 300
SLOW_SECONDS = 30


def failures(target: Target, case: Any) -> set[str]:
    """The names of what goes wrong with a case; empty if nothing does."""
    door.watch.taken()
    began = time.monotonic()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            broken = target.send(case)
    except Exception as error:
        # The reply could not even be written.
        broken = [door.name_of(error)]
    named = {name for _, name in door.watch.taken()}
    if time.monotonic() - began > SLOW_SECONDS:
        named.add("slow")
    return named or set(broken)


def prepare() -> None:
    """An empty rehearsal with what the targets speak of."""
    control.reset()
    door.ask("s3", "CreateBucket", {"Bucket": "fuzz"})
    key = json.loads(door.ask("kms", "CreateKey", {}).body)["KeyMetadata"]["KeyId"]
    door.ask("kms", "CreateAlias", {"AliasName": "alias/fuzz", "TargetKeyId": key})
    door.ask("logs", "CreateLogGroup", {"logGroupName": "fuzz"})
    door.ask("sqs", "CreateQueue", {"QueueName": "fuzz"})
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    door.ask("iam", "CreateRole", {"RoleName": ROLE.rsplit("/", 1)[1], "AssumeRolePolicyDocument": json.dumps(trust)})


def run(targets: list[Target], seconds: float, seed: int, folder: Path) -> int:
    """@returns how many ways of failing were found."""
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, str] = {}
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        if number % FRESH_AFTER == 0:
            prepare()
        target = targets[number % len(targets)]
        random = Random(f"{seed}-{number}")
        number += 1
        try:
            case = target.make(random)
        except RecursionError:  # too deep for the tool itself
            continue
        for name in failures(target, case) - set(known):
            small = _shrunk(target, case, name)
            known[name] = target.name
            _keep(folder, len(known), target, name, small, f"{seed}-{number - 1}")
    print(f"{number} cases, {len(known)} ways of failing", file=sys.stderr, flush=True)
    return len(known)


def smoke(folder: Path) -> int:
    """Every implemented operation once over. @returns how many ways of failing were found."""
    folder.mkdir(parents=True, exist_ok=True)
    known: set[str] = set()
    target = Target("smoke", lambda random: None, lambda case: ask(*case))
    for number, case in enumerate(operations_smoke.cases()):
        if number % FRESH_AFTER == 0:
            prepare()
        for name in failures(target, list(case)) - known:
            known.add(name)
            _keep(folder, len(known), target, name, _shrunk(target, list(case), name), str(number))
    return len(known)


def _shrunk(target: Target, case: Any, name: str) -> Any:
    try:
        return shrink.smaller(case, lambda tried: name in failures(target, tried))
    except RecursionError:
        return case


def _keep(folder: Path, number: int, target: Target, name: str, case: Any, seed: str) -> None:
    found = {"target": target.name, "failure": name, "case": case, "seed": seed}
    (folder / f"{number:03}-{target.name}.json").write_text(json.dumps(found, indent=1) + "\n")
    shown = case if isinstance(case, str) else json.dumps(case)
    print(f"{target.name}: {name}\n  {shown[:600]!r}", file=sys.stderr, flush=True)
