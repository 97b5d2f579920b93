"""Golden values of gamma mixed counts: python3 negative_binomial.py > negative_binomial.csv (mpmath).

P(J = j) from gamma functions, P(J >= j) as the incomplete beta, with mpmath at 60 digits; inputs are
shape, rate, t and j, with z = t/(rate+t).
"""
from mpmath import betainc, gamma, mp, mpf, nstr

mp.dps = 60

print("function,shape,rate,t,j,value")
for shape in (0.001, 0.2426, 1.0, 7.5, 300.0):
    for rate, t in ((4.4136, 1.0 / 7), (4.4136, 39.0), (0.5, 1000.0), (900.0, 1e-6)):
        z = mpf(t) / (mpf(rate) + mpf(t))
        for j in (0, 1, 2, 12, 60, 500):
            r = mpf(shape)
            pmf = gamma(r + j) / gamma(r) / gamma(j + 1) * (1 - z) ** r * z ** j
            tail = betainc(j, r, 0, z, regularized=True) if j > 0 else mpf(1)
            for name, value in (("pmf", pmf), ("tail", tail)):
                if value > 1e-250:
                    print(f"{name},{shape!r},{rate!r},{t!r},{j},{nstr(value, 25)}")
