#!/bin/sh
# Prints the path of a Chromium that starts; installs one where it may. Ends with 1 when there is none.
# CHROMIUM names one; otherwise the usual names are looked for.
set -eu
cd "$(dirname "$0")/.."

starts() {
    "$1" --version 2>/dev/null </dev/null | grep -qi chrom
}

find_one() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        # A name may be there without a browser behind it (Ubuntu's chromium-browser only points to a snap).
        if path=$(command -v "$name") && starts "$path"; then
            echo "$path"
            return 0
        fi
    done
    return 1
}

if [ -n "${CHROMIUM:-}" ]; then
    if starts "$CHROMIUM"; then
        command -v "$CHROMIUM"
        exit 0
    fi
    echo "CHROMIUM is $CHROMIUM, which does not start." >&2
    exit 1
fi
find_one && exit 0
sh scripts/apt.sh chromium || sh scripts/apt.sh chromium-browser || true
find_one
