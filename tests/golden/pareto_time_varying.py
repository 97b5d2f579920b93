"""Golden values of Pareto/NBD on covariate paths by direct integration: python3
pareto_time_varying.py > pareto_time_varying.csv (needs mpmath).

A customer buys at lambda a_j and dies at mu b_j on step j, a_j = exp(g z_j), b_j = exp(h v_j); with
A, B the integrals of a, b and E(y) = exp(-lambda A(y) - mu B(y)) it has
  likelihood  prod_k a(t_k) lambda^x [E(T) + sum over pieces of (t_x, T) of
              mu b / (lambda a + mu b) (E(begin) - E(end))],          alive: the first term
  E[count]    sum over pieces of (T, T+t) of lambda a (D(begin) - D(end)) / (mu b),
              D(y) = exp(-mu (B(y) - B(T))), if alive
all integrated over lambda and mu on the nodes of pareto_nbd.py, until two steps agree to 1e-16.
"""
from mpmath import exp, expm1, log, mp, mpf, nstr

from pareto_nbd import agreed, rate_nodes

mp.dps = 40
STEPS = 4


class customer:
    def __init__(self, parameters, observation, path, step):
        r, alpha, s, beta, g, h = (mpf(v) for v in parameters)
        x, t_x, T, at_purchases = (mpf(v) for v in observation)
        self.start = [mpf(0)] + [mpf(v) for v in path[0]]
        self.a = [exp(g * mpf(z)) for z in path[1]]
        self.b = [exp(h * mpf(v)) for v in path[2]]
        a_x, b_x = self.clocks(0, t_x)
        a_T, b_T = self.clocks(0, T)
        prior = rate_nodes(r, alpha, step)[1] + rate_nodes(s, beta, step)[1]
        buying, log_buying = rate_nodes(r + x, alpha + a_x, step)
        dying, log_dying = rate_nodes(s, beta + b_x, step)
        dead = mpf(0)
        for begin, end, a, b in self.pieces(t_x, T):
            a_0, b_0 = self.clocks(t_x, begin)
            a_1, b_1 = self.clocks(t_x, end)
            kept = [(mu * b, w, exp(-mu * b_0), exp(-mu * b_1)) for mu, w in dying]
            for rate, weight in buying:
                e_0, e_1, pace = exp(-rate * a_0), exp(-rate * a_1), rate * a
                dead += weight * sum(w * m / (pace + m) * (e_0 * f_0 - e_1 * f_1)
                                     for m, w, f_0, f_1 in kept)
        now_buying, log_now = rate_nodes(r + x, alpha + a_T, step)
        self.dying, log_now_dying = rate_nodes(s, beta + b_T, step)
        alive = exp(log_now + log_now_dying - log_buying - log_dying)
        self.log_likelihood = g * at_purchases + log_buying + log_dying - prior + log(alive + dead)
        self.p_alive = alive / (alive + dead)
        self.mean_rate, self.T = sum(w * rate for rate, w in now_buying), T

    def pieces(self, first, last):
        ends = self.start[1:] + [mpf(10) ** 9]
        for begin, end, a, b in zip(self.start, ends, self.a, self.b):
            if max(begin, first) < min(end, last):
                yield max(begin, first), min(end, last), a, b

    def clocks(self, first, last):
        parts = list(self.pieces(first, last))
        return (sum((e - f) * a for f, e, a, b in parts), sum((e - f) * b for f, e, a, b in parts))

    def expected(self, t):
        total = mpf(0)
        for begin, end, a, b in self.pieces(self.T, self.T + t):
            b_0, b_1 = self.clocks(self.T, begin)[1], self.clocks(self.T, end)[1]
            total -= a / b * sum(w * exp(-mu * b_0) * expm1(mu * (b_0 - b_1)) / mu
                                 for mu, w in self.dying)
        return self.p_alive * self.mean_rate * total


PATHS = [((5, 20, 45), (0, 1, 0.5, -1), (0, -0.5, 1, 0)),
         ((29.5, 30, 39), (0, 3, 0, 3), (0, 2, 0, 0)),
         ((13, 26, 52), (-2, 2, -2, 2), (1, 0, 3, 1))]
PARAMETERS = [(0.553, 10.58, 0.606, 11.67, 0.4, 0.7), (1.4, 48, 0.56, 47, -0.8, 1.5),
              (0.3, 2, 1, 500, 1.2, -1)]
OBSERVATIONS = [(0, 0, 39), (2, 30.43, 38.86), (26, 30.857, 31), (5, 3, 60), (300, 41, 42)]


def main():
    names = ["x", "t_x", "T", "at_purchases", "t"]
    names += [f"start{j}" for j in range(1, STEPS)]
    names += [f"z{j}" for j in range(STEPS)] + [f"v{j}" for j in range(STEPS)]
    print("function,r,alpha,s,beta,g,h," + ",".join(names) + ",value")
    for parameters in PARAMETERS:
        for n, observation in enumerate(OBSERVATIONS):
            path = PATHS[n % len(PATHS)]
            seen = (*observation, 0.25 * observation[0])
            made = {}

            def at_step(inverse_step):
                if inverse_step not in made:
                    made[inverse_step] = customer(parameters, seen, path, mpf(1) / inverse_step)
                return made[inverse_step]

            def row(name, t, f):
                value = agreed(f"{name} {parameters} {seen} {t}", f, at_step)
                inputs = (*parameters, *seen, t, *path[0], *path[1], *path[2])
                print(f"{name},{','.join(repr(float(v)) for v in inputs)},{nstr(value, 25)}",
                      flush=True)

            row("log_likelihood", 0, lambda k: k.log_likelihood)
            row("p_alive", 0, lambda k: k.p_alive)
            row("expected_purchases", 52, lambda k: k.expected(mpf(52)))


if __name__ == "__main__":
    main()
