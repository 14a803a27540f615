//! Pairs of columns, counted several at once.
//!
//! Two columns are fused into one, as the two digits of a number. One increment of one cell then
//! counts four pairs of columns at once, and each pair's counts are sums of cells.

use std::ops::Range;

use super::count_pairs::CountPairs;
use crate::data::labels::Labels;
use crate::estimator::PreparedSets;

/// How many cells are counted at once: 16 KB, which stay in the fastest memory.
const CELLS: usize = 4096;

/// From how many rows on it pays to fuse columns and sum cells afterwards.
const ROWS_TO_FUSE: usize = 512;

/// The columns of two arrays, or of one twice, fused by the digits that suit them.
pub(super) struct FusedColumns {
    x: Vec<Fused>,
    y: Vec<Fused>,
    /// The most bins of a column.
    radix: [usize; 2],
    /// How many columns are fused.
    digits: [usize; 2],
}

impl FusedColumns {
    /// `None` where the cells of a pair are too many.
    pub(super) fn of(labels: &PreparedSets<Labels>) -> Option<Box<dyn CountPairs>> {
        let (x, y) = (labels.x(), labels.y());
        let widest = |labels: &[Labels]| labels.iter().map(Labels::classes).max().unwrap_or(1);
        let radix = [widest(x), widest(y)];
        let fits = |[left, right]: [usize; 2]| {
            let cells = |side: usize, digits| radix[side].checked_pow(digits as u32);
            let table = cells(0, left).zip(cells(1, right));
            let table = table.and_then(|(rows, columns)| rows.checked_mul(columns));
            table.is_some_and(|cells| cells <= CELLS)
        };
        let digits = match x[0].len() {
            ROWS_TO_FUSE.. if fits([2, 2]) => [2, 2],
            ROWS_TO_FUSE.. if fits([1, 2]) => [1, 2],
            _ if fits([1, 1]) => [1, 1],
            _ => return None,
        };
        // The code of x makes room for that of y.
        let room = radix[1].pow(digits[1] as u32) as u16;
        Some(Box::new(Self {
            x: fuse(x, digits[0], radix[0], room),
            y: fuse(y, digits[1], radix[1], 1),
            radix,
            digits,
        }))
    }
}

impl CountPairs for FusedColumns {
    fn each_pair(
        &self,
        x: Range<usize>,
        y: Range<usize>,
        then: &mut dyn FnMut(usize, usize, &[u32]),
    ) {
        let mut table = Table::new(self.radix, self.digits);
        for x in groups(&self.x, &x, self.digits[0]) {
            for y in groups(&self.y, &y, self.digits[1]) {
                table.count(x, y);
                for (a, i) in x.columns.clone().enumerate() {
                    for (b, j) in y.columns.clone().enumerate() {
                        then(i, j, table.pair(a, b));
                    }
                }
            }
        }
    }
}

/// Neighbouring columns as the digits of one, the first the highest.
struct Fused {
    /// Four rows in a word, for the processor to load at once; at the end, zeros.
    codes: Vec<u64>,
    /// How many of the codes are no row's.
    padding: u32,
    columns: Range<usize>,
}

/// Fuses columns in groups of `digits`, each with values below `radix`, and multiplies them by
/// `factor`. A group at the end that lacks columns has 0 for their digits.
fn fuse(labels: &[Labels], digits: usize, radix: usize, factor: u16) -> Vec<Fused> {
    let groups = labels.chunks(digits).enumerate();
    groups
        .map(|(group, labels)| {
            let mut codes = vec![0_u16; labels[0].len()];
            for digit in 0..digits {
                for (row, code) in codes.iter_mut().enumerate() {
                    let value = labels.get(digit).map_or(0, |labels| labels.codes()[row]);
                    *code = *code * radix as u16 + value as u16;
                }
            }
            let first = group * digits;
            let words = codes.chunks(4).map(|four| {
                let digits = four.iter().zip([0, 16, 32, 48]);
                digits.fold(0, |word, (&code, shift)| {
                    word | u64::from(code * factor) << shift
                })
            });
            Fused {
                codes: words.collect(),
                padding: (codes.len().next_multiple_of(4) - codes.len()) as u32,
                columns: first..first + labels.len(),
            }
        })
        .collect()
}

/// The groups that a range of columns is in. (Blocks are of whole groups.)
fn groups<'a>(fused: &'a [Fused], columns: &Range<usize>, digits: usize) -> &'a [Fused] {
    &fused[columns.start / digits..columns.end.div_ceil(digits)]
}

/// How often each pair of fused codes occurs, and the sums over all digits but two.
struct Table {
    radix: [usize; 2],
    digits: [usize; 2],
    /// Of 32 bits: 16 would do for most, but processors increment them more slowly.
    cells: Box<[u32; CELLS]>,
    /// For each digit of x, its value and all digits of y.
    halves: Vec<Vec<u32>>,
    /// For each digit of x and each of y, their values.
    pairs: Vec<Vec<u32>>,
}

impl Table {
    fn new(radix: [usize; 2], digits: [usize; 2]) -> Self {
        let width = radix[1].pow(digits[1] as u32);
        Self {
            radix,
            digits,
            cells: Box::new([0; CELLS]),
            halves: vec![vec![0; radix[0] * width]; digits[0]],
            pairs: vec![vec![0; radix[0] * radix[1]]; digits[0] * digits[1]],
        }
    }

    /// Counts two fused columns, of which x makes room for y.
    fn count(&mut self, x: &Fused, y: &Fused) {
        let width = self.radix[1].pow(self.digits[1] as u32);
        let height = self.radix[0].pow(self.digits[0] as u32);
        self.halves.iter_mut().for_each(|half| half.fill(0));
        self.cells[..height * width].fill(0);
        for (&x, &y) in x.codes.iter().zip(&y.codes) {
            let four = x + y;
            for shift in [0, 16, 32, 48] {
                // The remainder is the number itself; it tells the compiler so.
                self.cells[(four >> shift) as u16 as usize % CELLS] += 1;
            }
        }
        self.cells[0] -= x.padding;
        for (code, cells) in self.cells[..height * width].chunks_exact(width).enumerate() {
            let mut rest = code;
            for half in self.halves.iter_mut().rev() {
                let value = rest % self.radix[0];
                rest /= self.radix[0];
                for (sum, &cell) in half[value * width..][..width].iter_mut().zip(cells) {
                    *sum += cell;
                }
            }
        }
        let radix = self.radix[1];
        for (half, pairs) in self
            .halves
            .iter()
            .zip(self.pairs.chunks_mut(self.digits[1]))
        {
            match pairs {
                [only] => only.copy_from_slice(half),
                [high, low] => {
                    low.fill(0);
                    let of_x = half.chunks_exact(width);
                    let pairs = high
                        .chunks_exact_mut(radix)
                        .zip(low.chunks_exact_mut(radix));
                    for (half, (high, low)) in of_x.zip(pairs) {
                        for (high, cells) in high.iter_mut().zip(half.chunks_exact(radix)) {
                            *high = cells.iter().sum();
                            for (low, &cell) in low.iter_mut().zip(cells) {
                                *low += cell;
                            }
                        }
                    }
                }
                _ => unreachable!("one digit or two"),
            }
        }
    }

    /// How often each value of digit a of x occurs with each value of digit b of y.
    fn pair(&self, a: usize, b: usize) -> &[u32] {
        &self.pairs[a * self.digits[1] + b]
    }
}
