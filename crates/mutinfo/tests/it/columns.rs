//! Columns of every kind, drawn at random: continuous, rounded, zero-inflated, constant, constant but for
//! one value, ordinary but for one that is huge, of 2 to 200 classes, and vectors with equal rows, a huge
//! value and a constant column.

use std::fmt::Display;
use std::ops::Range;

use mutinfo::ndarray::{Array2, ArrayView1, Axis};
use mutinfo::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// A column, by rows.
#[derive(Debug, Clone)]
pub enum Column {
    Numbers(Array2<f64>),
    Labels(Vec<u32>),
}

impl Column {
    /// The same rows in another order: row i is what was row `order[i]`.
    pub fn in_order(&self, order: &[usize]) -> Self {
        match self {
            Self::Numbers(rows) => Self::Numbers(rows.select(Axis(0), order)),
            Self::Labels(rows) => Self::Labels(order.iter().map(|&row| rows[row]).collect()),
        }
    }

    /// Numbers, and of labels their codes.
    pub fn numbers(&self) -> Array2<f64> {
        match self {
            Self::Numbers(rows) => rows.clone(),
            Self::Labels(rows) => {
                let codes = rows.iter().map(|&label| f64::from(label)).collect();
                Array2::from_shape_vec((rows.len(), 1), codes).unwrap()
            }
        }
    }

    pub fn is_vector(&self) -> bool {
        matches!(self, Self::Numbers(rows) if rows.ncols() > 1)
    }

    /// The plug-in entropy of the values that occur.
    pub fn entropy(&self) -> Nats {
        let classes = match self {
            Self::Numbers(rows) => {
                let bits = |row: ArrayView1<'_, f64>| -> Vec<u64> {
                    row.iter().map(|&v| (v + 0.0).to_bits()).collect()
                };
                Labels::new(&rows.rows().into_iter().map(bits).collect::<Vec<_>>())
            }
            Self::Labels(rows) => Labels::new(rows),
        };
        Counts::from_labels(&classes)
            .unwrap()
            .entropy(EntropyEstimator::PlugIn)
    }

    pub fn is_constant(&self) -> bool {
        self.entropy() == Nats(0.0)
    }
}

impl<'a> From<&'a Column> for Variable<'a> {
    fn from(column: &'a Column) -> Self {
        match column {
            Column::Numbers(rows) => rows.into(),
            Column::Labels(rows) => rows.into(),
        }
    }
}

pub type Check = Result<(), TestCaseError>;

/// Two results are the same bits, or both are errors; and amounts are finite.
pub fn same(name: &dyn Display, one: mutinfo::Result<Nats>, other: mutinfo::Result<Nats>) -> Check {
    within(name, one, other, 0.0)
}

pub fn within(
    name: &dyn Display,
    one: mutinfo::Result<Nats>,
    other: mutinfo::Result<Nats>,
    rounding: f64,
) -> Check {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            prop_assert!(one.value().is_finite(), "{name}: {one}");
            let difference = (one - other).abs().value();
            prop_assert!(difference <= rounding, "{name}: {one:?} and {other:?}");
        }
        (Err(one), Err(_)) => prop_assert!(!one.to_string().is_empty()),
        (one, other) => prop_assert!(false, "{name}: {one:?} but {other:?}"),
    }
    Ok(())
}

/// Two columns of any kinds, and an order of their rows. Each depends on numbers that both share, or
/// not.
pub fn pairs(rows: Range<usize>) -> impl Strategy<Value = (Column, Column, Vec<usize>)> {
    drawn(rows, 2, None).prop_map(two)
}

/// The same where x has labels of 200 classes.
pub fn beside_200_classes(
    rows: Range<usize>,
) -> impl Strategy<Value = (Column, Column, Vec<usize>)> {
    drawn(rows, 2, Some(OF_200_CLASSES)).prop_map(two)
}

/// The same for so many columns of any kinds.
pub fn lists(
    rows: Range<usize>,
    columns: usize,
) -> impl Strategy<Value = (Vec<Column>, Vec<usize>)> {
    drawn(rows, columns, None)
}

fn two((columns, order): (Vec<Column>, Vec<usize>)) -> (Column, Column, Vec<usize>) {
    let [x, y] = columns.try_into().expect("two columns");
    (x, y, order)
}

/// Columns of any kinds, or the first of this kind.
fn drawn(
    rows: Range<usize>,
    columns: usize,
    first: Option<u32>,
) -> impl Strategy<Value = (Vec<Column>, Vec<usize>)> {
    rows.prop_flat_map(move |n| {
        let order = Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        let columns = prop::collection::vec(ingredients(n), columns);
        (uniform(n), columns, order)
    })
    .prop_map(move |(shared, mut columns, order)| {
        if let Some(kind) = first {
            columns[0].1 = kind;
        }
        let columns = columns.iter().map(|of| column(of, &shared)).collect();
        (columns, order)
    })
}

fn uniform(n: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..1.0, n)
}

/// Numbers of a column's own, its kind, and whether it depends on the shared ones.
fn ingredients(n: usize) -> impl Strategy<Value = (Vec<f64>, u32, bool)> {
    (uniform(n), 0_u32..KINDS, any::<bool>())
}

const KINDS: u32 = 15;
const OF_200_CLASSES: u32 = 11;

fn column((own, kind, dependent): &(Vec<f64>, u32, bool), shared: &[f64]) -> Column {
    let n = own.len();
    let value = |row: usize| match dependent {
        true => 0.2 * own[row] + 0.8 * shared[row],
        false => own[row],
    };
    let numbers = |of: &dyn Fn(f64) -> f64| {
        Column::Numbers(Array2::from_shape_fn((n, 1), |(row, _)| of(value(row))))
    };
    let at = (own[0] * n as f64) as usize;
    let spike = |height: f64, others: &dyn Fn(usize) -> f64| {
        Column::Numbers(Array2::from_shape_fn((n, 1), |(row, _)| {
            if row == at { height } else { others(row) }
        }))
    };
    let labels = |classes: f64| {
        let class = |row| (classes * value(row)) as u32;
        Column::Labels((0..n).map(class).collect())
    };
    match *kind {
        0 => numbers(&|v| v),
        1 => numbers(&|v| (v * 30.0).round()),
        2 => numbers(&|v| (v * 4.0).round()),
        3 => numbers(&|v| (v - 0.5).max(0.0)),
        4 => spike(1.0, &|_| 0.0),
        5 => spike(1e6, &|_| 0.0),
        6 => spike(1e6, &value),
        7 => numbers(&|_| 7.0),
        8 => labels(2.0),
        9 => labels(3.0),
        10 => labels(80.0),
        OF_200_CLASSES => labels(200.0),
        12 => Column::Numbers(Array2::from_shape_fn((n, 2), |(row, j)| match j {
            0 => value(row),
            _ => own[n - 1 - row],
        })),
        13 => Column::Numbers(Array2::from_shape_fn((n, 3), |(row, j)| match j {
            0 => value(row),
            1 if row == at => -1e6,
            1 => own[n - 1 - row],
            _ => 7.0,
        })),
        // Many rows are equal, and 0 is written as −0 in some.
        _ => Column::Numbers(Array2::from_shape_fn((n, 2), |(row, j)| match j {
            0 => (value(row) - 0.6).max(0.0),
            _ => (4.0 * value(row) - 2.0).round() / 2.0,
        })),
    }
}
