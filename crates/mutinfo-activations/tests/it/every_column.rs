//! Columns of every kind, as layers: written and read back they are the same, and what is asked of units,
//! tokens and layers is a finite number or a typed error.

use mutinfo::inference::{Surrogate, largest_by_chance};
use mutinfo::{AllPairs, Binned, Discrete, Estimator, Ksg1, MixedKsg, Ross, Ties};
use mutinfo_activations::layers::same_unit;
use mutinfo_activations::prelude::*;
use mutinfo_activations::{Activations, Result};
use ndarray::{Array2, Axis, concatenate};
use proptest::prelude::*;

use crate::columns::{Check, Column, lists};

/// All columns side by side.
fn layer(columns: &[Column]) -> Array2<f64> {
    let columns: Vec<_> = columns.iter().map(Column::numbers).collect();
    let views: Vec<_> = columns.iter().map(|column| column.view()).collect();
    concatenate(Axis(1), &views).unwrap()
}

fn estimators() -> Vec<Box<dyn Estimator>> {
    vec![
        Box::new(mutinfo::Adaptive),
        Box::new(Binned::equal_frequency(4).unwrap()),
        Box::new(Ksg1::default()),
        Box::new(Ksg1::default().ties(Ties::Include)),
        Box::new(MixedKsg::default()),
        Box::new(Ross::default()),
        Box::new(Discrete::default()),
    ]
}

/// A file of numpy's, of one array in C's or in Fortran's order.
fn npy(layer: &Array2<f64>, fortran: bool) -> Vec<u8> {
    let (order, values) = match fortran {
        true => ("True", layer.t().iter().copied().collect::<Vec<f64>>()),
        false => ("False", layer.iter().copied().collect()),
    };
    let shape = format!("({}, {})", layer.nrows(), layer.ncols());
    let header = format!("{{'descr': '<f8', 'fortran_order': {order}, 'shape': {shape}, }}");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(values.into_iter().flat_map(f64::to_le_bytes));
    file
}

fn safetensors(layer: &Array2<f64>) -> Vec<u8> {
    let (rows, columns) = layer.dim();
    let end = 8 * rows * columns;
    let header = format!(
        "{{\"a\":{{\"dtype\":\"F64\",\"shape\":[{rows},{columns}],\"data_offsets\":[0,{end}]}}}}"
    );
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(layer.iter().flat_map(|value| value.to_le_bytes()));
    file
}

fn bits(values: &Array2<f64>) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn finite(name: &str, values: impl IntoIterator<Item = f64>) -> Check {
    for value in values {
        prop_assert!(value.is_finite(), "{name}: {value}");
    }
    Ok(())
}

fn finite_if_any(name: &str, result: Result<Vec<f64>>) -> Check {
    match result {
        Ok(values) => finite(name, values),
        Err(error) => {
            prop_assert!(!error.to_string().is_empty());
            Ok(())
        }
    }
}

fn of_test(name: &str, result: Result<TestResult>) -> Check {
    if let Ok(test) = &result {
        prop_assert!((0.0..=1.0).contains(&test.p_value), "{name}: {test:?}");
    }
    finite_if_any(name, result.map(|test| vec![test.p_value]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn files_give_back_what_was_written((columns, _) in lists(1..60, 3)) {
        let layer = layer(&columns);
        for (name, file) in [
            ("a.npy", npy(&layer, false)),
            ("a.npy", npy(&layer, true)),
            ("a.safetensors", safetensors(&layer)),
        ] {
            let file = Activations::from_bytes(name, file).unwrap();
            let tensor = &file.tensors()[0];
            prop_assert_eq!(bits(&tensor.layer(0).unwrap()), bits(&layer), "{}", name);
            for (index, column) in layer.columns().into_iter().enumerate() {
                prop_assert_eq!(&tensor.unit(0, index).unwrap(), &column, "{}", name);
            }
        }
        let names: Vec<String> = (0..layer.ncols()).map(|column| format!("column {column}")).collect();
        let lines = layer.rows().into_iter().map(|row| {
            row.iter().map(|value| value.to_string()).collect::<Vec<_>>().join(",")
        });
        let text = std::iter::once(names.join(",")).chain(lines).collect::<Vec<_>>().join("\n");
        let table = Csv::from_bytes("a.csv", text.as_bytes()).unwrap();
        prop_assert_eq!(table.rows(), layer.nrows());
        for (name, column) in names.iter().zip(layer.columns()) {
            prop_assert_eq!(table.numbers(name).unwrap(), column.to_vec());
        }
    }

    #[test]
    fn units_pairs_and_layers((columns, order) in lists(6..50, 3)) {
        let layer_of = layer(&columns[..2]);
        let label = &columns[2];
        let again = (layer_of.select(Axis(0), &order), label.in_order(&order));
        let usable = UsableUnits::of(layer_of.view());
        prop_assert_eq!(usable.units().len() + usable.set_aside().len(), layer_of.ncols());
        let broken = Surrogate::Shuffle.of(layer_of.view(), 1);
        for estimator in estimators() {
            let estimator = &*estimator;
            let name = estimator.to_string();
            let ranked = rank_units(layer_of.view(), label, estimator);
            match (ranked, rank_units(again.0.view(), &again.1, estimator)) {
                (Ok(ranked), Ok(again)) => {
                    finite(&name, ranked.iter().map(|score| score.information.value()))?;
                    prop_assert_eq!(ranked, again, "{}", name);
                }
                (Err(_), Err(_)) => {}
                (one, other) => prop_assert!(false, "{name}: {one:?} but {other:?}"),
            }
            let chance = largest_by_chance(estimator, layer_of.view(), label, Surrogate::Shuffle, 2, 1);
            finite_if_any(&name, chance.map(|chance| chance.values()).map_err(Into::into))?;
            let same = same_unit(layer_of.view(), broken.view(), estimator);
            finite_if_any(&name, same.map(|same| same.values()))?;
            let matrices = (
                estimator.matrix(layer_of.view()),
                estimator.matrix_between(layer_of.view(), broken.view()),
            );
            if let (Ok(matrix), Ok(chance)) = matrices {
                finite(&name, pair_bits(&matrix).values())?;
                let p = p_values(&matrix, &chance);
                prop_assert!(p.iter().all(|p| *p > 0.0 && *p <= 1.0), "{name}: {p:?}");
                prop_assert_eq!(best_matches(&chance).len(), layer_of.ncols());
            }
            // The same columns as tokens over units.
            let tokens = layer_of.t();
            let positions: Vec<usize> = (0..tokens.nrows()).collect();
            for limit in [4.0, f64::INFINITY] {
                let pairs = TokenPairs::new(tokens, &positions, estimator, limit);
                if let Ok(pairs) = &pairs {
                    finite(&name, pairs.bits_by_token().values())?;
                    prop_assert!(!pairs.to_string().contains("NaN"));
                    of_test("distance", distance_test(pairs, 9, 1))?;
                }
                finite_if_any(&name, pairs.map(|pairs| pairs.nats().values()))?;
            }
        }
    }

    #[test]
    fn statistics((columns, _) in lists(4..50, 2)) {
        let layer_of = layer(&columns);
        let (x, y) = (layer_of.column(0), layer_of.column(layer_of.ncols() - 1));
        of_test("Welch", welch_t_test(x, y))?;
        of_test("paired", paired_t_test(x, y))?;
        of_test("Mann and Whitney", mann_whitney_u(x, y))?;
        of_test("Kendall", kendall_tau(x, y))?;
        if let Ok(r) = pearson(x, y) {
            prop_assert!(r.abs() <= 1.0 + 1e-12, "{r}");
            of_test("Fisher", fisher_z_test(r, x.len(), 0.1, 50))?;
        }
        let (a, b) = (layer(&columns[..1]), layer(&columns[1..]));
        finite_if_any("correlations", correlations(a.view(), b.view()).map(|r| r.into_iter().collect()))?;
        finite_if_any("centred", centred("layer", layer_of.view()).map(|c| c.into_iter().collect()))?;
        if let Ok(projection) = Projection::principal(layer_of.view(), 2) {
            finite("scores", projection.scores)?;
            finite("directions", projection.directions)?;
            finite("share", projection.share)?;
        }
    }
}
