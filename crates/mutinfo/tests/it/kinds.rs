//! Columns of every kind through everything that takes two variables: a finite number or a typed
//! error, the same bits in any order of the rows and for (y, x), and nothing beyond what the
//! entropies allow.

use mutinfo::prelude::*;
use mutinfo::recommended::{AdaptiveEstimate, Reliability};
use mutinfo::{Error, choosing};
use proptest::prelude::*;

use crate::columns::{Check, Column, beside_200_classes, pairs, same};

fn estimators_keep_their_word(x: &Column, y: &Column, order: &[usize]) -> Check {
    let (x2, y2) = (x.in_order(order), y.in_order(order));
    let n = order.len() as f64;
    for estimator in choosing::all() {
        let estimate = estimator.estimate(x, y);
        if let Ok(estimate) = estimate
            && (x.is_constant() || y.is_constant())
        {
            prop_assert_eq!(estimate, Nats(0.0), "{}", estimator);
        }
        same(&estimator, estimate.clone(), estimator.estimate(&x2, &y2))?;
        same(&estimator, estimate, estimator.estimate(y, x))?;
    }
    let bound = x.entropy().min(y.entropy());
    let adaptive = AdaptiveEstimate::of(&x.into(), &y.into()).unwrap();
    let estimate = adaptive.information;
    prop_assert_eq!(estimate, mutual_information(x, y).unwrap());
    prop_assert!(
        -adaptive.most <= estimate && estimate <= adaptive.most,
        "{adaptive:?}"
    );
    prop_assert!(estimate.value() <= n.ln() + 1e-9, "{adaptive:?}");
    // Of a few labels that nearly all differ nothing can be said.
    prop_assert!(
        estimate > Nats(-0.75) || adaptive.reliability == Reliability::TooFewSamples,
        "{adaptive:?}"
    );
    // Classes that were not seen may add to the entropies of what was.
    prop_assert!(estimate < 2.5 * bound + Nats(0.75), "{estimate} of {bound}");
    Ok(())
}

fn a_measurement_does_not_contradict_itself(x: &Column, y: &Column, order: &[usize]) -> Check {
    let measurement = measure(x, y, 1).unwrap();
    let Measurement {
        information,
        interval,
        p_value,
        ..
    } = measurement.clone();
    prop_assert!(interval.covers(information), "{measurement}");
    prop_assert!(interval.low.value().is_finite() && interval.high.value().is_finite());
    prop_assert!(
        interval.high.value() <= (order.len() as f64).ln() + 1e-9,
        "{measurement}"
    );
    prop_assert!(p_value > 0.0 && p_value <= 1.0);
    prop_assert!(
        p_value <= 0.05 || interval.low <= Nats(0.0),
        "{measurement}"
    );
    prop_assert!(!measurement.to_string().contains("NaN"));
    prop_assert_eq!(
        &measurement,
        &measure(&x.in_order(order), &y.in_order(order), 1).unwrap()
    );
    prop_assert_eq!(&measurement, &measure(y, x, 1).unwrap());
    let one_thread = with_threads(1, || measure(x, y, 1).unwrap());
    prop_assert_eq!(&measurement, &one_thread);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_estimator_keeps_its_word((x, y, order) in pairs(6..70)) {
        estimators_keep_their_word(&x, &y, &order)?;
    }

    #[test]
    fn measurements_do_not_contradict_themselves((x, y, order) in pairs(6..70)) {
        a_measurement_does_not_contradict_itself(&x, &y, &order)?;
    }

    #[test]
    fn matrices_intervals_and_tests_take_every_kind((x, y, _) in pairs(6..70)) {
        let columns = || vec![Variable::from(&x), Variable::from(&y)];
        let estimator = Adaptive;
        let matrix = estimator.matrix(columns()).unwrap();
        prop_assert_eq!(matrix.get(0, 1), estimator.estimate(&x, &y).unwrap());
        prop_assert_eq!(matrix.get(1, 0), matrix.get(0, 1));
        let between = estimator.matrix_between(columns(), columns()).unwrap();
        prop_assert_eq!(between.get(0, 1), matrix.get(0, 1));

        let interval = Subsampling::new(10, 1).unwrap().interval(&estimator, &x, &y, 0.95).unwrap();
        prop_assert!(interval.covers(interval.estimate), "{interval}");

        let test = PermutationTest::new(9, 1).unwrap().run(&estimator, &x, &y).unwrap();
        prop_assert!(test.p_value >= 0.1 && test.null_distribution.len() == 9);
        let chance = largest_by_chance(&estimator, columns(), &y, Surrogate::CircularShift, 3, 1);
        prop_assert!(chance.unwrap().iter().all(|nats| nats.value().is_finite()));
        for estimator in choosing::all() {
            match PermutationTest::new(3, 1).unwrap().run(&estimator, &x, &y) {
                Ok(result) => prop_assert!(result.null_distribution.iter().all(|v| v.value().is_finite())),
                Err(Error::Cancelled { .. }) => prop_assert!(false, "nobody cancelled"),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn so_it_is_beside_200_classes((x, y, order) in beside_200_classes(400..600)) {
        estimators_keep_their_word(&x, &y, &order)?;
        a_measurement_does_not_contradict_itself(&x, &y, &order)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    /// More values than are sorted in one piece.
    #[test]
    fn so_it_is_in_large_samples((x, y, order) in pairs(8_200..9_000)) {
        estimators_keep_their_word(&x, &y, &order)?;
    }
}
