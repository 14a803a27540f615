//! [`Rectangles`]: how many points of the plane lie in a rectangle.
//!
//! The plane of places in sorted order, where each row and each column holds one point, is cut into
//! square blocks. For every corner of a block, a table has the number of points below and left of
//! it; what a rectangle has more or less than the nearest blocks is counted point by point, in four
//! strips that are narrower than a block.

use std::ops::Range;

use crate::compute::simd::Simd;
use crate::search::column::Column;

use super::cubes::{Centres, Counting};

/// How many places a strip's points are compared at once.
const TOGETHER: usize = 16;

/// Points of the plane.
pub(crate) struct Rectangles {
    x: Axis,
    y: Axis,
    /// A block has 2^`block_digits` places along each axis.
    block_digits: u32,
    /// How many corners of blocks there are along each axis.
    corners: usize,
    /// For each corner, first along x and then along y, the number of points below both.
    below: Vec<u32>,
}

/// One of the two variables.
struct Axis {
    values: Column,
    /// In this variable's order, each point's place in the order of the other, and [`TOGETHER`]
    /// times a place that none has.
    others: Vec<i32>,
}

impl Rectangles {
    /// Of less than 2³¹ points.
    pub(crate) fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        let n = x.len();
        let (x, y) = (Column::new(x), Column::new(y));
        let (in_x, in_y) = (places(&x), places(&y));
        let (x, y) = (Axis::new(x, &in_y), Axis::new(y, &in_x));

        // About as many blocks as points: a table as large as the points, and strips as short as
        // that allows.
        let block_digits = n.ilog2() / 2;
        let corners = (n >> block_digits) + 2;
        let mut below = vec![0; corners * corners];
        for (x, &y) in x.others[..n].iter().enumerate() {
            let [x, y] = [x, y as usize].map(|place| (place >> block_digits) + 1);
            below[y * corners + x] += 1;
        }
        for y in 1..corners {
            let (before, row) = below[(y - 1) * corners..].split_at_mut(corners);
            let mut in_row = 0;
            for (below, &before) in row[..corners].iter_mut().zip(&*before) {
                in_row += *below;
                *below = before + in_row;
            }
        }
        Self {
            x,
            y,
            block_digits,
            corners,
            below,
        }
    }

    /// How many points are at these places along both axes.
    #[inline(always)]
    fn count(&self, simd: impl Simd, x: Range<usize>, y: Range<usize>) -> u32 {
        // As if each boundary were at the corner before it:
        let [x_corners, y_corners] = [&x, &y].map(|range| {
            let corner = |place| place >> self.block_digits;
            corner(range.start)..corner(range.end)
        });
        let at = |corner: usize| corner << self.block_digits;
        let x_between = at(x_corners.start)..at(x_corners.end);
        let below = |x: usize, y: usize| self.below[y * self.corners + x];
        let between = below(x_corners.end, y_corners.end) + below(x_corners.start, y_corners.start)
            - below(x_corners.start, y_corners.end)
            - below(x_corners.end, y_corners.start);
        // First y's boundaries are moved to where they are, then x's.
        between + self.y.count(simd, at(y_corners.end)..y.end, &x_between)
            - self.y.count(simd, at(y_corners.start)..y.start, &x_between)
            + self.x.count(simd, x_between.end..x.end, &y)
            - self.x.count(simd, x_between.start..x.start, &y)
    }
}

impl Axis {
    fn new(values: Column, place_in_other: &[i32]) -> Self {
        let rows = values.rows().iter();
        let mut others: Vec<i32> = rows.map(|&row| place_in_other[row as usize]).collect();
        others.extend([i32::MAX; TOGETHER]);
        Self { values, others }
    }

    /// How many of the points at these places are at those places in the other's order.
    #[inline(always)]
    fn count(&self, simd: impl Simd, places: Range<usize>, others: &Range<usize>) -> u32 {
        let (first, last) = (others.start as i32, others.end as i32 - 1);
        let mut count = 0;
        for start in places.clone().step_by(TOGETHER) {
            let mut outside = [0; TOGETHER];
            for (outside, &other) in outside.iter_mut().zip(&self.others[start..]) {
                // One of two numbers is negative where their bitwise "or" is.
                *outside = (other - first) | (last - other);
            }
            let wanted = (1 << (places.end - start).min(TOGETHER)) - 1;
            count += (!simd.negative(outside) & wanted).count_ones();
        }
        count
    }
}

/// The place of each row in sorted order.
fn places(column: &Column) -> Vec<i32> {
    let mut places = vec![0; column.len()];
    for (place, &row) in (0..).zip(column.rows()) {
        places[row as usize] = place;
    }
    places
}

impl Counting for Rectangles {
    fn rows(&self) -> &[u32] {
        self.x.values.rows()
    }

    #[inline(always)]
    fn counts(&self, simd: impl Simd, centres: Centres<'_>, rows: &[u32]) -> Vec<u32> {
        // What one step needs of all rows is fetched together, before the next step waits for it.
        let mut cubes = Vec::with_capacity(rows.len());
        cubes.extend(rows.iter().map(|&row| centres.of(row)));
        let mut ranges = Vec::with_capacity(rows.len());
        for (centre, radius) in cubes {
            let x = self.x.values.range_within(centre[0], radius);
            let y = self.y.values.range_within(centre[1], radius);
            ranges.push([x, y]);
        }
        let mut counts = Vec::with_capacity(rows.len());
        for [x, y] in ranges {
            counts.push(self.count(simd, x, y));
        }
        counts
    }
}
