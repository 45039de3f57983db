"""What happens to pictures: their sizes are rendered, they expire, they are removed from wherever they are shown.

None of it knows of HTTP. Files leave the storage when the transaction of whoever removed a picture commits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Q, TextField, prefetch_related_objects
from django.db.models.functions import Cast
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.images.models import Filter
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Revision

from core.models import LibraryImage, Rendition, Thing
from core.picture_blocks import holds_pictures, names_of_pictures, without_picture
from core.picture_sizes import AVIF, LISTED, LOGO, SHAPES, SHARED, WEBP, Shape

if TYPE_CHECKING:
    from core.models import User

REMOVED_EVERYWHERE = "core.remove_picture"
REMOVED_FROM_PAGE = "core.picture_removed"


# --- Sizes ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=500)
def size_filter(spec: str) -> Filter:
    """Return what makes a size, read once."""
    return Filter(spec)


def read_sizes(images: Iterable[LibraryImage | None], shape: Shape | None = None) -> None:
    """Read the stored sizes of all these pictures in one query: those of a shape, or all."""
    found = [image for image in images if image is not None and image.may_be_shown()]
    if shape is None:
        prefetch_related_objects(found, "renditions")
        return
    sizes = Rendition.objects.filter(filter_spec__in=shape.all_specs())
    prefetch_related_objects(found, models.Prefetch("renditions", queryset=sizes, to_attr="prefetched_renditions"))


def shared_url(image: LibraryImage | None) -> str:
    """Return the address of the size that stands for its page elsewhere; empty as long as there is none to be shown."""
    if image is None or not image.may_be_shown():
        return ""
    found = image.find_existing_renditions(size_filter(SHARED))
    return next((size.url for size in found.values()), "")


def render_sizes(image: LibraryImage) -> int:
    """Make every size in which pages may show a picture and that is not there yet; return how many were made.

    An AVIF that is no smaller than its WebP is not kept.
    """
    read_sizes([image])
    measures = {"width": image.width, "height": image.height}
    before = len(image.renditions.all())
    plain = {spec for shape in SHAPES.values() for spec in shape.specs(WEBP, **measures)}
    rest = {shape.fallback(**measures) for shape in SHAPES.values()} | {SHARED, LISTED, LOGO}
    for spec in sorted(rest):
        image.get_rendition(size_filter(spec))
    for spec in sorted(plain):
        webp = image.get_rendition(size_filter(spec))
        avif = image.get_rendition(size_filter(spec.replace(f"format-{WEBP}", f"format-{AVIF}")))
        if avif.file.size >= webp.file.size:
            avif.delete()
    return Rendition.objects.filter(image=image).count() - before


def render_due_sizes(*, most: int) -> tuple[int, list[str]]:
    """Render the sizes of pictures that were uploaded or changed; return how many, and what went wrong with others."""
    done, problems = 0, []
    for image in LibraryImage.objects.filter(sizes_due=True).order_by("pk")[:most]:
        # First, so that whoever changes the picture meanwhile marks it anew.
        LibraryImage.objects.filter(pk=image.pk).update(sizes_due=False)
        if not image.may_be_shown():
            continue
        try:
            render_sizes(image)
        except Exception as error:  # one bad file stops no other
            problems.append(f"{image.pk} {image.title}: {type(error).__name__}: {error}")
        else:
            done += 1
    return done, problems


# --- Expiry -----------------------------------------------------------------------------------------------------------


def expire(day: date) -> int:
    """Take down the pictures that may not be shown any more, with their sizes, and bring back those that may again."""
    past = Q(shown_until__lt=day)
    changed = LibraryImage.objects.filter(past, is_expired=False) | LibraryImage.objects.filter(
        is_expired=True
    ).exclude(past)
    count = 0
    for image in changed.order_by("pk"):
        with transaction.atomic():
            image.is_expired = not image.may_be_shown(day)
            image.sizes_due = not image.is_expired
            if image.is_expired:
                image.renditions.all().delete()
            # Saved as any change of a picture is: kept pages are dropped, feeds follow.
            image.save(update_fields=["is_expired", "sizes_due"])
        count += 1
    return count


# --- Removal ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """A place where a picture is chosen: an object, and whether only its draft or an older version holds it."""

    holder: models.Model
    in_draft: bool


def uses_of(image: LibraryImage) -> list[Use]:
    """Return the pages and other objects that hold a picture now, and the pages whose newest draft holds it.

    Records of things are left out: they show what their page says.
    """
    live = [holder for holder, _references in ReferenceIndex.get_grouped_references_to(image)]
    live = [holder.specific if isinstance(holder, Page) else holder for holder in live if holder is not None]
    live = [holder for holder in live if not isinstance(holder, Thing)]
    known = {(type(holder), holder.pk) for holder in live}
    latest = _revisions_with(image).filter(pk__in=Page.objects.values("latest_revision"))
    pages = Page.objects.filter(pk__in=[int(revision.object_id) for revision, _content in _cleaned(latest, image.pk)])
    drafts = [page for page in pages.specific() if (type(page), page.pk) not in known]
    return [*(Use(holder, False) for holder in live), *(Use(page, True) for page in drafts)]


@transaction.atomic
def remove_everywhere(image: LibraryImage, *, user: User | None = None) -> list[Use]:
    """Take a picture from every page, draft, old version, translation and record, and delete it with its files.

    Return where it was. What readers were kept is dropped, and feeds follow, as when any picture is deleted.
    """
    image = LibraryImage.objects.select_for_update().get(pk=image.pk)
    uses = uses_of(image)
    log(image, REMOVED_EVERYWHERE, user=user, data={"uses": [str(use.holder) for use in uses]})
    for use in uses:
        if isinstance(use.holder, Page):
            log(use.holder, REMOVED_FROM_PAGE, user=user, data={"picture": image.title})
    image.delete()
    return uses


def before_deletion(image: LibraryImage) -> None:
    """Take a picture out of all blocks that hold it, whoever deletes it; columns that refer to it become null."""
    _clear_rows(image)
    for revision, content in _cleaned(_revisions_with(image), image.pk):
        Revision.objects.filter(pk=revision.pk).update(content=content)
    _clear_translations(image.pk)


def _clear_rows(image: LibraryImage) -> None:
    rows = ReferenceIndex.get_references_to(image).values_list("content_type", "object_id").distinct()
    for content_type_id, object_id in list(rows):
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        holder = model._default_manager.filter(pk=object_id).first() if model else None
        if holder is not None:
            _clear_row(holder, image.pk)


def _clear_row(holder: models.Model, pk: int) -> None:
    changed = []
    for field in _streams(type(holder)):
        stored = list(getattr(holder, field.name).raw_data)
        kept = without_picture(field.stream_block, stored, pk)
        if kept != stored:
            setattr(holder, field.name, StreamValue(field.stream_block, kept, is_lazy=True))
            changed.append(field.name)
    if changed:
        options: dict[str, Any] = {"clean": False} if isinstance(holder, Page) else {}
        holder.save(update_fields=changed, **options)


def _revisions_with(image: LibraryImage):
    """Return the revisions that may hold the picture; what they hold is looked at one by one."""
    kinds = [ContentType.objects.get_for_model(model).pk for model in _models_with_pictures()]
    told = Revision.objects.annotate(told=Cast("content", TextField()))
    return told.filter(content_type__in=kinds, told__contains=str(image.pk)).order_by("pk")


def _cleaned(revisions, pk: int) -> Iterator[tuple[Revision, dict[str, Any]]]:
    """Yield the revisions that hold a picture, with their content without it."""
    for revision in revisions.iterator(chunk_size=100):
        model = ContentType.objects.get_for_id(revision.content_type_id).model_class()
        content = _content_without(model, revision.content, pk) if model else revision.content
        if content != revision.content:
            yield revision, content


def _content_without(model: type[models.Model], content: dict[str, Any], pk: int) -> dict[str, Any]:
    kept = dict(content)
    for field in _choices(model):
        if kept.get(field.name) == pk:
            kept[field.name] = None
    for field in _streams(model):
        if told := kept.get(field.name):
            stored = json.loads(told)
            without = without_picture(field.stream_block, stored, pk)
            if without != stored:
                kept[field.name] = json.dumps(without)
    return kept


def _clear_translations(pk: int) -> None:
    """Take a picture out of what wagtail-localize keeps: sources as they were sent, pictures chosen for a language."""
    from wagtail_localize.models import SegmentOverride, TranslationSource

    sources = TranslationSource.objects.filter(content_json__contains=str(pk)).select_related("specific_content_type")
    for source in sources.iterator(chunk_size=100):
        model = source.specific_content_type.model_class()
        stored = json.loads(source.content_json)
        content = _content_without(model, stored, pk) if model else stored
        if content != stored:
            TranslationSource.objects.filter(pk=source.pk).update(content_json=json.dumps(content))
    names = {name for model in _models_with_pictures() for name in _names(model)}
    chosen = SegmentOverride.objects.filter(data_json=json.dumps(pk)).annotate(path=F("context__path"))
    SegmentOverride.objects.filter(
        pk__in=[each.pk for each in chosen if (each.path or "").rpartition(".")[2] in names]
    ).delete()


# --- Which models hold pictures ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _models_with_pictures() -> tuple[type[models.Model], ...]:
    return tuple(model for model in apps.get_models() if _streams(model) or _choices(model))


@lru_cache(maxsize=200)
def _streams(model: type[models.Model]) -> tuple[StreamField, ...]:
    return tuple(
        field
        for field in model._meta.get_fields()
        if isinstance(field, StreamField) and holds_pictures(field.stream_block)
    )


@lru_cache(maxsize=200)
def _choices(model: type[models.Model]) -> tuple[models.ForeignKey, ...]:
    return tuple(
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.model is LibraryImage
    )


def _names(model: type[models.Model]) -> set[str]:
    streams = {name for field in _streams(model) for name in names_of_pictures(field.stream_block)}
    return streams | {field.name for field in _choices(model)}
