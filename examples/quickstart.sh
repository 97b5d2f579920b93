#!/usr/bin/env bash
# From a transaction log to retention actions, in one command.
#   examples/quickstart.sh                                   a simulated shop
#   examples/quickstart.sh log.csv --currency EUR \
#       --map customer=client_id,time=ordered_at,amount=total    your own log
# Options, each with a value:  of the log    --map --currency --time-zone --max-rejects
#                              of the model  --as-of --unit
#                              of the value  --horizon-days --discount --margin
#                              of decisions  --budget --holdout --policy
# Installs what is missing, builds (the second time there is nothing to build), then runs
# import, fit, score, segment, decide and explain. Everything is written to build/quickstart/.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() { sed -n '2,/^set -e/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

log= policy=
import=() fit=() score=() decide=()
horizon=365 discount=.1 margin=.3
while [ $# -gt 0 ]; do
  if [[ $1 == --?* && $1 != --help && $# -lt 2 ]]; then
    echo "quickstart.sh: $1 needs a value" >&2
    exit 2
  fi
  case $1 in
    -h | --help) usage; exit 0 ;;
    --map | --currency | --max-rejects) import+=("$1" "$2") ;;
    --time-zone) import+=("$1" "$2"); fit+=("$1" "$2") ;;
    --as-of | --unit) fit+=("$1" "$2") ;;
    --horizon-days) horizon=$2 ;;
    --discount) discount=$2 ;;
    --margin) margin=$2 ;;
    --budget | --holdout) decide+=("$1" "$2") ;;
    --policy)
      [ -r "$2" ] || { echo "quickstart.sh: $2: there is no such file, or it cannot be read" >&2; exit 1; }
      policy=$(realpath "$2") ;;
    -*) echo "quickstart.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
    *)
      [ -z "$log" ] || { echo "quickstart.sh: one log at a time, not also $1" >&2; exit 2; }
      [ -r "$1" ] || { echo "quickstart.sh: $1: there is no such file, or it cannot be read" >&2; exit 1; }
      log=$(realpath "$1") ;;
  esac
  case $1 in --*) shift 2 ;; *) shift ;; esac
done

cd "$root"
out=build/quickstart
build=build/release
mkdir -p $out
cmake/install-deps.sh --core </dev/null
if [ ! -f $build/build.ninja ]; then
  echo "Configuring $build"
  # CLV_ABI_TYPES: tests/run.sh wants them, and else would compile abi/src a second time.
  cmake --preset release -DCLV_BUILD_TESTS=OFF -DCLV_BUILD_GRPC=OFF -DCLV_BUILD_POSTGRES=OFF \
    -DCLV_ABI_TYPES=ON >$out/configure.log 2>&1 ||
    { cat $out/configure.log >&2; exit 1; }
fi
cmake --build --preset release --target clv_command winback vip_concierge
clv=$build/examples/cli/clv

if [ -z "$log" ]; then
  log=$out/log.csv
  printf '\nNo log was given: this shop is SIMULATED, its customers do not exist.\n'
  # Orders of some 200 EUR, bought as often as in the published CDNOW fits.
  $clv simulate --customers 5000 --seed 7 --out $log \
    --params r=.2426,alpha=4.414,a=.793,b=2.426,p=6.25,q=3.744,gamma=92.64
  import+=(--currency EUR)
fi

if [ -z "$policy" ]; then
  policy=$out/policy.json
  # What is allowed, as sdk/POLICY.md tells it; clv record adds consent, contacts and what came of them.
  cat >$policy <<'JSON'
{
  "caps": [{"channel": "email", "limit": 1, "days": 7}],
  "cooldowns": [{"action": "winback.*", "days": 30}],
  "one_open_benefit": true
}
JSON
fi

step() { printf '\n== %s\n' "$1"; shift; "$@"; }
store=$out/store.clv
rm -f $store $store-wal $store-shm $out/{scores,segments,decisions,refusals}.csv
step "import the log" $clv import --store $store "${import[@]}" "$log"
step "fit how customers buy and spend" $clv fit --store $store "${fit[@]}"
step "score: value over $horizon days, $margin of spend is profit, $discount discount a year" \
  $clv score --store $store --horizon-days "$horizon" --discount "$discount" --margin "$margin" \
  --out $out/scores.csv
step "segment by value" $clv segment --store $store --out $out/segments.csv
step "decide whom to treat, and how, under $policy" $clv decide --store $store --margin "$margin" \
  --policy "$policy" "${decide[@]}" --out $out/decisions.csv --refusals $out/refusals.csv
customer=$(awk -F, '$2 == "exploit" && $1 !~ /"/ { print $1; exit }' $out/decisions.csv)
[ -z "$customer" ] || step "explain one decision" $clv explain "$customer" --store $store

printf '\nThe store:  %s\nThe tables: ' "$root/$store"
printf '%s ' $out/{scores,segments,decisions,refusals}.csv
printf '\nOne receipt per customer is in decisions.csv; every proposal not chosen, and why, in refusals.csv.\n'
