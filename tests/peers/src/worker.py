"""Does one job whenever it is told to, and says how long that took: what worker.rs does, in Python.

The arguments are a contender's name and the words of a job.
"""

import resource
import sys
import time

import numpy as np

# As in worker.rs.
LEAST = 0.2


def ksg1(x, y, k):
    """scikit-learn's own, without the noise that it adds to the data first."""
    from sklearn.feature_selection._mutual_info import _compute_mi_cc

    return lambda: [_compute_mi_cc(x[:, 0], y[:, 0], k)]


def trees(x, y, k):
    """The same for vectors, by the trees that scikit-learn uses for scalars."""
    from scipy.special import digamma
    from sklearn.neighbors import KDTree, NearestNeighbors

    def run():
        nearest = NearestNeighbors(metric="chebyshev", n_neighbors=k).fit(np.hstack([x, y]))
        radius = np.nextafter(nearest.kneighbors()[0][:, -1], 0)
        near = [
            KDTree(space, metric="chebyshev").query_radius(space, radius, count_only=True)
            for space in (x, y)
        ]
        return [digamma(len(x)) + digamma(k) - np.mean(digamma(near[0]) + digamma(near[1]))]

    return run


def ksg1_pairs(x, k):
    """A column at a time against those after it, on all cores; of many columns, the first."""
    from sklearn.feature_selection import mutual_info_regression

    columns = x.shape[1]
    firsts = columns if columns <= 64 else 10

    def run():
        values = []
        for first in range(min(firsts, columns - 1)):
            others = x[:, first + 1 :]
            values.extend(
                mutual_info_regression(
                    others, x[:, first], n_neighbors=k, random_state=1, n_jobs=-1
                )
            )
        return values

    return run


def codes(x, bins):
    """Bins of equal frequency."""
    edges = np.percentile(x, np.linspace(0, 100, bins + 1), axis=0)
    bin_of = np.empty(x.shape, dtype=np.int64, order="F")
    for column in range(x.shape[1]):
        bin_of[:, column] = edges[1:-1, column].searchsorted(x[:, column], side="right")
    return bin_of


def one_hot(x, bins):
    """All tables as one product of matrices of zeros and ones, a strip of columns at a time."""
    n, columns = x.shape
    above, strip = np.triu_indices(columns, 1), 64

    def run():
        hot = (codes(x, bins)[:, :, None] == np.arange(bins)).astype(np.float32)
        hot = hot.reshape(n, columns * bins)
        entropies = np.zeros((columns, columns))
        for start in range(0, columns, strip):
            counts = hot[:, start * bins : (start + strip) * bins].T @ hot[:, start * bins :]
            terms = np.log(np.maximum(counts, 1))
            terms *= counts
            terms = terms.reshape(-1, bins, columns - start, bins).sum((1, 3), dtype=np.float64)
            entropies[start : start + strip, start:] = np.log(n) - terms / n
        # The entropy of a single column is what it shares with itself.
        single = entropies.diagonal()
        return (single[:, None] + single - entropies)[above]

    return run


def first_pairs(columns, count):
    """The first pairs of columns, in the order of the rows of a matrix."""
    pairs = [(i, j) for i in range(columns) for j in range(i + 1, columns)]
    return pairs[:count]


def bincount(x, bins):
    """Pair by pair, the first of them; the bins are given."""
    n, code = len(x), codes(x, bins)
    pairs = first_pairs(x.shape[1], 2000)

    def table(i, j):
        cells = np.bincount(code[:, i] * bins + code[:, j], minlength=bins * bins)
        return cells.reshape(bins, bins)

    def run():
        share = np.array([table(i, j) for i, j in pairs]) / n
        margins = share.sum(2, keepdims=True) * share.sum(1, keepdims=True)
        terms = share * np.log(np.where(share > 0, share / margins, 1))
        return terms.sum((1, 2))

    return run


def mutual_info_score(x, bins):
    """scikit-learn's, pair by pair, the first of them; the bins are given."""
    from sklearn.metrics import mutual_info_score as score

    code = codes(x, bins)
    pairs = first_pairs(x.shape[1], 200)
    return lambda: [score(code[:, i], code[:, j]) for i, j in pairs]


CONTENDERS = {
    ("scikit-learn", "ksg1"): ksg1,
    ("scikit-learn", "ksg1-pairs"): ksg1_pairs,
    ("scikit-learn", "binned-pairs"): mutual_info_score,
    ("scikit-learn's trees", "ksg1"): trees,
    ("numpy, one-hot product", "binned-pairs"): one_hot,
    ("numpy, bincount", "binned-pairs"): bincount,
}


def main(contender, task, number, data, dx, dy, answer):
    dx, dy = int(dx), int(dy)
    values = np.fromfile(data).reshape(-1, dx + dy)
    spaces = [np.ascontiguousarray(space) for space in (values[:, :dx], values[:, dx:])]
    del values
    run = CONTENDERS[contender, task](*spaces[: 2 if dy else 1], int(number))
    for line, _ in enumerate(sys.stdin):
        begin = time.perf_counter()
        result = run()
        seconds = time.perf_counter() - begin
        if seconds < LEAST:
            times, begin = 0, time.perf_counter()
            while time.perf_counter() - begin < LEAST:
                run()
                times += 1
            seconds = (time.perf_counter() - begin) / times
        # In KiB on Linux, in bytes on macOS.
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(seconds, memory >> 10 if sys.platform == "darwin" else memory, flush=True)
        if line == 0:
            np.asarray(result, dtype=np.float64).tofile(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
