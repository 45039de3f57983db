"""The page cache of one process and what happens in another: all that readers may see anew reaches it at once."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, PageViewRestriction

from branches.domain import closures
from branches.models import Branch, Facility, Service
from core import redis_generation
from core.jobs import publish_scheduled
from core.models import Audience, LibraryDocument, LibraryImage, Navigation, Network, Notice, Topic
from core.page_cache import PageCacheMiddleware
from events.domain import operations
from events.models import Event, EventPage, Occurrence
from tests.factories.library import Library, publish, soon

ROOT = Path(__file__).resolve().parents[2]
AGENDA = "/en/events/"


class Reader:
    """Asks a process of its own."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> tuple[int, str]:
        """Return status and what the page cache says of it."""
        self.process.stdin.write(json.dumps({"method": method, "path": path, "headers": headers}) + "\n")
        self.process.stdin.flush()
        status, outcome = json.loads(self.process.stdout.readline())
        return status, outcome

    def keeps(self, path: str = AGENDA) -> bool:
        """Let the process keep a page; return whether it does."""
        self.ask(path)
        return self.ask(path) == (200, "hit")


def _shared() -> tuple[str, ...]:
    """Return by what this test is known in Redis, where there is one."""
    if not django_settings.CACHE_URL:
        return ()
    return redis_generation.KEY, django_settings.CACHES["default"]["KEY_PREFIX"]


def _moment_later() -> None:
    """Wait for as long as a process may trust what Redis said a moment ago."""
    if django_settings.CACHE_URL:
        time.sleep(2 * redis_generation.RECENT_SECONDS)


@contextmanager
def another_process(folder: Path):
    """Start a reader on this test's database and data folder; end it with its input."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.core.page_process",
            str(connection.settings_dict["NAME"]),
            str(folder),
            *_shared(),
        ],
        cwd=ROOT,
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
            "CACHE_URL": django_settings.CACHE_URL or "",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Reader(process)
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


@pytest.fixture
def library(transactional_db):
    """Return a network whose changes are committed: an event, a branch, terms, an article."""
    library = Library()
    library.terms()
    library.branch()
    library.event(starts_on=soon(5), slug="chess")
    library.article(slug="shelves")
    return library


# --- What drops kept pages: what a function does before its first yield is there already, what follows is the change --


def _event():
    return EventPage.objects.get(slug="chess", locale__language_code="en")


def publishing(library):
    yield
    publish(_event())


def unpublishing(library):
    yield
    _event().unpublish()
    yield
    publish(_event())


def publishing_a_translation(library):
    there = library.translate(_event(), "uk", title="Шахи", publish_it=False)
    yield
    publish(there)


def publishing_on_schedule(library):
    page, later = _event(), timezone.now() + timedelta(hours=2)
    page.go_live_at = later - timedelta(hours=1)
    page.save_revision().publish()
    yield
    # Wagtail looks at the clock, too, whether the time has come.
    with patch.object(timezone, "now", return_value=later):
        assert "chess" in publish_scheduled(later).lower()


def moving(library):
    page, branch = Page.objects.get(pk=_event().pk), Page.objects.get(pk=Branch.objects.get().source_page_id)
    yield
    page.move(branch, pos="last-child")


def restricting(library):
    yield
    PageViewRestriction.objects.create(page=_event(), restriction_type=PageViewRestriction.LOGIN)


def lifting_a_restriction(library):
    restriction = PageViewRestriction.objects.get(page=_event())
    yield
    restriction.delete()


def settings_of_the_network(library):
    yield
    Network.objects.get(site=library.site).save()


def site(library):
    yield
    library.site.save()


def locale(library):
    yield
    Locale.objects.get(language_code="mk").save()


def topic(library):
    yield
    Topic.objects.first().save()


def audience_deleted(library):
    term = Audience.objects.create(key="seniors", label={"en": "Seniors"})
    yield
    term.delete()


def facility(library):
    yield
    Facility.objects.create(key="lift", label={"en": "Lift"})


def service(library):
    yield
    Service.objects.create(key="copies", label={"en": "Copies"})


def redirect(library):
    yield
    Redirect.objects.create(old_path="/old", redirect_link="/new")


def redirect_deleted(library):
    yield
    Redirect.objects.get(old_path="/old").delete()


def image(library):
    yield
    LibraryImage.objects.create(title="Mill", file=get_test_image_file())


def image_changed(library):
    picture = LibraryImage.objects.get(title="Mill")
    picture.author = "Olena"
    yield
    picture.save()


def image_deleted(library):
    yield
    LibraryImage.objects.get(title="Mill").delete()


def document(library):
    yield
    LibraryDocument.objects.create(title="Rules", file=ContentFile(b"x", "rules.txt"))


def document_deleted(library):
    yield
    LibraryDocument.objects.get(title="Rules").delete()


def operation_on_a_date(library):
    yield
    operations.cancel_occurrence(Occurrence.objects.first())


def operation_on_an_event(library):
    yield
    operations.postpone_event(Event.objects.get())


def branch_closed_in_an_emergency(library):
    yield
    closures.close_branch(Branch.objects.get(), until=timezone.now() + timedelta(hours=5))


def menu_and_footer(library):
    yield
    Navigation.for_site(library.site).save()


def notice_put_up(library):
    yield
    Notice.objects.create(site=library.site, text={"en": "Closed."}, begins=datetime(2020, 1, 1))


def notice_taken_down(library):
    notice = Notice.objects.get()
    yield
    notice.ends = datetime(2020, 1, 2)
    notice.save()


def deleting(library):
    yield
    Page.objects.get(slug="shelves", locale__language_code="en").delete()


TRIGGERS = (
    publishing, unpublishing, publishing_a_translation, publishing_on_schedule, moving, restricting,
    lifting_a_restriction, settings_of_the_network, site, locale, topic, audience_deleted, facility, service, redirect,
    redirect_deleted, image, image_changed, image_deleted, document, document_deleted, operation_on_a_date,
    operation_on_an_event, branch_closed_in_an_emergency, menu_and_footer, notice_put_up, notice_taken_down, deleting,
)  # fmt: skip


@pytest.mark.services
def test_every_change_drops_what_another_process_keeps(library, settings):
    stale, unkept = [], []
    with another_process(settings.DATA_DIR) as reader:
        for trigger in TRIGGERS:
            steps = trigger(library)
            next(steps)
            if not reader.keeps():
                unkept.append(trigger.__name__)
            next(steps, None)
            _moment_later()
            if reader.ask(AGENDA) != (200, "miss"):
                stale.append(trigger.__name__)
            next(steps, None)

    assert (unkept, stale) == ([], [])


@pytest.mark.services
def test_draft_of_this_process_drops_nothing_in_another(library, settings):
    with another_process(settings.DATA_DIR) as reader:
        assert reader.keeps()
        page = _event()
        page.title = "Draft"
        page.save_revision()

        assert reader.ask(AGENDA) == (200, "hit")


# --- What is never kept -----------------------------------------------------------------------------------------------


def _private(kind, **more):
    restriction = PageViewRestriction.objects.create(page=_event(), restriction_type=kind, **more)
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.create(name="Friends"))


@pytest.mark.services
@pytest.mark.parametrize("kind", [PageViewRestriction.PASSWORD, PageViewRestriction.LOGIN, PageViewRestriction.GROUPS])
def test_no_process_keeps_a_private_page(library, settings, kind):
    path = urlsplit(_event().get_url()).path
    with another_process(settings.DATA_DIR) as reader:
        assert reader.keeps(path)
        _private(kind, **({"password": "secret"} if kind == PageViewRestriction.PASSWORD else {}))
        _moment_later()

        assert "hit" not in {reader.ask(path)[1] for _time in range(3)}


@pytest.mark.services
def test_no_process_keeps_what_is_meant_for_one_reader(library, settings):
    with another_process(settings.DATA_DIR) as reader:
        assert reader.keeps()
        asked = {
            "session": reader.ask(AGENDA, cookie="sessionid=abc"),
            "messages": reader.ask(AGENDA, cookie="messages=abc"),
            "token": reader.ask(AGENDA, cookie="csrftoken=abc"),
            "authorization": reader.ask(AGENDA, authorization="Basic eDp5"),
            "unknown parameter": reader.ask(f"{AGENDA}?x=1"),
            "sets a cookie": [reader.ask("/accounts/login/") for _time in range(2)][1],
            "not found": [reader.ask("/en/nothing/") for _time in range(2)][1],
            "sent": reader.ask("/en/display/", method="POST"),
        }

    assert {name: outcome for name, (_status, outcome) in asked.items() if outcome != "bypass"} == {}


@pytest.mark.services
def test_preview_of_the_admin_is_kept_nowhere(library, settings):
    settings.PAGE_CACHE = True
    editor, page = Client(), _event()
    editor.force_login(library.administrator())
    preview = f"/admin/pages/{page.pk}/edit/preview/"
    draft = page.get_latest_revision_as_object()
    draft.title = "Secret draft"
    draft.save_revision()

    shown = editor.get(f"/admin/pages/{page.pk}/view_draft/")

    assert "Secret draft" in shown.content.decode()
    assert editor.get(preview).status_code in {200, 400}
    assert "Secret draft" not in Client().get("/en/events/chess/").content.decode()


# --- How long a page holds by itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        # Local time is three hours ahead: open from 9 to 18, closed on Sundays.
        ("2030-05-28T10:00", "2030-05-28T15:00"),  # open, until it closes at 18
        ("2030-05-28T17:00", "2030-05-28T21:00"),  # closed, “tomorrow” holds until midnight
        ("2030-05-28T22:00", "2030-05-29T06:00"),  # the next day, until it opens at 9
    ],
    ids=["closing", "midnight", "opening"],
)
def test_branch_page_holds_until_what_it_says_of_now_changes(db, settings, remembering, monkeypatch, moment, until):
    settings.PAGE_CACHE, settings.PAGE_CACHE_SECONDS = True, 10**6
    now, change = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (moment, until))
    Library().branch(key="mill")
    monkeypatch.setattr(timezone, "now", lambda: now)
    clock = [now.timestamp()]
    middleware = PageCacheMiddleware(WSGIHandler().get_response, clock=lambda: clock[0])

    def outcome(at: datetime) -> str:
        clock[0] = at.timestamp()
        return middleware(RequestFactory().get("/en/branches/mill/", headers={"host": "localhost"}))["X-Cache"]

    asked = [outcome(now), outcome(change - timedelta(seconds=1)), outcome(change + timedelta(seconds=1))]

    assert asked == ["miss", "hit", "miss"]
