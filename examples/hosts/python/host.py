"""The host job of ../README.md in Python: host.py LIBRARY PLUGIN ORDERS"""
import datetime
import sys

import libclv
from libclv import CLV_DECIDE_HAS_BUDGET, CLV_DECIDE_NO_HOLDOUT

MIDNIGHT = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
NOW_US = int(MIDNIGHT.timestamp()) * 1_000_000


def main(library, plugin, orders):
    clv = libclv.Clv(library)
    print("abi {}.{}".format(*clv.abi))
    with clv.engine() as engine, clv.plugins() as plugins:
        # A log in, the value of each customer out.
        log = clv.csv(orders, currency="EUR").result()
        print("read", len(log), "transactions")
        taken = engine.ingest(log, source="shop", currency="EUR").result()
        print("ingested", taken["accepted"][0], "accepted", taken["duplicates"][0], "duplicates")
        for row in engine.fit(model="bg_nbd+gamma_gamma").result().rows():
            print("parameter {model} {parameter} {value:.6f}".format(**row))
        scores = engine.score(margin=0.3, annual_discount=0.1).result()
        print("scores", len(scores), scores.fingerprint)
        print("value {:.6f}".format(sum(scores["clv"])))

        # Groups, and what to do: the plugin proposes, libclv decides within 5 cents.
        for row in engine.segment(scheme="value_tier").result("profile").rows():
            print("segment {segment} {customers}".format(**row))
        plugins.load(plugin, now_us=NOW_US, seed=7)
        decided = engine.decide(
            plugins,
            flags=CLV_DECIDE_HAS_BUDGET | CLV_DECIDE_NO_HOLDOUT,
            budget_minor=5,
            margin=0.3,
            now_us=NOW_US,
        )
        for row in decided.result().rows():
            if row["action"]:
                print("decision {customer} {action} {net:.6f}".format(**row))

        # One customer while a page is shown, from what the page knows.
        with clv.scorer(engine.model(), margin=0.3, annual_discount=0.1) as scorer:
            score = scorer(x=3, t_x=20, T=30, mean_spend=25)
            print(f"customer {score.p_alive:.6f} {score.clv:.6f}")

    # The host's own columns, without an engine: text, times, money.
    day = datetime.timedelta(days=1)
    columns = {
        "customer": ["anna", "björn", "anna"],
        "time": [MIDNIGHT, MIDNIGHT + 7 * day, MIDNIGHT + 14 * day],
        "amount": [1999, 500, 2450],
    }
    summary = clv.summarize(columns, units={"amount": "EUR"}).result()
    for row in summary.rows():
        numbers = "{customer} {x:.6f} {t_x:.6f} {T:.6f} {mean_spend:.6f} {revenue}".format(**row)
        print("summary", numbers, summary["revenue"].unit)
    try:
        clv.summarize(columns | {"customer": ["anna", "", "anna"]}, units={"amount": "EUR"})
    except libclv.Error as wrong:
        print("refused", wrong.row, wrong.column, wrong.name, wrong.message)


if __name__ == "__main__":
    main(*sys.argv[1:])
