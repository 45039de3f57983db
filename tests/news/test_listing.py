"""What readers are shown of news: the index with its filters and archive, an article with what belongs to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from branches.models import Branch, BranchPage
from core.jobs import publish_scheduled
from core.models import Network, Topic
from news.models import Article
from tests.factories.articles import many_articles
from tests.factories.library import publish, revise
from tests.factories.photographs import picture_with_shared_size
from tests.page_heads import head_of

NOON = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def _titles(client, path="/en/news/") -> list[str]:
    return [row.words.title for row in client.get(path).context["rows"]]


def _html(client, path) -> str:
    return client.get(path).content.decode()


def _restrict(page) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type="login")


# --- The index ------------------------------------------------------------------------------------------------------


def test_pinned_articles_come_first_and_then_the_newest(library, client):
    library.article(title="Pinned", pinned=True, date=NOON - timedelta(days=30))
    library.article(title="Old", date=NOON - timedelta(days=2))
    library.article(title="New", date=NOON - timedelta(days=1))

    assert _titles(client) == ["Pinned", "New", "Old"]


def test_articles_stand_on_pages_of_twenty(library, client):
    many_articles(library, 45, newest=NOON)

    pages = {number: client.get("/en/news/", {"page": number}) for number in (1, 2, 3, 4)}

    assert [len(pages[number].context["rows"]) for number in (1, 2, 3)] == [20, 20, 5]
    assert _titles(client, "/en/news/?page=3") == [f"Article {number}" for number in range(41, 46)]
    assert pages[4].status_code == 404
    assert '<a rel="prev" href="?page=2">' in pages[3].content.decode()
    assert 'rel="next"' not in pages[3].content.decode()
    assert [head_of(pages[number]).robots for number in (1, 2)] == ["", "noindex, follow"]


def test_archive_holds_the_months_that_have_articles(library, client):
    # In Kyiv the second one is of June already.
    for title, moment in [
        ("May", datetime(2026, 5, 31, 20, 59, tzinfo=UTC)),
        ("June", datetime(2026, 5, 31, 21, 0, tzinfo=UTC)),
        ("August", datetime(2025, 8, 1, 12, 0, tzinfo=UTC)),
    ]:
        library.article(title=title, date=moment)

    months = [(month.year, month.month) for month in client.get("/en/news/").context["months"]]

    assert months == [(2026, 6), (2026, 5), (2025, 8)]
    assert [_titles(client, f"/en/news/?month={month}") for month in ("2026-05", "2026-06", "2025-08")] == [
        ["May"],
        ["June"],
        ["August"],
    ]
    assert client.get("/en/news/?month=2026-07").status_code == 404


@pytest.mark.parametrize("path", ["/en/news/", "/en/news/feed.atom"])
@pytest.mark.parametrize(
    ("month", "status"),
    [
        ("0000-01", 400),
        ("0001-01", 404),
        ("0001-12", 404),
        ("9999-01", 404),
        ("9999-12", 404),
        ("2026-13", 400),
        ("2026-5", 400),
        ("٢٠٢٦-٠٥", 400),
        ("2026-05\n", 400),
        ("99999-01", 400),
    ],
)
def test_month_outside_of_the_calendar_is_refused(library, client, path, month, status):
    library.article()

    assert client.get(path, {"month": month}).status_code == status


def test_topics_and_branches_narrow_the_list_together(library, client):
    library.terms()
    topics, mill = list(Topic.objects.all()), library.branch(key="mill").record
    library.article(title="Both", topics=topics, branches=[mill])
    library.article(title="Topic", topics=topics)
    library.article(title="Branch", branches=[mill, library.branch(key="central").record])

    assert sorted(_titles(client, "/en/news/?topic=reading")) == ["Both", "Topic"]
    assert sorted(_titles(client, "/en/news/?branch=mill")) == ["Both", "Branch"]
    assert _titles(client, "/en/news/?topic=reading&branch=mill") == ["Both"]


def test_article_below_a_branch_belongs_to_it_without_saying_so(library, client):
    mill, other = library.branch(key="mill", title="Old Mill"), library.branch(key="other")
    page = library.article(parent=mill, title="Flour", slug="flour")
    library.article(parent=other, title="Elsewhere")

    assert list(page.branches.all()) == []
    assert _titles(client, "/en/news/?branch=mill") == ["Flour"]
    assert "Flour" in client.get("/en/news/feed.atom?branch=mill").content.decode()
    assert "Flour" in _html(client, "/mk/branches/mill/")
    assert "Flour" not in _html(client, "/en/branches/other/")
    assert [words.title for words in client.get("/uk/branches/mill/flour/").context["branch_words"]] == ["Old Mill"]


def test_article_written_below_a_branch_in_another_language_belongs_to_it(library, client):
    mill = library.branch(key="mill")
    library.article(parent=library.in_language(mill, "uk"), title="Борошно")

    assert _titles(client, "/en/news/?branch=mill") == ["Борошно"]


def test_article_that_moves_belongs_to_its_new_branch(library, client):
    mill, other = library.branch(key="mill"), library.branch(key="other")
    page = library.article(parent=mill, title="Flour")

    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=other.pk), pos="last-child")

    assert (_titles(client, "/en/news/?branch=mill"), _titles(client, "/en/news/?branch=other")) == ([], ["Flour"])


def test_article_that_names_the_branch_above_it_is_listed_once(library, client):
    mill, other = library.branch(key="mill"), library.branch(key="other")
    library.article(parent=mill, title="Flour", branches=[mill.record, other.record])

    assert (_titles(client, "/en/news/?branch=mill"), _titles(client, "/en/news/?branch=other")) == (
        ["Flour"],
        ["Flour"],
    )


def test_name_of_a_private_branch_is_told_nowhere(library, client):
    mill = library.branch(key="mill", title="Secret mill")
    library.article(title="Flour", slug="flour", branches=[mill.record])
    _restrict(mill)

    assert not Branch.objects.get(key="mill").is_public
    assert "Secret mill" not in _html(client, "/en/news/flour/")
    assert "Secret mill" not in _html(client, "/en/news/?branch=mill")
    assert "Secret mill" not in _html(client, "/en/news/feed.atom?branch=mill")


@pytest.mark.parametrize("path", ["/en/news/", "/en/news/feed.atom"])
def test_key_of_a_branch_answers_once_it_was_public(library, client, path):
    page = Page.objects.get(pk=library.branches.pk).add_child(
        instance=BranchPage(title="Mill", slug="mill", live=False)
    )
    answers = [client.get(path, {"branch": "mill"}).status_code]

    publish(page)
    answers.append(client.get(path, {"branch": "mill"}).status_code)
    BranchPage.objects.get(pk=page.pk).unpublish()
    answers.append(client.get(path, {"branch": "mill"}).status_code)
    Page.objects.get(pk=page.pk).delete()
    answers.append(client.get(path, {"branch": "mill"}).status_code)

    assert answers == [400, 200, 200, 200]


@pytest.mark.parametrize("path", ["/en/news/", "/en/news/feed.atom"])
def test_key_of_a_deleted_topic_answers_with_nothing(library, client, path):
    topic = Topic.objects.create(key="mills", label={"en": "Mills"})
    library.article(title="Flour", slug="flour", topics=[topic])
    library.article(title="Bread", slug="bread")
    before = _html(client, f"{path}?topic=mills")

    topic.delete()

    after = _html(client, f"{path}?topic=mills")
    assert ["/flour/" in before, "/flour/" in after, "/bread/" in after] == [True, False, False]


def test_filters_lead_to_a_feed_of_the_same(library, client):
    library.terms()
    library.branch(key="mill")
    whole = {"/uk/news/feed.atom": "Chitalnya: Новини"}

    plain = head_of(client.get("/uk/news/")).feeds("application/atom+xml")
    narrowed = head_of(client.get("/uk/news/?branch=mill&page=1&topic=reading")).feeds("application/atom+xml")

    assert plain == whole
    assert list(narrowed) == ["/uk/news/feed.atom", "/uk/news/feed.atom?topic=reading&branch=mill"]
    assert all(client.get(address).status_code == 200 for address in narrowed)


# --- Scheduled ------------------------------------------------------------------------------------------------------

PLACES = (
    "/en/",
    "/en/news/",
    "/uk/news/",
    "/en/news/feed.atom",
    "/en/search/?q=tomorrow",
    "/sitemap.xml",
    "/en/branches/mill/",
)


def test_scheduled_article_is_nowhere_until_its_time_comes(library, client, monkeypatch):
    revise(library.home, body=[("latest_news", {"heading": "", "count": 4})])
    mill = library.branch(key="mill")
    tomorrow = timezone.now() + timedelta(days=1)
    page = library.article(publish_it=False, title="Tomorrow", slug="soon", go_live_at=tomorrow, branches=[mill.record])
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision(clean=True).publish()

    def shown():
        return [path for path in PLACES if "/soon/" in _html(client, path)]

    assert (shown(), client.get("/en/news/soon/").status_code) == ([], 404)

    _run_job(monkeypatch, tomorrow - timedelta(minutes=1))
    assert (shown(), client.get("/en/news/soon/").status_code) == ([], 404)

    _run_job(monkeypatch, tomorrow + timedelta(minutes=1))
    assert (shown(), client.get("/mk/news/soon/").status_code) == (list(PLACES), 200)


def _run_job(monkeypatch, moment) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with TestCase.captureOnCommitCallbacks(execute=True):
        publish_scheduled(moment)


def test_change_that_is_scheduled_shows_when_its_time_comes(library, client, monkeypatch):
    page = library.article(title="Now", slug="shelves")
    tomorrow = timezone.now() + timedelta(days=1)
    page.title, page.go_live_at = "Later", tomorrow
    page.save_revision(clean=True).publish()

    assert _titles(client) == ["Now"]

    _run_job(monkeypatch, tomorrow)
    assert _titles(client) == ["Later"]


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        (datetime(2999, 1, 1, tzinfo=UTC), "This is in the future: schedule the publication instead."),
        (datetime(26, 11, 22, tzinfo=UTC), "Give the year with four digits, such as 2027."),
    ],
)
def test_date_that_can_not_be_meant_is_refused(library, moment, message):
    page = library.article()
    page.date = moment

    with pytest.raises(ValidationError) as refused:
        page.full_clean()

    assert refused.value.message_dict == {"date": [message]}


# --- An article -----------------------------------------------------------------------------------------------------


def test_article_tells_programs_what_it_is(library, client):
    network = Network.for_site(library.site)
    network.name = {"en": "Library", "uk": "Бібліотека"}
    network.save()
    image = picture_with_shared_size()
    page = library.article(title="New shelves", slug="shelves", lead="They <hold> more.", date=NOON, image=image)
    page = library.translate(page, "uk", title="Нові полиці", lead="На них більше місця.")

    own = head_of(client.get("/uk/news/shelves/")).data["NewsArticle"]
    foreign = head_of(client.get("/mk/news/shelves/"))

    assert own == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Нові полиці",
        "description": "На них більше місця.",
        "inLanguage": "uk",
        "url": "http://testserver/uk/news/shelves/",
        "datePublished": "2026-11-22T10:00:00+00:00",
        "dateModified": page.last_published_at.isoformat(timespec="seconds"),
        "image": "http://testserver/media/chess.jpg",
        "publisher": {"@type": "LibrarySystem", "name": "Бібліотека", "url": "http://testserver/uk/"},
    }
    assert foreign.data["NewsArticle"]["url"] == foreign.canonical == "http://testserver/en/news/shelves/"
    assert foreign.data["NewsArticle"]["description"] == "They <hold> more."


def test_article_below_a_branch_has_its_own_address(library, client):
    library.article(parent=library.branch(key="mill"), title="Flour", slug="flour")

    head = head_of(client.get("/mk/branches/mill/flour/"))

    assert head.data["NewsArticle"]["url"] == head.canonical == "http://testserver/en/branches/mill/flour/"


def test_related_page_is_shown_in_the_language_of_the_reader(library, client):
    shelves = library.article(title="New shelves", slug="shelves")
    library.translate(shelves, "uk", title="Нові полиці")
    library.article(title="Party", slug="party", related=shelves)

    assert '<dd><a href="/uk/news/shelves/">Нові полиці</a></dd>' in _html(client, "/uk/news/party/")
    assert '<dd><a href="/mk/news/shelves/" lang="en">New shelves</a></dd>' in _html(client, "/mk/news/party/")


def test_related_index_without_own_words_says_in_which_language_it_is(library, client):
    library.article(title="Party", slug="party", related=library.events)

    assert '<dd><a href="/uk/events/" lang="en">Events</a></dd>' in _html(client, "/uk/news/party/")


@pytest.mark.parametrize("case", ["private", "below a private one", "not published"])
def test_related_page_that_is_not_public_is_not_named(library, client, case):
    mill = library.branch(key="mill")
    related = library.article(parent=mill, title="Of the staff")
    library.article(title="Party", slug="party", related=related)
    assert "Of the staff" in _html(client, "/en/news/party/")

    if case == "not published":
        related.unpublish()
    else:
        _restrict(related if case == "private" else mill)

    assert "Of the staff" not in _html(client, "/en/news/party/")
    assert "See also" not in _html(client, "/en/news/party/")


def test_related_words_whose_source_is_hidden_are_not_named(library, client):
    source = library.article(title="Of the staff")
    related = library.translate(source, "uk", title="Для працівників")
    library.article(title="Party", slug="party", related=related)
    type(source).objects.get(pk=source.pk).unpublish()

    publish(related)

    assert Page.objects.get(pk=related.pk).live
    assert "Для працівників" not in _html(client, "/uk/news/party/")


# --- Queries --------------------------------------------------------------------------------------------------------


def _queries(client, path) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.fixture
def furnished(library):
    """Return the library with a topic and a branch for articles."""
    library.terms()
    return {"topics": list(Topic.objects.all()), "branches": [library.branch(key="mill").record]}


PATHS = (
    "/en/news/",
    "/uk/news/",
    "/en/news/?topic=reading",
    "/en/news/?branch=mill",
    "/en/news/article-0/",
    "/en/news/feed.atom",
)


def test_queries_are_the_same_for_one_article_and_for_three(library, client, furnished, remembering):
    library.article(title="Article 0", **furnished)
    before = {path: _queries(client, path) for path in PATHS}
    related = library.article(title="Article 1", **furnished)
    library.article(title="Article 2", related=related, **furnished)

    assert {path: _queries(client, path) for path in PATHS} == before


def test_queries_are_the_same_for_two_thousand_articles(library, client, furnished, remembering):
    library.article(title="Article 0", **furnished)
    before = {path: _queries(client, path) for path in PATHS}
    many_articles(library, 2000, newest=NOON)

    assert Article.objects.public().count() == 2001
    assert {path: _queries(client, path) for path in PATHS} == before
    assert max(before.values()) <= 15


# --- Narrowed by what the page offers ---------------------------------------------------------------------------------


def test_branches_are_offered_where_there_are_several(library, client):
    library.branch(key="mill", title="Mill")
    assert 'id="news-branches"' not in _html(client, "/en/news/")

    library.branch(key="central", title="Central")

    html = _html(client, "/en/news/")
    assert html.index('href="?branch=central"') < html.index('href="?branch=mill"')


def test_month_in_which_no_article_of_a_topic_appeared_is_an_answer(library, client):
    library.terms()
    topic = Topic.objects.get(key="reading")
    library.article(title="With topic", topics=[topic], date=NOON)
    library.article(title="Without", date=NOON - timedelta(days=60))

    answer = client.get("/en/news/?topic=reading&month=2026-09")

    assert answer.status_code == 200
    assert "No article fits." in answer.content.decode()
