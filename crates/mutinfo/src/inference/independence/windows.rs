//! A number against a number or a label: how many samples lie near each other in both.
//!
//! With nₓᵧ(i) the number of samples in the window around sample i, Σ ln(N nₓᵧ / (nₓ nᵧ)) / N is a
//! plug-in estimate of the information. Shuffling changes nₓᵧ alone, so that Σ ln nₓᵧ(i) is the
//! statistic. Windows are as wide in ranks everywhere, cut into bins, and counted from a table of
//! cumulative counts; a label's window is its class.

use super::fixed_point::LogTable;
use super::margin::{Margin, MarginValues};

pub(super) struct Windows {
    x: Axis,
    y: Axis,
    logs: Vec<i64>,
}

/// The bins of one margin.
struct Axis {
    bins: Vec<u32>,
    count: usize,
    /// Whether windows reach beyond a bin.
    ordered: bool,
}

impl Axis {
    fn new(margin: &Margin, finest: usize) -> Option<Self> {
        match &margin.values {
            MarginValues::Classes(codes) => Some(Self {
                bins: codes.clone(),
                count: codes.iter().max().map_or(0, |&code| code as usize + 1),
                ordered: false,
            }),
            MarginValues::Ranks(columns) => {
                let [column] = &columns[..] else { return None };
                let n = margin.len() as i64;
                // Odd in number and counted from the middle, so that mirrored values have mirrored
                // bins.
                let half = finest as i64 / 2;
                let bin = |&centred: &i64| {
                    let from_middle = (centred.abs() * (2 * half + 1) + n) / (2 * n);
                    (half + from_middle * centred.signum()) as u32
                };
                Some(Self {
                    bins: column.iter().map(bin).collect(),
                    count: 2 * half as usize + 1,
                    ordered: true,
                })
            }
        }
    }
}

impl Windows {
    pub fn new(x: &Margin, y: &Margin, finest: usize) -> Option<Self> {
        let (x_axis, y_axis) = (Axis::new(x, finest)?, Axis::new(y, finest)?);
        if !x_axis.ordered && !y_axis.ordered {
            return None;
        }
        Some(Self {
            x: x_axis,
            y: y_axis,
            logs: LogTable::logs(x.len()),
        })
    }

    /// The statistic for windows of each half-width, in bins.
    pub fn statistics(
        &self,
        order: &[u32],
        half_widths: &[usize],
        scratch: &mut Vec<u32>,
        into: &mut Vec<i64>,
    ) {
        // One row and column more, of zeros, before the others.
        let width = self.y.count + 1;
        scratch.clear();
        scratch.resize((self.x.count + 1) * width, 0);
        for (&x, &place) in self.x.bins.iter().zip(order) {
            scratch[(x as usize + 1) * width + self.y.bins[place as usize] as usize + 1] += 1;
        }
        if self.y.ordered {
            for row in scratch.chunks_exact_mut(width) {
                let mut sum = 0;
                for count in row {
                    sum += *count;
                    *count = sum;
                }
            }
        }
        if self.x.ordered {
            for row in 1..=self.x.count {
                let (before, rest) = scratch.split_at_mut(row * width);
                let above = &before[(row - 1) * width..];
                rest[..width]
                    .iter_mut()
                    .zip(above)
                    .for_each(|(count, above)| *count += above);
            }
        }
        let span = |axis: &Axis, bin: u32, half: usize| {
            let bin = bin as usize;
            if axis.ordered {
                (bin.saturating_sub(half), (bin + half + 1).min(axis.count))
            } else {
                (bin, bin + 1)
            }
        };
        for &half in half_widths {
            let mut sum = 0;
            for (&x, &place) in self.x.bins.iter().zip(order) {
                let (x0, x1) = span(&self.x, x, half);
                let (y0, y1) = span(&self.y, self.y.bins[place as usize], half);
                let count = match (self.x.ordered, self.y.ordered) {
                    (true, true) => {
                        scratch[x1 * width + y1] + scratch[x0 * width + y0]
                            - scratch[x0 * width + y1]
                            - scratch[x1 * width + y0]
                    }
                    (true, false) => scratch[x1 * width + y1] - scratch[x0 * width + y1],
                    _ => scratch[x1 * width + y1] - scratch[x1 * width + y0],
                };
                sum += self.logs[count as usize];
            }
            into.push(sum);
        }
    }
}
