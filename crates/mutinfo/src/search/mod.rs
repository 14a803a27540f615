//! Exact search for neighbours in the maximum norm, and how many points are near in a part of the
//! columns: what every nearest-neighbour estimator is made of.
//!
//! | part | what it does |
//! |---|---|
//! | [`column`] | one variable: sorts it, counts its values within a radius |
//! | [`parts`] | puts the values to be sorted into parts |
//! | [`plane`] | two scalar variables, cut into [`slabs`]: neighbours and counts at once |
//! | [`k_smallest`] | keeps the k smallest distances of four points |
//! | [`nearest`] | vectors: the k-th neighbour, and the points up to it |
//! | [`cubes`] | counts the points in the cubes around many centres, by one of the next two |
//! | [`rectangles`] | counts the points in a square, by a table |
//! | [`boxes`] | counts the points in a cube of more dimensions |
//! | [`tree`] | the k-d tree of the search and of the boxes |
//! | [`rows`] | spreads the rows over threads |
//!
//! Distances are differences as `f64` rounds them, on every path: comparing a value with a rounded
//! `centre ± radius` would count other points.

mod boxes;
pub(crate) mod column;
mod count_histogram;
mod cubes;
mod k_smallest;
mod nearest;
mod parts;
pub(crate) mod plane;
mod rectangles;
mod rows;
mod slabs;
mod tree;

pub(crate) use count_histogram::{CountHistogram, Digammas};

use std::ops::Range;

use ndarray::{ArrayView2, Axis, Slice};

use crate::compute::threads;
use crate::search::column::Column;
use crate::search::cubes::Centres;
use crate::search::plane::{Plane, PlaneAxis};
use crate::search::rows::{each_chunk, several_each_chunk};
use boxes::Boxes;
use nearest::{Distances, Nearest, Neighbours};
use rectangles::Rectangles;

/// The part of the columns that a marginal space is made of.
pub(crate) fn marginal<'a>(
    points: &'a ArrayView2<'_, f64>,
    columns: &Range<usize>,
) -> ArrayView2<'a, f64> {
    points.slice_axis(Axis(1), Slice::from(columns.clone()))
}

/// The distance from each row to the k-th nearest of the others, k less than the number of rows.
pub(crate) fn kth_distances(points: ArrayView2<'_, f64>, k: usize) -> Vec<f64> {
    if points.ncols() == 1 {
        return nearest::kth_distances_in(&Column::new(points.column(0).to_vec()), k);
    }
    each_nearest(points, k, false, |_, nearest| nearest.distance())
}

/// For several k in increasing order, each less than the number of rows, the distance from each row
/// to the k-th nearest of the others.
pub(crate) fn each_kth_distances(points: ArrayView2<'_, f64>, ks: &[usize]) -> Vec<Vec<f64>> {
    let values: Vec<f64> = points.iter().copied().collect();
    let neighbours = Neighbours::new(&values, points.ncols());
    let largest = ks.last().copied().unwrap_or(0);
    several_each_chunk(neighbours.rows(), ks.len(), |places| {
        let mut kth = Vec::with_capacity(places.len() * ks.len());
        neighbours.visit(places, Distances::new(largest), &mut |_, distances| {
            let sorted = distances.sorted();
            kth.extend(ks.iter().map(|&k| f64::from_bits(sorted[k])));
        });
        kth
    })
}

/// A value for each row, from its k nearest others, k less than the number of rows, and what is as
/// near as the k-th, where that is not at the same place.
pub(crate) fn each_neighbourhood<T: Clone + Default + Send>(
    points: ArrayView2<'_, f64>,
    k: usize,
    value: impl Fn(usize, &Nearest) -> T + Sync,
) -> Vec<T> {
    each_nearest(points, k, true, value)
}

fn each_nearest<T: Clone + Default + Send>(
    points: ArrayView2<'_, f64>,
    k: usize,
    ties: bool,
    value: impl Fn(usize, &Nearest) -> T + Sync,
) -> Vec<T> {
    let values: Vec<f64> = points.iter().copied().collect();
    let neighbours = Neighbours::new(&values, points.ncols());
    each_chunk(neighbours.rows(), |places| {
        let mut values = Vec::with_capacity(places.len());
        neighbours.visit(places, Nearest::new(k, ties), &mut |row, nearest| {
            values.push(value(row, nearest));
        });
        values
    })
}

/// For each row, how many rows, itself included, lie at a distance of at most its own radius.
pub(crate) fn counts_within(points: ArrayView2<'_, f64>, radii: &[f64]) -> Vec<u32> {
    each_counts_within(points, &[radii]).swap_remove(0)
}

/// The same for several radii of each row.
pub(crate) fn each_counts_within(
    points: ArrayView2<'_, f64>,
    radii: &[impl AsRef<[f64]>],
) -> Vec<Vec<u32>> {
    let column = |index| points.column(index).to_vec();
    let values: Vec<f64> = points.iter().copied().collect();
    let dimensions = points.ncols();
    let centres = radii
        .iter()
        .map(|radii| Centres::new(&values, dimensions, radii.as_ref()));
    match dimensions {
        1 => {
            let column = Column::new(column(0));
            centres.map(|centres| centres.counts(&column)).collect()
        }
        2 => {
            let rectangles = Rectangles::new(column(0), column(1));
            centres.map(|centres| centres.counts(&rectangles)).collect()
        }
        _ => {
            let boxes = Boxes::new(&values, dimensions);
            centres.map(|centres| centres.counts(&boxes)).collect()
        }
    }
}

/// How many points are near each point in the marginal spaces.
pub(crate) struct Counts {
    /// The counts of each marginal space, by row.
    pub(crate) near: Vec<Vec<u32>>,
    /// The rows whose k-th neighbour is at distance 0, in increasing order.
    pub(crate) tied: Vec<usize>,
    /// Where a box is counted in instead of a cube: in how many marginal spaces each row's box has
    /// a width.
    pub(crate) wide: Vec<u32>,
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
        wide: Vec::new(),
    }
}

/// The same for two columns and each of them.
fn counts_in_the_plane(joint: ArrayView2<'_, f64>, k: usize) -> Counts {
    let columns = joint.columns().into_iter();
    let columns = sorted_columns(columns.map(|column| column.to_vec()).collect());
    let axes: Vec<PlaneAxis> = columns
        .into_iter()
        .map(|column| PlaneAxis::new(column, k))
        .collect();
    let points = Plane::new(&axes[0], &axes[1]).neighbourhoods(k);
    let tied = points.iter().filter(|point| point.distance == 0.0);
    Counts {
        near: vec![
            points.iter().map(|point| point.x as u32).collect(),
            points.iter().map(|point| point.y as u32).collect(),
        ],
        tied: tied.map(|point| point.row).collect(),
        wide: Vec::new(),
    }
}

/// A thread takes as long to start as some thousand values to be sorted: below so many, one sorts
/// them.
pub(crate) const FEW_VALUES: usize = 16_384;

/// Every column, sorted.
pub(crate) fn sorted_columns(columns: Vec<Vec<f64>>) -> Vec<Column> {
    let values: usize = columns.iter().map(Vec::len).sum();
    if values < FEW_VALUES || columns.len() < threads::threads() {
        // One after the other, those of many values each on all threads.
        return columns.into_iter().map(Column::new).collect();
    }
    threads::map(columns.into_iter(), || (), |(), column| Column::new(column))
}

/// Finds each row's k nearest neighbours in all columns (and what ties with the k-th) and counts,
/// in some of them, the other rows that are at most as far as the farthest of these is there. Where
/// all of these are at the row's own place there, as where the space is of a few values, the row
/// itself may count as well (`flat_as_classes`): it is one of its class.
pub(crate) fn counts_to_kth(
    joint: ArrayView2<'_, f64>,
    marginals: &[Range<usize>],
    k: usize,
    flat_as_classes: bool,
) -> Counts {
    let values: Vec<f64> = joint.iter().copied().collect();
    let point = |row: usize| &values[row * joint.ncols()..];
    let halves = each_neighbourhood(joint, k, |row, nearest| {
        let half = |columns: &Range<usize>| {
            let centre = &point(row)[columns.clone()];
            let distances = nearest
                .rows()
                .map(|other| distance(centre, &point(other)[columns.clone()]));
            distances.fold(0.0, f64::max)
        };
        let halves: Vec<f64> = marginals.iter().map(half).collect();
        (nearest.distance(), halves)
    });
    let near = marginals.iter().enumerate().map(|(space, columns)| {
        let radii: Vec<f64> = halves.iter().map(|(_, halves)| halves[space]).collect();
        let mut counts = counts_within(marginal(&joint, columns), &radii);
        for (count, &radius) in counts.iter_mut().zip(&radii) {
            *count -= u32::from(radius > 0.0 || !flat_as_classes);
        }
        counts
    });
    let tied = halves.iter().enumerate().filter(|(_, (d, _))| *d == 0.0);
    let has_width = |half: &&f64| **half > 0.0 || !flat_as_classes;
    let width = |halves: &[f64]| halves.iter().filter(has_width).count() as u32;
    Counts {
        near: near.collect(),
        tied: tied.map(|(row, _)| row).collect(),
        wide: halves.iter().map(|(_, halves)| width(halves)).collect(),
    }
}

/// The largest difference between two points' values.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kiddo::ImmutableKdTree;
    use kiddo::dist::Chebyshev;
    use ndarray::Array2;
    use proptest::prelude::*;
    use std::num::NonZero;

    /// The distance of every point from one of them.
    fn distances(points: &Array2<f64>, row: usize) -> Vec<f64> {
        let point = |row: usize| points.row(row).to_vec();
        let rows = 0..points.nrows();
        rows.map(|other| distance(&point(row), &point(other)))
            .collect()
    }

    /// Points with ties, outliers, and numbers whose differences overflow or vanish.
    fn points() -> impl Strategy<Value = Array2<f64>> {
        (1..7_usize, 2..150_usize).prop_flat_map(|(columns, rows)| points_of(columns, rows))
    }

    fn points_of(columns: usize, rows: usize) -> impl Strategy<Value = Array2<f64>> {
        let value = prop_oneof![
            4 => -3.0..3.0,
            4 => (-3..3_i32).prop_map(f64::from),
            1 => (-1.0..1.0).prop_map(|u: f64| 1.0 / u.powi(9)),
            1 => (-1.0..1.0).prop_map(|u: f64| u * 1e-300),
            1 => (-1.0..1.0).prop_map(|u: f64| u * f64::MAX),
        ];
        prop::collection::vec(value, rows * columns)
            .prop_map(move |values| Array2::from_shape_vec((rows, columns), values).unwrap())
    }

    proptest! {
        #[test]
        fn neighbours_and_counts_are_those_of_looking_at_every_point(points in points(), k in 1..5_usize) {
            let rows = points.nrows();
            let k = k.min(rows - 1);
            let expected: Vec<f64> = (0..rows)
                .map(|row| *distances(&points, row).select_nth_unstable_by(k, f64::total_cmp).1)
                .collect();
            let kth = kth_distances(points.view(), k);
            prop_assert_eq!(&kth, &expected);
            let ks: Vec<usize> = (1..=k).collect();
            prop_assert_eq!(&each_kth_distances(points.view(), &ks)[k - 1], &expected);
            let near = each_neighbourhood(points.view(), k, |_, nearest| {
                let mut rows: Vec<usize> = nearest.rows().collect();
                rows.sort_unstable();
                (nearest.distance(), rows)
            });
            for (row, (distance, near)) in near.into_iter().enumerate() {
                prop_assert_eq!(distance, kth[row]);
                let distances = distances(&points, row);
                let expected: Vec<usize> = (0..rows).filter(|&other| distances[other] <= distance).collect();
                if distance > 0.0 {
                    prop_assert_eq!(near, expected);
                } else {
                    prop_assert_eq!(near.len(), k + 1);
                    prop_assert!(near.iter().all(|row| expected.contains(row)));
                }
            }
            let radii: [Vec<f64>; 4] = [
                kth.iter().map(|d| d.next_down().max(0.0)).collect(),
                kth,
                vec![0.0; rows],
                vec![f64::INFINITY; rows],
            ];
            let each = each_counts_within(points.view(), &radii);
            for (radii, counts) in radii.iter().zip(each) {
                for (row, (&radius, count)) in radii.iter().zip(counts).enumerate() {
                    let expected = distances(&points, row).into_iter().filter(|&d| d <= radius);
                    prop_assert_eq!(count as usize, expected.count());
                }
            }
        }

        #[test]
        fn neighbours_are_those_of_kiddo(points in points_of(4, 500), k in 1..150_usize) {
            let rows: Vec<[f64; 4]> = points.rows().into_iter().map(|row| [row[0], row[1], row[2], row[3]]).collect();
            let tree: ImmutableKdTree<f64, 4> = ImmutableKdTree::new_from_slice(&rows).unwrap();
            let count = NonZero::new(k + 1).unwrap();
            let each = each_kth_distances(points.view(), &[1, k]);
            let kth = kth_distances(points.view(), k);
            for (row, point) in rows.iter().enumerate() {
                let nearest = tree.query(point).nearest_n::<Chebyshev<f64>>(count).execute();
                let distances: Vec<f64> = nearest.into_iter().map(|near| near.distance).collect();
                prop_assert_eq!((each[0][row], each[1][row]), (distances[1], distances[k]));
                prop_assert_eq!(kth[row], distances[k]);
            }
        }
    }

    #[test]
    fn many_points_are_counted_as_few() {
        for (columns, points) in [(2, 5000), (3, 5000)] {
            let value = |row: usize, column: usize| ((row * (column + 7919)) as f64).sin();
            let points =
                Array2::from_shape_fn((points, columns), |(row, column)| value(row, column));
            let radii: Vec<f64> = (0..points.nrows()).map(|row| row as f64 / 5000.0).collect();
            let counts = counts_within(points.view(), &radii);
            for row in (0..points.nrows()).step_by(50) {
                let near = distances(&points, row)
                    .into_iter()
                    .filter(|&d| d <= radii[row]);
                assert_eq!(counts[row] as usize, near.count());
            }
        }
    }
}
