//! [`largest_by_chance`]: what the best of many variables shares by luck.

use crate::compute::progress::no_progress;
use crate::data::columns::Columns;
use crate::data::variable::Variable;
use crate::error::Result;
use crate::estimator::{Estimator, Sets};
use crate::inference::surrogate::Surrogate;
use crate::units::Nats;

/// The largest I(Xᵢ; Y) of all the columns Xᵢ when y has nothing to do with them, in each of so many
/// reorderings of their samples (the max-statistic of Westfall and Young 1993): a column that beats
/// 95 % of these beats what the best of all columns does by chance, so it needs no further
/// correction for their number. Smallest first; the same seed gives the same values.
///
/// Costs so many matrices of one column. The columns keep together when they are reordered, so what
/// they share with each other stays.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo::inference::{Surrogate, largest_by_chance};
/// use ndarray::Array2;
///
/// // Column 1 of three follows the label, 0 and 2 do not.
/// let label: Vec<i64> = (0..200).map(|i| i % 2).collect();
/// let columns = Array2::from_shape_fn((200, 3), |(sample, column)| {
///     let noise = (sample * sample * (column + 3)) as f64;
///     noise.sin() + if column == 1 { 2.0 * label[sample] as f64 } else { 0.0 }
/// });
/// let ross = Ross::default();
/// let chance = largest_by_chance(&ross, &columns, &label, Surrogate::Shuffle, 19, 1)?;
/// let followed = ross.estimate(columns.column(1), &label)?;
/// assert!(followed > chance[18]); // beyond what the best has by chance
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As the estimator.
pub fn largest_by_chance<'a>(
    estimator: &dyn Estimator,
    x: impl Into<Columns<'a>>,
    y: impl Into<Variable<'a>>,
    surrogate: Surrogate,
    reorderings: usize,
    seed: u64,
) -> Result<Vec<Nats>> {
    largest_of_columns(
        estimator,
        &x.into(),
        &y.into().into(),
        surrogate,
        reorderings,
        seed,
    )
}

fn largest_of_columns<'d>(
    estimator: &dyn Estimator,
    x: &Columns<'d>,
    y: &Columns<'d>,
    surrogate: Surrogate,
    reorderings: usize,
    seed: u64,
) -> Result<Vec<Nats>> {
    let prepared = estimator.prepare(Sets::Between(x, y))?;
    let seeds: Vec<u64> = (0..reorderings as u64)
        .map(|i| seed.wrapping_add(i))
        .collect();
    let largest_of_all = |order: &[u32]| {
        let mut largest = Nats(f64::NEG_INFINITY);
        for i in 0..x.len() {
            let information = prepared.estimate_reordered(i, 0, order)?;
            largest = if information > largest {
                information
            } else {
                largest
            };
        }
        Ok(largest)
    };
    let mut largest =
        surrogate.each_order(x.samples(), &seeds, largest_of_all, &mut no_progress)?;
    largest.sort_by(|a, b| a.value().total_cmp(&b.value()));
    Ok(largest)
}
