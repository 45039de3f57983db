#!/usr/bin/env bash
# Runs every check that needs no test: all of them, also after one has failed. What passes stays quiet.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$PWD/${VENV:-.venv}/bin
export PYTHONPATH=.:site
CHITALNYA_DATA_DIR=$(mktemp -d)
export CHITALNYA_DATA_DIR
trap 'rm -rf "$CHITALNYA_DATA_DIR"' EXIT
unset DATABASE_URL CACHE_URL SITE_LANGUAGES

passed=0 failed=0
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1 </dev/null); then
        echo "ok      $name"
        passed=$((passed + 1))
    else
        printf '%s\n' "$output" "FAILED  $name" ""
        failed=$((failed + 1))
    fi
}

deploy() {
    SECRET_KEY=$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(50))') \
        ALLOWED_HOSTS=library.example BASE_URL=https://library.example DJANGO_SETTINGS_MODULE=config.settings.production \
        "$bin/python" manage.py check --deploy --fail-level WARNING
}

migrations() {
    DJANGO_SETTINGS_MODULE=config.settings.test "$bin/python" manage.py makemigrations --check --dry-run
}

check "ruff: faults" "$bin/ruff" check .
check "ruff: format" "$bin/ruff" format --check .
check "djlint: templates" "$bin/djlint" --lint --quiet templates
check "import-linter: imports point one way" "$bin/lint-imports"
check "mypy: types of domain and pure modules" "$bin/mypy"
check "migrations: none is missing" migrations
check "catalogues: in step, complete" "$bin/python" scripts/catalogues.py check
check "production settings: check --deploy" deploy
check "packages: agree with each other" "$bin/python" -m pip check

echo "lint: $passed checks passed, $failed failed"
[ "$failed" = 0 ]
