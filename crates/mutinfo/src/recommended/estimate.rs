//! [`AdaptiveEstimate`]: the recommended estimate of two variables of any kind, with what it is worth.

use ndarray::Array2;
use statrs::distribution::{ContinuousCDF, Normal};

use super::chance::{Sizes, counts, entropy_with_unseen, sizes};
use super::codes::{dense, row_codes, value_codes};
use super::copies::{self, Copies};
use super::part::Part;
use super::reliability::Reliability;
use super::side::{self, Side};
use super::{FEWEST, REACH, canonical};
use crate::data::check::{check_finite, check_lengths};
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::units::Nats;

/// I(X; Y) as estimated, how far the truth may lie from it, and whether to trust it.
///
/// It has the same bits in any order of the rows, for (y, x), for rescaled columns, for mirrored scalars
/// (not beside a vector), for renamed classes, and on any number of threads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdaptiveEstimate {
    /// The estimate: not above the entropies of the values, nor above ln N. Near independence it
    /// may be a little below 0, never further than they are above.
    pub information: Nats,
    /// How far below and above it the truth may lie: standard errors.
    pub standard_errors: [Nats; 2],
    /// The most that the information can be: the smaller of the two entropies, classes that were not
    /// seen included, or ln N.
    pub most: Nats,
    /// The standard error of that entropy.
    error_of_most: Nats,
    /// ln N, or the logarithm of the number of classes where none was seen but once.
    limit: Nats,
    /// Whether to trust it, and if not, why.
    pub reliability: Reliability,
}

/// An estimate nearer to ln N is at its limit.
const NEAR_LIMIT: f64 = 2.0;

impl AdaptiveEstimate {
    /// From two variables of any kind.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo::recommended::AdaptiveEstimate;
    ///
    /// // A unit behind a ReLU, and whether its input was above 1.
    /// let input = Sample::coupled_normals(500, 1.0, 42)?.x;
    /// let unit = input.mapv(|v| v.max(0.0));
    /// let label = input.mapv(|v| v > 1.0);
    /// let estimate = AdaptiveEstimate::of(&(&unit).into(), &(&label).into())?;
    /// assert!(estimate.reliability.is_good());
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::LengthMismatch`];
    /// [`Error::TooFewSamples`] below four samples, unless both are labels.
    pub fn of(x: &Variable<'_>, y: &Variable<'_>) -> Result<Self> {
        let (x_side, y_side) = (prepared(x, "x")?, prepared(y, "y")?);
        let rows = x_side.codes().len();
        check_lengths("x", rows, "y", y_side.codes().len())?;
        let labels = matches!((&x_side, &y_side), (Side::Labels(_), Side::Labels(_)));
        if rows < FEWEST && !labels {
            return Err(Error::TooFewSamples {
                got: rows,
                needed: FEWEST,
            });
        }
        let constant = |side: &Side| side.codes().iter().all(|&code| code == 0);
        if constant(&x_side) || constant(&y_side) {
            return Ok(Self::of_a_constant(rows));
        }
        let (x, y) = canonical::of(x_side, y_side);
        let whole = |x: &Side, y: &Side| Self::of_part(&side::information(x, y), x, y);
        let without_copies = |kept: &[usize]| {
            let (x, y) = (x.select(kept), y.select(kept));
            Self {
                reliability: Reliability::Copies,
                ..whole(&x, &y)
            }
        };
        Ok(match copies::find(&x, &y) {
            Copies::None => whole(&x, &y),
            Copies::Certain(kept) => without_copies(&kept),
            Copies::UnlessFunction(kept) => {
                let estimate = without_copies(&kept);
                let limit = 0.5 * (kept.len() as f64).ln();
                if estimate.information.value() > limit {
                    whole(&x, &y)
                } else {
                    estimate
                }
            }
        })
    }

    fn of_part(part: &Part, x: &Side, y: &Side) -> Self {
        let n = part.locals.len() as f64;
        let (x_sizes, y_sizes) = (sizes(&counts(x.codes())), sizes(&counts(y.codes())));
        let entropy = |sizes: &Sizes| entropy_with_unseen(sizes, n);
        let least = if entropy(&x_sizes) < entropy(&y_sizes) {
            &x_sizes
        } else {
            &y_sizes
        };
        // ln K of equal classes is their information; rounding must not cut it off.
        const ROUNDING: f64 = 1e-13;
        let classes = ln_classes(&x_sizes).min(ln_classes(&y_sizes));
        let limit = (classes * (1.0 + ROUNDING)).min(n.ln());
        let most = entropy(least).min(limit);
        let value = part.value.clamp(-most, most);
        let errors = part.standard_errors();
        let estimate = Self {
            information: Nats(value),
            standard_errors: errors.map(Nats),
            most: Nats(most),
            error_of_most: Nats(error_of_entropy(least, n)),
            limit: Nats(limit),
            reliability: Reliability::Good,
        };
        let [low, high] = estimate.ends(REACH);
        let numbers = !matches!((x, y), (Side::Labels(_), Side::Labels(_)));
        let reliability = if low <= Nats(0.0) && high >= estimate.most {
            Reliability::TooFewSamples
        } else if let Some(warning) = part.warning {
            warning
        } else if numbers && value > n.ln() - NEAR_LIMIT {
            Reliability::NearLimit
        } else {
            Reliability::Good
        };
        Self {
            reliability,
            ..estimate
        }
    }

    /// Of a variable that was constant in N samples. Another value may have been missed as long as
    /// (1 − p)^N is not too small; the information is not above that variable's entropy.
    fn of_a_constant(rows: usize) -> Self {
        /// The chance to miss what the upper end of a 95 % interval allows.
        const MISSED: f64 = 0.025;
        let p = (-(MISSED.ln() / rows as f64).exp_m1()).min(0.5);
        let most = -p * p.ln() - (1.0 - p) * (-p).ln_1p();
        Self {
            information: Nats(0.0),
            standard_errors: [Nats(0.0), Nats(most / REACH)],
            most: Nats(most),
            error_of_most: Nats(0.0),
            limit: Nats(most),
            reliability: Reliability::Constant,
        }
    }

    /// The ends of the interval that reaches so many standard errors to either side: the lower one not
    /// below 0, or the estimate itself where that is below 0; the upper one not above what the
    /// entropies can be, so many of their standard errors above [`AdaptiveEstimate::most`], nor above ln N.
    ///
    /// Near 0 only the lower end can miss the truth, and it may do so as often as both ends elsewhere: it
    /// leaves 0 where a one-sided test of the same level would.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo::recommended::AdaptiveEstimate;
    ///
    /// let data = Sample::coupled_normals(500, 1.0, 42)?;
    /// let estimate = AdaptiveEstimate::of(&(&data.x).into(), &(&data.y).into())?;
    /// // 1.96 standard errors to either side make an interval of 95 %.
    /// let [low, high] = estimate.ends(1.96);
    /// assert!(low < data.exact && data.exact < high);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn ends(&self, reach: f64) -> [Nats; 2] {
        let value = self.information.value();
        let [below, above] = self.standard_errors.map(Nats::value);
        let low = (value - lower_reach(value / below, reach) * below).max(0.0);
        let most = (self.most + reach * self.error_of_most)
            .value()
            .min(self.limit.value());
        let high = (value + reach * above).min(most).max(value);
        [Nats(low.min(value)), Nats(high)]
    }
}

/// How many standard errors the interval reaches down from an estimate of so many: one-sided at 0,
/// two-sided from where that end is as far from 0 as it is from the estimate.
fn lower_reach(estimate: f64, reach: f64) -> f64 {
    let normal = Normal::standard();
    let level = 2.0 * normal.cdf(reach) - 1.0;
    if !(0.5..1.0).contains(&level) {
        return reach;
    }
    let one_sided = normal.inverse_cdf(level);
    let way = ((estimate - one_sided) / reach).clamp(0.0, 1.0);
    if way.is_nan() {
        return reach;
    }
    one_sided + way * (reach - one_sided)
}

/// The logarithm of the number of classes, or infinity where others may have been missed.
fn ln_classes(sizes: &Sizes) -> f64 {
    match sizes.first() {
        Some(&(1.0, _)) => f64::INFINITY,
        _ => sizes.iter().map(|size| size.1).sum::<f64>().ln(),
    }
}

/// The standard error of an entropy: the sd of −ln p over √N.
fn error_of_entropy(sizes: &Sizes, total: f64) -> f64 {
    let mean = |power: i32| -> f64 {
        let terms = sizes
            .iter()
            .map(|&(size, count)| count * size / total * (total / size).ln().powi(power));
        terms.sum()
    };
    // As if one more sample of the rarest class were still to come.
    let one_more = sizes.first().map_or(0.0, |&(size, _)| (total / size).ln());
    ((mean(2) - mean(1).powi(2)).max(0.0) / total + (one_more / total).powi(2)).sqrt()
}

/// Values as codes. Columns of vectors that are constant are left out.
fn prepared(variable: &Variable<'_>, argument: &'static str) -> Result<Side> {
    match variable {
        Variable::Discrete(labels) if labels.is_empty() => Err(Error::Empty { argument }),
        Variable::Discrete(labels) => Ok(Side::Labels(dense(labels.codes().iter().copied()))),
        Variable::Continuous(values) => {
            check_finite(values.view(), argument)?;
            let columns = values.columns().into_iter();
            let mut columns: Vec<Vec<u32>> = columns.map(|c| value_codes(c.to_vec())).collect();
            columns.retain(|codes| codes.iter().any(|&code| code > 0));
            if columns.len() < 2 {
                let codes = columns.pop();
                return Ok(Side::Scalars(codes.unwrap_or(vec![0; values.nrows()])));
            }
            let values = Array2::from_shape_fn((values.nrows(), columns.len()), |(row, column)| {
                f64::from(columns[column][row])
            });
            let codes = row_codes(values.view());
            Ok(Side::Vectors(values, codes))
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2, array};

    use super::*;
    use crate::truth::Distribution;

    fn of<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> AdaptiveEstimate {
        AdaptiveEstimate::of(&x.into(), &y.into()).unwrap()
    }

    #[test]
    fn a_number_that_is_the_label_tells_all_of_it() {
        let label = Array1::from_iter((0..400).map(|i| i % 2));
        let ln_2 = 2f64.ln();
        let same = of(&label.mapv(f64::from), &label);
        assert!((same.information.value() - ln_2).abs() < 1e-9, "{same:?}");
        assert!(same.reliability.is_good());
        let x = Array1::from_iter((0..400).map(|i| f64::from(7 * i % 10)));
        let half = x.mapv(|x| x >= 5.0);
        assert!((of(&x, &half).information.value() - ln_2).abs() < 0.01);
        assert_eq!(of(&x, &half), of(&half, &x));
        // A scale against a third of it: the entropy of three equal classes.
        let third = x.mapv(|x| (x / 4.0).floor());
        let h = -2.0 * 0.4 * 0.4_f64.ln() - 0.2 * 0.2_f64.ln();
        assert!((of(&x, &third).information.value() - h).abs() < 0.02);
    }

    #[test]
    fn constants_and_rare_events_have_intervals() {
        let label = Array1::from_iter((0..100).map(|i| i % 2));
        let constant = of(&Array1::from_elem(100, 3.0), &label);
        assert_eq!(constant.information, Nats(0.0));
        assert_eq!(constant.reliability, Reliability::Constant);
        let mut once = Array1::zeros(100);
        once[17] = 1.0;
        let rare = of(&once, &label);
        let [low, high] = rare.ends(REACH);
        assert!(
            low <= Nats(0.0) && high > Nats(0.01) && high < Nats(0.1),
            "{rare:?}"
        );
    }

    #[test]
    fn classes_that_occur_once_are_not_information() {
        let first = Array1::from_iter(0..200);
        let second = first.mapv(|i| i * 7 % 200);
        let estimate = of(&first, &second);
        assert!(!estimate.reliability.is_good());
        let [low, high] = estimate.ends(REACH);
        assert!(low <= Nats(0.0) && high > Nats(5.0) && high <= Nats(200f64.ln()));
        // So are those that stand beside a number.
        let with_number = of(&first.mapv(f64::from), &second);
        assert!(!with_number.reliability.is_good(), "{with_number:?}");
        assert!(with_number.ends(REACH)[1] > Nats(4.0), "{with_number:?}");
    }

    #[test]
    fn integers_that_are_measurements_do_not_show_more_than_can_be_known() {
        // Nearly all different: two pairs are equal in x, three in y.
        for repeated in [0, 2, 10] {
            let x: Vec<i32> = (0..100).map(|i| i.max(repeated)).collect();
            let y: Vec<i32> = (0..100).map(|i| (i * 7 % 101).max(repeated + 1)).collect();
            let estimate = of(&x, &y);
            let [low, high] = estimate.ends(REACH);
            assert!(estimate.information <= Nats(100f64.ln()), "{estimate:?}");
            assert!(
                high <= Nats(100f64.ln()) && low <= Nats(0.0),
                "{estimate:?}"
            );
            assert!(!estimate.reliability.is_good(), "{estimate:?}");
        }
    }

    #[test]
    fn copies_are_counted_once_and_said() {
        let law = Distribution::normal(0.6);
        let data = law.sample(400, 1).unwrap().numbers().unwrap();
        let times = |values: &Array2<f64>, times: usize| {
            Array2::from_shape_fn((times * values.nrows(), 1), |(row, _)| {
                values[[row / times, 0]]
            })
        };
        let once = of(&data.x, &data.y);
        let copied = of(&times(&data.x, 5), &times(&data.y, 5));
        assert_eq!(copied.information, once.information);
        assert_eq!(copied.reliability, Reliability::Copies);
        // A count is not a copy.
        let count = data.x.mapv(|v| v.round());
        let itself = of(&count, &count);
        assert_ne!(itself.reliability, Reliability::Copies);
        // A resample with replacement has copies, too.
        let drawn = Array2::from_shape_fn((400, 1), |(row, _)| (row * row % 397) as f64);
        let resampled = |values: &Array2<f64>| drawn.mapv(|row| values[[row as usize, 0]]);
        let resampled = of(&resampled(&data.x), &resampled(&data.y));
        assert_eq!(resampled.reliability, Reliability::Copies);
        assert!(resampled.information < Nats(0.5), "{resampled:?}");
    }

    #[test]
    fn vectors_meet_labels_atoms_and_constant_columns() {
        let law = Distribution::Normal(vec![0.8, 0.0]);
        let data = law.sample(600, 2).unwrap().numbers().unwrap();
        let sign = data.x.column(0).mapv(|v| v > 0.0);
        let told = of(&data.x, &sign);
        assert!(
            (told.information.value() - 2f64.ln()).abs() < 0.1,
            "{told:?}"
        );
        let noise = of(&data.x, &data.y.column(1).mapv(|v| v > 0.0));
        assert!(noise.information.value().abs() < 0.06, "{noise:?}");
        let constant = ndarray::concatenate![ndarray::Axis(1), data.x, Array2::ones((600, 1))];
        assert_eq!(of(&constant, &data.y), of(&data.x, &data.y));
        // Rows that are all 0 in half of the samples, of which y knows nothing.
        let mut sparse = data.x.clone();
        for mut row in sparse.rows_mut().into_iter().step_by(2) {
            row.fill(0.0);
        }
        let exact = 0.5 * data.exact.value();
        let half = of(&sparse, &data.y);
        assert!(
            (half.information.value() - exact).abs() < 0.1,
            "{half:?} {exact}"
        );
    }

    #[test]
    fn bad_input_is_said() {
        let (x, y) = (array![1.0, 2.0, 3.0], array![1.0, f64::NAN, 3.0]);
        let error = |x: &Array1<f64>, y: &Array1<f64>| {
            AdaptiveEstimate::of(&x.into(), &y.into()).unwrap_err()
        };
        assert!(matches!(
            error(&x, &y),
            Error::NotFinite {
                argument: "y",
                row: 1,
                ..
            }
        ));
        assert!(matches!(error(&x, &x), Error::TooFewSamples { got: 3, .. }));
        assert!(matches!(
            error(&x, &array![1.0]),
            Error::LengthMismatch { .. }
        ));
        let none: Array1<f64> = array![];
        assert!(matches!(error(&none, &x), Error::Empty { argument: "x" }));
    }
}
