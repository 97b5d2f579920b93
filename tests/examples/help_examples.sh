#!/usr/bin/env bash
# help_examples.sh CLV: runs every example that the help of a command shows, as printed, on a simulated
# log or a simulated market. Those of validate need a plugin and are left out, and where no plugin was built
# those of decide.
set -euo pipefail
folder=$(dirname "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ln -s "$1" clv
export PATH=$work:$folder:$PATH

clv simulate --customers 600 --seed 7 --start 2024-07-01 --days 400 --out made.csv
clv summarize --log made.csv --out plain.csv
awk -F, -v OFS=, 'NR == 1 { print $0, "channel", "gender" } NR > 1 { print $0, NR % 2, NR % 3 }' \
  plain.csv >given.csv
clv fit --model nbd --summary plain.csv --out nbd.csv >/dev/null
clv fit --model bg_nbd --summary plain.csv --out bg_nbd.csv >/dev/null
clv score --log made.csv --as-of 2025-03-31 --out earlier.csv >/dev/null
clv score --log made.csv --out later.csv >/dev/null
awk 'BEGIN { print "customer,gone,plan,visits"
  for (i = 0; i < 400; ++i) print i "," (i * 7 % 11 < 4) "," (i % 3 ? "a" : "b") "," i % 13 }' >base.csv
clv import --store stored.clv --currency EUR made.csv >/dev/null
clv fit --store stored.clv >/dev/null
clv score --store stored.clv >/dev/null

# A market whose customers have names like c000007, decided about where there is a plugin to ask.
clv simulate --market --customers 600 --seed 7 --option start=2023-01-01 --out-dir market >/dev/null
clv import --store decided.clv --currency EUR market/transactions.csv >/dev/null
clv record customers market/customers.csv --store decided.clv --currency EUR >/dev/null
clv fit --store decided.clv >/dev/null
clv score --store decided.clv >/dev/null
echo '{"consent": ["email"], "caps": [{"channel": "email", "limit": 1, "days": 7}]}' >policy.json
cp market/consent.csv consent.csv
printf 'decision_id,customer,time,kind,value,event_id\n0123456789abcdef,c000007,2026-07-01,response,1,o1\n' >outcomes.csv
deciding=()
if compgen -G "$folder/../../plugins/*/*.so" >/dev/null; then
  clv record consent consent.csv --store decided.clv >/dev/null
  clv decide --store decided.clv --plugin winback >/dev/null
  clv record outcomes outcomes.csv --store decided.clv >/dev/null
  deciding=(decide explain measure replay plugins)
fi

# A desk with two tickets and an agent, on the store that has scores.
cp stored.clv desk.clv
printf 'ticket,customer,time,kind,channel,severity,event_id
T1,C1,2024-08-04T09:00Z,created,email,low,e1
T2,C2,2024-08-04T09:30Z,created,chat,high,e2\n' >events.csv
printf 'ticket,customer,time,kind,agent\nT2,C2,2024-08-04T10:00Z,resolved,ann\n' >moves.csv
printf 'agent,team,channels,status\nann,first,email:3;chat:2,available\n' >agents.csv
printf 'ticket,customer,created,resolved,priority\nA1,C1,2024-08-01 09:00,2024-08-01 12:00,High\n' >tickets.csv
echo '{"severities": ["low", "high"], "policies": [{"name": "all", "resolution": 480}],
  "surveys": {"kind": "CSAT"}, "follow_ups": {"breach": {"within": 60, "owner": "team"}}}' >desk.json
clv record ticket_events events.csv --store desk.clv >/dev/null
clv record agents agents.csv --store desk.clv >/dev/null

ran=0
for command in import summarize fit models predict score simulate segment backtest report record export forget \
  new-plugin store "store check" "store backup" "store restore" "store migrate" "store prune" \
  desk "desk import" "desk triage" "desk clocks" "desk due" "desk assign" "desk claim" "desk move" \
  "desk sweep" "desk survey" "desk follow-up" "desk report" "desk card" "${deciding[@]}"; do
  # shellcheck disable=SC2086 # two words are two arguments
  clv $command --help | awk '/^Examples?:/ { on = 1; next } on && /^  clv / { print substr($0, 3) }' \
    >examples.txt
  [ -s examples.txt ] || { echo "clv $command --help shows no example" >&2; exit 1; }
  while IFS= read -r example; do
    # Each on files of its own: what one example writes is no help to the next but the rule.
    cp made.csv log.csv && cp given.csv summary.csv && cp earlier.csv scores.csv
    case $command in
      desk*) cp desk.clv shop.clv ;;
      record | export | forget | decide | explain | measure | replay) cp decided.clv shop.clv ;;
      *) cp stored.clv shop.clv ;;
    esac
    if [ "$command" = import ]; then
      rm shop.clv
      sed '1s/customer/client/; 1s/time/date/; 1s/amount/total/' made.csv >log.csv
    fi
    echo "== $example"
    bash -euo pipefail -c "$example" </dev/null >said.txt || { cat said.txt; exit 1; }
    ran=$((ran + 1))
  done <examples.txt
done
echo "$ran examples ran"
