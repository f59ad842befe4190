"""CodeBuild: builds really run, as processes of this machine, under the service role's permissions.

Not here: webhooks, batches, fleets, sandboxes, code coverage; they answer NotImplemented.
"""

from __future__ import annotations


def register() -> None:
    from rehearsal.kernel.operations import whole_service
    from rehearsal.services.codebuild import builds_api, host, projects_api, reports_api  # noqa: F401  (they register operations)

    whole_service("codebuild")
    # Before the server cleans the environment of everything that is the user's.
    host.remember()


def start() -> None:
    """What a rehearsal of this name that was killed has left goes first; its processes ended with it."""
    import shutil

    from rehearsal.services.codebuild import store

    shutil.rmtree(store.scratch_root(), ignore_errors=True)


def stop() -> None:
    from rehearsal.services.codebuild import store

    store.forget()
