"""What happens to things: records are made, plans projected, sources handed over, drift found and repaired.

Every function runs in the transaction of whoever calls it; none knows of HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models, transaction
from wagtail.models import Page, Revision

from core import addresses
from core.domain import privacy
from core.models import Thing

if TYPE_CHECKING:
    from core.pages import ThingPage


class NotPublishedError(ValueError):
    """A page that isn't published can't become the source of a thing that is public."""


def record_of(page: ThingPage) -> Thing | None:
    """Return the thing whose words the page is; a same-language alias shows the thing of the page it follows."""
    return _records_of(page).first()


def _records_of(page: ThingPage) -> models.QuerySet[Thing]:
    key = page.translation_key
    if page.alias_of_id:
        key = Page.objects.values_list("translation_key", flat=True).get(pk=page.alias_of_id)
    return page.record_model.objects.filter(translation_key=key)


def ensure_record(page: ThingPage) -> Thing | None:
    """Return the page's record, made with the page as its source if there is none; None for an alias without one."""
    from core.sites import site_of

    if page.alias_of_id:
        return record_of(page)
    record = page.record_model.objects.filter(translation_key=page.translation_key).first()
    if record is None:
        record = page.record_model(
            translation_key=page.translation_key,
            key=free_key(page.record_model, page.slug),
            site=site_of(page),
            source_page=page.page_ptr,
        )
        copy_facts(page, record)
        record.save()
    elif record.source_page_id is None:
        record.source_page = page.page_ptr
        record.save(update_fields=["source_page"])
    page.__dict__["record"] = record
    return record


def alias_changed(page: ThingPage) -> None:
    """Keep records right when a page becomes an alias or stops being one.

    A page that follows another has no plan: if it held one, the page that it follows takes that over. An alias in the
    same language that becomes a page of its own is a new thing.
    """
    record = page.record_model.objects.filter(translation_key=page.translation_key).first()
    if page.alias_of_id:
        if record is None:
            return
        if record.source_page_id == page.pk:
            make_source(page.alias_of.specific)
        # Its language has no words of its own any more.
        page.words_published(type(record).objects.get(pk=record.pk))
    elif record is None:
        ensure_record(page)
        if page.live:
            page_published(page)


def free_key(model: type[Thing], slug: str) -> str:
    """Return the slug, with a number behind it where the key was ever issued before."""
    from core.slugs import unique_slug

    return unique_slug(slug, lambda key: model.objects.filter(key=key).exists())


# --- Publishing ---------------------------------------------------------------------------------------------------


def page_published(page: ThingPage) -> None:
    """Project the plan if the page is its thing's source; let the thing know its new words."""
    record = _locked(page)
    if record is None:
        return
    if record.source_page_id == page.pk:
        project(page, record)
        _show_again(record)
    page.words_published(record)


def project(page: ThingPage, record: Thing) -> None:
    """Write the plan of a source page into the record and do what follows from it."""
    from core.sites import site_of

    copy_facts(page, record)
    record.site = site_of(page)
    record.is_public = not privacy.is_private(page)
    record.save()
    for name in record.fact_relations:
        getattr(record, name).set(getattr(page, name).all())
    page.__dict__["record"] = record
    page.projected(record)
    if not record.is_public:
        page.hidden(record)


def page_unpublished(page: ThingPage) -> None:
    """Hide the thing when its source is unpublished; its other pages follow and come back with it."""
    record = _locked(page)
    if record is None or page.alias_of_id:
        return
    if record.source_page_id != page.pk:
        page.words_published(record)
        return
    record.is_public = False
    record.hidden_with_source = dict(_unpublish_translations(page))
    record.save(update_fields=["is_public", "hidden_with_source", "changed_at"])
    page.__dict__["record"] = record
    page.hidden(record)


def _unpublish_translations(page: ThingPage) -> Iterator[tuple[str, int | None]]:
    for other in page.get_translations().live().filter(alias_of=None).specific():
        yield str(other.pk), other.live_revision_id
        other.unpublish()


def _show_again(record: Thing) -> None:
    """Publish the pages that were hidden with the source, as readers saw them last."""
    hidden, record.hidden_with_source = record.hidden_with_source, {}
    if not hidden:
        return
    record.save(update_fields=["hidden_with_source"])
    pages = Page.objects.filter(pk__in=hidden, live=False).exclude(pk=record.source_page_id)
    for page in pages.specific():
        # Drafts stand in revisions; the row of an unpublished page still says what readers saw.
        revision = Revision.page_revisions.filter(pk=hidden[str(page.pk)]).first() or page.save_revision(clean=False)
        revision.publish(skip_permission_checks=True)


# --- Sources ------------------------------------------------------------------------------------------------------


def make_source(page: ThingPage, *, user=None) -> None:
    """Let this page hold the plan from now on: it takes the record's facts, in its draft and in what is live.

    Raises NotPublishedError for a page that readers can't see while they can see the thing.
    """
    from wagtail_localize.models import Translation

    record = _locked(page)
    if record is None or record.source_page_id == page.pk:
        return
    if record.is_public and not page.live:
        raise NotPublishedError
    Translation.objects.filter(source__object_id=page.translation_key, target_locale=page.locale, enabled=True).update(
        enabled=False
    )
    record.source_page = page.page_ptr
    record.is_public = page.live and not privacy.is_private(page)
    record.save(update_fields=["source_page", "is_public"])
    page.__dict__["record"] = record
    # Without a newer draft Wagtail hands out the page itself, and keeping a revision then calls it changed.
    says_what_is_live = page.live and not page.has_unpublished_changes
    _take_facts(page, record)
    draft = page.get_latest_revision_as_object()
    draft.__dict__["record"] = record
    _take_facts(draft, record, save=False)
    revision = draft.save_revision(user=user, clean=False, log_action=False)
    if says_what_is_live:
        revision.publish(user=user, skip_permission_checks=True)
    elif page.live:
        # Its draft stays a draft; readers see the facts, and languages without words of their own now show this page's.
        page_published(page)
    else:
        page.words_published(record)


def hand_over(page: ThingPage) -> None:
    """Give the plan to another language before the source is deleted; without one the thing is hidden."""
    record = _locked(page)
    if record is None or record.source_page_id != page.pk or page.alias_of_id:
        return
    heir = _heir(page)
    if heir is None:
        record.source_page, record.is_public = None, False
        record.save(update_fields=["source_page", "is_public", "changed_at"])
        page.__dict__["record"] = record
        page.hidden(record)
        return
    if heir.alias_of_id:
        heir.alias_of = None
        heir.save(update_fields=["alias_of"], clean=False)
    record.is_public = heir.live and not privacy.is_private(heir)
    record.save(update_fields=["is_public", "changed_at"])
    make_source(heir)
    if not heir.live:
        heir.hidden(heir.record)


def _heir(page: ThingPage) -> ThingPage | None:
    """Return the page that comes next: words of its own before an alias, published before drafts, by language."""
    others = page.get_translations().select_related("locale").specific()
    return min(others, key=_order_of_heirs, default=None)


def _order_of_heirs(page: ThingPage) -> tuple[bool, bool, int]:
    return not page.live, bool(page.alias_of_id), addresses.language_rank(page.locale.language_code)


def _take_facts(page: ThingPage, record: Thing, *, save: bool = True) -> None:
    copy_facts(record, page)
    for name in record.fact_relations:
        getattr(page, name).set(getattr(record, name).all())
    if save:
        page.save(clean=False)


# --- Drift --------------------------------------------------------------------------------------------------------


def thing_models() -> list[type[Thing]]:
    """Return the models of all kinds of things."""
    return [model for model in apps.get_models() if issubclass(model, Thing)]


def drift(record: Thing) -> list[str]:
    """Return the names of the facts in which a record differs from its live source page, and of what lags behind it."""
    from core.sites import site_of

    page = record.source_page.specific if record.source_page_id else None
    if page is None or not page.live:
        return ["is_public"] if record.is_public else []
    names = [field.name for field in record.fact_fields() if facts_differ(field, page, record)]
    for name in record.fact_relations:
        if set(getattr(page, name).all()) != set(getattr(record, name).all()):
            names.append(name)
    if record.site_id != site_of(page).pk:
        names.insert(0, "site")
    if record.is_public is privacy.is_private(page):
        names = ["is_public", *names]
    return names or page.left_behind(record)


def all_drift() -> Iterator[tuple[Thing, list[str]]]:
    """Yield every record that differs from its source, with the names of what differs."""
    for model in thing_models():
        for record in model.objects.exclude(translation_key=None).select_related("source_page").iterator():
            if names := drift(record):
                yield record, names


def repair(record: Thing) -> None:
    """Make a record say again what its live source says, if it still differs when nobody else can write it."""
    with transaction.atomic():
        # What was done to it since it was found (a date cancelled, a source handed over) must hold.
        record = type(record).objects.select_for_update(no_key=True).get(pk=record.pk)
        if not drift(record):
            return
        page = record.source_page.specific if record.source_page_id else None
        if page is not None and page.live:
            project(page, record)
        else:
            record.is_public = False
            record.save(update_fields=["is_public", "changed_at"])
            if page is not None:
                page.hidden(record)


# --- Facts --------------------------------------------------------------------------------------------------------


def copy_facts(source: models.Model, target: models.Model) -> None:
    """Copy the plan's plain fields from one side to the other."""
    record = source if isinstance(source, Thing) else target
    for field in record.fact_fields():
        setattr(target, field.attname, getattr(source, field.attname))


def facts_differ(field: models.Field, page: models.Model, record: models.Model) -> bool:
    """Return whether a fact is not the same on both sides, as the database would store it."""
    return field.get_prep_value(getattr(page, field.attname)) != field.get_prep_value(getattr(record, field.attname))


def _locked(page: ThingPage) -> Thing | None:
    return _records_of(page).select_for_update(no_key=True).first()
