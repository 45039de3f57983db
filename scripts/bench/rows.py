"""The rows of the table: each group measures some of them on a stage."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from urllib.parse import urljoin

from scripts.bench import servers
from scripts.bench.figures import Figure
from scripts.bench.load import Answer, Connection, Target, connections, fetch, rate
from scripts.bench.stage import BARE, MANY, TEN, THOUSANDS, Stage
from scripts.bench.timing import in_turn, ratio

PAGES = ("home", "agenda", "month", "event", "branch", "article")
NARROWED = ("agenda of a branch", "agenda of an audience", "agenda by many filters", "agenda with a word")
LISTS = ("agenda", "week", "month", "past", *NARROWED, "dates as JSON")
FEED = "feed"
HELLO = "hello"
# Short enough that both sides of a ratio meet the same moments of a busy machine.
SLICE = 0.3

Group = Callable[[Stage], Iterator[Figure]]


# --- From the page cache ----------------------------------------------------------------------------------------------


def cached(stage: Stage) -> Iterator[Figure]:
    """Yield for each page how its rate compares with that of the bare view."""
    targets = {name: stage.target(stage.paths[name]) for name in PAGES}
    rates = rates_beside_hello(stage, targets)
    for name in PAGES:
        yield Figure(
            path=f"{name}, cached", measure="rate / hello, same server", value=rates[name],
            must=0.5, aim=0.8, higher_is_better=True,
        )  # fmt: skip


def rates_beside_hello(stage: Stage, targets: dict[str, Target]) -> dict[str, float]:
    """Return each target's rate as a part of the bare view's, which is measured before each of them."""
    hello = stage.target("/", port=stage.hello_port)
    for target in (hello, *targets.values()):
        rate(target, seconds=SLICE)
    actions: dict[str, Callable[[], float]] = {}
    for name, target in targets.items():
        actions[f"{HELLO} {name}"] = partial(rate, hello, seconds=SLICE)
        actions[name] = partial(rate, target, seconds=SLICE)
    rates = in_turn(actions, rounds=stage.rounds(7))
    return {name: ratio(rates[name], rates[f"{HELLO} {name}"]) for name in targets}


# --- Past the page cache ----------------------------------------------------------------------------------------------


def queries(stage: Stage) -> Iterator[Figure]:
    """Yield for each page how many queries it needs, with ten rows and with thousands."""
    asked = {name: path for name, path in stage.paths.items() if name != FEED}
    few, many = (stage.inside(stage.data(name), "queries", given=asked) for name in (TEN, THOUSANDS))
    both = f"{stage.dates[TEN]:,} and {stage.dates[THOUSANDS]:,} dates"
    for name in asked:
        yield Figure(
            path=f"{name}, uncached", measure=f"SQL queries at {both}", value=max(few[name], many[name]),
            must=15, aim=8, holds=few[name] == many[name], shown=f"{few[name]} and {many[name]}",
        )  # fmt: skip


def times(stage: Stage) -> Iterator[Figure]:
    """Yield for each page how its time compares with that of a fresh Wagtail's only page."""
    bare = stage.target("/", port=stage.bare_port)
    names = dict.fromkeys((*PAGES, "news", *LISTS))
    pairs = {name: (stage.target(stage.paths[name], cached=False), bare) for name in names}
    for name, value in time_ratios(pairs, rounds=stage.rounds(24)).items():
        yield Figure(path=f"{name}, uncached", measure="time / bare Wagtail", value=value, must=4, aim=2)


def time_ratios(pairs: dict[str, tuple[Target, Target]], *, rounds: int) -> dict[str, float]:
    """Return how the time of each first target compares with that of the second, asked in turn."""
    with ExitStack() as stack:

        def opened(target: Target) -> Connection:
            return stack.enter_context(connections(target, 1))[0]

        actions: dict[str, Callable[[], float]] = {}
        for name, (target, other) in pairs.items():
            actions[name] = opened(target).seconds
            actions[f"beside {name}"] = opened(other).seconds
        seconds = in_turn(actions, rounds=rounds, warm=4)
    return {name: ratio(seconds[name], seconds[f"beside {name}"]) for name in pairs}


def scale(stage: Stage) -> Iterator[Figure]:
    """Yield for each list whether more dates in the database make it slower."""
    asked = {name: stage.paths[name] for name in LISTS}
    few, many = (stage.inside(data, "queries", given=asked) for data in (stage.demo, stage.data(MANY)))
    pairs = {
        name: (stage.target(path, port=stage.many_port, cached=False), stage.target(path, cached=False))
        for name, path in asked.items()
    }
    measured = time_ratios(pairs, rounds=stage.rounds(18))
    for name in LISTS:
        yield Figure(
            path=f"{name}, uncached", measure=f"time at {stage.dates[MANY]:,} dates / in the demo",
            value=measured[name], must=1.2, aim=1.05, holds=few[name] == many[name],
            shown=f"{measured[name]:.2f}; {few[name]} and {many[name]} queries",
        )  # fmt: skip


# --- Feeds ------------------------------------------------------------------------------------------------------------


def feeds(stage: Stage) -> Iterator[Figure]:
    """Yield what a feed costs that has just changed, and one that hasn't."""
    short = stage.inside(stage.copy("feeds"), "feeds", "objects", str(stage.rounds(3)))
    yield Figure(
        path=f"feed of {short['dates']:,}, just changed", measure="time / the same made with icalendar objects",
        value=ratio(short["site"], short["other"]), must=0.1, aim=0.02,
    )  # fmt: skip
    long = stage.inside(stage.data(THOUSANDS), "feeds", "join", str(stage.rounds(15)))
    yield Figure(
        path=f"feed of {long['dates']:,}, just changed", measure="time / a bare SELECT and join of the stored text",
        value=ratio(long["site"], long["other"]), must=2, aim=1.3,
    )  # fmt: skip
    asked = {FEED: stage.paths[FEED]}
    needed = stage.inside(stage.demo, "queries", given=asked)[FEED]
    known = fetch(stage.target(stage.paths[FEED])).headers["etag"]
    unchanged = stage.target(stage.paths[FEED], etag=known)
    yield Figure(path="feed, unchanged", measure="queries for a 304, past the page cache", value=needed, must=2, aim=2)
    yield Figure(
        path="feed, unchanged", measure="304: rate / hello", value=rates_beside_hello(stage, {FEED: unchanged})[FEED],
        must=0.4, aim=0.8, higher_is_better=True,
    )  # fmt: skip


# --- Publishing -------------------------------------------------------------------------------------------------------


def publishing(stage: Stage) -> Iterator[Figure]:
    """Yield what publishing an event costs beside a plain page, and a long rule beside a bare insert."""
    found = stage.inside(stage.copy("publishing"), "publishing", str(stage.rounds(7)))
    measure = "time / publishing a plain page"
    first, again = ratio(found["event"], found["plain"]), ratio(found["event again"], found["plain again"])
    yield Figure(path="an event of 100 dates, first published", measure=measure, value=first, must=3, aim=2)
    yield Figure(path="an event of 100 dates, all moved", measure=measure, value=again, must=3, aim=2)
    found = stage.inside(stage.copy("daily"), "daily", str(stage.rounds(3)))
    measure = "expanding, merging, writing / one bulk insert"
    new, moved = ratio(found["new"], found["bare"]), ratio(found["moved"], found["bare"])
    yield Figure(path="a daily rule over three years, new", measure=measure, value=new, must=3, aim=2)
    yield Figure(path="a daily rule over three years, moved", measure=measure, value=moved, must=3, aim=2)


def renaming(stage: Stage) -> Iterator[Figure]:
    """Yield what it takes to rename a branch with thousands of dates, and how long visitors wait meanwhile."""
    servers.copy_data(stage.data(THOUSANDS), stage.data("renaming"))
    found = stage.inside(stage.data("renaming"), "renaming")
    path = f"a branch of {found['dates']:,} dates renamed"
    yield Figure(path=path, measure="until it is published", value=found["publishing"], unit=" s")
    yield Figure(path=path, measure="until the worker has rendered its texts", value=found["following"], unit=" s")
    waits = f"{1000 * found['beside']:.0f} ms; {1000 * found['alone']:.0f} ms alone"
    yield Figure(path=path, measure="longest registration meanwhile", value=found["beside"], shown=waits)


# --- Weight and start -------------------------------------------------------------------------------------------------

LINKED = re.compile(r"""<link\b[^>]*\brel=["'](?:stylesheet|modulepreload)["'][^>]*>|<script\b[^>]*\bsrc=[^>]*>""")
ADDRESS = re.compile(r"""\b(?:href|src)=["']([^"']+)["']""")
# Style sheets and modules that others bring along.
BROUGHT = re.compile(r"""@import\s+(?:url\()?["']([^"']+)["']|\b(?:from|import)\s*["'](\.[^"']+)["']""")


def weight(stage: Stage) -> Iterator[Figure]:
    """Yield how many kilobytes a first visit of the home page fetches, images and fonts aside."""
    answers = dict(_with_all_linked(stage, stage.paths["home"]))
    kilobytes = sum(len(answer.body) for answer in answers.values()) / 1000
    yield Figure(
        path="home page", measure=f"HTML + CSS + JS, {len(answers)} files, gzip", value=kilobytes,
        must=100, aim=60, unit=" kB", shown=f"{kilobytes:.1f} kB",
    )  # fmt: skip


def _with_all_linked(stage: Stage, home: str) -> Iterator[tuple[str, Answer]]:
    """Yield the page and what it and its parts name, each once."""
    waiting, seen = [home], {home}
    while waiting:
        path = waiting.pop()
        answer = fetch(stage.target(path))
        if answer.status != 200:
            raise ValueError(f"{path} answered {answer.status}")
        yield path, answer
        packed = answer.headers.get("content-encoding") == "gzip"
        text = (zlib.decompress(answer.body, wbits=31) if packed else answer.body).decode()
        found = {urljoin(path, name) for name in _named_in(text, is_page=path == home)} - seen
        waiting += sorted(found)
        seen |= found


def _named_in(text: str, *, is_page: bool) -> Iterable[str]:
    if is_page:
        return [match[1] for tag in LINKED.findall(text) for match in ADDRESS.finditer(tag)]
    return [match[1] or match[2] for match in BROUGHT.finditer(text)]


def first_start(stage: Stage) -> Iterator[Figure]:
    """Yield how long a first `make run` takes once the packages are installed."""
    yield Figure(
        path="demo, first start", measure="until the home page answers, packages installed",
        value=stage.demo_seconds, unit=" s",
    )  # fmt: skip


GROUPS: dict[str, Group] = {
    "cached": cached,
    "queries": queries,
    "times": times,
    "scale": scale,
    "feeds": feeds,
    "publishing": publishing,
    "renaming": renaming,
    "weight": weight,
    "start": first_start,
}
# What a group needs beside the demo.
NEEDS: dict[str, tuple[str, ...]] = {
    "queries": (TEN, THOUSANDS),
    "times": (BARE,),
    "scale": (MANY,),
    "feeds": (THOUSANDS,),
    "renaming": (THOUSANDS,),
}
