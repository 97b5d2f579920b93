#!/usr/bin/env bash
# quickstart.sh SOURCE_FOLDER CLV: the commands of examples/quickstart.sh with this build's clv, in a
# copy of the little it needs, so that neither packages nor builds nor the tree's build/ are touched.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tree"/{examples,cmake,build/release/examples/cli,bin}
cp "$1/examples/quickstart.sh" "$work/tree/examples/"
printf '#!/bin/sh\nexit 0\n' >"$work/tree/cmake/install-deps.sh"
cp "$work/tree/cmake/install-deps.sh" "$work/tree/bin/cmake"
chmod +x "$work/tree/cmake/install-deps.sh" "$work/tree/bin/cmake"
touch "$work/tree/build/release/build.ninja"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$2" >"$work/tree/build/release/examples/cli/clv"
chmod +x "$work/tree/build/release/examples/cli/clv"
export PATH=$work/tree/bin:$PATH
expect() { grep -qF -- "$1" "$work/out" || { echo "missing in the output: $1" >&2; cat "$work/out" >&2; exit 1; }; }
quickstart() { (cd "$work" && tree/examples/quickstart.sh "$@" </dev/null >"$work/out" 2>&1); }

quickstart || { cat "$work/out" >&2; exit 1; }
expect SIMULATED
expect "The most valuable customers"
expect "customers get an action"
expect "under build/quickstart/policy.json"
expect "chance of just this"
for table in scores segments decisions refusals; do
  [ -s "$work/tree/build/quickstart/$table.csv" ] || { echo "no $table.csv" >&2; exit 1; }
done
awk 'length($0) > 140 { print "too wide: " $0; exit 1 }' "$work/out"

# A log with other names, from another folder than the tree's; then once more: a fresh store.
{ echo client,day,total; sed 1d "$work/tree/build/quickstart/log.csv" | cut -d, -f1-3; } >"$work/own.csv"
for run in first second; do
  quickstart own.csv --map customer=client,time=day,amount=total --currency EUR --budget 50.00 ||
    { cat "$work/out" >&2; exit 1; }
  expect "0 known already"
  expect "of 50.00 EUR"
done
if grep -q SIMULATED "$work/out"; then echo "a real log is called simulated" >&2; exit 1; fi

echo '{"budgets": {"contacts": 3}}' >"$work/own.json"
quickstart own.csv --map customer=client,time=day,amount=total --currency EUR --policy own.json ||
  { cat "$work/out" >&2; exit 1; }
expect "Of 'contacts' 3 of 3 are used"

status=0
quickstart nowhere.csv || status=$?
[ $status -eq 1 ] || { echo "a missing log ends with $status, not 1" >&2; exit 1; }
expect nowhere.csv
status=0
quickstart own.csv --no-such-option 1 || status=$?
[ $status -eq 2 ] || { echo "an unknown option ends with $status, not 2" >&2; exit 1; }
