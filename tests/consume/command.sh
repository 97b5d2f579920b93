#!/usr/bin/env bash
# command.sh PREFIX LIBDIR: the installed command runs on its own, with the plugins beside it.
set -euo pipefail
clv=$1/bin/clv
plugins=$1/$2/clv/plugins
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$clv" version
for plugin in "$plugins"/*.so; do "$clv" validate "$plugin"; done
"$clv" simulate --customers 500 --seed 3 --out log.csv
"$clv" import --store s.clv --currency EUR log.csv
"$clv" fit --store s.clv
"$clv" score --store s.clv
"$clv" segment --store s.clv
"$clv" decide --store s.clv --out decisions.csv
[ "$(wc -l <decisions.csv)" -eq 501 ] || { echo "decisions.csv has not one row per customer" >&2; exit 1; }
[ ! -e "$plugins/template.so" ] || { echo "the template must not be installed" >&2; exit 1; }
