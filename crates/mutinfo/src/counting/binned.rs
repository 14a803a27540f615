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
//! let corrected = Binned::equal_width(10)?.corrected(Correction::MillerMadow);
//! for estimator in [plain, corrected] {
//!     println!("{estimator}: {:.3}", estimator.estimate(&data.x, &data.y)?);
//! }
//! println!("exact: {:.3}", data.exact);
//! # Ok::<(), mutinfo::Error>(())
//! ```

use std::fmt;

use ndarray::ArrayView1;

use crate::counting::bin_count::BinCount;
use crate::counting::bins::{Binning, Edges};
use crate::counting::counts::JointCounts;
use crate::counting::entropy_estimator::Correction;
use crate::data::check::check_lengths;
use crate::data::labels::Labels;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::estimator::Estimator;
use crate::units::Nats;

/// I(X; Y) of two variables of single numbers, by binning each and counting: the plug-in, or with
/// a [`Correction`].
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
    correction: Correction,
}

impl Binned {
    /// Bins for x and bins for y, not corrected.
    pub fn new(x: Binning, y: Binning) -> Self {
        Self {
            x,
            y,
            correction: Correction::PlugIn,
        }
    }

    /// Bins of equal width, by number or by rule, the same for both variables.
    ///
    /// # Errors
    /// [`Error::ZeroBins`], [`Error::TooManyBins`].
    pub fn equal_width(bins: impl Into<BinCount>) -> Result<Self> {
        let binning = Binning::equal_width(bins)?;
        Ok(Self::new(binning.clone(), binning))
    }

    /// Bins of about equally many values, by number or by rule, the same for both variables.
    ///
    /// # Errors
    /// [`Error::ZeroBins`], [`Error::TooManyBins`].
    pub fn equal_frequency(bins: impl Into<BinCount>) -> Result<Self> {
        let binning = Binning::equal_frequency(bins)?;
        Ok(Self::new(binning.clone(), binning))
    }

    /// Bins between edges of your own.
    pub fn edges(x: Edges, y: Edges) -> Self {
        Self::new(Binning::Edges(x), Binning::Edges(y))
    }

    /// The bins of a column, by the bins for x.
    pub(crate) fn x_labels(&self, column: ArrayView1<'_, f64>) -> Result<Labels> {
        cut("x", &self.x, column)
    }

    /// The bins of a column, by the bins for y.
    pub(crate) fn y_labels(&self, column: ArrayView1<'_, f64>) -> Result<Labels> {
        cut("y", &self.y, column)
    }

    pub(crate) fn correction(&self) -> Correction {
        self.correction
    }

    /// The same with a correction of the bias.
    pub fn corrected(self, correction: Correction) -> Self {
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
}

fn labels(argument: &'static str, binning: &Binning, variable: &Variable<'_>) -> Result<Labels> {
    const METHOD: &str = "binning";
    let Variable::Continuous(_) = variable else {
        return variable.labels(argument, METHOD).cloned();
    };
    let values = variable.continuous(argument, METHOD)?;
    if values.ncols() != 1 {
        return Err(Error::NotScalar {
            argument,
            dimensions: values.ncols(),
            method: METHOD,
        });
    }
    cut(argument, binning, values.column(0))
}

fn cut(argument: &'static str, binning: &Binning, values: ArrayView1<'_, f64>) -> Result<Labels> {
    let edges = binning.edges(values)?;
    let codes = edges.codes(argument, values)?;
    Ok(Labels::from_codes(codes, edges.bins()))
}
