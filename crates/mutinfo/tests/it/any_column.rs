//! What must hold for the recommended estimate of any two columns: continuous, rounded, zero-inflated,
//! constant but for one, few classes, many classes, vectors with tied rows.

use mutinfo::ndarray::{Array1, Array2};
use mutinfo::prelude::*;
use mutinfo::recommended::AdaptiveEstimate;
use proptest::prelude::*;

/// A column, by rows.
#[derive(Debug, Clone)]
enum Column {
    Numbers(Vec<f64>),
    Labels(Vec<u32>),
    Vectors(Vec<[f64; 2]>),
}

impl Column {
    /// The same rows in another order.
    fn turned(&self, step: usize) -> Self {
        fn turn<T: Copy>(rows: &[T], step: usize) -> Vec<T> {
            let n = rows.len();
            (0..n).map(|row| rows[(row * step + 1) % n]).collect()
        }
        match self {
            Self::Numbers(rows) => Self::Numbers(turn(rows, step)),
            Self::Labels(rows) => Self::Labels(turn(rows, step)),
            Self::Vectors(rows) => Self::Vectors(turn(rows, step)),
        }
    }

    /// What the mathematics does not tell from the column; mirrored by a factor below 0.
    fn mapped(&self, factor: f64) -> Self {
        match self {
            Self::Numbers(rows) => Self::Numbers(rows.iter().map(|v| 3.0 + factor * v).collect()),
            Self::Labels(rows) => Self::Labels(rows.iter().map(|l| 90 - l).collect()),
            Self::Vectors(rows) => Self::Vectors(rows.iter().map(|v| v.map(|v| 5.0 * v)).collect()),
        }
    }

    fn with<T>(&self, call: impl FnOnce(Variable<'_>) -> T) -> T {
        match self {
            Self::Numbers(rows) => call((&Array1::from(rows.clone())).into()),
            Self::Labels(rows) => call(rows.into()),
            Self::Vectors(rows) => {
                call((&Array2::from_shape_fn((rows.len(), 2), |(i, j)| rows[i][j])).into())
            }
        }
    }
}

fn estimate(x: &Column, y: &Column) -> AdaptiveEstimate {
    x.with(|x| y.with(|y| AdaptiveEstimate::of(&x, &y).expect("four rows or more, all finite")))
}

/// A column from uniform numbers, of some kind, that may depend on a shared one.
fn column(n: usize) -> impl Strategy<Value = (Vec<f64>, u32, bool)> {
    (
        proptest::collection::vec(0.0..1.0, n),
        0_u32..9,
        any::<bool>(),
    )
}

fn made((own, kind, dependent): &(Vec<f64>, u32, bool), shared: &[f64]) -> Column {
    let value = |row: usize| {
        if *dependent {
            0.2 * own[row] + 0.8 * shared[row]
        } else {
            own[row]
        }
    };
    let n = own.len();
    let numbers =
        |f: &dyn Fn(f64) -> f64| Column::Numbers((0..n).map(|row| f(value(row))).collect());
    let labels = |f: f64| Column::Labels((0..n).map(|row| (f * value(row)) as u32).collect());
    match kind {
        0 => numbers(&|v| v),
        1 => numbers(&|v| (v * 30.0).round()),
        2 => numbers(&|v| (v * 4.0).round()),
        3 => numbers(&|v| (v - 0.5).max(0.0)),
        4 => Column::Numbers(
            (0..n)
                .map(|row| f64::from(u8::from(row == n / 2)))
                .collect(),
        ),
        5 => labels(3.0),
        6 => labels(80.0),
        7 => Column::Vectors((0..n).map(|row| [value(row), own[n - 1 - row]]).collect()),
        _ => Column::Vectors(
            (0..n)
                .map(|row| [(value(row) - 0.6).max(0.0), (3.0 * value(row)).floor()])
                .collect(),
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_that_does_not_matter_changes_a_bit(
        (shared, x, y) in (5_usize..60).prop_flat_map(|n| {
            (proptest::collection::vec(0.0..1.0, n), column(n), column(n))
        })
    ) {
        let (x, y) = (made(&x, &shared), made(&y, &shared));
        let here = estimate(&x, &y);
        prop_assert_eq!(here, estimate(&y, &x));
        let n = shared.len();
        let step = (2..n).find(|step| gcd(*step, n) == 1).unwrap_or(1);
        prop_assert_eq!(here, estimate(&x.turned(step), &y.turned(step)));
        // Beside a vector, ties of mirrored values are broken otherwise.
        let vectors = matches!(x, Column::Vectors(_)) || matches!(y, Column::Vectors(_));
        let factor = if vectors { 2.0 } else { -2.0 };
        prop_assert_eq!(here, estimate(&x.mapped(factor), &y.mapped(factor)));

        let [low, high] = here.ends(1.96);
        let value = here.information;
        prop_assert!(value.value().is_finite());
        prop_assert!(low <= value && value <= high, "{:?}", here);
        prop_assert!(high.value() <= (n as f64).ln() + 1e-12, "{:?}", here);
        prop_assert!(value.abs() <= here.most, "{:?}", here);
        prop_assert!(low >= Nats(0.0) || low == value);
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if a == 0 { b } else { gcd(b % a, a) }
}
