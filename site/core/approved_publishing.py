"""What follows when a workflow has approved a version; named in WAGTAIL_FINISH_WORKFLOW_ACTION.

Wagtail imports this while its own models are still being made, so nothing of them is imported here at once.
"""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what a workflow has approved, unless it waits for somebody's word."""
    from core.scheduled_publishing import held_back

    revision = workflow_state.content_object.get_latest_revision()
    if not held_back(revision):
        revision.publish(user=user)
