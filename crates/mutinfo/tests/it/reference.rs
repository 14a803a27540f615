//! Slow and obvious nearest-neighbour estimators: every distance, no search, one formula each.

use ndarray::{Array2, Axis, concatenate};
use statrs::function::gamma::digamma;

/// The distance in the maximum norm between all pairs of rows.
pub struct Distances(Array2<f64>);

impl Distances {
    /// Over all columns of all variables.
    pub fn between(variables: &[&Array2<f64>]) -> Self {
        let views: Vec<_> = variables.iter().map(|variable| variable.view()).collect();
        let points = concatenate(Axis(1), &views).unwrap();
        let n = points.nrows();
        Self(Array2::from_shape_fn((n, n), |(i, j)| {
            let differences = points.row(i).to_owned() - points.row(j);
            differences.fold(0.0, |largest: f64, d| largest.max(d.abs()))
        }))
    }

    fn n(&self) -> usize {
        self.0.nrows()
    }

    /// The distance from point i to its k-th nearest neighbour.
    fn kth(&self, i: usize, k: usize) -> f64 {
        let mut others: Vec<f64> = (0..self.n())
            .filter(|&j| j != i)
            .map(|j| self.0[[i, j]])
            .collect();
        others.sort_by(f64::total_cmp);
        others[k - 1]
    }

    /// How many other points there are for which the condition on the distance holds.
    fn others(&self, i: usize, near: impl Fn(f64) -> bool) -> f64 {
        (0..self.n())
            .filter(|&j| j != i && near(self.0[[i, j]]))
            .count() as f64
    }
}

fn mean(n: usize, value: impl Fn(usize) -> f64) -> f64 {
    (0..n).map(value).sum::<f64>() / n as f64
}

/// Kraskov, Stögbauer and Grassberger (2004), eq. 8.
pub fn ksg1(x: &Array2<f64>, y: &Array2<f64>, k: usize) -> f64 {
    total_correlation(&[x, y], k)
}

/// Kraskov, Stögbauer and Grassberger (2004), eq. 23.
pub fn total_correlation(variables: &[&Array2<f64>], k: usize) -> f64 {
    let joint = Distances::between(variables);
    let alone: Vec<_> = variables.iter().map(|v| Distances::between(&[v])).collect();
    let n = joint.n();
    let near = mean(n, |i| {
        let eps = joint.kth(i, k);
        let nearer = |space: &Distances| space.others(i, |d| d < eps);
        alone.iter().map(|space| digamma(nearer(space) + 1.0)).sum()
    });
    digamma(k as f64) + (variables.len() - 1) as f64 * digamma(n as f64) - near
}

/// As [`ksg1`], but where the k-th neighbour is at distance 0, those at distance 0 count.
pub fn ksg1_with_ties(x: &Array2<f64>, y: &Array2<f64>, k: usize) -> f64 {
    let joint = Distances::between(&[x, y]);
    let (x, y) = (Distances::between(&[x]), Distances::between(&[y]));
    let n = joint.n();
    let near = mean(n, |i| {
        let eps = joint.kth(i, k);
        let nearer = |space: &Distances| space.others(i, |d| d < eps || d == 0.0);
        digamma(nearer(&x) + 1.0) + digamma(nearer(&y) + 1.0)
    });
    digamma(k as f64) + digamma(n as f64) - near
}

/// Kraskov, Stögbauer and Grassberger (2004), eq. 9.
pub fn ksg2(x: &Array2<f64>, y: &Array2<f64>, k: usize) -> f64 {
    let joint = Distances::between(&[x, y]);
    let (x, y) = (Distances::between(&[x]), Distances::between(&[y]));
    let n = joint.n();
    let near = mean(n, |i| {
        let eps = joint.kth(i, k);
        let count = |space: &Distances| {
            let half = (0..n)
                .filter(|&j| j != i && joint.0[[i, j]] <= eps)
                .map(|j| space.0[[i, j]])
                .fold(0.0, f64::max);
            space.others(i, |d| d <= half)
        };
        digamma(count(&x)) + digamma(count(&y))
    });
    digamma(k as f64) - 1.0 / k as f64 + digamma(n as f64) - near
}

/// Frenzel and Pompe (2007), eq. 8.
pub fn conditional(x: &Array2<f64>, y: &Array2<f64>, z: &Array2<f64>, k: usize) -> f64 {
    let joint = Distances::between(&[x, y, z]);
    let (xz, yz) = (Distances::between(&[x, z]), Distances::between(&[y, z]));
    let z = Distances::between(&[z]);
    let near = mean(joint.n(), |i| {
        let eps = joint.kth(i, k);
        let nearer = |space: &Distances| digamma(space.others(i, |d| d < eps) + 1.0);
        nearer(&xz) + nearer(&yz) - nearer(&z)
    });
    digamma(k as f64) - near
}

/// Ross (2014), one term for each sample whose label occurs again.
pub fn ross(x: &Array2<f64>, labels: &[u32], k: usize) -> f64 {
    let count = |label| labels.iter().filter(|&&other| other == label).count();
    let kept: Vec<usize> = (0..labels.len())
        .filter(|&i| count(labels[i]) > 1)
        .collect();
    let space = Distances::between(&[&x.select(Axis(0), &kept)]);
    let n = kept.len();
    mean(n, |i| {
        let label = labels[kept[i]];
        let mut same: Vec<f64> = (0..n)
            .filter(|&j| j != i && labels[kept[j]] == label)
            .map(|j| space.0[[i, j]])
            .collect();
        same.sort_by(f64::total_cmp);
        let k = k.min(same.len());
        let eps = same[k - 1];
        let near = space.others(i, |d| d < eps || d == 0.0) + 1.0;
        digamma(n as f64) + digamma(k as f64) - digamma(same.len() as f64 + 1.0) - digamma(near)
    })
}

/// Gao, Kannan, Oh and Viswanath (2017), Algorithm 1, as in the authors' program.
pub fn mixed_ksg(x: &Array2<f64>, y: &Array2<f64>, k: usize) -> f64 {
    let joint = Distances::between(&[x, y]);
    let (x, y) = (Distances::between(&[x]), Distances::between(&[y]));
    let n = joint.n();
    mean(n, |i| {
        let eps = joint.kth(i, k);
        let (k, near): (f64, &dyn Fn(f64) -> bool) = if eps == 0.0 {
            (joint.others(i, |d| d == 0.0) + 1.0, &|d| d == 0.0)
        } else {
            (k as f64, &|d| d < eps)
        };
        let count = |space: &Distances| space.others(i, near) + 1.0;
        digamma(k) + (n as f64).ln() - digamma(count(&x)) - digamma(count(&y))
    })
}
