"""Golden values of sBG by direct integration: python3 sbg.py > sbg.csv (needs mpmath).

No closed form of the model is used. A contract whose holder leaves with probability theta at each
renewal survives t of them with probability (1-theta)^t, is lost at renewal x+1 with probability
theta (1-theta)^x, and everything is integrated over theta ~ Beta(alpha, beta). What is expected of
a running contract is integrated over theta given that it survived. Half a minute.
"""
from mpmath import expm1, log1p, mpf, nstr

from beta_nodes import log_mass, nodes, refined


def log_likelihood(alpha, beta, x, lost):
    return refined(lambda h: log_mass(alpha + lost, beta + x, h) - log_mass(alpha, beta, h))


def given_survival(alpha, beta, x, f):
    """E[f(theta, 1-theta)] of a contract that was renewed x times."""
    def value(h):
        _, points = nodes(alpha, beta + x, h)
        return sum(w * f(p, q) for p, q, w in points) / sum(w for _, _, w in points)
    return refined(value)


def emit(name, alpha, beta, x, n, t, value):
    print(','.join([name] + [repr(v) for v in (alpha, beta, x, n, t)] + [nstr(value, 25)]))


def main():
    print('function,alpha,beta,x,n,t,value')
    sets = [(.704077, 1.182043), (.668088, 3.806095), (3.8, 15.2), (.067, .267), (1.0, 2.0),
            (1.000001, 1.0), (.999999, 5.0), (.05, .05), (200.0, 3000.0), (.001, 4.0)]
    for a, b in sets:
        alpha, beta = mpf(a), mpf(b)
        for x in (0, 7, 60, 10000):
            for lost in (0, 1):
                emit('log_likelihood', a, b, x, x + lost, 0.0, log_likelihood(alpha, beta, x, lost))
        for x in (0, 3, 10000):
            emit('no_purchase', a, b, x, x, 1.0, given_survival(alpha, beta, x, lambda p, q: p))
            for t in (1, 12, 3000):
                emit('survival_ahead', a, b, x, x, float(t),
                     given_survival(alpha, beta, x, lambda p, q: q ** t))
                emit('expected_purchases', a, b, x, x, float(t),
                     given_survival(alpha, beta, x, lambda p, q: -q * expm1(t * log1p(-p)) / p))
            for d in (.1, 1e-3, 1e-6, 3.0):
                rate = mpf(d)
                emit('residual', a, b, x, x, d,
                     given_survival(alpha, beta, x, lambda p, q: q / (1 - q / (1 + rate))))
            if a > 1.1:
                emit('residual', a, b, x, x, 0.0, given_survival(alpha, beta, x, lambda p, q: q / p))


main()
