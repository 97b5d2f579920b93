"""Golden values of BG/NBD by direct integration: python3 bg_nbd.py > bg_nbd.csv (needs mpmath).

No closed form of the model is used. A customer with purchase rate lambda and drop-out probability
p has
  likelihood  lambda^x (1-p)^x e^(-lambda T) + [x > 0] p (1-p)^(x-1) lambda^x e^(-lambda t_x)
  E[count]    (1 - e^(-lambda p t)) / p
  P(count>i)  P(Poisson(lambda t) > i) (1-p)^i
and everything is integrated over lambda ~ Gamma(r, rate alpha), p ~ Beta(a, b) by the trapezoid rule
in v, with ln lambda or logit p = centre + width sinh v (double exponential at both ends). The step
is refined until two sizes agree to 1e-20; about ten minutes.

Rows of pmf, survival, survival_ahead and residual come last, from renewal.py (k = 1, first = 0);
there column t is a horizon, of `residual` the rate delta.
"""
from mpmath import (cosh, exp, expm1, gammainc, log, log1p, mp, mpf, nstr, polygamma, sinh,
                    sqrt)

import renewal

mp.dps = 45
SMALL = mpf(10) ** -42


def nodes(log_f, centre, width, step):
    """Points u and weights f(u) du of a function of u with one peak."""
    top = log_f(centre)
    result = []
    for sign in (1, -1):
        k = 0 if sign == 1 else 1
        while True:
            v = sign * k * step
            u = centre + width * sinh(v)
            weight = exp(log_f(u) - top) * width * cosh(v) * step
            result.append((u, weight))
            if weight < SMALL * width and k > 3:
                break
            k += 1
    return top, result


def rate_nodes(shape, rate, step):
    """lambda, weights proportional to lambda^(shape-1) e^(-rate lambda), and ln of the factor."""
    top, points = nodes(lambda u: shape * u - rate * exp(u), log(shape / rate),
                        min(1, sqrt(polygamma(1, shape))), step)
    return top, [(exp(u), w) for u, w in points]


def softplus(u):
    return u + log1p(exp(-u)) if u > 0 else log1p(exp(u))


def drop_nodes(a, b, step):
    """p, 1-p, weights proportional to p^(a-1) (1-p)^(b-1), and ln of the factor."""
    top, points = nodes(lambda u: -a * softplus(-u) - b * softplus(u), log(a / b),
                        min(1, sqrt(polygamma(1, a) + polygamma(1, b))), step)
    return top, [(exp(-softplus(-u)), exp(-softplus(u)), w) for u, w in points]


def log_total(pair):
    return pair[0] + log(sum(point[-1] for point in pair[1]))


class customer:
    def __init__(self, parameters, observation, step):
        r, alpha, a, b = (mpf(v) for v in parameters)
        x, t_x, T = (mpf(v) for v in observation)
        self.rates = rate_nodes(r + x, alpha + T, step)
        self.drops = drop_nodes(a, b + x, step)
        prior = log_total(rate_nodes(r, alpha, step)) + log_total(drop_nodes(a, b, step))
        alive = log_total(self.rates) + log_total(self.drops) - prior
        self.log_likelihood = alive
        self.p_alive = mpf(1)
        if x > 0:
            dead = (log_total(rate_nodes(r + x, alpha + t_x, step)) +
                    log_total(drop_nodes(a + 1, b + x - 1, step)) - prior)
            self.p_alive = 1 / (1 + exp(dead - alive))
            self.log_likelihood = alive - log(self.p_alive)
        self.rate_sum = sum(w for _, w in self.rates[1])
        self.drop_sum = sum(w for _, _, w in self.drops[1])

    def over_rates(self, f):
        return sum(w * f(rate) for rate, w in self.rates[1]) / self.rate_sum

    def over_drops(self, f):
        return sum(w * f(p, q) for p, q, w in self.drops[1]) / self.drop_sum

    def expected_if_alive(self, t):
        # Rates far out in the left tail only add terms below 1e-42 of the sum, and cost the most.
        kept = [(-rate * t, w) for rate, w in self.rates[1] if w * rate > SMALL * self.rate_sum]
        # An inner sum depends on p through lambda p t only.
        def inner(p):
            return sum(w * expm1(m * p) for m, w in kept)
        return -self.over_drops(lambda p, q: inner(p) / p) / self.rate_sum

    def no_purchase(self, t):
        return 1 + self.p_alive * self.over_rates(lambda rate: expm1(-rate * t))

    def tail(self, t, i):
        stay = self.over_drops(lambda p, q: q ** i)
        return stay * self.over_rates(lambda rate: gammainc(i + 1, 0, rate * t, regularized=True))


def agreed(name, f, at_step):
    """f at finer and finer steps until two agree to 1e-20."""
    coarse = f(at_step(30))
    for inverse_step in (40, 60, 90, 135):
        fine = f(at_step(inverse_step))
        if abs(fine - coarse) <= mpf(10) ** -20 * abs(fine):
            return fine
        coarse = fine
    raise ArithmeticError(f"{name}: no agreement at {nstr(fine, 25)}")


CASES = [
    # parameters r, alpha, a, b; observations x, t_x, T; horizons t; tails i
    ((0.242595, 4.413602, 0.792922, 2.425907),
     [(0, 0, 0), (0, 0, 1e-9), (0, 0, 39), (1, 1, 39), (2, 30.43, 38.86), (26, 216 / 7, 31),
      (10, 1, 80), (3, 39, 39), (200, 38, 40)], [0.125, 39, 780], [0, 1, 5, 30]),
    ((0.25, 4, 0.8, 2.5), [(0, 0, 40), (200, 38, 40), (10000, 39.5, 40)], [40], [0, 20, 200]),
    ((0.242595, 4.413602, 1, 2.425907), [(0, 0, 10), (4, 20, 39)], [52], [0, 3]),
    ((0.242595, 4.413602, 1 + 1e-6, 2.425907), [(0, 0, 10), (4, 20, 39)], [52], [0, 3]),
    ((0.242595, 4.413602, 1 - 1e-6, 2.425907), [(0, 0, 10), (4, 20, 39)], [52], [0, 3]),
    ((0.001, 4, 0.8, 2.5), [(0, 0, 0), (0, 0, 40), (2, 3, 40)], [52], [0, 4]),
    ((0.01, 4, 0.8, 2.5), [(0, 0, 0), (0, 0, 40)], [52], [0, 4]),
    ((50, 1, 0.3, 0.1), [(0, 0, 0), (1, 0.5, 1)], [9], [0, 10, 400]),
    ((20, 1, 0.3, 0.1), [(0, 0, 0), (5, 0.5, 1)], [9], [0, 10]),
    ((0.3, 4, 0.05, 0.05), [(0, 0, 30), (1, 2, 30), (50, 28, 30)], [52], [0, 10]),
    ((0.2, 5, 4000, 16000), [(0, 0, 30), (3, 12, 30), (40, 28, 30)], [52], [0, 1]),
    ((0.24, 4.4, 0.01, 2), [(0, 0, 10), (6, 9, 10)], [1e4, 1e7], [0, 50]),
    ((0.24, 4.4, 1e-4, 3), [(0, 0, 30), (7, 20, 30)], [100], [0, 10]),
    ((300, 900, 0.8, 2.5), [(0, 0, 30), (12, 29, 30)], [52], [0, 15]),
    ((0.5, 10, 0.8, 2.5), [(10000, 100, 120), (3000, 500, 500)], [50], [0, 100, 1000]),
    ((0.8, 2, 30, 50), [(1, 7, 7), (3, 20, 40)], [52], [0, 2]),
]

print("function,r,alpha,a,b,x,t_x,T,t,i,value")
for parameters, observations, horizons, tails in CASES:
    for observation in observations:
        made = {}

        def at_step(inverse_step):
            if inverse_step not in made:
                made[inverse_step] = customer(parameters, observation, mpf(1) / inverse_step)
            return made[inverse_step]

        def row(name, t, i, f):
            value = agreed(f"{name} {parameters} {observation} {t}", f, at_step)
            inputs = ",".join(repr(float(v)) for v in (*parameters, *observation, t))
            print(f"{name},{inputs},{i},{nstr(value, 25)}", flush=True)

        row("log_likelihood", 0, 0, lambda k: k.log_likelihood)
        row("p_alive", 0, 0, lambda k: k.p_alive)
        for t in horizons:
            row("expected_purchases", t, 0, lambda k: k.p_alive * k.expected_if_alive(mpf(t)))
            row("no_purchase", t, 0, lambda k: k.no_purchase(mpf(t)))
            for i in tails:
                if at_step(40).tail(mpf(t), i) > 1e-11:  # the tail ends before
                    row("purchase_tail", t, i, lambda k: k.tail(mpf(t), i))
            if observation[0] == 0 and observation[2] == 0:
                row("expected_new", t, 0, lambda k: k.expected_if_alive(mpf(t)))

FURTHER = [
    # parameters r, alpha, a, b; observations x, t_x, T; horizons t; counts i; rates delta
    ((0.242595, 4.413602, 0.792922, 2.425907),
     [(0, 0, 0), (0, 0, 39), (2, 30.43, 38.86), (26, 216 / 7, 31), (10, 1, 80), (200, 38, 40)],
     [39], [0, 1, 5, 30], [0.0027, 0.1, 5, 1e-6]),
    ((0.242595, 4.413602, 1, 2.425907), [(0, 0, 0), (4, 20, 39)], [52], [0, 3], [0.002, 1e-8]),
    ((0.242595, 4.413602, 1 + 1e-6, 2.425907), [(0, 0, 0)], [52], [0, 3], [0.002, 1e-8]),
    ((0.242595, 4.413602, 1 - 1e-6, 2.425907), [(0, 0, 0)], [52], [0, 3], [0.002, 1e-8]),
    ((0.001, 4, 0.8, 2.5), [(0, 0, 0), (2, 3, 40)], [52], [0, 4], [0.002]),
    ((50, 1, 0.3, 0.1), [(0, 0, 0), (1, 0.5, 1)], [9], [0, 10], [0.02]),
    ((0.3, 4, 0.05, 0.05), [(0, 0, 0), (50, 28, 30)], [52], [0, 10], [0.002]),
    ((0.2, 5, 4000, 16000), [(0, 0, 0), (40, 28, 30)], [52], [0, 1], [0.002]),
    ((300, 900, 3, 2.5), [(0, 0, 0), (12, 29, 30)], [52], [0, 15], [0.002]),
    ((0.8, 2, 5, 8), [(0, 0, 1 / 7), (3000, 490, 500)], [0.5], [0, 1], [0.002]),
    ((0.8, 200, 30, 50), [(3, 2000, 20000)], [5000], [0, 2], [1e-5]),
]
for parameters, observations, horizons, counts, rates in FURTHER:
    for observation in observations:
        rows = renewal.table(parameters, observation)
        renewal.residuals(rows, rates)
        for t in horizons:
            rows.row("survival_ahead", lambda k: k.survives(mpf(t)), t)
            if observation[2] == 0:
                rows.row("survival", lambda k: k.survives(mpf(t)), t)
                renewal.counts_of_new(rows, t, counts)
