import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.merge import ExistingDate, Summary, merge
from events.recurrence import Freq, parse_rule
from events.schedule import PlannedDate, Schedule, expand

HOUR = timedelta(hours=1)
FAR = date(2030, 1, 1)

DAYS = st.dates(date(2026, 12, 20), date(2027, 1, 20))
SLOTS = st.builds(datetime.combine, DAYS, st.sampled_from([time(0), time(10), time(18), time(18, 30)]))
FREQS = st.none() | st.sampled_from(Freq)
NOWS = st.none() | SLOTS


def planned(slot, *, hours=1, by_rule=False):
    return PlannedDate(slot=slot, start=slot, end=slot + hours * HOUR, by_rule=by_rule)


def existing(row_id, slot, *, hours=1, **flags):
    return ExistingDate(row_id, slot, slot, slot + hours * HOUR, **flags)


def at(text):
    return datetime.fromisoformat(text)


def plan_of(rule=None, **fields):
    return expand(Schedule(rule=parse_rule(rule) if rule else None, **fields), until=FAR)


def rows_of(dates, **flags):
    return [ExistingDate(number, item.slot, item.start, item.end, **flags) for number, item in enumerate(dates)]


def written(rows, result):
    """Return the rows after the result has been written, as the caller does it."""
    after, numbers = {row.id: row for row in rows}, count(max((row.id for row in rows), default=0) + 1)
    for row_id, item in [*result.updated, *result.moved]:
        after[row_id] = replace(after[row_id], slot=item.slot, start=item.start, end=item.end, withdrawn=False)
    for row_id, item in result.prolonged:
        after[row_id] = replace(after[row_id], end=item.end)
    for row_id in result.dropped:
        after[row_id] = replace(after[row_id], withdrawn=True)
    return [*after.values(), *(ExistingDate(next(numbers), item.slot, item.start, item.end) for item in result.new)]


@st.composite
def dates(draw):
    slots = draw(st.sets(SLOTS, max_size=12))
    return [planned(slot, hours=draw(st.integers(0, 2)), by_rule=draw(st.booleans())) for slot in sorted(slots)]


@st.composite
def rows(draw):
    slots = draw(st.lists(SLOTS, max_size=12, unique=True))
    flags = ("has_registrations", "withdrawn", "begun", "operated")
    return [
        existing(number, slot, hours=draw(st.integers(0, 2)), **{flag: draw(st.booleans()) for flag in flags})
        for number, slot in enumerate(slots)
    ]


@given(rows(), dates(), FREQS, NOWS)
def test_every_row_and_every_planned_date_has_one_place_in_the_result(before, wanted, freq, now):
    result = merge(before, wanted, freq=freq, now=now)

    kept = [*result.unchanged, *result.updated, *result.moved, *result.begun]
    left_alone = [row.id for row in before if row.withdrawn and not row.begun]
    ids = Counter([row_id for row_id, _item in kept] + result.dropped)
    ids.update(row_id for row_id in left_alone if row_id not in ids)
    assert ids == Counter(row.id for row in before)
    found = [item.slot for _row_id, item in kept if item] + [item.slot for item in [*result.new, *result.missed]]
    assert sorted(found) == [item.slot for item in wanted]


@given(rows(), dates(), FREQS)
def test_every_planned_slot_ends_with_exactly_one_row(before, wanted, freq):
    result = merge(before, wanted, freq=freq)

    after = written(before, result)
    slots = [row.slot for row in after]
    absorbed = {item.slot for row_id, item in result.begun if item and item.slot != before[row_id].slot}
    assert len(set(slots)) == len(slots)
    assert len({row.id for row in after}) == len(after)
    living = {row.slot for row in after if not row.withdrawn and not row.begun}
    assert living <= {item.slot for item in wanted} <= set(slots) | absorbed


@given(rows(), dates(), FREQS, NOWS)
def test_merging_twice_changes_nothing(before, wanted, freq, now):
    after = written(before, merge(before, wanted, freq=freq, now=now))

    again = merge(after, wanted, freq=freq, now=now)

    assert (again.updated, again.moved, again.prolonged, again.new, again.dropped) == ([], [], [], [], [])
    assert not again.needs_confirmation


@given(rows(), dates(), FREQS, NOWS)
def test_of_what_has_begun_only_an_end_to_come_changes(before, wanted, freq, now):
    result = merge(before, wanted, freq=freq, now=now)

    begun = {row.id for row in before if row.begun}
    assert begun.isdisjoint(row_id for row_id, _item in [*result.unchanged, *result.updated, *result.moved])
    assert begun.isdisjoint(result.dropped)
    assert [row_id for row_id, _item in result.begun] == [row.id for row in sorted(before, key=slot_of) if row.begun]
    for row_id, item in result.prolonged:
        row = before[row_id]
        assert (row.begun, row.withdrawn, row.start) == (True, False, item.start)
        assert now is None or max(row.end, item.end) > now


@given(rows(), dates(), FREQS, NOWS)
def test_order_of_the_input_makes_no_difference(before, wanted, freq, now):
    assert merge(before[::-1], wanted[::-1], freq=freq, now=now) == merge(before, wanted, freq=freq, now=now)


@given(rows(), dates(), FREQS, NOWS)
def test_rows_that_change_are_written_in_any_order(before, wanted, freq, now):
    result = merge(before, wanted, freq=freq, now=now)

    targets = {item.slot for item in [*(item for _row_id, item in result.moved), *result.new]}
    assert targets.isdisjoint(row.slot for row in before)


@given(rows(), dates(), FREQS, NOWS)
def test_confirmation_is_needed_exactly_when_registrations_would_move_or_drop(before, wanted, freq, now):
    result = merge(before, wanted, freq=freq, now=now)

    changed = {row_id for row_id, _item in result.moved} | set(result.dropped)
    registered = [row for row in before if row.id in changed and row.has_registrations]
    assert result.needs_confirmation == bool(registered)
    assert result.summary == Summary(
        len(result.moved), len(result.dropped), len(registered), len(result.new), len(result.prolonged)
    )


@given(rows(), dates(), FREQS, NOWS)
def test_confirmed_pairing_survives_json_and_gives_the_same_difference(before, wanted, freq, now):
    first = merge(before, wanted, freq=freq, now=now)
    kept = json.loads(json.dumps(first.pairing))

    second = merge(before, wanted, freq=freq, now=now, confirmed=kept)

    assert second == replace(first, needs_confirmation=False)


@given(
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=YEARLY", None]),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.times(min_value=time(0, 0), max_value=time(23, 0)),
    st.times(min_value=time(0, 0), max_value=time(23, 0)),
)
def test_shift_of_the_time_keeps_every_row(rule, first, old, new):
    old, new = old.replace(second=0, microsecond=0), new.replace(second=0, microsecond=0)
    rule = rule and rule + ";COUNT=60"
    before = plan_of(rule, first=first, starts=old)
    after = plan_of(rule, first=first, starts=new)

    result = merge(rows_of(before), after, freq=parse_rule(rule).freq if rule else None)

    assert (result.new, result.dropped) == ([], [])
    assert result.moved == ([] if old == new else list(enumerate(after)))


def slot_of(row):
    return row.slot


def test_equal_slots_stay_as_they_are():
    dates_ = [planned(at("2026-09-01T18:00")), planned(at("2026-09-08T18:00"))]

    result = merge(rows_of(dates_), dates_, freq=Freq.WEEKLY)

    assert result.unchanged == list(enumerate(dates_))
    assert result.pairing == {}
    assert result.summary == Summary(0, 0, 0, 0)


def test_other_end_updates_the_row_without_a_question():
    longer = planned(at("2026-09-01T18:00"), hours=2)

    result = merge([existing(7, longer.slot, has_registrations=True)], [longer], freq=None)

    assert (result.unchanged, result.updated) == ([], [(7, longer)])
    assert not result.needs_confirmation


def test_times_given_by_an_operation_are_not_compared():
    longer = planned(at("2026-09-01T18:00"), hours=2)

    result = merge([existing(7, longer.slot, operated=True)], [longer], freq=None)

    assert (result.unchanged, result.updated) == ([(7, longer)], [])


def test_tuesday_becomes_wednesday_of_the_same_week_over_new_year():
    rule = {"first": date(2026, 12, 22), "starts": time(18)}
    before = plan_of("FREQ=WEEKLY;COUNT=3", **rule)
    after = plan_of("FREQ=WEEKLY;COUNT=3", **rule | {"first": date(2026, 12, 23)})

    result = merge(rows_of(before), after, freq=Freq.WEEKLY)

    assert result.moved == list(enumerate(after))
    assert result.pairing == {
        "2026-12-22T18:00": "2026-12-23T18:00",
        "2026-12-29T18:00": "2026-12-30T18:00",
        "2027-01-05T18:00": "2027-01-06T18:00",
    }


def test_week_begins_on_monday():
    sunday, monday = at("2027-01-03T18:00"), at("2027-01-04T18:00")

    result = merge([existing(1, sunday)], [planned(monday)], freq=Freq.WEEKLY)

    assert (result.moved, result.new, result.dropped) == ([], [planned(monday)], [1])


def test_monthly_dates_stay_in_their_month():
    before = plan_of("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", first=date(2028, 1, 3), starts=time(18))
    after = plan_of("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", first=date(2028, 2, 29), starts=time(18))

    result = merge(rows_of(before), after, freq=Freq.MONTHLY)

    assert result.moved == [(1, after[0]), (2, after[1])]
    assert result.dropped == [0]


def test_daily_dates_stay_on_their_day():
    result = merge(
        [existing(1, at("2026-03-28T18:00")), existing(2, at("2026-03-29T18:00"))],
        [planned(at("2026-03-29T02:30")), planned(at("2026-03-30T02:30"))],
        freq=Freq.DAILY,
    )

    assert result.moved == [(2, planned(at("2026-03-29T02:30")))]
    assert (result.new, result.dropped) == ([planned(at("2026-03-30T02:30"))], [1])


def test_start_moved_to_midnight_belongs_to_the_day_that_begins():
    result = merge(
        [existing(1, at("2026-12-31T23:30")), existing(2, at("2027-01-01T23:30"))],
        [planned(at("2027-01-01T00:00")), planned(at("2027-01-02T00:00"))],
        freq=Freq.DAILY,
    )

    assert result.moved == [(2, planned(at("2027-01-01T00:00")))]


def test_single_dates_are_paired_in_order():
    before = [existing(1, at("2026-05-05T18:00")), existing(2, at("2026-07-07T18:00"))]
    after = [planned(at("2026-05-06T19:00")), planned(at("2026-09-09T19:00"))]

    assert merge(before, after, freq=None).moved == [(1, after[0]), (2, after[1])]


def test_date_that_stays_parts_the_others():
    before = [existing(number, at(f"2026-05-0{number}T18:00")) for number in (1, 3, 5)]
    stays, late = planned(at("2026-05-03T18:00")), planned(at("2026-05-08T18:00"))

    result = merge(before, [stays, late], freq=None)

    assert result.moved == [(5, late)]
    assert result.dropped == [1]


def test_date_that_passes_one_that_stays_keeps_its_row():
    before = [existing(1, at("2026-05-01T18:00")), existing(3, at("2026-05-03T18:00"))]
    stays, late = planned(at("2026-05-03T18:00")), planned(at("2026-05-08T18:00"))

    assert merge(before, [stays, late], freq=None).moved == [(1, late)]


def test_same_day_is_nearer_than_the_same_week():
    tuesday, thursday = existing(2, at("2026-09-01T18:00")), existing(4, at("2026-09-03T18:00"))
    later = planned(at("2026-09-03T18:30"))

    result = merge([tuesday, thursday], [later], freq=Freq.WEEKLY)

    assert (result.moved, result.dropped) == ([(4, later)], [2])


def test_withdrawn_row_is_revived_when_its_slot_comes_back():
    slot = planned(at("2026-09-01T18:00"))

    result = merge([existing(1, slot.slot, withdrawn=True)], [slot], freq=None)

    assert (result.updated, result.new) == ([(1, slot)], [])


def test_withdrawn_row_is_not_moved_to_another_slot():
    other = planned(at("2026-09-02T18:00"))

    result = merge([existing(1, at("2026-09-01T18:00"), withdrawn=True)], [other], freq=None)

    assert (result.moved, result.new, result.dropped) == ([], [other], [])


def test_first_publish_makes_past_dates_too():
    past = plan_of("FREQ=WEEKLY;COUNT=3", first=date(2026, 9, 1), starts=time(18))

    assert merge([], past, freq=Freq.WEEKLY, now=at("2026-12-01T00:00")).new == past


def test_change_in_the_middle_of_a_season_leaves_the_past_and_makes_none():
    before = plan_of("FREQ=WEEKLY;COUNT=4", first=date(2026, 9, 1), starts=time(18))
    after = plan_of("FREQ=WEEKLY;BYDAY=TH,SA;COUNT=8", first=date(2026, 9, 3), starts=time(18))
    now = at("2026-09-09T12:00")
    before = [replace(row, begun=row.start <= now) for row in rows_of(before)]

    result = merge(before, after, freq=Freq.WEEKLY, now=now)

    assert result.begun == [(0, after[0]), (1, None)]
    assert result.missed == [after[1]]
    assert result.moved == [(2, after[4]), (3, after[6])]
    assert result.new == [after[2], after[3], after[5], after[7]]


def test_date_of_this_week_is_not_moved_into_the_past():
    friday = existing(1, at("2026-09-04T18:00"))
    tuesday = planned(at("2026-09-01T18:00"), by_rule=True)

    result = merge([friday], [tuesday], freq=Freq.WEEKLY, now=at("2026-09-02T12:00"))

    assert (result.moved, result.dropped, result.missed) == ([], [1], [tuesday])


def test_single_date_may_be_put_into_the_past():
    past = planned(at("2026-09-01T18:00"))

    result = merge([existing(1, at("2026-09-04T18:00"))], [past], freq=None, now=at("2026-09-02T12:00"))

    assert result.moved == [(1, past)]


@pytest.mark.parametrize("hours", [0, 1])
def test_start_corrected_while_the_event_runs_makes_no_second_date(hours):
    running = existing(1, at("2026-09-01T18:00"), hours=hours, begun=True)
    later = planned(at("2026-09-01T18:30"))

    result = merge([running], [later], freq=None, now=at("2026-09-01T18:10"))

    assert (result.begun, result.new) == ([(1, later)], [])


@pytest.mark.parametrize(
    ("now", "followed"),
    [("2026-09-01T18:30", True), ("2026-09-01T19:30", True), ("2026-09-01T20:00", False), ("2026-09-02T12:00", False)],
)
def test_begun_date_gets_another_end_until_both_ends_are_history(now, followed):
    running = existing(1, at("2026-09-01T18:00"), hours=1, begun=True)
    longer = planned(at("2026-09-01T18:00"), hours=2)

    result = merge([running], [longer], freq=None, now=at(now))

    assert result.prolonged == ([(1, longer)] if followed else [])
    assert (result.begun, result.summary.prolonged) == ([(1, longer)], int(followed))


def test_second_meeting_on_the_same_day_is_new_after_the_first_has_ended():
    morning = existing(1, at("2026-09-01T10:00"), begun=True)
    evening = planned(at("2026-09-01T18:00"))

    result = merge([morning], [evening], freq=None, now=at("2026-09-01T12:00"))

    assert (result.begun, result.new) == ([(1, None)], [evening])


def test_begun_date_stands_for_the_past_date_of_its_own_day():
    monday, tuesday = (existing(day, at(f"2026-09-0{day}T18:00"), begun=True) for day in (7, 8))
    corrected = planned(at("2026-09-08T19:00"))

    result = merge([monday, tuesday], [corrected], freq=Freq.WEEKLY, now=at("2026-09-09T12:00"))

    assert (result.begun, result.new) == ([(7, None), (8, corrected)], [])


def test_begun_date_that_was_withdrawn_stands_for_no_other():
    gone = existing(1, at("2026-09-08T18:00"), begun=True, withdrawn=True)
    corrected = planned(at("2026-09-08T19:00"))

    result = merge([gone], [corrected], freq=Freq.WEEKLY, now=at("2026-09-09T12:00"))

    assert (result.begun, result.new) == ([(1, None)], [corrected])


def test_confirmed_pairing_goes_before_the_order_when_dates_have_begun_meanwhile():
    monday, wednesday = at("2026-09-07T18:00"), at("2026-09-09T18:00")
    tuesday, thursday = planned(at("2026-09-08T18:00")), planned(at("2026-09-10T18:00"))
    before = [existing(1, monday, has_registrations=True), existing(3, wednesday, has_registrations=True)]
    word = merge(before, [tuesday, thursday], freq=Freq.WEEKLY).pairing

    before = [replace(before[0], begun=True), before[1]]
    result = merge(before, [tuesday, thursday], freq=Freq.WEEKLY, now=at("2026-09-07T19:30"), confirmed=word)

    assert (result.moved, result.new) == ([(3, thursday)], [tuesday])
    assert not result.needs_confirmation


def test_confirmed_drop_is_not_paired_with_another_date():
    row = existing(1, at("2026-09-01T18:00"), has_registrations=True)
    other = planned(at("2026-09-02T18:00"))

    result = merge([row], [other], freq=Freq.WEEKLY, confirmed={"2026-09-01T18:00": None})

    assert (result.moved, result.dropped, result.new) == ([], [1], [other])
    assert not result.needs_confirmation


def test_difference_other_than_the_confirmed_one_needs_a_new_word():
    row = existing(1, at("2026-09-01T18:00"), has_registrations=True)

    result = merge([row], [], freq=None, confirmed={"2026-09-01T18:00": "2026-09-02T18:00"})

    assert result.dropped == [1]
    assert result.needs_confirmation


def test_registration_made_after_the_editor_was_asked_is_covered_by_the_word():
    row, other = existing(1, at("2026-09-01T18:00")), planned(at("2026-09-02T18:00"))
    word = merge([row], [other], freq=None).pairing

    assert not merge([replace(row, has_registrations=True)], [other], freq=None, confirmed=word).needs_confirmation


def test_confirmed_slot_that_is_past_by_now_needs_a_new_word():
    friday = existing(1, at("2026-09-04T18:00"), has_registrations=True)
    tuesday = planned(at("2026-09-01T18:00"), by_rule=True)
    word = merge([friday], [tuesday], freq=Freq.WEEKLY, now=at("2026-08-31T12:00")).pairing

    result = merge([friday], [tuesday], freq=Freq.WEEKLY, now=at("2026-09-02T12:00"), confirmed=word)

    assert (result.moved, result.dropped, result.missed) == ([], [1], [tuesday])
    assert result.needs_confirmation


def test_row_that_was_no_part_of_the_confirmed_difference_needs_a_word():
    row = existing(1, at("2026-09-01T18:00"), has_registrations=True)

    assert merge([row], [], freq=None, confirmed={"2026-10-01T18:00": None, "nonsense": "x"}).needs_confirmation


def test_two_rows_in_one_slot_are_refused():
    slot = at("2026-09-01T18:00")

    with pytest.raises(ValueError, match="share a slot"):
        merge([existing(1, slot), existing(2, slot)], [], freq=None)
    with pytest.raises(ValueError, match="share a slot"):
        merge([], [planned(slot), planned(slot)], freq=None)


def test_daily_event_of_three_years_keeps_all_rows_through_a_shift():
    before = plan_of("FREQ=DAILY;COUNT=1100", first=date(2026, 1, 1), starts=time(18))
    after = plan_of("FREQ=DAILY;COUNT=1100", first=date(2026, 1, 1), starts=time(18, 30))

    assert merge(rows_of(before), after, freq=Freq.DAILY).moved == list(enumerate(after))
