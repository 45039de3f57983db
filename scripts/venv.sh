#!/bin/sh
# Makes the virtual environment unless a working one is there: scripts/venv.sh FOLDER
# PYTHON names the interpreter; otherwise the first of python3, python3.14 ... python3.11 that is new enough.
set -eu
cd "$(dirname "$0")/.."

folder=$1
recent='import sys; sys.exit(sys.version_info < (3, 11))'

works() {
    "$folder/bin/python" -c "$recent; import pip" 2>/dev/null
}

if works; then
    exit 0
fi
if [ -e "$folder" ] && [ ! -e "$folder/pyvenv.cfg" ]; then
    echo "$folder is in the way: it is not a virtual environment. Move it elsewhere, then try again." >&2
    exit 1
fi

python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c "$recent" 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" --version 2>/dev/null || echo "no Python")
    echo "Chitalnya needs Python 3.11 or newer; ${PYTHON:-python3} gives: $found." >&2
    echo "Install one, or say where it is: make PYTHON=/usr/bin/python3.12 ..." >&2
    exit 1
fi

has_venv() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null
}

with_virtualenv() {
    if command -v virtualenv >/dev/null 2>&1; then
        virtualenv --quiet --clear --python "$python" "$folder"
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv --quiet --clear "$folder"
    else
        return 1
    fi
}

echo "Making the virtual environment $folder ($("$python" --version)) ..."
if ! has_venv; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    sh scripts/apt.sh "python$version-venv" || sh scripts/apt.sh python3-venv || true
fi
if has_venv; then
    "$python" -m venv --clear "$folder"
else
    with_virtualenv || true
fi
if ! works; then
    echo "$python can't make virtual environments: its venv module is a package of its own here." >&2
    echo "Install python3-venv (apt-get install python3-venv, as root) or virtualenv, then try again." >&2
    exit 1
fi
