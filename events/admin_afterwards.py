"""What can be done with events that are over: a higher room says, the list and the form of an event show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wagtail.admin.panels import Panel

if TYPE_CHECKING:
    from core.models import User
    from events.models import Event

# The hook of this room: a higher one registers for "what can this user do with these events once they are over?" and
# answers with label and url by the event's id.
afterwards_hooks: list[Callable[[Sequence[Event], User], dict[int, dict[str, str]]]] = []


def afterwards_buttons(events: Sequence[Event], user: User) -> dict[int, list[dict[str, str]]]:
    """Return the buttons of all rooms by the event's id."""
    found: dict[int, list[dict[str, str]]] = {}
    for hook in afterwards_hooks:
        for event_id, button in hook(events, user).items():
            found.setdefault(event_id, []).append(button)
    return found


class AfterwardsPanel(Panel):
    """Shows on the form of an event that is over what can be done with it."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one event's form."""

        template_name = "events/admin/afterwards.html"

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            record = self.instance.record if self.instance.pk else None
            user = self.request.user if self.request else None
            self.buttons = afterwards_buttons([record], user).get(record.pk, []) if record and user else []

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.buttons)

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"buttons": self.buttons}
