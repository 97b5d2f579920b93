"""Golden values of GG/NBD by direct integration: python3 gg_nbd.py > gg_nbd.csv (needs mpmath).

No closed form of the mixed model is used. A customer with purchase rate lambda and frailty eta dies
at the hazard eta b e^(b y); with g(y) = e^(b y) - 1
  likelihood  lambda^x [e^(-lambda T - eta g(T)) + int_{t_x}^T eta b e^(b y) e^(-lambda y - eta g(y)) dy]
  E[count]    lambda int_0^t e^(-eta g(u)) du, also discounted
  P(count=0)  1 - int_0^t lambda e^(-lambda u - eta g(u)) du, if alive
At each node u of a Gauss-Legendre rule on panels of time the integrand is summed over nodes of lambda
~ Gamma(r, rate alpha) and of eta ~ Gamma(s, rate beta), those of pareto_nbd.py; given alive at T eta
is Gamma(s, rate beta + g(T)). Finer nodes in everything must agree to 1e-16. Ten minutes.
"""
from mpmath import cos, exp, expm1, log, mp, mpf, nstr, pi

from pareto_nbd import rate_nodes

mp.dps = 40


def gauss(n):
    nodes = []
    for i in range(n):
        x = cos(pi * (mpf(i) + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(8):
            p0, p1 = mpf(1), x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            x -= p1 / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


RULES = {n: gauss(n) for n in (20, 30)}


class mixture:
    """A customer as of an age, with nodes of both its rates: times u count from there."""

    def __init__(self, shape, rate, b, s, beta, age, size):
        inverse_step, order = size
        step, self.rule = mpf(1) / inverse_step, RULES[order]
        self.shape, self.rate, self.b, self.s = shape, rate, b, s
        self.lived = exp(b * age)
        self.frailty = beta + expm1(b * age)
        self.rates, log_rates = rate_nodes(shape, rate, step)
        self.etas, log_etas = rate_nodes(s, self.frailty, step)
        self.log_total = log_rates + log_etas

    def hidden(self, u, i=0):  # E[lambda^i e^(-lambda u)]
        return sum(w * v ** i * exp(-v * u) for v, w in self.rates)

    def survival(self, u):
        risk = self.lived * expm1(self.b * u)
        return sum(w * exp(-v * risk) for v, w in self.etas)

    def death(self, u):
        risk = self.lived * expm1(self.b * u)
        return self.b * self.lived * exp(self.b * u) * sum(w * v * exp(-v * risk)
                                                           for v, w in self.etas)

    def integral(self, f, end):
        """int_0^end f, on panels on which none of the integrands changes much."""
        total, u = mpf(0), mpf(0)
        while u < end:
            hazard = self.b * self.lived * exp(self.b * u)
            hazard /= self.frailty + self.lived * expm1(self.b * u)
            length = min((self.rate + u) * min(1, 5 / self.shape), mpf(3) / 2 / self.b,
                         min(1, 5 / self.s) / hazard)
            v = min(end, u + length)
            part = sum(w * f((u + v) / 2 + (v - u) / 2 * x) for x, w in self.rule) * (v - u) / 2
            total += part
            if abs(part) < mpf(10) ** -25 * total:
                break
            u = v
        return total


class customer:
    def __init__(self, parameters, observation, size):
        r, alpha, b, s, beta = (mpf(v) for v in parameters)
        x, t_x, T = (mpf(v) for v in observation)
        self.new = mixture(r, alpha, b, s, beta, 0, size)
        last = mixture(r + x, alpha + t_x, b, s, beta, t_x, size)
        self.now = mixture(r + x, alpha + T, b, s, beta, T, size)
        alive = exp(self.now.log_total - last.log_total)
        dead = last.integral(lambda u: last.hidden(u) * last.death(u), T - t_x)
        self.log_likelihood = last.log_total - self.new.log_total + log(alive + dead)
        self.p_alive = alive / (alive + dead)
        self.mean_rate = self.now.hidden(0, 1)

    def expected(self, t, delta=0):
        return self.mean_rate * self.now.integral(
            lambda u: self.now.survival(u) * exp(-delta * u), t)

    def above(self, t, i):  # P(count > i): the density of purchase i + 1 times survival
        factorial = mpf(1)
        for k in range(1, i + 1):
            factorial *= k
        return self.now.integral(
            lambda u: self.now.hidden(u, i + 1) * u ** i * self.now.survival(u), t) / factorial

    def equal(self, t, i):  # P(count = i) of a new customer
        factorial = mpf(1)
        for k in range(1, i + 1):
            factorial *= k
        count = lambda u: self.new.hidden(u, i) * u ** i / factorial
        dead = self.new.integral(lambda u: count(u) * self.new.death(u), t)
        return count(t) * self.new.survival(t) + dead


def agreed(name, f, at_size):
    """f with finer and finer nodes until two agree to 1e-16."""
    coarse = f(at_size((20, 20)))
    for size in ((28, 30), (44, 30), (64, 30)):
        fine = f(at_size(size))
        if abs(fine - coarse) <= mpf(10) ** -16 * abs(fine):
            return fine
        coarse = fine
    raise ArithmeticError(f"{name}: no agreement at {nstr(fine, 25)}")


CASES = [
    # parameters r, alpha, b, s, beta; observations x, t_x, T; horizons t; counts i; rates delta
    ((0.553, 10.578, 0.0002, 0.603, 0.0026), [(0, 0, 0), (0, 0, 39), (2, 30.43, 38.86),
     (26, 216 / 7, 31)], [52], [0, 5], [0.0027]),
    ((0.55, 10, 0.05, 0.6, 0.5), [(0, 0, 0), (4, 20, 39), (10, 5, 39), (400, 38, 39)], [52],
     [0, 3], [0.0027]),
    ((0.55, 10, 0.05, 0.6, 20), [(0, 0, 0), (4, 20, 39), (10, 5, 39)], [52], [0, 3], [0.0027]),
    ((0.55, 10, 0.05, 1, 1), [(0, 0, 39), (4, 20, 39)], [52], [0], [0.0027]),
    ((0.55, 10, 0.05, 0.6, 1 - 1e-6), [(0, 0, 39), (4, 20, 39)], [52], [0], [0.0027]),
    ((0.55, 10, 1e-9, 0.6, 1.2e-8), [(4, 20, 39)], [52], [0, 3], [0.0027]),
    ((2, 30, 0.3, 0.02, 1e4), [(0, 0, 60), (7, 20, 60)], [100], [0], [0.0027]),
    ((0.3, 1, 0.8, 2, 1e6), [(0, 0, 30), (50, 10, 20)], [10], [0, 20], [0.5]),
    ((0.5, 0.01, 0.02, 0.5, 0.3), [(0, 0, 20), (1000, 30, 31)], [5], [0, 60], [0.1]),
    ((0.5, 500, 0.01, 0.5, 1e-3), [(0, 0, 2000), (3, 50, 1000)], [100], [0], [0.01]),
]


def main():
    print("function,r,alpha,b,s,beta,x,t_x,T,t,i,value")
    for parameters, observations, horizons, counts, rates in CASES:
        for observation in observations:
            made = {}

            def at_size(size):
                if size not in made:
                    made[size] = customer(parameters, observation, size)
                return made[size]

            def row(name, t, i, f):
                value = agreed(f"{name} {parameters} {observation} {t} {i}", f, at_size)
                inputs = ",".join(repr(float(v)) for v in (*parameters, *observation, t))
                print(f"{name},{inputs},{i},{nstr(value, 25)}", flush=True)

            new = observation[0] == 0 and observation[2] == 0
            row("log_likelihood", 0, 0, lambda k: k.log_likelihood)
            row("p_alive", 0, 0, lambda k: k.p_alive)
            for delta in rates:
                row("residual", delta, 0, lambda k: k.p_alive * k.expected(mpf(10) ** 9, mpf(delta)))
            for t in horizons:
                row("expected_purchases", t, 0, lambda k: k.p_alive * k.expected(mpf(t)))
                row("survival_ahead", t, 0, lambda k: k.p_alive * k.now.survival(mpf(t)))
                row("no_purchase", t, 0, lambda k: 1 - k.p_alive * k.above(mpf(t), 0))
                for i in counts:
                    row("purchase_tail", t, i, lambda k: k.above(mpf(t), i))
                    if new:
                        row("pmf", t, i, lambda k: k.equal(mpf(t), i))
                if new:
                    row("expected_new", t, 0, lambda k: k.expected(mpf(t)))


if __name__ == "__main__":
    main()
