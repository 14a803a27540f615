//! Numbers or vectors against labels.
//!
//! A window holds the w rows that are nearest to a row. The share of the row's own label in its window,
//! n/m of m rows, is compared with the label's share of all rows, a/N: the local information
//! is ln(n N / (m a)), and its mean over the rows is the plug-in estimate of the table that overlapping
//! windows make. Chance adds what it adds to a table of windows of m rows and classes of a, so the
//! line of [`labels`](super::labels) applies: no bias without dependence, however many
//! classes there are, and none where the label can be read off.
//!
//! Wide windows blur, narrow ones scatter. The estimates of all widths are a curve, whose value at
//! width 0 is the estimate: a Gaussian process for the blur, by its evidence.

use super::Reliability;
use super::chance::{Chance, Sizes, counts, entropy, entropy_with_unseen, sizes};
use super::curve::{self, Fit};
use super::labels::{Adjusted, adjust, between_ends};
use super::part::Part;

/// The narrowest window.
const NARROWEST: usize = 3;
/// Each width is so much larger than the one before.
const STEP: f64 = 1.6;
/// The widest window holds half of the rows, but not more than this.
const WIDEST: usize = 1000;
/// The share of E by which the line may be off between its ends.
const DOUBT: f64 = 0.3;
/// Overlapping windows scatter by a little more than the table of as many that do not overlap.
const OVERLAP: f64 = 1.1;

/// What the windows of one width show: for each row how many its window has, and how many of
/// them have the row's label.
pub(super) struct Windows {
    pub(super) width: usize,
    pub(super) rows: Vec<u32>,
    pub(super) same: Vec<u32>,
}

/// The widths for so many rows.
pub(super) fn widths(rows: usize) -> Vec<usize> {
    let mut widths = vec![NARROWEST];
    loop {
        let next = (widths[widths.len() - 1] as f64 * STEP).ceil() as usize;
        if next > (rows / 2).min(WIDEST) {
            return widths;
        }
        widths.push(next);
    }
}

/// I(X; L) in nats of ordered codes, equal where values are, and a label's.
pub(super) fn ordered(x: &[u32], label: &[u32]) -> Part {
    let widths = widths(x.len());
    let sliding = Sliding::new(x, label);
    let windows = widths.iter().map(|&width| sliding.windows(width));
    estimate(&sizes(&counts(x)), label, 1, windows.collect())
}

/// From windows of several widths in a space of so many dimensions; `x` are the sizes of groups of
/// equal rows.
pub(super) fn estimate(x: &Sizes, label: &[u32], dimensions: usize, windows: Vec<Windows>) -> Part {
    let n = label.len() as f64;
    let class = counts(label);
    let classes = sizes(&class);
    let h = entropy(x, n).min(entropy(&classes, n));
    if h <= 0.0 || label.len() < NARROWEST {
        return Part::nothing(label.len());
    }
    let with_unseen = entropy_with_unseen(&classes, n).min(entropy(x, n)).max(h);
    let shown: Vec<Shown> = windows
        .iter()
        .filter_map(|windows| Shown::of(windows, label, &class, &classes, h, with_unseen))
        .collect();
    if shown.is_empty() {
        return Part {
            variance: [0.0, h * h],
            warning: Some(Reliability::RarePairs),
            ..Part::nothing(label.len())
        };
    }
    let share = shown.iter().map(|s| s.line.share).fold(0.0, f64::max);
    let (fit, first) = blur_free(&shown, share, h, dimensions, n);
    let too_much_chance = too_much_chance(&shown, first, h);
    let line_error = if too_much_chance.is_some() {
        let by_chance = shown[plateau(&shown)].chance.mean;
        DOUBT * 4.0 * share * (1.0 - share) * by_chance
    } else {
        0.0
    };
    let local = shown
        .iter()
        .rposition(|s| s.width <= 15.max(label.len() / 20))
        .unwrap_or(0);
    let at = &shown[local];
    // What classes that occur once have to do with x cannot be seen.
    let alone = class.iter().filter(|&&size| size == 1).count() as f64 / n;
    let hidden = (2.0 * alone - 1.0).max(0.0) * h / 2.0;
    let warning = if hidden > 0.0 {
        Some(Reliability::RarePairs)
    } else if falls_steeply(&shown, h) {
        Some(Reliability::FineDependence)
    } else {
        too_much_chance
    };
    // Between 0 and H, whatever the curve says.
    let variance = fit.variance.min(h * h / 9.0);
    let most = at.locals.iter().copied().fold(0.0, f64::max);
    // Both entropies are too small by some (K − 1) / 2N.
    let values: f64 = x.iter().map(|size| size.1).sum();
    let x_entropy = entropy(x, n) + (values - 1.0) / (2.0 * n);
    let unseen = (share * (entropy_with_unseen(&classes, n).min(x_entropy) - h)).powi(2);
    let one_more = (at.line.gain * most / n).powi(2);
    Part {
        value: fit.value.min(h),
        noise: at.line.gain.powi(2)
            * (1.0 - share)
            * (at.chance.square - at.chance.mean.powi(2)).max(0.0)
            / n,
        variance: [
            variance,
            variance + one_more + hidden * hidden + unseen + line_error * line_error,
        ],
        locals: at.locals.iter().map(|l| at.line.gain * l).collect(),
        warning,
    }
}

/// The widest windows that show nearly as much as any: what dependence they show is least by chance.
fn plateau(shown: &[Shown]) -> usize {
    const NEARLY: f64 = 0.95;
    let most = shown.iter().map(|s| s.line.value).fold(f64::MIN, f64::max);
    shown
        .iter()
        .rposition(|s| s.line.value >= NEARLY * most)
        .unwrap_or(0)
}

/// Whether what the best windows show by chance is too much for what they show: half of H; or some of it
/// where narrow windows show surely less than wider ones, so that the line is wrong.
fn too_much_chance(shown: &[Shown], first: usize, h: f64) -> Option<Reliability> {
    const SURE: f64 = 4.0;
    const MUCH: f64 = 0.1;
    const MOST: f64 = 0.5;
    let best = &shown[plateau(shown)];
    let noise = shown[0].line.gain * shown[0].chance.variance.sqrt();
    let rises = shown[first].line.value - shown[0].line.value > SURE * noise;
    if best.line.value < MUCH * h {
        None
    } else if best.chance.mean > MOST * h {
        Some(Reliability::RarePairs)
    } else if rises && best.chance.mean > MUCH * h {
        Some(Reliability::FineDependence)
    } else {
        None
    }
}

/// Whether windows of 2.6 times the width of the best show much less than it: then the dependence
/// is finer than the narrowest windows, too.
fn falls_steeply(shown: &[Shown], h: f64) -> bool {
    const NARROW: usize = 2;
    const SHARE: f64 = 0.15;
    const LEAST: f64 = 0.1;
    const SURE: f64 = 3.0;
    // The narrowest of those that show most.
    let value = |i: usize| shown[i].line.value;
    let best = (0..shown.len())
        .rev()
        .max_by(|&i, &j| value(i).total_cmp(&value(j)))
        .unwrap_or(0);
    let Some(wider) = shown.get(best + 2).filter(|_| best <= NARROW) else {
        return false;
    };
    let best = &shown[best];
    let fall = best.line.value - wider.line.value;
    let noise = best.line.gain * best.chance.variance.sqrt();
    best.line.value > LEAST * h && fall > SHARE * best.line.value && fall > SURE * noise
}

/// What one width shows.
struct Shown {
    width: usize,
    line: Adjusted,
    chance: Chance,
    locals: Vec<f64>,
}

impl Shown {
    fn of(
        windows: &Windows,
        label: &[u32],
        class: &[u32],
        classes: &Sizes,
        h: f64,
        with_unseen: f64,
    ) -> Option<Self> {
        let n = label.len() as f64;
        // A window of m rows counts once for m rows.
        let table = sizes(&windows.rows)
            .into_iter()
            .map(|(size, rows)| (size, rows / size))
            .collect();
        let chance = Chance::of(&table, classes, n);
        let rows = windows.rows.iter().zip(&windows.same).zip(label);
        let locals: Vec<f64> = rows
            .map(|((&rows, &same), &label)| {
                let size = f64::from(class[label as usize]);
                (f64::from(same) * n / (f64::from(rows) * size)).ln()
            })
            .collect();
        let mut sorted = locals.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let mean = sorted.iter().sum::<f64>() / n;
        Some(Self {
            width: windows.width,
            line: adjust(mean, chance.mean, h, with_unseen)?,
            chance,
            locals,
        })
    }
}

/// The curve's value at width 0, and the narrowest width that counted.
///
/// The blur is a line (the density jumps) and a smooth curve (integrated noise), functions of the
/// windows' size in space; the line's error between its ends is a share of E.
fn blur_free(shown: &[Shown], share: f64, h: f64, dimensions: usize, n: f64) -> (Fit, usize) {
    const SLOPES: [f64; 5] = [0.0, 1.0, 6.0, 30.0, 150.0];
    const STRENGTHS: [f64; 6] = [0.0, 1.0, 6.0, 40.0, 250.0, 1600.0];
    const LN_PRIOR_OF_A_SLOPE: f64 = -1.0;
    let values: Vec<f64> = shown.iter().map(|s| s.line.value).collect();
    let mut noise: Vec<f64> = shown
        .iter()
        .map(|s| OVERLAP * (1.0 - 0.5 * share) * s.line.gain.powi(2) * s.chance.variance)
        .collect();
    // What wide windows scatter by is in the scatter of narrow ones.
    for i in (1..noise.len()).rev() {
        noise[i - 1] = noise[i - 1].max(noise[i]);
    }
    let first = first_to_count(&values, &noise);
    let (shown, values, noise) = (&shown[first..], &values[first..], &noise[first..]);
    let root = 1.0 / dimensions.clamp(1, 2) as f64;
    let size = |i: usize| (shown[i].width as f64 / n).powf(root);
    let doubt = |i: usize| DOUBT * between_ends(share, shown[i].chance.mean, h);
    let mut fits = Vec::new();
    for slope in SLOPES {
        for strength in STRENGTHS {
            let fit = curve::fit(values, |i, j| {
                let (s, t) = (size(i.min(j)), size(i.max(j)));
                noise[i.max(j)]
                    + doubt(i) * doubt(j)
                    + slope * slope * s * t
                    + strength * strength * s * s * (3.0 * t - s) / 6.0
            });
            let prior = if slope > 0.0 {
                LN_PRIOR_OF_A_SLOPE
            } else {
                0.0
            };
            fits.push(Fit {
                ln_evidence: fit.ln_evidence + prior,
                ..fit
            });
        }
    }
    let mut fit = curve::average(&fits);
    // Blur grows with the windows' size no slower than a line: by how much from 0 to the narrowest is at most
    // what a line through the two narrowest says.
    if values.len() > 1 {
        let slope = (values[0] - values[1]).max(0.0) / (size(1) - size(0));
        let most = slope * size(0) + 3.0 * noise[0].sqrt() + doubt(0);
        fit.variance = fit.variance.min(most * most);
    }
    (fit, first)
}

/// The narrowest width that counts. Blur only takes information away; a curve that rises with the
/// width by more than noise shows the line's error at narrow windows, which are left out.
fn first_to_count(values: &[f64], noise: &[f64]) -> usize {
    const SURE: f64 = 2.0;
    let highest = (0..values.len())
        .max_by(|&i, &j| values[i].total_cmp(&values[j]))
        .unwrap_or(0);
    if values[highest] - values[0] > SURE * noise[0].sqrt() {
        highest
    } else {
        0
    }
}

/// Windows that slide over the rows in the order of x.
struct Sliding<'a> {
    label: &'a [u32],
    order: Vec<u32>,
    /// Where each run of equal values starts in that order; the end, at last.
    starts: Vec<usize>,
}

impl<'a> Sliding<'a> {
    fn new(x: &[u32], label: &'a [u32]) -> Self {
        let mut starts = vec![0];
        for count in counts(x) {
            starts.push(starts[starts.len() - 1] + count as usize);
        }
        let mut next = starts.clone();
        let mut order = vec![0; x.len()];
        for (row, &code) in x.iter().enumerate() {
            order[next[code as usize]] = row as u32;
            next[code as usize] += 1;
        }
        Self {
            label,
            order,
            starts,
        }
    }

    /// The window of each run of equal values. A run of `width` rows or more has a window of its own,
    /// and others end there: an atom is not mixed with what lies around it.
    fn spans(&self, width: usize) -> Vec<(usize, usize)> {
        let starts = &self.starts;
        let runs = starts.len() - 1;
        let heavy = |run: usize| starts[run + 1] - starts[run] >= width;
        let mut spans = vec![(0, 0); runs];
        let mut run = 0;
        while run < runs {
            if heavy(run) {
                spans[run] = (starts[run], starts[run + 1]);
                run += 1;
                continue;
            }
            let end = (run..runs).find(|&other| heavy(other)).unwrap_or(runs);
            let (from, to) = (starts[run], starts[end]);
            for inner in run..end {
                // Twice the middle; the same to the left and to the right.
                let middle = starts[inner] + starts[inner + 1];
                let left = middle.saturating_sub(width) / 2;
                let right = (middle + width).div_ceil(2);
                // Not narrower at the ends.
                let left = left.min(to.saturating_sub(width)).max(from);
                let right = right.max(from + width).min(to);
                // Whole runs.
                let first = starts.partition_point(|&start| start <= left) - 1;
                let last = starts.partition_point(|&start| start < right);
                spans[inner] = (starts[first], starts[last]);
            }
            run = end;
        }
        spans
    }

    /// Neither end of the spans ever goes back.
    fn windows(&self, width: usize) -> Windows {
        let n = self.order.len();
        let mut within = vec![0_u32; counts(self.label).len()];
        let (mut left, mut right) = (0, 0);
        let (mut rows, mut same) = (vec![0; n], vec![0; n]);
        let class = |place: usize| self.label[self.order[place] as usize] as usize;
        for (run, (from, to)) in self.spans(width).into_iter().enumerate() {
            while right < to {
                within[class(right)] += 1;
                right += 1;
            }
            while left < from {
                within[class(left)] -= 1;
                left += 1;
            }
            for place in self.starts[run]..self.starts[run + 1] {
                let row = self.order[place] as usize;
                rows[row] = (to - from) as u32;
                same[row] = within[class(place)];
            }
        }
        Windows { width, rows, same }
    }
}

#[cfg(test)]
mod tests {
    use ndarray_rand::rand::SeedableRng;
    use ndarray_rand::rand::seq::SliceRandom;
    use rand_chacha::ChaCha12Rng;

    use super::*;

    #[test]
    fn windows_are_centred_and_end_at_atoms() {
        // Values 0 to 9, of which 4 occurs five times.
        let x: Vec<u32> = (0..10).chain([4; 4]).collect();
        let label = vec![0; 14];
        let windows = Sliding::new(&x, &label).windows(3);
        assert_eq!(windows.rows[4], 5);
        assert_eq!(windows.rows[13], 5);
        // All others have three, those beside the atom too.
        assert!(
            (0..10)
                .filter(|&row| row != 4)
                .all(|row| windows.rows[row] == 3)
        );
        let reversed: Vec<u32> = x.iter().map(|code| 9 - code).collect();
        let label: Vec<u32> = (0..14).map(|row| row % 3).collect();
        for width in [3, 4, 7] {
            let here = Sliding::new(&x, &label).windows(width);
            let mirrored = Sliding::new(&reversed, &label).windows(width);
            assert_eq!((here.rows, here.same), (mirrored.rows, mirrored.same));
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is_and_all_where_all_is() {
        let x: Vec<u32> = (0..500).collect();
        for classes in [2, 10, 100] {
            let mut label: Vec<u32> = x.iter().map(|x| x % classes).collect();
            label.shuffle(&mut ChaCha12Rng::seed_from_u64(1));
            let none = ordered(&x, &label);
            assert!(none.value.abs() < 0.08, "{classes}: {}", none.value);
            assert!(none.value.abs() < 3.0 * none.standard_errors()[0]);
        }
        let halves: Vec<u32> = x.iter().map(|x| x / 250).collect();
        let all = ordered(&x, &halves);
        assert!((all.value - 2f64.ln()).abs() < 0.01, "{}", all.value);
    }
}
