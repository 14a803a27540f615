//! Pairs of columns in a few bins, where the processor counts the ones of 512 bits at once.
//!
//! Each bin of a column is a row of bits, one for each sample. How often a bin of x and a bin of y
//! occur together is the number of ones that both rows have. The last bin needs no bits: its
//! counts are what the others leave of the column's own.

use std::ops::Range;

use super::count_pairs::CountPairs;
use crate::compute::simd::{Kernel, Popcount, Simd};
use crate::compute::threads;
use crate::data::labels::Labels;
use crate::estimator::PreparedSets;

/// The most bins for which this is faster than an increment for each sample.
const FEW_BINS: usize = 16;
/// How many words are counted together: 512 bits.
const WORDS: usize = 8;
/// The samples in a chunk.
const CHUNK: usize = 64 * WORDS;
/// How many chunks of a bin follow each other. The bits of two blocks of columns then stay in fast
/// memory while all their pairs are counted.
const TILE: usize = 32;
/// How many bins of y are counted at once against one of x, each in a register.
const TOGETHER: usize = 8;

/// 512 samples, each in a bin or not. (Aligned, for the processor to load at once.)
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Chunk([u64; WORDS]);

/// The bits of one column.
struct BitRows {
    /// Tile after tile, and in a tile bin after bin but the last.
    chunks: Vec<Chunk>,
    /// How often each bin occurs.
    times: Vec<u32>,
}

impl BitRows {
    fn new(labels: &Labels) -> Self {
        let mut times = vec![0; labels.classes()];
        let mut chunks = Vec::new();
        for codes in labels.codes().chunks(TILE * CHUNK) {
            let (start, length) = (chunks.len(), codes.len().div_ceil(CHUNK));
            chunks.resize(start + times.len() * length, Chunk::default());
            for (sample, &code) in codes.iter().enumerate() {
                times[code as usize] += 1;
                let chunk = &mut chunks[start + code as usize * length + sample / CHUNK];
                chunk.0[sample % CHUNK / 64] |= 1 << (sample % 64);
            }
            chunks.truncate(start + (times.len() - 1) * length);
        }
        Self { chunks, times }
    }

    /// How many bins have bits.
    fn bins(&self) -> usize {
        self.times.len() - 1
    }

    /// The chunks of a tile, where all have so many before it.
    fn tile(&self, chunks: Range<usize>) -> &[Chunk] {
        &self.chunks[chunks.start * self.bins()..chunks.end * self.bins()]
    }

    /// The whole table of two columns, from the cells that both have bits for.
    fn complete(&self, y: &Self, inner: &[u32], table: &mut Vec<u32>) {
        let (rows, bins) = (self.bins(), y.bins());
        table.resize((rows + 1) * (bins + 1), 0);
        let (upper, last_row) = table.split_at_mut(rows * (bins + 1));
        last_row.copy_from_slice(&y.times);
        for (at, row) in upper.chunks_exact_mut(bins + 1).enumerate() {
            row[..bins].copy_from_slice(&inner[at * bins..][..bins]);
            row[bins] = self.times[at] - row[..bins].iter().sum::<u32>();
            for (left, cell) in last_row.iter_mut().zip(row) {
                *left -= *cell;
            }
        }
    }
}

/// The columns of two arrays, or of one twice.
pub(super) struct RowsOfBits {
    columns: PreparedSets<BitRows>,
    samples: usize,
    popcount: Popcount,
}

impl RowsOfBits {
    /// `None` where there are too many bins, or the processor does not count so many bits at once.
    pub(super) fn of(labels: &PreparedSets<Labels>) -> Option<Box<dyn CountPairs>> {
        let popcount = Popcount::find()?;
        let few = |labels: &[Labels]| labels.iter().all(|labels| labels.classes() <= FEW_BINS);
        if !few(labels.x()) || !few(labels.y()) {
            return None;
        }
        Some(Box::new(Self {
            columns: labels.map(BitRows::new),
            samples: labels.x()[0].len(),
            popcount,
        }))
    }
}

impl CountPairs for RowsOfBits {
    fn each_pair(
        &self,
        x: Range<usize>,
        y: Range<usize>,
        then: &mut dyn FnMut(usize, usize, &[u32]),
    ) {
        let (all_x, all_y) = (self.columns.x(), self.columns.y());
        let inner = self.popcount.run(CountCells {
            x: &all_x[x.clone()],
            y: &all_y[y.clone()],
            samples: self.samples,
        });
        let (mut inner, mut table) = (&inner[..], Vec::new());
        for i in x {
            for j in y.clone() {
                let (x, y) = (&all_x[i], &all_y[j]);
                let (cells, others) = inner.split_at(x.bins() * y.bins());
                x.complete(y, cells, &mut table);
                then(i, j, &table);
                inner = others;
            }
        }
    }
}

/// For each column of x and each of y, for each bin of the one and each of the other that have
/// bits, how many samples are in both.
struct CountCells<'a> {
    x: &'a [BitRows],
    y: &'a [BitRows],
    samples: usize,
}

impl Kernel for CountCells<'_> {
    type Output = Vec<u32>;

    #[inline(always)]
    fn run(self, _: impl Simd) -> Vec<u32> {
        let Self { x, y, samples } = self;
        let bins = |columns: &[BitRows]| columns.iter().map(BitRows::bins).sum::<usize>();
        let mut cells = vec![0; bins(x) * bins(y)];
        for tile in threads::chunks(samples.div_ceil(CHUNK), TILE) {
            let mut rest = &mut cells[..];
            for x in x {
                for y in y {
                    let (cells, others) = rest.split_at_mut(x.bins() * y.bins());
                    let (x, y) = (x.tile(tile.clone()), y.tile(tile.clone()));
                    count_tile(x, y, tile.len(), cells);
                    rest = others;
                }
            }
        }
        cells
    }
}

/// Adds to the cells of a pair what a tile has in them. Each bin has so many chunks.
#[inline(always)]
fn count_tile(x: &[Chunk], y: &[Chunk], length: usize, cells: &mut [u32]) {
    let bins = y.len() / length;
    for (row, x) in x.chunks_exact(length).enumerate() {
        let row = cells[row * bins..][..bins].chunks_mut(TOGETHER);
        for (cells, y) in row.zip(y.chunks(TOGETHER * length)) {
            match cells.len() {
                1 => count_row::<1>(x, y, cells),
                2 => count_row::<2>(x, y, cells),
                3 => count_row::<3>(x, y, cells),
                4 => count_row::<4>(x, y, cells),
                5 => count_row::<5>(x, y, cells),
                6 => count_row::<6>(x, y, cells),
                7 => count_row::<7>(x, y, cells),
                _ => count_row::<TOGETHER>(x, y, cells),
            }
        }
    }
}

/// One bin of x and several of y.
#[inline(always)]
fn count_row<const BINS: usize>(x: &[Chunk], y: &[Chunk], cells: &mut [u32]) {
    let y: [&[Chunk]; BINS] = std::array::from_fn(|bin| &y[bin * x.len()..][..x.len()]);
    let mut counts = [[0; WORDS]; BINS];
    for (at, x) in x.iter().enumerate() {
        for (counts, y) in counts.iter_mut().zip(y) {
            let both: [u64; WORDS] = std::array::from_fn(|word| x.0[word] & y[at].0[word]);
            for (count, both) in counts.iter_mut().zip(both) {
                *count += u64::from(both.count_ones());
            }
        }
    }
    for (cell, counts) in cells.iter_mut().zip(counts) {
        *cell += counts.iter().sum::<u64>() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::simd::run_baseline;
    use proptest::prelude::*;

    /// Columns of as many samples, with up to as many bins as there may be.
    fn columns() -> impl Strategy<Value = Vec<Labels>> {
        let column = |samples| {
            (1..=FEW_BINS).prop_flat_map(move |bins| {
                prop::collection::vec(0..bins as u32, samples)
                    .prop_map(move |codes| Labels::from_codes(codes, bins))
            })
        };
        let samples = prop_oneof![1..1100_usize, TILE * CHUNK..TILE * CHUNK + 600];
        samples.prop_flat_map(move |samples| prop::collection::vec(column(samples), 3))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn counts_are_those_of_looking_at_every_sample(labels in columns()) {
            let bits: Vec<BitRows> = labels.iter().map(BitRows::new).collect();
            let (x, y) = bits.split_at(1);
            let samples = labels[0].len();
            let inner = run_baseline(CountCells { x, y, samples });
            if let Some(popcount) = Popcount::find() {
                prop_assert_eq!(&popcount.run(CountCells { x, y, samples }), &inner);
            }
            let (mut inner, mut table) = (&inner[..], Vec::new());
            for (y, y_labels) in y.iter().zip(&labels[1..]) {
                let (cells, others) = inner.split_at(x[0].bins() * y.bins());
                x[0].complete(y, cells, &mut table);
                let mut expected = vec![0; labels[0].classes() * y_labels.classes()];
                for (&i, &j) in labels[0].codes().iter().zip(y_labels.codes()) {
                    expected[i as usize * y_labels.classes() + j as usize] += 1;
                }
                prop_assert_eq!(&table, &expected);
                inner = others;
            }
        }
    }
}
