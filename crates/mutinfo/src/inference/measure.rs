//! [`measure`]: the estimate, how sure it is, and whether it is more than chance, in one value.

use std::fmt;

use crate::compute::progress::{OnProgress, no_progress};
use crate::counting::discrete::Discrete;
use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::error::Result;
use crate::estimator::Estimator;
use crate::inference::interval::Interval;
use crate::inference::permutation::PermutationTest;
use crate::neighbours::ksg::{Ksg1, Ties};
use crate::recommended::{Recommended, mixed};
use crate::units::Nats;

/// Permutations for the p-value, which make 0.001 the least.
const PERMUTATIONS: usize = 999;
const LEVEL: f64 = 0.95;

/// What two variables share, as one reports it.
///
/// It prints as `0.497 bit, 95 % interval 0.41 to 0.58, p = 0.001 (recommended, N = 200)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// The recommended estimate.
    pub information: Nats,
    /// Its 95 % interval.
    pub interval: Interval,
    /// The chance of such dependence by chance.
    pub p_value: f64,
    /// The number of samples.
    pub samples: usize,
    /// The estimator's name.
    pub estimator: String,
}

/// Measures what x and y share: the [`Recommended`] estimate, its 95 % [`Interval`], and the p-value
/// of a [`PermutationTest`] with 999 permutations of this seed.
///
/// The test's statistic is quick and has many neighbours, which finds weak dependence best:
/// [`Ksg1`] with k = √N on normal scores for numbers, [`Ross`](crate::Ross) for numbers against
/// labels, [`Discrete`] for labels.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(200, 1.0, 42)?;
/// let result = measure(&data.x, &data.y, 1)?;
/// println!("{result}");
/// assert!(result.interval.covers(data.exact));
/// assert_eq!(result.p_value, 0.001);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As [`Recommended`].
pub fn measure<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
    seed: u64,
) -> Result<Measurement> {
    measure_with_progress(x, y, seed, &mut no_progress)
}

/// As [`measure`], with the test watched: see [`progress`](crate::compute::progress).
///
/// # Errors
/// As [`measure`], and [`Error::Cancelled`](crate::Error::Cancelled).
pub fn measure_with_progress<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
    seed: u64,
    on_progress: OnProgress<'_>,
) -> Result<Measurement> {
    let (x, y) = (x.into(), y.into());
    let interval = Interval::of_recommended(&x, &y, LEVEL)?;
    let statistic: Box<dyn Estimator + Sync> = match (&x, &y) {
        (Variable::Continuous(_), Variable::Continuous(_)) => Box::new(
            Ksg1::new((x.len() as f64).sqrt() as usize)?
                .scaling(Scaling::NormalScores)
                .ties(Ties::Include),
        ),
        (Variable::Discrete(_), Variable::Discrete(_)) => Box::new(Discrete::default()),
        _ => Box::new(mixed()),
    };
    let test = PermutationTest::new(PERMUTATIONS, seed)?;
    let samples = x.len();
    let permuted = test.run_with_progress(&statistic, x, y, on_progress)?;
    Ok(Measurement {
        information: interval.estimate,
        interval,
        p_value: permuted.p_value,
        samples,
        estimator: Recommended.to_string(),
    })
}

impl Measurement {
    /// Each part by name, as text in bits, for a table.
    pub fn rows(&self) -> [(&'static str, String); 5] {
        let [low, high] = self.ends();
        [
            (
                "mutual information",
                format!("{:.3}", self.information.to_bits()),
            ),
            ("95 % interval", format!("{low:.3} to {high:.3} bit")),
            ("p", self.p_text()),
            ("samples", self.samples.to_string()),
            ("estimator", self.estimator.clone()),
        ]
    }

    fn ends(&self) -> [f64; 2] {
        [self.interval.low, self.interval.high].map(|end| end.to_bits().value())
    }

    fn p_text(&self) -> String {
        format!("{:.3}", self.p_value)
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, high] = self.ends();
        let text = format!(
            "{:.3}, 95 % interval {low:.2} to {high:.2}, p = {} ({}, N = {})",
            self.information.to_bits(),
            self.p_text(),
            self.estimator,
            self.samples,
        );
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::Distribution;

    #[test]
    fn prints_every_part() {
        let measurement = Measurement {
            information: Nats(0.3445),
            interval: Interval {
                estimate: Nats(0.3445),
                low: Nats(0.2842),
                high: Nats(0.402),
                level: 0.95,
            },
            p_value: 0.001,
            samples: 200,
            estimator: "KSG".to_owned(),
        };
        assert_eq!(
            measurement.to_string(),
            "0.497 bit, 95 % interval 0.41 to 0.58, p = 0.001 (KSG, N = 200)"
        );
        assert_eq!(measurement.rows()[1].1, "0.410 to 0.580 bit");
    }

    #[test]
    fn measures_numbers_vectors_and_labels() {
        let pairs = Distribution::Normal(vec![0.7, 0.0])
            .sample(80, 1)
            .unwrap()
            .numbers()
            .unwrap();
        let class = pairs.y.column(0).mapv(|v| v > 0.0);
        let x = pairs.x.column(0);
        for measurement in [
            measure(&pairs.x, &pairs.y, 1).unwrap(),
            measure(x, &class, 1).unwrap(),
            measure(&class, &class, 1).unwrap(),
        ] {
            assert!(measurement.p_value < 0.05, "{measurement}");
            assert!(measurement.interval.covers(measurement.information));
            assert_eq!(measurement.samples, 80);
        }
    }

    #[test]
    fn finds_nothing_where_there_is_nothing() {
        let data = Distribution::Uniform { dx: 1, dy: 1 }
            .sample(100, 4)
            .unwrap();
        let measurement = measure(&data.x, &data.y, 1).unwrap();
        assert!(measurement.p_value > 0.05, "{measurement}");
        assert!(measurement.interval.covers(Nats(0.0)), "{measurement}");
    }
}
