"""Installs a requirements file into the environment that runs this, unless it is there already: `install.py FILE`."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path


def files_of(requirements: Path) -> list[Path]:
    """Return a requirements file and those that it includes, itself first."""
    included = re.findall(r"^-r\s+(\S+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    return [requirements, *(file for name in included for file in files_of(requirements.parent / name))]


def fingerprint(requirements: Path) -> str:
    """Return what changes when the file, one that it includes, or the interpreter does."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files_of(requirements):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def stamp_of(requirements: Path) -> Path:
    """Return the file that remembers what was installed last."""
    return Path(sys.prefix) / f".{requirements.name}.installed"


def pins(requirements: Path) -> int:
    """Return how many packages a file and those that it includes name."""
    lines = [line for file in files_of(requirements) for line in file.read_text(encoding="utf-8").splitlines()]
    return sum(bool(re.match(r"\w", line)) for line in lines)


def pip(requirements: Path, log: Path) -> int:
    """Run pip and show how far it is; return its exit code. The log keeps all that it says."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "-r",
        str(requirements),
    ]
    total, done = pins(requirements), 0
    with (
        log.open("w", encoding="utf-8") as out,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
    ):
        for line in process.stdout or ():
            out.write(line)
            if match := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)[^(]*(?:\(from -r|$)", line):
                done = min(done + 1, total)
                show(f"  {done} of {total}: {match[1]}")
            elif line.startswith("Installing collected"):
                show("  Unpacking ...")
    show("")
    return process.returncode


def show(text: str) -> None:
    """Overwrite the line on a terminal; elsewhere print nothing, a log needs no moving figures."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)


def main() -> int:
    """Install what the command line names; return 1 when pip can't."""
    requirements = Path(sys.argv[1])
    stamp, wanted = stamp_of(requirements), fingerprint(requirements)
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    print(f"Installing the {pins(requirements)} packages of {requirements.name} ...", flush=True)
    log = Path(sys.prefix) / "install.log"
    if pip(requirements, log):
        faults = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("ERROR")]
        print("\n".join(faults) or f"pip failed; {log} says why.", file=sys.stderr)
        print("Nothing is lost: try again once the cause is gone.", file=sys.stderr)
        return 1
    for file in files_of(requirements):
        stamp_of(file).write_text(fingerprint(file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
