"""Starts a real site on this machine: asks what it is to be and makes it; the next time it only serves.

Data lie in var/site, or where CHITALNYA_DATA_DIR says. PORT and HOST say where it listens, as for `make run`.
"""

import json
import os
import secrets
import shutil
import sys
from pathlib import Path

import real_site
import run

UNFINISHED = ".unfinished"
PLAN = "network.toml"
PASSWORD_VARIABLE = "CHITALNYA_ADMIN_PASSWORD"
# What the environment may set for a site and the settings file keeps.
KEPT = ("CACHE_URL", "DATABASE_URL", "DEFAULT_FROM_EMAIL", "EMAIL_URL")
WITHOUT_TERMINAL = """There is nobody to ask: `make start` needs a terminal. The same without questions:

  .venv/bin/python manage.py migrate
  .venv/bin/python manage.py start_network --name "Library" --admin-email you@library.example < file-with-the-password

with CHITALNYA_DATA_DIR and the other settings of docs/deploy.md in the environment.

`manage.py start_network --help` lists what else it takes."""


def settings_text(languages: list[str], zone: str, url: str) -> str:
    """Return the settings file of a new site."""
    kept = [f"{name}={os.environ[name]}" for name in KEPT if os.environ.get(name)]
    lines = [
        "# The settings of this site, a NAME=value to a line; docs/operations.md explains each. Keep this file secret.",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"SITE_LANGUAGES={','.join(languages)}",
        *([f"TIME_ZONE={zone}"] if zone else []),
        "# Before readers come, as docs/deploy.md says: the host names, the address, and HTTPS=1.",
        "ALLOWED_HOSTS=127.0.0.1,localhost",
        f"BASE_URL={url}",
        "HTTPS=0",
        "# How mail leaves: EMAIL_URL=smtp+tls://user:password@mail.library.example",
        *kept,
    ]
    return "\n".join([*lines, ""])


def plan_text(values: dict[str, object]) -> str:
    """Return the answers as TOML, which writes texts as JSON does."""
    return "".join(f"{name} = {_toml(value)}\n" for name, value in values.items())


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def ask() -> tuple[dict[str, object], str]:
    """Return what the person at the terminal wants, and the administrator's password."""
    sys.path[:0] = [str(run.ROOT), str(run.ROOT / "site")]
    from home.starting import questions

    try:
        return questions.ask(questions.Terminal(), os.environ.get("LC_ALL") or os.environ.get("LANG") or "")
    except EOFError:
        raise run.StartError("\nNothing was made.") from None


def make(data: Path, url: str) -> None:
    """Ask, build the site in a folder inside of its place, and move it there when it is whole."""
    values, password = ask()
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    unfinished = data / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    file = unfinished / real_site.SETTINGS_FILE
    file.touch(mode=0o600)
    languages = [str(code) for code in values["languages"]]  # type: ignore[attr-defined]
    file.write_text(settings_text(languages, str(values["zone"]), url), encoding="utf-8")
    plan = unfinished / PLAN
    plan.write_text(plan_text(values), encoding="utf-8")
    variables = real_site.variables(unfinished) | {PASSWORD_VARIABLE: password}
    run.say("Making the database; this takes a minute or two ...")
    run.load(unfinished, variables, ("start_network", "--from-file", str(plan)), "Making the site ...")
    plan.unlink()
    # The settings file goes last: it says that the site is whole.
    for entry in sorted(unfinished.iterdir(), key=lambda entry: entry.name == real_site.SETTINGS_FILE):
        entry.rename(data / entry.name)
    unfinished.rmdir()


def require_empty(data: Path) -> None:
    """Raise StartError where a new site would stand among something else."""
    if data.exists() and any(entry.name != UNFINISHED for entry in data.iterdir()):
        what = "It may be a site that was started by hand: then go on as docs/deploy.md says."
        raise run.StartError(f"{data} is not empty, and there is no {real_site.SETTINGS_FILE} in it. {what}")


def welcome(data: Path, url: str) -> str:
    """Return where to look."""
    lines = ["", "Chitalnya is running. Ctrl-C stops it.", "", f"  Site     {url}/", f"  Admin    {url}/admin/"]
    return "\n".join(
        [*lines, f"  Data     {data}", "  Next     sign in: the admin begins with a list of what is left to do", ""]
    )


def start(host: str, port: int) -> None:
    """Make the site unless there is one, and serve it."""
    data, url = real_site.data_folder(), run.site_url(host, port)
    if not (data / real_site.SETTINGS_FILE).exists():
        require_empty(data)
        if not sys.stdin.isatty():
            raise run.StartError(WITHOUT_TERMINAL)
        make(data, url)
    variables = real_site.variables(data)
    run.bring_up_to_date(data, variables)
    run.serve(host, port, variables, welcome(data, url))


if __name__ == "__main__":
    sys.exit(run.run_until_stopped(start))
