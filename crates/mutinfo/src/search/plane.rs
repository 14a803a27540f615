//! The nearest neighbours of points in the plane, by the maximum norm, and their counts along each
//! axis: what [`Ksg1`](crate::Ksg1) needs of two scalar variables.
//!
//! Exact: the k-th distances and the counts are those of the definition, ties included, on any
//! data and on any number of threads. It takes about 70 bytes for each point.

use std::iter::successors;
use std::ops::Range;

use crate::compute::simd::{Kernel, LANES, Simd, run_widest};
use crate::compute::threads;
use crate::search::column::{BATCH, Column};
use crate::search::k_smallest::{Few, KSmallest, Many};
use crate::search::slabs::Slabs;

/// How many points make a task for one thread.
const TASK: usize = 1024;

/// How many numbers of neighbours a histogram has room for before it grows.
const USUAL_COUNTS: usize = 128;

/// At how many places in the order the distance between values is looked at.
const LOOKS: usize = 33;

/// One variable, ready to be an axis of planes for searches of k neighbours.
#[derive(Debug)]
pub(crate) struct PlaneAxis {
    column: Column,
    /// How many slabs are ordinary.
    slabs: usize,
    /// A typical distance between values as many places apart as an ordinary slab holds.
    gap: f64,
    /// For each number of slabs that may be chosen: the same between values as many places apart as
    /// a slab holds, and as the neighbours of a point reach in a slab along this axis.
    gaps: Vec<[f64; 2]>,
}

impl PlaneAxis {
    /// Of a column, for searches of k neighbours.
    pub(crate) fn new(column: Column, k: usize) -> Self {
        let n = column.len();
        let ordinary = ordinary_slabs(n, k);
        let gaps = fewer_slabs(ordinary)
            .map(|slabs| [n / slabs, slabs * (k + 1)].map(|places| gap(&column, places)))
            .collect();
        Self {
            slabs: ordinary as usize,
            gap: gap(&column, (n as f64 / ordinary) as usize),
            gaps,
            column,
        }
    }

    /// The values in order.
    pub(crate) fn column(&self) -> &Column {
        &self.column
    }
}

/// At √(n / (k + 1)) slabs, as many values of x lie in a slab as values of y lie between a point
/// and the neighbours it has there.
fn ordinary_slabs(n: usize, k: usize) -> f64 {
    (n as f64 / (k + 1) as f64).sqrt()
}

/// So many slabs, half of them, and so on, down to 2.
fn fewer_slabs(ordinary: f64) -> impl Iterator<Item = usize> {
    successors(Some(ordinary as usize), |slabs| Some(slabs / 2)).take_while(|&slabs| slabs > 1)
}

/// Points (x, y) of the plane, ready for searches.
pub(crate) struct Plane<'a> {
    across: &'a Column,
    along: &'a Column,
    /// Whether the slabs are cut across y instead of x.
    turned: bool,
    slabs: Slabs,
}

/// What one point sees within the distance of its k-th neighbour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Neighbourhood {
    /// The row of the point.
    pub(crate) row: usize,
    /// The distance of its k-th neighbour.
    pub(crate) distance: f64,
    /// How many rows, itself included, have an x nearer than that; one equal to it, where the
    /// distance is 0.
    pub(crate) x: usize,
    /// The same for y.
    pub(crate) y: usize,
}

impl<'a> Plane<'a> {
    /// The points (xᵢ, yᵢ).
    pub(crate) fn new(x: &'a PlaneAxis, y: &'a PlaneAxis) -> Self {
        Self::with(x, y, |row| row, |row| row)
    }

    /// The points (xⱼ, yᵢ) with j = `permutation[i]`: y is paired with a shuffled x, and neither is
    /// sorted again.
    pub(crate) fn shuffled(x: &'a PlaneAxis, permutation: &[u32], y: &'a PlaneAxis) -> Self {
        let mut inverse = vec![0; permutation.len()];
        for (i, &j) in permutation.iter().enumerate() {
            inverse[j as usize] = i as u32;
        }
        Self::with(
            x,
            y,
            |row| permutation[row as usize],
            |row| inverse[row as usize],
        )
    }

    /// The points where row i of y goes with row `x_row(i)` of x, and row j of x with row
    /// `y_row(j)` of y.
    fn with(
        x: &'a PlaneAxis,
        y: &'a PlaneAxis,
        x_row: impl Fn(u32) -> u32 + Sync,
        y_row: impl Fn(u32) -> u32 + Sync,
    ) -> Self {
        let turned = y.gap < x.gap;
        let (across, along) = if turned { (y, x) } else { (x, y) };
        // Where the values across lie much closer together than those along, wider slabs.
        let gaps = across.gaps.iter().zip(&along.gaps);
        let halvings = gaps.take_while(|&([across, _], [_, along])| 2.0 * across < *along);
        let slabs = x.slabs >> halvings.count();
        let (across, along) = (&across.column, &along.column);
        let slabs = if turned {
            Slabs::new(across, y_row, along, slabs)
        } else {
            Slabs::new(across, x_row, along, slabs)
        };
        Self {
            across,
            along,
            turned,
            slabs,
        }
    }

    /// How often each count occurs among the x and y counts of all points, and the first row, if
    /// any, whose k-th neighbour is at distance 0.
    pub(crate) fn histogram(&self, k: usize) -> (Vec<u32>, Option<usize>) {
        let parts = threads::gather(
            self.tasks(),
            || (Vec::with_capacity(USUAL_COUNTS), None),
            |(histogram, tied): &mut (Vec<u32>, Option<usize>), slabs| {
                self.visit(k, slabs, |point| {
                    for count in [point.x, point.y] {
                        if count >= histogram.len() {
                            histogram.resize(count + 1, 0);
                        }
                        histogram[count] += 1;
                    }
                    if point.distance == 0.0 {
                        *tied = Some(tied.map_or(point.row, |row| row.min(point.row)));
                    }
                });
            },
        );
        let tied = parts.iter().filter_map(|(_, tied)| *tied).min();
        let histograms = parts.into_iter().map(|(histogram, _)| histogram);
        let total = histograms.reduce(|mut total, histogram| {
            if histogram.len() > total.len() {
                total.resize(histogram.len(), 0);
            }
            for (total, count) in total.iter_mut().zip(histogram) {
                *total += count;
            }
            total
        });
        (total.unwrap_or_default(), tied)
    }

    /// What each point sees, row by row.
    pub(crate) fn neighbourhoods(&self, k: usize) -> Vec<Neighbourhood> {
        let parts = threads::map(
            self.tasks(),
            || (),
            |(), slabs| {
                let mut points = Vec::new();
                self.visit(k, slabs, |point| points.push(point));
                points
            },
        );
        let mut points = parts.concat();
        points.sort_unstable_by_key(|point| point.row);
        points
    }

    /// Ranges of slabs for one thread at a time.
    fn tasks(&self) -> impl ExactSizeIterator<Item = Range<usize>> {
        let points = self.across.len() / self.slabs.len();
        threads::chunks(self.slabs.len(), TASK.div_ceil(points.max(1)))
    }

    /// Calls `see` for each point of some slabs.
    fn visit(&self, k: usize, slabs: Range<usize>, see: impl FnMut(Neighbourhood)) {
        run_widest(Visit {
            plane: self,
            k,
            slabs,
            see,
        });
    }
}

/// The search for all points of some slabs.
struct Visit<'a, F> {
    plane: &'a Plane<'a>,
    k: usize,
    slabs: Range<usize>,
    see: F,
}

impl<F: FnMut(Neighbourhood)> Kernel for Visit<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self, simd: impl Simd) {
        match self.k {
            1 => self.visit(simd, Few::<_, 1>::new(simd)),
            2 => self.visit(simd, Few::<_, 2>::new(simd)),
            3 => self.visit(simd, Few::<_, 3>::new(simd)),
            4 => self.visit(simd, Few::<_, 4>::new(simd)),
            5 => self.visit(simd, Few::<_, 5>::new(simd)),
            k => self.visit(simd, Many::new(simd, k)),
        }
    }
}

impl<F: FnMut(Neighbourhood)> Visit<'_, F> {
    #[inline(always)]
    fn visit<S: Simd, N: KSmallest<S>>(mut self, simd: S, mut nearest: N) {
        let plane = self.plane;
        let mut found = [Found::default(); BATCH];
        let mut count = 0;
        let mut entries = plane.slabs.entries();
        for slab in self.slabs.clone() {
            entries.restart();
            for start in plane.slabs.tiles(slab) {
                let tile = plane.slabs.tile(simd, slab, start);
                nearest.clear(simd);
                plane.slabs.search(simd, &tile, &mut entries, &mut nearest);
                let distance = simd.store(nearest.kth());
                for (lane, &distance) in distance[..tile.points].iter().enumerate() {
                    found[count] = Found {
                        row: plane.slabs.row(&tile, lane),
                        across: tile.x[lane],
                        along: tile.y[lane],
                        distance,
                    };
                    count += 1;
                }
                if count + LANES > BATCH {
                    self.count(&found[..count]);
                    count = 0;
                }
            }
        }
        self.count(&found[..count]);
    }

    /// Counts around points whose k-th neighbours are found, at most [`BATCH`] of them.
    #[inline(always)]
    fn count(&mut self, found: &[Found]) {
        let plane = self.plane;
        let across = |point: &Found| (point.across, point.radius());
        let along = |point: &Found| (point.along, point.radius());
        let across = plane.across.count_each_within(found, across);
        let along = plane.along.count_each_within(found, along);
        for ((point, across), along) in found.iter().zip(across).zip(along) {
            let (x, y) = if plane.turned {
                (along, across)
            } else {
                (across, along)
            };
            (self.see)(Neighbourhood {
                row: point.row,
                distance: point.distance,
                x,
                y,
            });
        }
    }
}

/// A point whose k-th neighbour is found.
#[derive(Clone, Copy, Default)]
struct Found {
    row: usize,
    across: f64,
    along: f64,
    distance: f64,
}

impl Found {
    /// Within which others are counted. The number below the distance: strictly nearer. At 0,
    /// equal.
    #[inline(always)]
    fn radius(&self) -> f64 {
        self.distance.next_down().max(0.0)
    }
}

/// A typical distance between values `places` apart in the order: the median of some.
fn gap(column: &Column, places: usize) -> f64 {
    let sorted = column.sorted();
    let pairs = sorted.len() - places.min(sorted.len() - 1);
    let step = pairs.div_ceil(LOOKS);
    let mut gaps = [0.0; LOOKS];
    let gaps = &mut gaps[..pairs.div_ceil(step)];
    for (gap, at) in gaps.iter_mut().zip((0..pairs).step_by(step)) {
        *gap = sorted[at + sorted.len() - pairs] - sorted[at];
    }
    let middle = gaps.len() / 2;
    *gaps.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::simd::run_baseline;
    use proptest::prelude::*;

    /// The definition, by looking at all pairs.
    fn slow(x: &[f64], y: &[f64], k: usize) -> Vec<Neighbourhood> {
        let within = |values: &[f64], centre: f64, radius: f64| {
            values
                .iter()
                .filter(|&value| (value - centre).abs() <= radius)
                .count()
        };
        (0..x.len())
            .map(|row| {
                let mut distances: Vec<f64> = (0..x.len())
                    .filter(|&other| other != row)
                    .map(|other| (x[other] - x[row]).abs().max((y[other] - y[row]).abs()))
                    .collect();
                distances.sort_by(f64::total_cmp);
                let distance = distances[k - 1];
                let radius = distance.next_down().max(0.0);
                Neighbourhood {
                    row,
                    distance,
                    x: within(x, x[row], radius),
                    y: within(y, y[row], radius),
                }
            })
            .collect()
    }

    fn fast(x: &[f64], y: &[f64], k: usize) -> Vec<Neighbourhood> {
        let [x, y] = [x, y].map(|values| PlaneAxis::new(Column::new(values.to_vec()), k));
        let plane = Plane::new(&x, &y);
        plane.neighbourhoods(k)
    }

    /// The same by the instructions that every processor of this kind has.
    fn fast_by_baseline(x: &[f64], y: &[f64], k: usize) -> Vec<Neighbourhood> {
        let [x, y] = [x, y].map(|values| PlaneAxis::new(Column::new(values.to_vec()), k));
        let plane = Plane::new(&x, &y);
        let mut points = Vec::new();
        run_baseline(Visit {
            plane: &plane,
            k,
            slabs: 0..plane.slabs.len(),
            see: |point| points.push(point),
        });
        points.sort_unstable_by_key(|point| point.row);
        points
    }

    /// Ordinary, rounded, zero-inflated, heavy-tailed, huge and tiny values.
    fn column(n: usize) -> impl Strategy<Value = Vec<f64>> {
        let of = |value: BoxedStrategy<f64>| prop::collection::vec(value, n);
        prop_oneof![
            of((-3.0..3.0).boxed()),
            of((-3..3_i32).prop_map(f64::from).boxed()),
            of((-30..30_i32).prop_map(|i| f64::from(i) / 10.0).boxed()),
            of(prop_oneof![Just(0.0), Just(-0.0), -1.0..1.0].boxed()),
            of((-1.0..1.0).prop_map(|u: f64| 1.0 / u).boxed()),
            of((-1.0..1.0).prop_map(|u: f64| u * 1e-12 + 1e3).boxed()),
            of((-1.0..1.0).prop_map(|u: f64| u * 1e150).boxed()),
            of((-1.0..1.0).prop_map(|u: f64| u * 1e-310).boxed()),
            of(Just(7.0).boxed()),
        ]
    }

    proptest! {
        #[test]
        fn equals_the_definition_on_hostile_data(
            (x, y) in (2..400_usize).prop_flat_map(|n| (column(n), column(n))),
            k in 1..12_usize,
        ) {
            let k = k.min(x.len() - 1);
            let expected = slow(&x, &y, k);
            prop_assert_eq!(fast(&x, &y, k), &expected[..]);
            prop_assert_eq!(fast_by_baseline(&x, &y, k), expected);
            // Along a line.
            prop_assert_eq!(fast(&x, &x, k), slow(&x, &x, k));
        }
    }

    #[test]
    fn many_points_see_the_same_on_any_number_of_threads() {
        let n = 20_000;
        let x: Vec<f64> = (0..n).map(|row| ((row * row + 1) as f64).sin()).collect();
        let noise = |row: usize| ((row * (row + 7919)) as f64).sin();
        let y: Vec<f64> = x
            .iter()
            .enumerate()
            .map(|(row, x)| x + noise(row))
            .collect();
        let rounded: Vec<f64> = x.iter().map(|x| (5.0 * x).round()).collect();
        for x in [x, rounded] {
            let points = fast(&x, &y, 3);
            for threads in [1, 3] {
                assert!(crate::with_threads(threads, || fast(&x, &y, 3)) == points);
            }
            for point in points.iter().step_by(100) {
                let distance = |row: usize| {
                    let [dx, dy] = [&x, &y].map(|values| (values[row] - values[point.row]).abs());
                    dx.max(dy)
                };
                let mut distances: Vec<f64> = (0..n).map(distance).collect();
                // The nearest is the point itself.
                let kth = *distances.select_nth_unstable_by(3, f64::total_cmp).1;
                assert_eq!(point.distance, kth);
                let near = |values: &[f64]| {
                    let differences = values.iter().map(|value| (value - values[point.row]).abs());
                    differences.filter(|&d| d < kth || d == 0.0).count()
                };
                assert_eq!((point.x, point.y), (near(&x), near(&y)));
            }
        }
    }
}
