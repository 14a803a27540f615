//! [`Margin`]: one variable by itself, in an order that depends on its values alone.

use std::cmp::Ordering;

use ndarray::ArrayView2;

use crate::data::check::check_finite;
use crate::data::labels::Labels;
use crate::data::variable::Variable;
use crate::error::{Error, Result};

/// One variable, its samples in an order that depends on nothing but the values, so that shuffled
/// pairs do not depend on the order of the rows. A sample's position in it is its place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Margin {
    pub(super) values: MarginValues,
    /// The row of each place.
    rows: Vec<u32>,
}

/// What is known of the samples, place by place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MarginValues {
    /// Codes of classes.
    Classes(Vec<u32>),
    /// For each dimension twice the mid-rank less its mean: 2r − (N + 1), with equal values at the
    /// mean of their ranks. Mirrored values have the opposite ones.
    Ranks(Vec<Vec<i64>>),
}

impl Margin {
    pub(super) fn new(variable: &Variable<'_>, argument: &'static str) -> Result<Self> {
        if variable.is_empty() {
            return Err(Error::Empty { argument });
        }
        match variable {
            Variable::Discrete(labels) => Ok(Self::of_labels(labels)),
            Variable::Continuous(values) => {
                check_finite(values.view(), argument)?;
                Ok(Self::of_numbers(values.view()))
            }
        }
    }

    /// Rare classes first, so that other names leave the order as it is but among classes of one
    /// size, which differ by name alone.
    fn of_labels(labels: &Labels) -> Self {
        let mut sizes = vec![0_u32; labels.classes()];
        labels
            .codes()
            .iter()
            .for_each(|&code| sizes[code as usize] += 1);
        let mut classes: Vec<u32> = (0..labels.classes() as u32)
            .filter(|&class| sizes[class as usize] > 0)
            .collect();
        classes.sort_by_key(|&class| sizes[class as usize]);
        let mut renamed = vec![0; labels.classes()];
        for (name, &class) in classes.iter().enumerate() {
            renamed[class as usize] = name as u32;
        }
        let codes: Vec<u32> = labels
            .codes()
            .iter()
            .map(|&code| renamed[code as usize])
            .collect();
        let mut rows: Vec<u32> = (0..codes.len() as u32).collect();
        rows.sort_by_key(|&row| codes[row as usize]);
        let codes = rows.iter().map(|&row| codes[row as usize]).collect();
        Self {
            values: MarginValues::Classes(codes),
            rows,
        }
    }

    fn of_numbers(values: ArrayView2<'_, f64>) -> Self {
        let columns: Vec<Vec<i64>> = values
            .columns()
            .into_iter()
            .map(|column| centred_ranks(&column.to_vec()))
            .collect();
        let n = values.nrows();
        let mut rows: Vec<u32> = (0..n as u32).collect();
        if let [column] = &columns[..] {
            rows.sort_by_key(|&row| column[row as usize]);
            // Of the values and the mirrored ones, those whose list is less.
            let ascending = rows.iter().map(|&row| column[row as usize]);
            let mirrored = rows.iter().rev().map(|&row| -column[row as usize]);
            if mirrored.cmp(ascending) == Ordering::Less {
                rows.reverse();
                let ranks = rows.iter().map(|&row| -column[row as usize]).collect();
                return Self {
                    values: MarginValues::Ranks(vec![ranks]),
                    rows,
                };
            }
        } else {
            // By the distance from the middle, which neither mirrors nor exchanged dimensions
            // change.
            let power = |row: u32, power: u32| -> i128 {
                columns
                    .iter()
                    .map(|column| i128::from(column[row as usize]).pow(power))
                    .sum()
            };
            let by_value = |&a: &u32, &b: &u32| {
                let compared = columns
                    .iter()
                    .map(|column| column[a as usize].cmp(&column[b as usize]));
                compared.fold(Ordering::Equal, Ordering::then)
            };
            let mut keyed: Vec<((i128, i128), u32)> = rows
                .iter()
                .map(|&row| ((power(row, 2), power(row, 4)), row))
                .collect();
            keyed.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| by_value(&a.1, &b.1)));
            rows = keyed.into_iter().map(|(_, row)| row).collect();
        }
        let in_order = |column: &Vec<i64>| rows.iter().map(|&row| column[row as usize]).collect();
        let ranks = columns.iter().map(in_order).collect();
        Self {
            values: MarginValues::Ranks(ranks),
            rows,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many classes a label has, 0 for numbers.
    pub(super) fn classes(&self) -> usize {
        match &self.values {
            MarginValues::Classes(codes) => codes.iter().max().map_or(0, |&code| code as usize + 1),
            MarginValues::Ranks(_) => 0,
        }
    }

    /// Whether there are several dimensions.
    pub(super) fn is_vector(&self) -> bool {
        matches!(&self.values, MarginValues::Ranks(columns) if columns.len() > 1)
    }

    /// The place in `other` of the sample at each place of this margin.
    pub(super) fn order_to(&self, other: &Self) -> Vec<u32> {
        let mut place = vec![0; other.len()];
        for (at, &row) in other.rows.iter().enumerate() {
            place[row as usize] = at as u32;
        }
        self.rows.iter().map(|&row| place[row as usize]).collect()
    }

    /// The order of two margins, by their values alone.
    pub(super) fn precedes(&self, other: &Self) -> bool {
        self.values <= other.values
    }
}

/// 2r − (N + 1) of each value's rank r from 1, the mean one of equal values.
fn centred_ranks(values: &[f64]) -> Vec<i64> {
    let n = values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0; n];
    let mut below = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        for &row in equal {
            ranks[row] = (2 * below + equal.len()) as i64 - n as i64;
        }
        below += equal.len();
    }
    ranks
}
