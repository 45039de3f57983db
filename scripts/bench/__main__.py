"""Measures what docs/performance.md speaks of and prints one table: `python -m scripts.bench [--quick] [--rows R,R]`.

A missed bound is a line of the table, not a failure: the exit code is 0 whenever everything could be measured.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from scripts import run
from scripts.bench.figures import Figure, table
from scripts.bench.load import WrongAnswerError
from scripts.bench.rows import GROUPS, NEEDS
from scripts.bench.servers import BenchError
from scripts.bench.stage import Stage


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure a third as often")
    parser.add_argument("--rows", type=_names, default=list(GROUPS), help=f"only some of {','.join(GROUPS)}")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(GROUPS):
        raise argparse.ArgumentTypeError(f"no such rows: {', '.join(sorted(unknown))}")
    return [name for name in GROUPS if name in names]


def measure(names: list[str], folder: Path, *, quick: bool) -> list[Figure]:
    """Return the figures of some groups."""
    figures: list[Figure] = []
    with Stage(folder, quick=quick) as stage:
        run.say(f"  after {stage.demo_seconds:.0f} s")
        if needed := {need for name in names for need in NEEDS.get(name, ())}:
            stage.prepare(needed)
        for name in names:
            started = time.monotonic()
            run.say(f"Measuring: {name} ...")
            figures += GROUPS[name](stage)
            run.say(f"  after {time.monotonic() - started:.0f} s")
    return figures


def main() -> int:
    """Measure and print; return the exit code."""
    asked = arguments()
    for request in run.REQUESTS_TO_END:
        signal.signal(request, run.interrupt)
    folder, started = Path(tempfile.mkdtemp(prefix="chitalnya-bench-")), time.monotonic()
    try:
        figures = measure(asked.rows, folder, quick=asked.quick)
    except (BenchError, WrongAnswerError, run.StartError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{table(figures)}\n")
    missed = sum(figure.result == "MISSED" for figure in figures)
    print(f"{len(figures)} figures in {time.monotonic() - started:.0f} s, {missed} missed; see docs/performance.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
