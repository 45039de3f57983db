"""Every piece that holds words can be translated with wagtail-localize, and comes back in its place."""

import json
from uuid import uuid4

import pytest
from django.test import TestCase
from django.urls import reverse
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from branches.models import BranchPage
from core.blocks import TableSectionBlock
from core.pages import BasePage
from home.models import HomePage, MissionPage, PlainPage
from tests.factories.library import publish, revise


def _sample(block, name: str):
    """Return a stored value in which everything that can hold words does, each text with a name of its own."""
    for kind, make in SAMPLES.items():
        if isinstance(block, kind):
            return make(block, name)
    raise AssertionError(f"Does {name} hold words?")


def _table(_block, name: str) -> dict:
    cells = [[f"{name} A", f"{name} B"], ["9–18", f"{name} C <b>"], [None, ""]]
    header = {"first_row_is_table_header": True, "first_col_is_header": False, "table_header_choice": "row"}
    return {"data": cells, "table_caption": f"{name} caption"} | header


def _struct(block, name: str) -> dict:
    return {key: _sample(child, f"{name} {key}") for key, child in block.child_blocks.items()}


def _list(block, name: str) -> list[dict]:
    values = (_sample(block.child_block, f"{name} {number}") for number in "12")
    return [{"type": "item", "value": value, "id": str(uuid4())} for value in values]


def _stream(block, _name: str = "") -> list[dict]:
    return [_member(key, child) for key, child in block.child_blocks.items()]


# What a kind of block holds; the first that fits, since an address is a text, too.
SAMPLES = {
    TableBlock: _table,
    blocks.StructBlock: _struct,
    blocks.ListBlock: _list,
    blocks.StreamBlock: _stream,
    blocks.RichTextBlock: lambda _block, name: f"<p>{name} first</p><p>{name} second</p>",
    blocks.URLBlock: lambda _block, _name: "https://video.example/",
    blocks.CharBlock | blocks.TextBlock: lambda _block, name: f"{name} words",
    blocks.IntegerBlock: lambda _block, _name: 3,
    blocks.BooleanBlock: lambda _block, _name: False,
    blocks.ChooserBlock: lambda _block, _name: None,
}


def _member(key: str, block) -> dict:
    return {"type": key, "value": _sample(block, f"Text {key}"), "id": str(uuid4())}


def _stream_fields() -> list[tuple[type[BasePage], str]]:
    """Return the lists of pieces that are words of the pages in these rooms, those of the plan left out."""
    pages = (HomePage, PlainPage, MissionPage, BranchPage)
    return [
        (page, field.field_name)
        for page in pages
        for field in page.translatable_fields
        if isinstance(page._meta.get_field(field.field_name), StreamField)
    ]


# Each piece once, on the first page that can hold it.
PIECES = list(
    {
        key: (page, name, key)
        for page, name in reversed(_stream_fields())
        for key in page._meta.get_field(name).stream_block.child_blocks
    }.values()
)


def _published(library, kind, field, data) -> BasePage:
    value = kind._meta.get_field(field).stream_block.to_python(data)
    if kind is HomePage:
        return revise(library.home, **{field: value})
    if kind is BranchPage:
        return library.branch(**{field: value})
    page = kind(title="Page", **{field: value}, **({"statement": "For all."} if kind is MissionPage else {}))
    return publish(Page.objects.get(pk=library.home.pk).add_child(instance=page))


def _translated(library, page) -> BasePage:
    """Return the page in Ukrainian, each sentence that was offered for translation with a sign before it."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=library.locales["uk"])
    for segment in source.stringsegment_set.select_related("string"):
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            data=f"Ї {segment.string.data}",
        )
    with TestCase.captureOnCommitCallbacks(execute=True):
        translation.save_target(publish=True)
    return type(page).objects.get(pk=page.get_translation(library.locales["uk"]).pk)


def _stored(page, field: str) -> str:
    return json.dumps(page._meta.get_field(field).get_prep_value(getattr(page, field)), ensure_ascii=False)


def _marked(text: str) -> str:
    return text.replace("Text ", "Ї Text ")


@pytest.mark.parametrize(("kind", "field", "key"), PIECES, ids=[f"{one[0].__name__}-{one[2]}" for one in PIECES])
def test_words_of_every_piece_come_back_translated(library, kind, field, key):
    data = [_member(key, kind._meta.get_field(field).stream_block.child_blocks[key])]
    page = _published(library, kind, field, data)

    there = _translated(library, page)

    before, after = json.loads(_stored(page, field)), json.loads(_stored(there, field))
    assert "Text " in json.dumps(before)
    assert json.dumps(after) == json.dumps(json.loads(_marked(json.dumps(before, ensure_ascii=False))))


def test_page_with_every_piece_opens_in_the_editor_of_translations(library, client):
    body = HomePage._meta.get_field("body").stream_block
    page = _published(library, HomePage, "body", _stream(body))
    there = _translated(library, page)
    client.force_login(library.administrator())

    html = client.get(reverse("wagtailadmin_pages:edit", args=[there.pk])).content.decode()

    assert ("Text table caption" in html, "Text table A" in html) == (True, True)


def test_table_offers_its_caption_and_the_cells_with_words():
    table = {"data": [["Day", None], ["", "9–18"], ["Sun", 5]], "table_caption": "Hours"}

    segments = TableSectionBlock().get_translatable_segments(table)

    assert [(one.path, one.render_text()) for one in segments] == [("caption", "Hours"), ("0.0", "Day"), ("2.0", "Sun")]


@pytest.mark.parametrize("empty", [None, {}, {"data": None, "table_caption": None}, {"data": []}])
def test_table_without_words_offers_nothing(empty):
    assert TableSectionBlock().get_translatable_segments(empty) == []


def test_translating_a_table_leaves_the_source_alone():
    block = TableSectionBlock()
    table = {"data": [["Day", "9–18"]], "table_caption": "Hours"}
    segments = [type(one)(one.path, f"Ї {one.render_text()}") for one in block.get_translatable_segments(table)]

    there = block.restore_translated_segments(table, segments)

    assert there == {"data": [["Ї Day", "9–18"]], "table_caption": "Ї Hours"}
    assert table == {"data": [["Day", "9–18"]], "table_caption": "Hours"}
