"""Copying an event and templates: words in every language and the plan come along, what befell the old one stays."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.models import Audience
from events.domain import operations
from events.domain.copying import copy_event
from events.models import Event, EventPage, Occurrence
from tests.factories.editors import editor_of
from tests.factories.forms import form_of
from tests.factories.library import publish, soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(library):
    """Return the page of a course in two languages, one of whose dates was cancelled."""
    library.terms()
    page = library.event(
        title="Course",
        body=[("text", "<p>Bring a spoon.</p>")],
        starts_on=date(2030, 3, 4),
        repeat="weekly",
        repeat_until=date(2030, 4, 29),
        left_out=[("date", date(2030, 3, 18)), ("moment", {"date": date(2030, 3, 25), "time": time(18)})],
        added=[("date", {"date": date(2030, 3, 7), "starts": None, "ends": None, "branch": "", "place": {}})],
        audiences=[Audience.objects.get(key="children")],
        branch=library.branch().record,
        room={"en": "Hall"},
        capacity=12,
    )
    library.translate(page, "uk", title="Курс", lead="Приходьте.")
    operations.cancel_occurrence(Occurrence.objects.order_by("slot")[1])
    return page


def test_copy_has_the_plan_moved_to_its_first_day(course):
    copy = copy_event(course, first=date(2030, 9, 2), title="Course")

    assert (copy.live, copy.slug, copy.starts_on, copy.repeat_until) == (
        False, "course-2", date(2030, 9, 2), date(2030, 10, 28),
    )  # fmt: skip
    assert copy.translation_key != course.translation_key
    assert (copy.room, copy.capacity, copy.branch) == ({"en": "Hall"}, 12, course.branch)
    assert [term.key for term in copy.audiences.all()] == ["children"]
    publish(copy)
    days = [row.local_start.date() for row in Event.objects.get(key="course-2").occurrences.order_by("slot")]
    shift = date(2030, 9, 2) - date(2030, 3, 4)
    old = [row.local_start.date() + shift for row in course.record.occurrences.order_by("slot")]
    assert days == old
    assert not Occurrence.objects.filter(event__key="course-2", cancelled=True).exists()


def test_copy_has_its_words_in_every_language_as_drafts(course, library):
    copy = copy_event(course, first=date(2030, 9, 2), title="Autumn course")

    other = copy.get_translation(library.locales["uk"]).specific
    assert (other.title, other.lead, other.slug, other.live) == ("Курс", "Приходьте.", copy.slug, False)
    assert (copy.title, copy.draft_title) == ("Autumn course", "Autumn course")
    assert copy.is_source
    assert not other.is_source
    assert "Bring a spoon" in str(copy.body)


def test_old_event_stays_as_it_was(course):
    before = [
        (row.uid, row.local_start, row.cancelled, row.sequence) for row in course.record.occurrences.order_by("pk")
    ]

    copy_event(course, first=date(2030, 9, 2), title="Course")

    after = [
        (row.uid, row.local_start, row.cancelled, row.sequence) for row in course.record.occurrences.order_by("pk")
    ]
    assert after == before
    page = EventPage.objects.get(pk=course.pk)
    assert (page.starts_on, page.live, page.title) == (date(2030, 3, 4), True, "Course")


def test_what_is_written_and_not_yet_published_is_copied_too(course):
    course.lead = "A new lead."
    course.save_revision()

    assert copy_event(course, first=date(2030, 9, 2), title="Course").lead == "A new lead."


@pytest.mark.parametrize("first", [date(2200, 12, 31), date(1900, 1, 1), date(2032, 2, 29)])
def test_days_never_leave_the_calendar(course, first):
    copy = copy_event(course, first=first, title="Course")

    assert copy.starts_on == first
    assert date(1900, 1, 1) <= copy.repeat_until <= date(2200, 12, 31)


def test_librarian_copies_with_one_form(course, library, client):
    client.force_login(library.administrator())
    url = reverse("events:copy", args=[course.pk])
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[course.pk])).content.decode()
    assert url in edit
    form = client.get(url).content.decode()
    assert 'value="Course"' in form

    answer = client.post(url, {"title": "Course", "first": "2030-09-02"})

    copy = EventPage.objects.get(starts_on=date(2030, 9, 2))
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[copy.pk])
    assert client.get(answer.url).status_code == 200
    for wrong in (
        {"title": "", "first": "2030-09-02"},
        {"title": "C", "first": "soon"},
        {"title": "C", "first": "9999-12-31"},
    ):
        assert client.post(url, wrong).status_code == 200
    assert EventPage.objects.filter(locale__language_code="en").count() == 2


def test_only_who_may_write_there_copies(course, library, client):
    client.force_login(editor_of(library.branch(key="mill", title="Mill")))
    url = reverse("events:copy", args=[course.pk])

    assert client.get(url).status_code in (302, 403)
    assert client.post(url, {"title": "Course", "first": "2030-09-02"}).status_code in (302, 403)
    assert EventPage.objects.filter(locale__language_code="en").count() == 1
    client.logout()
    assert client.get(url).status_code == 302


# --- Templates --------------------------------------------------------------------------------------------------------


@pytest.fixture
def template(library):
    """Return a template of an hour of tales."""
    return library.event(title="Hour of tales", publish_it=False, is_template=True, starts_on=soon(1))


def test_template_is_never_published_by_whatever_way(template, library, client):
    client.force_login(library.administrator())
    url = reverse("wagtailadmin_pages:edit", args=[template.pk])
    answer = client.post(url, form_of(template) | {"is_template": "on", "action-publish": "1"})
    assert "A template is never published" in str(answer.context["form"].errors)

    with pytest.raises(ValidationError, match="never published"):
        template.save_revision().publish()

    assert not EventPage.objects.get(pk=template.pk).live
    assert not Occurrence.objects.exists()
    assert client.post(url, form_of(template) | {"is_template": "on"}).status_code == 302


def test_event_begins_with_a_template(template, library, client):
    client.force_login(library.administrator())
    page = client.get(reverse("events:add"), {"starts_on": str(soon(9))}).content.decode()
    link = reverse("events:copy", args=[template.pk])
    assert f'href="{link}?first={soon(9)}"' in page

    answer = client.post(link, {"title": "Tales of May", "first": str(soon(9))})
    copy = EventPage.objects.get(title="Tales of May")

    assert (copy.is_template, copy.starts_on) == (False, soon(9))
    publish(copy)
    assert Occurrence.objects.public().count() == 1
    assert answer.status_code == 302


def test_list_calls_a_template_by_its_name(template, library, client):
    client.force_login(library.administrator())

    html = client.get(reverse("events:index")).content.decode()

    assert "template" in html.split("Hour of tales")[1].split("</tr>")[0]


def test_published_event_that_becomes_a_template_stays_published_until_it_is_taken_down(library):
    page = library.event()
    page.is_template = True
    page.save_revision()

    assert EventPage.objects.get(pk=page.pk).live
    assert Occurrence.objects.public().count() == 1


def test_copy_may_be_made_of_an_event_without_a_first_day(library):
    page = library.event(publish_it=False, starts_on=None)

    copy = copy_event(page, first=soon(3), title="Chess club")

    assert copy.starts_on == soon(3)


def test_moved_days_keep_their_distance_over_a_leap_day(library):
    page = library.event(starts_on=date(2027, 2, 22), repeat="weekly", repeat_until=date(2027, 3, 8))

    copy = copy_event(page, first=date(2028, 2, 21), title="Chess club")

    assert copy.repeat_until - copy.starts_on == timedelta(days=14)
    publish(copy)
    days = [row.local_start for row in Event.objects.get(source_page=copy.pk).occurrences.order_by("slot")]
    assert days == [datetime(2028, 2, day, 18) for day in (21, 28)] + [datetime(2028, 3, 6, 18)]
