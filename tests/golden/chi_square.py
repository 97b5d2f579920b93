"""Golden values of sdk/src/math/chi_square: python3 chi_square.py > chi_square.csv (needs mpmath)."""
from mpmath import mp, mpf, exp, gamma, linspace, nstr, quad, sqrt

mp.dps = 50


def tail(x, k):
    """The integral of the density u^(k/2-1) e^(-u/2) / (2^(k/2) Gamma(k/2)) from x on."""
    x, k = mpf(x), mpf(k)
    norm = mpf(2) ** (k / 2) * gamma(k / 2)
    if x < k:  # with u = v^2 the density has no pole at 0
        f = lambda v: 2 * v ** (k - 1) * exp(-v * v / 2)
        return 1 - quad(f, linspace(0, sqrt(x), 9)) / norm
    f = lambda u: u ** (k / 2 - 1) * exp((x - u) / 2)  # of size 1, which quad's tolerance wants
    ends = [x + 2 * j for j in (0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 200)]
    return exp(-x / 2) * quad(f, ends) / norm


print("function,x,k,value")
for k in [1, 2, 3, 4, 5, 7, 10, 30, 100]:
    for x in [1e-8, 0.01, 0.455, 1, 2, 3.841458820694124, 5, 6.634896601021213, 10, 20, 50, 120, 300, 900]:
        value = tail(x, k)
        if value > mpf(10) ** -300:
            print(f"chi_square_tail,{float(x)!r},{k},{nstr(value, 30)}")
