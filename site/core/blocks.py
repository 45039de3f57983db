"""The pieces that editors compose pages of."""

from collections.abc import Iterable, Iterator
from copy import deepcopy

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail_localize.segments import StringSegmentValue

CAPTION = "caption"
TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr", "blockquote"]
TABLE_OPTIONS = {
    "contextMenu": [
        "row_above",
        "row_below",
        "---------",
        "col_left",
        "col_right",
        "---------",
        "remove_row",
        "remove_col",
    ]
}


class ImageBlock(blocks.StructBlock):
    """A picture with what it shows, in words."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        required=False,
        max_length=300,
        label=_("What it shows"),
        help_text=_("For those who can't see it. Left empty, the picture's own words are taken."),
    )
    decorative = blocks.BooleanBlock(required=False, label=_("Pure ornament, there is nothing to tell"))
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "core/blocks/image.html"


class GalleryBlock(blocks.StreamBlock):
    """Several pictures."""

    picture = ImageBlock()


class GallerySetBlock(blocks.StructBlock):
    """A row of pictures with a heading."""

    heading = blocks.CharBlock(required=False, max_length=120, label=_("Heading"))
    pictures = blocks.ListBlock(ImageBlock(), min_num=1, label=_("Pictures"))

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "core/blocks/gallery.html"


class DocumentsBlock(blocks.StructBlock):
    """A list of files to download."""

    heading = blocks.CharBlock(required=False, max_length=120, label=_("Heading"))
    documents = blocks.ListBlock(DocumentChooserBlock(), min_num=1, label=_("Documents"))

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        template = "core/blocks/documents.html"


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(max_length=200, label=_("Question"))
    answer = blocks.RichTextBlock(features=["bold", "italic", "ol", "ul", "link"], label=_("Answer"))


class FaqBlock(blocks.StructBlock):
    """Questions that unfold."""

    heading = blocks.CharBlock(required=False, max_length=120, label=_("Heading"))
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "core/blocks/faq.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=pgettext_lazy("quotation", "Words"))
    source = blocks.CharBlock(required=False, max_length=160, label=_("Whose"))

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "core/blocks/quote.html"


class CallToActionBlock(blocks.StructBlock):
    """One thing to do, with a link to a page or an address."""

    text = blocks.CharBlock(max_length=80, label=_("What to do"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(required=False, label=_("or address"))
    note = blocks.CharBlock(required=False, max_length=160, label=_("Note"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        template = "core/blocks/call_to_action.html"

    def clean(self, value):
        cleaned = super().clean(value)
        if not (cleaned["page"] or cleaned["url"] or self.is_deferred_validation):
            raise blocks.StructBlockValidationError({"page": ValidationError(_("Choose a page or give an address."))})
        return cleaned


class VideoBlock(blocks.StructBlock):
    """A link to a video elsewhere; nobody is contacted before the reader follows it."""

    url = blocks.URLBlock(label=_("Address of the video"))
    title = blocks.CharBlock(max_length=160, label=_("Title"))
    still = ImageChooserBlock(required=False, label=_("Still picture"))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "core/blocks/video.html"


class TableSectionBlock(TableBlock):
    """A table with a header row; its caption and its cells are translated one by one (wagtail-localize)."""

    class Meta:
        icon = "table"
        label = _("Table")
        template = "core/blocks/table.html"

    def get_translatable_segments(self, value: dict | None) -> list[StringSegmentValue]:
        """Return the caption and each cell that has words in it, by row and column."""
        texts = _texts_of_table(value or {})
        return [StringSegmentValue(path, text) for path, text in texts if any(map(str.isalpha, text))]

    def restore_translated_segments(self, value: dict, segments: Iterable[StringSegmentValue]) -> dict:
        """Return the table with the translated texts in their places."""
        table = deepcopy(value)
        for segment in segments:
            if segment.path == CAPTION:
                table["table_caption"] = segment.render_text()
            else:
                row, column = map(int, segment.path.split("."))
                table["data"][row][column] = segment.render_text()
        return table


def _texts_of_table(table: dict) -> Iterator[tuple[str, str]]:
    """Yield the texts of a table, each with the path that leads to it."""
    yield CAPTION, table.get("table_caption") or ""
    for number, row in enumerate(table.get("data") or []):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                yield f"{number}.{column}", cell


class BodyBlock(blocks.StreamBlock):
    """Everything that a page's text can hold."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Text"))
    image = ImageBlock()
    gallery = GallerySetBlock()
    documents = DocumentsBlock()
    table = TableSectionBlock(table_options=TABLE_OPTIONS)
    faq = FaqBlock()
    quote = QuoteBlock()
    call_to_action = CallToActionBlock()
    video = VideoBlock()
