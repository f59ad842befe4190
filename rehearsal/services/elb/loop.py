"""The one event loop that carries all load balancers' traffic. It runs only while there is a load balancer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None


def running() -> bool:
    return _loop is not None


def _ensure() -> asyncio.AbstractEventLoop:
    global _loop, _thread
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            _thread = threading.Thread(target=_loop.run_forever, name="elb", daemon=True)
            _thread.start()
        return _loop


def submit(work: Coroutine[Any, Any, Any]) -> Future[Any]:
    """Runs a coroutine on the loop, from any thread."""
    return asyncio.run_coroutine_threadsafe(work, _ensure())


def call(function: Callable[..., Any], *args: Any) -> None:
    """Runs a plain function on the loop soon; does nothing when no loop runs."""
    with _lock:
        if _loop is not None:
            _loop.call_soon_threadsafe(function, *args)


def run(work: Coroutine[Any, Any, Any], timeout: float = 30.0) -> Any:
    """Runs a coroutine on the loop and waits for its result."""
    return submit(work).result(timeout)


def stop() -> None:
    """Cancels everything on the loop and ends it."""
    global _loop, _thread
    with _lock:
        loop, thread, _loop, _thread = _loop, _thread, None, None
    if loop is None or thread is None:
        return

    def end() -> None:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()

        async def finish() -> None:
            left = [t for t in tasks if not t.done()]
            if left:
                await asyncio.wait(left, timeout=1)
            loop.stop()

        loop.create_task(finish())

    loop.call_soon_threadsafe(end)
    thread.join(3)
    if not thread.is_alive():
        loop.close()
