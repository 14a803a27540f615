//! KSG's first algorithm as a student writes it, with the usual mistakes.

use mutinfo::Nats;
use ndarray::Array1;

/// How the points within the distance e to the k-th neighbour are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// |x_j − x_i| < e, as the paper says.
    Below,
    /// |x_j − x_i| ≤ e, a usual mistake.
    UpTo,
    /// As the paper, but ψ(n) for ψ(n + 1), another.
    WithoutOne,
}

/// KSG's first algorithm, slow and plain.
pub fn ksg(x: &[f64], y: &[f64], k: usize, counting: Counting) -> Nats {
    let n = x.len();
    let mut sum = 0.0;
    for i in 0..n {
        let mut distances: Vec<f64> = (0..n)
            .filter(|&j| j != i)
            .map(|j| (x[j] - x[i]).abs().max((y[j] - y[i]).abs()))
            .collect();
        distances.sort_by(f64::total_cmp);
        let e = distances[k - 1];
        let near = |values: &[f64]| {
            let counted = |j: usize| {
                let distance = (values[j] - values[i]).abs();
                distance < e || counting == Counting::UpTo && distance == e
            };
            let count = (0..n).filter(|&j| j != i && counted(j)).count();
            if counting == Counting::WithoutOne {
                count.max(1)
            } else {
                count + 1
            }
        };
        sum += digamma(near(x)) + digamma(near(y));
    }
    Nats(digamma(k) + digamma(n) - sum / n as f64)
}

/// ψ(n) = −γ + 1 + 1/2 + … + 1/(n − 1).
fn digamma(n: usize) -> f64 {
    const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;
    (1..n).map(|i| 1.0 / i as f64).sum::<f64>() - EULER_GAMMA
}

/// Values in units of their standard deviation.
pub fn deviations(values: &[f64]) -> Vec<f64> {
    let sd = Array1::from(values.to_vec()).std(0.0);
    values.iter().map(|value| value / sd).collect()
}
