"""The demo holds what it promises on whatever day it is built, and harms nothing that is there."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from branches.models import District
from core.map_tiles import problem_of
from core.models import Audience, Network, Topic, User
from events.domain.plan import check_plan
from events.enums import Format
from events.models import Event
from events.schedule import PlannedDate, expand
from home.demo import build, content, network, texts
from home.demo.pages import Planter, indexing_later
from home.models import HomePage, MissionPage, PlainPage
from home.plain_text import body_blocks
from tests.factories.library import LANGUAGES

ZONE = ZoneInfo("Europe/Kyiv")
YEAR = timedelta(days=366)
# An ordinary day, the first and the last of a year, a leap day, the days around both changes of the clock.
DAYS = [
    date(2026, 11, 22),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2027, 3, 27),
    date(2027, 10, 31),
]
ARTICLES, EVENTS = texts.read_all("news"), texts.read_all("events")
BY_SLUG = {f"news {slug}": data for slug, data in ARTICLES.items()} | {
    f"event {slug}": data for slug, data in EVENTS.items()
}
CYRILLIC = re.compile("[а-яёіїєґѓќѕљњџј]", re.IGNORECASE)
# Letters that one of the languages has and its neighbours have not.
OWN_LETTERS = {"uk": "іїєґ", "ru": "ыэъё", "mk": "ѓќѕљњџј"}


# --- Texts ----------------------------------------------------------------------------------------------------------


def test_there_are_more_than_sixty_articles_and_ninety_events():
    assert (len(ARTICLES), len(EVENTS)) == (61, 90)


@pytest.mark.parametrize("name", BY_SLUG)
def test_text_is_whole_in_each_of_its_languages(name):
    words = BY_SLUG[name]["words"]

    assert sorted(words) == sorted(BY_SLUG[name]["languages"])
    assert BY_SLUG[name]["source"] in words
    for code, text in words.items():
        assert all(text[part].strip() for part in ("title", "lead", "body")), code
        assert (len(text["title"]) <= 255, len(text["lead"]) <= 400) == (True, True), code
        assert body_blocks(text["body"]), code
        assert bool(CYRILLIC.search(text["lead"])) is (code != "en"), code
    for part in ("lead", "body"):
        assert len({text[part] for text in words.values()}) == len(words), part


@pytest.mark.parametrize("code", OWN_LETTERS)
def test_sentences_are_in_the_language_that_they_are_said_to_be_in(code):
    mine = [data["words"][code]["body"].lower() for data in BY_SLUG.values() if code in data["words"]]
    own = [text for text in mine if set(OWN_LETTERS[code]) & set(text)]

    assert (len(own), len(mine) >= 100) == (len(mine), True)


def test_most_texts_are_in_all_languages_and_some_in_two():
    for data in (ARTICLES, EVENTS):
        numbers = [len(one["words"]) for one in data.values()]
        assert (numbers.count(4) * 3 > len(numbers) * 2, numbers.count(2) >= 1) == (True, True)
    assert {code for data in BY_SLUG.values() for code in data["words"]} == set(LANGUAGES)


def test_texts_name_only_terms_and_branches_that_there_are():
    terms = {kind: {term["key"] for term in texts.read("terms")[kind]} for kind in ("audience", "topic")}
    branches = {branch["key"] for branch in texts.read("branches")["branch"]}

    assert {key for data in BY_SLUG.values() for key in data["topics"]} <= terms["topic"]
    assert {key for data in EVENTS.values() for key in data["audiences"]} <= terms["audience"]
    assert {data["branch"] for data in BY_SLUG.values()} - {""} <= branches
    assert {data["format"] for data in EVENTS.values()} <= set(Format.values)
    assert {data["report_on"] for data in ARTICLES.values() if "report_on" in data} <= set(EVENTS)
    assert len(branches) == 6


def test_news_are_spread_over_the_past_and_some_are_kept_on_top():
    ages = sorted(data["days_ago"] for data in ARTICLES.values())

    assert (ages[0] >= 0, ages[-1] > 300, len(set(ages)) > 40) == (True, True, True)
    assert 1 <= sum(data["pinned"] for data in ARTICLES.values()) <= 3


def test_plain_text_becomes_blocks():
    text = """
    First & best
    line.

    ## Hours
    - one
    - two <b>

    > A house of books | A reader

    Last.

    ? Why?
    ! So.
    """

    assert body_blocks(text) == [
        ("text", "<p>First &amp; best line.</p><h2>Hours</h2><ul><li>one</li><li>two &lt;b&gt;</li></ul>"),
        ("quote", {"text": "A house of books", "source": "A reader"}),
        ("text", "<p>Last.</p>"),
        ("faq", {"heading": "", "questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
    ]


# --- Dates ----------------------------------------------------------------------------------------------------------


class Plans:
    """The plans of all events, as they are on the day on which the demo is built."""

    def __init__(self, today: date):
        self.today = today
        self.events = {slug: Event(**content.schedule_facts(data["schedule"], today)) for slug, data in EVENTS.items()}
        self.dates = {slug: expand(event.schedule, until=today + YEAR) for slug, event in self.events.items()}

    def coming(self, slug: str) -> list[PlannedDate]:
        """Return the dates of an event that are still ahead."""
        tomorrow = datetime.combine(self.today + timedelta(days=1), datetime.min.time())
        return [one for one in self.dates[slug] if one.start >= tomorrow]

    def within_a_year(self) -> list[datetime]:
        """Return when all dates begin, from a year back to a year ahead."""
        starts = [one.start for dates in self.dates.values() for one in dates]
        return sorted(start for start in starts if abs(start.date() - self.today) <= YEAR)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def plans(request, django_db_setup, django_db_blocker):
    """Return the plans of the demo on one of the days."""
    with django_db_blocker.unblock():
        return Plans(request.param)


def test_plans_have_nothing_to_be_mended(plans):
    faults = {slug: check_plan(event, today=plans.today) for slug, event in plans.events.items()}

    assert {slug: fault for slug, fault in faults.items() if fault} == {}


def test_dates_are_a_thousand_and_spread_over_two_years(plans):
    starts = plans.within_a_year()
    months = {(start.year, start.month) for start in starts}

    assert len(starts) >= 1000
    assert (plans.today - starts[0].date(), starts[-1].date() - plans.today) > (timedelta(330), timedelta(330))
    assert len(months) >= 24


def test_clubs_keep_their_hour_when_the_clock_changes(plans):
    def offsets(dates):
        return {one.start.replace(tzinfo=ZONE).utcoffset() for one in dates}

    across = [
        slug for slug, dates in plans.dates.items() if len(offsets(dates)) == 2 and not plans.events[slug].all_day
    ]

    assert len(across) >= 10
    assert {len({one.start.time() for one in plans.dates[slug] if one.by_rule}) for slug in across} <= {0, 1}


def test_one_night_ends_on_the_next_day(plans):
    nights = [
        slug
        for slug, dates in plans.dates.items()
        if not plans.events[slug].all_day and any(one.end.date() > one.start.date() for one in dates)
    ]

    assert nights == ["nich-u-bibliotetsi"]
    assert plans.coming("nich-u-bibliotetsi")


def test_fair_takes_a_whole_day_and_an_exhibition_six_weeks(plans):
    fairs = [slug for slug, event in plans.events.items() if event.all_day and not event.long_run]
    weeks = [
        (plans.dates[slug][0].end - plans.dates[slug][0].start).days // 7
        for slug, event in plans.events.items()
        if event.long_run
    ]

    assert (fairs, 6 in weeks) == (["yarmarok-knyh"], True)
    assert plans.coming("yarmarok-knyh")


def test_what_is_cancelled_or_moved_has_dates_ahead(plans):
    states = {slug: data["state"] for slug, data in EVENTS.items() if data.get("state")}
    missing = {
        slug: state
        for slug, state in states.items()
        if max([*state.get("cancelled", []), *(move["index"] for move in state.get("moved", []))], default=0)
        >= len(plans.coming(slug))
    }

    assert missing == {}
    for kind in ("cancelled", "moved", "all_cancelled"):
        assert [slug for slug, state in states.items() if state.get(kind)], kind


def test_reasons_are_given_in_every_language_of_the_event():
    for slug, data in EVENTS.items():
        state = data.get("state", {})
        if state.get("cancelled") or state.get("all_cancelled"):
            assert set(data["words"]) <= set(state["reason"]), slug


# --- Building ---------------------------------------------------------------------------------------------------------


def test_demo_refuses_a_site_that_has_content(library, settings):
    def state():
        pages = list(Page.objects.order_by("pk").values_list("pk", "title"))
        return pages, list(Site.objects.values_list("hostname", "root_page")), User.objects.count()

    before = state()

    with pytest.raises(build.SiteHasContentError):
        build.build(date(2026, 11, 22), lambda _words: None)
    with pytest.raises(CommandError, match="has content already"):
        call_command("demo")

    assert state() == before
    assert not (settings.DATA_DIR / "sign-in.txt").exists()


@pytest.mark.django_db
def test_frame_of_the_demo_has_the_same_addresses_in_every_language(client):
    with indexing_later():
        planter = Planter(list(LANGUAGES))
        homes = network.make_site(planter)
        network.make_terms()
        network.make_indexes(planter, homes)
        network.make_mission(planter, homes)
        network.make_plain_pages(planter, homes)

    slugs = {
        code: set(home.get_children().live().values_list("slug", flat=True)) for code, home in _fresh(homes).items()
    }
    assert {"news", "events", "branches", "mission", "about"} <= slugs["en"]
    assert list(slugs.values()) == [slugs["en"]] * 4
    assert (Topic.objects.count() > 5, Audience.objects.count() > 5) == (True, True)
    assert sorted(Network.objects.get().name) == sorted(LANGUAGES)
    assert problem_of(Network.objects.get().map_tiles) is None
    assert [sorted(district.label) for district in District.objects.all()] == [sorted(LANGUAGES)] * 5
    missions = {page.locale.language_code: page for page in MissionPage.objects.select_related("locale")}
    assert sorted(missions) == sorted(LANGUAGES)
    for page in missions.values():
        assert all((page.statement, page.introduction, page.principles, page.goals, page.audiences, page.results))
    assert len({page.statement for page in missions.values()}) == 4
    assert PlainPage.objects.filter(slug="about").count() == 4
    assert client.get("/mk/mission/", headers={"host": Site.objects.get().hostname}).status_code == 200


def _fresh(homes) -> dict[str, HomePage]:
    return {code: HomePage.objects.get(pk=home.pk) for code, home in homes.items()}
