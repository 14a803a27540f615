//! [`MutualInformationMatrix`]: the information of many pairs.

use ndarray::{Array2, ArrayView2};

use crate::units::Nats;

/// The mutual information of the pairs of columns of one array, or of a column of one with a
/// column of another.
#[derive(Debug, Clone, PartialEq)]
pub struct MutualInformationMatrix {
    pub(super) values: Array2<Nats>,
    pub(super) symmetric: bool,
}

impl MutualInformationMatrix {
    /// The information of row i and column j.
    ///
    /// # Panics
    /// As indexing does, if there is no such row or column.
    pub fn get(&self, i: usize, j: usize) -> Nats {
        self.values[[i, j]]
    }

    /// All values, with their unit: `.values().mapv(Nats::to_bits)` are bits.
    pub fn values(&self) -> ArrayView2<'_, Nats> {
        self.values.view()
    }

    /// Whether the rows and the columns are the same variables.
    pub fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    /// Each pair of different variables once, as (row, column, information): the part above the
    /// diagonal where the matrix is symmetric, and all of it where it is not.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, Nats)> {
        let values = self.values.indexed_iter();
        values
            .filter(|&((i, j), _)| !self.symmetric || i < j)
            .map(|((i, j), &information)| (i, j, information))
    }

    /// The [pairs](Self::pairs), those that share most first.
    pub fn pairs_by_information(&self) -> Vec<(usize, usize, Nats)> {
        let mut pairs: Vec<_> = self.pairs().collect();
        pairs.sort_by(|a, b| b.2.0.total_cmp(&a.2.0));
        pairs
    }
}
