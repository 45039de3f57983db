"""The month's plan: previewed, mended, carried out once, exported."""

import io
from datetime import date, time

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.models import User
from events import admin_plan
from events.domain import operations
from events.models import Event, EventPage, Occurrence
from tests.factories.editors import editor_of

PLAN = "/admin/events/plan/"
HEAD = "Date\tTime\tTitle\tBranch\tFor whom\tSeats\n"
CHESS = "12.04.2030\t17:30–19:00\tChess\tCentral Library\tChildren\t20\n"


@pytest.fixture
def central(library):
    library.terms()
    return library.branch()


@pytest.fixture
def editor(central, client):
    user = editor_of(central)
    client.force_login(user)
    return user


def _send(client, text, **fields):
    return client.post(PLAN, {"plan": text, "language": "en"} | fields)


def _errors(response):
    return {(row.number, cell.column): cell.error for row in response.context["rows"] for cell in row.errors}


def test_preview_stores_nothing(client, editor):
    response = _send(client, HEAD + CHESS)

    assert [row.fate for row in response.context["rows"]] == ["new"]
    assert response.context["is_fine"]
    assert not EventPage.objects.exists()


def test_plan_becomes_published_events(client, editor, central):
    _send(client, HEAD + CHESS, do="yes", publish="yes")

    [date_] = Occurrence.objects.all()
    page = EventPage.objects.get(locale__language_code="en")
    assert (page.title, page.live, page.capacity, page.get_parent().pk) == ("Chess", True, 20, central.pk)
    assert [term.key for term in page.audiences.all()] == ["children"]
    assert (date_.local_start.date(), date_.local_end.time()) == (date(2030, 4, 12), time(19))


def test_plan_becomes_drafts_unless_asked(client, editor):
    _send(client, HEAD + CHESS, do="yes")

    assert not EventPage.objects.filter(live=True).exists()
    assert not Occurrence.objects.exists()


def test_wrong_cells_are_told_and_nothing_is_lost_or_stored(client, editor):
    text = HEAD + CHESS + "32.04.2030\t25:00\t\tNowhere\tMartians\tmany\n"
    response = _send(client, text, do="yes", publish="yes")

    assert set(_errors(response)) == {(3, name) for name in ("date", "time", "title", "branch", "audience", "seats")}
    assert b"Martians" in response.content
    assert response.context["form"]["plan"].value() == text
    assert not EventPage.objects.exists()


@pytest.mark.parametrize("publish", ["", "yes"])
def test_second_upload_makes_no_duplicates(client, editor, publish):
    _send(client, HEAD + CHESS, do="yes", publish=publish)
    again = _send(client, HEAD + CHESS)
    _send(client, HEAD + CHESS, do="yes", publish=publish)

    assert [row.fate for row in again.context["rows"]] == ["there"]
    assert Event.objects.count() == 1


def test_changed_seats_are_shown_and_changed_only_if_wished(client, editor):
    _send(client, HEAD + CHESS, do="yes", publish="yes")
    changed = HEAD + CHESS.replace("\t20", "\t25")
    [row] = _send(client, changed).context["rows"]
    assert (row.fate, row.differences) == ("differs", ["Seats: 20 → 25"])

    _send(client, changed, do="yes", publish="yes")
    assert Event.objects.get().capacity == 20
    _send(client, changed, do="yes", publish="yes", update="on")
    assert Event.objects.get().capacity == 25


def test_long_plan_goes_on_in_parts_and_counts_them_together(client, editor, monkeypatch):
    monkeypatch.setattr(admin_plan, "PATIENCE", 0)
    rows = [CHESS.replace("Chess", f"Chess {number}") for number in range(3)]
    form = {"do": "yes", "publish": "yes"}

    for number in (1, 2):
        response = _send(client, HEAD + "".join(rows), **form)
        assert (response.context["under_way"].done, response.context["under_way"].all) == (number, 3)
        assert [row.fate for row in response.context["rows"]] == ["there"] * number + ["new"] * (3 - number)
        assert b"data-go-on" in response.content
        form |= {name: response.context["form"][name].value() for name in ("made", "published", "changed")}
    last = _send(client, HEAD + "".join(rows), **form)

    assert Event.objects.count() == Occurrence.objects.count() == 3
    assert [str(message).strip() for message in get_messages(last.wsgi_request)] == [
        "3 events were made. Published: 3."
    ]


def test_event_that_can_not_be_stored_stops_the_plan_and_keeps_what_was_done(client, editor, monkeypatch):
    def refuse(page, **_options):
        if page.title == "Chess 1":
            raise ValidationError("No room for it.")
        return save_revision(page, **_options)

    save_revision = EventPage.save_revision
    monkeypatch.setattr(EventPage, "save_revision", refuse)
    rows = [CHESS.replace("Chess", f"Chess {number}") for number in range(3)]
    response = _send(client, HEAD + "".join(rows), do="yes")

    assert response.context["form"].errors["plan"] == ["Chess 1: No room for it."]
    assert list(EventPage.objects.values_list("title", flat=True)) == ["Chess 0"]
    assert b"Nothing is stored yet" not in response.content
    assert response.context["form"]["plan"].value() == HEAD + "".join(rows)


def test_date_moved_since_is_still_already_there(client, editor):
    _send(client, HEAD + CHESS, do="yes", publish="yes")
    row = Occurrence.objects.get()
    start = row.local_start.replace(day=13)
    operations.move_occurrence(row, start=start, end=start.replace(hour=20), branch=None, note={}, user=editor)

    assert [row.fate for row in _send(client, HEAD + CHESS).context["rows"]] == ["there"]


def test_rows_that_differ_only_in_when_are_one_event(client, editor):
    _send(client, HEAD + CHESS + CHESS.replace("12.04", "19.04").replace("17:30–19", "18–19"), do="yes", publish="yes")

    assert Event.objects.count() == 1
    starts = Occurrence.objects.order_by("starts_at").values_list("local_start", flat=True)
    assert [(start.day, start.hour) for start in starts] == [(12, 17), (19, 18)]
    again = _send(client, HEAD + CHESS.replace("12.04", "19.04").replace("17:30–19", "18–19"))
    assert [row.fate for row in again.context["rows"]] == ["there"]


def test_row_twice_in_a_plan_makes_one_date(client, editor):
    response = _send(client, HEAD + CHESS + CHESS)

    assert [row.fate for row in response.context["rows"]] == ["new", "twice"]


def test_columns_are_known_in_any_order_and_language(client, editor):
    text = "Назва;Філія;Дата;Місць;Час\nChess;central;12.04.2030;20;17:30\n"

    [row] = _send(client, text).context["rows"]
    assert (row.title, row.seats, row.starts, row.errors) == ("Chess", 20, time(17, 30), [])


def test_missing_column_is_told(client, editor):
    response = _send(client, "Date\tTitle\n12.04.2030\tChess\n", do="yes")

    assert "Columns are missing: Branch." in response.context["form"].errors["plan"]


def test_file_is_put_into_the_field_to_be_mended(client, editor):
    file = io.BytesIO((HEAD + CHESS).replace("\t", ";").encode("windows-1251"))
    file.name = "plan.csv"
    response = _send(client, "", file=file, do="yes")

    assert response.context["form"]["plan"].value() == HEAD + CHESS
    assert not EventPage.objects.exists()


def test_editor_names_only_the_own_branches(library, client, editor):
    library.branch(key="north", title="North")

    assert set(_errors(_send(client, HEAD + CHESS.replace("Central Library", "North"), do="yes"))) == {(2, "branch")}


def test_who_may_add_nothing_is_turned_away(client, central):
    client.force_login(User.objects.create_user("reader@library.example", "secret"))

    assert client.get(PLAN).status_code == 302
    assert client.get(PLAN + "export.xlsx").status_code == 302


def test_preview_asks_as_much_for_three_rows_as_for_one(client, editor):
    _send(client, HEAD + CHESS)
    counts = []
    for days in (["12"], ["12", "13", "14"]):
        rows = "".join(CHESS.replace("12.04", f"{day}.04").replace("Chess", f"Chess {day}") for day in days)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _send(client, HEAD + rows)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def _sheet(response):
    book = load_workbook(io.BytesIO(response.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_table_to_fill_in_names_branches_and_is_read_back(client, editor):
    response = client.get(PLAN + "template.xlsx")

    assert _sheet(response)[0][:4] == ["Date", "Time", "Title", "Branch"]
    book = load_workbook(io.BytesIO(response.content))
    assert [cell.value for cell in book.worksheets[1]["A"]] == ["Branch", "Central Library"]


def test_export_tells_what_became_of_each_date(library, client, central, editor):
    days = {"Kept": 10, "Off": 11, "Moved": 12}
    pages = {
        t: library.event(parent=central, title=t, starts_on=date(2030, 4, d), branch=central.record)
        for t, d in days.items()
    }
    library.event(
        parent=central, title="Idea", starts_on=date(2030, 4, 14), branch=central.record, publish_it=False
    ).save_revision()
    library.event(title="Of the network", starts_on=date(2030, 4, 15))
    off, moved = (pages[title].record.occurrences.get() for title in ("Off", "Moved"))
    operations.cancel_occurrence(off, reason={"en": "Flood"}, user=editor)
    start = moved.local_start.replace(day=13)
    operations.move_occurrence(moved, start=start, end=start.replace(hour=20), branch=None, note={}, user=editor)

    rows = _sheet(client.get(PLAN + "export.xlsx?month=2030-04&branch=central"))[1:]

    assert [(row[0].day, row[3], row[7], row[8], row[9]) for row in rows] == [
        (10, "Kept", "as planned", None, None),
        (11, "Off", "cancelled", "Flood", None),
        (13, "Moved", "moved", None, "12.04.2030 18:00 Central Library"),
        (14, "Idea", "draft", None, None),
    ]


@pytest.mark.parametrize("query", ["month=x", "month=9999-12", "month=2030-13", "branch=none", "branch=%00"])
def test_unknown_month_or_branch_is_a_bad_request(client, editor, query):
    assert client.get(f"{PLAN}export.xlsx?{query}").status_code == 400
