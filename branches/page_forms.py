"""The form of a branch's page."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

from django.utils.translation import gettext as _

from branches.domain.branches import dated_exceptions, opening_hours_of
from branches.opening_hours.problems import Level, problems
from core.page_forms import ThingPageForm


class BranchPageForm(ThingPageForm):
    """Checks the week together with the dated exceptions: neither field alone can tell whether the other fits."""

    def clean(self):
        cleaned = super().clean()
        if "hours" in cleaned and "exceptions" in cleaned:
            facts = SimpleNamespace(hours=cleaned["hours"], exceptions=cleaned["exceptions"])
            for field, words in hours_problems(facts, Level.REFUSED):
                self.add_error(field, words)
        return cleaned


def hours_problems(facts, level: Level) -> Iterator[tuple[str, str]]:
    """Yield the field and the words of each problem; that of an exception says which one, counted as in the form."""
    numbers = [number for number, _value in dated_exceptions(facts)]
    for problem in problems(opening_hours_of(facts)):
        if problem.level != level:
            continue
        if problem.path[0] != "exceptions":
            yield "hours", str(problem.message)
            continue
        number = numbers[problem.path[1]] + 1
        yield "exceptions", _("Exception %(number)d: %(problem)s") % {"number": number, "problem": problem.message}
