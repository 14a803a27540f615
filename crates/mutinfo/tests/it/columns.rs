//! Columns of every kind, drawn at random: continuous, rounded, zero-inflated, constant but for one,
//! constant, of few or many classes, and vectors with equal rows.

use std::ops::Range;

use mutinfo::ndarray::{Array2, ArrayView1, Axis};
use mutinfo::prelude::*;
use proptest::prelude::*;

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

/// Two columns of any kinds, and an order of their rows. Each depends on numbers that both share, or
/// not.
pub fn pairs(rows: Range<usize>) -> impl Strategy<Value = (Column, Column, Vec<usize>)> {
    rows.prop_flat_map(|n| {
        let order = Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        (uniform(n), ingredients(n), ingredients(n), order)
    })
    .prop_map(|(shared, x, y, order)| (column(&x, &shared), column(&y, &shared), order))
}

fn uniform(n: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..1.0, n)
}

/// Numbers of a column's own, its kind, and whether it depends on the shared ones.
fn ingredients(n: usize) -> impl Strategy<Value = (Vec<f64>, u32, bool)> {
    (uniform(n), 0_u32..10, any::<bool>())
}

fn column((own, kind, dependent): &(Vec<f64>, u32, bool), shared: &[f64]) -> Column {
    let n = own.len();
    let value = |row: usize| match dependent {
        true => 0.2 * own[row] + 0.8 * shared[row],
        false => own[row],
    };
    let numbers = |of: &dyn Fn(f64) -> f64| {
        Column::Numbers(Array2::from_shape_fn((n, 1), |(row, _)| of(value(row))))
    };
    let labels = |classes: f64| {
        let class = |row| (classes * value(row)) as u32;
        Column::Labels((0..n).map(class).collect())
    };
    match kind {
        0 => numbers(&|v| v),
        1 => numbers(&|v| (v * 30.0).round()),
        2 => numbers(&|v| (v * 4.0).round()),
        3 => numbers(&|v| (v - 0.5).max(0.0)),
        4 => Column::Numbers(Array2::from_shape_fn((n, 1), |(row, _)| {
            f64::from(u8::from(row == (own[0] * n as f64) as usize))
        })),
        5 => numbers(&|_| 7.0),
        6 => labels(3.0),
        7 => labels(80.0),
        8 => Column::Numbers(Array2::from_shape_fn((n, 2), |(row, j)| match j {
            0 => value(row),
            _ => own[n - 1 - row],
        })),
        // Many rows are equal, and 0 is written as −0 in some.
        _ => Column::Numbers(Array2::from_shape_fn((n, 2), |(row, j)| match j {
            0 => (value(row) - 0.6).max(0.0),
            _ => (4.0 * value(row) - 2.0).round() / 2.0,
        })),
    }
}
