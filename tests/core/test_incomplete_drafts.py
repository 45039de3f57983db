"""A draft may be incomplete wherever it likes: it is stored, opened again and previewed, and nothing of it is lost."""

import json

import pytest
from django.db import transaction
from django.urls import reverse
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import rich_text, streamfield

from branches.models import BranchPage
from core.label_block import LabelBlock
from events.models import EventPage
from home.models import HomePage, MissionPage, PlainPage
from news.models import ArticlePage
from tests.factories.forms import form_of, lists_of
from tests.factories.library import Library, soon

PAGES = {
    HomePage: lambda library: library.home,
    PlainPage: lambda library: _child(library.home, PlainPage(title="About us", slug="about")),
    MissionPage: lambda library: _child(
        library.home, MissionPage(title="Our mission", slug="mission", statement="To read.")
    ),
    BranchPage: lambda library: library.branch(),
    ArticlePage: lambda library: library.article(),
    EventPage: lambda library: library.event(starts_on=soon(5), ends_at=None),
}
HOW = {"by a person": {}, "by itself": {"HTTP_ACCEPT": "application/json"}}


def _child(parent, page):
    return Page.objects.get(pk=parent.pk).add_child(instance=page)


def _untouched(block):
    """Return what a form sends of a block into which nothing was typed."""
    if isinstance(block, blocks.StructBlock):
        return {name: _untouched(child) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        return streamfield([("item", _untouched(block.child_block))])
    if isinstance(block, blocks.StreamBlock):
        return streamfield([(name, _untouched(child)) for name, child in block.child_blocks.items()])
    if isinstance(block, TableBlock):
        return json.dumps(None)
    return rich_text("") if isinstance(block, blocks.RichTextBlock) else ""


def _draft(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


@pytest.fixture(scope="module")
def built_once(django_db_setup, django_db_blocker):
    """Build the library for all tests of this module: each of them works in a savepoint inside of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        library = Library()
        yield library, library.administrator()
        transaction.set_rollback(True)


@pytest.fixture
def admin(built_once, db, client):
    library, administrator = built_once
    client.force_login(administrator)
    return library


def _is_usable(client, page, form):
    """Tell whether the draft can be opened, looked at, and previewed while it is written."""
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    opened = [
        client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])),
        client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])),
        client.post(preview, form),
        client.get(preview),
    ]
    return [answer.status_code for answer in opened] == [200] * len(opened) and opened[2].json()["is_valid"]


def test_every_type_with_lists_is_known():
    with_lists = {model for model in get_page_models() if lists_of(model)}

    assert with_lists == set(PAGES)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(
    ("model", "name"), [(model, field.name) for model in PAGES for field in lists_of(model)], ids=str
)
def test_blocks_into_which_nothing_was_typed_are_kept(admin, client, model, name, how):
    page = PAGES[model](admin).specific
    children = page._meta.get_field(name).stream_block.child_blocks
    form = form_of(page, **{name: streamfield([(child, _untouched(block)) for child, block in children.items()])})

    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form, **HOW[how])

    assert answer.status_code == (302 if how == "by a person" else 200)
    assert [block.block_type for block in getattr(_draft(page), name)] == list(children)
    assert _is_usable(client, page, form)


INCOMPLETE = {
    "no first day": (BranchPage, "exceptions", "exception", {"last": "2027-05-01", "reason": {"en": "Repairs"}}),
    "hours of no day": (BranchPage, "exceptions", "exception", {"hours": "10–14", "kind": "staffed"}),
    "nobody's number": (BranchPage, "phones", "phone", {"kind": "office"}),
    "no date": (EventPage, "added", "date", {"starts": "10:00", "ends": "11:00", "place": {"en": "Town hall"}}),
    "no start": (EventPage, "added", "date", {"date": str(soon(9)), "ends": "11:00"}),
    "nowhere to go": (EventPage, "body", "call_to_action", {"text": "Join"}),
}


def _typed(block, given):
    """Return what a form sends of a structure of which only some parts were typed."""
    sent = {}
    for name, child in block.child_blocks.items():
        if isinstance(child, LabelBlock):
            sent |= {f"{name}_{code}": text for code, text in given.get(name, {}).items()}
        else:
            sent[name] = given.get(name, "")
    return sent


def _said(value):
    """Return the parts of a stored structure that say something, as they were typed."""
    texts = {name: part if isinstance(part, dict) else str(part).removesuffix(":00") for name, part in value.items()}
    return {name: text for name, text in texts.items() if text and text != "None"}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("case", INCOMPLETE)
def test_what_was_typed_of_an_incomplete_block_is_kept(admin, client, case, how):
    model, name, child, given = INCOMPLETE[case]
    page = PAGES[model](admin)
    block = page._meta.get_field(name).stream_block.child_blocks[child]
    form = form_of(page, **{name: streamfield([(child, _typed(block, given))])})

    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form, **HOW[how])

    [stored] = getattr(_draft(page), name)
    assert _said(block.get_prep_value(stored.value)) == given
    assert _is_usable(client, page, form)


@pytest.mark.parametrize("case", ["no first day", "no date", "no start", "nowhere to go"])
def test_incomplete_block_is_not_published(admin, client, case):
    model, name, child, given = INCOMPLETE[case]
    page = PAGES[model](admin)
    block = page._meta.get_field(name).stream_block.child_blocks[child]
    form = form_of(page, **{name: streamfield([(child, _typed(block, given))])}) | {"action-publish": "1"}

    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)

    assert answer.status_code == 200
    assert name in answer.context["form"].errors
    assert len(getattr(model.objects.get(pk=page.pk), name)) == 0


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("model", [EventPage, ArticlePage, BranchPage])
def test_new_draft_may_be_as_incomplete(admin, client, model, how):
    parent = {EventPage: admin.events, ArticlePage: admin.news, BranchPage: admin.branches}[model]
    children = {field.name: field.stream_block.child_blocks for field in lists_of(model)}
    lists = {
        name: streamfield([(child, _untouched(block)) for child, block in blocks_.items()])
        for name, blocks_ in children.items()
    }
    form = form_of(model(title="Only a title"), **lists)
    url = reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])

    answer = client.post(url, form, **HOW[how])

    assert answer.status_code == (302 if how == "by a person" else 200)
    draft = _draft(model.objects.get(title="Only a title"))
    assert {name: [block.block_type for block in getattr(draft, name)] for name in children} == {
        name: list(blocks_) for name, blocks_ in children.items()
    }
