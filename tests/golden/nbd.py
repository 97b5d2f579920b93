"""Golden values of the NBD by direct integration: python3 nbd.py > nbd.csv (needs mpmath).

No closed form of the model is used. A customer with purchase rate lambda has the likelihood (of its
purchase times) lambda^x e^(-lambda T), expects lambda t purchases in t, lambda/delta discounted
ones, and has N ~ Poisson(lambda t); everything is integrated over lambda ~ Gamma(r, rate alpha) as
renewal.py says. Column t is a horizon, of `residual` the rate delta. A minute.
"""
from mpmath import exp, factorial, mpf

import renewal


class customer:
    def __init__(self, parameters, observation, step):
        r, alpha = (mpf(v) for v in parameters)
        x, _, T = (mpf(v) for v in observation)
        self.points = renewal.rate_nodes(r + x, alpha + T, step)
        self.log_likelihood = (renewal.log_total(self.points) -
                               renewal.log_total(renewal.rate_nodes(r, alpha, step)))
        self.total = sum(w for _, w in self.points[1])

    def mean(self, f):
        return sum(w * f(rate) for rate, w in self.points[1]) / self.total

    def pmf(self, t, j):
        return self.mean(lambda rate: exp(-rate * t) * (rate * t) ** j / factorial(j))

    def tail(self, t, i):
        def above(mean):
            term, total = exp(-mean), mpf(0)
            for n in range(i + 1):
                total += term
                term *= mean / (n + 1)
            return 1 - total
        return self.mean(lambda rate: above(rate * t))


class table(renewal.table):
    def at(self, inverse_step):
        if inverse_step not in self.made:
            self.made[inverse_step] = customer(*self.inputs[:2], mpf(1) / inverse_step)
        return self.made[inverse_step]


CASES = [
    # parameters r, alpha; observations x, t_x, T; horizons t; counts i
    ((0.384766, 12.072023),
     [(0, 0, 0), (0, 0, 39), (2, 30.43, 38.86), (26, 216 / 7, 31), (10000, 39.5, 40)],
     [0.125, 52], [0, 1, 5, 30]),
    ((0.001, 4), [(0, 0, 0), (0, 0, 1 / 7), (2, 3, 40)], [52], [0, 4]),
    ((300, 900), [(0, 0, 0), (12, 29, 30)], [52], [0, 15]),
    ((0.8, 30), [(0, 0, 0), (3, 2, 20000)], [20000], [0, 40]),
]

print("function,r,alpha,x,t_x,T,t,i,value")
for parameters, observations, horizons, counts in CASES:
    for observation in observations:
        rows = table(parameters, observation)
        rows.row("log_likelihood", lambda k: k.log_likelihood)
        rows.row("residual", lambda k: k.mean(lambda rate: rate) / mpf(0.0027), 0.0027)
        for t in horizons:
            rows.row("expected_purchases", lambda k: k.mean(lambda rate: rate) * mpf(t), t)
            rows.row("no_purchase", lambda k: k.mean(lambda rate: exp(-rate * mpf(t))), t)
            for i in counts:
                if rows.at(12).tail(mpf(t), i) > 1e-11:  # the tail ends before
                    rows.row("purchase_tail", lambda k: k.tail(mpf(t), i), t, i)
                if observation[2] == 0 and rows.at(12).pmf(mpf(t), i) > 1e-11:
                    rows.row("pmf", lambda k: k.pmf(mpf(t), i), t, i)
