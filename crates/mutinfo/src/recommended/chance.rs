//! What a table of counts shows by chance: the mean and the variance of the information of all
//! tables with the same margins.
//!
//! Two classes of a and b among N samples have n in common. In all tables with these margins, n has
//! the hypergeometric probability P(n) = C(a, n) C(N − a, b − n) / C(N, b). The pair shows
//! n ℓ(n) / N, with the local information ℓ(n) = ln(N n / (a b)); the table shows the sum over
//! all pairs of classes. Its mean E is exact (Vinh, Epps and Bailey 2010, theorem 6). For its
//! variance, n ℓ(n) is split into a line in n and the rest. What the lines' slopes add to a part of x's
//! class and one of y's is left out, as the margins fix it. The rests are correlated, which is told by
//! (1 − a/N)(1 − b/N), whose sum over all pairs is the table's number of degrees of freedom: well filled
//! tables then have the variance of χ² / 2N.

/// Terms of the hypergeometric law below this fraction of the largest are left out.
const NEGLIGIBLE: f64 = 1e-16;

/// The number of classes of each size: (size, how many).
pub(super) type Sizes = Vec<(f64, f64)>;

/// The information that tables with some margins show by chance.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Chance {
    /// The mean E, in nats.
    pub(super) mean: f64,
    /// The variance.
    pub(super) variance: f64,
    /// The mean of ℓ², which locals scatter by chance.
    pub(super) square: f64,
}

impl Chance {
    /// Of the tables with these class sizes, which sum to `total` each.
    pub(super) fn of(x: &Sizes, y: &Sizes, total: f64) -> Self {
        let mut sum = Self::default();
        let mut lines = Vec::with_capacity(x.len() * y.len());
        for &(a, a_count) in x {
            for &(b, b_count) in y {
                let pair = Pair::of(a, b, total);
                let weight = a_count * b_count;
                sum.mean += weight * pair.mean;
                sum.square += weight * pair.square;
                sum.variance += weight * pair.variance;
                lines.push((pair.slope, weight * pair.variance_of_n));
            }
        }
        sum.variance += not_additive(&mut lines, y.len());
        sum.mean /= total;
        sum.square /= total;
        sum.variance /= total * total;
        sum
    }
}

/// What is left of a table of (value, weight) when a sum of a row's and a column's part is taken
/// from the values: Σ weight value². Margins fix the part that is such a sum.
fn not_additive(lines: &mut [(f64, f64)], columns: usize) -> f64 {
    const ROUNDS: usize = 5;
    let middle = |cells: &[&(f64, f64)]| {
        let weight: f64 = cells.iter().map(|cell| cell.1).sum();
        let sum: f64 = cells.iter().map(|cell| cell.0 * cell.1).sum();
        if weight > 0.0 { sum / weight } else { 0.0 }
    };
    for _ in 0..ROUNDS {
        for row in lines.chunks_mut(columns) {
            let mean = middle(&row.iter().collect::<Vec<_>>());
            row.iter_mut().for_each(|cell| cell.0 -= mean);
        }
        for column in 0..columns {
            let cells: Vec<_> = lines.iter().skip(column).step_by(columns).collect();
            let mean = middle(&cells);
            let cells = lines.iter_mut().skip(column).step_by(columns);
            cells.for_each(|cell| cell.0 -= mean);
        }
    }
    lines
        .iter()
        .map(|(value, weight)| weight * value * value)
        .sum()
}

/// What a pair of classes shows by chance, in counts.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    /// The mean of n ℓ(n).
    mean: f64,
    /// The mean of n ℓ(n)².
    square: f64,
    /// The slope of n ℓ(n) over n, by least squares, and the variance of what is off that line.
    slope: f64,
    variance: f64,
    variance_of_n: f64,
}

impl Pair {
    fn of(a: f64, b: f64, total: f64) -> Self {
        let (least, most) = ((a + b - total).max(0.0), a.min(b));
        let mode = ((a + 1.0) / (total + 2.0) * (b + 1.0))
            .floor()
            .clamp(least, most);
        let expected = a * b / total;
        let mut sums = Sums::default();
        sums.add(1.0, mode, expected);
        let (mut n, mut weight) = (mode, 1.0);
        while n < most && weight > NEGLIGIBLE {
            weight *= (a - n) / (n + 1.0) * ((b - n) / (total - a - b + n + 1.0));
            n += 1.0;
            sums.add(weight, n, expected);
        }
        (n, weight) = (mode, 1.0);
        while n > least && weight > NEGLIGIBLE {
            weight *= n / (a - n + 1.0) * ((total - a - b + n) / (b - n + 1.0));
            n -= 1.0;
            sums.add(weight, n, expected);
        }
        sums.pair((1.0 - a / total) * (1.0 - b / total))
    }
}

/// Weighted sums over n, of n − e and of n ℓ(n).
#[derive(Default)]
struct Sums {
    weight: f64,
    n: f64,
    shown: f64,
    n_n: f64,
    n_shown: f64,
    shown_shown: f64,
    square: f64,
}

impl Sums {
    fn add(&mut self, weight: f64, n: f64, expected: f64) {
        let local = if n > 0.0 { (n / expected).ln() } else { 0.0 };
        // Less n − e, which is nearly all of it where n is large: no digits are lost in squares.
        let (off, shown) = (n - expected, n * local - (n - expected));
        self.weight += weight;
        self.n += weight * off;
        self.shown += weight * shown;
        self.n_n += weight * off * off;
        self.n_shown += weight * off * shown;
        self.shown_shown += weight * shown * shown;
        self.square += weight * n * local * local;
    }

    /// `free` is (1 − a/N)(1 − b/N).
    fn pair(&self, free: f64) -> Pair {
        let mean = |sum: f64| sum / self.weight;
        let (n, shown) = (mean(self.n), mean(self.shown));
        let variance_of_n = mean(self.n_n) - n * n;
        let slope = if variance_of_n > 0.0 {
            (mean(self.n_shown) - n * shown) / variance_of_n
        } else {
            0.0
        };
        let off = mean(self.shown_shown) - shown * shown - slope * slope * variance_of_n;
        Pair {
            mean: shown + n,
            square: mean(self.square),
            slope: slope + 1.0,
            variance: if free > 0.0 { off.max(0.0) / free } else { 0.0 },
            variance_of_n: variance_of_n.max(0.0),
        }
    }
}

/// How many classes have each size.
pub(super) fn sizes(counts: &[u32]) -> Sizes {
    let mut counts: Vec<u32> = counts.iter().copied().filter(|&count| count > 0).collect();
    counts.sort_unstable();
    counts
        .chunk_by(|a, b| a == b)
        .map(|equal| (f64::from(equal[0]), equal.len() as f64))
        .collect()
}

/// How often each code occurs.
pub(super) fn counts(codes: &[u32]) -> Vec<u32> {
    let mut counts = vec![0; codes.iter().max().map_or(0, |&code| code as usize + 1)];
    for &code in codes {
        counts[code as usize] += 1;
    }
    counts
}

/// H = Σ n/N ln(N/n).
pub(super) fn entropy(sizes: &Sizes, total: f64) -> f64 {
    sizes
        .iter()
        .map(|&(size, count)| count * size / total * (total / size).ln())
        .sum()
}

/// Chao and Shen's entropy (2003), or Miller and Madow's where that is larger: classes that were not
/// seen have the share of the samples whose class was seen once, and each class's term is weighted by how
/// likely it was to be seen.
pub(super) fn entropy_with_unseen(sizes: &Sizes, total: f64) -> f64 {
    let once = match sizes.first() {
        Some(&(1.0, count)) if count == total => total - 1.0,
        Some(&(1.0, count)) => count,
        _ => 0.0,
    };
    let covered = 1.0 - once / total;
    let all: f64 = sizes
        .iter()
        .map(|&(size, count)| {
            let p = covered * size / total;
            let seen = -(total * (-p).ln_1p()).exp_m1();
            if p < 1.0 {
                count * p * -p.ln() / seen
            } else {
                0.0
            }
        })
        .sum();
    let classes: f64 = sizes.iter().map(|size| size.1).sum();
    all.max(entropy(sizes, total) + (classes - 1.0) / (2.0 * total))
}

#[cfg(test)]
mod tests {
    use ndarray_rand::rand::SeedableRng;
    use ndarray_rand::rand::seq::SliceRandom;
    use rand_chacha::ChaCha12Rng;

    use super::*;
    use crate::counting::counts::JointCounts;
    use crate::counting::entropy_estimator::EntropyEstimator;

    fn of(x: &[u32], y: &[u32]) -> Chance {
        Chance::of(&sizes(&counts(x)), &sizes(&counts(y)), x.len() as f64)
    }

    #[test]
    fn the_mean_is_that_of_the_adjusted_index() {
        let x: Vec<u32> = (0..17).map(|i| i / 6).collect();
        let y: Vec<u32> = (0..17).map(|i| i * 5 % 3).collect();
        let expected = JointCounts::from_labels(&x, &y).unwrap();
        let expected = expected.expected_mutual_information().value();
        assert!((of(&x, &y).mean - expected).abs() < 1e-13);
    }

    #[test]
    fn mean_and_variance_are_those_of_shuffled_labels() {
        let mut random = ChaCha12Rng::seed_from_u64(1);
        let uniform = |classes: u32| -> Vec<u32> { (0..200).map(|i| i % classes).collect() };
        // Weights 1/rank, of many classes that occur once.
        let zipf: Vec<u32> = (0..200_u32)
            .map(|i| (1.03_f64.powf(f64::from(i))) as u32)
            .collect();
        let zipf = super::super::codes::dense(zipf.into_iter());
        for (x, y) in [
            (uniform(2), uniform(3)),
            (uniform(20), uniform(20)),
            (zipf.clone(), uniform(10)),
            (zipf.clone(), zipf),
        ] {
            let mut shuffled = y.clone();
            let drawn: Vec<f64> = (0..600)
                .map(|_| {
                    shuffled.shuffle(&mut random);
                    let counts = JointCounts::from_labels(&x, &shuffled).unwrap();
                    counts.mutual_information(EntropyEstimator::PlugIn).value()
                })
                .collect();
            let mean = drawn.iter().sum::<f64>() / 600.0;
            let variance = drawn.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 599.0;
            let chance = of(&x, &y);
            assert!((chance.mean - mean).abs() < 4.0 * (variance / 600.0).sqrt());
            let ratio = chance.variance / variance;
            assert!((0.7..1.4).contains(&ratio), "{ratio}");
        }
    }

    #[test]
    fn unseen_classes_add_to_the_entropy() {
        // Chao and Shen's of counts 2 and 1: 1.53826957554 bit.
        let sizes = sizes(&[2, 1]);
        let bits = entropy_with_unseen(&sizes, 3.0) / 2f64.ln();
        assert!((bits - 1.538_269_575_54).abs() < 1e-9);
        assert_eq!(entropy(&vec![(5.0, 1.0)], 5.0), 0.0);
        assert_eq!(entropy_with_unseen(&vec![(5.0, 1.0)], 5.0), 0.0);
    }
}
