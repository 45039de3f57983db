"""Before a changed plan is published the editor sees and says what becomes of each date; without the word it waits."""

from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from core.scheduled_publishing import publish_due
from events.domain import confirming, operations
from events.domain.confirming import UnconfirmedDatesError
from events.models import Event, EventPage, Occurrence, OperationLog
from tests.events.feed_reading import dates_in
from tests.factories.editors import editor_of
from tests.factories.forms import save_in_form
from tests.factories.library import publish, revise, soon
from tests.factories.registrations import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def chess(library):
    """Return an event with four weekly dates."""
    central = library.branch()
    return library.event(
        parent=central, slug="chess", starts_on=soon(7), repeat="weekly", repeat_count=4, branch=central.record
    )


@pytest.fixture
def admin(library, chess, client):
    """Sign an administrator in."""
    user = library.administrator()
    client.force_login(user)
    return user


def _rows():
    return list(Occurrence.objects.order_by("slot"))


def _messages(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def _answers(client, url):
    """Return what the form would send as it stands."""
    form = client.get(url).context["form"]
    return {one.name: one.proposed for one in form.questions}


def _save(client, page, **data):
    """Save or publish the weekly event in its form."""
    return save_in_form(client, page, **{"repeat": "weekly", "repeat_count": 4} | data)


def _slot(day, hour=18, minute=0):
    return datetime.combine(day, time(hour, minute)).isoformat(timespec="minutes")


def test_publishing_a_moved_plan_asks_and_publishes_nothing_before(client, admin, chess):
    before = [(row.uid, row.local_start) for row in _rows()]

    response = _save(client, chess, publish=True, starts_at="18:30", title="Chess for all")

    page = EventPage.objects.get(pk=chess.pk)
    assert response.url == reverse("events:confirm", args=[page.record.pk, page.latest_revision_id])
    assert [(row.uid, row.local_start) for row in _rows()] == before
    draft = page.get_latest_revision_as_object()
    assert (page.title, draft.title, draft.starts_at) == ("Chess club", "Chess for all", time(18, 30))
    html = client.get(response.url).content.decode()
    assert "4 dates move." in html


def test_confirmed_pairing_keeps_every_date(client, admin, chess):
    before = [(row.uid, row.sequence) for row in _rows()]
    url = _save(client, chess, publish=True, starts_at="18:30").url

    response = client.post(url, _answers(client, url) | {"action-publish": "yes"})

    assert response.url == reverse("events:dates", args=[Event.objects.get().pk])
    assert [(row.uid, row.sequence - 1) for row in _rows()] == before
    assert {row.local_start.time() for row in _rows()} == {time(18, 30)}
    assert not EventPage.objects.get(pk=chess.pk).has_unpublished_changes
    [entry] = OperationLog.objects.all()
    assert (entry.action, entry.user, entry.details["moved"]) == ("confirm", admin, 4)


def test_number_of_moves_ends_registrations_and_new_dates_is_said(client, admin, chess):
    last = _rows()[3]
    registered(last)
    day = soon(8)

    url = _save(client, chess, publish=True, starts_on=day.isoformat(), repeat_count=3).url
    response = client.get(url)

    assert "3 dates move, 1 is no longer planned, 1 of them has registrations." in response.content.decode()
    assert [(one.proposed, one.has_registrations) for one in response.context["form"].questions] == [
        (_slot(day), False),
        (_slot(day + timedelta(days=7)), False),
        (_slot(day + timedelta(days=14)), False),
        ("cancel", True),
    ]


def test_new_dates_alone_are_not_asked_about(client, admin, chess):
    response = _save(client, chess, publish=True, repeat_count=6)

    assert response.url != reverse("events:confirm", args=[Event.objects.get().pk, chess.latest_revision_id])
    assert "Dates: 2 are new." in [message.strip() for message in _messages(response)]
    assert len(_rows()) == 6


def test_first_publication_asks_nothing(library, client):
    client.force_login(library.administrator())
    page = library.event(publish_it=False, starts_on=soon(5))

    save_in_form(client, page, publish=True, starts_at="18:30")

    assert [row.local_start.time() for row in _rows()] == [time(18, 30)]


def test_words_alone_are_published_without_a_question(client, admin, chess):
    _save(client, chess, publish=True, title="Chess for all")

    assert EventPage.objects.get(pk=chess.pk).title == "Chess for all"


def test_editor_pairs_dates_otherwise_than_proposed(client, admin, chess):
    first, second, third, fourth = (row.uid for row in _rows())
    days = [soon(8 + 7 * number) for number in range(3)]
    url = _save(client, chess, publish=True, starts_on=days[0].isoformat(), repeat_count=3).url
    slots = [row.slot_key for row in _rows()]

    answers = dict(
        zip(
            [f"date-{slot}" for slot in slots],
            ["withdraw", _slot(days[0]), _slot(days[1]), _slot(days[2])],
            strict=True,
        )
    )
    client.post(url, answers | {"action-publish": "yes"})

    assert {row.uid: (row.local_start.date(), row.state) for row in _rows()} == {
        first: (soon(7), "withdrawn"),
        second: (days[0], "scheduled"),
        third: (days[1], "scheduled"),
        fourth: (days[2], "scheduled"),
    }


def test_two_dates_can_not_become_one(client, admin, chess):
    url = _save(client, chess, publish=True, starts_at="18:30").url
    answers = _answers(client, url)
    names = list(answers)

    response = client.post(url, answers | {names[0]: answers[names[1]]})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [names[1]]
    assert {row.local_start.time() for row in _rows()} == {time(18)}


@pytest.mark.parametrize("answer", ["", "2031-01-01T18:00", "nonsense"])
def test_answer_that_was_not_offered_is_refused(client, admin, chess, answer):
    url = _save(client, chess, publish=True, starts_at="18:30").url
    answers = _answers(client, url)

    response = client.post(url, answers | {next(iter(answers)): answer})

    assert (response.status_code, len(response.context["form"].errors)) == (200, 1)


def test_dropped_date_is_announced_as_cancelled_where_the_editor_says_so(client, admin, chess):
    last = _rows()[3]
    url = _save(client, chess, publish=True, repeat_count=3).url

    client.post(url, {f"date-{last.slot_key}": "cancel", "action-publish": "yes"})

    row = _rows()[3]
    assert (row.uid, row.state, row.left_plan) == (last.uid, "cancelled", True)
    told = dates_in(client)[3]
    assert (told["STATUS"], told["SEQUENCE"], told["SUMMARY"]) == ("CANCELLED", last.sequence + 1, "Chess club")
    assert "cancelled" in client.get(f"{chess.url}?date={last.slot_key}").content.decode()


def test_announced_date_that_left_the_plan_stays_so_until_the_plan_has_it_again(client, admin, chess):
    last = _rows()[3]
    url = _save(client, chess, publish=True, repeat_count=3).url
    client.post(url, {f"date-{last.slot_key}": "cancel", "action-publish": "yes"})

    page = revise(EventPage.objects.get(pk=chess.pk), lead="Bring a friend.")
    assert _rows()[3].state == "cancelled"
    operations.cancel_event(page.record)
    operations.restore_event(page.record)
    assert _rows()[3].state == "cancelled"
    assert client.post(reverse("events:restore_date", args=[page.record.pk, last.uid])).status_code == 302
    assert _rows()[3].state == "cancelled"

    revise(page, repeat_count=4)

    assert [(row.uid, row.state, row.left_plan) for row in _rows()][3] == (last.uid, "scheduled", False)


def test_version_that_is_no_longer_the_newest_is_not_published(client, admin, chess):
    url = _save(client, chess, publish=True, starts_at="18:30").url
    _save(client, chess, starts_at="19:00")

    response = client.post(url, {})

    assert response.url == reverse("wagtailadmin_pages:edit", args=[chess.pk])
    assert {row.local_start.time() for row in _rows()} == {time(18)}


def test_page_that_somebody_locked_is_not_published_by_another(library, client, admin, chess):
    url = _save(client, chess, publish=True, starts_at="18:30").url
    EventPage.objects.filter(pk=chess.pk).update(locked=True, locked_by=editor_of(chess.get_parent().specific))

    response = client.post(url, {"action-publish": "yes"})

    assert response.url == reverse("wagtailadmin_home")
    assert {row.local_start.time() for row in _rows()} == {time(18)}


def test_question_is_for_who_may_edit_the_event(library, client, admin, chess):
    url = _save(client, chess, publish=True, starts_at="18:30").url
    client.force_login(editor_of(library.branch(key="north", title="North")))

    assert client.get(url).url == reverse("wagtailadmin_home")


def test_publishing_several_pages_at_once_leaves_out_what_has_to_be_confirmed(library, client, admin, chess):
    tea = library.event(publish_it=False, title="Tea", slug="tea", starts_on=soon(3))
    chess.starts_at = time(18, 30)
    chess.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = client.post(f"{url}?id={chess.pk}&id={tea.pk}&next=/admin/events/")

    assert any("“Chess club” is not published. It moves dates" in message for message in _messages(response))
    assert {row.local_start.time() for row in _rows()} == {time(18)}
    assert EventPage.objects.get(pk=tea.pk).live


# --- Registrations ----------------------------------------------------------------------------------------------------


def test_date_with_registrations_is_never_moved_without_a_word(chess):
    registered(_rows()[0])

    with pytest.raises(UnconfirmedDatesError):
        revise(chess, starts_at=time(18, 30))

    assert {row.local_start.time() for row in _rows()} == {time(18)}
    assert EventPage.objects.get(pk=chess.pk).starts_at == time(18)


def test_date_with_registrations_follows_the_word(client, admin, chess):
    registered(_rows()[0])
    url = _save(client, chess, publish=True, starts_at="18:30").url

    client.post(url, _answers(client, url) | {"action-publish": "yes"})

    assert {row.local_start.time() for row in _rows()} == {time(18, 30)}


# --- By the clock -----------------------------------------------------------------------------------------------------


def _at(moment):
    return patch.object(timezone, "now", return_value=moment)


def _schedule(page, *, confirmed, user=None, **fields):
    page = EventPage.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    if confirmed:
        confirming.confirm(page, now=timezone.now())
    revision = page.save_revision(user=user)
    revision.publish()
    return revision


def test_scheduled_version_follows_its_word(client, admin, chess):
    before = [row.uid for row in _rows()]
    later = timezone.now() + timedelta(hours=2)
    revision = _schedule(chess, confirmed=True, starts_at=time(18, 30))

    with _at(later):
        report = publish_due(later)

    assert (report.problems, report.published) == ([], [revision.object_str])
    assert [(row.uid, row.local_start.time()) for row in _rows()] == [(uid, time(18, 30)) for uid in before]


def test_scheduling_in_the_form_asks_and_keeps_the_word(client, admin, chess):
    moment = timezone.localtime() + timedelta(hours=1)
    url = _save(client, chess, publish=True, starts_at="18:30", go_live_at=f"{moment:%Y-%m-%d %H:%M}").url
    assert "Confirm and schedule" in client.get(url).content.decode()

    client.post(url, _answers(client, url) | {"action-publish": "yes"})

    assert {row.local_start.time() for row in _rows()} == {time(18)}
    later = timezone.now() + timedelta(hours=2)
    with _at(later):
        assert publish_due(later).problems == []
    assert {row.local_start.time() for row in _rows()} == {time(18, 30)}


def test_scheduled_version_that_meets_another_difference_waits_and_says_so(client, admin, chess):
    later = timezone.now() + timedelta(hours=2)
    revision = _schedule(chess, confirmed=True, user=admin, starts_at=time(18, 30))
    # Meanwhile two further dates are published, of which the scheduled version knows nothing.
    live = chess.live_revision.as_object()
    live.repeat_count = 6
    live.save_revision().publish()
    chess.revisions.filter(pk=revision.pk).update(approved_go_live_at=later - timedelta(minutes=5))

    with _at(later):
        reports = [publish_due(later) for _round in range(2)]

    assert [len(report.problems) for report in reports] == [1, 1]
    assert "nobody has confirmed" in reports[0].problems[0]
    assert {row.local_start.time() for row in _rows()} == {time(18)}
    assert Event.objects.get().waiting_revision == revision.pk
    assert OperationLog.objects.filter(action="waits").count() == 1
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([admin.email], "Not published yet: Chess club")
    assert reverse("events:confirm", args=[Event.objects.get().pk, revision.pk]) in sent.body


def test_version_without_any_word_waits_and_another_page_does_not(library, client, admin, chess):
    later = timezone.now() + timedelta(hours=2)
    other = library.event(publish_it=False, title="Tea", slug="tea", starts_on=soon(3))
    _schedule(chess, confirmed=False, user=admin, starts_at=time(18, 30))
    other.go_live_at = timezone.now() + timedelta(hours=1)
    other.save_revision().publish()

    with _at(later):
        report = publish_due(later)

    assert (report.published, len(report.problems)) == (["Tea"], 1)


def test_waiting_version_is_named_in_form_and_list_and_published_once_confirmed(client, admin, chess):
    later = timezone.now() + timedelta(hours=2)
    revision = _schedule(chess, confirmed=False, user=admin, starts_at=time(18, 30))
    url = reverse("events:confirm", args=[Event.objects.get().pk, revision.pk])
    with _at(later):
        publish_due(later)

        assert url in client.get(reverse("wagtailadmin_pages:edit", args=[chess.pk])).content.decode()
        assert "waits: confirm its dates" in client.get(reverse("events:index")).content.decode()
        client.post(url, _answers(client, url) | {"action-publish": "yes"})
        assert publish_due(later).problems == []

    assert {row.local_start.time() for row in _rows()} == {time(18, 30)}
    assert Event.objects.get().waiting_revision is None


# --- Moderation -------------------------------------------------------------------------------------------------------


@pytest.fixture
def moderation(chess):
    """Let whatever stands below the branch be approved by administrators."""
    from django.contrib.auth.models import Group

    task = GroupApprovalTask.objects.create(name="Look")
    task.groups.add(Group.objects.get_or_create(name="Approvers")[0])
    workflow = Workflow.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.update_or_create(page=chess.get_parent(), defaults={"workflow": workflow})
    return workflow


def test_word_given_when_submitting_holds_when_it_is_approved(client, admin, chess, moderation):
    response = _save(client, chess, starts_at="18:30", **{"action-submit": "1"})
    assert response.url.endswith("?then=keep")
    client.post(response.url, _answers(client, response.url))
    assert {row.local_start.time() for row in _rows()} == {time(18)}

    state = EventPage.objects.get(pk=chess.pk).current_workflow_task_state
    state.approve(user=admin)

    assert {row.local_start.time() for row in _rows()} == {time(18, 30)}


def test_approved_version_that_nobody_confirmed_waits(client, admin, chess, moderation):
    chess.starts_at = time(18, 30)
    revision = chess.save_revision(user=admin)
    moderation.start(chess, admin)

    EventPage.objects.get(pk=chess.pk).current_workflow_task_state.approve(user=admin)

    assert {row.local_start.time() for row in _rows()} == {time(18)}
    assert Event.objects.get().waiting_revision == revision.pk
    assert EventPage.objects.get(pk=chess.pk).has_unpublished_changes


# --- What a plan becomes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"starts_at": time(18, 30)}, {"ends_at": time(20)}, {"starts_on": 1}, {"repeat_until": 28, "repeat_count": None}],
)
def test_edited_rule_keeps_the_uids_in_the_feed_and_raises_the_sequence_of_what_changed(client, chess, change):
    before = dates_in(client)
    days = {"starts_on": soon(8), "repeat_until": soon(28)}

    revise(chess, **{name: days.get(name, value) for name, value in change.items()})

    after = dates_in(client)
    assert [one["UID"] for one in after] == [one["UID"] for one in before]
    for old, new in zip(before, after, strict=True):
        changed = (old["DTSTART"].dt, old["DTEND"].dt, new.get("STATUS")) != (
            new["DTSTART"].dt,
            new["DTEND"].dt,
            old.get("STATUS"),
        )
        assert new["SEQUENCE"] == old["SEQUENCE"] + (1 if changed else 0)


def test_copy_of_an_event_has_no_word(library, client, admin, chess):
    url = _save(client, chess, publish=True, starts_at="18:30").url
    client.post(url, _answers(client, url) | {"action-publish": "yes"})
    page = EventPage.objects.get(pk=chess.pk)
    assert page.confirmed_dates["pairs"]

    copy = page.copy(update_attrs={"slug": "copy"})

    assert copy.confirmed_dates == {}


def test_stale_word_is_not_taken_for_another_plan(chess):
    confirming.confirm(chess, now=timezone.now())
    chess.starts_at = time(18, 30)
    confirming.confirm(chess, now=timezone.now())
    chess.starts_at = time(19)

    assert confirming.needs_word(chess, now=timezone.now())
    assert publish(chess).starts_at == time(19)
