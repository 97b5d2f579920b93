"""Golden values of Pareto/NBD by direct integration: python3 pareto_nbd.py > pareto_nbd.csv (needs
mpmath).

No closed form of the mixed model is used. With d = lambda + mu a customer with purchase rate lambda
and death rate mu has
  likelihood  lambda^x [e^(-d T) + mu/d (e^(-d t_x) - e^(-d T))],  alive: the first term
  E[count]    lambda (1 - e^(-mu t)) / mu         discounted at delta, for ever: lambda / (mu+delta)
  P(count>i)  (lambda/d)^(i+1) P(i+1, d t)        P(count=j)  e^(-d t) (lambda t)^j / j! +
  P(count=0 in t)  1 - P(count>0)                             mu/d (lambda/d)^j P(j+1, d t)
(P(n, y): a Poisson(y) number is at least n), and everything is integrated over lambda ~ Gamma(r,
rate alpha), mu ~ Gamma(s, rate beta) by the trapezoid rule in v, with ln lambda or ln mu = centre +
width sinh v. The step is refined until two sizes agree to 1e-16: the finer one is then right to
1e-19 and better, as the error is squared when the step is halved. Ten minutes.
"""
from mpmath import cosh, exp, expm1, log, mp, mpf, nstr, polygamma, sinh, sqrt

mp.dps = 40
SMALL = mpf(10) ** -32


def rate_nodes(shape, rate, step):
    """Rates, weights proportional to rate^(shape-1) e^(-rate * rate), and ln of their total."""
    centre, width = log(shape / rate), min(1, sqrt(polygamma(1, shape)))
    top = shape * centre - shape
    result = []
    for sign in (1, -1):
        k = 0 if sign == 1 else 1
        while True:
            v = sign * k * step
            u = centre + width * sinh(v)
            value = exp(u)
            weight = exp(shape * u - rate * value - top) * width * cosh(v) * step
            result.append((value, weight))
            if weight < SMALL * width and k > 3:
                break
            k += 1
    total = sum(w for _, w in result)
    return [(value, w / total) for value, w in result if w > SMALL * total], top + log(total)


class customer:
    """The two posteriors: as of the last purchase, and as of T for those alive."""

    def __init__(self, parameters, observation, step):
        r, alpha, s, beta = (mpf(v) for v in parameters)
        x, t_x, T = (mpf(v) for v in observation)
        prior = rate_nodes(r, alpha, step)[1] + rate_nodes(s, beta, step)[1]
        buying, a = rate_nodes(r + x, alpha + t_x, step)
        dying, b = rate_nodes(s, beta + t_x, step)
        w = T - t_x
        dead = mpf(0)
        if w > 0:
            kept = [(v, p, exp(-v * w)) for v, p in dying]
            for rate, weight in buying:
                silent = exp(-rate * w)
                dead += weight * sum(p * v / (rate + v) * (1 - silent * e) for v, p, e in kept)
        self.rates, c = rate_nodes(r + x, alpha + T, step)
        self.deaths, d = rate_nodes(s, beta + T, step)
        alive = exp(c + d - a - b)
        self.log_likelihood = a + b - prior + log(alive + dead)
        self.p_alive = alive / (alive + dead)
        self.mean_rate = sum(w * rate for rate, w in self.rates)
        self.known = {}

    def expected(self, t):
        return self.mean_rate * -sum(w * expm1(-mu * t) / mu for mu, w in self.deaths)

    def residual(self, delta):
        return self.mean_rate * sum(w / (mu + delta) for mu, w in self.deaths)

    def survival(self, t):
        return sum(w * exp(-mu * t) for mu, w in self.deaths)

    def counts(self, t, i):
        """P(count > i) and P(count = i) in t of a customer alive at T."""
        if (t, i) in self.known:
            return self.known[t, i]
        deaths = [(mu, w, exp(-mu * t)) for mu, w in self.deaths]
        above, equal = mpf(0), mpf(0)
        for rate, weight in self.rates:
            silent, more, same = exp(-rate * t), mpf(0), mpf(0)
            for mu, w, e in deaths:
                d, none = rate + mu, silent * e
                term, below = none, none
                for k in range(1, i + 1):
                    term *= d * t / k
                    below += term
                share = (rate / d) ** i
                late = share * (1 - below)
                more += w * late * rate / d
                same += w * (late * mu / d + share * term)
            above += weight * more
            equal += weight * same
        self.known[t, i] = above, equal
        return above, equal


def agreed(name, f, at_step):
    """f at finer and finer steps until two agree to 1e-16."""
    coarse = f(at_step(20))
    for inverse_step in (28, 40, 60):
        fine = f(at_step(inverse_step))
        if abs(fine - coarse) <= mpf(10) ** -16 * abs(fine):
            return fine
        coarse = fine
    raise ArithmeticError(f"{name}: no agreement at {nstr(fine, 25)}")


CDNOW = (0.553277, 10.577683, 0.606240, 11.668734)
MANY = (10.465, 0.00798565181, 3.0516, 2.82)
LONG = (0.5143, 2.8845, 0.2856, 14.1087)
CASES = [
    # parameters r, alpha, s, beta; observations x, t_x, T; horizons t; counts i; rates delta
    (CDNOW, [(0, 0, 0)], [0.125, 52, 780], [0, 1, 5, 30], [0.0027, 1]),
    (CDNOW, [(0, 0, 1e-9), (0, 0, 1 / 7), (0, 0, 39), (1, 1, 39), (2, 30.43, 38.86),
             (26, 216 / 7, 31), (10, 20, 39), (25, 20, 39), (3, 39, 39), (5, 39 - 1e-8, 39),
             (10000, 39.5, 40), (300, 60, 78)], [52], [0, 3], [0.0027]),
    (CDNOW, [(0, 0, 20000), (7, 100, 20000), (60, 19990, 20000)], [20000], [0, 3], [1e-5]),
    (MANY, [(400, 5, 6), (500, 1, 37), (40, 5, 6), (50, 1, 37)], [1], [0, 12], [0.1]),
    (LONG, [(221, 103.42857, 103.57143), (161, 94.71429, 98)], [10], [0, 12], [0.0027]),
    ((0.55, 10.58, 1, 11.67), [(0, 0, 0), (4, 20, 39)], [52], [0, 3], [0.0027, 30]),
    ((0.55, 10.58, 1 + 1e-6, 11.67), [(0, 0, 10), (4, 20, 39)], [52], [0, 3], [0.0027]),
    ((0.55, 10.58, 1 - 1e-6, 11.67), [(0, 0, 10), (4, 20, 39)], [52], [0, 3], [0.0027]),
    ((0.55, 10.58, 0.6, 10.58), [(0, 0, 39), (4, 20, 39)], [52], [0, 3], [0.0027]),
    ((0.55, 10.58, 0.6, 10.58 * (1 + 1e-9)), [(0, 0, 39), (4, 20, 39)], [52], [0], [0.0027]),
    ((0.55, 10.58, 1e-4, 11.67), [(0, 0, 39), (4, 20, 39)], [52], [0, 3], [0.0027]),
    ((0.55, 1e4, 0.6, 0.01), [(0, 0, 39), (4, 20, 39)], [52], [0], [0.0027]),
    ((0.55, 0.01, 0.6, 1e4), [(0, 0, 39), (40, 20, 39)], [52], [0, 20], [0.0027, 1e3]),
    ((0.001, 10, 0.6, 12), [(0, 0, 39), (2, 3, 40)], [52], [0, 3], [0.0027]),
    ((50, 900, 20, 400), [(0, 0, 30), (12, 29, 30)], [52], [0, 8], [0.0027]),
    ((3, 10, 0.8, 1e6), [(2, 10, 30)], [52], [0, 9], [0.5]),
]


def main():
    print("function,r,alpha,s,beta,x,t_x,T,t,i,value")
    for parameters, observations, horizons, counts, rates in CASES:
        for observation in observations:
            made = {}

            def at_step(inverse_step):
                if inverse_step not in made:
                    made[inverse_step] = customer(parameters, observation, mpf(1) / inverse_step)
                return made[inverse_step]

            def row(name, t, i, f):
                value = agreed(f"{name} {parameters} {observation} {t} {i}", f, at_step)
                inputs = ",".join(repr(float(v)) for v in (*parameters, *observation, t))
                print(f"{name},{inputs},{i},{nstr(value, 25)}", flush=True)

            new = observation[0] == 0 and observation[2] == 0
            row("log_likelihood", 0, 0, lambda k: k.log_likelihood)
            row("p_alive", 0, 0, lambda k: k.p_alive)
            for delta in rates:
                row("residual", delta, 0, lambda k: k.p_alive * k.residual(mpf(delta)))
            for t in horizons:
                row("expected_purchases", t, 0, lambda k: k.p_alive * k.expected(mpf(t)))
                row("survival_ahead", t, 0, lambda k: k.p_alive * k.survival(mpf(t)))
                row("no_purchase", t, 0, lambda k: 1 - k.p_alive * k.counts(mpf(t), 0)[0])
                for i in counts:
                    if at_step(28).counts(mpf(t), i)[0] < 1e-11:
                        continue  # the tail ends before, and 1 - (...) has lost its digits
                    row("purchase_tail", t, i, lambda k: k.counts(mpf(t), i)[0])
                    if new:
                        row("pmf", t, i, lambda k: k.counts(mpf(t), i)[1])
                if new:
                    row("expected_new", t, 0, lambda k: k.expected(mpf(t)))


if __name__ == "__main__":
    main()
