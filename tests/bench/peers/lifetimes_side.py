"""The same steps in lifetimes 0.11.3, timed once each, as JSON on standard output.

usage: lifetimes_side.py LOG.csv SUMMARY.csv [--raw-pareto]

Fits start from the summary in memory. `merged` means that equal rows were merged and counted by
the `weights` argument first, merging included: the fastest way its interface offers.
"""
import json
import sys
import time
import warnings

import pandas
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
from lifetimes.utils import summary_data_from_transaction_data

warnings.simplefilter("ignore")


def seconds(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def merged(summary):
    return summary.groupby(["x", "t_x", "T"]).size().reset_index(name="w")


def fit(fitter, rows, weights=None):
    return fitter.fit(rows["x"], rows["t_x"], rows["T"], weights=weights)


def main():
    log = pandas.read_csv(sys.argv[1], parse_dates=["time"], dtype={"customer": str})
    log["time"] = log["time"].dt.tz_localize(None)
    summary = pandas.read_csv(sys.argv[2])
    out = {}
    out["log_to_summary"], _ = seconds(
        lambda: summary_data_from_transaction_data(log, "customer", "time", "amount", freq="D"))
    out["fit_bg_nbd"], bg = seconds(lambda: fit(BetaGeoFitter(), summary))

    def merge_and_fit(fitter):
        rows = merged(summary)
        return fit(fitter, rows, rows["w"])

    out["fit_bg_nbd_merged"], _ = seconds(lambda: merge_and_fit(BetaGeoFitter()))
    out["fit_pareto_nbd_merged"], _ = seconds(lambda: merge_and_fit(ParetoNBDFitter()))
    if "--raw-pareto" in sys.argv:
        out["fit_pareto_nbd"], _ = seconds(lambda: fit(ParetoNBDFitter(), summary))
    spent = summary[summary["mean_spend"] > 0]
    spend = GammaGammaFitter()
    out["fit_gamma_gamma"], _ = seconds(lambda: spend.fit(spent["x"], spent["mean_spend"]))

    def predict():
        x, t_x, T = summary["x"], summary["t_x"], summary["T"]
        bg.conditional_probability_alive(x, t_x, T)
        bg.conditional_expected_number_of_purchases_up_to_time(52, x, t_x, T)
        return spend.customer_lifetime_value(
            bg, x, t_x, T, summary["mean_spend"], time=12, discount_rate=0.01, freq="W")

    out["predictions"], _ = seconds(predict)
    json.dump(out, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
