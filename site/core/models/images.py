"""Images and documents of our own, so that they can carry what a library must know about them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, models, transaction
from django.db.models.fields.files import FieldFile, ImageFileDescriptor
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)

from core import photographs
from core.document_storage import document_storage
from core.enums import Consent
from core.labels import LabelField, label_in, label_language


class PreparedFile(ContentFile):
    """A file that `core.photographs` has made."""


class PhotographFieldFile(WagtailImageFieldFile):
    """The file of a picture: whatever way it comes in, only what was prepared is stored."""

    def save(self, name, content, save=True):
        if not isinstance(content, PreparedFile):
            content = prepared(content, name)
        self.instance.file_size = content.size
        self.instance.file_hash = hashlib.sha1(content.read(), usedforsecurity=False).hexdigest()
        self.instance.sizes_due = True
        content.seek(0)
        super().save(content.name, content, save=save)


class PhotographDescriptor(ImageFileDescriptor):
    """Makes a file fit for the site as soon as it is given to a picture, before anybody asks for its measures."""

    def __set__(self, instance, value):
        if isinstance(value, File) and not isinstance(value, FieldFile | PreparedFile):
            value = prepared(value, value.name)
        super().__set__(instance, value)


class PhotographField(WagtailImageField):
    """Stores photographs fit for the site; raises a PhotographError for what can't be made so."""

    attr_class = PhotographFieldFile
    descriptor_class = PhotographDescriptor


def prepared(content, name: str) -> PreparedFile:
    """Return the file fit for the site; raise a PhotographError for what can't be made so."""
    made = photographs.prepare(content, name, longest=settings.PICTURE_LONGEST_SIDE)
    return PreparedFile(made.content, made.name)


class LibraryImage(AbstractImage):
    """A picture with what it shows, whose it is, and whether and until when it may be shown."""

    file = PhotographField(verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    # Stored before the columns that tell its measures, as in Wagtail's own model.
    file.creation_counter = AbstractImage._meta.get_field("file").creation_counter
    alt = LabelField(
        _("what the picture shows"),
        max_length=300,
        blank=True,
        help_text=_("One sentence per language, for those who can't see it. A page can say it in other words."),
    )
    author = models.CharField(_("author"), max_length=120, blank=True)
    licence = models.CharField(
        _("licence"), max_length=120, blank=True, help_text=_("For example “CC BY 4.0”, or “with kind permission”.")
    )
    consent = models.CharField(
        _("consent of those shown"), max_length=20, choices=Consent.choices, default=Consent.NOT_ASKED
    )
    consent_note = models.CharField(
        _("note on consent"),
        max_length=300,
        blank=True,
        help_text=_("Who agreed, when, and where the paper is. Seen by editors only."),
    )
    shown_until = models.DateField(
        _("may be shown until"),
        null=True,
        blank=True,
        help_text=_("The last day. After it the picture disappears from all pages by itself."),
    )
    # What the worker has to do, and has done.
    sizes_due = models.BooleanField(default=True, db_index=True, editable=False)
    is_expired = models.BooleanField(default=False, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "alt",
        "author",
        "licence",
        "consent",
        "consent_note",
        "shown_until",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def _set_image_file_metadata(self) -> None:
        """Leave it to the file, which tells its size and hash whatever way it comes in."""

    @property
    def default_alt_text(self) -> str:
        """Return what the picture shows in the active language, or in the first that says it; never a file's name."""
        return label_in(self.alt) or self.description

    @property
    def alt_language(self) -> str:
        """Return the language of `default_alt_text`."""
        return label_language(self.alt)

    def may_be_shown(self, day: date | None = None) -> bool:
        """Return whether readers may see the picture on a day; today if none is given."""
        return self.shown_until is None or (day or timezone.localdate()) <= self.shown_until

    @property
    def shown_before(self) -> datetime | None:
        """Return the moment at which readers may not see the picture any more."""
        if self.shown_until is None or self.shown_until == date.max:
            return None
        return timezone.make_aware(datetime.combine(self.shown_until + timedelta(days=1), time.min))

    def create_rendition(self, filter: Filter) -> Rendition:
        """Make one size; no file stays behind where the picture went, or somebody else made the size, meanwhile."""
        with self.open_file() as source:
            made = self.generate_rendition_file(filter, source=source)
        size = Rendition(image=self, filter_spec=filter.spec, focal_point_key=filter.get_cache_key(self), file=made)
        try:
            with made, transaction.atomic():
                size.save()
        except IntegrityError:
            size.file.storage.delete(size.file.name)
            return self.renditions.get(filter_spec=size.filter_spec, focal_point_key=size.focal_point_key)
        return size

    def create_renditions(self, *filters: Filter) -> dict[Filter, Rendition]:
        """Make several sizes one after the other, so that their number costs no memory."""
        return {filter: self.create_rendition(filter) for filter in filters}


class Rendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(LibraryImage, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class LibraryDocument(AbstractDocument):
    """A file to download; it lies where only Wagtail's view, which asks who may read it, reaches it."""

    file = models.FileField(_("file"), upload_to="", storage=document_storage)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
