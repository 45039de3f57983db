"""A process of its own that reads one calendar: whatever a foreign server or a foreign rule does, it can be ended.

`read` starts it from the worker. The process knows neither the database nor the settings nor any secret; it is asked
and answers in JSON. Its time and its memory are limited from outside and by itself.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from events.sources.entries import Entry, Expanded, expand
from events.sources.faults import Fault, SourceError
from events.sources.fetch import Known, Limits, fetch

log = logging.getLogger(__name__)

LONGEST_READ = 60.0
MOST_SECONDS_OF_PROCESSOR = 20
MOST_MEMORY = 1 << 30
ROOT = Path(__file__).resolve().parents[2]
# What the process may see of the environment: nothing of the site, and no proxy.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZDIR", "SYSTEMROOT", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Question:
    """What to read, and between which days."""

    address: str
    since: date
    until: date
    zone: str
    known: Known
    own_hosts: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Reading:
    """What was read; `expanded` is None where the calendar is the one that is known."""

    expanded: Expanded | None
    known: Known


def read(question: Question, *, longest: float = LONGEST_READ) -> Reading:
    """Read a calendar in a process of its own; raise SourceError where that fails or takes too long."""
    asked = asdict(question) | {"since": question.since.isoformat(), "until": question.until.isoformat()}
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    try:
        done = subprocess.run(
            [sys.executable, "-m", "events.sources.reader"],
            input=json.dumps(asked),
            capture_output=True,
            encoding="utf-8",
            timeout=longest,
            env=environment,
            cwd=ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceError(Fault.TOO_COMPLICATED) from None
    if done.returncode:
        log.warning(
            "The process that read %s ended with %d. %s", question.address, done.returncode, done.stderr[-1000:]
        )
        raise SourceError(Fault.TOO_COMPLICATED, str(done.returncode))
    return _reading(json.loads(done.stdout))


def _reading(found: dict[str, Any]) -> Reading:
    if "fault" in found:
        raise SourceError(Fault(found["fault"]), found["detail"])
    known = Known(**found["known"])
    if found["entries"] is None:
        return Reading(None, known)
    entries = [Entry.from_json(one) for one in found["entries"]]
    return Reading(Expanded(entries, found["is_partial"], found["left_out"]), known)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the process answers to a question, both as plain values."""
    try:
        fetched = fetch(
            asked["address"],
            Known(**asked["known"]),
            limits=Limits(**asked["limits"]),
            own_hosts=asked["own_hosts"],
        )
        known = asdict(fetched.known)
        if fetched.text is None:
            return {"entries": None, "known": known}
        since, until = (date.fromisoformat(asked[name]) for name in ("since", "until"))
        expanded = expand(fetched.text, since=since, until=until, zone=asked["zone"])
    except SourceError as error:
        return {"fault": error.fault, "detail": error.detail}
    return {
        "entries": [entry.as_json() for entry in expanded.entries],
        "is_partial": expanded.is_partial,
        "left_out": expanded.left_out,
        "known": known,
    }


def main() -> None:
    """Answer one question."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS_OF_PROCESSOR, MOST_SECONDS_OF_PROCESSOR + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
