"""What a new network is to be: read from options or a file, checked, said in words where it can't be done."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from home.starting.countries import country_names

Label = dict[str, str]
LONGEST_NAME = 120


class PlanError(Exception):
    """A plan that can't be carried out; `problems` says why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class NetworkPlan:
    """A network before it exists.

    `languages` has the first language first. `name` and each of `branches` are one text per language; what is missing
    in a language falls back to another one. `zone` and `country` may be empty: those of the installation, none.
    """

    name: Label
    languages: list[str]
    email: str
    country: str = ""
    zone: str = ""
    branches: list[Label] = field(default_factory=list)

    @property
    def first_language(self) -> str:
        """The language that the site opens in."""
        return self.languages[0]


def label_of(value: Any, languages: list[str]) -> Label:
    """Return a text, a table of texts by language or a list of "uk=..." as a label."""
    if isinstance(value, Mapping):
        return {str(code): str(text).strip() for code, text in value.items() if str(text).strip()}
    label: Label = {}
    for one in value if isinstance(value, list) else [value]:
        code, equals, text = str(one).partition("=")
        known = bool(equals) and code.strip() in settings.ALL_LANGUAGES
        label |= {code.strip(): text.strip()} if known else {(languages or [""])[0]: str(one).strip()}
    return {code: text for code, text in label.items() if text}


def from_values(values: Mapping[str, Any]) -> NetworkPlan:
    """Return the plan that plain values make; raise PlanError for names that mean nothing."""
    known = {one.name for one in fields(NetworkPlan)}
    if unknown := sorted(set(values) - known):
        raise PlanError([_("Unknown: %(names)s.") % {"names": ", ".join(unknown)}])
    languages = _codes(values.get("languages")) or list(settings.SITE_LANGUAGES)
    return NetworkPlan(
        name=label_of(values.get("name") or "", languages),
        languages=languages,
        email=str(values.get("email") or "").strip(),
        country=str(values.get("country") or "").strip().upper(),
        zone=str(values.get("zone") or "").strip(),
        branches=[label_of(one, languages) for one in _several(values.get("branches"))],
    )


def read_file(path: Path) -> dict[str, Any]:
    """Return what a TOML file says; raise PlanError where it can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError([_("%(file)s can't be read: %(reason)s") % {"file": path, "reason": error}]) from None


def _codes(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else _several(value)
    return [str(part).strip() for part in parts if str(part).strip()]


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


# --- Checks: each returns what is wrong in a sentence, or nothing -----------------------------------------------------


def name_problem(name: Label) -> str:
    """Return what is wrong with the name of a network or a branch."""
    if not name:
        return _("A name is missing.")
    if any(len(text) > LONGEST_NAME for text in name.values()):
        return _("A name has at most %(count)d characters.") % {"count": LONGEST_NAME}
    return ""


def languages_problem(languages: list[str], offered: list[str]) -> str:
    """Return what is wrong with the languages, of which `offered` can be had."""
    if not languages:
        return _("A site needs a language.")
    if unknown := [code for code in languages if code not in offered]:
        return _("There is no language %(codes)s here; there are %(offered)s.") % {
            "codes": ", ".join(unknown),
            "offered": ", ".join(offered),
        }
    return _("A language is named twice.") if len(set(languages)) < len(languages) else ""


def country_problem(country: str) -> str:
    """Return what is wrong with the country's code."""
    if country and country not in country_names():
        return _("%(code)s is no country's code; codes have two letters, such as UA or MK.") % {"code": country}
    return ""


def zone_problem(zone: str) -> str:
    """Return what is wrong with the time zone."""
    if zone and ("/" not in zone or zone not in available_timezones()):
        return _("There is no time zone %(zone)s; their names are such as Europe/Kyiv.") % {"zone": zone}
    return ""


def email_problem(email: str) -> str:
    """Return what is wrong with the administrator's address."""
    try:
        validate_email(email)
    except ValidationError as error:
        return _("The administrator's e-mail address: %(reason)s") % {"reason": " ".join(error.messages)}
    return ""


def password_problem(password: str, email: str = "") -> str:
    """Return what is wrong with the administrator's password."""
    if not password:
        return _("The administrator needs a password.")
    try:
        validate_password(password, _Holder(email))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


class _Holder:
    """What the check for likeness looks at; there is no user yet, and at a terminal not even a model of one."""

    def __init__(self, email: str) -> None:
        self.email = email

    class _meta:  # noqa: N801
        @staticmethod
        def get_field(name: str) -> None:
            raise FieldDoesNotExist(name)


def problems(plan: NetworkPlan, password: str) -> list[str]:
    """Return everything that is wrong with a plan, a sentence each."""
    return [sentence for sentence in _problems(plan, password) if sentence]


def _problems(plan: NetworkPlan, password: str) -> Iterator[str]:
    yield name_problem(plan.name)
    yield languages_problem(plan.languages, list(settings.SITE_LANGUAGES))
    yield country_problem(plan.country)
    yield zone_problem(plan.zone)
    yield email_problem(plan.email)
    yield password_problem(password, plan.email)
    for number, branch in enumerate(plan.branches, start=1):
        if problem := name_problem(branch):
            yield _("Branch %(number)d: %(problem)s") % {"number": number, "problem": problem}
    names = [tuple(sorted(branch.items())) for branch in plan.branches]
    if len(set(names)) < len(names):
        yield _("Two branches have the same name.")
