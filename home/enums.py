"""Closed sets of the home room."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class HitKind(TextChoices):
    """The kinds of pages among which a search can be narrowed."""

    PAGES = "pages", pgettext_lazy("kind of results", "Pages")
    EVENTS = "events", pgettext_lazy("kind of results", "Events")
    NEWS = "news", pgettext_lazy("kind of results", "News")
    BRANCHES = "branches", pgettext_lazy("kind of results", "Branches")
