"""Asks at a terminal what a new network is to be, in the language of the person there.

It runs before there are settings or a database: of Django it uses the translations and the checks of passwords.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils.translation import activate
from django.utils.translation import gettext as _

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"en": "English", "uk": "Українська", "ru": "Русский", "mk": "Македонски"}
COUNTRY_OF_LANGUAGE = {"uk": "UA", "mk": "MK"}
Check = Callable[[str], str]


class Terminal:
    """Reads lines and passwords and prints; tests put their own in its place."""

    def say(self, text: str = "") -> None:
        """Print a line."""
        print(text, flush=True)  # noqa: T201

    def read(self, prompt: str) -> str:
        """Return a line that was typed."""
        return input(prompt).strip()

    def read_secret(self, prompt: str) -> str:
        """Return a line that was typed without being shown."""
        return getpass.getpass(prompt)

    def ask(self, question: str, *, default: str = "", check: Check = lambda _text: "") -> str:
        """Ask until the answer has no fault; Enter gives the default."""
        shown = f"{question} [{default}]: " if default else f"{question}: "
        while True:
            answer = self.read(shown) or default
            problem = check(answer)
            if not problem:
                return answer
            self.say(f"  {problem}")


def ask(terminal: Terminal, environment_language: str = "") -> tuple[dict[str, Any], str]:
    """Return the values of a plan and the administrator's password, both without fault.

    `environment_language` is what LANG says, such as "uk_UA.UTF-8"; its country is proposed, too.
    """
    language, country = _from_environment(environment_language)
    language = language or _ask_language(terminal)
    _speak(language)
    country = country or COUNTRY_OF_LANGUAGE.get(language, "")
    terminal.say(_("A new site is made. Enter takes what stands in [brackets]; Ctrl-C stops, and nothing is made."))
    values: dict[str, Any] = {}
    while True:
        values = _ask_all(terminal, values or {"country": country})
        password = _ask_password(terminal, values["email"])
        _sum_up(terminal, values)
        if not terminal.read(_("Is all of it right? Enter makes the site, any letter asks again: ")):
            return values, password


def _from_environment(text: str) -> tuple[str, str]:
    code, _underscore, rest = text.partition("_")
    country = rest.partition(".")[0].upper()
    return (code, country) if code in NAMES else ("", "")


def _ask_language(terminal: Terminal) -> str:
    codes = list(NAMES)
    terminal.say("   ".join(f"{number} {NAMES[code]}" for number, code in enumerate(codes, start=1)))
    choices = [str(number) for number in range(1, len(codes) + 1)]

    def check(text: str) -> str:
        return "" if text in choices else f"1–{len(codes)}"

    return codes[int(terminal.ask("Language / Мова / Язык / Јазик", default="1", check=check)) - 1]


def _speak(language: str) -> None:
    if not settings.configured:
        validators = ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
        settings.configure(
            LANGUAGES=list(NAMES.items()),
            LANGUAGE_CODE=language,
            ALL_LANGUAGES=NAMES,
            SITE_LANGUAGES=list(NAMES),
            LOCALE_PATHS=[ROOT / "locale"],
            INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            AUTH_PASSWORD_VALIDATORS=[
                {"NAME": f"django.contrib.auth.password_validation.{name}"} for name in validators
            ],
        )
        django.setup()
    activate(language)


def _ask_all(terminal: Terminal, before: dict[str, Any]) -> dict[str, Any]:
    from home.starting import countries, plan

    def check_country(text: str) -> str:
        return "" if not text or countries.country_of(text) else plan.country_problem(text)

    def check_languages(text: str) -> str:
        return plan.languages_problem(_split(text), list(NAMES))

    def check_zone(text: str) -> str:
        return plan.zone_problem(text) and _zone_advice(text, country)

    question = _("Country, as two letters (UA, MK) or by its English name")
    country = countries.country_of(terminal.ask(question, default=before.get("country", ""), check=check_country))
    proposed = ",".join(before.get("languages") or countries.languages_of(country))
    question = _("Languages of the site, the first one is what it opens in (%(codes)s)") % {"codes": ", ".join(NAMES)}
    languages = _split(terminal.ask(question, default=proposed, check=check_languages))
    name = _ask_name(terminal, languages, before.get("name", {}))
    zone = before.get("zone") or countries.usual_zone(country) or "Europe/Kyiv"
    zone = terminal.ask(_("Time zone"), default=zone, check=check_zone)
    branches = _ask_branches(terminal, languages[0], before.get("branches", []))
    question = _("E-mail address of the first administrator")
    email = terminal.ask(question, default=before.get("email", ""), check=plan.email_problem)
    return {
        "name": name,
        "languages": languages,
        "country": country,
        "zone": zone,
        "branches": branches,
        "email": email,
    }


def _split(text: str) -> list[str]:
    return [code.strip().lower() for code in text.replace(" ", ",").split(",") if code.strip()]


def _zone_advice(text: str, country: str) -> str:
    from zoneinfo import available_timezones

    from home.starting import countries, plan

    near = get_close_matches(text.title(), available_timezones(), n=3) or countries.zones_of(country)[:6]
    return " ".join([plan.zone_problem(text), *([_("Maybe: %(zones)s.") % {"zones": ", ".join(near)}] if near else [])])


def _ask_name(terminal: Terminal, languages: list[str], before: dict[str, str]) -> dict[str, str]:
    from home.starting import plan

    first = languages[0]
    question = _("Name of the library network (%(language)s)") % {"language": NAMES[first]}
    name = {
        first: terminal.ask(
            question, default=before.get(first, ""), check=lambda text: plan.name_problem({first: text} if text else {})
        )
    }
    for code in languages[1:]:
        question = _("The same in %(language)s; Enter leaves it as it is") % {"language": NAMES[code]}
        text = terminal.ask(
            question, default=before.get(code, ""), check=lambda text: text and plan.name_problem({"": text})
        )
        name |= {code: text} if text else {}
    return name


def _ask_branches(terminal: Terminal, first: str, before: list[dict[str, str]]) -> list[dict[str, str]]:
    from home.starting import plan

    terminal.say(
        _("Branches, a name to a line, the central library first; an empty line ends. More can be added later.")
    )
    branches: list[dict[str, str]] = []

    def check(text: str) -> str:
        if {first: text} in branches:
            return _("Two branches have the same name.")
        return text and plan.name_problem({first: text})

    while True:
        default = before[len(branches)][first] if len(branches) < len(before) else ""
        text = terminal.ask(f"  {len(branches) + 1}", default=default, check=check)
        if not text:
            return branches
        branches.append({first: text})


def _ask_password(terminal: Terminal, email: str) -> str:
    from home.starting import plan

    while True:
        password = terminal.read_secret(_("Password (it is not shown while you type): "))
        problem = plan.password_problem(password, email)
        if not problem and terminal.read_secret(_("The same again: ")) != password:
            problem = _("That was something else. Once more, please.")
        if not problem:
            return password
        terminal.say(f"  {problem}")


def _sum_up(terminal: Terminal, values: dict[str, Any]) -> None:
    place = ", ".join(part for part in (values["country"], values["zone"]) if part)
    rows = (
        (_("Name"), " / ".join(values["name"].values())),
        (_("Languages"), ", ".join(NAMES[code] for code in values["languages"])),
        (_("Place"), place),
        (_("Branches"), ", ".join(next(iter(one.values())) for one in values["branches"]) or "–"),
        (_("Administrator"), values["email"]),
    )
    terminal.say()
    for label, text in rows:
        terminal.say(f"  {label}: {text}")
    terminal.say()
