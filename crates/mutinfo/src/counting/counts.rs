//! [`Counts`] and [`JointCounts`]: how often classes and pairs of classes occur, which is all that
//! the entropy of labels depends on.
//!
//! Neither keeps a table of cells, so the memory for N samples is of order N even where every
//! sample is of a class of its own. [`JointCounts`] has the measures of two variables:
//!
//! ```
//! use mutinfo::prelude::*;
//!
//! let weather = ["sun", "sun", "rain", "rain", "rain", "sun"];
//! let umbrella = [false, false, true, true, false, false];
//! let counts = JointCounts::from_labels(&weather, &umbrella)?;
//! let plain = EntropyEstimator::PlugIn;
//! println!("H(weather) = {:.3}", counts.x().entropy(plain).to_bits());
//! println!("H(weather | umbrella) = {:.3}", counts.entropy_of_x_given_y(plain).to_bits());
//! println!("I(weather; umbrella) = {:.3}", counts.mutual_information(plain).to_bits());
//! # Ok::<(), mutinfo::Error>(())
//! ```

use crate::data::check::check_lengths;
use crate::data::labels::Labels;
use crate::data::variable::Variable;
use crate::error::{Error, Result};

/// The largest number of samples that is counted without rounding, 2⁵³.
const MOST_SAMPLES: u64 = 1 << 53;

/// How often the classes of one variable occur.
///
/// Kept as a tally, the number of classes that occur once, twice and so on: entropies do not
/// depend on more, and two variables that differ in their labels or their order are equal here.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// (n, how many classes occur n times), n increasing from 1.
    tally: Vec<(u64, u64)>,
    total: u64,
    alphabet: f64,
}

impl Counts {
    /// The number of samples of each class. A class that is listed with 0 samples could have
    /// occurred, which matters to the corrections that depend on [`Counts::alphabet`].
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let counts = Counts::new(&[3, 0, 1])?;
    /// assert_eq!((counts.total(), counts.classes(), counts.alphabet()), (4, 2, 3.0));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`] where nothing was counted, [`Error::TooManySamples`] above 2⁵³.
    pub fn new(counts: &[u64]) -> Result<Self> {
        check_total(counts)?;
        Ok(Self::tallied(counts.iter().copied(), counts.len() as f64))
    }

    /// The counts of the classes of labels.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // What the classes are called does not matter.
    /// let coin = Counts::from_labels(&["heads", "tails", "heads"])?;
    /// assert_eq!(coin, Counts::new(&[1, 2])?);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::WrongKind`].
    pub fn from_labels<'a>(labels: impl Into<Variable<'a>>) -> Result<Self> {
        Ok(Self::of(labels.into().labels("labels", "counting")?))
    }

    /// Counts from a sum that has been checked.
    pub(super) fn tallied(counts: impl Iterator<Item = u64>, alphabet: f64) -> Self {
        let mut counts: Vec<u64> = counts.filter(|&count| count > 0).collect();
        counts.sort_unstable();
        Self {
            total: counts.iter().sum(),
            tally: counts
                .chunk_by(|a, b| a == b)
                .map(|equal| (equal[0], equal.len() as u64))
                .collect(),
            alphabet,
        }
    }

    /// The counts of labels that are not empty.
    pub(crate) fn of(labels: &Labels) -> Self {
        let mut counts = vec![0; labels.classes()];
        for &code in labels.codes() {
            counts[code as usize] += 1;
        }
        Self::tallied(counts.into_iter(), labels.classes() as f64)
    }

    /// The counts of pairs of labels, as many of x as of y, where `alphabet` pairs are possible.
    pub(crate) fn of_pairs(x: &Labels, y: &Labels, alphabet: f64) -> Self {
        let cells = x.classes().saturating_mul(y.classes());
        if cells <= 4 * x.len() {
            let mut counts = vec![0; cells];
            for (&i, &j) in x.codes().iter().zip(y.codes()) {
                counts[i as usize * y.classes() + j as usize] += 1;
            }
            Self::tallied(counts.into_iter(), alphabet)
        } else {
            let mut pairs = x.pairs(y);
            pairs.sort_unstable();
            let runs = pairs.chunk_by(|a, b| a == b);
            Self::tallied(runs.map(|run| run.len() as u64), alphabet)
        }
    }

    /// The number of samples.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Counts::new(&[3, 0, 1])?.total(), 4);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The number of classes that occur.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Counts::new(&[3, 0, 1])?.classes(), 2);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn classes(&self) -> u64 {
        self.tally.iter().map(|&(_, classes)| classes).sum()
    }

    /// The number of classes that can occur, K: for labels those that do; for pairs the product
    /// of x's and y's; for bins all of them. Panzeri-Treves, James-Stein and NSB depend on it.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Counts::new(&[3, 0, 1])?.alphabet(), 3.0);
    /// let (x, y) = ([0, 0, 1, 1], ["a", "b", "c", "a"]);
    /// assert_eq!(JointCounts::from_labels(&x, &y)?.xy().alphabet(), 6.0);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn alphabet(&self) -> f64 {
        self.alphabet
    }

    /// (n, how many classes occur n times), for each n > 0 that there is, in increasing order.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Two classes occur once, and one occurs four times.
    /// assert_eq!(Counts::new(&[1, 4, 1])?.tally(), [(1, 2), (4, 1)]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn tally(&self) -> &[(u64, u64)] {
        &self.tally
    }
}

/// How often the classes of two variables occur, and their pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct JointCounts {
    x: Counts,
    y: Counts,
    xy: Counts,
}

impl JointCounts {
    /// The counts of two variables of labels that were observed together.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let counts = JointCounts::from_labels(&["a", "a", "b", "b"], &[true, true, true, false])?;
    /// assert_eq!(counts.xy().classes(), 3);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::WrongKind`].
    pub fn from_labels<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<Self> {
        let (x, y) = (x.into(), y.into());
        let (x, y) = (x.labels("x", "counting")?, y.labels("y", "counting")?);
        check_lengths("x", x.len(), "y", y.len())?;
        Ok(Self::of(x, y))
    }

    /// The counts of labels that are not empty, as many of x as of y.
    pub(crate) fn of(x: &Labels, y: &Labels) -> Self {
        let (x_counts, y_counts) = (Counts::of(x), Counts::of(y));
        let pairs = x_counts.alphabet * y_counts.alphabet;
        Self {
            x: x_counts,
            y: y_counts,
            xy: Counts::of_pairs(x, y, pairs),
        }
    }

    /// The counts of two variables that fall into the cells of their table this often.
    pub(crate) fn of_cells(x: Counts, y: Counts, cells: &[u32]) -> Self {
        let alphabet = x.alphabet * y.alphabet;
        let cells = cells.iter().map(|&count| u64::from(count));
        let xy = Counts::tallied(cells, alphabet);
        Self { x, y, xy }
    }

    /// The counts of two variables whose classes, and pairs of classes, have been counted.
    pub(super) fn of_counts(x: Counts, y: Counts, xy: Counts) -> Self {
        Self { x, y, xy }
    }

    /// The counts of x's classes.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let counts = JointCounts::from_labels(&["a", "a", "b", "b"], &[true, true, true, false])?;
    /// assert_eq!(counts.x(), &Counts::new(&[2, 2])?);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn x(&self) -> &Counts {
        &self.x
    }

    /// The counts of y's classes.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let counts = JointCounts::from_labels(&["a", "a", "b", "b"], &[true, true, true, false])?;
    /// assert_eq!(counts.y(), &Counts::new(&[1, 3])?);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn y(&self) -> &Counts {
        &self.y
    }

    /// The counts of the pairs.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // (a, true) twice, (b, true) and (b, false) once.
    /// let counts = JointCounts::from_labels(&["a", "a", "b", "b"], &[true, true, true, false])?;
    /// assert_eq!(counts.xy().tally(), [(1, 2), (2, 1)]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn xy(&self) -> &Counts {
        &self.xy
    }
}

/// Checks that something was counted, and not more than can be computed with.
pub(crate) fn check_total<'a>(counts: impl IntoIterator<Item = &'a u64>) -> Result<()> {
    let total = counts
        .into_iter()
        .fold(0u64, |total, &count| total.saturating_add(count));
    match total {
        0 => Err(Error::Empty { argument: "counts" }),
        1..=MOST_SAMPLES => Ok(()),
        _ => Err(Error::TooManySamples { most: MOST_SAMPLES }),
    }
}
