"""Golden values of sdk/src/math/normal: python3 normal.py > normal.csv (needs mpmath)."""
from mpmath import mp, mpf, erfc, exp, findroot, log, nstr, pi, sqrt

mp.dps = 60


def cdf(x):
    return erfc(-x / sqrt(2)) / 2


def quantile(p):
    x = -sqrt(-2 * log(p)) if p < 0.02 else sqrt(-2 * log(1 - p)) if p > 0.98 else (p - 0.5) * 2.5
    for _ in range(200):  # Newton on ln cdf below the median, on ln (1 - cdf) above
        if p <= 0.5:
            step = (log(cdf(x)) - log(p)) * cdf(x)
        else:
            step = -(log(cdf(-x)) - log(1 - p)) * cdf(-x)
        step *= sqrt(2 * pi) * exp(x * x / 2)
        x -= step
        if abs(step) < mpf(10) ** -50:
            return x
    raise ArithmeticError(p)


print("function,x,value")
for x in [-37.5, -30.0, -20.0, -10.0, -8.3, -6.0, -5.0, -3.3, -2.0, -1.0, -0.7, -0.1, -1e-10, 0.0,
          1e-10, 0.1, 0.5, 1.0, 1.959963984540054, 2.5, 3.0, 5.0, 8.0, 10.0]:
    print(f"normal_cdf,{x!r},{nstr(cdf(mpf(x)), 30)}")
for p in [1e-300, 1e-200, 1e-100, 1e-30, 1e-20, 1e-15, 1e-12, 1.3e-11, 1e-10, 1e-8, 1e-6, 1e-4, 0.001,
          0.01, 0.025, 0.05, 0.0749, 0.075, 0.0751, 0.1, 0.2, 0.3, 0.4, 0.49, 0.5 - 1e-10, 0.5,
          0.5 + 1e-10, 0.51, 0.6, 0.7, 0.8, 0.9, 0.925, 0.95, 0.975, 0.99, 0.999, 1 - 1e-6, 1 - 1e-10,
          1 - 2.0 ** -52]:
    print(f"normal_quantile,{p!r},{nstr(quantile(mpf(p)), 30)}")
