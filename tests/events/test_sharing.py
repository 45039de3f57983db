"""What the pictures and the poster of an event say, and that nobody is invited to what is over or off."""

import io
import re
from dataclasses import replace
from datetime import date, time, timedelta
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory
from django.utils import translation
from PIL import Image

from core import sharing
from core.cards import Card, Leaf
from core.models import LibraryImage, Network
from core.pdf_sheets import Sheet
from events.domain.operations import cancel_event, cancel_occurrence, postpone_event
from events.poster_drawing import poster_pdf
from events.posters import Poster
from tests.factories.library import soon
from tests.factories.photographs import drawn, encoded

SHARED = re.compile(r'(?:content|href)="(?:http://testserver)?(/\w\w/shared/(\w+)/[^"]*)"')
POSTER = Poster(
    card=Card(
        title="Читання без оцінок",
        network="Млинівська бібліотека",
        accent="#8a1f2d",
        spines="chytannia",
        leaf=Leaf("Вт", "24", "листопада"),
    ),
    language="uk",
    lead="Приходьте з книжкою.",
    dates_label="Коли",
    dates=("Вівторок, 24 листопада, 17:30–19:00",),
    more="",
    facts=(("Де", "Центральна бібліотека\nвул. Млинова, 1"), ("Ціна", "безкоштовно")),
    address="https://library.example/uk/events/chytannia/",
)
LONG = "Меѓународна работилница за раскажување приказни, ракопис со перо и создавање кукли од стари весници " * 2


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def _addresses(client, path) -> dict[str, str]:
    """Return the paths of the pictures that an event page names, by their kind."""
    return {kind: address for address, kind in SHARED.findall(client.get(path).content.decode())}


def _shown(page, kind="card", part="", language="en"):
    request = RequestFactory().get("/")
    page = type(page).objects.get(pk=page.pk)
    with translation.override(language):
        return sharing.KINDS[kind].shows(page, page.sharing_context(request, part), request)


def _dates(count):
    """Return the further dates of an event that has so many."""
    times = {"starts": time(18), "ends": time(19, 30), "branch": "", "place": {}}
    days = [date(2030, 1, 8) + timedelta(days=number) for number in range(1, count)]
    return [("date", {"date": day, **times}) for day in days]


def test_address_on_a_poster_is_that_of_the_site_whatever_the_browser_said(library, client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    page = library.event()

    found = {
        _addresses(client, f"http://{host}{page.url}?fresh={host}")["poster"]
        for host in ("localhost", "localhost:4711")
    }

    assert len(found) == 1


# --- What they say ----------------------------------------------------------------------------------------------------


def test_card_says_when_and_where(library):
    page = library.event(branch=library.branch().record, room={"en": "Hall"})

    card = _shown(page)

    assert (card.title, card.spines, card.state) == ("Chess club", "chess-club", "")
    assert card.leaf == Leaf("Tue", "8", "January")
    assert card.lines == ("Tuesday, 8 January 2030, 18:00–19:30", "Central Library, Hall")


def test_card_is_in_the_language_of_its_address(library):
    card = _shown(library.event(place={"en": "Park", "mk": "Парк"}), language="mk")

    assert card.leaf == Leaf("Вто", "8", "јануари")
    assert card.lines == ("Вторник, 8 јануари 2030, 18:00–19:30", "Парк")


@pytest.mark.parametrize(("count", "words"), [(2, "and 1 more date"), (10, "and 9 more dates")])
def test_card_counts_further_dates(library, count, words):
    assert _shown(library.event(added=_dates(count))).lines[1] == words


def test_card_of_a_series_says_its_rule(library):
    lines = _shown(library.event(repeat="weekly", repeat_count=3)).lines

    assert lines[1].startswith("Every Tuesday")


def test_event_without_a_place_or_only_online_says_so(library):
    assert _shown(library.event(slug="nowhere")).lines == ("Tuesday, 8 January 2030, 18:00–19:30",)
    assert _shown(library.event(slug="online", format="online", online_url="https://x.example")).lines[-1] == "online"


def test_date_that_is_asked_for_has_pictures_of_its_own(library, client):
    page = library.event(added=_dates(3))

    addresses = _addresses(client, f"{page.url}?date=2030-01-10T18:00")
    answers = {kind: client.get(address) for kind, address in addresses.items()}

    assert set(addresses) == {"card", "poster", "square"}
    assert all(f"{page.pk}.20300110T1800-" in address for address in addresses.values())
    assert {answer.status_code for answer in answers.values()} == {200}
    assert _shown(page, part="20300110T1800").leaf.day == "10"
    assert _shown(page, "poster", part="20300110T1800").address == f"http://localhost{page.url}?date=2030-01-10T18:00"


def test_query_of_the_address_of_a_picture_changes_nothing(library, client):
    page = library.event(added=_dates(3))
    address = _addresses(client, page.url)["card"]

    assert client.get(f"{address}?date=2030-01-10T18:00").status_code == 200


@pytest.mark.parametrize("part", ["20300111T1800", "20301399T1800", "T", "2030"])
def test_date_that_there_is_not_has_no_picture(library, client, part):
    page = library.event()
    address = sharing.address_of(sharing.KINDS["card"], page, _shown(page), part=part)

    assert client.get(address).status_code == 404


# --- Poster and square picture ----------------------------------------------------------------------------------------


def test_event_page_offers_a_poster_and_a_square_picture(library, client):
    page = library.event()
    addresses = _addresses(client, page.url)

    poster, square = client.get(addresses["poster"]), client.get(addresses["square"])

    assert poster["Content-Type"] == "application/pdf"
    assert poster["Content-Disposition"] == 'attachment; filename="chess-club-en-poster.pdf"'
    assert poster.content.startswith(b"%PDF-")
    assert square["Content-Disposition"] == 'attachment; filename="chess-club-en-square.png"'
    assert Image.open(io.BytesIO(square.content)).size == (1080, 1080)


def test_poster_says_all_that_one_needs_to_come(library):
    branch = library.branch().record
    page = library.event(
        branch=branch, is_free=False, price={"en": "5 euros"}, registration="link", registration_url="https://x.example"
    )

    poster = _shown(page, "poster")

    assert poster.facts == (
        ("Where", "Central Library\n1 Mill Street"),
        ("Price", "5 euros"),
        ("Registration", "on the page of the event"),
    )
    assert (poster.lead, poster.language, poster.logo) == ("Come and play.", "en", None)
    assert poster.dates == ("Tuesday, 8 January 2030, 18:00–19:30",)
    assert poster.address == f"http://localhost{page.url}"


def test_poster_lists_ten_dates_and_counts_the_rest(library):
    poster = _shown(library.event(added=_dates(13)), "poster")

    assert (len(poster.dates), poster.more) == (10, "and 3 more dates")


def test_poster_leaves_out_a_date_that_is_off(library):
    page = library.event(added=_dates(3))
    cancel_occurrence(page.record.occurrences.get(slot="2030-01-09T18:00"))

    assert [words.split(",")[1] for words in _shown(page, "poster").dates] == [" 8 January 2030", " 10 January 2030"]


def test_poster_of_a_series_says_its_rule_and_the_next_date(library):
    poster = _shown(library.event(repeat="weekly", repeat_count=30), "poster")

    assert len(poster.dates) == 1
    assert poster.more.startswith("Every Tuesday")


def test_poster_bears_the_logo(library):
    network = Network.for_site(library.site)
    network.logo = LibraryImage.objects.create(title="Logo", file=ContentFile(encoded(drawn(300, 100)), "logo.jpg"))
    network.save()
    page = library.event()

    poster = _shown(page, "poster")
    kind = sharing.KINDS["poster"]

    assert poster.logo.pk == network.logo.pk
    assert b"/Subtype /Image" in kind.draw(poster, None)


# --- What is over or off ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (cancel_event, "Cancelled"),
        (postpone_event, "Postponed"),
        (lambda event: cancel_occurrence(event.occurrences.get()), "Cancelled"),
    ],
    ids=["event cancelled", "event postponed", "date cancelled"],
)
def test_what_is_off_says_so_on_its_card_and_invites_nobody(library, client, change, state):
    page = library.event()
    before = _addresses(client, page.url)
    change(page.record)

    after = _addresses(client, page.url)

    assert _shown(page).state == state
    assert set(after) == {"card"}
    assert client.get(after["card"]).status_code == 200
    assert [client.get(before[kind]).status_code for kind in ("poster", "square")] == [404, 404]


def test_what_is_over_keeps_its_card_and_invites_nobody(library, client):
    page = library.event(starts_on=soon(-3))

    addresses = _addresses(client, page.url)

    assert set(addresses) == {"card"}
    assert client.get(addresses["card"]).status_code == 200
    assert (_shown(page, "poster"), _shown(page, "square")) == (None, None)


def test_draft_and_hidden_event_have_no_pictures(library, client):
    draft, page = library.event(publish_it=False, slug="draft"), library.event()
    address = _addresses(client, page.url)["poster"]
    type(page).objects.get(pk=page.pk).unpublish()

    assert client.get(address).status_code == 404
    card = Card(title="x", network="", accent="", spines="")
    assert client.get(sharing.address_of(sharing.KINDS["card"], draft, card)).status_code == 404


def test_other_pages_have_no_poster(library, client):
    article = library.article()
    address = sharing.address_of(sharing.KINDS["poster"], article, Card("x", "", "", ""))

    assert client.get(address).status_code == 404


# --- Drawing of the poster --------------------------------------------------------------------------------------------


def test_poster_is_one_page_of_a4_in_its_language_and_the_same_each_time():
    content = poster_pdf(POSTER)

    assert content == poster_pdf(POSTER)
    assert re.findall(rb"/MediaBox \[ 0 0 595\.2756 841\.8898 \]", content) != []
    assert content.count(b"/Type /Page\n") == 1
    assert b"/Lang (uk)" in content


def _drawn_boxes(poster):
    """Return the left, right, upper and lower end of each line of text on a poster."""
    lines, write = [], Sheet.line

    def noted(sheet, text, face, size, x, y, **more):
        depth = 0 if text.isdigit() else size * 0.25
        lines.append((x, x + face.measure(text, size), y - size * 0.75, y + depth))
        write(sheet, text, face, size, x, y, **more)

    with mock.patch.object(Sheet, "line", noted):
        poster_pdf(poster)
    return lines


@pytest.mark.parametrize("title", ["Шахи", LONG, "Ж" * 255], ids=["short", "long", "one word"])
@pytest.mark.parametrize("lead", ["", "Ќе раскажуваме приказни и ќе шиеме кукли. " * 9], ids=["no lead", "long lead"])
@pytest.mark.parametrize("count", [1, 4, 10])
@pytest.mark.parametrize("leaf", [POSTER.card.leaf, None], ids=["leaf", "no leaf"])
def test_lines_of_a_poster_stay_within_its_margins_and_never_meet(title, lead, count, leaf):
    poster = replace(
        POSTER,
        card=replace(POSTER.card, title=title, leaf=leaf),
        lead=lead,
        dates=POSTER.dates * count,
        more="та ще 3 дати",
        facts=(*POSTER.facts, ("Для кого", "Дорослі, підлітки"), ("Реєстрація", "на сторінці події")),
    )

    boxes = _drawn_boxes(poster)

    assert min(box[0] for box in boxes) >= 39
    assert max(box[1] for box in boxes) <= 595 - 39
    assert min(box[2] for box in boxes) >= 39
    assert max(box[3] for box in boxes) <= 842 - 36
    assert [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if one[0] < other[1] and other[0] < one[1] and one[2] + 1 < other[3] and other[2] + 1 < one[3]
    ] == []


def test_code_of_a_poster_leads_to_the_event():
    with mock.patch("segno.make", wraps=__import__("segno").make) as make:
        poster_pdf(POSTER)

    make.assert_called_once_with("https://library.example/uk/events/chytannia/", error="m", micro=False)
