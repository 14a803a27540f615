//! [`Histogram2d`]: a sample of two variables, counted in a grid of bins.

use ndarray::{ArrayView1, ArrayView2};

use crate::counting::bin_count::BinCount;
use crate::counting::contingency::ContingencyTable;
use crate::counting::edges::Edges;
use crate::counting::pmf::JointPmf;
use crate::data::check::check_lengths;
use crate::error::Result;

/// The counts of (x, y) in a grid of bins, `counts[[i, j]]` with x in bin i and y in bin j, as
/// `numpy.histogram2d` counts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram2d {
    table: ContingencyTable,
    x_edges: Edges,
    y_edges: Edges,
}

impl Histogram2d {
    /// Counts each sample in its cell.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let halves = Edges::new(vec![0.0, 1.0, 2.0])?;
    /// let histogram = Histogram2d::new(&[0.2, 0.4, 1.5], &[0.1, 1.9, 1.8], halves.clone(), halves)?;
    /// assert_eq!(histogram.counts(), ndarray::array![[1, 1], [0, 1]]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], and [`Error::OutsideBins`] where a value (NaN
    /// as well) is in no bin: nothing is dropped silently. [`Error::TooManyCells`] above
    /// [`MOST_CELLS`](crate::counting::contingency::MOST_CELLS).
    ///
    /// [`Error::Empty`]: crate::Error::Empty
    /// [`Error::LengthMismatch`]: crate::Error::LengthMismatch
    /// [`Error::OutsideBins`]: crate::Error::OutsideBins
    /// [`Error::TooManyCells`]: crate::Error::TooManyCells
    pub fn new<'a>(
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
        x_edges: Edges,
        y_edges: Edges,
    ) -> Result<Self> {
        fn count(
            x: ArrayView1<'_, f64>,
            y: ArrayView1<'_, f64>,
            x_edges: Edges,
            y_edges: Edges,
        ) -> Result<Histogram2d> {
            check_lengths("x", x.len(), "y", y.len())?;
            let table = ContingencyTable::of_codes(
                (&x_edges.codes("x", x)?, x_edges.bins()),
                (&y_edges.codes("y", y)?, y_edges.bins()),
            )?;
            Ok(Histogram2d {
                table,
                x_edges,
                y_edges,
            })
        }
        count(x.into(), y.into(), x_edges, y_edges)
    }

    /// `bins` equal-width bins an axis, each from its variable's smallest value to its largest:
    /// `numpy.histogram2d(x, y, bins)`. The number is a count or a rule.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let x = [0.0, 1.0, 2.0, 3.0];
    /// let histogram = Histogram2d::equal_width(&x, &x, 2)?;
    /// assert_eq!(histogram.counts(), ndarray::array![[2, 0], [0, 2]]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Edges::equal_width`] and [`Histogram2d::new`].
    pub fn equal_width<'a>(
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
        bins: impl Into<BinCount>,
    ) -> Result<Self> {
        fn count(
            x: ArrayView1<'_, f64>,
            y: ArrayView1<'_, f64>,
            bins: BinCount,
        ) -> Result<Histogram2d> {
            Histogram2d::new(
                x,
                y,
                Edges::equal_width(x, bins)?,
                Edges::equal_width(y, bins)?,
            )
        }
        count(x.into(), y.into(), bins.into())
    }

    /// The counts, x along the rows.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let histogram = Histogram2d::equal_width(&[0.0, 1.0, 2.0], &[5.0, 6.0, 5.0], 2)?;
    /// assert_eq!(histogram.counts(), ndarray::array![[1, 0], [1, 1]]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn counts(&self) -> ArrayView2<'_, u64> {
        self.table.counts()
    }

    /// The counts as a table without edges.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let histogram = Histogram2d::equal_width(&[0.0, 1.0, 2.0], &[5.0, 6.0, 5.0], 2)?;
    /// assert_eq!((histogram.table().total(), histogram.table().occupied()), (3, 3));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn table(&self) -> &ContingencyTable {
        &self.table
    }

    /// The bin edges of x.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let histogram = Histogram2d::equal_width(&[0.0, 1.0, 2.0], &[5.0, 6.0, 5.0], 2)?;
    /// assert_eq!(histogram.x_edges().as_slice(), [0.0, 1.0, 2.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn x_edges(&self) -> &Edges {
        &self.x_edges
    }

    /// The bin edges of y.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let histogram = Histogram2d::equal_width(&[0.0, 1.0, 2.0], &[5.0, 6.0, 5.0], 2)?;
    /// assert_eq!(histogram.y_edges().as_slice(), [5.0, 5.5, 6.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn y_edges(&self) -> &Edges {
        &self.y_edges
    }

    /// The proportions: counts / number of samples.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let x = [0.0, 1.0, 2.0, 3.0];
    /// let proportions = Histogram2d::equal_width(&x, &x, 2)?.proportions();
    /// assert_eq!(proportions.as_array(), ndarray::array![[0.5, 0.0], [0.0, 0.5]]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn proportions(&self) -> JointPmf {
        self.table.proportions()
    }
}
