//! [`BinCount`]: how many bins, as a number or by a rule.

use std::fmt;

use ndarray::ArrayView1;

use super::order_statistics::{quantile, sorted};
use crate::compute::linear::largest_magnitude;
use crate::error::{Error, Result};

/// The most bins of one variable.
pub const MOST_BINS: usize = 1 << 20;

/// How many bins: a number, or a rule that finds one from the data as numpy's
/// `histogram_bin_edges` does for an array of floats. (For one of integers, numpy makes a rule's
/// bins at least 1 wide.) For N values of range r, a rule gives ⌈r / width⌉ bins.
///
/// The rules were made for the histogram of one variable, and suit the entropy of one; for a
/// mutual information they give more bins than the pairs can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BinCount {
    /// This many.
    Fixed(usize),
    /// width = r / (log₂ N + 1) (Sturges 1926, J. Am. Stat. Assoc. 21:65).
    Sturges,
    /// width = r / 2N^(1/3) (Terrell and Scott 1985, J. Am. Stat. Assoc. 80:209; a simplification
    /// taught at Rice University).
    Rice,
    /// width = r / √N.
    SquareRoot,
    /// width = (24 √π / N)^(1/3) · standard deviation (Scott 1979, Biometrika 66:605).
    Scott,
    /// width = 2 · interquartile range / N^(1/3); 1 bin where the range is 0 (Freedman and
    /// Diaconis 1981, Z. Wahrscheinlichkeitstheorie 57:453).
    FreedmanDiaconis,
    /// width = r / (1 + log₂ N + log₂(1 + |g| / s)), with the skewness g and
    /// s = √(6(N − 2) / ((N + 1)(N + 3))); 1 bin below three values (Doane 1976, Am. Stat. 30:181).
    Doane,
    /// The narrower of Sturges and Freedman-Diaconis, the latter at least half of the square
    /// root's: numpy's `"auto"`, since its version 2.
    Auto,
}

impl From<usize> for BinCount {
    fn from(bins: usize) -> Self {
        Self::Fixed(bins)
    }
}

/// A number as a notebook's variable has it. One below 0 is 0, which is refused.
impl From<i32> for BinCount {
    fn from(bins: i32) -> Self {
        Self::Fixed(usize::try_from(bins).unwrap_or(0))
    }
}

impl fmt::Display for BinCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(1) => write!(f, "1 bin"),
            Self::Fixed(bins) => write!(f, "{bins} bins"),
            Self::Sturges => write!(f, "Sturges"),
            Self::Rice => write!(f, "Rice"),
            Self::SquareRoot => write!(f, "square root"),
            Self::Scott => write!(f, "Scott"),
            Self::FreedmanDiaconis => write!(f, "Freedman-Diaconis"),
            Self::Doane => write!(f, "Doane"),
            Self::Auto => write!(f, "auto"),
        }
    }
}

impl BinCount {
    /// Checks what can be checked without data.
    pub(super) fn check(self) -> Result<()> {
        match self {
            Self::Fixed(bins) => check_bins("bins", bins),
            _ => Ok(()),
        }
    }

    /// The number of bins for values that vary and are finite.
    pub(super) fn of(self, values: ArrayView1<'_, f64>) -> Result<usize> {
        if let Self::Fixed(bins) = self {
            check_bins("bins", bins)?;
            return Ok(bins);
        }
        // A number of bins has no unit: near 1, squares neither overflow nor vanish.
        let largest = largest_magnitude(values.iter().copied());
        let scale = (-largest.log2().floor().clamp(-1000.0, 1000.0)).exp2();
        let sorted = sorted(values.mapv(|value| value * scale).view());
        let range = sorted[sorted.len() - 1] - sorted[0];
        let width = self.width(&sorted, range);
        if width == 0.0 {
            return Ok(1);
        }
        let bins = (range / width).ceil();
        if bins <= MOST_BINS as f64 {
            Ok(bins as usize)
        } else {
            Err(too_many("bins", bins))
        }
    }

    /// The width of a bin, where 0 stands for all of the range.
    fn width(self, sorted: &[f64], range: f64) -> f64 {
        let (n, third) = (sorted.len() as f64, 1.0 / 3.0);
        let mean = sorted.iter().sum::<f64>() / n;
        let moment = |power: i32| sorted.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / n;
        match self {
            Self::Fixed(bins) => range / bins as f64,
            Self::Sturges => range / (n.log2() + 1.0),
            Self::Rice => range / (2.0 * n.powf(third)),
            Self::SquareRoot => range / n.sqrt(),
            Self::Scott => (24.0 * std::f64::consts::PI.sqrt() / n).powf(third) * moment(2).sqrt(),
            Self::FreedmanDiaconis => {
                2.0 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) * n.powf(-third)
            }
            Self::Doane if sorted.len() < 3 => 0.0,
            Self::Doane => {
                let skewness = moment(3) / moment(2).powf(1.5);
                let spread = (6.0 * (n - 2.0) / ((n + 1.0) * (n + 3.0))).sqrt();
                range / (1.0 + n.log2() + (1.0 + skewness.abs() / spread).log2())
            }
            Self::Auto => {
                let width = |rule: Self| rule.width(sorted, range);
                width(Self::FreedmanDiaconis)
                    .max(width(Self::SquareRoot) / 2.0)
                    .min(width(Self::Sturges))
            }
        }
    }
}

pub(super) fn check_bins(argument: &'static str, bins: usize) -> Result<()> {
    match bins {
        0 => Err(Error::ZeroBins { argument }),
        1..=MOST_BINS => Ok(()),
        _ => Err(too_many(argument, bins as f64)),
    }
}

pub(super) fn too_many(argument: &'static str, bins: f64) -> Error {
    Error::TooManyBins {
        argument,
        bins,
        most: MOST_BINS,
    }
}
