//! [`Binning`]: how to cut a variable into bins.

use std::fmt;

use ndarray::ArrayView1;

use super::bin_count::BinCount;
use super::edges::Edges;
use crate::error::Result;

/// How to cut a variable into bins.
#[derive(Debug, Clone, PartialEq)]
pub enum Binning {
    /// Bins of equal width, from the smallest value to the largest.
    EqualWidth(BinCount),
    /// Bins of about equally many values.
    EqualFrequency(BinCount),
    /// Bins between edges of your own.
    Edges(Edges),
}

impl Binning {
    /// Bins of equal width: [`Edges::equal_width`].
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let edges = Binning::equal_width(2)?.edges(&[1.0, 2.0, 3.0, 101.0])?;
    /// assert_eq!(edges.as_slice(), [1.0, 51.0, 101.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ZeroBins`](crate::Error::ZeroBins), [`Error::TooManyBins`](crate::Error::TooManyBins).
    pub fn equal_width(bins: impl Into<BinCount>) -> Result<Self> {
        let bins = bins.into();
        bins.check()?;
        Ok(Self::EqualWidth(bins))
    }

    /// Bins of about equally many values: [`Edges::equal_frequency`].
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let edges = Binning::equal_frequency(2)?.edges(&[1.0, 2.0, 3.0, 101.0])?;
    /// assert_eq!(edges.as_slice(), [1.0, 2.5, 101.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ZeroBins`](crate::Error::ZeroBins), [`Error::TooManyBins`](crate::Error::TooManyBins).
    pub fn equal_frequency(bins: impl Into<BinCount>) -> Result<Self> {
        let bins = bins.into();
        bins.check()?;
        Ok(Self::EqualFrequency(bins))
    }

    /// The edges for these values.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // One rule, and each variable's own edges.
    /// let halves = Binning::equal_width(2)?;
    /// assert_eq!(halves.edges(&[0.0, 4.0])?.as_slice(), [0.0, 2.0, 4.0]);
    /// assert_eq!(halves.edges(&[-1.0, 1.0])?.as_slice(), [-1.0, 0.0, 1.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Edges::equal_width`] and [`Edges::equal_frequency`].
    pub fn edges<'a>(&self, values: impl Into<ArrayView1<'a, f64>>) -> Result<Edges> {
        match self {
            Self::EqualWidth(bins) => Edges::equal_width(values, *bins),
            Self::EqualFrequency(bins) => Edges::equal_frequency(values, *bins),
            Self::Edges(edges) => Ok(edges.clone()),
        }
    }
}

impl fmt::Display for Binning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EqualWidth(bins) => write!(f, "equal width ({bins})"),
            Self::EqualFrequency(bins) => write!(f, "equal frequency ({bins})"),
            Self::Edges(edges) => write!(f, "edges ({})", BinCount::Fixed(edges.bins())),
        }
    }
}
