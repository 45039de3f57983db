"""Adds pages in several languages at once, without revisions and without indexing each by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models.signals import post_save
from django.utils import timezone
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import Locale, Page, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update

from core.bulk import update_rows
from core.pages import BasePage, ThingPage

Words = Mapping[str, Mapping[str, Any]]


@contextmanager
def indexing_later() -> Iterator[None]:
    """Leave the search index and the reference index alone; whoever uses this rebuilds both at the end."""
    models = list(get_indexed_models())
    for model in models:
        post_save.disconnect(post_save_signal_handler, sender=model)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in models:
            post_save.connect(post_save_signal_handler, sender=model)


class Planter:
    """Puts pages into the tree of each language."""

    def __init__(self, languages: list[str]):
        self.languages = languages
        self.locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in languages}

    def source_among(self, words: Words, wanted: str) -> str:
        """Return the language to write a page in first: the wanted one if this site has it; empty where it has none."""
        codes = [code for code in self.languages if code in words]
        return wanted if wanted in codes else next(iter(codes), "")

    def plant(
        self,
        model: type[BasePage],
        parents: Mapping[str, Page],
        words: Words,
        *,
        source: str,
        slug: str,
        facts: Mapping[str, Any] | None = None,
        relations: Mapping[str, list] | None = None,
        at: datetime | None = None,
    ) -> dict[str, Page]:
        """Add one page in each language of `words`, the source first; return them by language."""
        at = at or timezone.now()
        key = uuid4()
        codes = sorted((code for code in words if code in self.languages), key=lambda code: code != source)
        pages = {}
        for code in codes:
            page = model(
                **words[code], **(facts or {}), slug=slug, locale=self.locales[code], translation_key=key, live=True,
                first_published_at=at, last_published_at=at,
            )  # fmt: skip
            for name, terms in (relations or {}).items():
                setattr(page, name, terms)
            pages[code] = _added(parents[code], page)
        if issubclass(model, ThingPage):
            _publish_thing(pages[codes[0]])
        return pages


def _added(parent: Page, page: Page) -> Page:
    # Treebeard counts on the parent's own numbers being fresh.
    fresh = Page.objects.get(pk=parent.pk)
    return fresh.add_child(instance=page)


def _publish_thing(page: ThingPage) -> None:
    from core.domain import things

    things.project(page, page.record)
    page.words_published(page.record)


def keep_first_revisions() -> None:
    """Give every page the revision that an editor's first publishing would have left, many in one statement.

    Without a live revision Wagtail takes a page down when a later change of it is scheduled.
    """
    pages = Page.objects.filter(latest_revision=None, alias_of=None, depth__gt=1)
    for model in {page.specific_class for page in pages.only("content_type")}:
        found = list(model.objects.filter(latest_revision=None, alias_of=None))
        revisions = Revision.objects.bulk_create([_revision(page) for page in found], batch_size=200)
        update_rows(
            Page,
            ["latest_revision", "live_revision", "latest_revision_created_at", "pk"],
            [(new.pk, new.pk, new.created_at, page.pk) for page, new in zip(found, revisions, strict=True)],
        )


def _revision(page: BasePage) -> Revision:
    return Revision(
        content_type=page.cached_content_type,
        base_content_type=page.get_base_content_type(),
        object_id=str(page.pk),
        object_str=str(page),
        content=page.serializable_data(),
        created_at=page.last_published_at or timezone.now(),
    )
