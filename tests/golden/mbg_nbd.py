"""Golden values of MBG/NBD by direct integration: python3 mbg_nbd.py > mbg_nbd.csv (needs mpmath).

renewal.py says what is integrated and how (k = 1, first = 1). Column t is a horizon, of `residual`
the rate delta, of `survival` and `survival_ahead` an age. About ten minutes.
"""
from mpmath import mpf

import renewal

CASES = [
    # parameters r, alpha, a, b; observations x, t_x, T; horizons t; counts i; rates
    ((0.524843, 6.183085, 0.891359, 1.614002),
     [(0, 0, 0), (0, 0, 1e-9), (0, 0, 39), (1, 1, 39), (2, 30.43, 38.86), (26, 216 / 7, 31),
      (10, 1, 80), (3, 39, 39), (200, 38, 40)], [0.125, 39], [0, 1, 5, 30],
     [0.0027, 0.1, 5, 1e-6]),
    ((0.25, 4, 0.8, 2.5), [(0, 0, 40), (200, 38, 40), (10000, 39.5, 40)], [40], [0, 20], [0.002]),
    ((0.5, 6, 1, 1.6), [(0, 0, 0), (4, 20, 39)], [52], [0, 3], [0.002, 1e-8]),
    ((0.5, 6, 1 + 1e-6, 1.6), [(0, 0, 0), (4, 20, 39)], [52], [0, 3], [0.002, 1e-8]),
    ((0.5, 6, 1 - 1e-6, 1.6), [(0, 0, 0), (4, 20, 39)], [52], [0, 3], [0.002, 1e-8]),
    ((0.001, 4, 0.8, 2.5), [(0, 0, 0), (0, 0, 40), (2, 3, 40)], [52], [0, 4], [0.002]),
    ((50, 1, 0.3, 0.1), [(0, 0, 0), (1, 0.5, 1)], [9], [0, 10], [0.02]),
    ((0.3, 4, 0.05, 0.05), [(0, 0, 30), (50, 28, 30)], [52], [0, 10], [0.002]),
    ((0.2, 5, 4000, 16000), [(0, 0, 30), (3, 12, 30)], [52], [0, 1], [0.002]),
    ((300, 900, 3, 2.5), [(0, 0, 0), (12, 29, 30)], [52], [0, 15], [0.002]),
    ((0.5, 10, 5, 8), [(0, 0, 1 / 7), (3000, 490, 500)], [50], [0, 100], [0.002]),
    ((0.8, 200, 30, 50), [(1, 7, 7), (3, 2000, 20000)], [5000], [0, 2], [1e-5]),
]


def main():
    print("function,r,alpha,a,b,x,t_x,T,t,i,value")
    for parameters, observations, horizons, counts, rates in CASES:
        for observation in observations:
            rows = renewal.table(parameters, observation, 1, 1)
            rows.row("log_likelihood", lambda k: k.log_likelihood)
            rows.row("p_alive", lambda k: k.p_alive)
            renewal.residuals(rows, rates)
            for t in horizons:
                renewal.horizon(rows, t, counts, new=observation[2] == 0)


if __name__ == "__main__":
    main()
