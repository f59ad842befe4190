"""What the load balancer does with requests.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
"""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from rehearsal.services.elb import loop
from rehearsal.tests.elb.conftest import Ground
from rehearsal.tests.elb.loopback import LOST, fetch, until


def healthy(ground: Ground, *addresses: str) -> None:
    until(lambda: all(ground.states().get(a) == "healthy" for a in addresses))


def test_answers_503_without_targets(ground: Ground) -> None:
    """troubleshooting.html: no registered targets."""
    status, headers, body = fetch(ground.port)
    assert (status, headers["Server"]) == (503, "awselb/2.0")
    assert b"503 Service Temporarily Unavailable" in body


def test_takes_turns_between_healthy_targets(ground: Ground) -> None:
    ground.site("10.1.1.10"), ground.site("10.1.2.10")
    healthy(ground, "10.1.1.10", "10.1.2.10")
    answers = Counter(fetch(ground.port)[2] for _ in range(10))
    assert answers == {b"10.1.1.10": 5, b"10.1.2.10": 5}


def test_turns_no_client_away_while_it_is_busy_itself(ground: Ground) -> None:
    """A full queue would drop their first packets, and they would try again after one, three and seven seconds."""
    go_on = threading.Event()
    loop.call(go_on.wait, 10)
    with ExitStack() as clients:
        try:
            for _ in range(300):
                clients.enter_context(socket.create_connection(("127.0.0.1", ground.port), timeout=0.5))
        finally:
            go_on.set()


def test_a_socket_that_is_slow_to_be_had_holds_up_no_other_request(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is made by a thread that enters the router, which takes its time where many threads are at work."""
    ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    dial, asked = ground.wire.dial, threading.Event()

    def slow(source: str | None, address: str, port: int) -> Any:
        if address == "10.1.2.10":
            asked.set()
            time.sleep(2)
        return dial(source, address, port)

    monkeypatch.setattr(ground.wire, "dial", slow)
    ground.site("10.1.2.10")
    assert asked.wait(5)
    begun = time.monotonic()
    assert fetch(ground.port)[2] == b"10.1.1.10"
    assert time.monotonic() - begun < 1


def test_tells_the_target_about_the_client(ground: Ground) -> None:
    """x-forwarded-headers.html"""
    site = ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    fetch(ground.port, "/a?b=c", {"X-Forwarded-For": "192.0.2.7", "Host": "shop.example"})
    _, path, headers, _ = site.requests[0]
    assert path == "/a?b=c" and headers["Host"] == "shop.example"
    assert headers["X-Forwarded-For"] == "192.0.2.7, 127.0.0.1"
    assert (headers["X-Forwarded-Proto"], headers["X-Forwarded-Port"]) == ("http", "80")
    assert headers["X-Amzn-Trace-Id"].startswith("Root=1-")


def test_keeps_connections_on_both_sides(ground: Ground) -> None:
    ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    connection = http.client.HTTPConnection("127.0.0.1", ground.port, timeout=5)
    for _ in range(5):
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.read() == b"10.1.1.10" and answer.getheader("Connection") == "keep-alive"
    from rehearsal.services.elb.upstream import pool

    assert sum(len(waiting) for waiting in pool._idle.values()) == 1


def test_passes_bodies_in_both_framings(ground: Ground) -> None:
    ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    body = b"y" * 300_000
    assert fetch(ground.port, method="POST", body=body)[2] == b"10.1.1.10" + body
    chunked = fetch(ground.port, "/stream")
    assert chunked[1]["Transfer-Encoding"] == "chunked" and len(chunked[2]) == 50 * 1024
    assert fetch(ground.port, method="HEAD")[2] == b""


def test_answers_502_when_the_target_refuses_or_hangs_up(ground: Ground) -> None:
    """load-balancer-troubleshooting.html#http-502-issues"""
    site = ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    assert fetch(ground.port, "/drop")[0] == 502
    site.close()
    ground.sites.clear()
    assert fetch(ground.port)[0] == 502


def test_refuses_what_is_not_http(ground: Ground) -> None:
    import socket

    with socket.create_connection(("127.0.0.1", ground.port)) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


def test_sends_everything_to_unhealthy_targets_when_there_are_no_others(ground: Ground) -> None:
    """target-group-health-checks.html: fail-open."""
    site = ground.site("10.1.1.10")
    site.healthy = False
    until(lambda: ground.states()["10.1.1.10"] == "unhealthy")
    assert ground.reason("10.1.1.10") == ("Target.ResponseCodeMismatch", "Health checks failed with these codes: [500]")
    assert fetch(ground.port)[0] == 200


def test_leaves_an_unhealthy_target_alone_until_it_recovers(ground: Ground) -> None:
    good, bad = ground.site("10.1.1.10"), ground.site("10.1.2.10")
    healthy(ground, good.address, bad.address)
    bad.healthy = False
    until(lambda: ground.states()[bad.address] == "unhealthy")
    assert {fetch(ground.port)[2] for _ in range(6)} == {b"10.1.1.10"}
    bad.healthy = True
    healthy(ground, bad.address)


def test_finishes_requests_of_a_draining_target_and_gives_it_no_new_one(ground: Ground) -> None:
    """edit-target-group-attributes.html#deregistration-delay"""
    old, new = ground.site("10.1.1.10"), ground.site("10.1.2.10")
    healthy(ground, old.address, new.address)
    old.delay = new.delay = 0.8
    with ThreadPoolExecutor(8) as pool:
        under_way = [pool.submit(fetch, ground.port) for _ in range(8)]
        until(lambda: len(old.requests) == 4)
        ground.elb.deregister_targets(TargetGroupArn=ground.group, Targets=[{"Id": old.address}])
        assert ground.states()[old.address] == "draining"
        assert Counter(f.result()[2] for f in under_way) == {b"10.1.1.10": 4, b"10.1.2.10": 4}
    old.delay = new.delay = 0
    assert {fetch(ground.port)[2] for _ in range(6)} == {b"10.1.2.10"}
    until(lambda: old.address not in ground.states())
    assert ground.reason(old.address)[0] == "Target.NotRegistered"


def test_loses_nothing_while_targets_come_and_go(ground: Ground) -> None:
    """Several hundred requests a second go through (B21)."""
    ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    ended, answers = threading.Event(), Counter[int]()

    def customer() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", ground.port, timeout=5)
        while not ended.is_set():
            try:
                connection.request("GET", "/")
                answer = connection.getresponse()
                answer.read()
                answers[answer.status] += 1
            except (OSError, http.client.HTTPException):
                answers[LOST] += 1
                connection.close()

    crowd = [threading.Thread(target=customer) for _ in range(8)]
    for one in crowd:
        one.start()
    for turn in range(3):
        before, after = f"10.1.1.1{turn}", f"10.1.1.1{turn + 1}"
        ground.site(after)
        healthy(ground, after)
        ground.elb.deregister_targets(TargetGroupArn=ground.group, Targets=[{"Id": before}])
        until(lambda before=before: before not in ground.states())
        next(s for s in ground.sites if s.address == before).close()
        time.sleep(0.1)
    ended.set()
    for one in crowd:
        one.join()
    ground.sites = ground.sites[-1:]
    assert set(answers) == {200} and answers[200] > 200


def test_a_body_that_breaks_off_frees_the_target(ground: Ground) -> None:
    import socket

    from rehearsal.services.elb import targets

    ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    target = next(iter(targets.group(ground.group).targets.values()))
    with socket.create_connection(("127.0.0.1", ground.port)) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly this")
        until(lambda: target.inflight == 1)
    until(lambda: target.inflight == 0)
    assert fetch(ground.port)[0] == 200


def test_answers_504_when_the_target_takes_longer_than_the_idle_timeout(ground: Ground) -> None:
    """load-balancer-troubleshooting.html#http-504-issues"""
    ground.elb.modify_load_balancer_attributes(
        LoadBalancerArn=ground.arn, Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "1"}]
    )
    site = ground.site("10.1.1.10")
    healthy(ground, "10.1.1.10")
    site.delay = 1.6
    assert fetch(ground.port)[0] == 504
