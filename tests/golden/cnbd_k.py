"""Golden values of BG/CNBD-k and MBG/CNBD-k: python3 cnbd_k.py > cnbd_k.csv (needs mpmath).

By direct integration; renewal.py says what is integrated and how. Column first is 0 for BG/CNBD-k, 1
for MBG/CNBD-k; t is a horizon, of `residual` the rate delta, of `survival` and `survival_ahead` an
age. log_likelihood is without litt. About ten minutes.
"""
from mpmath import mpf

import renewal

CASES = [
    # first, k, parameters r, alpha, a, b; observations x, t_x, T; horizons t; counts i; rates
    (0, 2, (0.22692, 1.46292, 0.944, 2.07433),
     [(0, 0, 0), (0, 0, 39), (1, 1, 39), (2, 30.43, 38.86), (26, 216 / 7, 31), (3, 39, 39)],
     [0.125, 39], [0, 1, 5, 30], [0.0027, 0.1, 1e-6]),
    (1, 2, (0.5799, 2.28815, 1.13445, 1.58497),
     [(0, 0, 0), (0, 0, 39), (1, 1, 39), (2, 30.43, 38.86), (10, 1, 80), (200, 38, 40)],
     [0.125, 39], [0, 1, 5, 30], [0.0027, 0.1, 5]),
    (1, 3, (0.6, 1.4, 1, 1.6), [(0, 0, 0), (4, 20, 39)], [52], [0, 3], [0.002]),
    (0, 3, (0.6, 1.4, 1 + 1e-6, 1.6), [(0, 0, 0), (4, 20, 39)], [52], [0, 3], [0.002]),
    (0, 3, (0.6, 1.4, 1 - 1e-6, 0.3), [(0, 0, 0), (0, 0, 9)], [52], [0, 3], [0.002]),
    (1, 12, (0.5, 0.4, 0.8, 2.5), [(0, 0, 0), (3, 30, 39), (40, 38, 40)], [0.5, 39], [0, 2],
     [0.002]),
    (0, 12, (3, 2, 4, 9), [(0, 0, 0), (5, 20, 30)], [30], [0, 2], [0.01]),
    (1, 4, (0.001, 4, 0.8, 2.5), [(0, 0, 0), (2, 3, 40)], [52], [0, 4], [0.002]),
    (0, 2, (50, 1, 0.3, 0.1), [(0, 0, 0), (1, 0.5, 1)], [9], [0, 10], [0.02]),
    (1, 5, (0.2, 5, 4000, 16000), [(0, 0, 0), (3, 12, 30)], [52], [0, 1], [0.002]),
    (0, 2, (0.25, 4, 0.8, 2.5), [(10000, 39.5, 40)], [0.01], [0, 2], [0.002]),
    (1, 3, (0.8, 2, 0.9, 3), [(0, 0, 0), (4, 20, 39)], [5000], [0, 40], [1e-4]),
    (0, 2, (0.3, 0.01, 0.6, 0.4), [(0, 0, 0), (2, 3, 4)], [20], [0, 40], [1e-3]),
    (1, 2, (0.8, 200, 30, 50), [(1, 7, 7), (3, 2000, 20000)], [5000], [0, 2], [1e-5]),
]

print("function,first,k,r,alpha,a,b,x,t_x,T,t,i,value")
for first, k, parameters, observations, horizons, counts, rates in CASES:
    for observation in observations:
        rows = renewal.table(parameters, observation, k, first, prefix=(first, k))
        rows.row("log_likelihood", lambda c: c.log_likelihood)
        rows.row("p_alive", lambda c: c.p_alive)
        renewal.residuals(rows, rates)
        for t in horizons:
            renewal.horizon(rows, t, counts, new=observation[2] == 0)
