"""What the forms of the admin send."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

# What stands in a form before anybody types, and what is read from the page, by the type of page.
FIXED = {
    "branchpage": {"zone": "Europe/Kyiv"},
    "eventpage": {"format": "onsite", "registration": "none", "repeat_every": "1"},
}
READ = {"eventpage": ("starts_on", "starts_at", "ends_at", "ends_on", "branch_id", "long_run")}


def lists_of(model: type[Page]) -> list[StreamField]:
    """Return the fields of a page type that hold lists of blocks."""
    return [field for field in model._meta.get_fields() if isinstance(field, StreamField)]


def form_of(page: Page, **data) -> dict[str, object]:
    """Return what the form of a page sends with `data` typed into it; its lists are empty but for those in `data`."""
    name = page._meta.model_name
    words = {"title": page.title, "slug": page.slug, "lead": getattr(page, "lead", "") or "Words."}
    empty = {field.name: streamfield([]) for field in lists_of(type(page))}
    facts = {each.removesuffix("_id"): getattr(page, each) for each in READ.get(name, ())}
    said = {each: value for each, value in facts.items() if value not in (None, False)}
    comments = {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    return nested_form_data(words | empty | FIXED.get(name, {}) | said | data) | comments


def save_in_form(client: Client, page: Page, **data):
    """Save a draft in the form of a page, or publish it with `publish=True`; return the answer."""
    action = {"action-publish": "1"} if data.pop("publish", False) else {}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, **data) | action)


def questions_after(client: Client, answer) -> list[str]:
    """Return the warnings that the editor reads after a form was saved."""
    assert answer.status_code == 302, answer.context["form"].errors
    return [str(one) for one in client.get(answer.url).context["messages"] if one.level_tag == "warning"]
