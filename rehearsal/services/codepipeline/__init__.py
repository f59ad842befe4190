"""CodePipeline: executions really run, stage by stage, through the services' own APIs and under the pipeline's roles.

Not here: webhooks, custom actions and their jobs, Git sources, Lambda and the other providers: NotImplemented.
"""

from __future__ import annotations


def register() -> None:
    from rehearsal.kernel.operations import whole_service
    from rehearsal.services.codepipeline import (  # noqa: F401  (they register operations)
        approvals_api,
        executions_api,
        pipelines_api,
        state_api,
        tags_api,
    )

    whole_service("codepipeline")
