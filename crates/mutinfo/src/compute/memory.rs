//! Keeps memory at hand between estimates.

use std::hint::black_box;

/// Has the allocator keep what arrays of so many bytes in all leave behind, up to 32 MiB, for the
/// arrays of the next estimate.
///
/// glibc gives memory back to the system as soon as it is free, to get it anew, page by page, unless a
/// block as large has come and gone before (`mallopt(3)`, "dynamic mmap threshold"). Nothing is written
/// to the block.
pub(crate) fn keep(bytes: usize) {
    const MOST: usize = 32 << 20;
    drop(black_box(Vec::<u8>::with_capacity(bytes.min(MOST))));
}
