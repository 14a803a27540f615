//! A number against a number or a label: how many samples lie near each other in both.
//!
//! With nₓᵧ(i) the number of samples in the window around sample i, Σ ln(N nₓᵧ / (nₓ nᵧ)) / N is a
//! plug-in estimate of the information. Shuffling changes nₓᵧ alone, so that Σ ln nₓᵧ(i) is the
//! statistic. Windows are as wide in ranks everywhere, cut into bins, and counted from a table of
//! cumulative counts; a label's window is its class.

use super::fixed_point::logs;
use super::margin::{Margin, MarginValues};

pub(super) struct Windows {
    x: Vec<Axis>,
    y: Vec<Axis>,
    half_widths: Vec<usize>,
    logs: Vec<i64>,
}

/// The most pairs of dimensions that are looked at one by one, six by six: each takes as long as two
/// scalars.
const MOST_PAIRS: usize = 36;
/// Cells of a small table, that of two scalars: it stays in fast memory.
const MOST_CELLS: usize = 129 * 129;

/// The bins of one margin.
struct Axis {
    bins: Vec<u32>,
    count: usize,
    /// Whether windows reach beyond a bin.
    ordered: bool,
}

impl Axis {
    /// One for a label, one for each dimension of numbers.
    fn all(margin: &Margin, bins: usize) -> Vec<Self> {
        match &margin.values {
            MarginValues::Classes(codes) => vec![Self {
                bins: codes.clone(),
                count: margin.classes(),
                ordered: false,
            }],
            MarginValues::Ranks(columns) => {
                // Odd in number and counted from the middle, so that mirrored values have mirrored
                // bins.
                let (n, half) = (margin.len() as i64, bins as i64 / 2);
                let bin = |&centred: &i64| {
                    let from_middle = (centred.abs() * (2 * half + 1) + n) / (2 * n);
                    (half + from_middle * centred.signum()) as u32
                };
                let axis = |column: &Vec<i64>| Self {
                    bins: column.iter().map(bin).collect(),
                    count: 2 * half as usize + 1,
                    ordered: true,
                };
                columns.iter().map(axis).collect()
            }
        }
    }
}

impl Windows {
    /// For two scalars, or for all pairs of dimensions of vectors, if they are not many; None for
    /// two labels.
    pub(super) fn new(x: &Margin, y: &Margin) -> Option<Self> {
        let n = x.len();
        let vectors = x.is_vector() || y.is_vector();
        let bins = match (vectors, n < 1000) {
            (true, _) => 33,
            (false, true) => 65,
            (false, false) => 129,
        };
        // A label of many classes is counted in fewer bins, so that the table is not much larger
        // than the data.
        let classes = x.classes().max(y.classes());
        let bins = bins.min((MOST_CELLS.max(8 * n) / classes.max(1)).max(5));
        let (x, y) = (Axis::all(x, bins), Axis::all(y, bins));
        let labels = x.iter().chain(&y).all(|axis| !axis.ordered);
        if labels || x.len() * y.len() > MOST_PAIRS {
            return None;
        }
        Some(Self {
            x,
            y,
            half_widths: half_widths(n, bins | 1, vectors),
            logs: logs(n),
        })
    }

    /// The statistic for windows of each width, summed over pairs of dimensions.
    pub(super) fn statistics(&self, order: &[u32], scratch: &mut Vec<u32>, sums: &mut Vec<i64>) {
        sums.clear();
        sums.resize(self.half_widths.len(), 0);
        for x in &self.x {
            for y in &self.y {
                let counts = Counts::new(x, y, order, scratch);
                for (&half, total) in self.half_widths.iter().zip(sums.iter_mut()) {
                    *total += counts.sum_of_logs(order, half, &self.logs);
                }
            }
        }
    }
}

/// Windows in which about 4 samples of independent variables lie, 16, and nearly half of the ranks.
/// Chosen by hand, with laws of the experiment `power` in sight.
fn half_widths(n: usize, bins: usize, vectors: bool) -> Vec<usize> {
    const WIDEST: f64 = 0.45;
    let width = |samples: f64| (samples / n as f64).sqrt().min(WIDEST);
    let half = |width: f64| ((width * bins as f64 - 1.0) / 2.0).round().max(0.0) as usize;
    // Between vectors, the finest is left to their neighbours.
    let finest = if vectors { 16.0 } else { 4.0 };
    let mut widths: Vec<usize> = [width(finest), width(16.0), WIDEST]
        .into_iter()
        .map(half)
        .collect();
    widths.dedup();
    widths
}

/// How many pairs lie below each pair of bins, and in each class.
struct Counts<'a> {
    x: &'a Axis,
    y: &'a Axis,
    table: &'a [u32],
    width: usize,
}

impl<'a> Counts<'a> {
    fn new(x: &'a Axis, y: &'a Axis, order: &[u32], table: &'a mut Vec<u32>) -> Self {
        // One row and column more, of zeros, before the others.
        let width = y.count + 1;
        table.clear();
        table.resize((x.count + 1) * width, 0);
        for (&bin, &place) in x.bins.iter().zip(order) {
            table[(bin as usize + 1) * width + y.bins[place as usize] as usize + 1] += 1;
        }
        if y.ordered {
            for row in table.chunks_exact_mut(width) {
                let mut sum = 0;
                for count in row {
                    sum += *count;
                    *count = sum;
                }
            }
        }
        if x.ordered {
            for row in 1..=x.count {
                let (before, rest) = table.split_at_mut(row * width);
                let above = &before[(row - 1) * width..];
                rest[..width]
                    .iter_mut()
                    .zip(above)
                    .for_each(|(count, above)| *count += above);
            }
        }
        Self { x, y, table, width }
    }

    /// Σ ln of the number of samples in the window around each.
    fn sum_of_logs(&self, order: &[u32], half: usize, logs: &[i64]) -> i64 {
        let span = |axis: &Axis, bin: u32| {
            let bin = bin as usize;
            if axis.ordered {
                (bin.saturating_sub(half), (bin + half + 1).min(axis.count))
            } else {
                (bin, bin + 1)
            }
        };
        let at = |x: usize, y: usize| self.table[x * self.width + y];
        let mut sum = 0;
        for (&bin, &place) in self.x.bins.iter().zip(order) {
            let (x0, x1) = span(self.x, bin);
            let (y0, y1) = span(self.y, self.y.bins[place as usize]);
            let count = match (self.x.ordered, self.y.ordered) {
                (true, true) => at(x1, y1) + at(x0, y0) - at(x0, y1) - at(x1, y0),
                (true, false) => at(x1, y1) - at(x0, y1),
                _ => at(x1, y1) - at(x1, y0),
            };
            sum += logs[count as usize];
        }
        sum
    }
}
