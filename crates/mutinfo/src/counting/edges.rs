//! [`Edges`]: where one bin ends and the next begins.
//!
//! Bins are half-open, `[a, b)`, except the last, which is closed, `[a, b]`: numpy's rule.

use ndarray::ArrayView1;

use super::bin_count::{BinCount, check_bins};
use super::order_statistics::{neighbouring_ranks, quantile, range, select, sorted};
use super::repeated_values::around_repeated_values;
use crate::data::labels::Labels;
use crate::error::{Error, Result};

/// Up to so many, values are compared with all edges, which the processor does for several values
/// at once; a search by halves is faster from there on.
const FEW_EDGES: usize = 24;
/// How many values are compared at a time: their bins stay in the fastest memory.
const AT_ONCE: usize = 256;

/// The edges of the bins of one variable: one more than there are bins.
#[derive(Debug, Clone, PartialEq)]
pub struct Edges(Vec<f64>);

// Functions that take `impl Into` hand on to inner ones that are compiled here once; otherwise
// every notebook cell that calls them would compile them anew, and take twice as long.
impl Edges {
    /// Edges of your own, strictly increasing. (numpy accepts repeated ones, which make empty bins.)
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Edges::new(vec![0.0, 1.0, 10.0])?.bins(), 2);
    /// assert!(Edges::new(vec![0.0, 1.0, 1.0]).is_err(), "the last bin would be empty");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ZeroBins`] for fewer than two edges, [`Error::NotFinite`],
    /// [`Error::EdgesNotIncreasing`], [`Error::TooManyBins`] above [`MOST_BINS`](super::bin_count::MOST_BINS).
    pub fn new(edges: Vec<f64>) -> Result<Self> {
        let argument = "edges";
        if edges.len() < 2 {
            return Err(Error::ZeroBins { argument });
        }
        check_bins(argument, edges.len() - 1)?;
        for (index, &value) in edges.iter().enumerate() {
            if !value.is_finite() {
                return Err(Error::NotFinite {
                    argument,
                    row: index,
                    column: 0,
                    value,
                });
            }
            if index > 0 && value <= edges[index - 1] {
                return Err(Error::EdgesNotIncreasing {
                    argument,
                    index,
                    value,
                    previous: edges[index - 1],
                });
            }
        }
        Ok(Self(edges))
    }

    /// `bins` bins of equal width from the smallest value to the largest, as
    /// `numpy.histogram_bin_edges(values, bins)`. The number is a count or a rule for one:
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let values = [0.1, 0.7, 0.4, 0.9, 0.2];
    /// assert_eq!(Edges::equal_width(&values, 15)?.bins(), 15);
    /// assert_eq!(Edges::equal_width(&values, BinCount::Sturges)?.bins(), 4);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::ZeroBins`], [`Error::Constant`],
    /// [`Error::TooManyBins`] above [`MOST_BINS`](super::bin_count::MOST_BINS), [`Error::BinsTooNarrow`] where neighbouring
    /// edges would be the same number.
    pub fn equal_width<'a>(
        values: impl Into<ArrayView1<'a, f64>>,
        bins: impl Into<BinCount>,
    ) -> Result<Self> {
        fn edges(values: ArrayView1<'_, f64>, bins: BinCount) -> Result<Edges> {
            let (min, max) = range(values)?;
            let bins = bins.of(values)?;
            let step = (max - min) / bins as f64;
            let edge = |i: usize| {
                if step.is_finite() {
                    i as f64 * step + min
                } else {
                    let t = i as f64 / bins as f64;
                    min * (1.0 - t) + max * t
                }
            };
            let mut edges: Vec<f64> = (0..bins).map(edge).collect();
            edges.push(max);
            if edges.windows(2).any(|edge| edge[0] >= edge[1]) {
                return Err(Error::BinsTooNarrow { bins, min, max });
            }
            Ok(Edges(edges))
        }
        edges(values.into(), bins.into())
    }

    /// So many bins (not edges) of about equally many values each: where no value fills a bin alone,
    /// their edges are `bins + 1` [percentiles](Edges::percentiles).
    ///
    /// A value that makes up much of the data (the zeros of a sparse unit) is several percentiles at
    /// once. Here it gets a bin of its own, and the bins that this leaves over cut up the rest: so
    /// there are `bins` of them, or as many as there are different values.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let zeros_one_two = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0];
    /// let edges = Edges::equal_frequency(&zeros_one_two, 3)?;
    /// assert_eq!(edges.as_slice(), [0.0, 0.5, 1.5, 2.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Edges::equal_width`].
    pub fn equal_frequency<'a>(
        values: impl Into<ArrayView1<'a, f64>>,
        bins: impl Into<BinCount>,
    ) -> Result<Self> {
        fn edges(values: ArrayView1<'_, f64>, bins: BinCount) -> Result<Edges> {
            range(values)?;
            let bins = bins.of(values)?;
            let percentiles = Edges::at_percentiles(values, bins + 1)?;
            if percentiles.0.is_sorted_by(|a, b| a < b) {
                return Ok(percentiles);
            }
            Ok(Edges(around_repeated_values(&sorted(values), bins)))
        }
        edges(values.into(), bins.into())
    }

    /// So many edges (not bins), at percentiles evenly spaced from 0 to 100: `edges - 1` bins of
    /// about equally many values each. `numpy.percentile(values, numpy.linspace(0, 100, edges))`,
    /// which interpolates linearly between the sorted values.
    ///
    /// [`Edges::equal_frequency`] counts bins: 15 percentiles are the edges of 14 bins.
    ///
    /// A value that makes up much of the data is several percentiles at once. Its edge is then
    /// repeated, and the bins between are empty: a repeated value falls into the last of its bins,
    /// as in numpy.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // The smallest value, the median and the largest.
    /// let edges = Edges::percentiles(&[1.0, 2.0, 3.0, 100.0], 3)?;
    /// assert_eq!(edges.as_slice(), [1.0, 2.5, 100.0]);
    /// assert_eq!(edges.bins(), 2);
    /// assert_eq!(edges, Edges::equal_frequency(&[1.0, 2.0, 3.0, 100.0], 2)?);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::Constant`], [`Error::ZeroBins`] for fewer than
    /// two edges, [`Error::TooManyBins`] above [`MOST_BINS`](super::bin_count::MOST_BINS).
    pub fn percentiles<'a>(
        values: impl Into<ArrayView1<'a, f64>>,
        edges: impl TryInto<usize>,
    ) -> Result<Self> {
        fn at(values: ArrayView1<'_, f64>, edges: usize) -> Result<Edges> {
            range(values)?;
            if edges < 2 {
                return Err(Error::ZeroBins { argument: "edges" });
            }
            Edges::at_percentiles(values, edges)
        }
        at(values.into(), edges.try_into().unwrap_or(0))
    }

    /// Of values that vary and are finite; at least two edges.
    fn at_percentiles(values: ArrayView1<'_, f64>, edges: usize) -> Result<Self> {
        check_bins("edges", edges - 1)?;
        let step = 100.0 / (edges - 1) as f64;
        let percents = (0..edges - 1).map(|i| i as f64 * step).chain([100.0]);
        let shares: Vec<f64> = percents.map(|percent| percent / 100.0).collect();
        let mut ranks: Vec<usize> = shares
            .iter()
            .flat_map(|&q| neighbouring_ranks(values.len(), q))
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut values = values.to_vec();
        select(&mut values, 0, &ranks);
        let percentiles = shares.iter().map(|&q| quantile(&values, q));
        Ok(Self(percentiles.collect()))
    }

    /// The number of bins.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let edges = Edges::new(vec![0.0, 0.5, 1.0])?;
    /// assert_eq!(edges.bins(), 2);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn bins(&self) -> usize {
        self.0.len() - 1
    }

    /// The edges, from the lowest to the highest.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let edges = Edges::equal_width(&[0.0, 0.3, 1.0], 2)?;
    /// assert_eq!(edges.as_slice(), [0.0, 0.5, 1.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }

    /// The middle of each bin.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let edges = Edges::new(vec![0.0, 1.0, 3.0])?;
    /// assert_eq!(edges.centres(), [0.5, 2.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn centres(&self) -> Vec<f64> {
        self.0
            .windows(2)
            .map(|edge| edge[0].midpoint(edge[1]))
            .collect()
    }

    /// The bin that a value falls into, or `None` outside the edges.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let edges = Edges::new(vec![0.0, 1.0, 2.0])?;
    /// assert_eq!(edges.bin_of(1.0), Some(1));
    /// assert_eq!(edges.bin_of(2.0), Some(1), "the last bin is closed");
    /// assert_eq!(edges.bin_of(2.1), None);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn bin_of(&self, value: f64) -> Option<usize> {
        if value == self.0[self.bins()] {
            return Some(self.bins() - 1);
        }
        let at_or_below = self.0.partition_point(|&edge| edge <= value);
        (1..=self.bins())
            .contains(&at_or_below)
            .then(|| at_or_below - 1)
    }

    /// The bins of values as labels, for [`Discrete`](crate::Discrete) and all else that takes
    /// labels. Bins without a value are no class.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let edges = Edges::new(vec![0.0, 1.0, 2.0, 3.0])?;
    /// let labels = edges.labels(&[0.2, 2.5, 0.9])?;
    /// assert_eq!(labels.codes(), [0, 1, 0], "the middle bin is empty");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`]; [`Error::OutsideBins`] where a value (NaN as well) is in no bin.
    pub fn labels<'a>(&self, values: impl Into<ArrayView1<'a, f64>>) -> Result<Labels> {
        Ok(Labels::new(&self.codes("values", values.into())?))
    }

    /// The bin of each value.
    pub(crate) fn codes(
        &self,
        argument: &'static str,
        values: ArrayView1<'_, f64>,
    ) -> Result<Vec<u32>> {
        if values.is_empty() {
            return Err(Error::Empty { argument });
        }
        let [first_edge, last_edge] = [self.0[0], self.0[self.bins()]];
        if let Some((row, &value)) = values
            .iter()
            .enumerate()
            .find(|&(_, &value)| !(first_edge <= value && value <= last_edge))
        {
            return Err(Error::OutsideBins {
                argument,
                row,
                value,
                first_edge,
                last_edge,
            });
        }
        // The bin is the number of inner edges at or below a value.
        let inner = &self.0[1..self.bins()];
        if inner.len() > FEW_EDGES {
            let bin = |&value: &f64| inner.partition_point(|&edge| edge <= value) as u32;
            return Ok(values.iter().map(bin).collect());
        }
        let mut codes = vec![0; values.len()];
        let values = values.as_standard_layout();
        let values = values.as_slice().expect("standard layout");
        for (codes, values) in codes.chunks_mut(AT_ONCE).zip(values.chunks(AT_ONCE)) {
            for edge in inner {
                for (code, value) in codes.iter_mut().zip(values) {
                    *code += u32::from(edge <= value);
                }
            }
        }
        Ok(codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_bins_at_once_are_those_one_by_one(
            mut edges in prop::collection::vec((-20..20_i32).prop_map(f64::from), 2..2 * FEW_EDGES),
            values in prop::collection::vec((-25..50_i32).prop_map(|v| f64::from(v) / 2.0), 1..600),
        ) {
            edges.sort_unstable_by(f64::total_cmp);
            let edges = Edges(edges);
            let one_by_one: Option<Vec<u32>> = values
                .iter()
                .map(|&value| edges.bin_of(value).map(|bin| bin as u32))
                .collect();
            prop_assert_eq!(edges.codes("x", ArrayView1::from(&values)).ok(), one_by_one);
        }
    }
}
