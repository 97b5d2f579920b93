"""Golden values of BG/BB by direct integration: python3 bg_bb.py > bg_bb.csv (needs mpmath).

No closed form of the model is used. A customer who buys with probability p at each opportunity and
dies before each with probability theta has
  likelihood   p^x (1-p)^(n-x) (1-theta)^n + sum_{k=t_x}^{n-1} p^x (1-p)^(k-x) theta (1-theta)^k
  E[count]     p sum_{k=1}^t (1-theta)^k, discounted p (1-theta) v/(1 - (1-theta) v)
  P(count = j) C(t,j) p^j (1-p)^(t-j) (1-theta)^t + sum_{k=j}^{t-1} C(k,j) p^j (1-p)^(k-j) theta (1-theta)^k
and every factor is integrated over p ~ Beta(alpha, beta), theta ~ Beta(gamma, delta). Ten minutes.
"""
from mpmath import binomial, exp, expm1, log, log1p, mpf, nstr

from beta_nodes import log_mass, nodes, refined


def powers(points, first, count):
    """Integrals of (1-p)^k, k = first ... first+count, over the nodes."""
    weights = [w * q ** first for _, q, w in points]
    stay = [q for _, q, _ in points]
    out = []
    for _ in range(count + 1):
        out.append(sum(weights))
        weights = [w * q for w, q in zip(weights, stay)]
    return out


def silence(parameters, x, t_x, n, h):
    """ln of the likelihood of being alive, and of all."""
    alpha, beta, gamma, delta = parameters
    prior = log_mass(alpha, beta, h) + log_mass(gamma, delta, h)
    # Its own nodes: of the survivors there may be few among those of the silence.
    alive = log_mass(alpha + x, beta + n - x, h) + log_mass(gamma, delta + n, h) - prior
    top_p, of_p = nodes(alpha + x, beta + t_x - x, h)
    top_d, of_d = nodes(gamma + 1, delta + t_x, h)
    no_buy, death = powers(of_p, 0, n - t_x), powers(of_d, 0, n - t_x)
    dead = sum(no_buy[k] * death[k] for k in range(n - t_x))
    return alive, log(exp(alive) + exp(top_p + top_d - prior) * dead)


def log_likelihood(p, x, t_x, n):
    return refined(lambda h: silence(p, x, t_x, n, h)[1])


def p_alive(p, x, t_x, n):
    def value(h):
        alive, total = silence(p, x, t_x, n, h)
        return exp(alive - total)
    return refined(value)


def mean(a, b, f):
    def value(h):
        _, points = nodes(a, b, h)
        return sum(w * f(p, q) for p, q, w in points) / sum(w for _, _, w in points)
    return refined(value)


def updated(p, x, n):
    return p[0] + x, p[1] + n - x, p[2], p[3] + n


def expected(m, t):
    """Over a customer with mixture m who is alive."""
    lived = mean(m[2], m[3], lambda p, q: -q * expm1(t * log1p(-p)) / p)
    return mean(m[0], m[1], lambda p, q: p) * lived


def residual(m, rate):
    v = 1 / (1 + mpf(rate))
    return mean(m[0], m[1], lambda p, q: p) * mean(m[2], m[3], lambda p, q: q * v / (1 - q * v))


def pmf(m, t, j):
    total = binomial(t, j) * mean(m[0], m[1], lambda p, q: p ** j * q ** (t - j)) * \
        mean(m[2], m[3], lambda p, q: q ** t)
    for k in range(j, t):
        total += binomial(k, j) * mean(m[0], m[1], lambda p, q: p ** j * q ** (k - j)) * \
            mean(m[2], m[3], lambda p, q: p * q ** k)
    return total


def emit(name, p, x, t_x, n, t, i, value):
    print(','.join([name] + [repr(float(v)) for v in p] +
                   [str(x), str(t_x), str(n), repr(t), str(i), nstr(value, 25)]), flush=True)


def main():
    print('function,alpha,beta,gamma,delta,x,t_x,n,t,i,value')
    sets = [(1.203522, .749716, .656718, 2.783442), (1.0, 2.0, 1.0, 2.0), (.05, .3, 1.000001, .5),
            (30.0, 70.0, .999999, 40.0), (.001, 2.0, .01, .01), (200.0, 100.0, 5.0, 300.0)]
    people = [(0, 0, 0), (0, 0, 6), (6, 6, 6), (3, 4, 6), (1, 6, 6), (40, 60, 100), (1, 1, 90),
              (9000, 9990, 10000), (10000, 10000, 10000)]
    for numbers in sets:
        p = tuple(mpf(v) for v in numbers)
        for x, t_x, n in people:
            emit('log_likelihood', p, x, t_x, n, 0.0, 0, log_likelihood(p, x, t_x, n))
            alive = p_alive(p, x, t_x, n)
            emit('p_alive', p, x, t_x, n, 0.0, 0, alive)
            if n > 6:
                continue
            m = updated(p, x, n)
            emit('expected_purchases', p, x, t_x, n, 10.0, 0, alive * expected(m, 10))
            emit('residual', p, x, t_x, n, .1, 0, alive * residual(m, mpf(.1)))
        emit('expected_new', p, 0, 0, 0, 5000.0, 0, expected(p, 5000))
        emit('residual', p, 0, 0, 0, 1e-4, 0, residual(p, 1e-4))
        for t in (1, 5):
            counts = [pmf(p, t, j) for j in range(t + 1)]
            for j in range(t + 1):
                emit('pmf', p, 0, 0, 0, float(t), j, counts[j])
                emit('purchase_tail', p, 0, 0, 0, float(t), j, sum(counts[j + 1:], mpf(0)))


main()
