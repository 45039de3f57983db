"""The feed builder: what is ticked, what comes first in it, and each way to get it."""

import re
from dataclasses import replace
from unittest import mock

import pytest
import segno
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from branches.models import BranchPage
from core import generations
from core.models import Audience, Topic
from core.pdf_sheets import Sheet
from events.door_card_drawing import card_pdf
from events.door_cards import DoorCard
from events.subscribing import frame_code
from tests.factories.library import soon
from tests.page_heads import PageHead

pytestmark = pytest.mark.django_db

PATH = "/en/events/subscribe/"
TICKED = re.compile(r'<input type="(?:checkbox|radio)" name="(\w+)" value="([\w-]+)" checked>')
TITLES = re.compile(r"<h3><a [^>]*>([^<]+)</a></h3>")
LONG = "Меѓународна библиотека за раскажување приказни и ракопис, "
CARD = DoorCard(
    network="Млинівська публічна бібліотека",
    accent="#8a1f2d",
    language="uk",
    title="Наші події у календарі вашого телефона",
    narrowed="Центральна бібліотека",
    steps=("Наведіть камеру.", "Оберіть календар.", "Зміни надходять самі."),
    address_label="Без камери:",
    address="https://library.example/uk/cal/b.central/",
    feed_label="Для програм:",
    feed="https://library.example/uk/cal/b.central.ics",
)


@pytest.fixture
def network(library):
    """Return a network with two branches, terms and events in two languages."""
    library.terms()
    for key in ("central", "mill"):
        library.branch(key=key, title=key.title())
        for number in range(4):
            library.event(
                title=f"{key.title()} {number}",
                slug=f"{key}-{number}",
                starts_on=soon(3 + number),
                branch=BranchPage.objects.get(slug=key, locale=library.locales["en"]).record,
                audiences=[Audience.objects.get(key="children" if number else "adults")],
                topics=[Topic.objects.get(key="reading")] if number == 3 else [],
                held_in=["uk"],
            )
    return library


def _html(client, path=PATH) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_without_ticks_it_is_the_calendar_of_everything(network, client):
    html = _html(client)

    assert TICKED.findall(html) == [("language", "en")]
    assert 'value="http://testserver/en/cal/all.ics"' in html
    assert TITLES.findall(html) == ["Central 0", "Mill 0", "Central 1", "Mill 1", "Central 2"]


def test_what_is_ticked_stays_ticked_and_comes_first(network, client):
    html = _html(client, f"{PATH}?branch=mill&audience=children&language=uk")

    assert TICKED.findall(html) == [("branch", "mill"), ("audience", "children"), ("language", "uk")]
    assert 'value="http://testserver/uk/cal/b.mill+a.children.ics"' in html
    assert TITLES.findall(html) == ["Mill 1", "Mill 2", "Mill 3"]


def test_entries_are_shown_in_the_language_of_the_text(network, client):
    page = network.event(title="Tea", slug="tea", starts_on=soon(1))
    network.translate(page, "uk", title="Чай")

    html = _html(client, f"{PATH}?language=uk")

    assert TITLES.findall(html)[0] == "Чай"
    assert '<div lang="uk">' in html


def test_only_languages_in_which_something_is_held_can_be_ticked(network, client):
    values = re.findall(r'name="held_in" value="(\w+)"', _html(client))

    assert values == ["uk"]


def test_every_way_leads_to_the_address_that_is_shown(network, client):
    html = _html(client, f"{PATH}?branch=mill&branch=central")

    for link in (
        'href="webcal://testserver/en/cal/b.central.mill.ics"',
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Ftestserver%2Fen%2Fcal%2Fb.central.mill.ics",
        "https://outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2Ftestserver%2Fen%2Fcal%2Fb.central.mill.ics",
        "https://outlook.office.com/calendar/0/addfromweb?url=http%3A%2F%2Ftestserver%2Fen%2Fcal%2Fb.central.mill.ics",
        'src="/en/cal/b.central.mill.svg"',
        'href="/en/cal/b.central.mill.pdf"',
        'href="/en/events/feed.atom?branch=central&amp;branch=mill"',
        "/en/events/embed/?branch=central&amp;amp;branch=mill",
    ):
        assert link in html


@pytest.mark.parametrize("ending", [".ics", ".svg", ".pdf", "/"])
def test_each_address_that_the_page_names_answers(network, client, ending):
    assert client.get(f"/en/cal/b.central.mill+a.children{ending}").status_code == 200


@pytest.mark.parametrize("query", ["?branch=nowhere", "?language=xx", "?topic=a,b", "?language=de", "?branch=%00"])
def test_bad_input_is_400(network, client, query):
    assert client.get(f"{PATH}{query}").status_code == 400


@pytest.mark.parametrize("language", ["en", "uk", "ru", "mk"])
def test_page_is_there_in_every_language(network, client, language):
    html = _html(client, f"/{language}/events/subscribe/")

    assert (PageHead(html).language, f"/{language}/cal/all.ics" in html) == (language, True)


def test_only_the_page_without_ticks_is_for_search_engines(network, client):
    heads = {query: PageHead(_html(client, f"{PATH}{query}")) for query in ("", "?branch=mill", "?language=en")}
    short = PageHead(_html(client, "/en/cal/b.mill/"))

    canonical = {
        link["href"] for head in (*heads.values(), short) for link in head.links if link.get("rel") == "canonical"
    }
    assert canonical == {"http://testserver/en/events/subscribe/"}
    assert [head.robots for head in (*heads.values(), short)] == ["", *["noindex, follow"] * 3]
    languages = {link["hreflang"]: link["href"] for link in heads[""].links if "hreflang" in link}
    assert languages == {code: f"http://testserver/{code}/events/subscribe/" for code in ("en", "uk", "ru", "mk")}


def test_short_page_has_its_ticks(network, client):
    assert TICKED.findall(_html(client, "/uk/cal/b.mill+a.children/")) == [
        ("branch", "mill"),
        ("audience", "children"),
        ("language", "uk"),
    ]


def test_retired_term_stays_ticked_with_its_name_and_hidden_branch_without(network, client):
    Topic.objects.filter(key="reading").update(retired=True)
    BranchPage.objects.get(slug="mill", locale=network.locales["en"]).unpublish()

    html = _html(client, f"{PATH}?branch=mill&topic=reading")

    assert TICKED.findall(html) == [("branch", "mill"), ("topic", "reading"), ("language", "en")]
    assert ("<span>Reading</span>" in html, "<span>mill</span>" in html, "<span>Mill</span>" in html) == (
        True,
        True,
        False,
    )


def test_calendar_without_dates_can_be_subscribed_to_all_the_same(library, client):
    library.branch()

    html = _html(client, f"{PATH}?branch=central")

    assert ("Subscribe all the same" in html, "/en/cal/b.central.ics" in html) == (True, True)


def test_address_too_long_for_a_code_has_none(library, client):
    keys = [f"a-branch-with-quite-a-long-name-{number}" for number in range(12)]
    for key in keys:
        library.branch(key=key, title=key)
    html = _html(client, f"{PATH}?branch={','.join(keys)}")

    code = f"b.{'.'.join(sorted(keys))}"
    assert f"/en/cal/{code}.ics" in html
    assert ("calendar-code" in html, "too long for a QR code" in html) == (False, True)
    assert [client.get(f"/en/cal/{code}{end}").status_code for end in (".ics", ".svg", ".pdf", "/")] == [
        200, 404, 404, 200,
    ]  # fmt: skip


def test_number_of_queries_does_not_grow(library, client, remembering):
    library.terms()
    asked = []
    for number in range(1, 4):
        branch = library.branch(key=f"b-{number}", title=f"B {number}").record
        library.event(title=f"Event {number}", starts_on=soon(number), branch=branch)
        generations.store().advance()
        keys = ",".join(f"b-{one}" for one in range(1, number + 1))
        with CaptureQueriesContext(connection) as queries:
            _html(client, f"{PATH}?branch={keys}")
        asked.append(len(queries))

    assert asked == [asked[0]] * 3


def test_builder_is_linked_from_where_subscribers_look_with_what_they_see(network, client):
    event = "/en/events/mill-1/"
    links = {
        "/en/events/?branch=mill&branch=central": "/en/events/subscribe/?branch=central&amp;branch=mill#calendar",
        "/en/branches/mill/": "/en/events/subscribe/?branch=mill#calendar",
        event: "/en/events/subscribe/?branch=mill",
        "/en/": "/en/events/subscribe/",
    }

    assert {path: f'href="{link}"' in _html(client, path) for path, link in links.items()} == dict.fromkeys(links, True)


def test_frame_code_can_hold_any_name():
    code = frame_code("https://library.example/uk/events/embed/?branch=a&topic=b", 'Library: "Mill" <& co>')

    assert code == (
        '<iframe src="https://library.example/uk/events/embed/?branch=a&amp;topic=b" '
        'title="Library: &quot;Mill&quot; &lt;&amp; co&gt;" width="100%" height="600" loading="lazy"></iframe>'
    )


def test_no_page_takes_the_address_of_the_builder(library, client):
    page = library.event(title="Subscribe")

    assert page.slug == "subscribe-2"
    assert "Events in your own calendar" in _html(client)


# --- QR code and card -------------------------------------------------------------------------------------------------


def test_code_and_card_have_their_types_and_are_the_same_each_time(network, client):
    answers = {end: [client.get(f"/uk/cal/b.mill.{end}") for _time in range(2)] for end in ("svg", "pdf")}

    assert {end: {one["Content-Type"] for one in found} for end, found in answers.items()} == {
        "svg": {"image/svg+xml"},
        "pdf": {"application/pdf"},
    }
    assert [len({one.content for one in found}) for found in answers.values()] == [1, 1]
    assert answers["pdf"][0].content.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "uk", "ru", "mk"])
def test_card_is_in_the_language_of_its_address(network, client, language, monkeypatch):
    from events import door_card_drawing

    drawn = []
    monkeypatch.setattr(door_card_drawing, "card_pdf", lambda card: drawn.append(card) or b"%PDF-")

    client.get(f"/{language}/cal/b.mill+a.children.pdf")

    with translation.override(language):
        assert [(card.language, card.address, card.feed) for card in drawn] == [
            (
                language,
                f"http://testserver/{language}/cal/b.mill+a.children/",
                f"http://testserver/{language}/cal/b.mill+a.children.ics",
            )
        ]
    assert drawn[0].narrowed.startswith("Mill; ")


def _drawn_boxes(card: DoorCard) -> list[tuple[float, float, float, float]]:
    """Return the left, right, upper and lower end of each line of text, and of the whole code, on a card."""
    boxes, code, write, fill = [], [], Sheet.line, Sheet.box

    def noted(sheet, text, face, size, x, y, **more):
        boxes.append((x, x + face.measure(text, size), y - size * 0.75, y + (0 if text.isdigit() else size * 0.25)))
        write(sheet, text, face, size, x, y, **more)

    def filled(sheet, x, y, width, height, **more):
        if more["fill"] == "#000000":
            code.append((x, x + width, y, y + height))
        fill(sheet, x, y, width, height, **more)

    with mock.patch.object(Sheet, "line", noted), mock.patch.object(Sheet, "box", filled):
        content = card_pdf(card)
    assert content.count(b"/Type /Page\n") == 1
    lefts, rights, tops, ends = zip(*code, strict=True)
    return [*boxes, (min(lefts), max(rights), min(tops), max(ends))]


@pytest.mark.parametrize("words", ["", "Центральна бібліотека", LONG * 5, "Ж" * 200], ids=["none", "one", "many", "W"])
@pytest.mark.parametrize("title", [CARD.title, LONG], ids=["title", "long title"])
@pytest.mark.parametrize("code", ["b.central", ".".join(["b", *(f"long-branch-name-{n}" for n in range(14))])])
def test_lines_and_code_of_a_card_stay_within_its_margins_and_never_meet(words, title, code):
    address = f"https://library.example/uk/cal/{code}"
    card = replace(CARD, narrowed=words, title=title, address=f"{address}/", feed=f"{address}.ics")

    boxes = _drawn_boxes(card)

    assert min(box[0] for box in boxes) >= 39
    assert max(box[1] for box in boxes) <= 595 - 39
    assert max(box[3] for box in boxes) <= 842 - 36
    # On paper, such a code is read from a metre away.
    assert boxes[-1][1] - boxes[-1][0] >= 150
    assert [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if one[0] < other[1] and other[0] < one[1] and one[2] + 1 < other[3] and other[2] + 1 < one[3]
    ] == []


def test_code_of_a_card_leads_to_the_page_with_all_ways():
    with mock.patch("segno.make", wraps=segno.make) as make:
        card_pdf(CARD)

    make.assert_called_once_with("https://library.example/uk/cal/b.central/", error="m", micro=False)
