//! Two scalars of which values may be equal, without atoms.
//!
//! Three estimators know such data, each a part of it: the neighbours of
//! [`scalars`], with ties broken at random, where values are many; the
//! table of [`labels`](super::labels) where they are few; the smooth table of
//! [`lattice`](super::lattice) in between. Which one holds is read off the table of the values: the share
//! of the samples whose pair of values occurs again, and what the table shows by chance. Weights go from
//! one to the other without a jump.

use super::chance::{entropy, sizes};
use super::codes::distinct;
use super::labels::{self, Table};
use super::lattice;
use super::part::{Part, add};
use super::scalars;
use super::scores::ranks;
use super::windows;

// Chosen by hand, by errors on the open laws of the experiment `atoms`.
/// The share of repeated pairs from which the table counts, and from which it counts alone.
const REPEATED: (f64, f64) = (0.1, 0.7);
/// A value as coarse as this power of N is a label to a number whose values do not repeat.
const FEW_VALUES: f64 = 0.4;
/// Ties are broken so often.
const BREAKINGS: usize = 2;

/// I(X; Y) in nats from the codes of at least four rows, equal where values are, in their order.
pub(super) fn estimate(x: &[u32], y: &[u32]) -> Part {
    let table = Table::new(x, y);
    let n = table.total;
    let (x_sizes, y_sizes) = (sizes(&table.x), sizes(&table.y));
    let h = entropy(&x_sizes, n).min(entropy(&y_sizes, n));
    if h <= 0.0 {
        return Part::nothing(x.len());
    }
    let once = table.cells.iter().filter(|cell| cell.2 == 1).count();
    let repeated = 1.0 - once as f64 / n;
    let too_many = table.x.len() * table.y.len() > lattice::MOST_CELLS;
    let counted = if too_many {
        0.0
    } else {
        ((repeated - REPEATED.0) / (REPEATED.1 - REPEATED.0)).clamp(0.0, 1.0)
    };
    let mut parts = Vec::new();
    if counted < 1.0 {
        // The coarser of the two may be a label.
        let values = |sizes: &super::chance::Sizes| {
            1.0 / sizes
                .iter()
                .map(|(size, count)| count * (size / n).powi(2))
                .sum::<f64>()
        };
        let (x_values, y_values) = (values(&x_sizes), values(&y_sizes));
        let few = n.powf(FEW_VALUES);
        let label = (2.0 - x_values.min(y_values) / few).clamp(0.0, 1.0);
        if label > 0.0 {
            let part = if x_values < y_values {
                windows::ordered(y, x)
            } else {
                windows::ordered(x, y)
            };
            parts.push(((1.0 - counted) * label, part));
        }
        if label < 1.0 {
            parts.push(((1.0 - counted) * (1.0 - label), broken(x, y)));
        }
    }
    if counted > 0.0 {
        for (weight, part) in by_table(&table, h) {
            parts.push((counted * weight, part));
        }
    }
    let mut part = Part::average(&parts);
    part.value = part.value.min(h);
    part
}

/// The table alone, and with a smooth law, weighted by how far each may be off.
///
/// Between its ends, a table of ordered values is too small by about 4/10 of E, times 4 t (1 − t) at a
/// share t of the entropy; the smooth law by some of the samples' scatter, and by some of E as far as it
/// does not hold.
fn by_table(table: &Table, h: f64) -> [(f64, Part); 2] {
    /// As seen on the open laws of the experiment `atoms`.
    const OF_CHANCE: f64 = 0.4;
    /// Likewise.
    const OF_SCATTER: f64 = 0.3;
    /// In nats: weights where neither is off.
    const LEAST: f64 = 1e-4;
    let (mut plain, by_chance) = labels::of_table(table);
    let lattice = lattice::estimate(table, by_chance);
    let share = (plain.value / h).clamp(0.0, 1.0);
    let plain_bias = OF_CHANCE * by_chance * 4.0 * share * (1.0 - share);
    let smooth_bias = OF_SCATTER * lattice.part.scatter().sqrt()
        + lattice::DOUBT_OF_CHANCE * lattice.misfit * by_chance;
    let (plain_square, smooth_square) = (
        plain_bias.powi(2) + LEAST * LEAST,
        smooth_bias.powi(2) + LEAST * LEAST,
    );
    let weight = smooth_square / (plain_square + smooth_square);
    for variance in &mut plain.variance {
        *variance += weight * plain_bias * plain_bias;
    }
    plain.warning = None;
    [(weight, plain), (1.0 - weight, lattice.part)]
}

/// By neighbours; tied values are ranked at random, several times. An atom becomes an interval
/// that shows nothing but the atom (the distributional transform; Rüschendorf 2009).
fn broken(x: &[u32], y: &[u32]) -> Part {
    let n = x.len();
    let breakings = if distinct(x) && distinct(y) {
        1
    } else {
        BREAKINGS
    };
    let parts: Vec<Part> = (0..breakings as u64)
        .map(|round| scalars::estimate(&ranks(x, 2 * round), &ranks(y, 2 * round + 1)).part())
        .collect();
    let weight = 1.0 / breakings as f64;
    let mut mean = Part::nothing(n);
    for part in &parts {
        mean.value += weight * part.value;
        // Half of the noise is in the samples, half in the breaking.
        mean.noise += weight * part.noise * (0.5 + 0.5 * weight);
        add(&mut mean.locals, &part.locals, weight);
        add(&mut mean.variance, &part.variance, weight);
        mean.warning = part.warning;
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_values_are_counted_and_tell_themselves() {
        let x: Vec<u32> = (0..200).map(|i| i % 5).collect();
        let itself = estimate(&x, &x);
        assert!((itself.value - 5f64.ln()).abs() < 0.02, "{}", itself.value);
        let none = estimate(&x, &(0..200).map(|i| i / 5 % 5).collect::<Vec<_>>());
        assert!(none.value.abs() < 0.05, "{}", none.value);
    }
}
