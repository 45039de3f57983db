"""News in templates of other rooms, and the filters of the index in words."""

import re

import pytest
from django.db import connection
from django.template import Context
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core import generations
from core.active_filters import ActiveFilter
from core.models import Topic
from news.listing import articles_for, rows_of
from news.templatetags.article_lists import asked_filters, branch_news, latest_news, with_topics
from tests.factories.photographs import picture_with_shared_size

pytestmark = pytest.mark.django_db


def _titles(html: str) -> list[str]:
    """Return what stands in the headings of a list."""
    return re.findall(r'<h3><a href="[^"]*"(?: lang="\w+")?>([^<]*)</a></h3>', html)


def _context() -> Context:
    return Context({"request": RequestFactory().get("/en/", headers={"host": "localhost"})})


def test_newest_articles_come_first_and_no_more_than_asked_for(library):
    for title in ("Oldest", "Older", "Newest"):
        library.article(title=title)

    assert _titles(latest_news(_context(), 2)) == ["Newest", "Older"]


def test_newest_articles_are_put_together_once_until_something_is_published(library, remembering):
    library.article(title="Older")
    generations.store().advance()
    context = _context()
    first = latest_news(context, 2)

    with CaptureQueriesContext(connection) as asked:
        again = latest_news(context, 2)
    with translation.override("uk"):
        in_another_language = latest_news(_context(), 2)
    library.article(title="Newest")
    generations.store().advance()

    assert (again, len(asked)) == (first, 0)
    assert 'lang="en"' in in_another_language
    assert _titles(latest_news(_context(), 2)) == ["Newest", "Older"]


def test_article_whose_picture_will_be_taken_down_is_put_together_each_time(library, remembering, monkeypatch):
    image = picture_with_shared_size()
    image.shown_until = timezone.localdate()
    image.save()
    library.article(title="Shelves", image=image)
    generations.store().advance()
    made: list[str] = []
    monkeypatch.setattr("news.templatetags.article_lists.render_to_string", lambda name, *_args: made.append(name))

    for _time in range(2):
        latest_news(_context(), 1)

    assert len(made) == 2


def test_branch_lists_the_articles_about_it_only(library):
    mill = library.branch(key="mill").record
    library.article(title="About the mill", branches=[mill])
    library.article(title="About nothing")

    assert _titles(branch_news(_context(), mill)) == ["About the mill"]


def test_nothing_is_listed_without_a_request_or_a_branch(library):
    assert (latest_news(Context(), 3), branch_news(_context(), None)) == ("", "")


@pytest.mark.parametrize("count", [1, 3])
def test_topics_of_all_rows_are_read_in_one_query(library, count, django_assert_num_queries):
    library.terms()
    for number in range(count):
        library.article(title=f"Article {number}", topics=list(Topic.objects.all()))
    rows = rows_of(articles_for(_context()["request"]))

    with django_assert_num_queries(1):
        topics = [[str(topic) for topic in row.article.topics.all()] for row in with_topics(rows)]

    assert topics == [["Reading"]] * count


def test_filters_are_named_in_the_shown_language(library):
    library.terms()
    library.branch(key="mill", title="Old Mill")
    asked = {"topic": "reading", "branch": "mill", "month": "2026-11"}

    with translation.override("uk"):
        names = [(one.kind, one.key, one.name) for one in asked_filters(asked, [("reading", "Читання")])]

    assert names == [
        ("topic", "reading", "Читання"),
        ("branch", "mill", "Old Mill"),
        ("month", "2026-11", "листопад 2026"),
    ]


def test_topic_that_is_no_longer_offered_still_has_its_name(library):
    library.terms()

    assert asked_filters({"topic": "reading"}, []) == [ActiveFilter("topic", "topic", "reading", "Reading")]
