//! [`Discrete`]: information between labels, from how often they occur.
//!
//! ```
//! use mutinfo::prelude::*;
//!
//! let x = [0, 1, 1, 0, 1, 0];
//! let y = [0, 1, 0, 0, 1, 1];
//! let z = ["a", "a", "a", "b", "b", "b"];
//! let plain = Discrete::default();
//! println!("{:.4}", plain.estimate(&x, &y)?); // 0.0566 nat
//! println!("{:.4}", plain.estimate_given(&x, &y, &z)?);
//!
//! let corrected = Discrete::new(EntropyEstimator::MillerMadow);
//! println!("{corrected}: {:.4}", corrected.estimate(&x, &y)?);
//! # Ok::<(), mutinfo::Error>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use crate::counting::counts::{Counts, JointCounts};
use crate::counting::entropy_estimator::EntropyEstimator;
use crate::counting::pair_tables::PairTables;
use crate::data::check::check_lengths;
use crate::data::labels::Labels;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::estimator::{
    ConditionalEstimator, Estimator, Prepared, PreparedSets, Sets, TotalCorrelation,
};
use crate::units::Nats;

/// Information between labels, each entropy with a [`EntropyEstimator`]:
///
/// - [`Estimator`]: I(X; Y) = H(X) + H(Y) − H(X, Y),
/// - [`ConditionalEstimator`]: I(X; Y | Z) = H(X, Z) + H(Y, Z) − H(X, Y, Z) − H(Z),
/// - [`TotalCorrelation`]: Σᵢ H(Xᵢ) − H(X₁, …, Xₘ)
///
/// (Cover and Thomas, Elements of Information Theory, 2006, secs. 2.4 and 2.5; Watanabe 1960).
/// The default is the plug-in, as scikit-learn's `mutual_info_score`. The time is of order
/// N log N, the memory of order N, for any number of classes. The order of the rows and the names
/// of the classes do not matter, to the last bit.
///
/// # Errors
/// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::WrongKind`] for variables of numbers,
/// [`Error::TooFewVariables`], and for I(X; Y) [`Error::LabelsHardlyRepeat`] where both variables have
/// different labels in more than nine of ten samples, from ten samples on; in a matrix, where two of
/// its columns do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Discrete {
    correction: EntropyEstimator,
}

impl Discrete {
    /// With a correction of the bias.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A coin and its copy: each entropy is taken to be (2 − 1) / (2 · 4) larger.
    /// let coin = ["heads", "heads", "tails", "tails"];
    /// let information = Discrete::new(EntropyEstimator::MillerMadow).estimate(&coin, &coin)?;
    /// assert!((information - Nats(2_f64.ln() + 0.125)).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn new(correction: EntropyEstimator) -> Self {
        Self { correction }
    }
}

impl fmt::Display for Discrete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("discrete, {}", self.correction))
    }
}

const METHOD: &str = "the discrete estimator";

impl Estimator for Discrete {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        let (x, y) = (x.labels("x", METHOD)?, y.labels("y", METHOD)?);
        check_lengths("x", x.len(), "y", y.len())?;
        if hardly_repeats(x) && hardly_repeats(y) {
            return Err(hardly_repeat(x, y, None));
        }
        Ok(JointCounts::of(x, y).mutual_information(self.correction))
    }

    fn prepare<'a>(&'a self, sets: Sets<'a, '_>) -> Result<Box<dyn Prepared + 'a>> {
        let labels =
            sets.prepare(|argument, variable| Ok(variable.labels(argument, METHOD)?.clone()))?;
        check_that_labels_repeat(sets, &labels)?;
        Ok(Box::new(PairTables::new(labels, self.correction)))
    }
}

impl ConditionalEstimator for Discrete {
    fn estimate_variables_given(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        z: &Variable<'_>,
    ) -> Result<Nats> {
        let (x, y) = (x.labels("x", METHOD)?, y.labels("y", METHOD)?);
        let z = z.labels("z", METHOD)?;
        check_lengths("x", x.len(), "y", y.len())?;
        check_lengths("x", x.len(), "z", z.len())?;
        if x.classes() == 1 || y.classes() == 1 {
            return Ok(Nats(0.0));
        }
        let xz = x.joint(z)?;
        let joint = Counts::of_pairs(&xz, y, alphabet([x, y, z]));
        let entropy = |counts: &Counts| self.correction.entropy_within(counts, &joint);
        // In this order the bits are those of (y, x), and 0 is exact where z tells x or y.
        let with_z = |other: &Labels| entropy(&Counts::of_pairs(other, z, alphabet([other, z])));
        Ok((with_z(x) + with_z(y)) - (entropy(&joint) + entropy(&Counts::of(z))))
    }
}

impl TotalCorrelation for Discrete {
    fn total_correlation(&self, variables: &[Variable<'_>]) -> Result<Nats> {
        if variables.len() < 2 {
            return Err(Error::TooFewVariables {
                got: variables.len(),
                needed: 2,
            });
        }
        let variables: Vec<&Labels> = variables
            .iter()
            .map(|variable| variable.labels("a variable", METHOD))
            .collect::<Result<_>>()?;
        for other in &variables[1..] {
            check_lengths(
                "the first variable",
                variables[0].len(),
                "another",
                other.len(),
            )?;
        }
        // One class shares exactly nothing.
        let varying = |labels: &&Labels| labels.classes() > 1;
        let variables: Vec<&Labels> = variables.into_iter().filter(varying).collect();
        if variables.len() < 2 {
            return Ok(Nats(0.0));
        }
        let (last, others) = variables.split_last().expect("two variables or more");
        let mut together = Cow::Borrowed(others[0]);
        for variable in &others[1..] {
            together = Cow::Owned(together.joint(variable)?);
        }
        let joint = Counts::of_pairs(&together, last, alphabet(variables.iter().copied()));
        let entropy = |counts: &Counts| self.correction.entropy_within(counts, &joint);
        let marginals: Nats = variables
            .iter()
            .map(|variable| entropy(&Counts::of(variable)))
            .sum();
        Ok(marginals - entropy(&joint))
    }
}

/// Checks that of no pair of variables both have labels that hardly repeat. A variable beside itself
/// is no such pair: what it shares is its entropy.
fn check_that_labels_repeat(sets: Sets<'_, '_>, labels: &PreparedSets<Labels>) -> Result<()> {
    let (x, y) = (labels.x(), labels.y());
    let Some(i) = x.iter().position(hardly_repeats) else {
        return Ok(());
    };
    let from = match sets {
        Sets::Within(_) => i + 1,
        Sets::Between(..) => 0,
    };
    let Some(j) = (from..y.len()).find(|&j| hardly_repeats(&y[j])) else {
        return Ok(());
    };
    let many = x.len() * y.len() > 1;
    Err(hardly_repeat(&x[i], &y[j], many.then_some([i, j])))
}

/// Whether more than nine of ten samples have a label of their own. Few samples may by chance.
fn hardly_repeats(labels: &Labels) -> bool {
    const FEW: usize = 10;
    const MOSTLY: f64 = 0.9;
    labels.len() >= FEW && labels.classes() as f64 > MOSTLY * labels.len() as f64
}

fn hardly_repeat(x: &Labels, y: &Labels, columns: Option<[usize; 2]>) -> Error {
    Error::LabelsHardlyRepeat {
        x_classes: x.classes(),
        y_classes: y.classes(),
        samples: x.len(),
        columns,
    }
}

/// How many combinations of classes are possible. Above 10¹⁰⁰ no correction can tell.
fn alphabet<'a>(variables: impl IntoIterator<Item = &'a Labels>) -> f64 {
    let classes = variables.into_iter().map(|labels| labels.classes() as f64);
    classes.fold(1.0, |product, classes| (product * classes).min(1e100))
}
