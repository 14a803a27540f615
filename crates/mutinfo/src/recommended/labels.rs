//! Labels against labels.
//!
//! The plug-in estimate I of a table is too large: independent labels share E > 0 by chance. At the
//! other end, where one label tells the other, I = H = min(H(X), H(Y)) is right. The line through both,
//!
//! Î = H (I − E) / (H − E),
//!
//! has no bias at either end, however few samples a cell has. Between them the bias b E is read off the
//! fitted law of [`ratios`](super::ratios), where pairs of classes meet often enough to tell it. Classes that were
//! not seen make H too small; the factor H in front is Chao and Shen's.

use super::Reliability;
use super::chance::{Chance, counts, entropy, entropy_with_unseen, sizes};
use super::part::Part;
use super::ratios::{Departure, OFTEN, told};

/// The share of E by which a table between the two ends may be off.
const DOUBT: f64 = 0.35;
/// The share of the bias of which the fitted law tells, from which the law counts, and from which it
/// counts alone.
const TOLD: (f64, f64) = (0.3, 0.6);
/// The logarithm of the odds that are laid on independence before a law is fitted.
const PRIOR: f64 = 3.0;
/// From this share of H on, chance makes most of what a table shows.
const MOSTLY_CHANCE: f64 = 0.5;
/// Where the interval excludes more than this share of H, it does not matter that pairs are rare: the line
/// is right near independence.
const NEARLY_NOTHING: f64 = 0.1;
/// Standard errors to the interval's end.
const TWO: f64 = 2.0;

/// The pairs of codes that occur.
pub(super) struct Table {
    pub(super) total: f64,
    pub(super) x: Vec<u32>,
    pub(super) y: Vec<u32>,
    /// (x, y, how often), in increasing order.
    pub(super) cells: Vec<(u32, u32, u32)>,
    /// The cell of each row.
    pub(super) cell_of: Vec<u32>,
}

impl Table {
    pub(super) fn new(x: &[u32], y: &[u32]) -> Self {
        let key = |row: usize| u64::from(x[row]) << 32 | u64::from(y[row]);
        let mut order: Vec<u32> = (0..x.len() as u32).collect();
        order.sort_unstable_by_key(|&row| key(row as usize));
        let mut cells = Vec::new();
        let mut cell_of = vec![0; x.len()];
        for rows in order.chunk_by(|&a, &b| key(a as usize) == key(b as usize)) {
            let first = rows[0] as usize;
            for &row in rows {
                cell_of[row as usize] = cells.len() as u32;
            }
            cells.push((x[first], y[first], rows.len() as u32));
        }
        Self {
            total: x.len() as f64,
            x: counts(x),
            y: counts(y),
            cells,
            cell_of,
        }
    }

    /// ln(N n / (a b)) of each cell.
    fn locals(&self) -> Vec<f64> {
        let local = |&(i, j, n): &(u32, u32, u32)| {
            // Symmetric in x and y to the last bit.
            let product = f64::from(self.x[i as usize]) * f64::from(self.y[j as usize]);
            (self.total * f64::from(n) / product).ln()
        };
        self.cells.iter().map(local).collect()
    }

    /// Σ n/N f(local), in an order that does not depend on the names of the classes.
    fn mean(&self, locals: &[f64], f: impl Fn(f64) -> f64) -> f64 {
        let cells = self.cells.iter().zip(locals);
        let mut terms: Vec<f64> = cells
            .map(|(&(_, _, n), &local)| f64::from(n) / self.total * f(local))
            .collect();
        terms.sort_unstable_by(f64::total_cmp);
        terms.iter().sum()
    }
}

/// What chance does to a table's information, and how it is undone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Adjusted {
    pub(super) value: f64,
    /// dÎ/dI.
    pub(super) gain: f64,
    /// Î / H, from 0 to 1.
    pub(super) share: f64,
}

/// The line through both ends; nothing where chance alone shows all of H.
pub(super) fn adjust(shown: f64, by_chance: f64, entropy: f64, factor: f64) -> Option<Adjusted> {
    /// Of H that must be left above chance.
    const LEAST_ROOM: f64 = 0.01;
    let room = entropy - by_chance;
    if room <= LEAST_ROOM * entropy {
        return None;
    }
    let gain = factor / room;
    let value = (gain * (shown - by_chance)).min(entropy);
    let share = (value / entropy).clamp(0.0, 1.0);
    Some(Adjusted { value, gain, share })
}

/// How far off the line may be at a share t of H, in proportion: E (1 − E/H) 4 t (1 − t).
pub(super) fn between_ends(share: f64, by_chance: f64, entropy: f64) -> f64 {
    4.0 * share * (1.0 - share) * by_chance.max(0.0) * (1.0 - by_chance / entropy).powi(4)
}

/// The most that one more sample could add to the sum over all samples, in a cell that was seen or in
/// the one of the two rarest classes: rare events that did not happen are not impossible.
fn one_more(table: &Table, locals: &[f64]) -> f64 {
    let rarest = |counts: &[u32]| counts.iter().copied().filter(|&n| n > 0).min().unwrap_or(1);
    let product = f64::from(rarest(&table.x) + 1) * f64::from(rarest(&table.y) + 1);
    let unseen = (table.total / product).ln();
    locals.iter().copied().fold(unseen.max(0.0), f64::max)
}

/// The variance of the local information over the samples: of pairs that met often as they show it, less
/// what their count scatters by, and of others as the fitted law has it.
fn variance_of_locals(table: &Table, locals: &[f64], seldom: [f64; 3]) -> f64 {
    let [mut samples, mut sum, mut squares] = seldom;
    let often = table
        .cells
        .iter()
        .zip(locals)
        .filter(|(cell, _)| cell.2 >= OFTEN);
    let mut often: Vec<(f64, f64)> = often
        .map(|(cell, &local)| (local, f64::from(cell.2)))
        .collect();
    often.sort_unstable_by(|a, b| a.partial_cmp(b).expect("locals are finite"));
    for (local, n) in often {
        samples += n;
        sum += n * local;
        squares += n * local * local - 1.0;
    }
    (squares / samples - (sum / samples).powi(2)).max(0.0)
}

/// I(X; Y) in nats of codes.
pub(super) fn labels(x: &[u32], y: &[u32]) -> Part {
    of_table(&Table::new(x, y)).0
}

/// The same, with E.
pub(super) fn of_table(table: &Table) -> (Part, f64) {
    let n = table.total;
    let (x, y) = (sizes(&table.x), sizes(&table.y));
    // In one order for (x, y) and (y, x).
    let (x, y) = if y < x { (y, x) } else { (x, y) };
    let h = entropy(&x, n).min(entropy(&y, n));
    let rows = table.cell_of.len();
    if h <= 0.0 {
        return (Part::nothing(rows), 0.0);
    }
    let chance = Chance::of(&x, &y, n);
    let locals = table.locals();
    let shown = table.mean(&locals, |local| local);
    let with_unseen = entropy_with_unseen(&x, n).min(entropy_with_unseen(&y, n));
    let Some(Adjusted { value, gain, share }) = adjust(shown, chance.mean, h, with_unseen) else {
        return (
            Part {
                variance: [0.0, h * h],
                warning: Some(Reliability::RarePairs),
                ..Part::nothing(rows)
            },
            chance.mean,
        );
    };
    let filled = ((told(&x, &y, n) - TOLD.0) / (TOLD.1 - TOLD.0)).clamp(0.0, 1.0);
    let chances = chance.square - chance.mean.powi(2);
    let line_doubt = DOUBT * between_ends(share, chance.mean, h);
    let mut part = if filled > 0.0 {
        let departure = Departure::of(table, &x, &y);
        let believed = filled / (1.0 + (PRIOR - departure.ln_likelihood).exp());
        let mean = |line: f64, law: f64| line + believed * (law - line);
        let factor = with_unseen / h;
        let by_law = (factor * (shown - departure.bias * chance.mean)).min(h);
        let doubt = mean(line_doubt, departure.doubt * chance.mean);
        // The bias, in multiples of E.
        let free = mean(1.0 - share, departure.bias);
        // The locals that were seen scatter by chance, and those of pairs that did not meet are missing:
        // they are scaled to the variance that the law has.
        let seen = table.mean(&locals, |local| local * local) - shown * shown;
        let as_seen = gain * gain * (seen - (1.0 - share) * chances).max(0.0);
        let by_law_scatter = factor * factor * variance_of_locals(table, &locals, departure.seldom);
        let scale = (mean(as_seen, by_law_scatter) / seen.max(f64::MIN_POSITIVE)).sqrt();
        let gain = mean(gain, factor);
        Part {
            value: mean(value, by_law),
            noise: 0.0,
            variance: [gain * gain * free * chance.variance + doubt * doubt; 2],
            locals: locals.iter().map(|local| scale * local).collect(),
            warning: None,
        }
    } else {
        let free = gain * gain * (1.0 - share);
        Part {
            value,
            noise: free * chances / n,
            variance: [free * chance.variance + line_doubt * line_doubt; 2],
            locals: locals.iter().map(|local| gain * local).collect(),
            warning: None,
        }
    };
    // What classes that were not seen may add, and one more sample.
    part.variance[1] += (share * (with_unseen - h)).powi(2);
    part.variance[1] += (gain * one_more(table, &locals) / n).powi(2);
    let of_row = |&cell: &u32| part.locals[cell as usize];
    part.locals = table.cell_of.iter().map(of_row).collect();
    let high = part.value + TWO * part.standard_errors()[1];
    if chance.mean > MOSTLY_CHANCE * h && filled < 0.5 && high > NEARLY_NOTHING * h {
        part.warning = Some(Reliability::RarePairs);
    }
    (part, chance.mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_right_and_nothing_depends_on_names_or_sides() {
        let x: Vec<u32> = (0..300).map(|i| i % 20).collect();
        let h = 20f64.ln();
        let itself = labels(&x, &x.iter().map(|c| 19 - c).collect::<Vec<_>>());
        assert!((itself.value - h).abs() < 1e-12);
        // Each pair of classes 3 times: nothing to see, where chance would show something.
        let independent: Vec<u32> = (0..300).map(|i| i / 20 % 5).collect();
        let none = labels(&x, &independent);
        assert!(none.value < 0.0 && none.value > -0.2, "{}", none.value);
        let y: Vec<u32> = (0..300).map(|i| i * i % 20).collect();
        let renamed: Vec<u32> = y.iter().map(|c| (c + 7) % 20).collect();
        let here = labels(&x, &y);
        for other in [labels(&y, &x), labels(&x, &renamed)] {
            assert_eq!(here.value, other.value);
            assert_eq!(here.standard_errors(), other.standard_errors());
        }
    }
}
