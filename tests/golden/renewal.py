"""Direct integration for customers that drop out geometrically, BG/NBD to MBG/CNBD-k (mpmath).

Imported by the generators beside it. No closed form of the models is used. Purchases are every k-th
event of a Poisson process with rate lambda; after each one (with first = 1 also after the very
first purchase) the customer drops out with probability p. With q = 1-p and tau = T - t_x a history
has the likelihood
  alive  lambda^(kx)/(k-1)!^x e^(-lambda T) sum_{j<k} (lambda tau)^j/j!  q^(x+first)
  dead   lambda^(kx)/(k-1)!^x e^(-lambda t_x) p q^(x+first-1)            (where x + first > 0)
but for the factor exp((k-1) litt). Given lambda, p and that j stages of the current interval are
over, with N ~ Poisson(lambda t) and phi = lambda/(lambda+delta)
  P(i or more purchases if nobody drops out) = P(N >= ki - j)
  count            sum_{i>=1} q^(i-1) P(N >= ki-j)
  discounted count phi^(k-j) / (1 - q phi^k)
and everything is integrated over lambda ~ Gamma(r, rate alpha) and p ~ Beta(a, b) by the trapezoid
rule in v, with ln lambda or logit p = centre + width sinh v (double exponential at both ends). Terms
that are a product of a function of lambda and one of p are integrated each for themselves. The step
is refined until two sizes agree to 1e-20 (a log next to 0: to 1e-32).
"""
from mpmath import cosh, exp, factorial, log, log1p, mp, mpf, nstr, polygamma, sinh, sqrt

mp.dps = 40
SMALL = mpf(10) ** -36
ENOUGH = mpf(10) ** -28


def nodes(log_f, centre, width, step):
    """Points u and weights f(u) du of a function of u with one peak, and ln of the factor."""
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


def softplus(u):
    return u + log1p(exp(-u)) if u > 0 else log1p(exp(u))


def rate_nodes(shape, rate, step):
    """lambda, weights proportional to lambda^(shape-1) e^(-rate lambda), and ln of the factor."""
    top, points = nodes(lambda u: shape * u - rate * exp(u), log(shape / rate),
                        min(1, sqrt(polygamma(1, shape))), step)
    return top, [(exp(u), w) for u, w in points]


def drop_nodes(a, b, step):
    """p, 1-p, weights proportional to p^(a-1) (1-p)^(b-1), and ln of the factor."""
    top, points = nodes(lambda u: -a * softplus(-u) - b * softplus(u), log(a / b),
                        min(1, sqrt(polygamma(1, a) + polygamma(1, b))), step)
    return top, [(exp(-softplus(-u)), exp(-softplus(u)), w) for u, w in points]


def log_total(pair):
    return pair[0] + log(sum(point[-1] for point in pair[1]))


class rate:
    """One lambda of a customer alive now: its weight and how far its Poisson count has come."""

    def __init__(self, value, weight, k, tau):
        parts = [(value * tau) ** j / factorial(j) if j else mpf(1) for j in range(k)]
        total = sum(parts)
        self.value, self.weight, self.k = value, weight * total, k
        self.stages = [part / total for part in parts]  # P(j stages are over)

    def start(self, t):
        self.mean = self.value * t
        self.n, self.term = 0, exp(-self.mean)
        self.cumulated = [mpf(0)] * self.k  # P(N <= n) for the last k values of n, newest last
        self.total = mpf(0)

    def next_at_least(self):
        """P(i or more purchases), i = 1, 2, ... in turn."""
        for _ in range(self.k):
            self.total += self.term
            self.cumulated = self.cumulated[1:] + [self.total]
            self.n += 1
            self.term *= self.mean / self.n
        # n < ki - j: the newest entry is n = ki - 1.
        return 1 - sum(w * self.cumulated[self.k - 1 - j] for j, w in enumerate(self.stages))


class customer:
    def __init__(self, parameters, observation, k, first, step):
        r, alpha, a, b = (mpf(v) for v in parameters)
        x, t_x, T = (mpf(v) for v in observation)
        rates = rate_nodes(r + k * x, alpha + T, step)
        self.k = k
        self.rates = [rate(value, w, k, T - t_x) for value, w in rates[1]]
        self.drops = drop_nodes(a, b + x + first, step)
        self.rate_sum = sum(node.weight for node in self.rates)
        self.drop_sum = sum(w for _, _, w in self.drops[1])
        prior = (log_total(rate_nodes(r, alpha, step)) + log_total(drop_nodes(a, b, step)) +
                 x * log(factorial(k - 1)))
        alive = rates[0] + log(self.rate_sum) + log_total(self.drops) - prior
        self.log_likelihood, self.dead = alive, mpf(0)
        self.p_alive = mpf(1)
        if x + first > 0:
            dead = (log_total(rate_nodes(r + k * x, alpha + t_x, step)) +
                    log_total(drop_nodes(a + 1, b + x + first - 1, step)) - prior)
            self.p_alive = 1 / (1 + exp(dead - alive))
            self.dead = 1 / (1 + exp(alive - dead))
            self.log_likelihood = alive + log1p(exp(dead - alive))

    def chances(self, t):
        """P(i or more purchases if nobody drops out), i = 1, 2, ..."""
        for node in self.rates:
            node.start(t)
        while True:
            yield sum(n.weight * n.next_at_least() for n in self.rates) / self.rate_sum

    def stays(self):
        """E[q^i], E[p q^i], i = 0, 1, ..."""
        powers = [w / self.drop_sum for _, _, w in self.drops[1]]
        while True:
            yield sum(powers), sum(w * p for w, (p, _, _) in zip(powers, self.drops[1]))
            powers = [w * q for w, (_, q, _) in zip(powers, self.drops[1])]

    def expected(self, t):
        total = mpf(0)
        for chance, (stay, _) in zip(self.chances(t), self.stays()):
            total += stay * chance
            if stay * chance < ENOUGH * total:
                return self.p_alive * total

    def survives(self, t):
        total, before = mpf(0), mpf(1)
        for chance, (stay, _) in zip(self.chances(t), self.stays()):
            total += stay * (before - chance)
            before = chance
            if stay * chance < ENOUGH * total:
                return self.p_alive * total

    def no_purchase(self, t):
        return self.dead + self.p_alive * (1 - next(self.chances(t)))

    def tail(self, t, i):
        for n, (chance, (stay, _)) in enumerate(zip(self.chances(t), self.stays())):
            if n == i:
                return stay * chance

    def pmf(self, t, j):
        before, ended = mpf(1), mpf(1)  # P(j or more); E[p q^(j-1)]
        for n, (chance, (stay, ends)) in enumerate(zip(self.chances(t), self.stays())):
            if n == j:
                value = stay * (before - chance) + (ended * before if j > 0 else 0)
                return self.p_alive * value + (self.dead if j == 0 else 0)
            before, ended = chance, ends

    def residual(self, delta):
        total = mpf(0)
        for node in self.rates:
            if node.weight < SMALL * self.rate_sum:
                continue
            phi = node.value / (node.value + delta)
            whole = phi ** self.k
            over_p = sum(w / (1 - q * whole) for p, q, w in self.drops[1])
            stages = sum(w * phi ** (self.k - j) for j, w in enumerate(node.stages))
            total += node.weight * stages * over_p
        return self.p_alive * total / (self.rate_sum * self.drop_sum)


class table:
    """Rows of one customer, each computed at finer and finer steps until two agree to 1e-20."""

    def __init__(self, parameters, observation, k=1, first=0, prefix=()):
        self.made = {}
        self.inputs = (parameters, observation, k, first)
        self.cells = [str(c) for c in prefix] + [repr(float(v)) for v in (*parameters, *observation)]

    def at(self, inverse_step):
        if inverse_step not in self.made:
            self.made[inverse_step] = customer(*self.inputs, mpf(1) / inverse_step)
        return self.made[inverse_step]

    def row(self, name, f, t=0.0, i=0):
        coarse = f(self.at(12))
        for inverse_step in (18, 27, 40, 60, 90):
            fine = f(self.at(inverse_step))
            size = max(abs(fine), mpf(10) ** -12) if name == "log_likelihood" else abs(fine)
            if abs(fine - coarse) <= mpf(10) ** -20 * size:
                print(",".join([name, *self.cells, repr(float(t)), str(i), nstr(fine, 25)]),
                      flush=True)
                return
            coarse = fine
        raise ArithmeticError(f"{name} {self.inputs} {t}: no agreement at {nstr(fine, 25)}")


def residuals(rows, rates):
    for delta in rates:
        rows.row("residual", lambda c: c.residual(mpf(delta)), delta)


def horizon(rows, t, counts, new):
    """All that depends on a horizon; `new` for the customer of the last day."""
    rows.row("expected_purchases", lambda c: c.expected(mpf(t)), t)
    rows.row("survival_ahead", lambda c: c.survives(mpf(t)), t)
    if rows.at(12).no_purchase(mpf(t)) > 1e-11:  # 1 minus a sum
        rows.row("no_purchase", lambda c: c.no_purchase(mpf(t)), t)
    if new:
        rows.row("expected_new", lambda c: c.expected(mpf(t)), t)
        rows.row("survival", lambda c: c.survives(mpf(t)), t)
    for i in counts:
        if rows.at(12).tail(mpf(t), i) > 1e-11:  # the tail ends before
            rows.row("purchase_tail", lambda c: c.tail(mpf(t), i), t, i)
    if new:
        counts_of_new(rows, t, counts)


def counts_of_new(rows, t, counts):
    for i in counts:
        if rows.at(12).pmf(mpf(t), i) > 1e-11:
            rows.row("pmf", lambda c: c.pmf(mpf(t), i), t, i)
