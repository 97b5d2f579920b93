"""Golden values of Gamma-Gamma by direct integration: python3 gamma_gamma.py > gamma_gamma.csv.

No closed form of the model is used (needs mpmath). A customer with spend rate nu has x purchases of
Gamma(p, rate nu) each, so the sum of k of them is Gamma(p k, rate nu); nu ~ Gamma(q, rate gamma) over
customers. All integrals are over u = ln nu (and over the log of the future sum for its moments) by
the trapezoid rule in v, u = centre + width sinh v; the step is refined until two sizes agree to 1e-20.
"""
from mpmath import cosh, exp, log, loggamma, mp, mpf, nstr, polygamma, sinh, sqrt

mp.dps = 45
SMALL = mpf(10) ** -42


def log_integral(log_f, centre, width, step, g=lambda u: mpf(1)):
    """ln of the integral of e^log_f, and the mean of g under it."""
    top = log_f(centre)
    total = mean = mpf(0)
    for sign in (1, -1):
        k = 0 if sign == 1 else 1
        while True:
            v = sign * k * step
            u = centre + width * sinh(v)
            w = exp(log_f(u) - top) * width * cosh(v) * step
            total += w
            mean += w * g(u)
            if w < SMALL * width and k > 3:
                break
            k += 1
    return top + log(total), mean / total


def density_of_mean(q, gamma, k, x, z, step):
    """ln f(z | x): the sum x z is Gamma(k, nu); nu integrated out under its prior."""
    total = x * z

    def log_joint(u):  # ln [ nu^k total^(k-1) e^(-nu total) / Gamma(k) * nu^q e^(-gamma nu) ]
        return (k + q) * u + (k - 1) * log(total) - exp(u) * (total + gamma) - loggamma(k)

    joint, _ = log_integral(log_joint, log((k + q) / (total + gamma)),
                            min(1, sqrt(polygamma(1, k + q))), step)
    prior, _ = log_integral(lambda u: q * u - gamma * exp(u), log(q / gamma),
                            min(1, sqrt(polygamma(1, q))), step)
    return joint - prior + log(x)


def posterior(shape, rate, step, g):
    return log_integral(lambda u: shape * u - rate * exp(u), log(shape / rate),
                        min(1, sqrt(polygamma(1, shape))), step, g)[1]


def moments_of_log(k, step):
    """Mean and variance of ln G, G ~ Gamma(k, 1), by integration."""
    m = posterior(k, mpf(1), step, lambda u: u)
    return m, posterior(k, mpf(1), step, lambda u: (u - m) ** 2)


def agreed(f):
    """f at finer and finer steps until two agree to 1e-20."""
    coarse = f(mpf(1) / 30)
    for inverse_step in (40, 60, 90, 135):
        fine = f(mpf(1) / inverse_step)
        if abs(fine - coarse) <= mpf(10) ** -20 * max(1, abs(fine)):
            return fine
        coarse = fine
    raise ArithmeticError(nstr(fine, 25))


PARAMETERS = [(6.25, 3.74, 15.44), (6.249572, 3.744225, 15.443521), (1, 1.5, 1), (0.3, 1.0000001, 2),
              (0.05, 0.6, 20), (500, 2.5, 0.1), (20000, 4, 0.002), (2, 60, 400)]
OBSERVATIONS = [(0, 0), (1, 22.35), (2, 22.35), (7, 73.740), (26, 35.25), (1, 0.01), (5, 1e6), (1000, 12.5),
                (10000, 31)]

print("function,p,q,gamma,x,mean_spend,n,value")
for parameters in PARAMETERS:
    for observation in OBSERVATIONS:
        p, q, gamma = (mpf(v) for v in parameters)
        x, z = (mpf(v) for v in observation)

        def row(name, n, f):
            fine = agreed(f)
            inputs = ",".join(repr(float(v)) for v in (*parameters, *observation, n))
            print(f"{name},{inputs},{nstr(fine, 25)}", flush=True)

        if x > 0:
            row("log_likelihood", 0, lambda h: density_of_mean(q, gamma, p * x, x, z, h))
        shape, rate = q + p * x, gamma + x * z
        if shape > 1.05:  # E[p / nu] given the history; nu^-1 needs its own peak to be in range
            row("expected_spend", 0,
                lambda h: p * exp(log_integral(lambda u: (shape - 1) * u - rate * exp(u),
                                               log((shape - 1) / rate),
                                               min(1, sqrt(polygamma(1, shape - 1))), h)[0] -
                                  log_integral(lambda u: shape * u - rate * exp(u),
                                               log(shape / rate), min(1, sqrt(polygamma(1, shape))), h)[0]))
        for n in (1, 2.5, 12):
            # ln S = ln G - ln nu, G ~ Gamma(p n, 1) independent of nu given the history
            row("log_total_mean", n, lambda h: moments_of_log(p * n, h)[0] -
                posterior(shape, rate, h, lambda u: u))

            def variance(h):
                m = posterior(shape, rate, h, lambda u: u)
                return (moments_of_log(p * n, h)[1] +
                        posterior(shape, rate, h, lambda u: (u - m) ** 2))
            row("log_total_variance", n, variance)
