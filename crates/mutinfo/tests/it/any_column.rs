//! What must hold for the recommended estimate of any two columns.

use mutinfo::prelude::*;
use mutinfo::recommended::AdaptiveEstimate;
use proptest::prelude::*;

use crate::columns::{Column, pairs};

/// What the mathematics does not tell from the column; numbers are mirrored by a factor below 0.
fn mapped(column: &Column, factor: f64) -> Column {
    match column {
        Column::Numbers(rows) if column.is_vector() => Column::Numbers(rows.mapv(|v| 5.0 * v)),
        Column::Numbers(rows) => Column::Numbers(rows.mapv(|v| 3.0 + factor * v)),
        Column::Labels(rows) => Column::Labels(rows.iter().map(|label| 200 - label).collect()),
    }
}

fn estimate(x: &Column, y: &Column) -> AdaptiveEstimate {
    AdaptiveEstimate::of(&x.into(), &y.into()).expect("four rows or more, all finite")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_that_does_not_matter_changes_a_bit((x, y, order) in pairs(5..60)) {
        let here = estimate(&x, &y);
        prop_assert_eq!(here, estimate(&y, &x));
        prop_assert_eq!(here, estimate(&x.in_order(&order), &y.in_order(&order)));
        // Beside a vector, ties of mirrored values are broken otherwise.
        let factor = if x.is_vector() || y.is_vector() { 2.0 } else { -2.0 };
        prop_assert_eq!(here, estimate(&mapped(&x, factor), &mapped(&y, factor)));

        let [low, high] = here.ends(1.96);
        let value = here.information;
        prop_assert!(value.value().is_finite());
        prop_assert!(low <= value && value <= high, "{:?}", here);
        prop_assert!(high.value() <= (order.len() as f64).ln() + 1e-12, "{:?}", here);
        prop_assert!(value.abs() <= here.most, "{:?}", here);
        prop_assert!(low >= Nats(0.0) || low == value);
    }
}
