//! [`ContingencyTable`]: how often each pair of classes occurs together.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::error::{Error, Result};
use crate::pmf::JointPmf;

/// Counts of the pairs of two discrete variables: `counts[[i, j]]` samples have x in class i and
/// y in class j.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContingencyTable {
    counts: Array2<u64>,
}

impl ContingencyTable {
    /// A table of counts.
    ///
    /// # Errors
    /// [`Error::Empty`] where nothing was counted.
    pub fn new(counts: Array2<u64>) -> Result<Self> {
        if counts.iter().all(|&count| count == 0) {
            return Err(Error::Empty { argument: "counts" });
        }
        Ok(Self { counts })
    }

    /// The counts.
    pub fn counts(&self) -> ArrayView2<'_, u64> {
        self.counts.view()
    }

    /// The number of samples counted.
    pub fn total(&self) -> u64 {
        self.counts.sum()
    }

    /// The number of cells that are not empty. A plug-in entropy is biased by about
    /// (occupied - 1) / 2N nats.
    pub fn occupied(&self) -> usize {
        self.counts.iter().filter(|&&count| count > 0).count()
    }

    /// How often each class of x occurs.
    pub fn x_counts(&self) -> Array1<u64> {
        self.counts.sum_axis(Axis(1))
    }

    /// How often each class of y occurs.
    pub fn y_counts(&self) -> Array1<u64> {
        self.counts.sum_axis(Axis(0))
    }

    /// The proportions: counts / total.
    pub fn proportions(&self) -> JointPmf {
        JointPmf::from_counts(self.counts.view())
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
