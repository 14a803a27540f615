//! Exact search for neighbours in the maximum norm, and how many points are near in a part of the
//! columns: what every nearest-neighbour estimator is made of.
//!
//! Distances are differences as `f64` rounds them, on every path: comparing a value with a rounded
//! `centre ± radius` would count other points.

use std::num::NonZero;
use std::ops::Range;

use kiddo::ImmutableKdTree;
use kiddo::dist::Chebyshev;
use ndarray::{ArrayView2, Axis, Slice};
use statrs::function::gamma::digamma;

use crate::plane::{Column, Plane};
use crate::threads;

/// How many rows one task searches for.
const ROWS_PER_TASK: usize = 512;

/// Points that can be searched from any of them. A row is within any radius of itself.
pub(crate) trait Search: Sync {
    /// The distance from a row to the k-th nearest of the others.
    fn kth_distance(&self, row: usize, k: usize) -> f64;

    /// Visits the rows at a distance of at most `radius`.
    fn visit_within(&self, row: usize, radius: f64, visit: &mut dyn FnMut(usize));

    /// The number of rows at a distance of at most `radius`.
    fn count_within(&self, row: usize, radius: f64) -> usize {
        let mut count = 0;
        self.visit_within(row, radius, &mut |_| count += 1);
        count
    }
}

/// Makes points, one in each row, searchable: by sorting in one dimension, by a k-d tree in a few,
/// and by looking at every point where a tree would not pay.
pub(crate) fn index(points: ArrayView2<'_, f64>) -> Box<dyn Search> {
    const FEW: usize = 32;
    if points.ncols() == 1 {
        return Box::new(Line::new(points));
    }
    if points.nrows() > FEW {
        macro_rules! tree {
            ($($D:literal)*) => {
                match points.ncols() {
                    $($D => return Box::new(Tree::<$D>::new(points)),)*
                    _ => {}
                }
            };
        }
        tree!(2 3 4 5 6 7 8 9 10 11 12);
    }
    Box::new(Scan::new(points))
}

/// One value for each row, the rows spread over threads.
pub(crate) fn each_row<T: Send>(n: usize, value: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let parts = threads::map(
        threads::chunks(n, ROWS_PER_TASK),
        || (),
        |(), rows| rows.map(&value).collect::<Vec<_>>(),
    );
    parts.into_iter().flatten().collect()
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
    each_row(points.nrows(), |row| search.kth_distance(row, k))
}

/// For each row, how many rows, itself included, lie at a distance of at most its own radius.
pub(crate) fn counts_within(points: ArrayView2<'_, f64>, radii: &[f64]) -> Vec<u32> {
    let search = index(points);
    each_row(radii.len(), |row| {
        search.count_within(row, radii[row]) as u32
    })
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
    let n = joint.nrows();
    let search = index(joint);
    let points = Scan::new(joint);
    let halves = each_row(n, |row| {
        let distance = search.kth_distance(row, k);
        let mut halves = vec![0.0_f64; marginals.len()];
        search.visit_within(row, distance, &mut |other| {
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

/// One dimension: the values in increasing order.
struct Line {
    column: Column,
    /// Where each row stands in the order.
    places: Vec<usize>,
}

impl Line {
    fn new(points: ArrayView2<'_, f64>) -> Self {
        let column = Column::new(points.column(0).to_vec());
        let mut places = vec![0; column.len()];
        for (place, &row) in column.rows().iter().enumerate() {
            places[row as usize] = place;
        }
        Self { column, places }
    }
}

impl Search for Line {
    fn kth_distance(&self, row: usize, k: usize) -> f64 {
        let values = self.column.sorted();
        let place = self.places[row];
        let (mut below, mut above) = (place, place);
        let mut distance = 0.0;
        for _ in 0..k {
            let left = match below {
                0 => f64::INFINITY,
                _ => values[place] - values[below - 1],
            };
            let right = match values.get(above + 1) {
                None => f64::INFINITY,
                Some(value) => value - values[place],
            };
            if left <= right {
                below -= 1;
                distance = left;
            } else {
                above += 1;
                distance = right;
            }
        }
        distance
    }

    fn visit_within(&self, row: usize, radius: f64, visit: &mut dyn FnMut(usize)) {
        let values = self.column.sorted();
        let place = self.places[row];
        let (below, above) = values.split_at(place);
        let start = below.partition_point(|value| values[place] - value > radius);
        let end = above.partition_point(|value| value - values[place] <= radius);
        for &row in &self.column.rows()[start..place + end] {
            visit(row as usize);
        }
    }

    fn count_within(&self, row: usize, radius: f64) -> usize {
        let centre = self.column.sorted()[self.places[row]];
        self.column.count_within(centre, radius)
    }
}

/// A few dimensions: kiddo's k-d tree.
struct Tree<const D: usize> {
    points: Vec<[f64; D]>,
    tree: ImmutableKdTree<f64, D>,
}

impl<const D: usize> Tree<D> {
    fn new(points: ArrayView2<'_, f64>) -> Self {
        let rows = points.rows().into_iter();
        let points: Vec<[f64; D]> = rows
            .map(|row| std::array::from_fn(|column| row[column]))
            .collect();
        let tree = ImmutableKdTree::new_from_slice(&points)
            .expect("an immutable tree takes any finite points");
        Self { points, tree }
    }
}

impl<const D: usize> Search for Tree<D> {
    fn kth_distance(&self, row: usize, k: usize) -> f64 {
        // The point finds itself, or another at the same place.
        let nearest = self
            .tree
            .query(&self.points[row])
            .nearest_n::<Chebyshev<f64>>(NonZero::new(k + 1).expect("one more than k"))
            .execute();
        nearest.last().expect("at least k + 1 points").distance
    }

    fn visit_within(&self, row: usize, radius: f64, visit: &mut dyn FnMut(usize)) {
        self.tree
            .query(&self.points[row])
            .within::<Chebyshev<f64>>(radius)
            .unsorted()
            .visit(|found| visit(found.item as usize));
    }
}

/// Any number of dimensions: every point is looked at.
struct Scan {
    values: Vec<f64>,
    columns: usize,
}

impl Scan {
    fn new(points: ArrayView2<'_, f64>) -> Self {
        Self {
            values: points.iter().copied().collect(),
            columns: points.ncols(),
        }
    }

    /// The largest difference in some columns.
    fn distance(&self, a: usize, b: usize, columns: Range<usize>) -> f64 {
        let point = |row: usize| &self.values[row * self.columns..][columns.clone()];
        let pairs = point(a).iter().zip(point(b));
        pairs.fold(0.0, |largest, (a, b)| largest.max((a - b).abs()))
    }

    fn distances(&self, row: usize) -> impl Iterator<Item = f64> {
        (0..self.values.len() / self.columns)
            .map(move |other| self.distance(row, other, 0..self.columns))
    }
}

impl Search for Scan {
    fn kth_distance(&self, row: usize, k: usize) -> f64 {
        let mut distances: Vec<f64> = self.distances(row).collect();
        *distances.select_nth_unstable_by(k, f64::total_cmp).1
    }

    fn visit_within(&self, row: usize, radius: f64, visit: &mut dyn FnMut(usize)) {
        for (other, distance) in self.distances(row).enumerate() {
            if distance <= radius {
                visit(other);
            }
        }
    }
}
