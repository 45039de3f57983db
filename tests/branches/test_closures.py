"""Closing in an emergency: at once, in every language, over by itself, and only by who may publish the branch."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from branches.domain import closures
from branches.models import Branch
from core.localtime import to_local
from tests.factories.editors import editor_of
from tests.factories.library import LANGUAGES, publish, soon

REASON = {"en": "A burst pipe", "uk": "Прорвало трубу"}
ALL_DAY = {"v": 1, "kinds": {"staffed": {"week": [[["00:00", "24:00"]]] * 7}}, "exceptions": []}


@pytest.fixture
def mill(library):
    return library.branch(key="mill", title="Mill", hours=ALL_DAY)


def _until(branch, days=1):
    return datetime.combine(soon(days), time(12), tzinfo=branch.zoneinfo)


def test_closed_branch_says_so_at_once_in_every_language(library, client, mill):
    closures.close_branch(mill.record, until=_until(mill.record), reason=REASON)

    shown = {code: client.get(f"/{code}/branches/mill/").content.decode() for code in LANGUAGES}

    assert all("is-closed" in html and "is-open" not in html for html in shown.values())
    assert "A burst pipe" in shown["en"]
    assert "Прорвало трубу" in shown["uk"]
    assert "Closed until" in shown["en"]


def test_closure_ends_by_itself(library, client, mill, monkeypatch):
    closures.close_branch(mill.record, until=_until(mill.record), reason=REASON)
    later = _until(mill.record).astimezone(UTC) + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    html = client.get("/en/branches/mill/").content.decode()

    assert ("is-open" in html, "A burst pipe" in html) == (True, False)


def test_no_publication_undoes_a_closure(library, mill):
    closures.close_branch(mill.record, until=_until(mill.record), reason=REASON)

    publish(mill)

    assert Branch.objects.get().closed_reason == REASON


def test_closure_that_is_over_already_is_refused(library, mill):
    with pytest.raises(closures.ClosureError):
        closures.close_branch(mill.record, until=timezone.now() - timedelta(minutes=1))

    assert Branch.objects.get().closed_until is None


# --- In the admin -----------------------------------------------------------------------------------------------------


def _post(client, branch, day, **reason):
    return client.post(reverse("close_branch", args=[branch.pk]), {"day": day, "time": "18:00", **reason})


def test_editor_closes_the_branch_and_opens_it_again(library, client, mill):
    client.force_login(editor_of(mill))
    branch = mill.record
    form = client.get(reverse("close_branch", args=[branch.pk]))
    assert (form.status_code, form.context["form"].initial["time"]) == (200, time(23, 59))

    _post(client, branch, soon(2), reason_en="A burst pipe")

    branch.refresh_from_db()
    assert to_local(branch.closed_until, branch.zoneinfo) == datetime.combine(soon(2), time(18))
    assert "Closed in an emergency" in client.get(f"/admin/pages/{mill.pk}/edit/").content.decode()

    client.post(reverse("reopen_branch", args=[branch.pk]))

    branch.refresh_from_db()
    assert branch.closed_until is None
    assert [entry.action for entry in PageLogEntry.objects.filter(action__startswith="branches.")] == [
        "branches.reopen",
        "branches.close",
    ]


def test_form_keeps_what_was_typed_when_the_moment_is_over(library, client, mill):
    client.force_login(editor_of(mill))

    answer = _post(client, mill.record, soon(-1), reason_en="A burst pipe")

    assert answer.status_code == 200
    assert "This moment is over already." in answer.content.decode()
    assert 'value="A burst pipe"' in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_day_at_the_ends_of_the_calendar_is_refused(library, client, mill, day):
    client.force_login(editor_of(mill))

    answer = _post(client, mill.record, day)

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["day"])
    assert Branch.objects.get().closed_until is None


def test_editor_of_another_branch_can_not_close_it(library, client, mill):
    client.force_login(editor_of(library.branch(key="north", title="North")))
    addresses = [reverse(name, args=[mill.record.pk]) for name in ("close_branch", "reopen_branch")]

    answers = [client.post(address, {"day": soon(2), "time": "18:00"}) for address in addresses]

    assert {answer.status_code for answer in answers} == {302}
    assert Branch.objects.get(key="mill").closed_until is None


def test_get_changes_nothing(library, client, mill):
    client.force_login(editor_of(mill))

    assert client.get(reverse("reopen_branch", args=[mill.record.pk])).status_code == 405
    client.get(reverse("close_branch", args=[mill.record.pk]), {"day": soon(2), "time": "18:00"})

    assert Branch.objects.get().closed_until is None


# --- Hours of one kind ------------------------------------------------------------------------------------------------


def test_closure_of_one_kind_of_hours_names_it(library, client):
    week = {"week": [[["09:00", "18:00"]]] * 5 + [[]] * 2}
    hours = {"v": 1, "kinds": {"staffed": week, "phone": week}, "exceptions": []}
    closed = {"first": str(soon(9)), "last": str(soon(10)), "hours": "", "reason": {}}
    library.branch(
        key="mill",
        title="Mill",
        hours=hours,
        exceptions=[
            {"type": "exception", "value": {**closed, "kind": "phone"}},
            {"type": "exception", "value": {**closed, "kind": "", "first": str(soon(20)), "last": None}},
        ],
    )

    html = " ".join(client.get("/uk/branches/mill/").content.decode().split())

    assert "(Телефоном): зачинено" in html
    assert html.count("(Телефоном)") == 1


def test_branch_that_only_answers_the_phone_is_not_called_open(library, client):
    round_the_clock = {"week": [[["00:00", "24:00"]]] * 7}
    library.branch(key="mill", title="Mill", hours={"v": 1, "kinds": {"phone": round_the_clock}, "exceptions": []})

    page, index = (client.get(path).content.decode() for path in ("/en/branches/mill/", "/en/branches/"))

    assert "is-open" not in page + index
    assert "Open round the clock" in page
