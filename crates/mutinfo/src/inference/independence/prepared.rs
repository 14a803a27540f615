//! [`Prepared`]: two variables made ready, and the statistic of any pairing of them.

use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;

use super::linear::Linear;
use super::margin::Margin;
use super::neighbours::{Counting, Neighbours};
use super::table::Table;
use super::windows::Windows;
use crate::compute::threads;
use crate::data::check::check_lengths;
use crate::data::variable::Variable;
use crate::error::Result;

/// Shuffles by which the parts' laws under independence are known: their mean to 1/√200, 7 %, of a
/// standard deviation.
const PILOTS: u32 = 200;
/// Their streams of random numbers begin here, beyond those of the test.
const PILOT_STREAM: u64 = 1 << 32;
/// Up to so many samples neighbours are looked at: as bits, their lists take N² / 4 bytes for each
/// variable, 100 MB here.
const MOST_NEIGHBOURS: usize = 20_000;
/// The start that ranks' correlations have over other parts, in standard deviations: dependence that
/// rises or falls is the most common, and they find it best. Chosen by hand, with laws of the experiment
/// `power` in sight.
const LINEAR_START: f64 = 0.35;

/// Two variables made ready for many pairings.
pub(super) struct Prepared {
    n: usize,
    observed: Vec<u32>,
    linear: Option<Linear>,
    table: Option<Table>,
    windows: Option<Windows>,
    neighbours: Option<Neighbours>,
    /// The null law of each part; None for a part that no shuffle changes.
    null_laws: Vec<Option<GammaLaw>>,
}

/// What a thread keeps from one pairing to the next.
#[derive(Default)]
pub(super) struct Scratch {
    counts: Vec<u32>,
    cells: Vec<u32>,
    sums: Vec<i64>,
    integers: Vec<i64>,
    inverse: Vec<u32>,
    counting: Counting,
    parts: Vec<f64>,
    pub(super) order: Vec<u32>,
}

impl Prepared {
    /// Sorts, codes and bins both variables.
    ///
    /// # Errors
    /// Those of empty variables, values that are not finite and different lengths.
    pub(super) fn new(x: &Variable<'_>, y: &Variable<'_>, seed: u64) -> Result<Self> {
        check_lengths("x", x.len(), "y", y.len())?;
        let (x, y) = (Margin::new(x, "x")?, Margin::new(y, "y")?);
        let (x, y) = if y.precedes(&x) { (y, x) } else { (x, y) };
        let n = x.len();
        let neighbours = if (x.is_vector() || y.is_vector()) && (3..=MOST_NEIGHBOURS).contains(&n) {
            let k = (n as f64).sqrt().min(64.0) as usize;
            Some(Neighbours::new(&x, &y, k))
        } else {
            None
        };
        let mut prepared = Self {
            n,
            observed: x.order_to(&y),
            linear: Linear::new(&x, &y),
            table: Table::new(&x, &y),
            windows: Windows::new(&x, &y),
            neighbours,
            null_laws: Vec::new(),
        };
        let parts = threads::map(0..PILOTS, Scratch::default, |scratch, pilot| {
            let mut order = std::mem::take(&mut scratch.order);
            shuffle(n, seed, PILOT_STREAM + u64::from(pilot), &mut order);
            prepared.parts(&order, scratch);
            scratch.order = order;
            scratch.parts.clone()
        });
        let law = |part: usize| {
            let values: Vec<f64> = parts.iter().map(|parts| parts[part]).collect();
            GammaLaw::of(&values)
        };
        prepared.null_laws = (0..parts[0].len()).map(law).collect();
        Ok(prepared)
    }

    /// The pairing that was observed.
    pub(super) fn observed(&self) -> &[u32] {
        &self.observed
    }

    /// The number of samples.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// Whether no pairing differs from another, as where a variable is constant.
    pub(super) fn is_constant(&self) -> bool {
        self.null_laws.iter().all(Option::is_none)
    }

    /// How much the samples of x (by places) depend on those of y at the places of `order`.
    pub(super) fn statistic(&self, order: &[u32], scratch: &mut Scratch) -> f64 {
        self.parts(order, scratch);
        let parts = scratch.parts.iter().zip(&self.null_laws);
        let deviates = parts.enumerate().filter_map(|(part, (&value, law))| {
            let ahead = if part == 0 && self.linear.is_some() {
                LINEAR_START
            } else {
                0.0
            };
            law.as_ref().map(|law| law.deviate(value) + ahead)
        });
        deviates.fold(f64::NEG_INFINITY, f64::max)
    }

    fn parts(&self, order: &[u32], scratch: &mut Scratch) {
        scratch.parts.clear();
        if let Some(linear) = &self.linear {
            scratch
                .parts
                .push(linear.statistic(order, &mut scratch.sums));
        }
        if let Some(table) = &self.table {
            scratch
                .parts
                .push(table.statistic(order, &mut scratch.cells) as f64);
        }
        if let Some(windows) = &self.windows {
            windows.statistics(order, &mut scratch.counts, &mut scratch.integers);
            scratch
                .parts
                .extend(scratch.integers.iter().map(|&sum| sum as f64));
        }
        if let Some(neighbours) = &self.neighbours {
            scratch.inverse.resize(order.len(), 0);
            for (place, &other) in order.iter().enumerate() {
                scratch.inverse[other as usize] = place as u32;
            }
            let sums = neighbours.statistics(order, &scratch.inverse, &mut scratch.counting);
            scratch.parts.extend(sums.map(|sum| sum as f64));
        }
    }
}

/// A gamma law, shifted, by its mean, standard deviation and skewness.
#[derive(Debug)]
struct GammaLaw {
    mean: f64,
    sd: f64,
    skewness: f64,
}

impl GammaLaw {
    /// By the moments of these values; None where they are all one.
    fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let moment = |power: i32| {
            values
                .iter()
                .map(|value| (value - mean).powi(power))
                .sum::<f64>()
                / n
        };
        let sd = moment(2).sqrt();
        (sd > 1e-9 * mean.abs()).then(|| Self {
            mean,
            sd,
            skewness: moment(3) / sd.powi(3),
        })
    }

    /// A value as a deviate of the standard normal law, by Wilson and Hilferty's cube root (1931).
    fn deviate(&self, value: f64) -> f64 {
        let standard = (value - self.mean) / self.sd;
        let g = self.skewness;
        if g.abs() < 0.01 {
            return standard;
        }
        ((1.0 + g * standard / 2.0).cbrt() - 1.0) * 6.0 / g + g / 6.0
    }
}

/// The shuffle of this number: each has a stream of random numbers of its own.
pub(super) fn shuffle(n: usize, seed: u64, number: u64, order: &mut Vec<u32>) {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    rng.set_stream(number);
    order.clear();
    order.extend(0..n as u32);
    order.shuffle(&mut rng);
}
