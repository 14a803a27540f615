//! [`JointPmf`] and [`Pmf`]: probabilities estimated as proportions, and their entropies.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use crate::units::Nats;

/// The proportions of one variable's classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Pmf(Array1<f64>);

/// The proportions of the pairs of two variables' classes, x along the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct JointPmf(Array2<f64>);

impl Pmf {
    /// The proportions, which add up to 1.
    pub fn as_array(&self) -> ArrayView1<'_, f64> {
        self.0.view()
    }

    /// H = −Σ p ln p over the classes that occur (0 ln 0 = 0).
    pub fn entropy(&self) -> Nats {
        entropy(self.0.iter())
    }

    /// H = −Σ p ln(p + ε) over every class: a common way round ln 0, off by about ε a class.
    pub fn entropy_with_eps(&self, eps: f64) -> Nats {
        entropy_with_eps(self.0.iter(), eps)
    }
}

impl JointPmf {
    pub(crate) fn from_counts(counts: ArrayView2<'_, u64>) -> Self {
        let total = counts.sum() as f64;
        Self(counts.mapv(|count| count as f64 / total))
    }

    /// The proportions, which add up to 1.
    pub fn as_array(&self) -> ArrayView2<'_, f64> {
        self.0.view()
    }

    /// p(x) = Σ over y of p(x, y).
    pub fn marginal_x(&self) -> Pmf {
        Pmf(self.0.sum_axis(Axis(1)))
    }

    /// p(y) = Σ over x of p(x, y).
    pub fn marginal_y(&self) -> Pmf {
        Pmf(self.0.sum_axis(Axis(0)))
    }

    /// H(X, Y) = −Σ p ln p over the cells that are not empty.
    pub fn entropy(&self) -> Nats {
        entropy(self.0.iter())
    }

    /// H(X, Y) = −Σ p ln(p + ε) over every cell.
    pub fn entropy_with_eps(&self, eps: f64) -> Nats {
        entropy_with_eps(self.0.iter(), eps)
    }

    /// I(X; Y) = H(X) + H(Y) − H(X, Y).
    pub fn mutual_information(&self) -> Nats {
        self.marginal_x().entropy() + self.marginal_y().entropy() - self.entropy()
    }
}

fn entropy<'a>(p: impl Iterator<Item = &'a f64>) -> Nats {
    Nats(-p.filter(|&&p| p > 0.0).map(|p| p * p.ln()).sum::<f64>())
}

fn entropy_with_eps<'a>(p: impl Iterator<Item = &'a f64>, eps: f64) -> Nats {
    Nats(-p.map(|p| p * (p + eps).ln()).sum::<f64>())
}
