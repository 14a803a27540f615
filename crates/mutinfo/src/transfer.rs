//! [`TransferEntropy`]: what a series tells about the next value of another.

use std::fmt;

use ndarray::{Array2, Axis, concatenate, s};

use crate::data::check::check_lengths;
use crate::data::labels::Labels;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::estimator::ConditionalEstimator;
use crate::units::Nats;

/// Schreiber's transfer entropy (2000), with a lag as of Wibral and others (2013):
///
/// T(X → Y) = I(Yₜ; Xₜ₋ᵤ, …, Xₜ₋ᵤ₋ₗ₊₁ | Yₜ₋₁, …, Yₜ₋ₘ),
///
/// what the source's last l values, u steps ago and before, tell about the target's next value
/// beyond what the target's own last m values tell: the history lengths l and m, and the lag u.
/// The conditional information is estimated by `E`: [`Ksg1`](crate::Ksg1) or
/// [`Gaussian`](crate::Gaussian) for numbers, scalars or vectors, and
/// [`Discrete`](crate::Discrete) for labels. All lengths and the lag are 1 unless set.
///
/// Too short a target history makes what the target says of itself look like transfer; the time
/// and the bias grow with all histories.
///
/// ```
/// use mutinfo::prelude::*;
///
/// // y follows x one step later, with noise of its own.
/// let noise = Sample::coupled_normals(2000, 0.0, 42)?;
/// let x = noise.x;
/// let mut y = noise.y;
/// for t in 1..2000 {
///     y[t] += x[t - 1];
/// }
/// let transfer = TransferEntropy::new(Ksg1::default());
/// let forward = transfer.estimate(&x, &y)?;
/// let back = transfer.estimate(&y, &x)?;
/// assert!((forward - Nats(0.5 * 2.0f64.ln())).abs() < Nats(0.07));
/// assert!(back.abs() < Nats(0.05));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferEntropy<E> {
    estimator: E,
    source_history: usize,
    target_history: usize,
    lag: usize,
}

impl<E: ConditionalEstimator> TransferEntropy<E> {
    /// With this estimator of the conditional information.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let transfer = TransferEntropy::new(Discrete::default());
    /// // A coin that is thrown again and again, and a listener who repeats each throw a step later.
    /// let coin = [0, 0, 0, 1, 0, 1, 1, 1].repeat(100);
    /// let mut listener = coin.clone();
    /// listener.rotate_right(1);
    /// assert_eq!(format!("{:.2}", transfer.estimate(&coin, &listener)?.to_bits()), "1.00 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn new(estimator: E) -> Self {
        Self {
            estimator,
            source_history: 1,
            target_history: 1,
            lag: 1,
        }
    }

    /// How many values of the source take part: l.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 0, 0, 1, 0, 1, 1, 1].repeat(100);
    /// let mut listener = coin.clone();
    /// listener.rotate_right(2);
    /// // Two steps late: the last value of the source tells nothing, the last two do.
    /// let one = TransferEntropy::new(Discrete::default());
    /// let two = one.source_history(2)?;
    /// assert!(one.estimate(&coin, &listener)?.abs() < Nats(0.001));
    /// assert_eq!(format!("{:.2}", two.estimate(&coin, &listener)?.to_bits()), "1.00 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for 0.
    pub fn source_history(self, values: usize) -> Result<Self> {
        Ok(Self {
            source_history: positive("source_history", values)?,
            ..self
        })
    }

    /// How many of the target's own past values are given: m.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // The throws recur every 8 steps, and three of them tell the next: no source adds to that.
    /// let coin = [0, 0, 0, 1, 0, 1, 1, 1].repeat(100);
    /// let mut listener = coin.clone();
    /// listener.rotate_right(1);
    /// let transfer = TransferEntropy::new(Discrete::default()).target_history(3)?;
    /// assert!(transfer.estimate(&coin, &listener)?.abs() < Nats(1e-9));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for 0.
    pub fn target_history(self, values: usize) -> Result<Self> {
        Ok(Self {
            target_history: positive("target_history", values)?,
            ..self
        })
    }

    /// How many steps the source's latest value lies before the target's next one: u.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 0, 0, 1, 0, 1, 1, 1].repeat(100);
    /// let mut listener = coin.clone();
    /// listener.rotate_right(2);
    /// let transfer = TransferEntropy::new(Discrete::default()).lag(2)?;
    /// assert_eq!(format!("{:.2}", transfer.estimate(&coin, &listener)?.to_bits()), "1.00 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for 0.
    pub fn lag(self, steps: usize) -> Result<Self> {
        Ok(Self {
            lag: positive("lag", steps)?,
            ..self
        })
    }

    /// T(source → target), in nats. Both are series: one row for each moment, in order.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 0, 0, 1, 0, 1, 1, 1].repeat(100);
    /// let mut listener = coin.clone();
    /// listener.rotate_right(1);
    /// let transfer = TransferEntropy::new(Discrete::default());
    /// assert_eq!(format!("{:.2}", transfer.estimate(&coin, &listener)?.to_bits()), "1.00 bit");
    /// assert!(transfer.estimate(&listener, &coin)?.abs() < Nats(0.001));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] where the series are no longer than the histories, and as the
    /// estimator.
    pub fn estimate<'a>(
        &self,
        source: impl Into<Variable<'a>>,
        target: impl Into<Variable<'a>>,
    ) -> Result<Nats> {
        let (source, target) = (source.into(), target.into());
        let moments = target.len();
        check_lengths("source", source.len(), "target", moments)?;
        let reach = self.target_history.max(
            self.lag
                .saturating_add(self.source_history)
                .saturating_sub(1),
        );
        if moments <= reach {
            return Err(Error::TooFewSamples {
                got: moments,
                needed: reach.saturating_add(1),
            });
        }
        if self.is_of_itself(&source, &target) {
            return Ok(Nats(0.0));
        }
        self.estimator.estimate_variables_given(
            &Past::of(&target, reach, 0, 1)?.variable(),
            &Past::of(&source, reach, self.lag, self.source_history)?.variable(),
            &Past::of(&target, reach, 1, self.target_history)?.variable(),
        )
    }

    /// Whether the source is the target, and its past among the target's own: that tells nothing
    /// that is not given.
    fn is_of_itself(&self, source: &Variable<'_>, target: &Variable<'_>) -> bool {
        let same = match (source, target) {
            (Variable::Continuous(source), Variable::Continuous(target)) => source == target,
            (Variable::Discrete(source), Variable::Discrete(target)) => source == target,
            _ => false,
        };
        same && (self.lag - 1).saturating_add(self.source_history) <= self.target_history
    }
}

impl<E: fmt::Display> fmt::Display for TransferEntropy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!(
            "transfer entropy by {}, source history {}, target history {}, lag {}",
            self.estimator, self.source_history, self.target_history, self.lag
        ))
    }
}

fn positive(parameter: &'static str, value: usize) -> Result<usize> {
    match value {
        0 => Err(Error::Parameter {
            parameter,
            value: 0.0,
            requirement: "it must be at least 1",
        }),
        value => Ok(value),
    }
}

/// Values of a series before each moment, as one variable.
enum Past {
    Numbers(Array2<f64>),
    Classes(Labels),
}

impl Past {
    /// The values at t − lag, t − lag − 1, … for each moment t ≥ reach.
    fn of(series: &Variable<'_>, reach: usize, lag: usize, history: usize) -> Result<Self> {
        let moments = series.len() - reach;
        let runs = (0..history).map(|back| {
            let start = reach - lag - back;
            start..start + moments
        });
        match series {
            Variable::Continuous(values) => {
                let columns: Vec<_> = runs.map(|run| values.slice(s![run, ..])).collect();
                let columns = concatenate(Axis(1), &columns).expect("as many moments in each");
                Ok(Self::Numbers(columns))
            }
            Variable::Discrete(labels) => {
                let mut columns = runs.map(|run| Labels::new(&labels.codes()[run]));
                let latest = columns.next().expect("a history of at least 1");
                let joint = columns.try_fold(latest, |joint, next| joint.joint(&next))?;
                Ok(Self::Classes(joint))
            }
        }
    }

    fn variable(&self) -> Variable<'_> {
        match self {
            Self::Numbers(columns) => columns.into(),
            Self::Classes(labels) => labels.into(),
        }
    }
}
