//! [`Edges`]: where one bin ends and the next begins; [`Binning`]: how to find them.
//!
//! Bins are half-open, `[a, b)`, except the last, which is closed, `[a, b]`: numpy's rule.

use std::fmt;

use ndarray::{ArrayView1, Axis};

use crate::error::{Error, Result};
use crate::variable::{Labels, check_finite};

/// The most bins of one variable.
pub const MOST_BINS: usize = 1 << 20;

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
    /// # Errors
    /// [`Error::ZeroBins`] for fewer than two edges, [`Error::NotFinite`],
    /// [`Error::EdgesNotIncreasing`], [`Error::TooManyBins`] above [`MOST_BINS`].
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
    /// [`Error::TooManyBins`] above [`MOST_BINS`], [`Error::BinsTooNarrow`] where neighbouring
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

    /// `bins` bins of about equally many values each: [`Edges::percentiles`] with one edge more
    /// than bins.
    ///
    /// # Errors
    /// As [`Edges::equal_width`], without [`Error::BinsTooNarrow`].
    pub fn equal_frequency<'a>(
        values: impl Into<ArrayView1<'a, f64>>,
        bins: impl Into<BinCount>,
    ) -> Result<Self> {
        fn edges(values: ArrayView1<'_, f64>, bins: BinCount) -> Result<Edges> {
            range(values)?;
            Edges::at_percentiles(values, bins.of(values)? + 1)
        }
        edges(values.into(), bins.into())
    }

    /// `count` percentiles evenly spaced from 0 to 100 as edges, so `count - 1` bins of about
    /// equally many values each: `numpy.percentile(values, numpy.linspace(0, 100, count))`,
    /// which interpolates linearly between the sorted values.
    ///
    /// A value that makes up much of the data is several percentiles at once. Its edge is then
    /// repeated, and the bins between are empty: a repeated value falls into the last of its bins,
    /// as in numpy.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::ZeroBins`], [`Error::Constant`],
    /// [`Error::TooManyBins`] above [`MOST_BINS`].
    pub fn percentiles<'a>(values: impl Into<ArrayView1<'a, f64>>, count: usize) -> Result<Self> {
        fn edges(values: ArrayView1<'_, f64>, count: usize) -> Result<Edges> {
            range(values)?;
            if count < 2 {
                return Err(Error::ZeroBins { argument: "count" });
            }
            Edges::at_percentiles(values, count)
        }
        edges(values.into(), count)
    }

    /// Of values that vary and are finite; at least two edges.
    fn at_percentiles(values: ArrayView1<'_, f64>, count: usize) -> Result<Self> {
        check_bins("count", count - 1)?;
        let step = 100.0 / (count - 1) as f64;
        let percents = (0..count - 1).map(|i| i as f64 * step).chain([100.0]);
        let shares: Vec<f64> = percents.map(|percent| percent / 100.0).collect();
        let mut ranks: Vec<usize> = shares
            .iter()
            .flat_map(|&q| neighbouring_ranks(values.len(), q))
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut values = values.to_vec();
        select(&mut values, 0, &ranks);
        let edges = shares.iter().map(|&q| quantile(&values, q));
        Ok(Self(edges.collect()))
    }

    /// The number of bins.
    pub fn bins(&self) -> usize {
        self.0.len() - 1
    }

    /// The edges, from the lowest to the highest.
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }

    /// The middle of each bin.
    pub fn centres(&self) -> Vec<f64> {
        self.0
            .windows(2)
            .map(|edge| edge[0].midpoint(edge[1]))
            .collect()
    }

    /// The bin that a value falls into, or `None` outside the edges.
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

/// How many bins: a number, or a rule that finds one from the data as numpy's
/// `histogram_bin_edges` does for an array of floats. (For one of integers, numpy makes a rule's
/// bins at least 1 wide.) For N values of range r, a rule gives ⌈r / width⌉ bins.
///
/// The rules were made for the histogram of one variable, and suit the entropy of one; for a
/// mutual information they give more bins than the pairs can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BinCount {
    /// This many.
    Fixed(usize),
    /// width = r / (log₂ N + 1) (Sturges 1926, J. Am. Stat. Assoc. 21:65).
    Sturges,
    /// width = r / 2N^(1/3) (Terrell and Scott 1985, J. Am. Stat. Assoc. 80:209; a simplification
    /// taught at Rice University).
    Rice,
    /// width = r / √N.
    SquareRoot,
    /// width = (24 √π / N)^(1/3) · standard deviation (Scott 1979, Biometrika 66:605).
    Scott,
    /// width = 2 · interquartile range / N^(1/3); 1 bin where the range is 0 (Freedman and
    /// Diaconis 1981, Z. Wahrscheinlichkeitstheorie 57:453).
    FreedmanDiaconis,
    /// width = r / (1 + log₂ N + log₂(1 + |g| / s)), with the skewness g and
    /// s = √(6(N − 2) / ((N + 1)(N + 3))); 1 bin below three values (Doane 1976, Am. Stat. 30:181).
    Doane,
    /// The narrower of Sturges and Freedman-Diaconis, the latter at least half of the square
    /// root's: numpy's `"auto"`, since its version 2.
    Auto,
}

impl From<usize> for BinCount {
    fn from(bins: usize) -> Self {
        Self::Fixed(bins)
    }
}

impl fmt::Display for BinCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(bins) => write!(f, "{bins}"),
            Self::Sturges => write!(f, "Sturges"),
            Self::Rice => write!(f, "Rice"),
            Self::SquareRoot => write!(f, "square root"),
            Self::Scott => write!(f, "Scott"),
            Self::FreedmanDiaconis => write!(f, "Freedman-Diaconis"),
            Self::Doane => write!(f, "Doane"),
            Self::Auto => write!(f, "auto"),
        }
    }
}

impl BinCount {
    /// Checks what can be checked without data.
    fn check(self) -> Result<()> {
        match self {
            Self::Fixed(bins) => check_bins("bins", bins),
            _ => Ok(()),
        }
    }

    /// The number of bins for values that vary and are finite.
    fn of(self, values: ArrayView1<'_, f64>) -> Result<usize> {
        if let Self::Fixed(bins) = self {
            check_bins("bins", bins)?;
            return Ok(bins);
        }
        // A number of bins has no unit: near 1, squares neither overflow nor vanish.
        let largest = values.fold(0.0f64, |a, b| a.max(b.abs()));
        let scale = (-largest.log2().floor().clamp(-1000.0, 1000.0)).exp2();
        let sorted = sorted(values.mapv(|value| value * scale).view());
        let range = sorted[sorted.len() - 1] - sorted[0];
        let width = self.width(&sorted, range);
        if width == 0.0 {
            return Ok(1);
        }
        let bins = (range / width).ceil();
        if bins <= MOST_BINS as f64 {
            Ok(bins as usize)
        } else {
            Err(too_many("bins", bins))
        }
    }

    /// The width of a bin, where 0 stands for all of the range.
    fn width(self, sorted: &[f64], range: f64) -> f64 {
        let (n, third) = (sorted.len() as f64, 1.0 / 3.0);
        let mean = sorted.iter().sum::<f64>() / n;
        let moment = |power: i32| sorted.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / n;
        match self {
            Self::Fixed(bins) => range / bins as f64,
            Self::Sturges => range / (n.log2() + 1.0),
            Self::Rice => range / (2.0 * n.powf(third)),
            Self::SquareRoot => range / n.sqrt(),
            Self::Scott => (24.0 * std::f64::consts::PI.sqrt() / n).powf(third) * moment(2).sqrt(),
            Self::FreedmanDiaconis => {
                2.0 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) * n.powf(-third)
            }
            Self::Doane if sorted.len() < 3 => 0.0,
            Self::Doane => {
                let skewness = moment(3) / moment(2).powf(1.5);
                let spread = (6.0 * (n - 2.0) / ((n + 1.0) * (n + 3.0))).sqrt();
                range / (1.0 + n.log2() + (1.0 + skewness.abs() / spread).log2())
            }
            Self::Auto => {
                let width = |rule: Self| rule.width(sorted, range);
                width(Self::FreedmanDiaconis)
                    .max(width(Self::SquareRoot) / 2.0)
                    .min(width(Self::Sturges))
            }
        }
    }
}

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
    /// # Errors
    /// [`Error::ZeroBins`], [`Error::TooManyBins`].
    pub fn equal_width(bins: impl Into<BinCount>) -> Result<Self> {
        let bins = bins.into();
        bins.check()?;
        Ok(Self::EqualWidth(bins))
    }

    /// Bins of about equally many values: [`Edges::equal_frequency`].
    ///
    /// # Errors
    /// [`Error::ZeroBins`], [`Error::TooManyBins`].
    pub fn equal_frequency(bins: impl Into<BinCount>) -> Result<Self> {
        let bins = bins.into();
        bins.check()?;
        Ok(Self::EqualFrequency(bins))
    }

    /// The edges for these values.
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
            Self::Edges(edges) => write!(f, "edges ({})", edges.bins()),
        }
    }
}

fn check_bins(argument: &'static str, bins: usize) -> Result<()> {
    match bins {
        0 => Err(Error::ZeroBins { argument }),
        1..=MOST_BINS => Ok(()),
        _ => Err(too_many(argument, bins as f64)),
    }
}

fn too_many(argument: &'static str, bins: f64) -> Error {
    Error::TooManyBins {
        argument,
        bins,
        most: MOST_BINS,
    }
}

/// The smallest and the largest value of a variable that varies.
fn range(values: ArrayView1<'_, f64>) -> Result<(f64, f64)> {
    let argument = "values";
    check_finite(values.insert_axis(Axis(1)), argument)?;
    let values = values.as_standard_layout();
    let (eights, rest) = values.as_slice().expect("standard layout").as_chunks::<8>();
    // Eight at a time: one would wait for each comparison.
    let (mut low, mut high) = ([f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    for eight in eights {
        for ((low, high), &value) in low.iter_mut().zip(&mut high).zip(eight) {
            *low = low.min(value);
            *high = high.max(value);
        }
    }
    let min = rest
        .iter()
        .chain(&low)
        .fold(f64::INFINITY, |a, &b| a.min(b));
    let max = rest
        .iter()
        .chain(&high)
        .fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    if min == max {
        return Err(Error::Constant {
            argument,
            column: 0,
        });
    }
    Ok((min, max))
}

fn sorted(values: ArrayView1<'_, f64>) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Puts the values of these ranks where sorting all would put them, which takes less time. The
/// ranks rise, and are counted from `first` on.
fn select(values: &mut [f64], first: usize, ranks: &[usize]) {
    let half = ranks.len() / 2;
    if let Some(&rank) = ranks.get(half) {
        let (below, _, above) = values.select_nth_unstable_by(rank - first, f64::total_cmp);
        select(below, first, &ranks[..half]);
        select(above, rank + 1, &ranks[half + 1..]);
    }
}

/// The ranks that a quantile of n values lies between.
fn neighbouring_ranks(n: usize, q: f64) -> [usize; 2] {
    let below = (q * (n - 1) as f64).floor() as usize;
    [below, (below + 1).min(n - 1)]
}

/// numpy's default quantile: linear between the two nearest values, computed from the nearer end.
/// Those two must be where sorting puts them.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let [below, above] = neighbouring_ranks(sorted.len(), q);
    let (a, b) = (sorted[below], sorted[above]);
    let t = q * (sorted.len() - 1) as f64 - below as f64;
    if (b - a).is_infinite() {
        a * (1.0 - t) + b * t
    } else if t < 0.5 {
        a + (b - a) * t
    } else {
        b - (b - a) * (1.0 - t)
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
