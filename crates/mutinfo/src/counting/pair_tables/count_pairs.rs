//! [`CountPairs`]: what every way to count pairs of columns does.

use std::ops::Range;

/// A way to count how often the classes of two columns occur together.
pub(super) trait CountPairs: Sync {
    /// Hands over, for each pair of these columns, the cells of its table, row after row.
    fn each_pair(
        &self,
        x: Range<usize>,
        y: Range<usize>,
        then: &mut dyn FnMut(usize, usize, &[u32]),
    );
}
