#!/usr/bin/env bash
# Runs a command with PostgreSQL and Redis behind it: scripts/services.sh COMMAND...
# DATABASE_URL and CACHE_URL are kept where they name servers of this machine that answer. Otherwise it starts servers of
# its own on free ports, with data that is thrown away; where they aren't installed it installs them, if it may.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=
redis_pid=
as_postgres=()

stop() {
    if [ -n "$redis_pid" ]; then
        kill "$redis_pid" 2>/dev/null && wait "$redis_pid" 2>/dev/null || true
    fi
    if [ -n "$folder" ]; then
        if [ -e "$folder/data/postmaster.pid" ]; then
            "${as_postgres[@]}" "$(postgres_tool pg_ctl)" -D "$folder/data" -m immediate stop >/dev/null || true
        fi
        rm -rf "$folder"
    fi
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "$1" >&2
    exit 1
}

# Debian keeps PostgreSQL's programs out of the path, one folder for each version: the newest is taken.
postgres_tool() {
    local newest
    newest=$(find /usr/lib/postgresql -path "*/bin/$1" 2>/dev/null | sort -V | tail -n 1)
    echo "${newest:-$(command -v "$1")}"
}

# answers URL DEFAULT_PORT: whether a server of this machine takes connections there.
answers() {
    local rest=${1#*://} host port
    rest=${rest%%[/?]*}
    rest=${rest##*@}
    host=${rest%:*}
    port=${rest##*:}
    [ "$rest" = "$host" ] && port=$2
    case $host in
        127.* | localhost) ;;
        *) fail "The tests throw data away: they use only servers of this machine, not $host." ;;
    esac
    (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null
}

free_port() {
    "${VENV:-.venv}/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

install_missing() {
    local packages=()
    [ -n "$1" ] && [ -z "$(postgres_tool initdb)" ] && packages+=(postgresql)
    [ -n "$2" ] && ! command -v redis-server >/dev/null && packages+=(redis-server)
    [ ${#packages[@]} = 0 ] && return
    sh scripts/apt.sh "${packages[@]}" || fail "${packages[*]}: not here, and this user may not install it."
}

start_postgres() {
    local data=$folder/data port password
    port=$(free_port)
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" = 0 ]; then
        as_postgres=(runuser -u postgres --)
        chown postgres "$folder"
    fi
    printf %s "$password" | "${as_postgres[@]}" tee "$folder/password" >/dev/null
    "${as_postgres[@]}" "$(postgres_tool initdb)" -D "$data" -U chitalnya --pwfile "$folder/password" \
        --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
        fail "PostgreSQL could not make its data folder: $(cat "$folder/initdb.log")"
    "${as_postgres[@]}" "$(postgres_tool pg_ctl)" -D "$data" -w -t 60 -l "$folder/data/log" start \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off -c full_page_writes=off \
            -c max_connections=200" >/dev/null ||
        fail "PostgreSQL did not start: $(cat "$folder/data/log")"
    PGPASSWORD=$password "$(postgres_tool createdb)" -h 127.0.0.1 -p "$port" -U chitalnya chitalnya
    export DATABASE_URL="postgres://chitalnya:$password@127.0.0.1:$port/chitalnya"
    echo "PostgreSQL runs on port $port."
}

start_redis() {
    local port
    port=$(free_port)
    redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" >"$folder/redis.log" 2>&1 &
    redis_pid=$!
    export CACHE_URL="redis://127.0.0.1:$port/0"
    for _ in $(seq 100); do
        if answers "$CACHE_URL" 6379; then
            echo "Redis runs on port $port."
            return
        fi
        sleep 0.1
    done
    fail "Redis did not start: $(cat "$folder/redis.log")"
}

[ $# -gt 0 ] || fail "Which command? scripts/services.sh COMMAND..."
need_postgres=yes need_redis=yes
[ -n "${DATABASE_URL:-}" ] && answers "$DATABASE_URL" 5432 && need_postgres=
[ -n "${CACHE_URL:-}" ] && answers "$CACHE_URL" 6379 && need_redis=
install_missing "$need_postgres" "$need_redis"
folder=$(mktemp -d)
[ -z "$need_postgres" ] || start_postgres
[ -z "$need_redis" ] || start_redis
# The command may trust these addresses: whatever they name may be emptied.
export SERVICES=1
"$@"
