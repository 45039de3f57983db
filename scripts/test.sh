#!/usr/bin/env bash
# Runs the tests: scripts/test.sh [pytest's arguments]
#   CHROMIUM  the browser, when it has an unusual place     ONLY  a marker: run only the tests that carry it
#   CI=true   a missing browser fails instead of skipping   VENV  the virtual environment, .venv by default
set -euo pipefail
cd "$(dirname "$0")/.."

python=${VENV:-.venv}/bin/python
# What a shell has set for a real site must not reach the tests.
unset ALLOWED_HOSTS BASE_URL DEFAULT_FROM_EMAIL EMAIL_URL SECRET_KEY SITE_LANGUAGES STAFF_SECOND_FACTOR TIME_ZONE \
    DJANGO_SETTINGS_MODULE
CHITALNYA_DATA_DIR=$(mktemp -d)
export CHITALNYA_DATA_DIR
trap 'rm -rf "$CHITALNYA_DATA_DIR"' EXIT

marks=${ONLY:-}
if CHROMIUM=$(sh scripts/chromium.sh); then
    export CHROMIUM
elif [ "${CI:-}" = true ]; then
    echo "No Chromium is here and none could be installed: the browser tests can't run, and in CI they must." >&2
    exit 1
else
    unset CHROMIUM
    echo "SKIPPED: the browser tests, because no Chromium is here and none could be installed."
    echo "         Install chromium, or say where one is: CHROMIUM=/path/to/chrome make test"
    marks="${marks:+$marks and }not browser"
fi

"$python" scripts/catalogues.py compile
status=0
"$python" -m pytest -n "${WORKERS:-2}" ${marks:+-m "$marks"} "$@" || status=$?
if [ "$status" = 5 ] && [ -n "${ONLY:-}" ]; then
    echo "No test is marked '$ONLY'."
    status=0
fi
exit "$status"
