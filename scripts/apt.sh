#!/bin/sh
# Installs Debian packages where this user may, as root or by a sudo that asks for no password: scripts/apt.sh PACKAGE...
# Says what it does; ends with 1 where it may not or can't.
set -eu

command -v apt-get >/dev/null 2>&1 || exit 1
if [ "$(id -u)" = 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
else
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing $* with apt-get ..." >&2
apt() {
    $as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$log" 2>&1
}
# Lists that can't be fetched may still be fresh enough to install from.
apt update || true
if ! apt install --no-install-recommends "$@"; then
    echo "apt-get could not install $*:" >&2
    tail -n 15 "$log" >&2
    exit 1
fi
