//! Exact search for neighbours in the maximum norm, and how many points are near in a part of the
//! columns: what every nearest-neighbour estimator is made of.
//!
//! | part | what it does |
//! |---|---|
//! | [`search`] | finds the k-th neighbour, and the points up to it, by kiddo's k-d tree |
//! | [`wavelet`] | counts the points in a square, without a look at each |
//! | [`boxes`] | counts the points in a cube of more dimensions |
//! | [`plane`](crate::plane) | all of it for two scalar variables |
//!
//! Distances are differences as `f64` rounds them, on every path: comparing a value with a rounded
//! `centre ± radius` would count other points.

mod boxes;
mod search;
mod wavelet;

use std::ops::Range;

use ndarray::{ArrayView2, Axis, Slice};
use statrs::function::gamma::digamma;

use crate::plane::{Column, Plane};
use crate::simd::{Kernel, Simd, run_widest};
use crate::threads;
use boxes::Boxes;
use search::Scan;
pub(crate) use search::index;
use wavelet::Rectangles;

/// How many rows one task searches for.
const ROWS_PER_TASK: usize = 512;

/// Points of which it can be told how many lie in a cube.
pub(crate) trait Counting: Sync {
    /// All rows, near ones one after the other.
    fn rows(&self) -> &[u32];

    /// The number of points at a distance of at most `radius`. (Inline, to be compiled for each
    /// instruction set.)
    fn count_within(&self, centre: &[f64], radius: f64) -> usize;
}

/// One value for each row. The rows, all of them in some order, are spread over threads; where near
/// ones follow each other, the memory that they look at is at hand.
pub(crate) fn each_row<T: Clone + Default + Send>(
    rows: &[u32],
    value: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    each_chunk(rows, |rows| {
        rows.iter().map(|&row| value(row as usize)).collect()
    })
}

/// The same from the values of a few rows at a time, in their order.
fn each_chunk<T: Clone + Default + Send>(
    rows: &[u32],
    values: impl Fn(&[u32]) -> Vec<T> + Sync,
) -> Vec<T> {
    let parts = threads::map(rows.chunks(ROWS_PER_TASK), || (), |(), rows| values(rows));
    let mut by_row = vec![T::default(); rows.len()];
    for (&row, value) in rows.iter().zip(parts.into_iter().flatten()) {
        by_row[row as usize] = value;
    }
    by_row
}

/// The part of the columns that a marginal space is made of.
pub(crate) fn marginal<'a>(
    points: &'a ArrayView2<'_, f64>,
    columns: &Range<usize>,
) -> ArrayView2<'a, f64> {
    points.slice_axis(Axis(1), Slice::from(columns.clone()))
}

/// The distance from each row to the k-th nearest of the others, k less than the number of rows.
pub(crate) fn kth_distances(points: ArrayView2<'_, f64>, k: usize) -> Vec<f64> {
    let search = index(points);
    each_row(&search.rows(), |row| search.kth_distance(row, k))
}

/// For each row, how many rows, itself included, lie at a distance of at most its own radius.
pub(crate) fn counts_within(points: ArrayView2<'_, f64>, radii: &[f64]) -> Vec<u32> {
    let column = |index| points.column(index).to_vec();
    let values: Vec<f64> = points.iter().copied().collect();
    let dimensions = points.ncols();
    let centres = Centres {
        values: &values,
        dimensions,
        radii,
    };
    match dimensions {
        1 => centres.counts(&Column::new(column(0))),
        2 => centres.counts(&Rectangles::new(column(0), column(1))),
        _ => centres.counts(&Boxes::new(&values, dimensions)),
    }
}

/// The centres of cubes, one after another, and how far each reaches.
#[derive(Clone, Copy)]
struct Centres<'a> {
    values: &'a [f64],
    dimensions: usize,
    radii: &'a [f64],
}

impl Centres<'_> {
    fn counts(self, points: &impl Counting) -> Vec<u32> {
        each_chunk(points.rows(), |rows| {
            run_widest(CountAll(self, points, rows))
        })
    }
}

/// The counts of some rows, in their order.
struct CountAll<'a, C>(Centres<'a>, &'a C, &'a [u32]);

impl<C: Counting> Kernel for CountAll<'_, C> {
    type Output = Vec<u32>;

    #[inline(always)]
    fn run(self, _: impl Simd) -> Vec<u32> {
        let Self(centres, points, rows) = self;
        let dimensions = centres.dimensions;
        let mut counts = Vec::with_capacity(rows.len());
        for &row in rows {
            let row = row as usize;
            let centre = &centres.values[row * dimensions..][..dimensions];
            counts.push(points.count_within(centre, centres.radii[row]) as u32);
        }
        counts
    }
}

impl Counting for Column {
    fn rows(&self) -> &[u32] {
        self.rows()
    }

    #[inline(always)]
    fn count_within(&self, centre: &[f64], radius: f64) -> usize {
        self.count_within(centre[0], radius)
    }
}

/// How many points are near each point in the marginal spaces.
pub(crate) struct Counts {
    /// The counts of each marginal space, by row.
    pub(crate) near: Vec<Vec<u32>>,
    /// The rows whose k-th neighbour is at distance 0, in increasing order.
    pub(crate) tied: Vec<usize>,
}

/// Finds each row's k-th neighbour in all columns and counts, in some of them, the rows that are
/// nearer, the row itself included. Where the k-th neighbour is at distance 0, those at distance 0
/// count. Every estimator that counts strictly goes through here.
pub(crate) fn counts_below_kth(
    joint: ArrayView2<'_, f64>,
    marginals: &[Range<usize>],
    k: usize,
) -> Counts {
    if marginals == [0..1, 1..2] {
        return counts_in_the_plane(joint, k);
    }
    let distances = kth_distances(joint, k);
    // "Nearer than" is "at most the next smaller number".
    let radii: Vec<f64> = distances.iter().map(|d| d.next_down().max(0.0)).collect();
    let tied = distances.iter().enumerate().filter(|&(_, &d)| d == 0.0);
    Counts {
        near: marginals
            .iter()
            .map(|columns| counts_within(marginal(&joint, columns), &radii))
            .collect(),
        tied: tied.map(|(row, _)| row).collect(),
    }
}

/// The same for two columns and each of them.
fn counts_in_the_plane(joint: ArrayView2<'_, f64>, k: usize) -> Counts {
    let columns = joint.columns().into_iter();
    let columns = sorted_columns(columns.map(|column| column.to_vec()).collect());
    let points = Plane::new(&columns[0], &columns[1], k).neighbourhoods(k);
    let tied = points.iter().filter(|point| point.distance == 0.0);
    Counts {
        near: vec![
            points.iter().map(|point| point.x as u32).collect(),
            points.iter().map(|point| point.y as u32).collect(),
        ],
        tied: tied.map(|point| point.row).collect(),
    }
}

/// Every column, sorted.
pub(crate) fn sorted_columns(columns: Vec<Vec<f64>>) -> Vec<Column> {
    /// A thread takes as long to start as some thousand values to be sorted.
    const FEW: usize = 16_384;
    if columns.iter().map(Vec::len).sum::<usize>() < FEW {
        return columns.into_iter().map(Column::new).collect();
    }
    threads::map(columns.into_iter(), || (), |(), column| Column::new(column))
}

/// Finds each row's k nearest neighbours in all columns (and what ties with the k-th) and counts,
/// in some of them, the other rows that are at most as far as the farthest of these is there.
pub(crate) fn counts_to_kth(
    joint: ArrayView2<'_, f64>,
    marginals: &[Range<usize>],
    k: usize,
) -> Counts {
    let search = index(joint);
    let points = Scan::new(joint);
    let halves = each_row(&search.rows(), |row| {
        let mut halves = vec![0.0_f64; marginals.len()];
        let distance = search.visit_nearest(row, k, &mut |other| {
            for (half, columns) in halves.iter_mut().zip(marginals) {
                *half = half.max(points.distance(row, other, columns.clone()));
            }
        });
        (distance, halves)
    });
    let near = marginals.iter().enumerate().map(|(space, columns)| {
        let radii: Vec<f64> = halves.iter().map(|(_, halves)| halves[space]).collect();
        let mut counts = counts_within(marginal(&joint, columns), &radii);
        counts.iter_mut().for_each(|count| *count -= 1);
        counts
    });
    let tied = halves.iter().enumerate().filter(|(_, (d, _))| *d == 0.0);
    Counts {
        near: near.collect(),
        tied: tied.map(|(row, _)| row).collect(),
    }
}

/// How often each count occurs: a sum over it depends on the counts alone, not on their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct CountHistogram(Vec<u32>);

impl CountHistogram {
    /// Of all these counts.
    pub(crate) fn of<'a>(counts: impl IntoIterator<Item = &'a Vec<u32>>) -> Self {
        let mut times = Vec::new();
        for &count in counts.into_iter().flatten() {
            let count = count as usize;
            if count >= times.len() {
                times.resize(count + 1, 0);
            }
            times[count] += 1;
        }
        Self(times)
    }

    /// From how often each count occurs.
    pub(crate) fn from_times(times: Vec<u32>) -> Self {
        Self(times)
    }

    /// Σ ψ(count).
    pub(crate) fn sum_of_digamma(&self) -> f64 {
        let occurring = self.0.iter().enumerate().filter(|&(_, &times)| times > 0);
        occurring
            .map(|(count, &times)| f64::from(times) * digamma(count as f64))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::search::Search;
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    /// Points with ties, outliers, and numbers whose differences overflow or vanish.
    fn points() -> impl Strategy<Value = Array2<f64>> {
        let value = prop_oneof![
            4 => -3.0..3.0,
            4 => (-3..3_i32).prop_map(f64::from),
            1 => (-1.0..1.0).prop_map(|u: f64| 1.0 / u.powi(9)),
            1 => (-1.0..1.0).prop_map(|u: f64| u * 1e-300),
            1 => (-1.0..1.0).prop_map(|u: f64| u * f64::MAX),
        ];
        (1..7_usize, 2..150_usize).prop_flat_map(move |(columns, rows)| {
            prop::collection::vec(value.clone(), rows * columns)
                .prop_map(move |values| Array2::from_shape_vec((rows, columns), values).unwrap())
        })
    }

    proptest! {
        #[test]
        fn neighbours_and_counts_are_those_of_looking_at_every_point(points in points(), k in 1..5_usize) {
            let slow = Scan::new(points.view());
            let k = k.min(points.nrows() - 1);
            let expected: Vec<f64> = (0..points.nrows()).map(|row| slow.kth_distance(row, k)).collect();
            let distances = kth_distances(points.view(), k);
            prop_assert_eq!(&distances, &expected);
            let (fast, mut near) = (index(points.view()), [vec![], vec![]]);
            for row in 0..points.nrows() {
                for (search, near) in [&*fast, &slow].into_iter().zip(&mut near) {
                    near.clear();
                    search.visit_nearest(row, k, &mut |other| near.push(other));
                    near.sort_unstable();
                }
                prop_assert_eq!(&near[0], &near[1]);
            }
            for radii in [
                distances.iter().map(|d| d.next_down().max(0.0)).collect(),
                distances,
                vec![0.0; points.nrows()],
                vec![f64::INFINITY; points.nrows()],
            ] {
                let counts = counts_within(points.view(), &radii);
                for (row, (&radius, count)) in radii.iter().zip(counts).enumerate() {
                    let mut expected = 0;
                    slow.visit_within(row, radius, &mut |_| expected += 1);
                    prop_assert_eq!(count, expected);
                }
            }
        }
    }
}
