"""Causes and descriptions of scaling activities, as Auto Scaling writes them.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
"""

from __future__ import annotations

from datetime import datetime

from rehearsal.services.autoscaling.model import now


def stamp(moment: datetime | None = None) -> str:
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%SZ")


def user_created(desired: int) -> str:
    return (
        f"At {stamp()} a user request created an AutoScalingGroup changing the desired capacity from 0 to {desired}."
    )


def user_updated(minimum: int, maximum: int, desired: int, before: int) -> str:
    return (
        f"At {stamp()} a user request update of AutoScalingGroup constraints to min: {minimum}, max: {maximum}, "
        f"desired: {desired} changing the desired capacity from {before} to {desired}."
    )


def user_set_desired(desired: int, before: int) -> str:
    return (
        f"At {stamp()} a user request explicitly set group desired capacity changing the desired capacity from "
        f"{before} to {desired}."
    )


def policy_executed(name: str, before: int, desired: int) -> str:
    return (
        f"At {stamp()} a monitor alarm in state ALARM triggered policy {name} changing the desired capacity from "
        f"{before} to {desired}."
    )


def started(prefix: str, before: int, after: int) -> str:
    text = (
        f"At {stamp()} an instance was started in response to a difference between desired and actual capacity, "
        f"increasing the capacity from {before} to {after}."
    )
    return f"{prefix}  {text}" if prefix else text


REPLACED = "an instance was launched in response to an unhealthy instance needing to be replaced."
REFRESHED = "an instance was launched in response to an instance refresh."


def launched(because: str) -> str:
    return f"At {stamp()} {because}"


def shrunk(prefix: str, before: int, after: int, instance: str) -> str:
    text = (
        f"At {stamp()} an instance was taken out of service in response to a difference between desired and actual "
        f"capacity, shrinking the capacity from {before} to {after}.  At {stamp()} instance {instance} was selected "
        "for termination."
    )
    return f"{prefix}  {text}" if prefix else text


ENDED = "an EC2 health check indicating it has been terminated or stopped."
ELB_FAILED = "an ELB system health check failure."
USER_HEALTH = "a user health-check."
REFRESH = "an instance refresh."


def taken_out(because: str) -> str:
    return f"At {stamp()} an instance was taken out of service in response to {because}"


def user_terminated(instance: str, before: int | None = None, after: int | None = None) -> str:
    text = f"At {stamp()} instance {instance} was taken out of service in response to a user request"
    return f"{text}, shrinking the capacity from {before} to {after}." if before is not None else f"{text}."
