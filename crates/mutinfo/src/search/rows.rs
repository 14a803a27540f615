//! Spreads rows over threads.

use std::ops::Range;

use crate::compute::threads;

/// How many rows one task searches for, a multiple of what a leaf of a tree holds.
const ROWS_PER_TASK: usize = 512;

/// One value for each row, from the values of a few rows at a time. The rows, all of them in some
/// order, are spread over threads; where near ones follow each other, the memory that they look at
/// is at hand. `values` is given places in `rows`, and returns a value for each.
pub(super) fn each_chunk<T: Clone + Default + Send>(
    rows: &[u32],
    values: impl Fn(Range<usize>) -> Vec<T> + Sync,
) -> Vec<T> {
    several_each_chunk(rows, 1, values).swap_remove(0)
}

/// The same for `several` values of each row, which `values` returns one after another.
pub(super) fn several_each_chunk<T: Clone + Default + Send>(
    rows: &[u32],
    several: usize,
    values: impl Fn(Range<usize>) -> Vec<T> + Sync,
) -> Vec<Vec<T>> {
    let chunks = threads::chunks(rows.len(), ROWS_PER_TASK);
    let parts = threads::map(chunks, || (), |(), places| values(places));
    let mut by_row = vec![vec![T::default(); rows.len()]; several];
    let mut values = parts.into_iter().flatten();
    for &row in rows {
        for (by_row, value) in by_row.iter_mut().zip(&mut values) {
            by_row[row as usize] = value;
        }
    }
    by_row
}
