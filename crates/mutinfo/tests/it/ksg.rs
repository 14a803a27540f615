//! Kraskov, Stögbauer and Grassberger's estimators.

use approx::assert_abs_diff_eq;
use mutinfo::prelude::*;
use ndarray::{Array1, Array2, Axis, concatenate};
use proptest::prelude::*;

use crate::fixtures::{FORMULA_CASES, SAMPLES, Sample};
use crate::reference;

/// Two programs that count the same points: only the digammas' sums are rounded differently.
const SAME_COUNTS: f64 = 1e-9;
/// The fast and the slow form of one formula.
const SAME_FORMULA: f64 = 1e-12;

/// Samples in which a point has three others at its own place.
const TIED: [&str; 3] = [
    "rounded_normal_r0.6_d1",
    "zero_inflated_q0.9_r0.8",
    "poisson_sum",
];

fn ksg1(k: usize, scaling: Scaling) -> Ksg1 {
    Ksg1::new(k).unwrap().scaling(scaling)
}

fn ksg2(k: usize, scaling: Scaling) -> Ksg2 {
    Ksg2::new(k).unwrap().scaling(scaling)
}

fn columns(arrays: &[&Array1<f64>]) -> Array2<f64> {
    let views: Vec<_> = arrays
        .iter()
        .map(|array| array.view().insert_axis(Axis(1)))
        .collect();
    concatenate(Axis(1), &views).unwrap()
}

#[test]
fn formula_series_give_the_oracles_values() {
    for case in FORMULA_CASES.iter() {
        let xw = columns(&[&case.x, &case.w]);
        for k in [1, 3, 4, 5, 10] {
            let (one, two) = (ksg1(k, Scaling::None), ksg2(k, Scaling::None));
            let number = |name: &str| case.number(&format!("{name}_k{k}"));
            let same = |ours: Nats, name: &str| {
                assert_abs_diff_eq!(ours.value(), number(name), epsilon = SAME_COUNTS);
            };
            same(one.estimate(&case.x, &case.y).unwrap(), "ksg1_raw");
            same(
                one.estimate(&case.x, &case.y).unwrap(),
                "sklearn_compute_mi_cc_raw",
            );
            same(two.estimate(&case.x, &case.y).unwrap(), "ksg2_raw");
            same(one.estimate(&xw, &case.y).unwrap(), "ksg1_xw_vs_y_raw");
            same(two.estimate(&xw, &case.y).unwrap(), "ksg2_xw_vs_y_raw");
            same(
                one.estimate_given(&case.x, &case.y, &case.w).unwrap(),
                "ksg1_conditional_x_y_given_w_raw",
            );
            same(
                Ksg1::new(k).unwrap().estimate(&case.x, &case.y).unwrap(),
                "sklearn_mutual_info_regression",
            );
        }
    }
}

/// Compares an estimator with the values stored under a name for every k, on all samples but some.
fn assert_expected(
    name: &str,
    except: &[&str],
    estimate: impl Fn(&Sample, usize) -> mutinfo::Result<Nats>,
) {
    let mut compared = 0;
    for sample in SAMPLES.iter().filter(|sample| sample.is("cc")) {
        for k in [3, 5, 10] {
            let path = format!("continuous/{}", name.replace("kK", &format!("k{k}")));
            let Some(expected) = sample.expected(&path) else {
                continue;
            };
            if except.contains(&sample.name.as_str()) {
                continue;
            }
            let estimate = estimate(sample, k).unwrap_or_else(|error| {
                panic!("{}, k = {k}: {error}", sample.name);
            });
            assert!(
                (estimate.value() - expected).abs() < SAME_COUNTS,
                "{}, k = {k}: {estimate}, {name} is {expected}",
                sample.name
            );
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn samples_give_the_references_values() {
    // The constant column is an error here, and the reference's 0 has no meaning.
    assert_expected("reference_ksg1_kK_nats", &["constant_y"], |sample, k| {
        ksg1(k, Scaling::None)
            .ties(Ties::Formula)
            .estimate(&sample.x, &sample.y)
    });
    assert_expected(
        "sklearn_compute_mi_cc_kK_unclipped_nats",
        &["constant_y"],
        |sample, k| {
            ksg1(k, Scaling::None)
                .ties(Ties::Include)
                .estimate(&sample.x, &sample.y)
        },
    );
    assert_expected(
        "reference_ksg1_normal_scores_kK_nats",
        &["constant_y"],
        |sample, k| {
            ksg1(k, Scaling::NormalScores)
                .ties(Ties::Formula)
                .estimate(&sample.x, &sample.y)
        },
    );
}

#[test]
fn samples_give_the_references_ksg2_values() {
    // Where several points tie for the k-th place, the reference takes those that its search
    // happens to meet first; here all of them count, so that the order of the rows is of no account.
    let except = [
        "constant_y",
        "rounded_normal_r0.6_d1",
        "poisson_sum",
        "censored_x_r0.7",
    ];
    assert_expected("reference_ksg2_kK_nats", &except, |sample, k| {
        ksg2(k, Scaling::None)
            .ties(Ties::Formula)
            .estimate(&sample.x, &sample.y)
    });
}

#[test]
fn ties_are_refused_by_default_and_the_message_names_a_way_out() {
    for name in TIED {
        let sample = Sample::named(name);
        for error in [
            Ksg1::default().estimate(&sample.x, &sample.y).unwrap_err(),
            Ksg2::default().estimate(&sample.x, &sample.y).unwrap_err(),
        ] {
            assert!(
                matches!(
                    error,
                    mutinfo::Error::Ties { .. } | mutinfo::Error::RepeatedValues { .. }
                ),
                "{name}: {error}"
            );
            assert!(error.to_string().contains("MixedKsg"));
        }
    }
}

#[test]
fn a_variable_of_two_values_is_refused_or_taken_as_a_label() {
    let x = mutinfo::Sample::coupled_normals(2000, 0.0, 5).unwrap().x;
    let coin = Array1::from_iter((0..2000).map(|i| f64::from(i % 2)));
    let sign = x.mapv(f64::signum);
    for error in [
        Ksg1::default().estimate(&x, &coin).unwrap_err(),
        Ksg2::default().estimate(&x, &coin).unwrap_err(),
        Lnc::default().estimate(&x, &coin).unwrap_err(),
    ] {
        assert!(matches!(
            error,
            mutinfo::Error::RepeatedValues {
                argument: "y" | "a variable",
                distinct: 2,
                ..
            }
        ));
    }
    // −1/3 and a third of the information were lost before.
    let insisting = Ksg2::default().ties(Ties::Include);
    let nothing = insisting.estimate(&x, &coin).unwrap();
    assert!(nothing.abs() < Nats(0.05), "{nothing}");
    let bit = insisting.estimate(&x, &sign).unwrap();
    assert!((bit - Nats(2_f64.ln())).abs() < Nats(0.05), "{bit}");
    // Two decimals: the values that are equal decide, and scaling by 1.1 would change them.
    let rounded = x.mapv(|v| (v * 10.0).round() / 10.0);
    assert!(Ksg1::default().estimate(&rounded, &x).is_err());
}

#[test]
fn ties_within_a_column_alone_are_no_error() {
    // Rounded to half precision, as the hidden states of a network are.
    let data = mutinfo::Sample::coupled_normals(900, 1.0, 5).unwrap();
    let rounded = |values: &Array1<f64>| values.mapv(|value| (value * 500.0).round() / 500.0);
    let estimate = Ksg1::default()
        .estimate(&rounded(&data.x), &rounded(&data.y))
        .unwrap();
    let exact = Ksg1::default().estimate(&data.x, &data.y).unwrap();
    assert!((estimate - exact).abs() < Nats(0.02), "{estimate}, {exact}");
}

#[test]
fn local_values_average_to_the_estimate() {
    let sample = Sample::named("sin_noise_s1.0");
    let n = sample.x.nrows();
    let (one, two) = (Ksg1::default(), Ksg2::default());
    let (x, y) = (&sample.x, &sample.y);
    for (local, estimate) in [
        (one.local(x, y).unwrap(), one.estimate(x, y).unwrap()),
        (two.local(x, y).unwrap(), two.estimate(x, y).unwrap()),
    ] {
        assert_eq!(local.len(), n);
        let mean = local.into_iter().sum::<Nats>() / n as f64;
        assert_abs_diff_eq!(mean.value(), estimate.value(), epsilon = SAME_FORMULA);
    }
}

#[test]
fn bad_input_is_an_error_that_says_what_and_where() {
    use mutinfo::Error;
    let x = [1.0, 2.0, 3.0, 5.0, 8.0];
    let estimate = |x: &[f64], y: &[f64]| Ksg1::default().estimate(x, y);
    assert_eq!(Ksg1::new(0), Err(Error::ZeroNeighbours));
    assert!(matches!(
        estimate(&[], &x),
        Err(Error::Empty { argument: "x" })
    ));
    assert!(matches!(
        estimate(&x, &x[1..]),
        Err(Error::LengthMismatch {
            first_len: 5,
            second_len: 4,
            ..
        })
    ));
    assert!(matches!(
        estimate(&x, &[1.0, 2.0, f64::NAN, 3.0, 4.0]),
        Err(Error::NotFinite {
            argument: "y",
            row: 2,
            column: 0,
            ..
        })
    ));
    assert_eq!(estimate(&x, &[7.0; 5]), Ok(Nats(0.0)), "exactly nothing");
    assert!(matches!(
        estimate(&x[..3], &x[..3]),
        Err(Error::TooManyNeighbours { k: 3, samples: 3 })
    ));
    let wide = Array2::from_shape_fn((5, 9), |(i, j)| ((i * 7 + j * 3) as f64).sin());
    assert!(matches!(
        Ksg1::default().estimate(&wide, &x),
        Err(Error::TooManyDimensions {
            dimensions: 10,
            samples: 5
        })
    ));
    assert!(matches!(
        Ksg1::default().estimate(&[1, 2, 3, 4, 5], &x),
        Err(Error::WrongKind { argument: "x", .. })
    ));
    assert!(matches!(
        Ksg1::default().total_correlation(&[(&x).into()]),
        Err(Error::TooFewVariables { got: 1, needed: 2 })
    ));
}

/// A variable of a few columns: numbers that are all different, or whole numbers with many ties.
fn variable(n: usize) -> impl Strategy<Value = Array2<f64>> {
    let value = prop_oneof![-1.0..1.0, (-3..3_i32).prop_map(f64::from)];
    (1..=3_usize).prop_flat_map(move |columns| {
        prop::collection::vec(value.clone(), n * columns)
            .prop_map(move |values| Array2::from_shape_vec((n, columns), values).unwrap())
    })
}

/// At least as many samples as three variables can have columns: fewer are rightly refused.
fn variables(count: usize) -> impl Strategy<Value = Vec<Array2<f64>>> {
    (9..80_usize).prop_flat_map(move |n| prop::collection::vec(variable(n), count))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn fast_and_slow_forms_agree(v in variables(3), k in 1..7_usize) {
        let [x, y, z] = [&v[0], &v[1], &v[2]];
        // A constant shares exactly nothing; the formulas below are not made for it.
        let varies = |v: &Array2<f64>| v.rows().into_iter().any(|row| row != v.row(0));
        prop_assume!(varies(x) && varies(y));
        let fast = ksg1(k, Scaling::None).ties(Ties::Formula);
        let same = |fast: mutinfo::Result<Nats>, slow: f64| {
            assert_abs_diff_eq!(fast.unwrap().value(), slow, epsilon = SAME_FORMULA);
        };
        same(fast.estimate(x, y), reference::ksg1(x, y, k));
        same(
            fast.ties(Ties::Include).estimate(x, y),
            reference::ksg1_with_ties(x, y, k),
        );
        same(
            fast.total_correlation(&[x.into(), y.into(), z.into()]),
            reference::total_correlation(&[x, y, z], k),
        );
        same(fast.estimate_given(x, y, z), reference::conditional(x, y, z, k));
        let fast = ksg2(k, Scaling::None).ties(Ties::Formula);
        same(fast.estimate(x, y), reference::ksg2(x, y, k));
    }

    #[test]
    fn the_order_of_rows_and_of_variables_changes_no_bit(
        v in variables(2),
        k in 1..7_usize,
        order in prop::collection::vec(any::<u64>(), 80),
    ) {
        let n = v[0].nrows();
        let mut rows: Vec<usize> = (0..n).collect();
        rows.sort_by_key(|&row| order[row]);
        let [x, y] = [&v[0], &v[1]];
        let (a, b) = (x.select(Axis(0), &rows), y.select(Axis(0), &rows));
        for scaling in [Scaling::None, Scaling::StandardDeviation, Scaling::NormalScores] {
            let one = ksg1(k, scaling).ties(Ties::Formula);
            let two = ksg2(k, scaling).ties(Ties::Formula);
            prop_assert_eq!(one.estimate(x, y).ok(), one.estimate(&a, &b).ok());
            prop_assert_eq!(two.estimate(x, y).ok(), two.estimate(&a, &b).ok());
            prop_assert_eq!(one.estimate(x, y).ok(), one.estimate(y, x).ok());
            prop_assert_eq!(two.estimate(x, y).ok(), two.estimate(y, x).ok());
        }
    }

    #[test]
    fn normal_scores_ignore_monotone_maps(v in variables(2), k in 1..7_usize) {
        let [x, y] = [&v[0], &v[1]];
        let ksg = ksg1(k, Scaling::NormalScores).ties(Ties::Include);
        let mapped = x.mapv(|value| (2.0 * value).exp());
        prop_assert_eq!(ksg.estimate(x, y).ok(), ksg.estimate(&mapped, y).ok());
    }

    #[test]
    fn standard_deviations_ignore_shift_and_scale(
        values in prop::collection::vec((-1.0..1.0, -1.0..1.0), 20..60),
        scale in prop_oneof![Just(1e300), Just(1e-300), 0.001..1000.0],
        shift in -100.0..100.0,
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
        let moved: Vec<f64> = x.iter().map(|value| (value + shift) * scale).collect();
        let ksg = Ksg1::default();
        let (before, after) = (ksg.estimate(&x, &y).unwrap(), ksg.estimate(&moved, &y).unwrap());
        // Rounding may move a point across a border, one count in one of 60.
        prop_assert!((before - after).abs() < Nats(0.05), "{before}, {after}");
    }
}
