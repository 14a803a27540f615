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
    /// ```
    /// use ndarray::array;
    /// use mutinfo::prelude::*;
    ///
    /// assert!(Pmf::new(array![0.5, 0.5]).is_ok());
    /// assert!(Pmf::new(array![0.5, 0.6]).is_err(), "they add up to 1.1");
    /// ```
    ///
    /// # Errors
    /// [`Error::NotProbabilities`] where one is negative or not finite, or where they do not add
    /// up to 1 within 10⁻⁹.
    pub fn new(p: Array1<f64>) -> Result<Self> {
        check_probabilities(p.iter())?;
        Ok(Self(p))
    }

    /// The proportions, which add up to 1.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = Pmf::new(ndarray::array![0.5, 0.5])?;
    /// assert_eq!(coin.as_array().sum(), 1.0);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn as_array(&self) -> ArrayView1<'_, f64> {
        self.0.view()
    }

    /// H = −Σ p ln p over the classes that occur (0 ln 0 = 0).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // One yes-or-no question half of the time, two otherwise.
    /// let p = Pmf::new(ndarray::array![0.5, 0.25, 0.25])?;
    /// assert_eq!(format!("{:.3}", p.entropy().to_bits()), "1.500 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn entropy(&self) -> Nats {
        entropy(self.0.iter())
    }

    /// H = −Σ p ln(p + ε) over every class: a common way round ln 0, off by about ε a class.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // What is certain has no entropy; ε takes it below 0.
    /// let certain = Pmf::new(ndarray::array![1.0, 0.0])?;
    /// assert_eq!(certain.entropy(), Nats(0.0));
    /// let off = certain.entropy_with_eps(1e-9);
    /// assert!(Nats(-2e-9) < off && off < Nats(0.0));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
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
    /// assert_eq!(format!("{:.3}", channel.mutual_information().to_bits()), "0.531 bit");
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
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let copied_coin = JointPmf::new(ndarray::array![[0.5, 0.0], [0.0, 0.5]])?;
    /// assert_eq!(copied_coin.as_array()[[0, 1]], 0.0);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn as_array(&self) -> ArrayView2<'_, f64> {
        self.0.view()
    }

    /// p(x) = Σ over y of p(x, y).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let p = JointPmf::new(ndarray::array![[0.5, 0.25], [0.0, 0.25]])?;
    /// assert_eq!(p.marginal_x().as_array(), ndarray::array![0.75, 0.25]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn marginal_x(&self) -> Pmf {
        Pmf(self.0.sum_axis(Axis(1)))
    }

    /// p(y) = Σ over x of p(x, y).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let p = JointPmf::new(ndarray::array![[0.5, 0.25], [0.0, 0.25]])?;
    /// assert_eq!(p.marginal_y().as_array(), ndarray::array![0.5, 0.5]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn marginal_y(&self) -> Pmf {
        Pmf(self.0.sum_axis(Axis(0)))
    }

    /// H(X, Y) = −Σ p ln p over the cells that are not empty.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Two coins.
    /// let coins = JointPmf::new(ndarray::array![[0.25, 0.25], [0.25, 0.25]])?;
    /// assert_eq!(format!("{:.3}", coins.entropy().to_bits()), "2.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn entropy(&self) -> Nats {
        entropy(self.0.iter())
    }

    /// H(X, Y) = −Σ p ln(p + ε) over every cell.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coins = JointPmf::new(ndarray::array![[0.25, 0.25], [0.25, 0.25]])?;
    /// let off = coins.entropy() - coins.entropy_with_eps(1e-9);
    /// assert!((off - Nats(4e-9)).abs() < Nats(1e-12), "ε in each of four cells");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn entropy_with_eps(&self, eps: f64) -> Nats {
        entropy_with_eps(self.0.iter(), eps)
    }

    /// I(X; Y) = H(X) + H(Y) − H(X, Y).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A coin and its copy.
    /// let copied_coin = JointPmf::new(ndarray::array![[0.5, 0.0], [0.0, 0.5]])?;
    /// assert_eq!(format!("{:.3}", copied_coin.mutual_information().to_bits()), "1.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
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
