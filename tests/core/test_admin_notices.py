"""Notices in the admin: what the form refuses and warns of, copying, taking down, whose they are."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import GroupSitePermission, ModelLogEntry, Page, Site

from core.admin_notices import local_now, state_words
from core.models import Notice, User
from news.models import ArticlePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return client


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def form(library, **fields):
    now = local_now(library.site)
    usual = {
        "site": library.site.pk,
        "level": "important",
        "text_en": "Water is off",
        "begins": written(now),
        "ends": written(now + timedelta(hours=2)),
        "page": "",
        "address": "",
    }
    return usual | fields


def add(client, library, **fields):
    return client.post(reverse("notices:add"), form(library, **fields))


def put_up(site, **fields) -> Notice:
    return Notice.objects.create(
        **{"site": site, "text": {"en": "Water is off"}, "begins": datetime(2020, 1, 1, 9)} | fields
    )


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_notice_keeps_the_time_of_the_clock(admin, library):
    now = local_now(library.site)

    answer = add(admin, library, text_uk="Немає води", begins="2020-05-28 13:05")

    assert answer.status_code == 302
    stored = Notice.objects.get()
    assert (stored.text, stored.begins) == ({"en": "Water is off", "uk": "Немає води"}, datetime(2020, 5, 28, 13, 5))
    assert stored.ends == now + timedelta(hours=2)


def test_new_notice_begins_now_unless_somebody_says_otherwise(admin, library):
    html = admin.get(reverse("notices:add")).content.decode()

    assert f'value="{written(local_now(library.site))[:-3]}' in html
    assert 'name="site"' not in html


def test_site_is_chosen_where_there_are_several(admin, library, other):
    assert 'name="site"' in admin.get(reverse("notices:add")).content.decode()

    add(admin, library, site=other.pk)

    assert Notice.objects.get().site == other


def test_form_shows_again_what_was_stored(admin, library):
    notice = put_up(library.site, begins=datetime(2020, 5, 28, 13, 5))

    html = admin.get(reverse("notices:edit", args=[notice.pk])).content.decode()

    assert 'value="2020-05-28 13:05"' in html


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text_en": ""}, "text"),
        ({"begins": "soon"}, "begins"),
        ({"begins": ""}, "begins"),
        ({"begins": "0001-01-01 00:00"}, "begins"),
        ({"ends": "9999-12-31 23:59"}, "ends"),
        ({"begins": "2020-05-28 13:00", "ends": "2020-05-28 13:00"}, "ends"),
        ({"begins": "2020-05-28 13:00", "ends": "2020-05-28 14:00"}, "ends"),
        ({"address": "javascript:alert(1)", "link_text_en": "X"}, "address"),
        ({"address": "https://x.example/"}, "link_text"),
        ({"level": "panic"}, "level"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(admin, library, fields, field):
    answer = add(admin, library, **fields)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Notice.objects.exists()


def _heard(admin, address: str) -> list[str]:
    """Return the messages above a form, as they are read."""
    return [unescape(words).strip() for words in said(admin.get(address))]


def test_link_that_leads_nowhere_any_more_is_named_in_the_form(admin, library):
    page = library.article()
    notice = put_up(library.site, page=page, link_text={"en": "More"})
    edit = reverse("notices:edit", args=[notice.pk])
    heard = [_heard(admin, edit)]

    ArticlePage.objects.get(pk=page.pk).unpublish()
    heard.append(_heard(admin, edit))
    Page.objects.get(pk=page.pk).delete()
    heard.append(_heard(admin, edit))

    words = "Readers don't see the link of this notice: the page "
    assert heard == [[], [f"{words}is not published."], [f"{words}was deleted."]]


def test_notice_without_end_is_warned_of(admin, library):
    answer = add(admin, library, ends="")

    assert any("This notice has no end" in sentence for sentence in said(answer))
    assert Notice.objects.get().ends is None


def test_list_says_which_are_up(admin, library):
    now = local_now(library.site)
    notices = [
        put_up(library.site, ends=None),
        put_up(library.site, begins=now + timedelta(days=1)),
        put_up(library.site, ends=datetime(2020, 1, 2)),
    ]

    assert [state_words(notice) for notice in notices] == ["Shown now", "Not yet", "Over"]
    html = admin.get(reverse("notices:index")).content.decode()
    assert all(word in html for word in ("Shown now", "Not yet", "Over", "no end", "1 January 2020"))


def test_notice_is_taken_down_at_once_and_stays_in_the_list(admin, library):
    notice = put_up(library.site, ends=None)
    url = reverse("end_notice", args=[notice.pk])
    assert url in admin.get(reverse("notices:index")).content.decode()
    assert url in admin.get(reverse("notices:edit", args=[notice.pk])).content.decode()
    assert "Water is off" in admin.get("/en/").content.decode()

    assert admin.get(url).status_code == 200
    admin.post(url)

    notice.refresh_from_db()
    assert state_words(notice) == "Over"
    assert "Water is off" not in admin.get("/en/").content.decode()
    assert ModelLogEntry.objects.for_instance(notice).count() == 1
    assert url not in admin.get(reverse("notices:index")).content.decode()


def test_copy_begins_now_and_leaves_the_old_one_alone(admin, library):
    notice = put_up(library.site, ends=datetime(2020, 1, 2), text={"en": "Water is off", "uk": "Немає води"})

    html = admin.get(reverse("notices:copy", args=[notice.pk])).content.decode()

    assert "Немає води" in html
    assert "2020-01" not in html
    add(admin, library, text_uk="Немає води")
    notice.refresh_from_db()
    assert (Notice.objects.count(), notice.ends) == (2, datetime(2020, 1, 2))


def test_old_notice_can_be_corrected(admin, library):
    notice = put_up(library.site, ends=datetime(2020, 1, 2))

    answer = admin.post(
        reverse("notices:edit", args=[notice.pk]),
        form(library, text_en="Water was off", begins="2020-01-01 09:00", ends="2020-01-02 00:00"),
    )

    assert answer.status_code == 302
    assert Notice.objects.get().text == {"en": "Water was off"}


# --- Rights -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(library) -> Site:
    return Site.objects.create(hostname="other.example", root_page=library.home)


@pytest.fixture
def duty(library):
    """Return somebody on duty for one site."""
    group = Group.objects.create(name="On duty")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupSitePermission.objects.create(
        group=group, site=library.site, permission=Permission.objects.get(codename="change_notice")
    )
    user = User.objects.create_user("duty@library.example", "secret")
    user.groups.add(group)
    return user


def test_person_on_duty_has_the_notices_of_one_site(client, library, duty, other):
    mine, theirs = put_up(library.site), put_up(other, text={"en": "Elsewhere"})
    client.force_login(duty)

    html = client.get(reverse("notices:index")).content.decode()
    names = ("notices:edit", "notices:copy", "notices:delete", "notices:history", "notices:usage", "end_notice")
    allowed = {name: client.get(reverse(name, args=[mine.pk])).status_code for name in names}
    refused = {name: client.get(reverse(name, args=[theirs.pk])).status_code for name in names}

    assert ("Water is off" in html, "Elsewhere" in html) == (True, False)
    assert set(allowed.values()) == {200}
    assert set(refused.values()) == {302}
    assert add(client, library).status_code == 302
    add(client, library, site=other.pk)
    assert Notice.objects.filter(site=other).count() == 1
    client.post(reverse("end_notice", args=[theirs.pk]))
    theirs.refresh_from_db()
    assert theirs.ends is None


def test_nobody_else_sees_notices_in_the_admin(client, library, duty):
    duty.groups.get().site_permissions.all().delete()
    client.force_login(duty)

    assert client.get(reverse("notices:index")).status_code == 302
    assert reverse("notices:index") not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert add(client, library).status_code == 302
    assert not Notice.objects.exists()


def test_group_is_given_the_right_in_its_form(admin, library):
    group = Group.objects.create(name="Night shift")

    html = admin.get(reverse("wagtailusers_groups:edit", args=[group.pk])).content.decode()

    assert "Notice permissions" in html
