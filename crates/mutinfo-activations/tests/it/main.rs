//! Integration tests: the readers on real files and on hostile ones, and columns of every kind.

#[allow(dead_code, reason = "these tests use a part of them")]
#[path = "../../../mutinfo/tests/it/columns.rs"]
mod columns;
mod every_column;
mod hostile;
mod readers;

use std::alloc::System;
use std::path::PathBuf;

/// The whole test program may hold this much, so that an allocation that a damaged file talks the
/// readers into ends the test.
#[global_allocator]
static ALLOCATOR: cap::Cap<System> = cap::Cap::new(System, 128 << 20);

/// A file in tests/fixtures, which make.py there makes.
fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", name]
        .iter()
        .collect()
}
