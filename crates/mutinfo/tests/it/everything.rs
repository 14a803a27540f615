//! Columns of every kind through everything else that takes columns: what is shared given a third, or by
//! three, tests, intervals, bins, tables, entropies and matrices. A finite number or a typed error, and
//! the same bits in any order of the rows, for (y, x), and in a matrix.

use mutinfo::estimator::{ConditionalEstimator, TotalCorrelation};
use mutinfo::inference::{g_test, gaussian_test};
use mutinfo::ndarray::{Array1, Axis, concatenate};
use mutinfo::prelude::*;
use mutinfo::{Result, choosing};
use proptest::prelude::*;

use crate::columns::{Column, lists, pairs, same, within};

/// Every estimator with parameters that are not the default ones.
fn with_parameters() -> Vec<Box<dyn Estimator>> {
    let ksg = Ksg1::new(2).unwrap();
    let mut estimators: Vec<Box<dyn Estimator>> = vec![
        Box::new(Gaussian::default().uncorrected()),
        Box::new(Lnc::default().scaling(Scaling::NormalScores)),
        Box::new(MixedKsg::default().scaling(Scaling::NormalScores)),
        Box::new(Binned::equal_width(BinCount::Sturges).unwrap()),
        Box::new(
            Binned::equal_frequency(3)
                .unwrap()
                .entropy_estimator(EntropyEstimator::Nsb),
        ),
        Box::new(ksg.scaling(Scaling::None)),
    ];
    for ties in [Ties::Include, Ties::Formula] {
        estimators.push(Box::new(ksg.ties(ties)));
        estimators.push(Box::new(Ksg2::default().ties(ties)));
        estimators.push(Box::new(Ross::default().ties(ties)));
    }
    estimators
}

fn conditional() -> Vec<Box<dyn ConditionalEstimator>> {
    let mut estimators: Vec<Box<dyn ConditionalEstimator>> = vec![
        Box::new(Ksg1::default()),
        Box::new(Ksg1::default().ties(Ties::Include)),
        Box::new(Gaussian::default()),
        Box::new(GaussianCopula),
    ];
    for correction in EntropyEstimator::ALL {
        estimators.push(Box::new(Discrete::new(correction)));
    }
    estimators
}

/// With how far the order of the variables may move the last bits.
fn of_many() -> Vec<(Box<dyn TotalCorrelation>, f64)> {
    let mut estimators: Vec<(Box<dyn TotalCorrelation>, f64)> = vec![
        (Box::new(Ksg1::default()), 0.0),
        (Box::new(Ksg1::default().ties(Ties::Include)), 0.0),
        (Box::new(Lnc::default()), 0.0),
        (Box::new(Lnc::default().scaling(Scaling::NormalScores)), 0.0),
        (Box::new(Gaussian::default()), 1e-12),
        (Box::new(GaussianCopula), 1e-12),
    ];
    for correction in EntropyEstimator::ALL {
        estimators.push((Box::new(Discrete::new(correction)), 1e-12));
    }
    estimators
}

/// The single column of numbers, if it is one.
fn scalars(column: &Column) -> Option<Array1<f64>> {
    match column {
        Column::Numbers(rows) if rows.ncols() == 1 => Some(rows.column(0).to_owned()),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parameters_change_nothing_of_that((x, y, order) in pairs(6..70)) {
        let (x2, y2) = (x.in_order(&order), y.in_order(&order));
        for estimator in with_parameters() {
            let estimate = || estimator.estimate(&x, &y);
            same(&estimator, estimate(), estimator.estimate(&x2, &y2))?;
            same(&estimator, estimate(), estimator.estimate(&y, &x))?;
        }
        let locals = [Ksg1::default().local(&x, &y), Ksg2::default().local(&x, &y)];
        for locals in locals.into_iter().flatten() {
            prop_assert_eq!(locals.len(), order.len());
            prop_assert!(locals.iter().all(|local| local.value().is_finite()));
        }
    }

    #[test]
    fn what_is_shared_given_a_third((columns, order) in lists(6..60, 3)) {
        let again: Vec<Column> = columns.iter().map(|column| column.in_order(&order)).collect();
        let given = |estimator: &dyn ConditionalEstimator, columns: &[Column], [x, y]: [usize; 2]| {
            let variable = |index: usize| Variable::from(&columns[index]);
            estimator.estimate_variables_given(&variable(x), &variable(y), &variable(2))
        };
        for estimator in conditional() {
            let estimate = || given(&*estimator, &columns, [0, 1]);
            same(&estimator, estimate(), given(&*estimator, &again, [0, 1]))?;
            same(&estimator, estimate(), given(&*estimator, &columns, [1, 0]))?;
        }
    }

    #[test]
    fn what_three_share((columns, order) in lists(6..60, 3)) {
        let again: Vec<Column> = columns.iter().map(|column| column.in_order(&order)).collect();
        let here: Vec<Variable<'_>> = columns.iter().map(Variable::from).collect();
        let again: Vec<Variable<'_>> = again.iter().map(Variable::from).collect();
        let backwards: Vec<Variable<'_>> = here.iter().rev().cloned().collect();
        for (estimator, rounding) in of_many() {
            let estimate = || estimator.total_correlation(&here);
            same(&estimator, estimate(), estimator.total_correlation(&again))?;
            within(&estimator, estimate(), estimator.total_correlation(&backwards), rounding)?;
            let two = estimator.total_correlation(&here[..2]);
            same(&estimator, two, estimator.total_correlation(&backwards[1..]))?;
        }
    }

    #[test]
    fn what_flows_from_one_to_the_other((x, y, _) in pairs(6..60)) {
        for estimator in conditional() {
            let transfer = TransferEntropy::new(&*estimator).source_history(2).unwrap();
            for estimate in [transfer.estimate(&x, &y), transfer.estimate(&y, &x)] {
                match estimate {
                    Ok(nats) => prop_assert!(nats.value().is_finite(), "{estimator}: {nats}"),
                    Err(error) => prop_assert!(!error.to_string().is_empty()),
                }
            }
        }
    }

    #[test]
    fn matrices_hold_what_pairs_do((columns, _) in lists(6..50, 3)) {
        let variables = || columns.iter().map(Variable::from).collect::<Vec<_>>();
        let mut estimators = choosing::all();
        estimators.extend(with_parameters());
        for estimator in estimators {
            let (within_one, between) = (
                estimator.matrix(variables()),
                estimator.matrix_between(variables(), variables()),
            );
            let singles: Result<Vec<Nats>> = [(0, 1), (0, 2), (1, 2)]
                .map(|(i, j)| estimator.estimate(&columns[i], &columns[j]))
                .into_iter()
                .collect();
            // One that is refused alone is refused in company; and some are that could stand alone.
            prop_assert!(singles.is_ok() || (within_one.is_err() && between.is_err()), "{estimator}");
            if let (Ok(singles), Ok(matrix)) = (singles, within_one) {
                for ((i, j, nats), single) in matrix.pairs().zip(singles) {
                    // Sums over a whole table, and over the cells that occur.
                    let close = (nats - single).abs() < Nats(1e-12);
                    prop_assert!(close, "{estimator}, {i} and {j}: {nats:?} and {single:?}");
                }
            }
        }
    }

    #[test]
    fn tests_and_intervals((x, y, order) in pairs(6..70)) {
        let (x2, y2) = (x.in_order(&order), y.in_order(&order));
        let test = IndependenceTest::new(1).shuffles(99).unwrap();
        let result = test.run(&x, &y).unwrap();
        prop_assert!(result.p_value > 0.0 && result.p_value <= 1.0);
        prop_assert_eq!(&result, &test.run(&x2, &y2).unwrap());
        prop_assert_eq!(&result, &test.run(&y, &x).unwrap());
        let adjusted = benjamini_hochberg(&[result.p_value, 0.5]).unwrap();
        prop_assert!(adjusted.iter().all(|p| (0.0..=1.0).contains(p)));
        for (test, again) in [
            (g_test(&x, &y), g_test(&y2, &x2)),
            (gaussian_test(&x, &y), gaussian_test(&y2, &x2)),
        ] {
            match (test, again) {
                (Ok(test), Ok(again)) => {
                    prop_assert!((0.0..=1.0).contains(&test.p_value), "{test:?}");
                    prop_assert!(test.statistic >= 0.0, "{test:?}");
                    prop_assert_eq!(test, again);
                }
                (Err(_), Err(_)) => {}
                (test, again) => prop_assert!(false, "{test:?} but {again:?}"),
            }
        }
        let interval = Interval::of_recommended(&x, &y, 0.9).unwrap();
        prop_assert!(interval.covers(interval.estimate), "{interval}");
        prop_assert_eq!(interval, Interval::of_recommended(&y2, &x2, 0.9).unwrap());
        let subsampling = Subsampling::new(4, 1).unwrap();
        for estimator in choosing::all() {
            if let Ok(interval) = subsampling.interval(&estimator, &x, &y, 0.9) {
                let ends = [interval.low, interval.high];
                prop_assert!(ends.iter().all(|end| end.value().is_finite()), "{estimator}");
                prop_assert!(interval.low <= interval.high, "{estimator}: {interval}");
            }
            for surrogate in [Surrogate::Shuffle, Surrogate::CircularShift] {
                if let Ok(chance) = largest_by_chance(&estimator, vec![(&x).into()], &y, surrogate, 2, 1) {
                    prop_assert!(chance.iter().all(|nats| nats.value().is_finite()), "{estimator}");
                }
            }
        }
    }

    #[test]
    fn bins_hold_every_value_once((x, y, order) in pairs(6..70)) {
        let (Some(x), Some(y)) = (scalars(&x), scalars(&y)) else {
            return Ok(());
        };
        let n = order.len();
        for count in [BinCount::from(5), BinCount::Sturges, BinCount::Rice, BinCount::SquareRoot, BinCount::Scott, BinCount::FreedmanDiaconis, BinCount::Doane, BinCount::Auto] {
            for binning in [Binning::equal_width(count).unwrap(), Binning::equal_frequency(count).unwrap()] {
                let Ok(edges) = binning.edges(&x) else { continue };
                let again = binning.edges(&x.select(Axis(0), &order)).unwrap();
                prop_assert_eq!(&edges, &again, "{}", binning);
                prop_assert!(edges.as_slice().is_sorted_by(|a, b| a < b), "{binning}");
                prop_assert_eq!(edges.labels(&x).unwrap().len(), n);
                prop_assert!(x.iter().all(|&value| edges.bin_of(value).is_some()), "{binning}");
            }
            let Ok(histogram) = Histogram2d::equal_width(&x, &y, count) else { continue };
            prop_assert_eq!(histogram.table().total(), n as u64);
            let p = histogram.proportions();
            prop_assert!(p.mutual_information().value() >= -1e-12);
            prop_assert!(p.mutual_information() <= p.marginal_x().entropy() + Nats(1e-12));
        }
        if let Ok(edges) = Edges::percentiles(&x, 5) {
            prop_assert!(x.iter().all(|&value| edges.bin_of(value).is_some()));
        }
        let both = concatenate![Axis(1), x.insert_axis(Axis(1)), y.insert_axis(Axis(1))];
        prop_assert_eq!(Surrogate::Shuffle.of(both.view(), 1).dim(), both.dim());
    }

    #[test]
    fn entropies_and_agreement_of_labels((x, y, order) in pairs(6..70)) {
        let (Column::Labels(x), Column::Labels(y)) = (x, y) else {
            return Ok(());
        };
        let in_order = |rows: &[u32]| order.iter().map(|&row| rows[row]).collect::<Vec<_>>();
        let counts = JointCounts::from_labels(&x, &y).unwrap();
        let exchanged = JointCounts::from_labels(&in_order(&y), &in_order(&x)).unwrap();
        for correction in EntropyEstimator::ALL {
            for entropy in [counts.x(), counts.y(), counts.xy()].map(|of| of.entropy(correction)) {
                prop_assert!(entropy.value().is_finite(), "{correction}");
            }
            let information = counts.mutual_information(correction);
            prop_assert!(information.value().is_finite(), "{correction}");
            prop_assert_eq!(information, exchanged.mutual_information(correction));
            prop_assert_eq!(
                counts.entropy_of_x_given_y(correction),
                exchanged.entropy_of_y_given_x(correction)
            );
        }
        for normalisation in Normalisation::ALL {
            for (one, other) in [
                (counts.normalised_mutual_information(normalisation), exchanged.normalised_mutual_information(normalisation)),
                (counts.adjusted_mutual_information(normalisation), exchanged.adjusted_mutual_information(normalisation)),
            ] {
                prop_assert!(one <= 1.0 + 1e-12, "{normalisation:?}: {one}");
                prop_assert_eq!(one, other, "{:?}", normalisation);
            }
        }
        let table = ContingencyTable::from_labels(&x, &y).unwrap();
        prop_assert_eq!(table.joint_counts(), counts);
        prop_assert_eq!(Labels::new(&x).joint(&Labels::new(&y)).unwrap().len(), order.len());
    }
}
