//! [`Edges`]: where one bin ends and the next begins.
//!
//! Bins are half-open, `[a, b)`, except the last, which is closed, `[a, b]`: numpy's rule.

use ndarray::ArrayView1;

use crate::error::{Error, Result};
use crate::variable::check_finite;

/// The edges of the bins of one variable: one more than there are bins.
#[derive(Debug, Clone, PartialEq)]
pub struct Edges(Vec<f64>);

impl Edges {
    /// Edges of your own, strictly increasing.
    ///
    /// # Errors
    /// [`Error::ZeroBins`] for fewer than two edges, [`Error::NotFinite`],
    /// [`Error::EdgesNotIncreasing`].
    pub fn new(edges: Vec<f64>) -> Result<Self> {
        let argument = "edges";
        if edges.len() < 2 {
            return Err(Error::ZeroBins { argument });
        }
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
    /// `numpy.histogram_bin_edges(values, bins)`.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::ZeroBins`], [`Error::Constant`].
    pub fn equal_width<'a>(values: impl Into<ArrayView1<'a, f64>>, bins: usize) -> Result<Self> {
        let values = values.into();
        let (min, max) = range(values)?;
        if bins == 0 {
            return Err(Error::ZeroBins { argument: "bins" });
        }
        let step = (max - min) / bins as f64;
        let mut edges: Vec<f64> = (0..bins).map(|i| i as f64 * step + min).collect();
        edges.push(max);
        Ok(Self(edges))
    }

    /// `count` percentiles evenly spaced from 0 to 100 as edges, so `count - 1` bins of about
    /// equally many values each: `numpy.percentile(values, numpy.linspace(0, 100, count))`,
    /// which interpolates linearly between the sorted values.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::ZeroBins`], [`Error::Constant`].
    pub fn percentiles<'a>(values: impl Into<ArrayView1<'a, f64>>, count: usize) -> Result<Self> {
        let values = values.into();
        range(values)?;
        if count < 2 {
            return Err(Error::ZeroBins { argument: "count" });
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let step = 100.0 / (count - 1) as f64;
        let percent = |i: usize| {
            if i == count - 1 {
                100.0
            } else {
                i as f64 * step
            }
        };
        Ok(Self(
            (0..count)
                .map(|i| quantile(&sorted, percent(i) / 100.0))
                .collect(),
        ))
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
            .map(|edge| (edge[0] + edge[1]) / 2.0)
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
}

/// The smallest and the largest value of a variable that varies.
fn range(values: ArrayView1<'_, f64>) -> Result<(f64, f64)> {
    let argument = "values";
    check_finite(values.insert_axis(ndarray::Axis(1)), argument)?;
    let min = values.fold(f64::INFINITY, |a, &b| a.min(b));
    let max = values.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    if min == max {
        return Err(Error::Constant {
            argument,
            column: 0,
        });
    }
    Ok((min, max))
}

/// numpy's default quantile of sorted values: linear between the two nearest, computed from
/// the nearer end.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let position = q * (sorted.len() - 1) as f64;
    let below = position.floor();
    let (a, b) = (
        sorted[below as usize],
        sorted[(below as usize + 1).min(sorted.len() - 1)],
    );
    let t = position - below;
    if t < 0.5 {
        a + (b - a) * t
    } else {
        b - (b - a) * (1.0 - t)
    }
}
