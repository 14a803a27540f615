//! How many points lie in the cubes around many centres: [`Counting`] is what can tell it.

use crate::compute::simd::{Kernel, Simd, run_widest};
use crate::search::column::Column;
use crate::search::rows::each_chunk;

/// Points of which it can be told how many lie in a cube.
pub(super) trait Counting: Sync {
    /// All rows, near ones one after the other.
    fn rows(&self) -> &[u32];

    /// Around each of a few of the rows, the number of points in its cube. (Inline, to be compiled
    /// for each instruction set.)
    fn counts(&self, simd: impl Simd, centres: Centres<'_>, rows: &[u32]) -> Vec<u32>;
}

/// The centres of cubes, one after another, and how far each reaches.
#[derive(Clone, Copy)]
pub(super) struct Centres<'a> {
    values: &'a [f64],
    dimensions: usize,
    radii: &'a [f64],
}

impl<'a> Centres<'a> {
    /// Centres that stand one after another, with the radius of each.
    pub(super) fn new(values: &'a [f64], dimensions: usize, radii: &'a [f64]) -> Self {
        Self {
            values,
            dimensions,
            radii,
        }
    }

    /// The centre and the radius of a row's cube.
    #[inline(always)]
    pub(super) fn of(&self, row: u32) -> (&[f64], f64) {
        let row = row as usize;
        let centre = &self.values[row * self.dimensions..][..self.dimensions];
        (centre, self.radii[row])
    }

    /// For each centre, the number of points in its cube.
    pub(super) fn counts(self, points: &impl Counting) -> Vec<u32> {
        let rows = points.rows();
        each_chunk(rows, |places| {
            run_widest(CountAll(self, points, &rows[places]))
        })
    }
}

/// The counts of some rows, in their order.
struct CountAll<'a, C>(Centres<'a>, &'a C, &'a [u32]);

impl<C: Counting> Kernel for CountAll<'_, C> {
    type Output = Vec<u32>;

    #[inline(always)]
    fn run(self, simd: impl Simd) -> Vec<u32> {
        let Self(centres, points, rows) = self;
        points.counts(simd, centres, rows)
    }
}

impl Counting for Column {
    fn rows(&self) -> &[u32] {
        self.rows()
    }

    #[inline(always)]
    fn counts(&self, _: impl Simd, centres: Centres<'_>, rows: &[u32]) -> Vec<u32> {
        let mut counts = Vec::with_capacity(rows.len());
        for &row in rows {
            let (centre, radius) = centres.of(row);
            counts.push(self.count_within(centre[0], radius) as u32);
        }
        counts
    }
}
