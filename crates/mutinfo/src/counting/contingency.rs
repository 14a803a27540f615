//! [`ContingencyTable`]: how often each pair of classes occurs together.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::counting::counts::{Counts, JointCounts, check_total};
use crate::counting::pmf::JointPmf;
use crate::data::check::check_lengths;
use crate::data::variable::Variable;
use crate::error::{Error, Result};

/// The most cells of a table, 2²⁶ (8192 by 8192).
pub const MOST_CELLS: usize = 1 << 26;

/// Counts of the pairs of two discrete variables: `counts[[i, j]]` samples have x in class i and
/// y in class j.
///
/// The table to look at, empty cells and all. For its entropies and its mutual information see
/// [`ContingencyTable::joint_counts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContingencyTable {
    counts: Array2<u64>,
}

impl ContingencyTable {
    /// A table of counts.
    ///
    /// ```
    /// use ndarray::array;
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(ContingencyTable::new(array![[2, 0], [0, 2]])?.total(), 4);
    /// assert!(ContingencyTable::new(array![[0, 0], [0, 0]]).is_err(), "nothing was counted");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`] where nothing was counted, [`Error::TooManySamples`] above 2⁵³.
    pub fn new(counts: Array2<u64>) -> Result<Self> {
        check_total(&counts)?;
        Ok(Self { counts })
    }

    /// How often each pair of classes occurs in two variables of labels.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo::ndarray::array;
    ///
    /// let table = ContingencyTable::from_labels(&["a", "b", "a"], &[true, true, false])?;
    /// assert_eq!(table.counts(), array![[1, 1], [0, 1]]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::WrongKind`];
    /// [`Error::TooManyCells`] above [`MOST_CELLS`], where [`JointCounts::from_labels`] counts
    /// without a table.
    pub fn from_labels<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<Self> {
        let (x, y) = (x.into(), y.into());
        let (x, y) = (x.labels("x", "a table")?, y.labels("y", "a table")?);
        check_lengths("x", x.len(), "y", y.len())?;
        Self::of_codes((x.codes(), x.classes()), (y.codes(), y.classes()))
    }

    /// Counts codes, as many of x as of y and at least one, each below its number of classes.
    pub(crate) fn of_codes(x: (&[u32], usize), y: (&[u32], usize)) -> Result<Self> {
        let (rows, columns) = (x.1, y.1);
        if rows.saturating_mul(columns) > MOST_CELLS {
            return Err(Error::TooManyCells {
                rows,
                columns,
                most: MOST_CELLS,
            });
        }
        let mut counts = Array2::zeros((rows, columns));
        for (&i, &j) in x.0.iter().zip(y.0) {
            counts[[i as usize, j as usize]] += 1;
        }
        Ok(Self { counts })
    }

    /// The counts without their empty cells, which have the entropies and all measures of
    /// information.
    ///
    /// ```
    /// use ndarray::array;
    /// use mutinfo::prelude::*;
    ///
    /// // A coin and its copy.
    /// let counts = ContingencyTable::new(array![[2, 0], [0, 2]])?.joint_counts();
    /// let information = counts.mutual_information(EntropyEstimator::PlugIn);
    /// assert_eq!(format!("{:.3}", information.to_bits()), "1.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn joint_counts(&self) -> JointCounts {
        self.into()
    }

    /// The counts.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let table = ContingencyTable::from_labels(&["sun", "rain", "rain"], &[false, true, true])?;
    /// // Classes are in increasing order: rain before sun, false before true.
    /// assert_eq!(table.counts(), ndarray::array![[0, 2], [1, 0]]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn counts(&self) -> ArrayView2<'_, u64> {
        self.counts.view()
    }

    /// The number of samples counted.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let table = ContingencyTable::from_labels(&["sun", "rain", "rain"], &[false, true, true])?;
    /// assert_eq!(table.total(), 3);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn total(&self) -> u64 {
        self.counts.sum()
    }

    /// The number of cells that are not empty.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Of the four cells, (rain, false) and (sun, true) are empty.
    /// let table = ContingencyTable::from_labels(&["sun", "rain", "rain"], &[false, true, true])?;
    /// assert_eq!(table.occupied(), 2);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn occupied(&self) -> usize {
        self.counts.iter().filter(|&&count| count > 0).count()
    }

    /// How often each class of x occurs.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let table = ContingencyTable::new(ndarray::array![[1, 2], [0, 1]])?;
    /// assert_eq!(table.x_counts(), ndarray::array![3, 1]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn x_counts(&self) -> Array1<u64> {
        self.counts.sum_axis(Axis(1))
    }

    /// How often each class of y occurs.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let table = ContingencyTable::new(ndarray::array![[1, 2], [0, 1]])?;
    /// assert_eq!(table.y_counts(), ndarray::array![1, 3]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn y_counts(&self) -> Array1<u64> {
        self.counts.sum_axis(Axis(0))
    }

    /// The proportions: counts / total.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let table = ContingencyTable::new(ndarray::array![[1, 2], [0, 1]])?;
    /// assert_eq!(table.proportions().as_array(), ndarray::array![[0.25, 0.5], [0.0, 0.25]]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn proportions(&self) -> JointPmf {
        JointPmf::from_counts(self.counts.view())
    }
}

impl From<&ContingencyTable> for JointCounts {
    /// Rows and columns that are empty count as classes that could have occurred.
    fn from(table: &ContingencyTable) -> Self {
        let counts = table.counts();
        let margin =
            |counts: Array1<u64>| Counts::tallied(counts.iter().copied(), counts.len() as f64);
        let pairs = Counts::tallied(counts.iter().copied(), counts.len() as f64);
        Self::of_counts(margin(table.x_counts()), margin(table.y_counts()), pairs)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn occupied_cells_are_those_with_counts() {
        let table = ContingencyTable::new(array![[0, 1, 2], [3, 0, 0]]).unwrap();
        assert_eq!(table.occupied(), 3);
    }
}
