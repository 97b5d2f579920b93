"""Golden values of sdk/src/math/incomplete_beta: python3 incomplete_beta.py > incomplete_beta.csv (needs mpmath)."""
from mpmath import mp, mpf, asin, cos, nstr, pi, quad, sin, sqrt

mp.dps = 40


def points(low, high, a, b):
    """Ends of the pieces: the density in the angle is narrow around its mode when a + b is large."""
    middle, width = asin(sqrt(a / (a + b))), 1 / sqrt(a + b)
    steps = [middle + j * width for j in (-12, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12)]
    return [low] + [s for s in steps if low < s < high] + [high]


def mass_with_poles(low, high, a, b):
    """The same in u = t^a below t = 1/2 and in u = (1-t)^b above, where the density has no pole."""
    half = mpf(1) / 2
    below = lambda t: quad(lambda u: (1 - u ** (1 / a)) ** (b - 1), [0, t ** a]) / a
    above = lambda t: quad(lambda u: (1 - u ** (1 / b)) ** (a - 1), [(1 - t) ** b, half ** b]) / b
    upto = lambda t: below(t) if t <= half else below(half) + above(t)
    return (upto(high) - upto(low)) / 2


def mass(low, high, a, b):
    """The integral of sin^(2a-1) cos^(2b-1), which is t^(a-1) (1-t)^(b-1) with t = sin^2."""
    if min(a, b) < 0.5:
        return mass_with_poles(sin(low) ** 2, sin(high) ** 2, a, b)
    peak = asin(sqrt(a / (a + b)))
    scale = sin(peak) ** (2 * a - 1) * cos(peak) ** (2 * b - 1)  # of size 1, as quad wants it
    f = lambda v: sin(v) ** (2 * a - 1) * cos(v) ** (2 * b - 1) / scale
    return quad(f, points(low, high, a, b), maxdegree=12)


print("function,x,a,b,value")
for a, b in [(0.5, 0.5), (1, 1), (0.1, 0.3), (2, 5), (5, 2), (0.7, 12), (30, 4.5), (100, 300), (2500, 7500)]:
    a, b = mpf(a), mpf(b)
    whole = mass(mpf(0), pi / 2, a, b)
    mean, sd = a / (a + b), sqrt(a * b / (a + b + 1)) / (a + b)
    around = [float(mean + j * sd) for j in (-2, -1, 0, 1, 2)]
    for x in dict.fromkeys([0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99] + around):
        if not 0 < x < 1:
            continue
        below = mass(mpf(0), asin(sqrt(mpf(x))), a, b) / whole
        print(f"beta_cdf,{x!r},{float(a)!r},{float(b)!r},{nstr(below, 30)}")
