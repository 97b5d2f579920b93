"""Golden values of BdW by direct integration: python3 bdw.py > bdw.csv (needs mpmath).

No closed form of the model is used. A contract whose holder has theta survives t renewals with
probability (1-theta)^(t^c); everything is integrated over theta ~ Beta(alpha, beta). What is
expected of a running contract is integrated over theta given that it survived, and residuals are
summed renewal by renewal until the discount is below 1e-30. About ten minutes.
"""
from mpmath import exp, expm1, log, log1p, mpf, nstr

from beta_nodes import log_mass, nodes, refined


def log_likelihood(alpha, beta, c, x, lost):
    def value(h):
        log_survival = log_mass(alpha, beta + mpf(x) ** c, h) - log_mass(alpha, beta, h)
        if not lost:
            return log_survival
        _, points = nodes(alpha, beta + mpf(x) ** c, h)
        step = mpf(x + 1) ** c - mpf(x) ** c
        leaves = -sum(w * expm1(step * log1p(-p)) for p, q, w in points)
        return log_survival + log(leaves / sum(w for _, _, w in points))
    return refined(value)


def given_survival(alpha, beta, c, x, steps, factors):
    """E[sum of factor * (1-theta)^step] of a contract that was renewed x times."""
    def value(h):
        _, points = nodes(alpha, beta + mpf(x) ** c, h)
        total = mpf(0)
        for p, q, w in points:
            log_q = log1p(-p)
            total += w * sum(f * exp(s * log_q) for s, f in zip(steps, factors))
        return total / sum(w for _, _, w in points)
    return refined(value)


def emit(name, alpha, beta, c, x, n, t, value):
    print(','.join([name] + [repr(v) for v in (alpha, beta, c, x, n, t)] + [nstr(value, 25)]),
          flush=True)


def main():
    print('function,alpha,beta,c,x,n,t,value')
    sets = [(.704, 1.182, 1.0), (.26, .5, 1.6), (3.0, 8.0, .4), (1.0, 2.0, 2.5), (.5, .5, .05),
            (60.0, 900.0, 1.2), (.01, .3, 1.05)]
    for a, b, c_ in sets:
        alpha, beta, c = mpf(a), mpf(b), mpf(c_)
        for x in (0, 1, 7, 60, 1000, 10000):
            for lost in (0, 1):
                emit('log_likelihood', a, b, c_, x, x + lost, 0.0,
                     log_likelihood(alpha, beta, c, x, lost))
        for x in (0, 3, 1000):
            step = [mpf(x + k) ** c - mpf(x) ** c for k in range(61)]
            for t in (1, 12, 60):
                emit('survival_ahead', a, b, c_, x, x, float(t),
                     given_survival(alpha, beta, c, x, [step[t]], [mpf(1)]))
            emit('expected_purchases', a, b, c_, x, x, 20.0,
                 given_survival(alpha, beta, c, x, step[1:21], [mpf(1)] * 20))
            rate = 1.5
            many = 80
            far = [mpf(x + k) ** c - mpf(x) ** c for k in range(1, many)]
            emit('residual', a, b, c_, x, x, rate,
                 given_survival(alpha, beta, c, x, far,
                                [1 / (1 + mpf(rate)) ** (k - 1) for k in range(1, many)]))


main()
