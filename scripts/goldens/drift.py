"""Writes specs/golden/drift.json: what drift detectors say of streams, by their papers' definitions.

Run with NumPy and SciPy:  python scripts/goldens/drift.py
Nothing here is incremental: each detector keeps all values since its last drift and works its statistic out anew from
them, value by value, so that it shares no recursion with the detectors it is compared to. Sources are named at each.
"""

import json
import math
import pathlib

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20061012)


# Streams, rounded so that they are short in the file.

def bits(*parts):
    return [int(v) for rate, count in parts for v in rng.random(count) < rate]


def fractions(*parts):
    return [float(v) for low, high, count in parts for v in rng.uniform(low, high, count).round(3)]


def normals(*parts):
    return [float(v) for mean, deviation, count in parts for v in rng.normal(mean, deviation, count).round(3)]


ramp = [float(v) for v in (rng.uniform(0, 0.4, 900) + np.clip((np.arange(900) - 300) / 600, 0, 1) * 0.6).round(3)]
streams = {
    "errors rise": bits((0.2, 700), (0.6, 500), (0.1, 500)),
    "errors fall, then rise slowly": bits((0.4, 400), *[(0.05 + i / 40, 50) for i in range(16)]),
    "few errors": bits((0.03, 1200), (0.15, 600)),
    "fractions jump": fractions((0.1, 0.6, 500), (0.5, 1.0, 300), (0.0, 0.5, 400)),
    "fractions creep": ramp,
    "numbers jump": normals((0, 1, 600), (2, 1, 300), (-1, 1, 400)),
    "numbers spread": normals((5, 0.5, 500), (5, 3, 500)),
}
errors = ["errors rise", "errors fall, then rise slowly", "few errors"]
shares = errors + ["fractions jump", "fractions creep"]
everything = list(streams)


# Detectors: each takes the values since its start and says what holds now.

class Adwin:
    """Bifet & Gavaldà 2007, sections 3 and 4: every cut between buckets, on the values themselves."""

    def __init__(self, delta=0.002, maxBuckets=5, clock=32, minWindow=5, gracePeriod=10, direction="both"):
        self.__dict__.update(delta=delta, most=maxBuckets, clock=clock, least=minWindow, grace=gracePeriod, direction=direction)
        self.buckets, self.seen = [], 0

    def compress(self):
        while True:
            sizes = [len(b) for b in self.buckets]
            full = [size for size in set(sizes) if sizes.count(size) > self.most]
            if not full:
                return
            first = sizes.index(min(full))
            self.buckets[first:first + 2] = [self.buckets[first] + self.buckets[first + 1]]

    def cut(self):
        window = np.concatenate(self.buckets)
        n = len(window)
        if n <= self.grace:
            return None
        log = math.log(2 / (self.delta / math.log(n)))
        for at in np.cumsum([len(b) for b in self.buckets])[:-1]:
            older, newer = window[:at], window[at:]
            if min(len(older), len(newer)) < self.least:
                continue
            m = 1 / (1 / len(older) + 1 / len(newer))
            bound = math.sqrt(2 / m * window.var() * log) + 2 / (3 * m) * log
            if abs(older.mean() - newer.mean()) >= bound:
                return "up" if newer.mean() > older.mean() else "down"
        return None

    def step(self, value):
        self.seen += 1
        self.buckets.append([value])
        self.compress()
        drift = False
        while self.seen % self.clock == 0 and (change := self.cut()):
            self.buckets.pop(0)
            drift = drift or self.direction in ("both", change)
        return "drift" if drift else "stable"


class SinceDrift:
    """A detector that starts anew after a drift."""

    def __init__(self, **options):
        self.options, self.values = options, []

    def step(self, value):
        self.values.append(value)
        verdict = self.verdict(np.array(self.values, dtype=float), **self.options)
        if verdict == "drift":
            self.values = []
        return verdict


class Ddm(SinceDrift):
    """Gama et al. 2004, section 3."""

    def verdict(self, x, minInstances=30, warningLevel=2, driftLevel=3):
        i = np.arange(1, len(x) + 1)
        p = np.cumsum(x) / i
        s = np.sqrt(p * (1 - p) / i)
        p, s = p[minInstances - 1:], s[minInstances - 1:]
        if len(p) == 0:
            return "stable"
        # The last of the least, as the pair is set again where it is met again.
        best = len(p) - 1 - int(np.argmin((p + s)[::-1]))
        level = p[-1] + s[-1]
        if level > p[best] + driftLevel * s[best]:
            return "drift"
        return "warning" if level > p[best] + warningLevel * s[best] else "stable"


class Eddm(SinceDrift):
    """Baena-García et al. 2006, section 3."""

    def verdict(self, x, alpha=0.95, beta=0.9, minErrors=30):
        at = np.flatnonzero(x == 1)
        if len(at) < minErrors:
            return "stable"
        reach = lambda distances: distances.mean() + 2 * distances.std()
        now = reach(np.diff(at))
        greatest = max(reach(np.diff(at[:count])) for count in range(minErrors, len(at) + 1))
        if now / greatest < beta:
            return "drift"
        return "warning" if now / greatest < alpha else "stable"


def both_ways(verdict):
    """A test for rises of values in [0, 1], on falls too: of 1 − x."""

    def sided(self, x, direction="up", **options):
        tries = [verdict(self, v, sides=2 if direction == "both" else 1, **options)
                 for way, v in (("up", x), ("down", 1 - x)) if direction in (way, "both")]
        return "drift" if "drift" in tries else "warning" if "warning" in tries else "stable"

    return sided


def hoeffding(n, chance):
    return math.sqrt(math.log(1 / chance) / (2 * n))


class HddmA(SinceDrift):
    """Frías-Blanco et al. 2015, section 3.2 and corollary 2, as a test of the two parts' means."""

    @both_ways
    def verdict(self, x, sides, driftConfidence=0.001, warningConfidence=0.005):
        n = np.arange(1, len(x) + 1)
        reach = np.cumsum(x) / n + np.sqrt(math.log(sides / driftConfidence) / (2 * n))
        cut = len(x) - int(np.argmin(reach[::-1]))
        older, newer = x[:cut], x[cut:]
        if len(newer) == 0:
            return "stable"
        for chance, verdict in ((driftConfidence, "drift"), (warningConfidence, "warning")):
            both = math.sqrt((1 / len(older) + 1 / len(newer)) / 2 * math.log(sides / chance))
            if newer.mean() - older.mean() >= both:
                return verdict
        return "stable"


class HddmW(SinceDrift):
    """Frías-Blanco et al. 2015, section 3.3: the weights of an average, written out."""

    @both_ways
    def verdict(self, x, sides, driftConfidence=0.001, warningConfidence=0.005, **options):
        rate = options.get("lambda", 0.05)

        def average(values):
            age = np.arange(len(values))[::-1]
            weights = np.where(age == len(values) - 1, 1.0, rate) * (1 - rate) ** age
            return weights @ values, weights @ weights

        mcdiarmid = lambda squares, chance: math.sqrt(squares * math.log(sides / chance) / 2)
        ends = []
        for end in range(1, len(x) + 1):
            mean, squares = average(x[:end])
            ends.append((mean + mcdiarmid(squares, driftConfidence), mean, squares))
        cut = min(range(len(ends)), key=lambda k: ends[k][0])
        if cut == len(x) - 1:
            return "stable"
        _, before, v0 = ends[cut]
        since, v1 = average(x[cut + 1:])
        for chance, verdict in ((driftConfidence, "drift"), (warningConfidence, "warning")):
            if since - before > mcdiarmid(v0 + v1, chance):
                return verdict
        return "stable"


def mix(*numbers):
    """The counter-based words that samples are drawn by: MurmurHash3's finalizer in a chain."""
    mask = 0xFFFFFFFF

    def scramble(h):
        h = (h ^ h >> 16) * 0x85EBCA6B & mask
        h = (h ^ h >> 13) * 0xC2B2AE35 & mask
        return h ^ h >> 16

    h = 0x9E3779B9
    for number in numbers:
        h = (scramble(h ^ number & mask) + 0x6A09E667) & mask
        h = (scramble(h ^ number >> 32) + 0x3C6EF372) & mask
    return scramble(h)


class Kswin:
    """Raab et al. 2020, section 3.1; SciPy's statistic."""

    def __init__(self, alpha=0.005, windowSize=100, statSize=30, direction="both", seed=0):
        self.critical = math.sqrt(-math.log(alpha) / statSize)
        self.n, self.r, self.seed = windowSize, statSize, seed
        # SciPy's "greater" looks where the first one's distribution function is above the second one's.
        self.side = {"both": "two-sided", "up": "greater", "down": "less"}[direction]
        self.window, self.seen = [], 0

    def step(self, value):
        self.seen += 1
        self.window = (self.window + [value])[-self.n:]
        if len(self.window) < self.n:
            return "stable"
        older, newest = list(self.window[:-self.r]), self.window[-self.r:]
        sample = []
        for i in range(self.r):
            at = mix(self.seed, self.seen, i) * (self.n - self.r - i) >> 32
            # What a swap at the front would leave there.
            older[at], chosen = older[0], older[at]
            older = older[1:]
            sample.append(chosen)
        statistic = stats.ks_2samp(sample, newest, alternative=self.side, method="asymp").statistic
        if statistic <= self.critical:
            return "stable"
        self.window = newest
        return "drift"


def highest(sums, keep):
    """The greatest discounted sum of the last k, over all k, 0 included."""
    total, best = 0.0, 0.0
    for age, value in enumerate(sums[::-1]):
        total += keep ** age * value
        best = max(best, total)
    return best


def signed(direction):
    return [sign for sign, way in ((1, "up"), (-1, "down")) if direction in (way, "both")]


class PageHinkley(SinceDrift):
    """Page 1954; Gama et al. 2014, section 3.2.1."""

    def verdict(self, x, minInstances=30, delta=0.005, threshold=50, alpha=0.9999, direction="up"):
        if len(x) < minInstances:
            return "stable"
        means = np.cumsum(x) / np.arange(1, len(x) + 1)
        return "drift" if any(highest(s * (x - means) - delta, alpha) > threshold for s in signed(direction)) else "stable"


class Cusum(SinceDrift):
    """Page 1954; self-starting as in Hawkins 1987."""

    def verdict(self, x, target=None, deviation=None, slack=0.5, threshold=8, minInstances=30, direction="up"):
        first = 0 if target is not None and deviation is not None else minInstances
        if deviation is None:
            # Values that are all alike have no scale to measure the next one by.
            first = max(first, 1 + int(np.argmax(np.append(x != x[0], True))))
        above = [(x[i] - (x[:i].mean() if target is None else target)) / (x[:i].std(ddof=1) if deviation is None else deviation)
                 for i in range(first, len(x))]
        return "drift" if any(highest(s * np.array(above) - slack, 1.0) > threshold for s in signed(direction)) else "stable"


cases = []


def case(name, make, on, **options):
    for stream in on:
        detector = make(**options)
        verdicts = [detector.step(value) for value in streams[stream]]
        runs = []
        for verdict in verdicts:
            if runs and runs[-1][0] == verdict:
                runs[-1][1] += 1
            else:
                runs.append([verdict, 1])
        cases.append({"detector": name, "options": options, "stream": stream, "runs": runs})


case("adwin", Adwin, everything)
case("adwin", Adwin, everything, clock=1, delta=0.05, maxBuckets=2)
case("adwin", Adwin, shares, clock=8, minWindow=1, gracePeriod=0, direction="up", delta=0.3)
case("ddm", Ddm, errors)
case("ddm", Ddm, errors, minInstances=60, warningLevel=1.5, driftLevel=2.5)
case("eddm", Eddm, errors)
case("eddm", Eddm, errors, alpha=0.9, beta=0.8, minErrors=20)
case("hddmA", HddmA, shares)
case("hddmA", HddmA, shares, direction="both", driftConfidence=0.02, warningConfidence=0.1)
case("hddmA", HddmA, shares, direction="down")
case("hddmW", HddmW, shares)
case("hddmW", HddmW, shares, direction="both", **{"lambda": 0.02})
case("hddmW", HddmW, shares, direction="down", driftConfidence=0.01, warningConfidence=0.2, **{"lambda": 0.03})
case("kswin", Kswin, everything)
case("kswin", Kswin, everything, alpha=0.0001, seed=7, windowSize=120, statSize=40)
case("kswin", Kswin, everything, direction="up", windowSize=60, statSize=20, seed=2**40 + 5)
case("pageHinkley", PageHinkley, everything)
case("pageHinkley", PageHinkley, everything, threshold=8, delta=0.1, direction="both", minInstances=50)
case("pageHinkley", PageHinkley, everything, threshold=15, alpha=0.95, direction="down")
case("cusum", Cusum, everything)
case("cusum", Cusum, everything, direction="both", threshold=5, slack=0.25, minInstances=80)
case("cusum", Cusum, ["numbers jump"], direction="down", target=0.0, deviation=1.0)
case("cusum", Cusum, shares, target=0.2, threshold=6)

golden = {"made": f"numpy {np.__version__}, scipy {scipy.__version__}, by scripts/goldens/drift.py", "streams": streams, "cases": cases}
target = pathlib.Path(__file__).parents[2] / "specs/golden/drift.json"
target.write_text(json.dumps(golden, separators=(",", ":")).replace('{"detector"', '\n{"detector"') + "\n")
told = sum(verdict != "stable" for c in cases for verdict, _ in c["runs"])
print(target, target.stat().st_size, "bytes,", len(cases), "cases,", told, "warnings and drifts")
