"""In which languages things have words, and which of these say less than the source: for lists in the admin.

Words are outdated when those of the source that readers see now are not those that were translated. Facts don't count:
they are the same in every language at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_field_value
from wagtail.models import Page, Revision
from wagtail_localize.fields import TranslatableField
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from core.models import Thing
from core.sites import language_codes_by_locale, languages_of

if TYPE_CHECKING:
    from core.pages import ThingPage

Words = dict[str, Any]


class WordsState(StrEnum):
    """What a thing's words in one language are worth."""

    SOURCE = "source"
    CURRENT = "current"
    OUTDATED = "outdated"
    DRAFT = "draft"
    MISSING = "missing"


# Seen beside the code, so that colour isn't all that tells them apart.
MARKS = {WordsState.SOURCE: "•", WordsState.OUTDATED: "!", WordsState.DRAFT: "…", WordsState.MISSING: "–"}
STATE_WORDS = {
    WordsState.SOURCE: _("%(language)s: written in this language"),
    WordsState.CURRENT: _("%(language)s: translated"),
    WordsState.OUTDATED: _("%(language)s: the translation is older than the text"),
    WordsState.DRAFT: _("%(language)s: not published"),
    WordsState.MISSING: _("%(language)s: missing"),
}


@dataclass(frozen=True)
class LanguageState:
    """A thing's words in one language; `page_id` is None where they are missing."""

    code: str
    state: WordsState
    page_id: int | None = None

    @property
    def mark(self) -> str:
        """A sign that goes with the code."""
        return MARKS.get(self.state, "")

    @property
    def sentence(self) -> str:
        """What the short code stands for."""
        return STATE_WORDS[self.state] % {"language": settings.ALL_LANGUAGES[self.code]}


def language_states(
    model: type[ThingPage], records: Iterable[Thing], sources: Mapping[int, ThingPage]
) -> dict[UUID, list[LanguageState]]:
    """Return the languages of each thing by its translation key, in the order of its site.

    `sources` are the things' source pages by id. The number of queries is the same for any number of things.
    """
    records = [record for record in records if record.source_page_id in sources]
    pages = _translations([record.translation_key for record in records])
    outdated = _outdated(model, sources, pages)
    codes = {site: languages_of(site) for site in {record.site for record in records}}
    return {
        record.translation_key: [
            _state(record, code, pages.get((record.translation_key, code)), outdated) for code in codes[record.site]
        ]
        for record in records
    }


def _translations(keys: Sequence[UUID]) -> dict[tuple[UUID, str], Page]:
    found = Page.objects.filter(translation_key__in=keys, alias_of=None).only(
        "translation_key", "locale", "live", "last_published_at"
    )
    codes = language_codes_by_locale()
    return {(page.translation_key, codes[page.locale_id]): page for page in found}


def _state(record: Thing, code: str, page: Page | None, outdated: set[int]) -> LanguageState:
    if page is None:
        return LanguageState(code, WordsState.MISSING)
    if page.pk == record.source_page_id:
        state = WordsState.SOURCE
    elif not page.live:
        state = WordsState.DRAFT
    else:
        state = WordsState.OUTDATED if page.pk in outdated else WordsState.CURRENT
    return LanguageState(code, state, page.pk)


# --- What is outdated -------------------------------------------------------------------------------------------------


def _outdated(
    model: type[ThingPage], sources: Mapping[int, ThingPage], pages: Mapping[tuple[UUID, str], Page]
) -> set[int]:
    """Return the ids of the live translations whose source says something else by now."""
    names = [field.field_name for field in model.translatable_fields if isinstance(field, TranslatableField)]
    source_of = {source.translation_key: source for source in sources.values()}
    now = {key: _words_of_page(source, names) for key, source in source_of.items()}
    others = [page for page in pages.values() if page.live and page.pk not in sources and page.translation_key in now]
    synced = _synced(source_of)
    behind = {
        page.pk
        for page in others
        if (translation := synced.get((page.translation_key, page.locale_id))) is not None
        and _is_behind(translation, page, now[page.translation_key], names)
    }
    by_hand = [page for page in others if (page.translation_key, page.locale_id) not in synced]
    then = _words_translated_by_hand(by_hand, source_of, names)
    return behind | {page.pk for page in by_hand if page.pk in then and then[page.pk] != now[page.translation_key]}


def _synced(source_of: Mapping[UUID, ThingPage]) -> dict[tuple[UUID, int], Translation]:
    """Return the translations of the sources that wagtail-localize keeps, and whether they wait for sentences."""
    done = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale_id=OuterRef(OuterRef("target_locale_id")),
        has_error=False,
    )
    missing = StringSegment.objects.filter(~Exists(done), source_id=OuterRef("source_id"))
    rows = (
        Translation.objects.filter(source__object_id__in=list(source_of), enabled=True)
        .select_related("source")
        .annotate(waits=Exists(missing))
    )
    # After another language became the source, the old translations tell nothing about the new one.
    return {
        (row.source.object_id, row.target_locale_id): row
        for row in rows
        if row.source.locale_id == source_of[row.source.object_id].locale_id
    }


def _is_behind(translation: Translation, page: Page, now: Words, names: Sequence[str]) -> bool:
    source: TranslationSource = translation.source
    published = page.last_published_at
    if translation.waits or (published is not None and source.last_updated_at > published):
        return True
    return _words_of_json(json.loads(source.content_json), names) != now


def _words_translated_by_hand(
    pages: Sequence[Page], source_of: Mapping[UUID, ThingPage], names: Sequence[str]
) -> dict[int, Words]:
    """Return for each page the words that its source had when the page was published last, where that is known."""
    ids = {page.pk: str(source_of[page.translation_key].pk) for page in pages}
    revisions = Revision.page_revisions.filter(object_id__in=set(ids.values())).order_by("created_at", "pk")
    times = list(revisions.values_list("object_id", "created_at", "pk"))
    latest = {page.pk: _latest(times, ids[page.pk], page.last_published_at) for page in pages}
    contents = Revision.objects.in_bulk([pk for pk in latest.values() if pk])
    return {page_id: _words_of_json(contents[pk].content, names) for page_id, pk in latest.items() if pk}


def _latest(times: Iterable[tuple[str, datetime, int]], object_id: str, until: datetime | None) -> int | None:
    fitting = [pk for source, at, pk in times if source == object_id and until and at <= until]
    return fitting[-1] if fitting else None


# --- Words as values --------------------------------------------------------------------------------------------------


def _words_of_page(page: ThingPage, names: Sequence[str]) -> Words:
    return _words_of_json({name: get_field_value(page._meta.get_field(name), page) for name in names}, names)


def _words_of_json(content: Mapping[str, Any], names: Sequence[str]) -> Words:
    return {name: _without_ids(_loaded(content.get(name))) for name in names}


def _loaded(value: Any) -> Any:
    """Return the blocks of a StreamField from their text."""
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _without_ids(value: Any) -> Any:
    """Leave out the ids of blocks: they are nothing that anybody reads."""
    if isinstance(value, list):
        return [_without_ids(each) for each in value]
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if not (key == "id" and "type" in value)}
    return value
