"""A new event out of one that there is: its words in every language and its plan, moved to another first day.

What befell the old one (operations, dates, whoever came) stays with it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from core.slugs import slugify_words, unique_slug
from events.schedule import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from wagtail.models import Page

    from core.models import User
    from events.models import EventPage


@transaction.atomic
def copy_event(source: EventPage, *, first: date, title: str, user: User | None = None) -> EventPage:
    """Return the draft of a new event beside the old one, its dates moved so that the first is on a day.

    It begins with what is written now, drafts included. Translations come along as drafts; the title is that of the
    source's language, other languages keep theirs.
    """
    draft = source.get_latest_revision_as_object()
    parent = source.get_parent()
    slug = free_slug(parent, title, source.locale.language_code)
    key = uuid4()
    copy = _copied(source, draft, parent, {"title": title, "slug": slug, "translation_key": key}, user)
    _move_plan(copy, (first - draft.starts_on) if draft.starts_on else None, first)
    copy.is_template = False
    copy.save()
    copy.save_revision(user=user, clean=False)
    for words in source.get_translations().filter(alias_of=None).specific():
        above = parent.get_translation_or_none(words.locale)
        if above is not None:
            written = words.get_latest_revision_as_object()
            other = _copied(words, written, above, {"slug": slug, "translation_key": key}, user)
            other.is_template = False
            other.save()
            other.save_revision(user=user, clean=False)
    return type(source).objects.get(pk=copy.pk)


def free_slug(parent: Page, title: str, language: str) -> str:
    """Return an address for a page below another that no page there has in any language."""
    from core.addresses import slug_is_taken

    return unique_slug(slugify_words(title, language), lambda slug: slug_is_taken(_nobody(parent), parent, slug))


def _nobody(parent: Page) -> Page:
    """Return a page that is none yet, as one to ask for."""
    from wagtail.models import Page

    return Page(translation_key=uuid4(), locale_id=parent.locale_id)


def _copied(page: EventPage, written: EventPage, parent: Page, attributes: dict, user: User | None) -> EventPage:
    """Return a copy of a page with what is written of it, as a draft without history."""
    copy = page.copy(
        to=parent,
        user=user,
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
        update_attrs=attributes,
    )
    copy = type(page).objects.get(pk=copy.pk)
    kept = {"title": copy.title} if "title" in attributes else {}
    facts = [field.attname for field in page.record_model.fact_fields()]
    for name in (*facts, "title", "lead", "body"):
        setattr(copy, name, getattr(written, name))
    for name in page.record_model.fact_relations:
        setattr(copy, name, getattr(written, name).all())
    for name, value in kept.items():
        setattr(copy, name, value)
    copy.draft_title = copy.title
    return copy


def _move_plan(page: EventPage, by: timedelta | None, first: date) -> None:
    """Move every day of a plan; days that would leave the calendar stay behind."""
    page.starts_on = first
    if by is None:
        return
    for name in ("ends_on", "repeat_until"):
        setattr(page, name, _moved(getattr(page, name), by))
    for stream in (page.left_out, page.added):
        for block in stream:
            if block.block_type == "date" and isinstance(block.value, date):
                block.value = _moved(block.value, by)
            elif block.value and block.value.get("date"):
                block.value["date"] = _moved(block.value["date"], by)
    page.__dict__.pop("schedule", None)


def _moved(day: date | None, by: timedelta) -> date | None:
    if day is None:
        return None
    try:
        moved = day + by
    except OverflowError:
        return day
    return moved if FIRST_DAY <= moved <= LAST_DAY else day
