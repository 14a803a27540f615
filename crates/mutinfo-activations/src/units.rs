//! Units against a label: which units of a layer know the passage, the position, the class of
//! token?
//!
//! The label is whatever an estimator takes: integers or strings with one for labels, numbers with
//! one for numbers.

use std::fmt;

use mutinfo::{AllPairs, Estimator, Nats, Variable};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use crate::error::Result;

/// Units that can be analysed as numbers, and those that can't. It prints both.
///
/// Some units of real models never change, or take two values only: LayerNorm's gain has switched
/// them off, and float16 rounds away what is left. An estimator for numbers has nothing to measure
/// there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsableUnits {
    units: Vec<usize>,
    set_aside: Vec<(usize, usize)>,
}

impl UsableUnits {
    /// The units of a layer, `(samples, units)`, of whose values at least half are distinct.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Unit 1 of three follows the label, 0 and 2 do not.
    /// let label: Vec<i64> = (0..200).map(|i| i % 2).collect();
    /// let layer = Array2::from_shape_fn((200, 3), |(sample, unit)| {
    ///     let noise = (sample * sample * (unit + 3)) as f64;
    ///     noise.sin() + if unit == 1 { 2.0 * label[sample] as f64 } else { 0.0 }
    /// });
    /// assert_eq!(UsableUnits::of(layer.view()).to_string(), "3 of 3 units");
    /// ```
    pub fn of(layer: ArrayView2<'_, f64>) -> Self {
        let (mut units, mut set_aside) = (Vec::new(), Vec::new());
        for (unit, values) in layer.columns().into_iter().enumerate() {
            let distinct = distinct(values);
            if 2 * distinct >= values.len() {
                units.push(unit);
            } else {
                set_aside.push((unit, distinct));
            }
        }
        Self { units, set_aside }
    }

    /// The units that are left, by their number in the layer.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Unit 1 of three follows the label, 0 and 2 do not.
    /// let label: Vec<i64> = (0..200).map(|i| i % 2).collect();
    /// let layer = Array2::from_shape_fn((200, 3), |(sample, unit)| {
    ///     let noise = (sample * sample * (unit + 3)) as f64;
    ///     noise.sin() + if unit == 1 { 2.0 * label[sample] as f64 } else { 0.0 }
    /// });
    /// assert_eq!(UsableUnits::of(layer.view()).units(), [0, 1, 2]);
    /// ```
    pub fn units(&self) -> &[usize] {
        &self.units
    }

    /// The units that are set aside, each with the number of its distinct values.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Unit 1 of three follows the label, 0 and 2 do not.
    /// let label: Vec<i64> = (0..200).map(|i| i % 2).collect();
    /// let mut layer = Array2::from_shape_fn((200, 3), |(sample, unit)| {
    ///     let noise = (sample * sample * (unit + 3)) as f64;
    ///     noise.sin() + if unit == 1 { 2.0 * label[sample] as f64 } else { 0.0 }
    /// });
    /// layer.column_mut(2).fill(0.5);
    /// assert_eq!(UsableUnits::of(layer.view()).set_aside(), [(2, 1)]); // unit 2, of one value
    /// ```
    pub fn set_aside(&self) -> &[(usize, usize)] {
        &self.set_aside
    }

    /// The columns of these units, from this layer or another one of the same width.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::{Array2, Axis};
    ///
    /// // Unit 1 of three follows the label, 0 and 2 do not.
    /// let label: Vec<i64> = (0..200).map(|i| i % 2).collect();
    /// let mut layer = Array2::from_shape_fn((200, 3), |(sample, unit)| {
    ///     let noise = (sample * sample * (unit + 3)) as f64;
    ///     noise.sin() + if unit == 1 { 2.0 * label[sample] as f64 } else { 0.0 }
    /// });
    /// layer.column_mut(0).fill(0.5);
    /// let usable = UsableUnits::of(layer.view());
    /// assert_eq!(usable.select(layer.view())?, layer.select(Axis(1), &[1, 2]));
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// A layer that has fewer units.
    pub fn select(&self, layer: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        match self.units.last() {
            Some(&last) if last >= layer.ncols() => Err(crate::Error::NoSuchUnit {
                unit: last,
                units: layer.ncols(),
            }),
            _ => Ok(layer.select(Axis(1), &self.units)),
        }
    }
}

impl fmt::Display for UsableUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.units.len() + self.set_aside.len();
        write!(f, "{} of {all} units", self.units.len())?;
        for (place, (unit, values)) in self.set_aside.iter().enumerate() {
            let before = match place {
                0 => "; set aside, with too few distinct values: unit",
                _ => ",",
            };
            write!(f, "{before} {unit} ({values})")?;
        }
        Ok(())
    }
}

fn distinct(values: ArrayView1<'_, f64>) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup_by(|a, b| a == b); // 0 and -0 are one value
    sorted.len()
}

/// What a unit knows about a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitScore {
    /// The unit's number in the layer.
    pub unit: usize,
    /// Its mutual information with the label.
    pub information: Nats,
}

/// The mutual information of each unit of a layer, `(samples, units)`, with a label of the
/// samples, largest first.
///
/// The largest of many estimates is too large: chance helped it to the top. Compare it with
/// [`largest_by_chance`](mutinfo::inference::largest_by_chance), and put an interval on it only from other data.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_activations::prelude::*;
/// use ndarray::Array2;
///
/// // Unit 1 of three follows the label, 0 and 2 do not.
/// let label: Vec<i64> = (0..200).map(|i| i % 2).collect();
/// let layer = Array2::from_shape_fn((200, 3), |(sample, unit)| {
///     let noise = (sample * sample * (unit + 3)) as f64;
///     noise.sin() + if unit == 1 { 2.0 * label[sample] as f64 } else { 0.0 }
/// });
/// let ranked = rank_units(layer.view(), &label, &Ross::default())?;
/// assert_eq!(ranked[0].unit, 1);
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// What the estimator says of a unit; a unit that is constant, for instance
/// ([`UsableUnits`] sets such units aside).
pub fn rank_units<'a>(
    layer: ArrayView2<'a, f64>,
    label: impl Into<Variable<'a>>,
    estimator: &dyn Estimator,
) -> Result<Vec<UnitScore>> {
    let label = vec![label.into()];
    let matrix = estimator.matrix_between(layer, label)?;
    let scores = matrix.pairs_by_information().into_iter();
    Ok(scores
        .map(|(unit, _, information)| UnitScore { unit, information })
        .collect())
}

#[cfg(test)]
mod tests {
    use mutinfo::Ksg1;
    use mutinfo::inference::{Surrogate, largest_by_chance};

    use super::*;

    /// Unit 2 follows the label, unit 0 a little, the others not at all.
    fn layer(label: &[f64]) -> Array2<f64> {
        Array2::from_shape_fn((label.len(), 6), |(sample, unit)| {
            let noise = ((sample * 37 + unit * 101) as f64 * 1.7).sin() * 10_000.0;
            let noise = noise - noise.floor();
            label[sample] * [0.3, 0.0, 3.0, 0.0, 0.0, 0.0][unit] + noise
        })
    }

    fn label() -> Vec<f64> {
        (0..300).map(|i| (f64::from(i) * 0.61).sin()).collect()
    }

    #[test]
    fn the_unit_that_follows_the_label_comes_first() {
        let label = label();
        let layer = layer(&label);
        let scores = rank_units(layer.view(), &label, &Ksg1::default()).unwrap();
        assert_eq!((scores[0].unit, scores[1].unit), (2, 0));
        let alone = Ksg1::default().estimate(layer.column(2), &label).unwrap();
        assert_eq!(scores[0].information, alone);
        assert!(scores.is_sorted_by(|a, b| a.information >= b.information));
    }

    #[test]
    fn the_largest_by_chance_is_between_the_one_and_the_others() {
        let label = label();
        let layer = layer(&label);
        let ksg = Ksg1::default();
        let chance =
            largest_by_chance(&ksg, layer.view(), &label, Surrogate::Shuffle, 40, 1).unwrap();
        assert_eq!(chance.len(), 40);
        let threshold = chance[37];
        let scores = rank_units(layer.view(), &label, &Ksg1::default()).unwrap();
        assert!(scores[0].information > threshold && scores[2].information < threshold);
        assert!(threshold > Nats(0.0));
    }

    #[test]
    fn units_without_variety_are_set_aside_and_named() {
        let mut layer = layer(&label());
        layer.column_mut(1).fill(0.25);
        layer
            .column_mut(4)
            .mapv_inplace(|value| if value > 0.5 { 0.0 } else { -0.0 });
        layer
            .column_mut(5)
            .mapv_inplace(|value| (value * 4.0).floor());
        let usable = UsableUnits::of(layer.view());
        assert_eq!(usable.units(), [0, 2, 3]);
        assert_eq!(usable.set_aside(), [(1, 1), (4, 1), (5, 4)]);
        assert_eq!(
            usable.to_string(),
            "3 of 6 units; set aside, with too few distinct values: unit 1 (1), 4 (1), 5 (4)"
        );
        assert_eq!(usable.select(layer.view()).unwrap().dim(), (300, 3));
        assert!(usable.select(Array2::zeros((5, 2)).view()).is_err());
        assert!(rank_units(layer.view(), &label(), &Ksg1::default()).is_err());
    }
}
