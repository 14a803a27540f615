//! [`Histogram2d`]: a sample of two variables, counted in a grid of bins.

use ndarray::{Array2, ArrayView1, ArrayView2};

use crate::bins::Edges;
use crate::contingency::ContingencyTable;
use crate::error::{Error, Result};
use crate::pmf::JointPmf;
use crate::variable::check_lengths;

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
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], and [`Error::OutsideBins`] where a value
    /// (NaN as well) is in no bin: nothing is dropped silently.
    pub fn new<'a>(
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
        x_edges: Edges,
        y_edges: Edges,
    ) -> Result<Self> {
        let (x, y) = (x.into(), y.into());
        check_lengths("x", x.len(), "y", y.len())?;
        if x.is_empty() {
            return Err(Error::Empty { argument: "x" });
        }
        let mut counts = Array2::zeros((x_edges.bins(), y_edges.bins()));
        for (row, (&x, &y)) in x.iter().zip(y).enumerate() {
            let cell = [bin("x", &x_edges, row, x)?, bin("y", &y_edges, row, y)?];
            counts[cell] += 1;
        }
        Ok(Self {
            table: ContingencyTable::new(counts)?,
            x_edges,
            y_edges,
        })
    }

    /// `bins` equal-width bins an axis, each from its variable's smallest value to its largest:
    /// `numpy.histogram2d(x, y, bins)`.
    ///
    /// # Errors
    /// As [`Edges::equal_width`] and [`Histogram2d::new`].
    pub fn equal_width<'a>(
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
        bins: usize,
    ) -> Result<Self> {
        let (x, y) = (x.into(), y.into());
        Self::new(
            x,
            y,
            Edges::equal_width(x, bins)?,
            Edges::equal_width(y, bins)?,
        )
    }

    /// The counts, x along the rows.
    pub fn counts(&self) -> ArrayView2<'_, u64> {
        self.table.counts()
    }

    /// The counts as a table without edges.
    pub fn table(&self) -> &ContingencyTable {
        &self.table
    }

    /// The bin edges of x.
    pub fn x_edges(&self) -> &Edges {
        &self.x_edges
    }

    /// The bin edges of y.
    pub fn y_edges(&self) -> &Edges {
        &self.y_edges
    }

    /// The proportions: counts / number of samples.
    pub fn proportions(&self) -> JointPmf {
        self.table.proportions()
    }
}

fn bin(argument: &'static str, edges: &Edges, row: usize, value: f64) -> Result<usize> {
    edges.bin_of(value).ok_or_else(|| Error::OutsideBins {
        argument,
        row,
        value,
        first_edge: edges.as_slice()[0],
        last_edge: edges.as_slice()[edges.bins()],
    })
}
