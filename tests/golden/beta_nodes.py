"""Integration over a probability p ~ Beta(a, b), for the generators of this folder (needs mpmath).

The trapezoid rule in v with logit p = centre + width sinh v (double exponential at both ends); the
caller refines the step until two sizes agree.
"""
from mpmath import cosh, exp, log, log1p, mp, mpf, polygamma, sinh, sqrt

mp.dps = 45
SMALL = mpf(10) ** -42


def softplus(u):
    return u + log1p(exp(-u)) if u > 0 else log1p(exp(u))


def nodes(a, b, step):
    """ln of a factor, and p, 1-p, weights proportional to p^(a-1) (1-p)^(b-1) dp."""
    def log_f(u):
        return -a * softplus(-u) - b * softplus(u)
    centre, width = log(a / b), min(1, sqrt(polygamma(1, a) + polygamma(1, b)))
    top = log_f(centre)
    points = []
    for sign in (1, -1):
        k = 0 if sign == 1 else 1
        while True:
            v = sign * k * step
            u = centre + width * sinh(v)
            weight = exp(log_f(u) - top) * width * cosh(v) * step
            points.append((exp(-softplus(-u)), exp(-softplus(u)), weight))
            if weight < SMALL * width and k > 3:
                break
            k += 1
    return top, points


def log_mass(a, b, step):
    """ln of the integral of p^(a-1) (1-p)^(b-1)."""
    top, points = nodes(a, b, step)
    return top + log(sum(w for _, _, w in points))


def refined(value_at):
    """value_at(step) once two sizes agree to 1e-20 (relative, or absolute at 0)."""
    step = mpf(1) / 8
    before = value_at(step)
    for _ in range(5):
        step /= 2
        now = value_at(step)
        if abs(now - before) <= mpf(10) ** -20 * max(abs(now), mpf(10) ** -300):
            return now
        before = now
    raise SystemExit('no agreement: %s %s' % (before, now))
