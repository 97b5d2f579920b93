#!/usr/bin/env bash
# A PostgreSQL of a test's own, which nobody else can reach: a Unix socket in a folder of its own, no
# TCP, no port. As root it runs as the user postgres, because initdb refuses root.
#   postgres.sh start FOLDER [SETTING...]   77: there is no PostgreSQL here
#   postgres.sh run FOLDER PROGRAM...       77: nothing was started there
#   postgres.sh restart FOLDER [SETTING...] after a kill
#   postgres.sh kill FOLDER                 at once, as a crash would
#   postgres.sh tool FOLDER PROGRAM...      one of PostgreSQL's own, connected to it
#   postgres.sh stop FOLDER                 and remove it
# Connect with "host=FOLDER dbname=postgres user=clv".
set -euo pipefail
action=$1 folder=$2
shift 2
if [ "$action" = run ]; then
  [ -d "$folder" ] || { echo "no PostgreSQL was started: skipped"; exit 77; }
  exec "$@"
fi

programs=$(for p in ${CLV_POSTGRES_PROGRAMS:-} /usr/lib/postgresql/1[4-9]/bin /usr/local/bin /usr/bin; do
  if [ -x "$p/initdb" ] && [ -x "$p/pg_ctl" ]; then echo "$p"; break; fi
done)
if [ -z "$programs" ]; then
  echo "No PostgreSQL 14 or later here (initdb, pg_ctl): skipped"
  exit 77
fi
as=()
if [ "$(id -u)" -eq 0 ]; then
  if ! id postgres >/dev/null 2>&1; then
    echo "initdb refuses root, and there is no user postgres: skipped"
    exit 77
  fi
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi

ctl() { "${as[@]}" "$programs/pg_ctl" -D "$folder/data" "$@" >>"$folder/output" 2>&1; }
launch() {
  local settings="-c listen_addresses= -c unix_socket_directories=$folder -c max_connections=200"
  for s in "$@"; do settings+=" -c $s"; done
  # Nothing of ours is inherited: the server must not hold a test's pipes open.
  ctl -l "$folder/log" -w -t 60 -o "$settings" start </dev/null || { cat "$folder/log" >&2; exit 1; }
}

cd /
case $action in
  start)
    [ ! -d "$folder/data" ] || { ctl -m immediate -w stop || true; rm -rf "$folder"; }  # a broken run's
    mkdir -m 700 "$folder"
    [ ${#as[@]} -eq 0 ] || chown postgres:postgres "$folder"
    : >"$folder/output"
    [ ${#as[@]} -eq 0 ] || chown postgres:postgres "$folder/output"
    "${as[@]}" "$programs/initdb" -D "$folder/data" -U clv --auth=trust -E UTF8 --locale=C.UTF-8 \
      --data-checksums >>"$folder/output" 2>&1 || { cat "$folder/output" >&2; exit 1; }
    launch "$@"
    ;;
  restart) launch "$@" ;;
  kill) ctl -m immediate -w stop ;;
  tool)
    tool=$1
    shift
    exec "$programs/$tool" -h "$folder" -U clv -d postgres "$@"
    ;;
  stop)
    [ -d "$folder" ] || exit 0
    ctl -m immediate -w stop || true
    rm -rf "$folder"
    ;;
esac
