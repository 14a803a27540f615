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
    let chunks = threads::chunks(rows.len(), ROWS_PER_TASK);
    let parts = threads::map(chunks, || (), |(), places| values(places));
    let mut by_row = vec![T::default(); rows.len()];
    for (&row, value) in rows.iter().zip(parts.into_iter().flatten()) {
        by_row[row as usize] = value;
    }
    by_row
}
