"""The form of a branch's page."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils.translation import gettext as _

from branches.domain.branches import opening_hours_of
from branches.opening_hours.problems import Level, Problem, problems
from core.page_forms import ThingPageForm


class BranchPageForm(ThingPageForm):
    """Checks the week together with the dated exceptions: neither field alone can tell whether the other fits."""

    def clean(self):
        cleaned = super().clean()
        if "hours" in cleaned and "exceptions" in cleaned:
            facts = SimpleNamespace(hours=cleaned["hours"], exceptions=cleaned["exceptions"])
            for problem in problems(opening_hours_of(facts)):
                if problem.level == Level.REFUSED:
                    self.add_error("exceptions" if problem.path[0] == "exceptions" else "hours", problem_words(problem))
        return cleaned


def problem_words(problem: Problem) -> str:
    """Return the problem in words; that of an exception says which one, counted as in the form."""
    if problem.path[0] != "exceptions":
        return str(problem.message)
    return _("Exception %(number)d: %(problem)s") % {"number": problem.path[1] + 1, "problem": problem.message}
