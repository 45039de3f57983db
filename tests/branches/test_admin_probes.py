"""What an editor of one branch can read of another: nothing of its drafts, pictures and documents, in any report."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.urls.reports import urlpatterns as report_urls
from wagtail.images.models import SourceImageIOError
from wagtail.models import Collection, GroupApprovalTask, Page, Workflow, WorkflowTask
from wagtail_localize.models import Translation, TranslationSource

from branches.domain.rights import group_name
from core.models import LibraryDocument, LibraryImage
from events.models import EventPage
from tests.factories.editors import editor_of
from tests.factories.library import Library

KEYS = ("mill", "oak")
OTHER = {"mill": "oak", "oak": "mill"}


class Branch:
    """A branch with an event, a picture and a document that are nobody else's business, and somebody who edits it."""

    def __init__(self, library, key):
        self.page = library.branch(key=key, title=f"The {key}")
        self.editor = editor_of(self.page)
        self.secret = f"Secret of the {key}"
        self.event = library.event(title=self.secret, slug=f"secret-{key}", parent=self.page, publish_it=False)
        EventPage.objects.get(pk=self.event.pk).save_revision(user=self.editor, log_action=True)
        collection = Collection.objects.get(name=key)
        sizes = {"width": 10, "height": 10, "file_size": 1}
        LibraryImage.objects.bulk_create(
            [LibraryImage(title=self.secret, file=f"{key}.jpg", collection=collection, **sizes)]
        )
        self.image = LibraryImage.objects.get(title=self.secret)
        self.document = LibraryDocument.objects.create(
            title=self.secret, file=f"documents/{key}.pdf", file_size=1, collection=collection
        )


@pytest.fixture(scope="module")
def built_once(django_db_setup, django_db_blocker):
    """Build both branches for all tests of this module: each works in a savepoint inside of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        library = Library()
        world = {key: Branch(library, key) for key in KEYS}
        _moderate(world)
        for branch in world.values():
            source, _created = TranslationSource.update_or_create_from_instance(branch.event)
            Translation.objects.create(source=source, target_locale=library.locales["uk"])
            # Locked, and once published: so it stands in the reports of both kinds of pages.
            now = timezone.now()
            once = {"locked": True, "locked_at": now, "locked_by": branch.editor, "last_published_at": now}
            Page.objects.filter(pk=branch.event.pk).update(**once)
        yield world
        transaction.set_rollback(True)


def _moderate(world):
    """Put the drafts of all branches under moderation, and let the editors see the report of locked pages."""
    task = GroupApprovalTask.objects.create(name="Look at it")
    task.groups.set([Group.objects.create(name="Central office")])
    workflow = Workflow.objects.create(name="Four eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for branch in world.values():
        workflow.start(EventPage.objects.get(pk=branch.event.pk), branch.editor)
        unlock = Permission.objects.get(content_type__app_label="wagtailcore", codename="unlock_page")
        group = Group.objects.get(name=group_name(branch.page.record))
        group.page_permissions.create(page=branch.page.page_ptr, permission=unlock)


def _lost(*_args, **_kwargs):
    raise SourceImageIOError


@pytest.fixture(params=KEYS)
def sides(request, built_once, db, client, monkeypatch):
    """Return the own branch and the other one, for the editor of each; no picture has a file."""
    monkeypatch.setattr(LibraryImage, "get_rendition", _lost)
    own, other = built_once[request.param], built_once[OTHER[request.param]]
    client.force_login(own.editor)
    return own, other


REPORTS = [
    *(reverse(f"wagtailadmin_reports:{pattern.name}") for pattern in report_urls),
    *("/admin/localize/reports/translations/", "/admin/localize/reports/translations/results/"),
]
LISTS = ["/admin/images/", "/admin/images/chooser/", "/admin/documents/", "/admin/documents/chooser/"]
SEARCHES = ["/admin/pages/search/", "/admin/choose-page/search/", "/admin/events/", *LISTS]


def _text(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


@pytest.mark.parametrize("url", REPORTS)
def test_reports_name_what_is_of_the_own_branch_only(sides, client, url):
    own, other = sides
    texts = [_text(client, url)] if "results" in url else [_text(client, url), _text(client, url, export="csv")]

    assert own.secret in texts[0]
    assert [other.secret in text for text in texts] == [False] * len(texts)


def test_last_edited_page_of_a_type_is_one_that_the_editor_may_see(sides, client):
    own, _other = sides

    types = client.get(reverse("wagtailadmin_reports:page_types_usage")).context["object_list"]
    shown = {kind.model: kind.last_edited_page for kind in types}

    assert shown["eventpage"].pk == own.event.pk
    assert shown["articlepage"] is None


def test_last_edited_page_is_looked_for_in_the_language_that_was_asked_for(sides, client):
    url = reverse("wagtailadmin_reports:page_types_usage")

    types = client.get(url, {"page_locale": "uk"}).context["object_list"]

    assert {kind.model: kind.last_edited_page for kind in types}.get("eventpage") is None


def test_administrator_sees_the_last_edited_page_of_all(built_once, db, client):
    client.force_login(Library.administrator(None))

    types = client.get(reverse("wagtailadmin_reports:page_types_usage")).context["object_list"]

    assert {kind.model: kind.last_edited_page for kind in types}["eventpage"].pk == built_once["oak"].event.pk


@pytest.mark.parametrize("url", LISTS)
def test_lists_and_choosers_hold_the_own_collection_only(sides, client, url):
    own, other = sides

    text = _text(client, url)

    assert (own.secret in text, other.secret in text) == (True, False)


@pytest.mark.parametrize("url", SEARCHES)
def test_no_search_finds_what_is_of_another_branch(sides, client, url):
    _own, other = sides

    text = _text(client, url, q="Secret")

    assert other.secret not in text


def _addresses(branch):
    image, document = [branch.image.pk], [branch.document.pk]
    return [
        reverse("wagtailimages:edit", args=image),
        reverse("wagtailimages:delete", args=image),
        reverse("wagtailimages:image_usage", args=image),
        reverse("wagtailimages:url_generator", args=image),
        reverse("wagtailimages:preview", args=[*image, "fill-1x1"]),
        reverse("wagtaildocs:edit", args=document),
        reverse("wagtaildocs:delete", args=document),
        reverse("wagtaildocs:document_usage", args=document),
    ]


def test_no_address_opens_a_picture_or_document_of_another_branch(sides, client):
    _own, other = sides

    opened = [url for url in _addresses(other) if client.get(url).status_code == 200]
    changed = [url for url in _addresses(other) if client.post(url, {"title": "Taken"}).status_code == 200]

    assert (opened, changed) == ([], [])
    assert LibraryImage.objects.filter(title=other.secret).exists()
    assert LibraryDocument.objects.filter(title=other.secret).exists()


def test_own_picture_and_document_are_opened(sides, client):
    own, _other = sides
    urls = [reverse("wagtailimages:edit", args=[own.image.pk]), reverse("wagtaildocs:edit", args=[own.document.pk])]

    assert [client.get(url).status_code for url in urls] == [200, 200]
