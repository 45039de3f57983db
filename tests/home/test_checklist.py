"""The list of what is left to do on a new site: what counts as done, who sees it, when it can be hidden."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from branches.models import BranchPage
from core.backup_stamp import note_backup
from core.models import LibraryImage, Network, OutboxMessage, Rendition, User
from core.outbox import TEST_PURPOSE
from core.picture_sizes import LOGO
from home.checklist import tasks_of
from home.models import PlainPage
from home.starting.build import start_network
from home.starting.plan import from_values
from home.starting.unanswered import questions_in

pytestmark = pytest.mark.django_db
WEEK = {"v": 1, "kinds": {"staffed": {"week": [[["09:00", "18:00"]]] * 5 + [[]] * 2}}, "exceptions": []}
TITLES = [
    "Logo",
    "Contacts",
    "Opening hours of each branch",
    "Pages that law and custom expect",
    "Menu",
    "Mail",
    "Backup",
]


@pytest.fixture
def network() -> Network:
    """Return a network of two branches that was just started in English."""
    values = {"name": "Library", "languages": "en", "email": "olha@library.example", "branches": ["Mill", "Park"]}
    return Network.for_site(start_network(from_values(values), "orchard-lamp-42"))


@pytest.fixture
def administrator(network, client):
    client.force_login(User.objects.get())
    return client


def done(network: Network) -> list[str]:
    return [task.title for task in tasks_of(Network.objects.get(pk=network.pk)) if task.done]


def enter_hours() -> None:
    for page in BranchPage.objects.all():
        page.hours = WEEK
        page.save_revision().publish()


def answer_all() -> None:
    for page in Page.objects.filter(live=False).specific():
        if isinstance(page, PlainPage):
            page.body = [("text", "<p>Answered, with a note [1].</p>")]
            page.save_revision().publish()
        else:
            page.delete()


def do_everything(network: Network) -> None:
    network.logo = LibraryImage.objects.create(title="Logo", file="logo.png", width=10, height=10)
    network.address, network.phone = {"en": "1 Mill Street"}, "+380 44 000 00 00"
    network.save()
    enter_hours()
    answer_all()
    now = timezone.now()
    OutboxMessage.objects.create(
        key="t", purpose=TEST_PURPOSE, content=b"", state="sent", created_at=now, next_attempt_at=now, settled_at=now
    )
    note_backup("somewhere.tar", now)


def test_new_network_has_everything_left_to_do(network):
    tasks = tasks_of(network)

    assert [(task.title, task.done) for task in tasks] == [(title, False) for title in TITLES]
    assert [place.label for place in tasks[2].places] == ["Mill", "Park"]
    assert [place.label.rpartition(":")[0] for place in tasks[3].places][:3] == [
        "Mission (en)",
        "About the library (en)",
        "Contacts (en)",
    ]


def test_every_place_of_a_task_is_there(network, administrator):
    for task in tasks_of(network):
        for place in task.places:
            assert administrator.get(place.url).status_code == 200, place


def test_each_task_is_done_by_what_it_asks_for(network):
    enter_hours()
    assert done(network) == ["Opening hours of each branch"]

    answer_all()
    assert done(network) == ["Opening hours of each branch", "Pages that law and custom expect", "Menu"]

    do_everything(network)
    assert done(network) == TITLES


def test_list_is_on_the_first_page_for_administrators_alone(network, administrator, client):
    assert "Your new site: 0 of 7 done" in administrator.get("/admin/").content.decode()

    editor = User.objects.create_user("editor@library.example", "secret")
    editor.groups.add(*Group.objects.all())
    client.force_login(editor)
    html = client.get("/admin/").content.decode()

    assert "Your new site" not in html


def test_list_is_hidden_when_nothing_is_left_and_not_before(network, administrator):
    administrator.post(reverse("hide_checklist"))
    assert Network.objects.get().checklist_shown
    do_everything(network)
    assert "hide this list" in administrator.get("/admin/").content.decode()
    assert administrator.get(reverse("hide_checklist")).status_code == 405

    administrator.post(reverse("hide_checklist"))

    assert "Your new site" not in administrator.get("/admin/").content.decode()


def test_other_sites_have_no_list(administrator, network):
    Network.objects.update(checklist_shown=False)

    assert "Your new site" not in administrator.get("/admin/").content.decode()


@pytest.mark.parametrize("branches", [1, 3])
def test_list_takes_the_same_number_of_queries_for_any_number_of_branches(branches, django_assert_num_queries):
    values = {"name": "Library", "languages": "en", "email": "o@library.example"}
    values["branches"] = [f"Branch {number}" for number in range(branches)]
    network = Network.for_site(start_network(from_values(values), "orchard-lamp-42"))
    tasks_of(network)

    with django_assert_num_queries(5):
        tasks_of(network)


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ({"title": "About", "body": '[{"type": "text", "value": "<p>[Who?] and [когда и кем основана?]</p>"}]'}, 2),
        ({"statement": "[For whom?]", "numbers": [1, 2], "note": "see [1] and [2]"}, 1),
        ({"body": '[{"type": "table", "value": {"data": [[null, "a"], ["b", null]]}}]', "flags": "[true, false]"}, 0),
        ({"body": "[{not json"}, 0),
        (None, 0),
    ],
)
def test_questions_are_told_from_footnotes_and_data(content, count):
    assert questions_in(content) == count


def test_logo_and_contacts_stand_on_each_page(network, client):
    network.logo = LibraryImage.objects.create(title="Logo", file="logo.png", width=800, height=600)
    Rendition.objects.create(image=network.logo, filter_spec=LOGO, file="logo.small.png", width=160, height=120)
    network.address, network.phone, network.email = {"en": "1 Mill Street"}, "+380 44 1", "a@library.example"
    network.save()

    html = client.get("/en/", headers={"host": network.site.hostname}).content.decode()

    assert 'rel="home"><img alt="" height="120" src="/media/logo.small.png" width="160">Library</a>' in html
    assert "1 Mill Street" in html
    assert 'href="tel:+380441"' in html
    assert 'href="mailto:a@library.example"' in html
