//! [`measure`]: the estimate, how sure it is, and whether it is more than chance, in one value.

use std::fmt;

use crate::compute::progress::{OnProgress, no_progress};
use crate::data::variable::Variable;
use crate::error::Result;
use crate::inference::independence::IndependenceTest;
use crate::inference::interval::Interval;
use crate::recommended::{Adaptive, AdaptiveEstimate, Reliability};
use crate::units::Nats;

/// The level of the interval, and of the test that agrees with it.
const LEVEL: f64 = 0.95;

/// What two variables share, as one reports it.
///
/// It prints as `0.497 bit, 95 % interval 0.41 to 0.58 bit, p = 0.001 (adaptive 2, N = 200)`, and
/// after that, where there is one, the reason not to trust it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Measurement {
    /// The recommended estimate.
    pub information: Nats,
    /// Its 95 % interval. Where p is above 0.05 it reaches down to 0.
    pub interval: Interval,
    /// The chance of such dependence by chance.
    pub p_value: f64,
    /// How many shuffles the p-value took.
    pub shuffles: usize,
    /// Whether the estimate can be trusted, and if not, why.
    pub reliability: Reliability,
    /// The number of samples.
    pub samples: usize,
    /// The estimator's name.
    pub estimator: String,
}

/// Measures what x and y share: the [adaptive](Adaptive) estimate, its 95 % [`Interval`], its
/// [`Reliability`], and the p-value of an [`IndependenceTest`] of this seed. Takes variables of every
/// kind: numbers, with or without repeated values, vectors, labels of few or many classes.
///
/// The estimate and the test are made for different ends, and computed by different means. So that
/// they do not contradict each other, the interval is widened to 0 where the test, which is exact,
/// finds independence possible (p > 0.05). Where the test excludes independence but the interval
/// begins at 0, the printed line says so.
///
/// Costs one estimate and 20 to 1199 quick statistics: most where dependence is clear.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(200, 1.0, 42)?;
/// let result = measure(&data.x, &data.y, 1)?;
/// println!("{result}");
/// assert!(result.interval.covers(data.exact) && result.reliability.is_good());
/// assert_eq!(result.p_value, 0.001);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As [`Adaptive`].
pub fn measure<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
    seed: u64,
) -> Result<Measurement> {
    measure_with_progress(x, y, seed, &mut no_progress)
}

/// As [`measure`], with the progress of the test: see [`progress`](crate::compute::progress).
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(200, 1.0, 42)?;
/// let mut reports = 0;
/// let mut count = |_: Progress| {
///     reports += 1;
///     std::ops::ControlFlow::Continue(())
/// };
/// let result = measure_with_progress(&data.x, &data.y, 1, &mut count)?;
/// assert_eq!(result, measure(&data.x, &data.y, 1)?);
/// assert!(reports > 0);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As [`measure`], and [`Error::Cancelled`](crate::Error::Cancelled).
pub fn measure_with_progress<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
    seed: u64,
    on_progress: OnProgress<'_>,
) -> Result<Measurement> {
    measure_variables(&x.into(), &y.into(), seed, on_progress)
}

fn measure_variables(
    x: &Variable<'_>,
    y: &Variable<'_>,
    seed: u64,
    on_progress: OnProgress<'_>,
) -> Result<Measurement> {
    let estimate = AdaptiveEstimate::of(x, y)?;
    let mut interval = Interval::of_estimate(&estimate, LEVEL)?;
    let test = IndependenceTest::new(seed).run_with_progress(x, y, on_progress)?;
    if test.p_value > 1.0 - LEVEL {
        interval.low = interval.low.min(Nats(0.0));
    }
    Ok(Measurement {
        information: interval.estimate,
        interval,
        p_value: test.p_value,
        shuffles: test.shuffles,
        reliability: estimate.reliability,
        samples: x.len(),
        estimator: Adaptive.to_string(),
    })
}

impl Measurement {
    /// Each part by name, as text in bits, for a table.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Sample::coupled_normals(200, 1.0, 42)?;
    /// let rows = measure(&data.x, &data.y, 1)?.rows();
    /// assert_eq!(rows[0].0, "mutual information");
    /// assert_eq!(rows[3], ("reliability", "reliable".to_owned()));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn rows(&self) -> [(&'static str, String); 6] {
        let [low, high] = self.ends();
        [
            (
                "mutual information",
                format!("{:.3}", self.information.to_bits()),
            ),
            ("95 % interval", format!("{low:.3} to {high:.3} bit")),
            (
                "p",
                format!("{:.3} ({} shuffles)", self.p_value, self.shuffles),
            ),
            (
                "reliability",
                self.remark()
                    .unwrap_or_else(|| self.reliability.to_string()),
            ),
            ("samples", self.samples.to_string()),
            ("estimator", self.estimator.clone()),
        ]
    }

    /// What a reader should know besides the numbers, if anything.
    fn remark(&self) -> Option<String> {
        let excluded_by_test_alone = self.p_value <= 1.0 - LEVEL && self.interval.low <= Nats(0.0);
        let mut remarks = Vec::new();
        if !self.reliability.is_good() {
            remarks.push(self.reliability.to_string());
        }
        if excluded_by_test_alone {
            remarks.push("the test excludes 0, the interval does not".to_owned());
        }
        (!remarks.is_empty()).then(|| remarks.join("; "))
    }

    fn ends(&self) -> [f64; 2] {
        [self.interval.low, self.interval.high].map(|end| end.to_bits().value())
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, high] = self.ends();
        let mut text = format!(
            "{:.3}, 95 % interval {low:.2} to {high:.2} bit, p = {:.3} ({}, N = {})",
            self.information.to_bits(),
            self.p_value,
            self.estimator,
            self.samples,
        );
        if let Some(remark) = self.remark() {
            text += &format!("; {remark}");
        }
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::Distribution;

    #[test]
    fn prints_every_part() {
        let mut measurement = Measurement {
            information: Nats(0.3445),
            interval: Interval {
                estimate: Nats(0.3445),
                low: Nats(0.2842),
                high: Nats(0.402),
                level: 0.95,
            },
            p_value: 0.001,
            shuffles: 999,
            reliability: Reliability::Good,
            samples: 200,
            estimator: "KSG".to_owned(),
        };
        let line = "0.497 bit, 95 % interval 0.41 to 0.58 bit, p = 0.001 (KSG, N = 200)";
        assert_eq!(measurement.to_string(), line);
        assert_eq!(measurement.rows()[1].1, "0.410 to 0.580 bit");
        measurement.reliability = Reliability::NearLimit;
        let warned = format!("{line}; {}", Reliability::NearLimit);
        assert_eq!(measurement.to_string(), warned);
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

    /// What came out wrong, by much, before repeated values were taken for what they are.
    #[test]
    fn a_number_that_is_a_function_of_a_label_says_all_of_it() {
        let label: Vec<i32> = (0..400).map(|i| i % 2).collect();
        let number: Vec<f64> = label.iter().map(|&l| f64::from(l)).collect();
        let measurement = measure(&number, &label, 1).unwrap();
        assert!(
            (measurement.information - Nats(2_f64.ln())).abs() < Nats(0.01),
            "{measurement}"
        );
        assert_eq!(measurement.p_value, 0.001);
        let tens: Vec<f64> = (0..400).map(|i| f64::from(7 * i % 10)).collect();
        let upper: Vec<bool> = tens.iter().map(|&x| x >= 5.0).collect();
        let measurement = measure(&tens, &upper, 1).unwrap();
        assert!(
            (measurement.information - Nats(2_f64.ln())).abs() < Nats(0.02),
            "{measurement}"
        );
        // A unit that fired once.
        let spike: Vec<f64> = (0..100).map(|i| f64::from(u8::from(i == 17))).collect();
        let measurement = measure(&spike, &label[..100].to_vec(), 1).unwrap();
        assert!(measurement.interval.covers(Nats(0.0)), "{measurement}");
    }

    #[test]
    fn no_line_contradicts_itself() {
        let laws = [
            Distribution::normal(0.15),
            Distribution::normal(0.0),
            Distribution::Gate {
                active: 0.1,
                flip: 0.3,
            },
            Distribution::Zipf {
                classes: 60,
                keep: 0.1,
            },
        ];
        for law in laws {
            for seed in 0..8 {
                let data = law.sample(60, seed).unwrap();
                let measurement = measure(&data.x, &data.y, seed).unwrap();
                let interval = measurement.interval;
                assert!(interval.covers(measurement.information), "{measurement}");
                let excluded = interval.low > Nats(0.0);
                assert!(!excluded || measurement.p_value <= 0.05, "{measurement}");
                let said = measurement.to_string().contains("the test excludes 0");
                assert_eq!(
                    said,
                    !excluded && measurement.p_value <= 0.05,
                    "{measurement}"
                );
            }
        }
    }
}
