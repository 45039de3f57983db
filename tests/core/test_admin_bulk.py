"""Publishing several pages at once: an incomplete one stops no other, and it is said what it lacks."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from tests.factories.library import soon


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return library


def _draft(library, title, *, parent=None, **fields):
    page = library.event(title=title, parent=parent, publish_it=False, **fields)
    page.save_revision(clean=False)
    return page


def _publish(client, *pages, **data):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    chosen = "&".join(f"id={page.pk}" for page in pages)
    answer = client.post(f"{url}?{chosen}&next=/admin/", data)
    assert (answer.status_code, answer.url) == (302, "/admin/")
    return [(one.level_tag, str(one)) for one in client.get("/admin/").context["messages"]]


def _live(*pages):
    return [Page.objects.get(pk=page.pk).live for page in pages]


def test_draft_without_a_first_day_stops_no_other(admin, client):
    first, bad, last = (
        _draft(admin, title, starts_on=day) for title, day in (("A", soon(3)), ("Chess", None), ("Z", soon(4)))
    )

    told = _publish(client, first, bad, last)

    assert _live(first, bad, last) == [True, False, True]
    assert [level for level, _text in told] == ["success", "error"]
    assert "2 pages have been published" in told[0][1]
    assert "“Chess” is not published. First day: This field cannot be blank." in told[1][1]
    assert reverse("wagtailadmin_pages:edit", args=[bad.pk]) in told[1][1]


def test_nothing_is_called_published_where_nothing_was(admin, client):
    bad = _draft(admin, "Chess", starts_on=None)

    told = _publish(client, bad)

    assert [level for level, _text in told] == ["error"]
    assert _live(bad) == [False]


def test_incomplete_draft_below_stops_neither_its_parent_nor_the_others(admin, client):
    branch = admin.branch()
    good, bad = (_draft(admin, title, parent=branch, starts_on=day) for title, day in (("A", soon(3)), ("B", None)))

    told = _publish(client, branch, include_descendants="on")

    assert _live(branch, good, bad) == [True, True, False]
    assert "1 page and 1 child page have been published" in told[0][1]
    assert "“B” is not published" in told[1][1]


def test_page_says_what_it_lacks_by_the_names_of_its_form(admin, client):
    article = admin.article(title="News", lead="", publish_it=False)
    article.save_revision(clean=False)

    [(_level, text)] = _publish(client, article)

    assert "“News” is not published. Lead: This field cannot be blank." in text
