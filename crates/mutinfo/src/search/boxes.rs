//! [`Boxes`]: how many points lie in a cube, by a k-d tree that looks only at the points near the
//! cube's surface.
//!
//! In each dimension, the values within a radius of a centre are a run of the sorted values. So the
//! tree is made of the values' places in sorted order, and whether a place is in a run takes no
//! rounded difference, and half the room.

use crate::compute::simd::Simd;
use crate::search::column::Column;

use super::cubes::{Centres, Counting};
use super::tree::{LEAF, Node, Tree, each_bit};

/// One number for each of a leaf's points, or for each of as many centres.
type Each = [i32; LEAF];

/// Points in any number of dimensions.
pub(crate) struct Boxes {
    columns: Vec<Column>,
    /// Of equal values, all have the place of the first.
    places: Tree<i32>,
}

/// The cubes around up to [`LEAF`] centres, as places in sorted order.
struct Cubes {
    /// In each dimension, the first place that is in each cube, and the last.
    runs: Vec<[Each; 2]>,
}

impl Boxes {
    /// Of points that stand one after another, less than 2³¹ of them.
    pub(crate) fn new(points: &[f64], dimensions: usize) -> Self {
        let columns: Vec<Column> = (0..dimensions)
            .map(|d| points.iter().skip(d).step_by(dimensions).copied().collect())
            .map(Column::new)
            .collect();
        let mut places = vec![0; points.len()];
        for (dimension, column) in columns.iter().enumerate() {
            let places = places.iter_mut().skip(dimension).step_by(dimensions);
            for (place, &first_equal) in places.zip(column.first_equal()) {
                *place = first_equal as i32;
            }
        }
        Self {
            columns,
            places: Tree::new(&places, dimensions, i32::MAX),
        }
    }

    /// The cubes around some rows.
    #[inline(always)]
    fn set_cubes(&self, cubes: &mut Cubes, centres: Centres<'_>, rows: &[u32]) {
        for (dimension, (runs, column)) in cubes.runs.iter_mut().zip(&self.columns).enumerate() {
            for (cube, &row) in rows.iter().enumerate() {
                let (centre, radius) = centres.of(row);
                let run = column.range_within(centre[dimension], radius);
                runs[0][cube] = run.start as i32;
                runs[1][cube] = run.end as i32 - 1;
            }
        }
    }

    /// How many points are in each of the first `len` cubes.
    #[inline(always)]
    fn count(&self, simd: impl Simd, cubes: &Cubes, len: usize) -> [u32; LEAF] {
        let mut counts = [0; LEAF];
        // Second halves that wait, each with a bit for each cube that may cut it: one a level of
        // the tree at most.
        let mut waiting = [(Node::default(), 0); u32::BITS as usize];
        let mut waiters = 0;
        let (mut node, mut wanted) = (self.places.root(), (1_u32 << len) - 1);
        loop {
            let (not_inside, outside) = cubes.compare(simd, self.places.corners(node));
            let len = self.places.len(node) as u32;
            each_bit(wanted & !not_inside, |cube| counts[cube] += len);
            wanted &= not_inside & !outside;
            if wanted != 0 {
                if let Some([first, second]) = node.halves() {
                    waiting[waiters] = (second, wanted);
                    waiters += 1;
                    node = first;
                    continue;
                }
                let leaf = self.places.leaf(node.first_leaf());
                each_bit(wanted, |cube| {
                    counts[cube] += cubes.count_in(simd, cube, leaf)
                });
            }
            if waiters == 0 {
                return counts;
            }
            waiters -= 1;
            (node, wanted) = waiting[waiters];
        }
    }
}

impl Cubes {
    /// A bit for each cube that a box is not inside, and for each that it is outside.
    #[inline(always)]
    fn compare(&self, simd: impl Simd, corners: &[[i32; 2]]) -> (u32, u32) {
        let (mut not_inside, mut outside) = ([0; LEAF], [0; LEAF]);
        // No difference overflows, and one of two numbers is negative where their bitwise "or" is.
        for ([first, last], &[low, high]) in self.runs.iter().zip(corners) {
            for cube in 0..LEAF {
                not_inside[cube] |= (low - first[cube]) | (last[cube] - high);
                outside[cube] |= (high - first[cube]) | (last[cube] - low);
            }
        }
        (simd.negative(not_inside), simd.negative(outside))
    }

    /// How many of a leaf's points are in one cube.
    #[inline(always)]
    fn count_in(&self, simd: impl Simd, cube: usize, leaf: &[[i32; LEAF]]) -> u32 {
        let mut outside = [0; LEAF];
        for ([first, last], places) in self.runs.iter().zip(leaf) {
            let (first, last) = (first[cube], last[cube]);
            for (outside, &place) in outside.iter_mut().zip(places) {
                *outside |= (place - first) | (last - place);
            }
        }
        LEAF as u32 - simd.negative(outside).count_ones()
    }
}

impl Counting for Boxes {
    fn rows(&self) -> &[u32] {
        self.places.rows()
    }

    #[inline(always)]
    fn counts(&self, simd: impl Simd, centres: Centres<'_>, rows: &[u32]) -> Vec<u32> {
        let mut counts = Vec::with_capacity(rows.len());
        let mut cubes = Cubes {
            runs: vec![[[0; LEAF]; 2]; self.columns.len()],
        };
        for rows in rows.chunks(LEAF) {
            self.set_cubes(&mut cubes, centres, rows);
            let each = self.count(simd, &cubes, rows.len());
            counts.extend_from_slice(&each[..rows.len()]);
        }
        counts
    }
}
