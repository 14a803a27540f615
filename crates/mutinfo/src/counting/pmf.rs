//! [`JointPmf`] and [`Pmf`]: probabilities estimated as proportions, and their entropies.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use crate::error::{Error, Result};
use crate::units::Nats;

/// The proportions of one variable's classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Pmf(Array1<f64>);

/// The proportions of the pairs of two variables' classes, x along the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct JointPmf(Array2<f64>);

impl Pmf {
    /// Probabilities of your own.
    ///
    /// # Errors
    /// [`Error::NotProbabilities`] where one is negative or not finite, or where they do not add
    /// up to 1 within 10⁻⁹.
    pub fn new(p: Array1<f64>) -> Result<Self> {
        check_probabilities(p.iter())?;
        Ok(Self(p))
    }

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
    /// Joint probabilities of your own, x along the rows.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo::ndarray::array;
    ///
    /// // A fair bit through a channel that flips one in ten.
    /// let channel = JointPmf::new(array![[0.45, 0.05], [0.05, 0.45]])?;
    /// println!("{:.3}", channel.mutual_information().to_bits()); // 0.531 bit
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotProbabilities`] where one is negative or not finite, or where they do not add
    /// up to 1 within 10⁻⁹.
    pub fn new(p: Array2<f64>) -> Result<Self> {
        check_probabilities(p.iter())?;
        Ok(Self(p))
    }

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

fn check_probabilities<'a>(p: impl Iterator<Item = &'a f64>) -> Result<()> {
    let problem = |problem| Error::NotProbabilities {
        argument: "p",
        problem,
    };
    let mut sum = 0.0;
    for &p in p {
        if !(0.0..=1.0).contains(&p) {
            return Err(problem(format!("one of them is {p}")));
        }
        sum += p;
    }
    if (sum - 1.0).abs() > 1e-9 {
        return Err(problem(format!("they add up to {sum}")));
    }
    Ok(())
}
