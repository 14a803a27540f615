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
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A coin, its copy, and another coin.
    /// let coins = [[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]].map(|coin| Labels::new(&coin));
    /// let matrix = Discrete::default().matrix(coins.as_slice())?;
    /// assert_eq!(format!("{:.3}", matrix.get(0, 1).to_bits()), "1.000 bit");
    /// assert!(matrix.get(0, 2).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Panics
    /// As indexing does, if there is no such row or column.
    pub fn get(&self, i: usize, j: usize) -> Nats {
        self.values[[i, j]]
    }

    /// All values, with their unit: `.values().mapv(Nats::to_bits)` are bits.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coins = [[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]].map(|coin| Labels::new(&coin));
    /// let matrix = Discrete::default().matrix(coins.as_slice())?;
    /// let bits = matrix.values().mapv(Nats::to_bits);
    /// assert_eq!(bits.dim(), (3, 3));
    /// assert!((bits.diag().iter().sum::<Bits>() - Bits(3.0)).abs() < Bits(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn values(&self) -> ArrayView2<'_, Nats> {
        self.values.view()
    }

    /// Whether the rows and the columns are the same variables.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coins = [[0, 0, 1, 1], [0, 1, 0, 1]].map(|coin| Labels::new(&coin));
    /// let [coin, another] = coins.each_ref().map(std::slice::from_ref);
    /// assert!(Discrete::default().matrix(coins.as_slice())?.is_symmetric());
    /// assert!(!Discrete::default().matrix_between(coin, another)?.is_symmetric());
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    /// Each pair of different variables once, as (row, column, information): the part above the
    /// diagonal where the matrix is symmetric, and all of it where it is not.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coins = [[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]].map(|coin| Labels::new(&coin));
    /// let matrix = Discrete::default().matrix(coins.as_slice())?;
    /// let places = matrix.pairs().map(|(i, j, _)| (i, j));
    /// assert!(places.eq([(0, 1), (0, 2), (1, 2)]));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, Nats)> {
        let values = self.values.indexed_iter();
        values
            .filter(|&((i, j), _)| !self.symmetric || i < j)
            .map(|((i, j), &information)| (i, j, information))
    }

    /// The [pairs](Self::pairs), those that share most first.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // The last coin is a copy of the first.
    /// let coins = [[0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 1]].map(|coin| Labels::new(&coin));
    /// let pairs = Discrete::default().matrix(coins.as_slice())?.pairs_by_information();
    /// assert_eq!((pairs.len(), pairs[0].0, pairs[0].1), (3, 0, 2));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn pairs_by_information(&self) -> Vec<(usize, usize, Nats)> {
        let mut pairs: Vec<_> = self.pairs().collect();
        pairs.sort_by(|a, b| b.2.0.total_cmp(&a.2.0));
        pairs
    }
}
