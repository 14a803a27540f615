//! [`Binned`]: numbers cut into bins, and the bins treated as labels.
//!
//! The most taught estimator of the mutual information of numbers, and the least accurate: what
//! comes out depends on the bins. Too few hide the dependence, too many invent one. See
//! [`crate::choosing`].
//!
//! ```
//! use mutinfo::prelude::*;
//!
//! let data = Sample::coupled_normals(200, 1.0, 42)?;
//! let plain = Binned::equal_width(10)?;
//! let corrected = Binned::equal_width(10)?.entropy_estimator(EntropyEstimator::MillerMadow);
//! for estimator in [plain, corrected] {
//!     println!("{estimator}: {:.3}", estimator.estimate(&data.x, &data.y)?);
//! }
//! println!("exact: {:.3}", data.exact);
//! # Ok::<(), mutinfo::Error>(())
//! ```

use std::fmt;

use crate::counting::bin_count::BinCount;
use crate::counting::binning::Binning;
use crate::counting::counts::JointCounts;
use crate::counting::edges::Edges;
use crate::counting::entropy_estimator::EntropyEstimator;
use crate::counting::pair_tables::PairTables;
use crate::data::check::check_lengths;
use crate::data::labels::Labels;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::estimator::{Estimator, Prepared, Sets};
use crate::units::Nats;

/// I(X; Y) of two variables of single numbers, by binning each and counting: the plug-in, or with
/// a [`EntropyEstimator`].
///
/// The same as [`JointCounts`] of the [`Histogram2d`](crate::Histogram2d) with the same bins, but
/// without a table, so that the memory is of order N + bins. A variable of labels is taken as it
/// is. Equal-frequency bins give the same for every increasing map of a variable, up to
/// rounding at the edges.
///
/// # Errors
/// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::NotFinite`], [`Error::Constant`],
/// [`Error::NotScalar`] for vectors, [`Error::OutsideBins`], [`Error::TooManyBins`],
/// [`Error::BinsTooNarrow`].
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    x: Binning,
    y: Binning,
    correction: EntropyEstimator,
}

impl Binned {
    /// Bins for x and bins for y, not corrected.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Two bins for x, four for y.
    /// let binned = Binned::new(Binning::equal_width(2)?, Binning::equal_width(4)?);
    /// let x = [0.0, 1.0, 2.0, 3.0];
    /// let information = binned.estimate(&x, &x)?;
    /// assert_eq!(format!("{:.3}", information.to_bits()), "1.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn new(x: Binning, y: Binning) -> Self {
        Self {
            x,
            y,
            correction: EntropyEstimator::PlugIn,
        }
    }

    /// Bins of equal width, by number or by rule, the same for both variables.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Two bins make a coin of four numbers, and a copy shares all of it.
    /// let x = [0.0, 1.0, 2.0, 3.0];
    /// let information = Binned::equal_width(2)?.estimate(&x, &x)?;
    /// assert_eq!(format!("{:.3}", information.to_bits()), "1.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ZeroBins`], [`Error::TooManyBins`].
    pub fn equal_width(bins: impl Into<BinCount>) -> Result<Self> {
        let binning = Binning::equal_width(bins)?;
        Ok(Self::new(binning.clone(), binning))
    }

    /// Bins of about equally many values, by number or by rule, the same for both variables.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Bins of equal width would put all but the outlier into one.
    /// let x = [0.0, 1.0, 2.0, 1000.0];
    /// let information = Binned::equal_frequency(2)?.estimate(&x, &x)?;
    /// assert_eq!(format!("{:.3}", information.to_bits()), "1.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ZeroBins`], [`Error::TooManyBins`].
    pub fn equal_frequency(bins: impl Into<BinCount>) -> Result<Self> {
        let binning = Binning::equal_frequency(bins)?;
        Ok(Self::new(binning.clone(), binning))
    }

    /// Bins between edges of your own.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let signs = Edges::new(vec![-1.0, 0.0, 1.0])?;
    /// let x = [-0.9, -0.2, 0.3, 0.8];
    /// let information = Binned::edges(signs.clone(), signs).estimate(&x, &x)?;
    /// assert_eq!(format!("{:.3}", information.to_bits()), "1.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn edges(x: Edges, y: Edges) -> Self {
        Self::new(Binning::Edges(x), Binning::Edges(y))
    }

    /// The same with a correction of the bias.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Each of three entropies is taken to be (2 − 1) / (2 · 4) larger, and one is subtracted.
    /// let corrected = Binned::equal_width(2)?.entropy_estimator(EntropyEstimator::MillerMadow);
    /// let x = [0.0, 1.0, 2.0, 3.0];
    /// let information = corrected.estimate(&x, &x)?;
    /// assert!((information - Nats(2_f64.ln() + 0.125)).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    #[must_use]
    pub fn entropy_estimator(self, correction: EntropyEstimator) -> Self {
        Self { correction, ..self }
    }
}

impl fmt::Display for Binned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_y = if self.y == self.x {
            String::new()
        } else {
            format!(" by {}", self.y)
        };
        f.pad(&format!("binned, {}{by_y}, {}", self.x, self.correction))
    }
}

impl Estimator for Binned {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        check_lengths("x", x.len(), "y", y.len())?;
        let (x, y) = (labels("x", &self.x, x)?, labels("y", &self.y, y)?);
        Ok(JointCounts::of(&x, &y).mutual_information(self.correction))
    }

    fn prepare<'a>(&'a self, sets: Sets<'a, '_>) -> Result<Box<dyn Prepared + 'a>> {
        let labels = match sets {
            // Variables of one list are cut once where x and y have the same bins.
            Sets::Within(columns) if self.x != self.y => {
                return self.prepare(Sets::Between(columns, columns));
            }
            _ => sets.prepare(|argument, variable| {
                let binning = if argument == "y" { &self.y } else { &self.x };
                labels(argument, binning, variable)
            })?,
        };
        Ok(Box::new(PairTables::new(labels, self.correction)))
    }
}

/// The bins of a variable of numbers, all in one where it is constant; labels as they are.
fn labels(argument: &'static str, binning: &Binning, variable: &Variable<'_>) -> Result<Labels> {
    const METHOD: &str = "binning";
    if let Variable::Discrete(_) = variable {
        return variable.labels(argument, METHOD).cloned();
    }
    let values = variable.numbers(argument, METHOD)?;
    if values.ncols() != 1 {
        return Err(Error::NotScalar {
            argument,
            dimensions: values.ncols(),
            method: METHOD,
        });
    }
    let edges = match binning.edges(values.column(0)) {
        Err(Error::Constant { .. }) => return Ok(Labels::from_codes(vec![0; values.nrows()], 1)),
        edges => edges?,
    };
    let codes = edges.codes(argument, values.column(0))?;
    Ok(Labels::from_codes(codes, edges.bins()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_fills_bins_has_one_of_its_own() {
        let entropy = |values: &[f64], bins| {
            let binned = Binned::equal_frequency(bins).unwrap();
            binned.estimate(values, values).unwrap().value()
        };
        let of = |counts: &[f64]| {
            let n: f64 = counts.iter().sum();
            counts.iter().map(|c| -c / n * (c / n).ln()).sum::<f64>()
        };
        let mut eight = vec![0.0; 8];
        eight.extend([1.0, 2.0]);
        assert!((entropy(&eight, 3) - of(&[8.0, 1.0, 1.0])).abs() < 1e-12);
        let mut bits = vec![0.0; 60];
        bits.extend([1.0; 40]);
        for bits in [bits.clone(), bits.iter().map(|v| -v).collect()] {
            assert!((entropy(&bits, 2) - of(&[60.0, 40.0])).abs() < 1e-12);
            // No more bins than values, whatever was asked for.
            assert!((entropy(&bits, 30) - of(&[60.0, 40.0])).abs() < 1e-12);
        }
        // A sparse unit: half zeros, and the rest in two bins of a quarter.
        let mut sparse = vec![0.0; 50];
        sparse.extend((1..=50).map(f64::from));
        assert!((entropy(&sparse, 3) - of(&[50.0, 25.0, 25.0])).abs() < 1e-12);
        // Zeros amid the others: too few bins to stand alone, then enough.
        let amid: Vec<f64> = (0..100)
            .map(|i| (i - 50) as f64 * f64::from((i - 50_i32).abs() > 30))
            .collect();
        assert!(entropy(&amid, 2) > 0.3);
        assert!((entropy(&amid, 3) - of(&[20.0, 61.0, 19.0])).abs() < 1e-12);
        // The largest value, and the one next to it among all numbers.
        let close = [1.0, 1.0, 1.0_f64.next_up(), 1.0_f64.next_up()];
        assert!(entropy(&close, 2) >= 0.0);
    }
}
