"""Golden values of sdk/src/math/{gamma,beta}: python3 gamma.py > gamma.csv (needs mpmath).

Inputs are doubles, written with 17 digits; values are computed from exactly those doubles.
"""
from mpmath import mp, mpf, loggamma, digamma, polygamma, nstr

mp.dps = 80  # log_beta at (1e-300, 1e10) cancels twenty digits; 30 are printed


def row(name, a, b, c, value):
    print(f"{name},{float(a)!r},{float(b)!r},{float(c)!r},{nstr(value, 30)}")


def log_beta(a, b):
    with mp.workdps(400):  # 1 + 1e-300 must not be 1
        a, b = mpf(a), mpf(b)
        return loggamma(a) + loggamma(b) - loggamma(a + b)


def log_rising(x, n):
    with mp.workdps(400):
        return loggamma(mpf(x) + mpf(n)) - loggamma(mpf(x))


X = [1e-300, 1e-100, 1e-20, 1e-10, 1e-5, 1e-3, 0.01, 0.1, 0.2425982, 0.4999, 0.5, 0.7, 0.9,
     1 - 1e-3, 1 - 1e-6, 1 - 1e-10, 1.0, 1 + 1e-10, 1 + 1e-6, 1.001, 1.1, 1.25, 1.4616321449683622,
     1.4616321449683625, 1.5, 1.75, 2 - 1e-6, 2 - 1e-10, 2.0, 2 + 1e-10, 2 + 1e-6, 2.2, 2.4999, 2.5,
     2.6, 3.0, 3.7, 4.0, 4.413684, 5.5, 6.9, 7.3, 8.0, 9.0, 9.5, 9.99, 9.999999999999998, 10.0, 10.1,
     11.0, 12.5, 15.0, 20.5, 33.0, 50.0, 99.9, 170.0, 171.7, 500.25, 1e3, 12345.678, 1e5, 1e8, 1e10,
     1e15, 1e20, 1e50, 1e100, 1e200, 1e300]
S = [1e-8, 1e-3, 0.01, 0.1, 0.2425982, 0.5, 0.7929899, 1.0, 1 + 1e-6, 2.426167, 5.0, 9.9, 10.0,
     10.5, 25.0, 100.0, 1e3, 1e4, 1e6, 1e10]

print("function,a,b,c,value")
for x in X:
    row("log_gamma", x, 0, 0, loggamma(mpf(x)))
    row("digamma", x, 0, 0, digamma(mpf(x)))
    if x > 1e-150:  # its value is above the largest double
        row("trigamma", x, 0, 0, polygamma(1, mpf(x)))
for a in [1e-300] + S:
    for b in S:
        row("log_beta", a, b, 0, log_beta(a, b))
for x in S[:-1]:
    for n in [0, 1, 2, 5, 12, 26, 100, 1000, 10000]:
        row("log_rising", x, n, 0, log_rising(x, n))
for a in S[:-2]:
    for b in S[:-2]:
        for n in [0, 1, 3, 24, 25, 100, 10000]:
            row("log_beta_ratio", a, b, n, log_beta(a, mpf(b) + n) - log_beta(a, b))
