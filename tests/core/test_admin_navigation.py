"""Menu and footer in the admin: who may change them, what is refused, what is said of entries that lead nowhere."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupSitePermission, Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from core.models import Navigation, User
from home.models import PlainPage
from tests.core.test_navigation import entry, order
from tests.factories.library import publish

pytestmark = pytest.mark.django_db


def sent(page=None, *, address="", **label):
    labels = {f"label_{code}": text for code, text in label.items()}
    return {"page": page.pk if page else "", "address": address} | labels


def save(client, library, *entries, columns=()):
    menu = streamfield([("link", one) for one in entries])
    footer = streamfield([("column", one) for one in columns])
    url = reverse("wagtailsettings:edit", args=["core", "navigation", library.site.pk])
    return client.post(url, nested_form_data({"menu": menu, "footer": footer}))


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return client


@pytest.fixture
def clerk(library):
    """Return somebody who may come into the admin and no further."""
    group = Group.objects.create(name="Clerks")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = User.objects.create_user("clerk@library.example", "secret")
    user.groups.add(group)
    return user


def test_menu_is_ordered_in_the_form(admin, library):
    answer = save(
        admin, library, sent(library.news, uk="Усі новини"), sent(address="https://catalogue.example/", en="Catalogue")
    )

    assert answer.status_code == 302
    stored = Navigation.objects.get()
    assert [block.value["page"] and block.value["page"].pk for block in stored.menu] == [library.news.pk, None]
    assert [block.value["label"] for block in stored.menu] == [{"uk": "Усі новини"}, {"en": "Catalogue"}]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "Choose a page or enter an outside address, or remove the entry."),
        ({"address": "https://x.example/"}, "An outside address needs a label in one language at least."),
        ({"address": "javascript:alert(1)", "en": "X"}, "Enter a valid URL."),
        ({"address": "ftp://x.example/", "en": "X"}, "Enter a valid URL."),
    ],
)
def test_entry_that_leads_nowhere_is_refused_in_words(admin, library, fields, reason):
    answer = save(admin, library, sent(**fields))

    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert not Navigation.objects.filter(site=library.site).exclude(known={}).exists()


def test_page_and_address_together_are_refused(admin, library):
    answer = save(admin, library, sent(library.news, address="https://x.example/"))

    assert "A page or an address, not both." in answer.content.decode()


def test_form_and_first_page_name_what_is_left_out(admin, library):
    page = publish(Page.objects.get(pk=library.home.pk).add_child(instance=PlainPage(title="Rules", slug="rules")))
    order(library, entry(page))
    form = reverse("wagtailsettings:edit", args=["core", "navigation", library.site.pk])
    before = [admin.get(url).content.decode() for url in (form, reverse("wagtailadmin_home"))]

    page.unpublish()

    for html, url in zip(before, (form, reverse("wagtailadmin_home")), strict=True):
        sentence = "Menu: “Rules” – the page is not published"
        assert sentence not in html
        assert sentence in admin.get(url).content.decode()


def test_empty_menu_begins_with_what_it_shows(admin, library):
    url = reverse("fill_menu", args=[library.site.pk])
    form = reverse("wagtailsettings:edit", args=["core", "navigation", library.site.pk])
    assert url in admin.get(form).content.decode()

    admin.post(url)

    filled = [block.value["page"].title for block in Navigation.objects.get().menu]
    assert filled == ["Events", "Branches", "News"]
    assert url not in admin.get(form).content.decode()


def test_menu_with_entries_is_not_filled_again(admin, library):
    order(library, entry(library.news))

    admin.post(reverse("fill_menu", args=[library.site.pk]))

    assert len(Navigation.objects.get().menu) == 1
    assert admin.get(reverse("fill_menu", args=[library.site.pk])).status_code == 405


def test_only_those_who_may_change_the_settings_of_the_site_change_the_menu(client, library, clerk):
    client.force_login(clerk)
    form = reverse("wagtailsettings:edit", args=["core", "navigation", library.site.pk])
    refused = [client.get(form).status_code, client.post(reverse("fill_menu", args=[library.site.pk])).status_code]

    GroupSitePermission.objects.create(
        group=Group.objects.get(name="Clerks"),
        site=library.site,
        permission=Permission.objects.get(codename="change_navigation"),
    )

    assert refused == [302, 302]
    assert client.get(form).status_code == 200
    assert [item.label for item in _settings_items(client)] == ["Menu and footer"]


def _settings_items(client):
    from wagtail.admin.menu import settings_menu

    request = client.get(reverse("wagtailadmin_home")).wsgi_request
    return settings_menu.menu_items_for_request(request)
