//! Bins, histograms and what is computed from them, against numpy and at the edges.

use approx::assert_abs_diff_eq;
use mutinfo::prelude::*;
use mutinfo::{Error, ndarray};
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;

use crate::fixtures::{FORMULA_CASES, SAMPLES, number};

/// Agreement with numpy, which sums in another order.
const NUMPY: f64 = 1e-12;

const RULES: [(BinCount, &str); 7] = [
    (BinCount::Sturges, "sturges"),
    (BinCount::Scott, "scott"),
    (BinCount::FreedmanDiaconis, "fd"),
    (BinCount::Doane, "doane"),
    (BinCount::Rice, "rice"),
    (BinCount::SquareRoot, "sqrt"),
    (BinCount::Auto, "auto"),
];

#[test]
fn the_lecture_on_equal_widths() {
    const EPS: f64 = 1e-13;
    for case in FORMULA_CASES.iter() {
        let p = Histogram2d::equal_width(&case.x, &case.y, 15)
            .unwrap()
            .proportions();
        let x = p.marginal_x().entropy_with_eps(EPS).to_bits();
        let y = p.marginal_y().entropy_with_eps(EPS).to_bits();
        let xy = p.entropy_with_eps(EPS).to_bits();
        for (ours, key) in [(x, "Hx"), (y, "Hy"), (xy, "Hxy"), (x + y - xy, "MI")] {
            let numpy = case.number(&format!("lecture_equal_width_bits/{key}"));
            assert_abs_diff_eq!(ours.value(), numpy, epsilon = NUMPY);
        }
    }
}

#[test]
fn the_lecture_on_equal_frequencies() {
    for case in FORMULA_CASES.iter() {
        let x_edges = Edges::percentiles(&case.x, 15).unwrap();
        for (ours, numpy) in x_edges
            .as_slice()
            .iter()
            .zip(case.numbers("edges_x_percentile"))
        {
            assert_abs_diff_eq!(*ours, numpy, epsilon = 1e-15);
        }
        let y_edges = Edges::percentiles(&case.y, 15).unwrap();
        let p = Histogram2d::new(&case.x, &case.y, x_edges, y_edges)
            .unwrap()
            .proportions();
        let (x, y, xy) = (
            p.marginal_x().entropy(),
            p.marginal_y().entropy(),
            p.entropy(),
        );
        for (ours, key) in [
            (x, "Hx"),
            (y, "Hy"),
            (xy, "Hxy"),
            (p.mutual_information(), "MI"),
        ] {
            let numpy = case.number(&format!("lecture_equal_frequency_bits/{key}"));
            assert_abs_diff_eq!(ours.to_bits().value(), numpy, epsilon = NUMPY);
        }
        let binned = Binned::equal_frequency(14)
            .unwrap()
            .estimate(&case.x, &case.y)
            .unwrap();
        let numpy = case.number("lecture_equal_frequency_bits/MI");
        assert_abs_diff_eq!(binned.to_bits().value(), numpy, epsilon = NUMPY);
    }
}

#[test]
fn every_sample_has_numpys_histogram() {
    let mut compared = 0;
    for sample in SAMPLES.iter() {
        let expected = |key: &str| sample.expected_value(&format!("continuous/hist15_{key}"));
        if sample.x.ncols() + sample.y.ncols() != 2 {
            continue;
        }
        let (x, y) = (sample.x1(), sample.y1());
        if let Some(numpy) = expected("equal_width_eps")
            && let Ok(histogram) = Histogram2d::equal_width(&x, &y, 15)
        {
            let counts: Vec<u64> = histogram.counts().iter().copied().collect();
            let rows = numpy["counts"].as_array().unwrap().iter();
            let theirs: Vec<u64> = rows
                .flat_map(|row| row.as_array().unwrap())
                .map(|count| number(count) as u64)
                .collect();
            assert_eq!(counts, theirs, "{}", sample.name);
            for (edges, key) in [
                (histogram.x_edges(), "edges_x"),
                (histogram.y_edges(), "edges_y"),
            ] {
                let theirs = numpy[key].as_array().unwrap().iter().map(number);
                for (ours, theirs) in edges.as_slice().iter().zip(theirs) {
                    assert!((ours - theirs).abs() <= 2.0 * f64::EPSILON * theirs.abs().max(1e-300));
                }
            }
            let p = histogram.proportions();
            let x = p.marginal_x().entropy_with_eps(1e-13).to_bits();
            let y = p.marginal_y().entropy_with_eps(1e-13).to_bits();
            let xy = p.entropy_with_eps(1e-13).to_bits();
            for (ours, key) in [
                (x, "hx_bits"),
                (y, "hy_bits"),
                (xy, "hxy_bits"),
                (x + y - xy, "mi_bits"),
            ] {
                assert_abs_diff_eq!(ours.value(), number(&numpy[key]), epsilon = NUMPY);
            }
            compared += 1;
        }
        if let Some(numpy) = expected("percentile")
            && let (Ok(x_edges), Ok(y_edges)) =
                (Edges::percentiles(&x, 15), Edges::percentiles(&y, 15))
            && let Ok(binned) = Binned::edges(x_edges, y_edges).estimate(&x, &y)
        {
            let theirs = number(&numpy["mi_bits"]);
            assert!(
                (binned.to_bits().value() - theirs).abs() < NUMPY,
                "{}: {binned:?}, not {theirs} bit",
                sample.name
            );
            compared += 1;
        }
    }
    assert!(compared > 60, "only {compared} histograms were compared");
}

#[test]
fn rules_give_numpys_number_of_bins() {
    for case in FORMULA_CASES.iter() {
        for (rule, name) in RULES {
            let bins = Edges::equal_width(&case.y, rule).unwrap().bins();
            assert_eq!(
                bins as f64,
                case.number(&format!("numpy_bins_{name}")),
                "{name}"
            );
        }
    }
    // numpy 2.4.6 on other shapes: two and three values, a heavy tail, repeated values.
    let series = |n: u32, f: fn(f64) -> f64| Array1::from_iter((0..n).map(|i| f(f64::from(i))));
    let mostly_zero: Array1<f64> = (0..100).map(|i| f64::from(i).max(90.0) - 90.0).collect();
    for (values, numpy) in [
        (series(100, f64::sin), [8, 4, 4, 8, 10, 10, 8]),
        (
            series(1000, |i| (i.sin() * 3.0).exp()),
            [11, 9, 13, 16, 20, 32, 13],
        ),
        (series(2, |i| i), [2, 1, 2, 1, 3, 2, 2]),
        (series(3, |i| i * i), [3, 1, 2, 4, 3, 2, 3]),
        (
            series(64, |i| (i % 7.0).powi(2) + 0.1),
            [7, 4, 3, 9, 8, 8, 7],
        ),
        (mostly_zero, [8, 8, 1, 12, 10, 10, 20]),
    ] {
        for ((rule, name), bins) in RULES.into_iter().zip(numpy) {
            assert_eq!(
                Edges::equal_width(&values, rule).unwrap().bins(),
                bins,
                "{name}"
            );
        }
    }
}

#[test]
fn repeated_values_give_repeated_percentiles_and_numpys_counts() {
    for (values, bins, counts) in [
        (
            vec![1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 5.0, 5.0, 8.0, 13.0],
            7,
            vec![0, 3, 0, 3, 0, 2, 2],
        ),
        (
            vec![
                0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0,
            ],
            6,
            vec![0, 0, 7, 1, 0, 6],
        ),
    ] {
        let edges = Edges::percentiles(&values, bins + 1).unwrap();
        let one_bin = Edges::new(vec![-100.0, 100.0]).unwrap();
        let histogram = Histogram2d::new(&values, &values, edges, one_bin).unwrap();
        let ours: Vec<u64> = histogram.table().x_counts().to_vec();
        assert_eq!(ours, counts);
    }
}

#[test]
fn a_value_on_an_edge_falls_to_the_right_but_the_last_to_the_left() {
    let edges = Edges::new(vec![0.0, 1.0, 2.0]).unwrap();
    let bins = |value| edges.bin_of(value);
    assert_eq!(bins(0.0), Some(0));
    assert_eq!(bins(1.0f64.next_down()), Some(0));
    assert_eq!(bins(1.0), Some(1));
    assert_eq!(bins(2.0), Some(1));
    assert_eq!(bins(2.0f64.next_up()), None);
    assert_eq!(bins(-f64::MIN_POSITIVE), None);
    assert_eq!(bins(f64::NAN), None);
    assert_eq!(edges.centres(), [0.5, 1.5]);
    assert_eq!(
        edges.labels(&[0.2, 1.5, 0.9]).unwrap(),
        Labels::new(&[0, 1, 0])
    );
}

#[test]
fn binned_is_the_histogram_with_a_correction() {
    let data = Sample::coupled_normals(300, 1.0, 7).unwrap();
    for correction in EntropyEstimator::ALL {
        let histogram = Histogram2d::equal_width(&data.x, &data.y, 9).unwrap();
        let counts = histogram.table().joint_counts();
        let binned = Binned::equal_width(9)
            .unwrap()
            .entropy_estimator(correction);
        assert_eq!(
            binned.estimate(&data.x, &data.y).unwrap(),
            counts.mutual_information(correction)
        );
    }
    let edges = Edges::equal_width(&data.x, 9).unwrap();
    let by_hand = Discrete::default()
        .estimate(
            edges.labels(&data.x).unwrap(),
            Edges::equal_width(&data.y, 5)
                .unwrap()
                .labels(&data.y)
                .unwrap(),
        )
        .unwrap();
    let binned = Binned::new(Binning::Edges(edges), Binning::equal_width(5).unwrap());
    assert_eq!(binned.estimate(&data.x, &data.y).unwrap(), by_hand);
    assert_eq!(
        binned.to_string(),
        "binned, edges (9 bins) by equal width (5 bins), plug-in"
    );
}

#[test]
fn labels_stay_as_they_are_beside_binned_numbers() {
    let label = [0, 0, 0, 1, 1, 1];
    let value = [0.1, 0.2, 0.3, 5.1, 5.2, 5.3];
    let shared = Binned::equal_width(2)
        .unwrap()
        .estimate(&label, &value)
        .unwrap();
    assert_abs_diff_eq!(shared.to_bits().value(), 1.0, epsilon = NUMPY);
}

// Numbers at the limits of floating point.

#[test]
fn the_widest_range_that_there_is() {
    let values = [-f64::MAX, -1e308, 0.0, 1e308, f64::MAX];
    let edges = Edges::equal_width(&values, 4).unwrap();
    assert!(edges.as_slice().iter().all(|edge| edge.is_finite()));
    assert_eq!(edges.as_slice()[2], 0.0);
    assert!(edges.centres().iter().all(|centre| centre.is_finite()));
    for (rule, _) in RULES {
        assert!(Edges::equal_width(&values, rule).unwrap().bins() >= 1);
    }
    let percentiles = Edges::percentiles(&values, 4).unwrap();
    assert!(percentiles.as_slice().is_sorted());
    assert!(percentiles.as_slice().iter().all(|edge| edge.is_finite()));
}

#[test]
fn scaling_by_a_power_of_two_changes_no_rule() {
    let values = Array1::from_iter((0..50).map(|i| f64::from(i).sin()));
    for (rule, name) in RULES {
        let bins = Edges::equal_width(&values, rule).unwrap().bins();
        for scale in [2f64.powi(1000), 2f64.powi(-1000)] {
            let scaled = Edges::equal_width(&(&values * scale), rule).unwrap().bins();
            assert_eq!(scaled, bins, "{name}");
        }
    }
}

#[test]
fn what_cannot_be_cut_is_said() {
    assert_eq!(
        Edges::equal_width(&[1e16, 1e16 + 2.0], 100)
            .unwrap_err()
            .to_string(),
        "100 bins from 10000000000000000 to 10000000000000002 are too narrow for floating-point \
         numbers: use fewer bins, or subtract a large offset from the data"
    );
    assert!(matches!(
        Edges::equal_width(&[0.0, 5e-324], 10),
        Err(Error::BinsTooNarrow { bins: 10, .. })
    ));
    // Ninety-eight values within 1e-9 of 0, and two outliers at 1e9.
    let outliers: Array1<f64> = (0..100)
        .map(|i| if i < 98 { f64::from(i) * 1e-11 } else { 1e9 })
        .collect();
    let error = Edges::equal_width(&outliers, BinCount::FreedmanDiaconis).unwrap_err();
    assert!(matches!(error, Error::TooManyBins { bins, .. } if bins > 1e18));
    assert!(error.to_string().ends_with(
        "bins, and 1048576 is the most: give a number of bins, or look for outliers, which \
         stretch the range that a rule cuts up"
    ));
    for bins in [usize::MAX, (1 << 20) + 1] {
        assert!(matches!(
            Binned::equal_width(bins),
            Err(Error::TooManyBins { .. })
        ));
        assert!(matches!(
            Binned::equal_frequency(bins),
            Err(Error::TooManyBins { .. })
        ));
        assert!(matches!(
            Edges::equal_width(&[0.0, 1.0], bins),
            Err(Error::TooManyBins { .. })
        ));
    }
    assert!(matches!(
        Edges::percentiles(&[0.0, 1.0], usize::MAX),
        Err(Error::TooManyBins { .. })
    ));
    assert!(matches!(
        Histogram2d::equal_width(&[0.0, 1.0], &[0.0, 1.0], 100_000),
        Err(Error::TooManyCells { .. })
    ));
    let many = Binned::equal_width(100_000).unwrap();
    let shared = many.estimate(&[0.0, 1.0], &[0.0, 1.0]).unwrap();
    assert_abs_diff_eq!(shared.to_bits().value(), 1.0, epsilon = NUMPY);
}

#[test]
fn bad_input_is_said() {
    let binned = Binned::equal_width(4).unwrap();
    let message = |x: &[f64], y: &[f64]| binned.estimate(x, y).unwrap_err().to_string();
    assert_eq!(message(&[], &[]), "x is empty: give it at least one value");
    assert_eq!(
        message(&[1.0, 2.0], &[1.0]),
        "x has 2 samples and y has 1: sample i of x and sample i of y must belong together, so \
         both need the same number"
    );
    assert_eq!(
        message(&[1.0, 2.0], &[1.0, f64::NAN]),
        "y is NaN at row 1, column 0: remove or replace the samples that are not finite numbers"
    );
    assert_eq!(
        binned.estimate(&[1.0, 2.0], &[3.0, 3.0]),
        Ok(Nats(0.0)),
        "exactly nothing"
    );
    assert_eq!(
        Binned::equal_width(0).unwrap_err().to_string(),
        "bins has 0 bins: use at least 1"
    );
    assert!(matches!(
        Edges::percentiles(&[0.0, 1.0], 1),
        Err(Error::ZeroBins { .. })
    ));
    assert!(matches!(Edges::new(vec![1.0]), Err(Error::ZeroBins { .. })));
    assert_eq!(
        Edges::new(vec![0.0, 1.0, 1.0]).unwrap_err().to_string(),
        "edges must increase, but edge 2 (1) is not above the one before it (1)"
    );
    assert!(matches!(
        Edges::new(vec![0.0, f64::INFINITY]),
        Err(Error::NotFinite { row: 1, .. })
    ));
    let edges = Edges::new(vec![0.0, 1.0]).unwrap();
    assert_eq!(
        Binned::edges(edges.clone(), edges.clone())
            .estimate(&[0.5, 0.6, 2.0], &[0.5, 0.6, 0.7])
            .unwrap_err()
            .to_string(),
        "x is 2 at row 2, outside the bins from 0 to 1: widen the edges, or remove such samples \
         on purpose"
    );
    assert!(matches!(
        Histogram2d::new(&[f64::NAN], &[0.5], edges.clone(), edges),
        Err(Error::OutsideBins {
            argument: "x",
            row: 0,
            ..
        })
    ));
    let vectors: Array2<f64> = array![[0.0, 1.0], [1.0, 0.0], [2.0, 3.0]];
    assert_eq!(
        binned
            .estimate(&vectors, &[1.0, 2.0, 3.0])
            .unwrap_err()
            .to_string(),
        "x has 2 dimensions, and binning takes one number a sample: give one column, or use a \
         nearest-neighbour estimator, which takes vectors"
    );
}

/// Numbers of every size, and a few that repeat.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -1.0..1.0,
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            1e300,
            -1e300,
            1e-300,
            5e-324,
            -5e-324,
            1e11,
            1e11 + 1.0,
            f64::MAX,
            f64::MIN,
            f64::INFINITY,
            f64::NAN,
        ]),
    ]
}

fn finite() -> impl Strategy<Value = f64> {
    hostile().prop_map(|value| if value.is_finite() { value } else { 2.0 })
}

fn count() -> impl Strategy<Value = BinCount> {
    prop_oneof![
        (1usize..40).prop_map(BinCount::Fixed),
        prop::sample::select(RULES.map(|(rule, _)| rule).to_vec()),
    ]
}

proptest! {
    #[test]
    fn any_numbers_give_a_finite_estimate_or_an_error(
        rows in prop::collection::vec((hostile(), hostile()), 0..40),
        count in count(),
        correction in prop::sample::select(EntropyEstimator::ALL.to_vec()),
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        for binned in [Binned::equal_width(count).unwrap(), Binned::equal_frequency(count).unwrap()] {
            if let Ok(estimate) = binned.entropy_estimator(correction).estimate(&x, &y) {
                prop_assert!(estimate.value().is_finite());
                prop_assert!(x.iter().chain(&y).all(|value| value.is_finite()));
            }
        }
    }

    #[test]
    fn finite_numbers_that_vary_can_always_be_cut_by_frequency(
        values in prop::collection::vec(finite(), 2..40),
        bins in 1usize..40,
    ) {
        prop_assume!(values.iter().any(|&value| value != values[0]));
        let edges = Edges::equal_frequency(&values, bins).unwrap();
        let mut distinct = values.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup_by(|a, b| a == b);
        prop_assert!(edges.bins() <= bins);
        prop_assert!(edges.as_slice().is_sorted_by(|a, b| a < b));
        let labels = edges.labels(&values);
        prop_assert!(labels.is_ok(), "a value fell outside");
        let apart = distinct.windows(2).all(|v| v[1] - v[0] > 1e-9 * v[0].abs().max(v[1].abs()).max(1e-300));
        if apart && distinct.len() == values.len() {
            prop_assert_eq!(edges.bins(), bins);
        } else if bins >= values.len() && distinct.windows(3).all(|v| v[0].midpoint(v[1]) > v[0]) {
            // Enough bins for each value to have its own.
            prop_assert!(labels.unwrap().classes() + 1 >= distinct.len());
        }
    }

    #[test]
    fn no_value_is_lost_between_equal_widths(
        values in prop::collection::vec(finite(), 2..40),
        count in count(),
    ) {
        if let Ok(edges) = Edges::equal_width(&values, count) {
            prop_assert!(edges.as_slice().is_sorted());
            prop_assert!(edges.labels(&values).is_ok(), "a value fell outside");
        }
    }

    #[test]
    fn binning_is_symmetric_and_blind_to_order(
        rows in prop::collection::vec((-9.0..9.0, -9.0..9.0), 3..60)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        count in count(),
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = rows.0.into_iter().unzip();
        let (x2, y2): (Vec<f64>, Vec<f64>) = rows.1.into_iter().unzip();
        for binned in [Binned::equal_width(count).unwrap(), Binned::equal_frequency(count).unwrap()] {
            let estimate = binned.estimate(&x, &y);
            prop_assert_eq!(&estimate, &binned.estimate(&x2, &y2));
            if let Ok(estimate) = estimate {
                prop_assert_eq!(estimate, binned.estimate(&y, &x).unwrap());
            }
        }
    }
}
