//! Who is near: the k-th distance of a point, and the points within a distance of it.

use std::num::NonZero;
use std::ops::Range;

use kiddo::ImmutableKdTree;
use kiddo::dist::Chebyshev;
use ndarray::ArrayView2;

use crate::plane::Column;

/// Points that can be searched from any of them. A row is within any radius of itself.
pub(crate) trait Search: Sync {
    /// The distance from a row to the k-th nearest of the others.
    fn kth_distance(&self, row: usize, k: usize) -> f64;

    /// Visits the rows at a distance of at most `radius`.
    fn visit_within(&self, row: usize, radius: f64, visit: &mut dyn FnMut(usize));

    /// Visits the k nearest of the others, what is as near as the k-th, and the row itself; returns
    /// the distance of the k-th.
    fn visit_nearest(&self, row: usize, k: usize, visit: &mut dyn FnMut(usize)) -> f64 {
        let distance = self.kth_distance(row, k);
        self.visit_within(row, distance, visit);
        distance
    }

    /// All rows, near ones one after the other.
    fn rows(&self) -> Vec<u32>;
}

/// Makes points, one in each row, searchable: by sorting in one dimension, by a k-d tree in a few,
/// and by looking at every point where a tree would not pay.
pub(crate) fn index(points: ArrayView2<'_, f64>) -> Box<dyn Search> {
    const FEW: usize = 32;
    if points.ncols() == 1 {
        return Box::new(Column::new(points.column(0).to_vec()));
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

/// One dimension: the values in increasing order.
impl Search for Column {
    fn kth_distance(&self, row: usize, k: usize) -> f64 {
        let values = self.sorted();
        // Of equal values, each has the others at distance 0.
        let place = self.first_equal()[row] as usize;
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
        let centre = self.sorted()[self.first_equal()[row] as usize];
        for &row in &self.rows()[self.range_within(centre, radius)] {
            visit(row as usize);
        }
    }

    fn rows(&self) -> Vec<u32> {
        self.rows().to_vec()
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

    /// The nearest points of a row and their distances, in increasing order.
    fn nearest(&self, row: usize, count: usize) -> Vec<(usize, f64)> {
        let count = NonZero::new(count).expect("some are asked for");
        let query = self.tree.query(&self.points[row]);
        let nearest = query.nearest_n::<Chebyshev<f64>>(count).execute();
        nearest
            .into_iter()
            .map(|found| (found.item as usize, found.distance))
            .collect()
    }
}

impl<const D: usize> Search for Tree<D> {
    fn kth_distance(&self, row: usize, k: usize) -> f64 {
        // The point finds itself, or another at the same place.
        let nearest = self.nearest(row, k + 1);
        nearest.last().expect("at least k + 1 points").1
    }

    fn visit_nearest(&self, row: usize, k: usize, visit: &mut dyn FnMut(usize)) -> f64 {
        let mut nearest = self.nearest(row, k + 2);
        let distance = nearest[k].1;
        let next = nearest.get(k + 1).map(|&(_, distance)| distance);
        if next == Some(distance) {
            self.visit_within(row, distance, visit);
        } else {
            nearest.truncate(k + 1);
            nearest.into_iter().for_each(|(row, _)| visit(row));
        }
        distance
    }

    fn visit_within(&self, row: usize, radius: f64, visit: &mut dyn FnMut(usize)) {
        self.tree
            .query(&self.points[row])
            .within::<Chebyshev<f64>>(radius)
            .unsorted()
            .visit(|found| visit(found.item as usize));
    }

    fn rows(&self) -> Vec<u32> {
        self.tree.iter().map(|(row, _)| row).collect()
    }
}

/// Any number of dimensions: every point is looked at.
pub(crate) struct Scan {
    values: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl Scan {
    pub(crate) fn new(points: ArrayView2<'_, f64>) -> Self {
        Self {
            values: points.iter().copied().collect(),
            rows: points.nrows(),
            columns: points.ncols(),
        }
    }

    /// The largest difference in some columns.
    pub(crate) fn distance(&self, a: usize, b: usize, columns: Range<usize>) -> f64 {
        let point = |row: usize| &self.values[row * self.columns..][columns.clone()];
        let pairs = point(a).iter().zip(point(b));
        pairs.fold(0.0, |largest, (a, b)| largest.max((a - b).abs()))
    }

    fn distances(&self, row: usize) -> impl Iterator<Item = f64> {
        (0..self.rows).map(move |other| self.distance(row, other, 0..self.columns))
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

    fn rows(&self) -> Vec<u32> {
        (0..self.rows as u32).collect()
    }
}
