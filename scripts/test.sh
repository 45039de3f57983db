#!/usr/bin/env bash
# Runs the tests: scripts/test.sh [pytest's arguments]
#   CHROMIUM  the browser, when it has an unusual place     ONLY  a marker: run only the tests that carry it
#   SERVICES  1: use DATABASE_URL and CACHE_URL, as scripts/services.sh says
#   CI=true   a missing browser fails instead of skipping   VENV  the virtual environment, .venv by default
set -euo pipefail
cd "$(dirname "$0")/.."

python=${VENV:-.venv}/bin/python
# What a shell has set for a real site must not reach the tests; servers come from scripts/services.sh alone.
unset ALLOWED_HOSTS BASE_URL BEHIND_PROXY DEFAULT_FROM_EMAIL EMAIL_URL HSTS_SUBDOMAINS HTTPS LOG_LEVEL \
    PAGE_CACHE_DEBUG_HEADER PAGE_CACHE_MEGABYTES PAGE_CACHE_PROXY_SECONDS SECRET_KEY SERVE_MEDIA \
    SHARED_PICTURES_MEGABYTES SITE_LANGUAGES STAFF_SECOND_FACTOR TIME_ZONE TRUSTED_PROXY_COUNT DJANGO_SETTINGS_MODULE
[ "${SERVICES:-}" = 1 ] || unset DATABASE_URL CACHE_URL
CHITALNYA_DATA_DIR=$(mktemp -d)
export CHITALNYA_DATA_DIR
trap 'rm -rf "$CHITALNYA_DATA_DIR"' EXIT

# Playwright drives the browser through a program of its own, which needs a library that small systems lack.
can_drive() {
    "$python" -m playwright --version >/dev/null 2>&1 </dev/null
}

marks=${ONLY:-}
lacking=
if ! CHROMIUM=$(sh scripts/chromium.sh); then
    lacking="no Chromium is here and none could be installed"
elif ! can_drive && { ! sh scripts/apt.sh libatomic1 || ! can_drive; }; then
    lacking="Playwright does not start here: $("$python" -m playwright --version 2>&1 | tail -n 1)"
fi
if [ -z "$lacking" ]; then
    export CHROMIUM
elif [ "${CI:-}" = true ]; then
    echo "The browser tests must run in CI and can't: $lacking." >&2
    exit 1
else
    unset CHROMIUM
    echo "SKIPPED: the browser tests, because $lacking."
    echo "         With a Chromium in an unusual place: CHROMIUM=/path/to/chrome make test"
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
