"""Terms in the admin: labels in the reader's language, keys from labels, no deletion of what is used."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from branches.models import Facility, Service
from core.admin_terms import is_used
from core.models import Audience, Topic
from tests.factories.library import publish


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    library.terms()
    return library


def _add(client, kind="topics", **data):
    return client.post(reverse(f"{kind}:add"), {"order": "0"} | data)


def test_key_is_made_from_the_label(admin, client):
    _add(client, label_uk="Києво-Печерська лавра", label_mk="Лавра")

    assert Topic.objects.get(key="kyievo-pecherska-lavra").label == {"uk": "Києво-Печерська лавра", "mk": "Лавра"}


def test_key_is_made_by_the_first_language_of_the_site(admin, client):
    _add(client, label_en="Local history", label_ru="Краеведение")

    assert Topic.objects.filter(key="local-history").exists()


def test_second_key_gets_a_number(admin, client):
    _add(client, label_en="Reading")

    assert sorted(Topic.objects.values_list("key", flat=True)) == ["reading", "reading-2"]


def test_key_that_was_entered_stays(admin, client):
    _add(client, label_en="Local history", key="past")

    assert Topic.objects.get(key="past").label == {"en": "Local history"}


def test_label_is_needed_in_one_language(admin, client):
    response = _add(client, key="past")

    assert list(response.context["form"].errors) == ["label"]


def test_changing_the_label_keeps_the_key(admin, client):
    topic = Topic.objects.get()

    client.post(reverse("topics:edit", args=[topic.pk]), {"label_en": "Books", "key": "reading", "order": "0"})

    assert (Topic.objects.get().key, Topic.objects.get().label) == ("reading", {"en": "Books"})


def test_list_speaks_the_language_of_the_admin(admin, client):
    html = client.get(reverse("audiences:index"), headers={"accept-language": "uk"}).content.decode()

    assert "Діти" in html
    assert "Дорослі" in html


def test_list_is_filtered_by_retired(admin, client):
    Audience.objects.filter(key="adults").update(retired=True)

    def keys(query):
        return [term.key for term in client.get(f"{reverse('audiences:index')}{query}").context["object_list"]]

    assert (keys(""), keys("?retired=true"), keys("?retired=false")) == (
        ["adults", "children"],
        ["adults"],
        ["children"],
    )


@pytest.mark.services
@pytest.mark.parametrize("typed", ['"', " ", "\x00", '" "', "'", "*", "-", "NEAR("])
def test_list_is_searched_for_whatever_somebody_types(admin, client, typed):
    assert client.get(reverse("topics:index"), {"q": typed}).status_code in {200, 400}


@pytest.mark.parametrize("method", ["get", "post"])
def test_term_in_use_is_not_deleted(admin, client, method):
    page = admin.event()
    page.audiences = [Audience.objects.get(key="children")]
    publish(page)
    term = Audience.objects.get(key="children")

    response = getattr(client, method)(reverse("audiences:delete", args=[term.pk]))

    assert response.url == reverse("audiences:edit", args=[term.pk])
    [message] = [str(message) for message in get_messages(response.wsgi_request)]
    assert "“Children” is in use and can&#x27;t be deleted. Retire it instead" in message
    assert Audience.objects.filter(key="children").exists()


def test_term_that_nobody_uses_is_deleted(admin, client):
    term = Audience.objects.get(key="adults")

    client.post(reverse("audiences:delete", args=[term.pk]))

    assert not Audience.objects.filter(key="adults").exists()


def test_use_by_branches_and_articles_counts(admin):
    facility = Facility.objects.create(key="lift", label={"en": "Lift"})
    service = Service.objects.create(key="copies", label={"en": "Copies"})
    topic = Topic.objects.get()
    before = [is_used(term) for term in (facility, service, topic)]
    branch, article = admin.branch(), admin.article()
    branch.facilities, branch.services, article.topics = [facility], [service], [topic]
    publish(branch)
    publish(article)

    assert (before, [is_used(term) for term in (facility, service, topic)]) == ([False] * 3, [True] * 3)


@pytest.mark.parametrize("kind", ["topics", "audiences", "facilities", "services"])
def test_terms_of_all_rooms_stand_under_one_item_of_the_menu(admin, client, kind):
    assert f'"{reverse(f"{kind}:index")}"' in client.get("/admin/").content.decode()
    assert client.get(reverse(f"{kind}:add")).status_code == 200
