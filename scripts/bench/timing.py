"""Times taken in turn, so that whatever else the machine does meets all sides alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

Name = TypeVar("Name", bound=str)


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def in_turn(actions: Mapping[Name, Callable[[], float]], *, rounds: int, warm: int = 0) -> dict[Name, list[float]]:
    """Let each action measure once per round; return what each measured, without the rounds that only warm up."""
    taken: dict[Name, list[float]] = {name: [] for name in actions}
    for _round in range(warm + rounds):
        for name, action in actions.items():
            taken[name].append(action())
    return {name: values[warm:] for name, values in taken.items()}


def ratio(values: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios of the values that were measured next to each other."""
    return median(value / other for value, other in zip(values, others, strict=True))
