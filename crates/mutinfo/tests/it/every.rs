//! What must hold for every estimator.

use mutinfo::prelude::*;
use mutinfo::{Error, Result, choosing};
use ndarray::{Array1, Array2};
use proptest::prelude::*;

use crate::fixtures::{SAMPLES, Sample};

#[test]
fn names_differ_and_print_padded() {
    let names: Vec<String> = choosing::all().iter().map(|e| e.to_string()).collect();
    for (i, name) in names.iter().enumerate() {
        assert!(!name.is_empty() && !names[..i].contains(name), "{name}");
    }
    for estimator in choosing::all() {
        assert_eq!(format!("{estimator:50}").chars().count(), 50, "{estimator}");
    }
}

#[test]
fn normal_variables_give_the_closed_form() {
    for name in [
        "binormal_r0.6_n10000",
        "binormal_r0_n10000",
        "binormal_r0.9_n10000",
    ] {
        let sample = Sample::named(name);
        let truth = Nats(sample.true_mi_nats.unwrap());
        for estimator in choosing::all() {
            match estimator.estimate(&sample.x, &sample.y) {
                Err(Error::WrongKind { .. }) => {}
                // Eight bins are coarse: they lose up to an eighth of it.
                estimate => {
                    let estimate = estimate.unwrap();
                    let tolerance = Nats(0.04)
                        + truth
                            * 0.25
                            * f64::from(u8::from(estimator.to_string().contains("binned")));
                    assert!(
                        (estimate - truth).abs() < tolerance,
                        "{name}, {estimator}: {estimate}, exactly {truth}"
                    );
                }
            }
        }
    }
}

#[test]
fn families_with_closed_forms_are_met_within_their_known_spread() {
    // (bias that is known of the method on this law, spread of one draw) from replicates.json:
    // KSG1 with k = 5 on 60 fresh draws, four spreads.
    for (name, mean, sd) in [
        ("student_nu3_r0.0", 0.026256, 0.01403),
        ("additive_uniform_e0.5", 0.476934, 0.01625),
        ("additive_uniform_e2.0", 0.112822, 0.01235),
        ("gamma_exponential_t1.0", 0.314201, 0.01997),
        ("gamma_sum_a1.0_b1.0", 0.555106, 0.02180),
        ("clayton_t2.0", 0.438651, 0.02190),
        ("block_diagonal_m2", 0.668596, 0.01406),
        ("heteroscedastic", 0.073579, 0.01404),
    ] {
        let sample = Sample::named(name);
        let ksg = Ksg1::new(5).unwrap().scaling(Scaling::None);
        let estimate = ksg.estimate(&sample.x, &sample.y).unwrap().value();
        assert!(
            (estimate - mean).abs() < 4.0 * sd,
            "{name}: {estimate}, expected {mean}"
        );
        // Normal scores take most of the bias of heavy tails and edges away.
        let scores = ksg.scaling(Scaling::NormalScores);
        let estimate = scores.estimate(&sample.x, &sample.y).unwrap().value();
        let truth = sample.true_mi_nats.unwrap();
        assert!(
            (estimate - truth).abs() < 4.0 * sd + 0.02,
            "{name}: {estimate}, exactly {truth}"
        );
    }
}

#[test]
fn estimators_are_symmetric() {
    let sample = Sample::named("sin_noise_s0.1");
    let label = sample.y.mapv(|y| (y * 2.0).round() as i32);
    let label = label.column(0);
    for estimator in choosing::all() {
        for (x, y) in [
            (Variable::from(&sample.x), Variable::from(&sample.y)),
            (Variable::from(&sample.x), Variable::from(label)),
            (Variable::from(label), Variable::from(label)),
        ] {
            let (forward, back) = (estimator.estimate(&x, &y), estimator.estimate(&y, &x));
            match (forward, back) {
                (Err(_), Err(_)) => {}
                (forward, back) => {
                    let difference = (forward.unwrap() - back.unwrap()).abs();
                    assert!(difference < Nats(1e-12), "{estimator}: {difference}");
                }
            }
        }
    }
}

#[test]
fn threads_change_no_bit() {
    let sample = Sample::named("gauss_3x2_random");
    let estimate = |x: &Array2<f64>, y: &Array2<f64>| -> Vec<Result<Nats>> {
        let all = choosing::all();
        all.iter().map(|e| e.estimate(x, y)).collect()
    };
    let column = |values: &Array2<f64>| values.slice(ndarray::s![.., ..1]).to_owned();
    let (x, y) = (column(&sample.x), column(&sample.y));
    let many = (estimate(&sample.x, &sample.y), estimate(&x, &y));
    for threads in [1, 3] {
        let again = mutinfo::with_threads(threads, || {
            (estimate(&sample.x, &sample.y), estimate(&x, &y))
        });
        assert_eq!(format!("{many:?}"), format!("{again:?}"));
    }
}

/// Columns of numbers that programs trip over.
fn hostile(n: usize) -> impl Strategy<Value = Array1<f64>> {
    let value = prop_oneof![
        6 => -1.0..1.0,
        2 => (-2..3_i32).prop_map(f64::from),
        1 => prop_oneof![
            Just(0.0), Just(-0.0), Just(5e-324), Just(-1e-310), Just(f64::MAX), Just(f64::MIN),
            Just(1e300), Just(-1e154), Just(f64::MIN_POSITIVE), Just(1.0 + f64::EPSILON),
        ],
    ];
    let column = prop::collection::vec(value, n);
    let scale = prop_oneof![4 => Just(1.0), 1 => Just(1e-300), 1 => Just(1e300), 1 => Just(5e-324)];
    let offset = prop_oneof![4 => Just(0.0), 1 => Just(1e11), 1 => Just(-1e300)];
    (column, scale, offset, any::<bool>()).prop_map(move |(column, scale, offset, twice)| {
        let place = |i: usize| if twice { i / 2 } else { i };
        Array1::from_shape_fn(n, |i| {
            let value: f64 = column[place(i)] * scale + offset;
            value.clamp(f64::MIN, f64::MAX)
        })
    })
}

proptest! {
    /// `PROPTEST_CASES=100000 cargo test --release --package mutinfo --test it hostile` makes a
    /// fuzzer of it.
    #[test]
    fn hostile_data_give_a_finite_number_or_an_error(
        (x, y, z) in (1..50_usize).prop_flat_map(|n| (hostile(n), hostile(n), hostile(n))),
        k in 1..6_usize,
    ) {
        let label = y.mapv(|y| (y as i64).rem_euclid(4));
        let check = |name: &dyn std::fmt::Display, estimate: Result<Nats>| match estimate {
            Ok(estimate) => assert!(estimate.value().is_finite(), "{name}: {estimate}"),
            Err(error) => assert!(!error.to_string().is_empty()),
        };
        let mut estimators = choosing::all();
        estimators.push(Box::new(Adaptive));
        for estimator in estimators {
            check(&estimator, estimator.estimate(&x, &y));
            check(&estimator, estimator.estimate(&x, &label));
            check(&estimator, estimator.estimate(&label, &label));
        }
        let both = ndarray::stack![ndarray::Axis(1), x, y];
        for scaling in [Scaling::None, Scaling::StandardDeviation, Scaling::NormalScores] {
            for ties in [Ties::Refuse, Ties::Include, Ties::Formula] {
                let one = Ksg1::new(k).unwrap().scaling(scaling).ties(ties);
                let two = Ksg2::new(k).unwrap().scaling(scaling).ties(ties);
                let ross = Ross::new(k).unwrap().scaling(scaling).ties(ties);
                check(&one, one.estimate(&x, &y));
                check(&one, one.estimate(&both, &z));
                check(&one, one.estimate_given(&x, &y, &z));
                check(&one, one.total_correlation(&[(&x).into(), (&y).into(), (&z).into()]));
                check(&two, two.estimate(&x, &y));
                check(&two, two.estimate(&both, &z));
                check(&ross, ross.estimate(&both, &label));
            }
            let mixed = MixedKsg::new(k).unwrap().scaling(scaling);
            check(&mixed, mixed.estimate(&both, &z));
            let lnc = Lnc::new(k, 0.3).unwrap().scaling(scaling);
            check(&lnc, lnc.estimate(&x, &y));
            check(&lnc, lnc.total_correlation(&[(&x).into(), (&y).into(), (&z).into()]));
        }
        check(&Gaussian::default(), Gaussian::default().estimate(&both, &z));
        check(&Gaussian::default(), Gaussian::default().estimate_given(&x, &y, &z));
        check(&GaussianCopula, GaussianCopula.estimate(&both, &z));
        let transfer = TransferEntropy::new(Ksg1::new(k).unwrap().ties(Ties::Include));
        check(&transfer, transfer.estimate(&x, &y));
    }
}

#[test]
fn every_sample_gives_a_finite_number_or_an_error() {
    for sample in SAMPLES.iter().filter(|sample| sample.x.nrows() <= 2000) {
        for estimator in choosing::all() {
            if let Ok(estimate) = estimator.estimate(&sample.x, &sample.y) {
                assert!(estimate.value().is_finite(), "{}, {estimator}", sample.name);
            }
        }
    }
}
