"""Fits the polynomials of stdlib/approximations/constants.ts and prints them: `python scripts/fit-approximations.py`.

Minimax by Lawson's iteration: least squares on Chebyshev nodes, reweighted by the error until it is level. The weight
makes the error relative to the function that the polynomial is a part of. Needs NumPy.
"""

from math import erf, erfc

import numpy as np


def fit(target, weight, degree, low, high, variable=lambda x: x, nodes=4001, rounds=300):
    """The largest weighted error, and coefficients from the constant up."""
    x = np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes) * (high - low) / 2 + (low + high) / 2
    x = x[np.abs(x) > 1e-9]
    wanted, importance = target(x), weight(x)
    powers = np.vander(variable(x), degree + 1, increasing=True)
    level = np.full_like(x, 1 / len(x))
    best = (np.inf, None)
    for _ in range(rounds):
        scale = np.sqrt(level) * importance
        coefficients = np.linalg.lstsq(powers * scale[:, None], wanted * scale, rcond=None)[0]
        error = np.abs((powers @ coefficients - wanted) * importance)
        if error.max() < best[0]:
            best = (error.max(), coefficients)
        level = level * error
        level /= level.sum()
    return best


def show(name, result):
    error, coefficients = result
    print(f"{name}: relative error {error:.1e}\n  [{', '.join(repr(float(f'{c:.9g}')) for c in coefficients)}]")


def near(x, bound, series, formula):
    """The formula, or its series where the formula cancels."""
    return np.where(np.abs(x) < bound, series, formula)


def log_tail(x):
    series = 1 / 3 - x / 4 + x**2 / 5 - x**3 / 6 + x**4 / 7 - x**5 / 8 + x**6 / 9
    return near(x, 5e-3, series, (np.log1p(x) - x + x * x / 2) / x**3)


def sine_tail(x):
    z = x * x
    return near(x, 0.02, -1 / 6 + z / 120 - z * z / 5040, (np.sin(x) - x) / x**3)


def cosine_tail(x):
    z = x * x
    return near(x, 0.05, 1 / 24 - z / 720 + z * z / 40320 - z**3 / 3628800, (np.cos(x) - 1 + z / 2) / z**2)


all_erf, all_erfc = np.vectorize(erf), np.vectorize(erfc)


def erf_near_0(x):
    z = x * x
    return near(x, 1e-3, 2 / np.sqrt(np.pi) * (1 - z / 3 + z * z / 10) - 1, all_erf(x) / x - 1)


def squared(x):
    return x * x


half_ln2 = 0.347
quarter_pi = np.pi / 4 + 1e-3
root_half, root_2 = np.sqrt(0.5) - 1, np.sqrt(2) - 1

show("expTail", fit(lambda x: (np.expm1(x) - x) / x**2, lambda x: x**2 / np.exp(x), 4, -half_ln2, half_ln2))
show(
    "logTail",
    fit(log_tail, lambda x: np.abs(x) ** 3 / np.maximum(np.abs(np.log1p(x)), 1e-9), 8, root_half, root_2),
)
show("sineTail", fit(sine_tail, squared, 2, 1e-6, quarter_pi, squared))
show("cosineTail", fit(cosine_tail, lambda x: x**4 / np.cos(x), 2, 1e-6, quarter_pi, squared))
show("erfNear0", fit(erf_near_0, lambda x: x / all_erf(x), 6, 1e-6, 1.0, squared))
show("erfTail", fit(lambda x: np.log(all_erfc(x)), lambda x: all_erfc(x) / all_erf(x), 6, 1.0, 4.0))
