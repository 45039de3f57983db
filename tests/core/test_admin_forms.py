"""The forms of things' pages: the plan on the source only, terms in use only, labels inside of lists."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from branches.models import BranchPage
from core.label_block import LabelBlock
from core.labels import LabelWidget
from core.models import Audience
from events.enums import RegistrationMode
from events.models import Event, EventPage
from events.models.registration_rules import RegistrationRules
from tests.factories.library import publish, revise, soon

WORDS = {"lead": "Words.", "body": streamfield([])}


def _edit(client, page):
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _post(client, page, **data):
    comments = {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    data = nested_form_data({"title": page.title, "slug": page.slug} | WORDS | data) | comments
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return library


def test_form_of_a_translation_holds_words_only(admin, client):
    page = admin.translate(admin.event(), "uk", title="Шаховий клуб")

    form = _edit(client, page).context["form"]

    facts = {field.name for field in Event.fact_fields()} | set(Event.fact_relations)
    assert facts & set(form.fields) == set()
    assert {"title", "lead", "body", "slug"} <= set(form.fields)


def test_form_of_a_translation_shows_the_facts_and_where_they_are_changed(admin, client):
    source = admin.event(starts_on=soon(9))
    page = admin.translate(source, "uk", title="Шаховий клуб")

    html = _edit(client, page).content.decode()

    assert "They are changed on the page “Chess club”." in html
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[source.pk])}"' in html
    assert f"{soon(9).day} {soon(9):%B}" in html


def test_publishing_a_translation_leaves_the_facts_alone(admin, client):
    source = admin.event(starts_on=soon(9))
    page = admin.translate(source, "uk", title="Шаховий клуб")
    revise(source, starts_on=soon(10))

    _post(client, page, **{"title": "Шахи", "action-publish": "1", "starts_on": "2031-01-01"})

    assert EventPage.objects.get(pk=page.pk).title == "Шахи"
    assert Event.objects.get().starts_on == soon(10)


def test_form_of_the_source_holds_the_plan(admin, client):
    form = _edit(client, admin.event()).context["form"]

    plan = {field.name for field in Event.fact_fields()}
    if "here" not in RegistrationMode.values:
        # Nobody can register on this site yet, so nobody is asked how.
        plan -= {field.name for field in RegistrationRules._meta.fields}
    assert plan <= set(form.fields)


def test_retired_term_is_offered_where_it_is_chosen_already(admin, client):
    admin.terms()
    adults = Audience.objects.get(key="adults")
    chosen, other = admin.event(title="Chosen"), admin.event(title="Other")
    chosen.audiences = [adults]
    publish(chosen)
    Audience.objects.filter(key="adults").update(retired=True)

    offered = {
        page.title: [term.key for term in _edit(client, page).context["form"].fields["audiences"].queryset]
        for page in (chosen, other)
    }

    assert offered == {"Chosen": ["adults", "children"], "Other": ["children"]}


def test_number_of_queries_does_not_grow_with_the_branches(admin, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = admin.event()
    admin.branch()
    _edit(client, page)
    with CaptureQueriesContext(connection) as one:
        _edit(client, page)
    admin.branch(key="north", title="North")
    admin.branch(key="south", title="South")

    with django_assert_num_queries(len(one)):
        assert "South" in _edit(client, page).content.decode()


# --- Labels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ({"en": "Hall", "mk": "Сала"}, {"_en": "Hall", "_uk": "", "_ru": "", "_mk": "Сала"}),
        (["Hall", None, "", "Сала"], {"_en": "Hall", "_uk": "", "_ru": "", "_mk": "Сала"}),
        (None, {"_en": "", "_uk": "", "_ru": "", "_mk": ""}),
    ],
)
def test_label_in_a_list_is_given_to_the_script_by_input(value, state):
    block = LabelBlock()

    assert block.get_form_state(value) == state
    assert [f"name{suffix}" for suffix in state] == [
        subwidget["name"] for subwidget in LabelWidget().get_context("name", value, {})["widget"]["subwidgets"]
    ]


def test_form_of_a_branch_names_the_script_for_its_labels_and_hours(admin, client):
    html = _edit(client, admin.branch()).content.decode()

    assert "core.widgets.TextInputs" in html
    assert "admin/js/text-inputs" in html
    assert "admin/css/editor" in html


def test_label_in_a_list_is_stored_by_language(admin, client):
    page = admin.branch()
    exception = {"first": soon(3), "last": "", "kind": "", "hours": "", "reason_en": "Repairs", "reason_uk": "Ремонт"}
    streams = {name: streamfield([]) for name in ("phones", "mails", "photos")}

    response = _post(
        client,
        page,
        **streams,
        **{"exceptions": streamfield([("exception", exception)]), "zone": "Europe/Kyiv", "action-publish": "1"},
    )

    assert response.status_code == 302
    [stored] = BranchPage.objects.get(pk=page.pk).exceptions
    assert stored.value["reason"] == {"en": "Repairs", "uk": "Ремонт"}
