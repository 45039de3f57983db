"""Calendars of others in the admin: who may, what is said, what is asked of the worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, GroupSitePermission, Site

from core.models import User
from events.models import CalendarSource, Event, Occurrence
from tests.events.test_sources_taking import entry, source_of, taken

pytestmark = pytest.mark.django_db

LIST = "calendar_sources:index"


def form(**changes) -> dict:
    """Return a filled form."""
    names = {f"{field}_{code}": "" for field in ("name", "place") for code in ("en", "uk", "ru", "mk")}
    fields = {
        "name_en": "City school",
        "address": "webcal://school.example/calendar.ics",
        "page_url": "https://school.example/",
        "language": "uk",
        "branch": "",
        "active": "on",
    }
    return names | fields | changes


def editor(client, *, network: Site | None = None, page=None) -> User:
    """Log somebody in who may change the network's settings, or a page and what is below it."""
    user = User.objects.create_user("editor@library.example", "secret")
    group = Group.objects.create(name="Some editors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    if network:
        change = Permission.objects.get(codename="change_network")
        GroupSitePermission.objects.create(group=group, site=network, permission=change)
    if page:
        change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
        GroupPagePermission.objects.create(group=group, page=page, permission=change)
    user.groups.add(group)
    client.force_login(user)
    return user


@pytest.fixture
def admin(library, client):
    """Log an administrator in."""
    client.force_login(library.administrator())
    return client


def test_source_is_added_and_waits_for_the_worker(library, admin):
    response = admin.post(reverse("calendar_sources:add"), form(), follow=True)
    source = CalendarSource.objects.get()
    assert (source.site, source.next_read_at, str(source)) == (library.site, None, "City school")
    text = response.content.decode()
    assert "Within a minute or two it is read" in text
    assert "Waits to be read" in text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://localhost/uk/events/feed.ics", "leads to this very site"),
        ("https://user:pw@school.example/", "no address of a calendar that may be read"),
        ("https://school.example:8443/", "no address of a calendar that may be read"),
        ("ftp://school.example/", "no address of a calendar that may be read"),
    ],
)
def test_address_that_is_never_read_is_refused_in_words(admin, address, words):
    response = admin.post(reverse("calendar_sources:add"), form(address=address))
    assert words in response.content.decode()
    assert not CalendarSource.objects.exists()


def test_list_says_in_words_what_is_wrong_broken_ones_first(library, admin):
    source_of(
        library, name={"en": "Well school"}, read_at=timezone.now(), next_read_at=timezone.now() + timedelta(hours=1)
    )
    source_of(library, name={"en": "Broken school"}, fault="not_found", fault_detail="404", failures=3)
    source_of(library, name={"en": "Hidden school"}, active=False)
    text = admin.get(reverse(LIST)).content.decode()
    assert text.index("Broken school") < text.index("Well school")
    assert "There is no calendar at this address (any more)" in text
    assert "Not shown" in text
    assert "Read it now" in text


def test_form_shows_the_state_and_the_first_entries(library, admin):
    source = source_of(library, fault="timeout", read_at=timezone.now() - timedelta(days=2))
    taken(source, *(entry(day, uid=str(day), title=f"Концерт {day}") for day in range(1, 8)))
    text = admin.get(reverse("calendar_sources:edit", args=[source.pk])).content.decode()
    assert "took too long to answer" in text
    assert "Last read: 2\xa0days ago" in text
    assert "readers see what stood in it then" in text
    assert "7 coming dates" in text
    assert "Концерт 5" in text
    assert "Концерт 6" not in text


def test_reading_now_only_asks_the_worker(library, admin):
    source = source_of(library, next_read_at=timezone.now() + timedelta(hours=1))
    url = reverse("read_source", args=[source.pk])
    assert "within a minute" in admin.get(url).content.decode()
    admin.post(url)
    source.refresh_from_db()
    assert source.next_read_at <= timezone.now()
    assert source.tried_at is None


def test_changed_source_sorts_its_events_in_anew(library, admin):
    source = source_of(library)
    taken(source, entry())
    branch = library.branch().record
    changed = form(branch=str(branch.pk), address=source.address)
    admin.post(reverse("calendar_sources:edit", args=[source.pk]), changed)
    assert Occurrence.objects.get().branch == branch
    source.refresh_from_db()
    assert source.next_read_at <= timezone.now()


def test_deletion_says_what_disappears_and_takes_it_along(library, admin):
    source = source_of(library)
    taken(source, entry(1, uid="a"), entry(2, uid="b"))
    url = reverse("calendar_sources:delete", args=[source.pk])
    assert "2 coming dates disappear" in admin.get(url).content.decode()
    admin.post(url)
    assert not CalendarSource.objects.exists()
    assert not Event.objects.filter(is_public=True).exists()


def test_whoever_may_change_the_network_may_change_its_sources(library, client):
    source = source_of(library)
    editor(client, network=library.site)
    assert "City school" in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse("calendar_sources:edit", args=[source.pk])).status_code == 200


def test_editor_of_a_branch_keeps_to_sources_held_there(library, client):
    north, south = library.branch(key="north", title="North"), library.branch(key="south", title="South")
    mine = source_of(library, branch=north.record, name={"en": "Mine"})
    foreign = source_of(library, branch=south.record, name={"en": "Foreign"})
    editor(client, page=north)
    text = client.get(reverse(LIST)).content.decode()
    assert "Mine" in text
    assert "Foreign" not in text
    for name in ("calendar_sources:edit", "calendar_sources:delete", "read_source"):
        assert client.get(reverse(name, args=[mine.pk])).status_code == 200
        assert client.get(reverse(name, args=[foreign.pk])).status_code == 302
    add = reverse("calendar_sources:add")
    client.post(add, form(branch=str(south.record.pk)))
    client.post(add, form(branch=""))
    assert CalendarSource.objects.count() == 2
    client.post(add, form(branch=str(north.record.pk)))
    assert CalendarSource.objects.count() == 3


def test_whoever_may_change_neither_sees_no_sources(library, client):
    source = source_of(library)
    editor(client, page=library.article())
    assert client.get(reverse(LIST)).status_code == 302
    assert client.get(reverse("calendar_sources:edit", args=[source.pk])).status_code == 302
    assert "Calendars of others" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_reports_on_health_name_broken_sources(library, admin):
    source_of(library, fault="not_calendar")
    text = admin.get(reverse("feed_health")).content.decode()
    assert "Something is to be mended" in text
    assert "maybe a web page" in text
    parts = admin.get("/healthz").json()
    assert "not_calendar" in parts["calendars"][0]
    CalendarSource.objects.all().delete()
    assert admin.get("/healthz").json()["calendars"] == "ok"
