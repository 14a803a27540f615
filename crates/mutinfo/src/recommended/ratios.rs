//! How a table of classes departs from independence, and how much of what it shows is bias.
//!
//! Two classes of a and b among N samples would meet in e = ab/N of them if they were independent, and
//! do so in r e. The ratios r of all pairs of classes are taken to be drawn from one law, of which nothing is
//! known but what the table says: it has weights on a grid of ratios, and on a grid of the shares of the smaller
//! class, those of largest likelihood, found by expectation and maximisation (Kiefer and Wolfowitz 1956;
//! Laird 1978), where n is binomial with a mean of λ among min(a, b).
//!
//! A pair with mean λ adds β(λ) = E[n ln n] − λ ln λ to what a table shows beyond its information. The bias
//! of the plug-in estimate is that of independent labels, E, times Σ β(λ) / Σ β(e): E where all
//! ratios are 1, and 0 where one label tells the other. Seldom seen pairs scatter, so that the law
//! that fits them best is wider than the true one, and the bias too small. By how much is seen on tables
//! that are drawn from the fitted law, and undone (bootstrap; Efron 1979).

use std::collections::BTreeMap;

use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand_distr::{Binomial, Distribution};
use rand_chacha::ChaCha12Rng;
use statrs::function::gamma::ln_gamma;

use super::chance::Sizes;
use super::labels::Table;

/// Ratios are powers of 2 from 2⁻³ on, and 0.
const LEAST_POWER: i32 = -3;
/// Shares of the smaller class.
const SHARES: [f64; 5] = [0.2, 0.4, 0.6, 0.8, 1.0];
/// Steps of expectation and maximisation, and the exponent of most of them: above 1 they reach further.
const STEPS: usize = 200;
const EXPONENT: f64 = 1.8;
/// Every so many steps, one with exponent 1, which the likelihood cannot fall by.
const SAFE: usize = 4;
/// Steps end where the weights change by less.
const STILL: f64 = 1e-6;
/// As if so many pairs were seen to be independent: no weight becomes 0.
const ONE_MORE: f64 = 0.1;
/// A pair that meets in so many samples tells its ratio by itself.
pub(super) const OFTEN: u32 = 10;
/// Tables drawn from the fitted law.
const DRAWN: usize = 3;

/// What the fitted law says of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Departure {
    /// The plug-in's bias, as a multiple of what it is without dependence.
    pub(super) bias: f64,
    /// How far off that may be: by how much drawn tables moved it, and how far they scattered.
    pub(super) doubt: f64,
    /// The logarithm of the likelihood ratio to independence.
    pub(super) ln_likelihood: f64,
    /// Of pairs that met in fewer than [`OFTEN`] samples: in how many they would have, and the sums of
    /// ln r and of its square over these.
    pub(super) seldom: [f64; 3],
}

impl Departure {
    /// Of a table with classes of these sizes.
    pub(super) fn of(table: &Table, x: &Sizes, y: &Sizes) -> Self {
        let (pairs, tallies) = pairs(table, x, y);
        let mut likelihoods = Likelihoods::new(&pairs);
        let law = fit(&mut likelihoods, &tallies);
        let mut random = ChaCha12Rng::seed_from_u64(0);
        let drawn: Vec<f64> = (0..DRAWN)
            .map(|_| {
                let drawn = pairs
                    .iter()
                    .map(|pairs| pairs.draw(&law.weights, &mut random));
                fit(&mut likelihoods, &drawn.collect::<Vec<_>>()).bias
            })
            .collect();
        let mean = drawn.iter().sum::<f64>() / DRAWN as f64;
        let squares: f64 = drawn.iter().map(|bias| (bias - mean).powi(2)).sum();
        let correction = law.bias - mean;
        /// Tables show less bias where classes meet more evenly, but not by more.
        const MOST: f64 = 1.3;
        Self {
            bias: (law.bias + correction).clamp(0.0, MOST),
            doubt: (correction.powi(2) + squares / (DRAWN - 1) as f64).sqrt(),
            ln_likelihood: law.ln_likelihood,
            seldom: law.seldom,
        }
    }
}

/// The share of the bias that is due to pairs that would meet by chance in more than a tenth of a sample, with
/// a smooth end: a pair that meets once though e is less tells next to nothing of its ratio.
pub(super) fn told(x: &Sizes, y: &Sizes, total: f64) -> f64 {
    const ENOUGH: f64 = 0.1;
    let (mut told, mut all) = (0.0, 0.0);
    for &(a, a_count) in x {
        for &(b, b_count) in y {
            let expected = a * b / total;
            let bias = a_count * b_count * bias(a.min(b), expected);
            told += bias * expected / (expected + ENOUGH);
            all += bias;
        }
    }
    if all > 0.0 { told / all } else { 1.0 }
}

/// How many pairs occur how often: (n, pairs).
type Tally = BTreeMap<u32, f64>;

/// All pairs of classes of the same two sizes.
struct Pairs {
    /// The smaller size.
    smaller: f64,
    count: f64,
    /// λ of each component of the law, the first of which is independence, and β(λ).
    means: Vec<f64>,
    biases: Vec<f64>,
}

/// The kinds of pairs and how often those of each occur, in an order that does not depend on names or sides.
fn pairs(table: &Table, x: &Sizes, y: &Sizes) -> (Vec<Pairs>, Vec<Tally>) {
    let key = |a: u32, b: u32| (coarse(a.min(b)), coarse(a.max(b)));
    let mut kinds: BTreeMap<(u32, u32), (f64, Tally)> = BTreeMap::new();
    for &(a, a_count) in x {
        for &(b, b_count) in y {
            kinds.entry(key(a as u32, b as u32)).or_default().0 += a_count * b_count;
        }
    }
    for &(i, j, n) in &table.cells {
        let key = key(table.x[i as usize], table.y[j as usize]);
        if let Some((_, tally)) = kinds.get_mut(&key) {
            *tally.entry(coarse(n)).or_insert(0.0) += 1.0;
        }
    }
    let most = table.total.log2().ceil() as i32;
    let powers = (LEAST_POWER..=most).filter(|&power| power != 0);
    let ratios: Vec<f64> = [1.0, 0.0]
        .into_iter()
        .chain(powers.map(|power| 2f64.powi(power)))
        .collect();
    kinds
        .into_iter()
        .map(|((a, b), (count, mut tally))| {
            let (smaller, expected) = (f64::from(a), f64::from(a) * f64::from(b) / table.total);
            let means: Vec<f64> = ratios
                .iter()
                .map(|ratio| ratio * expected)
                .chain(SHARES.map(|share| share * smaller))
                .collect();
            tally.insert(0, count - tally.values().sum::<f64>());
            let biases = means.iter().map(|&mean| bias(smaller, mean)).collect();
            let pairs = Pairs {
                smaller,
                count,
                means,
                biases,
            };
            (pairs, tally)
        })
        .unzip()
}

/// A count to its four leading bits: above 16, neighbouring counts show much the same, and are one kind.
fn coarse(count: u32) -> u32 {
    const BITS: u32 = 4;
    let shift = (u32::BITS - count.leading_zeros()).saturating_sub(BITS);
    count >> shift << shift
}

impl Pairs {
    /// ln of the probability of n by each component: none of those whose mean is more than all.
    fn ln_likelihoods(&self, n: f64) -> impl Iterator<Item = f64> {
        let all = self.smaller;
        let ways = ln_gamma(all + 1.0) - ln_gamma(n + 1.0) - ln_gamma(all - n + 1.0);
        let term = |n: f64, p: f64| if n == 0.0 { 0.0 } else { n * p.ln() };
        self.means.iter().map(move |&mean| {
            let p = mean / all;
            if p > 1.0 {
                return f64::NEG_INFINITY;
            }
            ways + term(n, p) + term(all - n, 1.0 - p)
        })
    }

    /// How often such pairs occur in a table drawn from a law with these weights.
    fn draw(&self, weights: &[f64], random: &mut ChaCha12Rng) -> Tally {
        let possible = || {
            self.means
                .iter()
                .zip(weights)
                .filter(|(mean, _)| **mean <= self.smaller)
        };
        let mut weight_left: f64 = possible().map(|(_, weight)| weight).sum();
        let mut pairs_left = self.count as u64;
        let mut tally = Tally::new();
        let binomial = |n: u64, p: f64| Binomial::new(n, p.clamp(0.0, 1.0)).ok();
        let mut sample = |law: Option<Binomial>| law.map_or(0, |law| law.sample(random));
        for (mean, weight) in possible() {
            let pairs = sample(binomial(pairs_left, weight / weight_left));
            let meetings = binomial(self.smaller as u64, mean / self.smaller);
            for _ in 0..pairs {
                let n = sample(meetings);
                *tally.entry(coarse(n as u32)).or_insert(0.0) += 1.0;
            }
            pairs_left -= pairs;
            weight_left -= weight;
        }
        tally
    }
}

/// How likely the components make each count of each kind of pairs, worked out once for all tables.
struct Likelihoods<'a> {
    pairs: &'a [Pairs],
    /// By kind and count.
    known: BTreeMap<(usize, u32), Likelihood>,
}

/// How likely the components make a count, in units of the largest: none is lost to underflow.
struct Likelihood {
    of_components: Vec<f64>,
    /// The logarithm of the first, of independence.
    ln_independent: f64,
}

impl<'a> Likelihoods<'a> {
    fn new(pairs: &'a [Pairs]) -> Self {
        Self {
            pairs,
            known: BTreeMap::new(),
        }
    }

    /// Of pairs of this kind that meet n times.
    fn of(&mut self, kind: usize, n: u32) -> &Likelihood {
        self.known.entry((kind, n)).or_insert_with(|| {
            let ln: Vec<f64> = self.pairs[kind].ln_likelihoods(f64::from(n)).collect();
            let largest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            Likelihood {
                of_components: ln.iter().map(|ln| (ln - largest).exp()).collect(),
                ln_independent: ln[0] - largest,
            }
        })
    }
}

/// β: E[n ln n] − λ ln λ of a binomial n among `all` with mean λ.
fn bias(all: f64, mean: f64) -> f64 {
    /// Terms below this fraction of the largest are left out.
    const NEGLIGIBLE: f64 = 1e-12;
    let p = mean / all;
    if p <= 0.0 || p >= 1.0 {
        return 0.0;
    }
    /// From this mean on, the moments say as much.
    const LARGE: f64 = 100.0;
    if mean > LARGE {
        let q = 1.0 - p;
        return q / 2.0 + q * (q / 4.0 - (1.0 - 2.0 * p) / 6.0) / mean;
    }
    // Less n − λ, which adds nothing to the mean and takes away most of the digits that cancel.
    let term = |n: f64| {
        if n > 0.0 {
            n * (n / mean).ln() - (n - mean)
        } else {
            mean
        }
    };
    let odds = p / (1.0 - p);
    let mode = ((all + 1.0) * p).floor().min(all);
    let (mut weights, mut sum) = (1.0, term(mode));
    let (mut n, mut weight) = (mode, 1.0);
    while n < all && weight > NEGLIGIBLE {
        weight *= (all - n) / (n + 1.0) * odds;
        n += 1.0;
        weights += weight;
        sum += weight * term(n);
    }
    (n, weight) = (mode, 1.0);
    while n > 0.0 && weight > NEGLIGIBLE {
        weight *= n / (all - n + 1.0) / odds;
        n -= 1.0;
        weights += weight;
        sum += weight * term(n);
    }
    sum / weights
}

/// The law of largest likelihood.
struct Fit {
    weights: Vec<f64>,
    bias: f64,
    ln_likelihood: f64,
    seldom: [f64; 3],
}

fn fit(known: &mut Likelihoods<'_>, tallies: &[Tally]) -> Fit {
    /// Weights stay above it.
    const LEAST: f64 = 1e-12;
    let pairs = known.pairs;
    let components = pairs[0].means.len();
    let mut kinds = Vec::new();
    let mut likelihoods = Vec::new();
    for (kind, (pairs, tally)) in pairs.iter().zip(tallies).enumerate() {
        for (&n, &count) in tally.iter().filter(|(_, count)| **count > 0.0) {
            let likelihood = known.of(kind, n);
            likelihoods.extend_from_slice(&likelihood.of_components);
            kinds.push((count, n, pairs, likelihood.ln_independent));
        }
    }
    let total: f64 = pairs.iter().map(|pairs| pairs.count).sum();
    // The same by component, so that the kinds' sums are independent of each other and run at once.
    let by_component: Vec<f64> = (0..components)
        .flat_map(|component| likelihoods.iter().skip(component).step_by(components))
        .copied()
        .collect();
    let mixed = |weights: &[f64]| {
        let mut sums = vec![0.0; kinds.len()];
        for (&weight, of_kinds) in weights.iter().zip(by_component.chunks(kinds.len().max(1))) {
            super::part::add(&mut sums, of_kinds, weight);
        }
        sums
    };
    let mut weights = vec![1.0 / components as f64; components];
    for step in 1..=STEPS {
        let mut factors = vec![0.0; components];
        let rows = likelihoods.chunks(components).zip(mixed(&weights));
        for ((count, ..), (likelihoods, mixed)) in kinds.iter().zip(rows) {
            super::part::add(&mut factors, likelihoods, count / mixed);
        }
        factors[0] += ONE_MORE / weights[0];
        let exponent = if step % SAFE == 0 { 1.0 } else { EXPONENT };
        let before = weights.clone();
        for (weight, factor) in weights.iter_mut().zip(factors) {
            *weight = (*weight * (factor / (total + ONE_MORE)).powf(exponent)).max(LEAST);
        }
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        let moved = weights
            .iter()
            .zip(&before)
            .map(|(now, before)| (now - before).abs());
        if exponent == 1.0 && moved.fold(0.0, f64::max) < STILL {
            break;
        }
    }
    let (mut bias, mut ln_likelihood) = (0.0, 0.0);
    let mut seldom = [0.0; 3];
    let rows = likelihoods.chunks(components).zip(mixed(&weights));
    for ((count, n, pairs, independent), (likelihoods, all)) in kinds.iter().zip(rows) {
        ln_likelihood += count * (all.ln() - independent);
        for (component, (weight, likelihood)) in weights.iter().zip(likelihoods).enumerate() {
            let (share, mean) = (count * weight * likelihood / all, pairs.means[component]);
            bias += share * pairs.biases[component];
            if mean > 0.0 && *n < OFTEN {
                let local = (mean / pairs.means[0]).ln();
                for (power, sum) in seldom.iter_mut().enumerate() {
                    *sum += share * mean * local.powi(power as i32);
                }
            }
        }
    }
    let independent: f64 = pairs
        .iter()
        .map(|pairs| pairs.count * pairs.biases[0])
        .sum();
    Fit {
        weights,
        bias: if independent > 0.0 {
            bias / independent
        } else {
            1.0
        },
        ln_likelihood,
        seldom,
    }
}

#[cfg(test)]
mod tests {
    use ndarray_rand::rand::seq::SliceRandom;

    use super::*;
    use crate::recommended::chance::sizes;

    fn of(x: &[u32], y: &[u32]) -> Departure {
        let table = Table::new(x, y);
        let (x, y) = (sizes(&table.x), sizes(&table.y));
        Departure::of(&table, &x, &y)
    }

    #[test]
    fn the_bias_of_one_pair_is_its_sum_and_its_limit() {
        // n = 0, 1, 2 with probability 1/4, 1/2, 1/4: 2 ln 2 / 4 beyond 1 ln 1.
        assert!((bias(2.0, 1.0) - 0.5 * 2f64.ln()).abs() < 1e-12);
        assert_eq!((bias(5.0, 0.0), bias(5.0, 5.0)), (0.0, 0.0));
        // On both sides of where moments take over.
        for all in [120.0, 1000.0, 1e6] {
            let (sum, moments) = (bias(all, 99.999), bias(all, 100.001));
            assert!((sum - moments).abs() < 2e-5, "{all}: {sum} {moments}");
        }
    }

    #[test]
    fn all_of_the_bias_is_left_without_dependence_and_none_where_labels_tell_each_other() {
        let x: Vec<u32> = (0..400).map(|row| row % 10).collect();
        let mut y = x.clone();
        y.shuffle(&mut ChaCha12Rng::seed_from_u64(1));
        let none = of(&x, &y);
        assert!((none.bias - 1.0).abs() < 0.1, "{none:?}");
        assert!(none.ln_likelihood < 3.0, "{none:?}");
        let all = of(&x, &x.iter().map(|x| 9 - x).collect::<Vec<_>>());
        assert!(all.bias < 0.01, "{all:?}");
        assert!(all.ln_likelihood > 100.0, "{all:?}");
        assert_eq!(of(&x, &y).bias, of(&y, &x).bias);
    }

    #[test]
    fn between_the_ends_the_bias_is_that_of_many_samples_of_the_law() {
        use crate::counting::counts::JointCounts;
        use crate::counting::entropy_estimator::EntropyEstimator;
        use crate::data::variable::Variable;
        use crate::truth::Distribution;

        let law = Distribution::Potts {
            rows: 12,
            columns: 12,
            strength: 25.0,
        };
        let (mut found, mut bias, mut by_chance) = (0.0, 0.0, 0.0);
        for seed in 0..20 {
            let data = law.sample(400, seed).unwrap();
            let (Variable::Discrete(x), Variable::Discrete(y)) =
                ((&data.x).into(), (&data.y).into())
            else {
                panic!("labels");
            };
            let counts = JointCounts::of(&x, &y);
            let expected = counts.expected_mutual_information().value();
            let shown = counts.mutual_information(EntropyEstimator::PlugIn);
            bias += (shown - data.exact).value() / 20.0;
            by_chance += expected / 20.0;
            found += of(x.codes(), y.codes()).bias * expected / 20.0;
        }
        // The line's is E (1 − I/H), less than half of it.
        assert!(
            (found - bias).abs() < 0.2 * by_chance,
            "{found} {bias} {by_chance}"
        );
    }
}
