//! [`Neighbours`]: the nearest points of every point, by a k-d tree that is walked for a leaf's
//! points at once: which of them a box is near to takes no more than arithmetic on whole registers.
//! It is about twice as fast as kiddo's trees, which answer one query at a time.

use std::ops::Range;

use crate::compute::simd::{Kernel, LANES, Simd, run_widest};
use crate::search::column::Column;
use crate::search::rows::each_chunk;

use super::tree::{LEAF, Node, Tree, each_bit};

/// Up to how many neighbours are moved one by one, which takes less time than a call to move them
/// together.
const FEW: usize = 64;

/// Points whose neighbours can be found, in any number of dimensions.
pub(crate) struct Neighbours {
    tree: Tree<f64>,
}

/// What a search for the nearest points of one of them keeps of what it finds.
pub(crate) trait Found: Clone {
    /// Forgets what was found.
    fn clear(&mut self);

    /// Takes those of a leaf's points that are `within` reach, a bit for each, and returns the reach
    /// from then on: the largest distance at which a point belongs to what was found. (Inline, to be
    /// compiled for each instruction set.)
    fn take_all(&mut self, distances: &[f64; LEAF], within: u32, rows: &[u32]) -> f64;
}

/// The points nearest to one of them, itself among them.
#[derive(Clone)]
pub(crate) struct Nearest {
    k: usize,
    /// Whether what is as near as the k-th belongs to them; not where that is at the same place, as
    /// half of all points may be.
    ties: bool,
    /// The largest distance at which a point belongs to what was found so far.
    reach: f64,
    /// Their distances and rows, in the order of the distances.
    found: Vec<(f64, u32)>,
}

impl Nearest {
    /// The k nearest others, with or without what is as near as the k-th.
    pub(super) fn new(k: usize, ties: bool) -> Self {
        Self {
            k,
            ties,
            reach: f64::INFINITY,
            found: Vec::new(),
        }
    }

    /// The distance of the k-th of the others.
    pub(crate) fn distance(&self) -> f64 {
        self.found[self.k].0
    }

    /// The k nearest of the others, what ties with the k-th if it was asked for, and the point
    /// itself. (If there are more points at its place, some of these may stand for it.)
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.found.iter().map(|&(_, row)| row as usize)
    }

    /// Takes a point no farther than `reach`.
    #[inline(always)]
    fn take(&mut self, distance: f64, row: u32) {
        if self.k > FEW {
            let place = self.found.partition_point(|found| found.0 <= distance);
            self.found.insert(place, (distance, row));
        } else {
            self.found.push((distance, row));
            let mut place = self.found.len() - 1;
            while place > 0 && self.found[place - 1].0 > distance {
                self.found[place] = self.found[place - 1];
                place -= 1;
            }
            self.found[place] = (distance, row);
        }
        if self.found.len() <= self.k {
            return;
        }
        let kth = self.distance();
        let ties = self.ties && kth > 0.0;
        let belongs = |distance: f64| ties && distance == kth;
        while self.found.len() > self.k + 1 && !belongs(self.found[self.found.len() - 1].0) {
            self.found.pop();
        }
        self.reach = if ties { kth } else { kth.next_down() };
    }
}

impl Found for Nearest {
    fn clear(&mut self) {
        self.reach = f64::INFINITY;
        self.found.clear();
    }

    #[inline(always)]
    fn take_all(&mut self, distances: &[f64; LEAF], within: u32, rows: &[u32]) -> f64 {
        each_bit(within, |place| {
            // What fills up the last leaf has no row; and the reach may have become shorter.
            if place < rows.len() && distances[place] <= self.reach {
                self.take(distances[place], rows[place]);
            }
        });
        self.reach
    }
}

/// The distances of a point's k nearest others, and of what was found besides.
#[derive(Clone)]
pub(super) struct Distances {
    k: usize,
    reach: f64,
    /// As bits, which have the order of the numbers, as none is negative.
    found: Vec<u64>,
}

impl Distances {
    /// Of at least the k nearest others.
    pub(super) fn new(k: usize) -> Self {
        Self {
            k,
            reach: f64::INFINITY,
            found: Vec::new(),
        }
    }

    /// In increasing order, up to the k-th of the others: first that of the point itself.
    pub(super) fn sorted(&mut self) -> &[u64] {
        self.keep_nearest();
        self.found.sort_unstable();
        &self.found
    }

    fn keep_nearest(&mut self) {
        if self.found.len() > self.k {
            self.found.select_nth_unstable(self.k);
            self.found.truncate(self.k + 1);
            self.reach = f64::from_bits(self.found[self.k]).next_down();
        }
    }
}

impl Found for Distances {
    fn clear(&mut self) {
        self.reach = f64::INFINITY;
        self.found.clear();
    }

    #[inline(always)]
    fn take_all(&mut self, distances: &[f64; LEAF], within: u32, rows: &[u32]) -> f64 {
        each_bit(within, |place| {
            // What fills up the last leaf has no row.
            if place < rows.len() {
                self.found.push(distances[place].to_bits());
            }
        });
        if self.found.len() > 2 * self.k {
            self.keep_nearest();
        }
        self.reach
    }
}

impl Neighbours {
    /// Of points that stand one after another.
    pub(crate) fn new(points: &[f64], dimensions: usize) -> Self {
        Self {
            tree: Tree::new(points, dimensions, f64::INFINITY),
        }
    }

    /// All rows, near ones one after the other.
    pub(crate) fn rows(&self) -> &[u32] {
        self.tree.rows()
    }

    /// Finds the nearest others (fewer than there are points) of the points at these places in
    /// [`rows`](Self::rows): whole leaves. `none` says which, and that none was found yet.
    pub(super) fn visit<F: Found>(
        &self,
        places: Range<usize>,
        none: F,
        visit: &mut dyn FnMut(usize, &mut F),
    ) {
        debug_assert!(places.start.is_multiple_of(LEAF));
        let leaves = places.start / LEAF..places.end.div_ceil(LEAF);
        let tree = &self.tree;
        run_widest(VisitLeaves(tree, leaves, none, visit));
    }
}

/// Finds the nearest of the points in some leaves; the `F` says which.
struct VisitLeaves<'a, F>(
    &'a Tree<f64>,
    Range<usize>,
    F,
    &'a mut dyn FnMut(usize, &mut F),
);

impl<F: Found> Kernel for VisitLeaves<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self, simd: impl Simd) {
        let Self(tree, leaves, none, visit) = self;
        let mut nearest = [(); LEAF].map(|()| none.clone());
        for leaf in leaves {
            nearest.iter_mut().for_each(Found::clear);
            find_nearest(simd, tree, leaf, &mut nearest);
            for (&row, nearest) in tree.rows_in(leaf).iter().zip(&mut nearest) {
                visit(row as usize, nearest);
            }
        }
    }
}

/// Finds the nearest of each of a leaf's points. The tree is walked for all of them at once.
#[inline(always)]
fn find_nearest<F: Found>(simd: impl Simd, tree: &Tree<f64>, leaf: usize, nearest: &mut [F; LEAF]) {
    let centres = tree.leaf(leaf);
    // Nothing is near what only fills up the last leaf.
    let mut reaches = [f64::NEG_INFINITY; LEAF];
    reaches[..tree.rows_in(leaf).len()].fill(f64::INFINITY);
    // What waits to be searched: at each level of the tree, two nodes at most. What is beside the
    // leaf comes first, so that the reaches soon are short.
    let mut waiting = [Node::default(); 2 * u32::BITS as usize];
    let mut waiters = tree.path_to(leaf, &mut waiting);
    while waiters > 0 {
        waiters -= 1;
        let node = waiting[waiters];
        let near = within_reach(simd, tree.corners(node), centres, &reaches);
        if near == 0 {
            continue;
        }
        if let Some([first, second]) = node.halves() {
            waiting[waiters] = second;
            waiting[waiters + 1] = first;
            waiters += 2;
            continue;
        }
        let leaf = tree.leaf(node.first_leaf());
        let rows = tree.rows_in(node.first_leaf());
        each_bit(near, |centre| {
            let (distances, within) = distances(simd, leaf, centres, centre, reaches[centre]);
            if within != 0 {
                reaches[centre] = nearest[centre].take_all(&distances, within, rows);
            }
        });
    }
}

/// A bit for each centre, set where a box is within its reach.
#[inline(always)]
fn within_reach<S: Simd>(
    simd: S,
    corners: &[[f64; 2]],
    centres: &[[f64; LEAF]],
    reaches: &[f64; LEAF],
) -> u32 {
    let mut gaps = [simd.splat(0.0); LEAF / LANES];
    for (&[low, high], centres) in corners.iter().zip(centres) {
        let (low, high) = (simd.splat(low), simd.splat(high));
        for (gap, &centres) in gaps.iter_mut().zip(centres.as_chunks().0) {
            let centres = simd.load(centres);
            let outside = simd.max(simd.minus(low, centres), simd.minus(centres, high));
            *gap = simd.max(*gap, outside);
        }
    }
    let mut bits = 0;
    for (i, (&gap, &reaches)) in gaps.iter().zip(reaches.as_chunks().0).enumerate() {
        bits |= simd.at_most(gap, simd.load(reaches)) << (i * LANES);
    }
    bits
}

/// The distances of a leaf's points from one of the centres, and a bit for each, set where it is
/// within reach.
#[inline(always)]
fn distances<S: Simd>(
    simd: S,
    leaf: &[[f64; LEAF]],
    centres: &[[f64; LEAF]],
    centre: usize,
    reach: f64,
) -> ([f64; LEAF], u32) {
    let mut largest = [simd.splat(0.0); LEAF / LANES];
    for (values, centres) in leaf.iter().zip(centres) {
        let centre = simd.splat(centres[centre]);
        for (largest, &values) in largest.iter_mut().zip(values.as_chunks().0) {
            *largest = simd.max(*largest, simd.distance(simd.load(values), centre));
        }
    }
    let mut distances = [0.0; LEAF];
    let mut bits = 0;
    let parts = distances.as_chunks_mut().0.iter_mut().zip(largest);
    for (i, (distances, largest)) in parts.enumerate() {
        *distances = simd.store(largest);
        bits |= simd.at_most(largest, simd.splat(reach)) << (i * LANES);
    }
    (distances, bits)
}

/// The distance of each value to the k-th nearest of the others.
pub(super) fn kth_distances_in(column: &Column, k: usize) -> Vec<f64> {
    let values = column.sorted();
    let distance = |row: u32| {
        // Of equal values, each has the others at distance 0.
        let place = column.first_equal()[row as usize] as usize;
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
    };
    let rows = column.rows();
    each_chunk(rows, |places| {
        rows[places].iter().map(|&row| distance(row)).collect()
    })
}
