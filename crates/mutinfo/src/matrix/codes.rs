//! All pairs of columns in bins.
//!
//! Two columns are fused into one, as the two digits of a number. One increment of one cell then
//! counts four pairs of columns at once, and each pair's counts are sums of cells.

use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::{AllPairs, block_by_block, by_column};
use crate::binned::Binned;
use crate::correction::Correction;
use crate::counts::{Counts, JointCounts};
use crate::error::Result;
use crate::progress::Watch;
use crate::units::Nats;
use crate::variable::Labels;

/// How many cells are counted at once: 16 KB, which stay in the fastest memory.
const CELLS: usize = 4096;

/// From how many rows on it pays to fuse columns and sum cells afterwards.
const ROWS_TO_FUSE: usize = 512;

/// How many columns of each side make one task.
const BLOCK: usize = 16;

impl AllPairs for Binned {
    fn all_pairs(
        &self,
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        watch: Watch<'_>,
    ) -> Result<Array2<Nats>> {
        let rows = x.nrows();
        let x = by_column(x, |column| self.x_labels(ArrayView1::from(&column)))?;
        let y = y
            .map(|y| by_column(y, |column| self.y_labels(ArrayView1::from(&column))))
            .transpose()?;
        let widest = |labels: &[Labels]| labels.iter().map(Labels::classes).max().unwrap_or(1);
        let (wide_x, wide_y) = (widest(&x), widest(y.as_ref().unwrap_or(&x)));
        let information = Information::new(self.correction(), rows);
        let columns = (x.len(), y.as_ref().map(Vec::len));

        if wide_x * wide_y > CELLS {
            let (x, y) = (&x, y.as_ref().unwrap_or(&x));
            return block_by_block(columns, BLOCK, watch, |i, j| {
                let pairs = i.flat_map(|i| j.clone().map(move |j| (i, j)));
                let values = pairs.map(|(i, j)| {
                    let counts = JointCounts::of(&x[i], &y[j]);
                    (i, j, counts.mutual_information(self.correction()))
                });
                Ok(values.collect())
            });
        }

        let fits = |left: u32, right: u32| wide_x.pow(left) * wide_y.pow(right) <= CELLS;
        let (left, right) = match rows {
            ROWS_TO_FUSE.. if fits(2, 2) => (2, 2),
            ROWS_TO_FUSE.. if fits(1, 2) => (1, 2),
            _ => (1, 1),
        };
        let x_counts = counts(&x);
        let y_counts = y.as_ref().map(|y| counts(y));
        // The code of x makes room for that of y.
        let fused_x = fuse(&x, left, wide_x, wide_y.pow(right) as u16);
        let fused_y = fuse(y.as_ref().unwrap_or(&x), right, wide_y, 1);
        drop((x, y));

        let y_counts = y_counts.as_ref().unwrap_or(&x_counts);
        block_by_block(columns, BLOCK, watch, |i, j| {
            let mut table = Table::new([wide_x, wide_y], [left as usize, right as usize]);
            let mut values = Vec::with_capacity(i.len() * j.len());
            for x in fused(&fused_x, &i, left) {
                for y in fused(&fused_y, &j, right) {
                    table.count(x, y);
                    for (a, i) in x.columns.clone().enumerate() {
                        for (b, j) in y.columns.clone().enumerate() {
                            let cells = table.pair(a, b);
                            values.push((i, j, information.of(&x_counts[i], &y_counts[j], cells)));
                        }
                    }
                }
            }
            Ok(values)
        })
    }
}

fn counts(labels: &[Labels]) -> Vec<Margin> {
    labels.iter().map(Margin::new).collect()
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
fn fuse(labels: &[Labels], digits: u32, radix: usize, factor: u16) -> Vec<Fused> {
    let digits = digits as usize;
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
fn fused<'a>(groups: &'a [Fused], columns: &Range<usize>, digits: u32) -> &'a [Fused] {
    let digits = digits as usize;
    &groups[columns.start / digits..columns.end.div_ceil(digits)]
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

/// How often the bins of one column are hit.
struct Margin {
    counts: Counts,
    /// The plug-in entropy.
    entropy: f64,
}

impl Margin {
    fn new(labels: &Labels) -> Self {
        let counts = Counts::of(labels);
        let entropy = counts.entropy(Correction::PlugIn).0;
        Self { counts, entropy }
    }
}

/// From counts to information.
struct Information {
    correction: Correction,
    rows: usize,
    /// c ln c of the small counts.
    products: Vec<f64>,
}

impl Information {
    fn new(correction: Correction, rows: usize) -> Self {
        /// A quarter of a megabyte: it stays in fast memory.
        const SMALL: usize = 1 << 15;
        let product = |count| match count {
            0 => 0.0,
            count => count as f64 * (count as f64).ln(),
        };
        Self {
            correction,
            rows,
            products: (0..=rows.min(SMALL)).map(product).collect(),
        }
    }

    /// The information of two columns that fall into the cells of their table this often.
    fn of(&self, x: &Margin, y: &Margin, cells: &[u32]) -> Nats {
        let n = self.rows as f64;
        let plug_in = || {
            let sum: f64 = cells.iter().map(|&count| self.product(count)).sum();
            x.entropy + y.entropy - (n.ln() - sum / n)
        };
        match self.correction {
            Correction::PlugIn => Nats(plug_in()),
            Correction::MillerMadow => {
                let occupied = cells.iter().filter(|&&count| count > 0).count() as f64;
                let classes = (x.counts.classes() + y.counts.classes()) as f64;
                Nats(plug_in() + (classes - occupied - 1.0) / (2.0 * n))
            }
            correction => JointCounts::of_cells(x.counts.clone(), y.counts.clone(), cells)
                .mutual_information(correction),
        }
    }

    fn product(&self, count: u32) -> f64 {
        match self.products.get(count as usize) {
            Some(&product) => product,
            None => f64::from(count) * f64::from(count).ln(),
        }
    }
}
