//! Labels: entropies and their corrections, information, agreement of clusterings.

use approx::assert_abs_diff_eq;
use mutinfo::ndarray::Array2;
use mutinfo::prelude::*;
use mutinfo::{Error, ndarray};
use proptest::prelude::*;
use statrs::function::gamma::digamma;

use crate::fixtures::{SAMPLES, Sample};

/// Agreement with an independent oracle.
const ORACLE: f64 = 1e-9;
/// Agreement of two ways to compute one value.
const ROUNDING: f64 = 1e-12;

fn nats<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>, c: EntropyEstimator) -> f64 {
    Discrete::new(c).estimate(x, y).unwrap().value()
}

fn entropy(counts: &[u64], correction: EntropyEstimator) -> f64 {
    Counts::new(counts).unwrap().entropy(correction).value()
}

/// −Σ p ln p, as on paper.
fn shannon(p: impl IntoIterator<Item = f64>) -> f64 {
    p.into_iter()
        .map(|p| if p > 0.0 { -p * p.ln() } else { 0.0 })
        .sum()
}

// Analytic truth.

#[test]
fn a_binary_symmetric_channel_shares_one_bit_less_its_noise() {
    let noise = 0.1f64;
    let table = ContingencyTable::new(ndarray::array![[45, 5], [5, 45]]).unwrap();
    let truth = 2f64.ln() - shannon([noise, 1.0 - noise]);
    let counts = table.joint_counts();
    let plain = EntropyEstimator::PlugIn;
    assert_abs_diff_eq!(
        counts.mutual_information(plain).value(),
        truth,
        epsilon = ROUNDING
    );
    let (given_y, given_x) = (
        counts.entropy_of_x_given_y(plain),
        counts.entropy_of_y_given_x(plain),
    );
    assert_abs_diff_eq!(given_y.value(), shannon([0.1, 0.9]), epsilon = ROUNDING);
    assert_abs_diff_eq!(given_x.value(), shannon([0.1, 0.9]), epsilon = ROUNDING);
    assert_abs_diff_eq!(
        counts.variation_of_information(plain).value(),
        2.0 * shannon([0.1, 0.9]),
        epsilon = ROUNDING
    );
    let p = JointPmf::new(ndarray::array![[0.45, 0.05], [0.05, 0.45]]).unwrap();
    assert_abs_diff_eq!(p.mutual_information().value(), truth, epsilon = ROUNDING);
}

#[test]
fn exclusive_or_is_seen_only_given_the_third() {
    let (x, y) = ([0, 0, 1, 1], [0, 1, 0, 1]);
    let z = [0, 1, 1, 0];
    let plain = Discrete::default();
    assert_abs_diff_eq!(
        plain.estimate(&x, &y).unwrap().value(),
        0.0,
        epsilon = ROUNDING
    );
    let given = plain.estimate_given(&x, &y, &z).unwrap();
    assert_abs_diff_eq!(given.to_bits().value(), 1.0, epsilon = ROUNDING);
    let total = plain
        .total_correlation(&[(&x).into(), (&y).into(), (&z).into()])
        .unwrap();
    assert_abs_diff_eq!(total.to_bits().value(), 1.0, epsilon = ROUNDING);
}

#[test]
fn a_fair_die_has_the_logarithm_of_six() {
    for correction in [EntropyEstimator::PlugIn, EntropyEstimator::JamesStein] {
        assert_abs_diff_eq!(entropy(&[7; 6], correction), 6f64.ln(), epsilon = ROUNDING);
    }
}

/// Every correction is consistent: with enough data it comes to the entropy.
#[test]
fn every_correction_comes_to_the_truth() {
    let truth = shannon([0.5, 0.3, 0.15, 0.05]);
    for correction in EntropyEstimator::ALL {
        let estimate = entropy(&[5_000_000, 3_000_000, 1_500_000, 500_000], correction);
        assert_abs_diff_eq!(estimate, truth, epsilon = 1e-6);
    }
}

// Independent oracles.

#[test]
fn every_sample_of_labels_equals_its_peers() {
    let mut compared = 0;
    for sample in SAMPLES.iter().filter(|sample| sample.is("dd")) {
        let (x, y) = (sample.x_labels(), sample.y_labels());
        let counts = JointCounts::from_labels(&x, &y).unwrap();
        let mut check = |key: &str, ours: f64| {
            let Some(peer) = sample.expected(&format!("discrete/{key}")) else {
                return;
            };
            // One class shares exactly nothing, whatever the peers' corrections make of it.
            if sample.name == "disc_constant" && ours == 0.0 {
                return;
            }
            assert!(
                (ours - peer).abs() < ORACLE,
                "{} {key}: {ours}, not {peer}",
                sample.name
            );
            compared += 1;
        };
        let mi = |correction| counts.mutual_information(correction).value();
        check(
            "sklearn_mutual_info_score_nats",
            mi(EntropyEstimator::PlugIn),
        );
        check("infomeasure_discrete_nats", mi(EntropyEstimator::PlugIn));
        check("npeet_midd_bits", mi(EntropyEstimator::PlugIn) / 2f64.ln());
        check(
            "infomeasure_miller_madow_nats",
            mi(EntropyEstimator::MillerMadow),
        );
        check(
            "miller_madow_by_hand_nats",
            mi(EntropyEstimator::MillerMadow),
        );
        check(
            "infomeasure_grassberger_nats",
            mi(EntropyEstimator::Grassberger1988),
        );
        check("infomeasure_chao_shen_nats", mi(EntropyEstimator::ChaoShen));
        for (name, counts) in [("x", counts.x()), ("y", counts.y()), ("xy", counts.xy())] {
            let plain = counts.entropy(EntropyEstimator::PlugIn);
            check(&format!("scipy_entropy_{name}_nats"), plain.value());
            check(
                &format!("scipy_entropy_{name}_bits"),
                plain.to_bits().value(),
            );
            check(&format!("support_{name}"), counts.classes() as f64);
        }
        for (normalisation, name) in
            Normalisation::ALL
                .into_iter()
                .zip(["min", "geometric", "arithmetic", "max"])
        {
            check(
                &format!("sklearn_normalized_mutual_info_{name}"),
                counts.normalised_mutual_information(normalisation),
            );
            check(
                &format!("sklearn_adjusted_mutual_info_{name}"),
                counts.adjusted_mutual_information(normalisation),
            );
        }
    }
    assert!(compared > 150, "only {compared} values were compared");
}

#[test]
fn a_table_counts_what_numpy_counts() {
    let sample = Sample::named("disc_4x3_random");
    let table = ContingencyTable::from_labels(&sample.x_labels(), &sample.y_labels()).unwrap();
    let expected = ndarray::array![[23, 279, 99], [10, 19, 87], [41, 51, 883], [50, 26, 432]];
    assert_eq!(table.counts(), expected);
    let from_labels = JointCounts::from_labels(&sample.x_labels(), &sample.y_labels()).unwrap();
    assert_eq!(table.joint_counts(), from_labels);
}

/// infomeasure averages the logarithms of shrunk proportions with weights that are not shrunk,
/// 0.1914305 nat, which is no entropy's difference (its own log says that the mean of the local
/// values is not the global one). The authors' `mi.shrink` is the plug-in of the shrunk table.
#[test]
fn james_stein_is_the_information_of_the_shrunk_table() {
    let sample = Sample::named("disc_4x3_random");
    let table = ContingencyTable::from_labels(&sample.x_labels(), &sample.y_labels()).unwrap();
    let (total, cells) = (table.total() as f64, table.counts().len() as f64);
    let p = table.counts().mapv(|n| n as f64 / total);
    let lambda = (1.0 - p.mapv(|p| p * p).sum())
        / ((total - 1.0) * p.mapv(|p| (1.0 / cells - p).powi(2)).sum());
    let shrunk: Array2<f64> = p.mapv(|p| lambda / cells + (1.0 - lambda) * p);
    let truth = JointPmf::new(shrunk).unwrap().mutual_information().value();
    let estimate = nats(
        &sample.x_labels(),
        &sample.y_labels(),
        EntropyEstimator::JamesStein,
    );
    assert_abs_diff_eq!(estimate, truth, epsilon = ROUNDING);
    assert_abs_diff_eq!(estimate, 0.190_743_599_682_565, epsilon = ORACLE);
    let peer = sample.expected("discrete/infomeasure_shrink_nats").unwrap();
    assert!((estimate - peer).abs() > 1e-4);
}

#[test]
fn published_small_examples() {
    let bits = |correction| entropy(&[2, 1], correction) / 2f64.ln();
    assert_abs_diff_eq!(
        bits(EntropyEstimator::ChaoShen),
        1.538_269_575_54,
        epsilon = ORACLE
    );
    assert_abs_diff_eq!(
        bits(EntropyEstimator::Grassberger1988),
        1.375_762_259_578_216_6,
        epsilon = ORACLE
    );
    let (x, y) = ([0, 1, 1, 0, 1, 0], [0, 1, 0, 0, 1, 1]);
    let plain = Discrete::default().estimate(&x, &y).unwrap().value();
    assert_abs_diff_eq!(plain, 0.056_633_012_265_132_4, epsilon = ROUNDING);
}

/// The example of scikit-learn's own tests.
#[test]
fn adjusted_mutual_information_of_three_classes() {
    let a = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3];
    let b = [1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 3, 1, 3, 3, 3, 2, 2];
    let counts = JointCounts::from_labels(&a, &b).unwrap();
    let information = counts.mutual_information(EntropyEstimator::PlugIn).value();
    assert_abs_diff_eq!(information, 0.41022, epsilon = 1e-5);
    let expected = counts.expected_mutual_information().value();
    assert_abs_diff_eq!(expected, 0.150_424_802_582_170_75, epsilon = ROUNDING);
    let adjusted = counts.adjusted_mutual_information(Normalisation::Arithmetic);
    assert_abs_diff_eq!(adjusted, 0.278_209_646_572_697_8, epsilon = ROUNDING);
}

/// scikit-learn 1.9.1 on series given by formulas.
#[test]
fn adjusted_mutual_information_of_many_classes_and_samples() {
    type Series = fn(u64) -> u64;
    let cases: [(u64, Series, Series, [f64; 3]); 2] = [
        (
            5_000,
            |i| (i * i) % 97,
            |i| (i * 7 + i / 13) % 89,
            [
                0.492_190_413_776_216_14,
                -0.014_600_685_694_601_828,
                0.104_620_216_097_789_9,
            ],
        ),
        (
            200_000,
            |i| ((i * i) % 31) / 3,
            |i| (i / 5 + i * i) % 7,
            [
                0.000_120_010_213_473_812_71,
                -5.949_766_196_496_579_6e-5,
                8.284_697_923_659_796e-8,
            ],
        ),
    ];
    for (n, a, b, [expected, adjusted, normalised]) in cases {
        let a: Vec<u64> = (0..n).map(a).collect();
        let b: Vec<u64> = (0..n).map(b).collect();
        let counts = JointCounts::from_labels(&a, &b).unwrap();
        let ours = counts.expected_mutual_information().value();
        assert_abs_diff_eq!(ours, expected, epsilon = ORACLE);
        let ours = counts.adjusted_mutual_information(Normalisation::Arithmetic);
        assert_abs_diff_eq!(ours, adjusted, epsilon = ORACLE);
        let ours = counts.normalised_mutual_information(Normalisation::Arithmetic);
        assert_abs_diff_eq!(ours, normalised, epsilon = ORACLE);
    }
}

/// For an independent table E[I] → (R − 1)(C − 1) / 2N. With log-factorials of 10¹² it would be
/// lost in their rounding.
#[test]
fn expected_information_keeps_its_digits_for_a_trillion_samples() {
    let quarter = 250_000_000_000u64;
    let table = ContingencyTable::new(ndarray::array![[quarter, quarter], [quarter, quarter]]);
    let counts = table.unwrap().joint_counts();
    let expected = counts.expected_mutual_information().value();
    assert_abs_diff_eq!(expected * 8e12 / 4.0, 1.0, epsilon = 1e-2);
}

/// Where every sample is a class of its own, all labellings share H(Y): scikit-learn's 0 / 0
/// comes out as 0.4 here for the minimum, by rounding.
#[test]
fn no_labelling_beats_chance_against_singletons() {
    let counts = JointCounts::from_labels(&[0, 1, 2, 3, 4, 5], &[0, 0, 0, 1, 1, 1]).unwrap();
    for normalisation in Normalisation::ALL {
        let adjusted = counts.adjusted_mutual_information(normalisation);
        assert_abs_diff_eq!(adjusted, 0.0, epsilon = ROUNDING);
    }
}

/// The definition: leave out each sample in turn.
#[test]
fn jackknife_is_the_leave_one_out_estimate() {
    for counts in [
        vec![3, 2, 2, 1],
        vec![1, 1, 1],
        vec![10, 1],
        vec![4],
        vec![1],
    ] {
        let total: u64 = counts.iter().sum();
        let n = total as f64;
        let mut left_out = 0.0;
        for class in 0..counts.len() {
            let mut fewer = counts.clone();
            fewer[class] -= 1;
            if total > 1 {
                left_out += counts[class] as f64 * entropy(&fewer, EntropyEstimator::PlugIn);
            }
        }
        let truth = n * entropy(&counts, EntropyEstimator::PlugIn) - (n - 1.0) / n * left_out;
        let estimate = entropy(&counts, EntropyEstimator::Jackknife);
        assert_abs_diff_eq!(estimate, truth, epsilon = ROUNDING);
    }
}

/// Panzeri and Treves's procedure step by step: add one missed class at a time for as long as the
/// expected number of classes comes closer to the observed one.
fn panzeri_treves(counts: &[u64]) -> f64 {
    let n = counts.iter().sum::<u64>() as f64;
    let seen: Vec<f64> = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| count as f64)
        .collect();
    let r = seen.len() as f64;
    let shows_up = |p: f64| 1.0 - (1.0 - p).powf(n);
    let mut error = (r - seen.iter().map(|c| shows_up(c / n)).sum::<f64>()).abs();
    let mut missed = 0.0;
    while r + missed < counts.len() as f64 {
        let gamma = (missed + 1.0) * (1.0 - (n / (n + r)).powf(1.0 / n));
        if gamma > 1.0 {
            break;
        }
        let expected = seen
            .iter()
            .map(|c| shows_up((1.0 - gamma) * (c + 1.0) / (n + r)))
            .sum::<f64>()
            + (missed + 1.0) * shows_up(gamma / (missed + 1.0));
        if (r - expected).abs() >= error {
            break;
        }
        error = (r - expected).abs();
        missed += 1.0;
    }
    entropy(counts, EntropyEstimator::PlugIn) + (r + missed - 1.0) / (2.0 * n)
}

#[test]
fn panzeri_treves_differs_from_miller_madow_where_classes_may_have_been_missed() {
    let all_seen = [5, 3, 2];
    assert_eq!(
        entropy(&all_seen, EntropyEstimator::PanzeriTreves),
        entropy(&all_seen, EntropyEstimator::MillerMadow)
    );
    let missed = [5, 3, 2, 1, 1, 0, 0, 0, 0];
    let estimate = entropy(&missed, EntropyEstimator::PanzeriTreves);
    assert_abs_diff_eq!(estimate, panzeri_treves(&missed), epsilon = ROUNDING);
    assert!(estimate > entropy(&missed, EntropyEstimator::MillerMadow));
}

/// The prior is flat in the entropy it expects, and one sample says nothing of the others.
#[test]
fn nsb_of_one_sample_is_half_the_largest_entropy() {
    for classes in [2, 3, 10, 1_000_000] {
        let mut counts = vec![0; classes];
        counts[0] = 1;
        let half = 0.5 * (classes as f64).ln();
        assert_abs_diff_eq!(
            entropy(&counts, EntropyEstimator::Nsb),
            half,
            epsilon = ORACLE
        );
    }
}

/// The integrals of Nemenman, Shafee and Bialek by mpmath, to 40 digits. infomeasure integrates
/// another way and gives 0.54865 nat for the first and NaN without coincidences.
#[test]
fn nsb_equals_its_integral_in_high_precision() {
    let padded = |counts: &[u64], classes: usize| {
        let mut counts = counts.to_vec();
        counts.resize(classes, 0);
        counts
    };
    for (counts, truth) in [
        (vec![2, 1], 0.588_943_708_616_675),
        (vec![3, 2, 2, 1, 1, 1], 1.693_382_353_280_722),
        (vec![4, 2, 0, 1], 1.098_443_677_237_041),
        (vec![1, 1, 1], 0.977_685_328_089_470),
        (padded(&[1, 1, 1, 1], 1_000), 4.694_687_822_067_974),
        (padded(&[10, 5, 3, 1, 1], 1_000_000), 1.513_782_751_538_082),
        (padded(&[5], 4), 0.209_639_464_513_284),
        (vec![500, 300, 150, 50], 1.143_093_103_056_42),
        (
            padded(&[50, 30, 20, 10, 5, 5, 3, 2, 1, 1, 1], 20),
            1.771_940_335_716_832,
        ),
    ] {
        assert_abs_diff_eq!(
            entropy(&counts, EntropyEstimator::Nsb),
            truth,
            epsilon = ORACLE
        );
    }
}

/// z ln z + z E₁(2z) is the mean of n G(n) over Poisson counts with mean z, and z ln z is what an
/// unbiased estimator needs: the second estimator comes closer than the first.
#[test]
fn the_second_grassberger_is_less_biased_than_the_first() {
    for z in [0.5f64, 1.0, 2.0, 4.0] {
        // With N = n, ln N − H of one class alone is G(n).
        let mean = |correction| -> f64 {
            let mut p = (-z).exp();
            (1..80)
                .map(|n| {
                    p *= z / n as f64;
                    p * n as f64 * ((n as f64).ln() - entropy(&[n], correction))
                })
                .sum::<f64>()
        };
        let first = (mean(EntropyEstimator::Grassberger1988) - z * z.ln()).abs();
        let second = (mean(EntropyEstimator::Grassberger2003) - z * z.ln()).abs();
        assert!(second < first, "z = {z}: {second}, {first}");
    }
}

#[test]
fn grassberger_g_is_its_alternating_series() {
    // G(n) = ψ(n) + (−1)ⁿ ∫₀¹ x^(n−1) / (x + 1) dx, here by Simpson's rule.
    for n in 1..12u64 {
        let f = |x: f64| x.powi(n as i32 - 1) / (1.0 + x);
        let steps = 2000;
        let h = 1.0 / f64::from(steps);
        let simpson: f64 = (0..=steps)
            .map(|i| {
                let weight = match i {
                    0 => 1.0,
                    i if i == steps => 1.0,
                    i if i % 2 == 1 => 4.0,
                    _ => 2.0,
                };
                weight * f(f64::from(i) * h)
            })
            .sum::<f64>()
            * h
            / 3.0;
        let sign = if n % 2 == 0 { 1.0 } else { -1.0 };
        let g = digamma(n as f64) + sign * simpson;
        let estimate = entropy(&[n, n], EntropyEstimator::Grassberger2003);
        assert_abs_diff_eq!(estimate, (2.0 * n as f64).ln() - g, epsilon = ORACLE);
    }
}

// Invariants.

fn labels(classes: u8) -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    prop::collection::vec((0..classes, 0..classes, 0..classes), 1..60)
}

fn unzip(rows: &[(u8, u8, u8)]) -> (Labels, Labels, Labels) {
    let column = |f: fn(&(u8, u8, u8)) -> u8| Labels::new(&rows.iter().map(f).collect::<Vec<_>>());
    (column(|r| r.0), column(|r| r.1), column(|r| r.2))
}

proptest! {
    #[test]
    fn information_is_symmetric_and_blind_to_order_and_names(
        rows in labels(6).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let (x, y, z) = unzip(&rows.0);
        let (x2, y2, z2) = unzip(&rows.1);
        let renamed = Labels::new(&rows.1.iter().map(|r| [5u8, 2, 9, 0, 7, 1][r.0 as usize]).collect::<Vec<_>>());
        for correction in EntropyEstimator::ALL {
            let estimator = Discrete::new(correction);
            let information = estimator.estimate(&x, &y).unwrap();
            prop_assert!(information.value().is_finite());
            prop_assert_eq!(information, estimator.estimate(&y, &x).unwrap());
            prop_assert_eq!(information, estimator.estimate(&renamed, &y2).unwrap());
            let given = estimator.estimate_given(&x, &y, &z).unwrap();
            prop_assert!(given.value().is_finite());
            prop_assert_eq!(given, estimator.estimate_given(&renamed, &y2, &z2).unwrap());
            let swapped = estimator.estimate_given(&y, &x, &z).unwrap();
            prop_assert!((given - swapped).abs().value() < ROUNDING);
            let total = estimator.total_correlation(&[(&x).into(), (&y).into(), (&z).into()]).unwrap();
            let other = estimator.total_correlation(&[(&z2).into(), (&x2).into(), (&y2).into()]).unwrap();
            prop_assert!((total - other).abs().value() < ROUNDING);
            let two = estimator.total_correlation(&[(&x).into(), (&y).into()]).unwrap();
            prop_assert!((two - information).abs().value() < ROUNDING);
        }
    }

    #[test]
    fn plug_in_information_lies_between_zero_and_the_smaller_entropy(rows in labels(6)) {
        let (x, y, z) = unzip(&rows);
        let plain = EntropyEstimator::PlugIn;
        let counts = JointCounts::from_labels(&x, &y).unwrap();
        let information = counts.mutual_information(plain).value();
        let smaller = counts.x().entropy(plain).value().min(counts.y().entropy(plain).value());
        prop_assert!(information > -ROUNDING && information < smaller + ROUNDING);
        let shrunk = counts.mutual_information(EntropyEstimator::JamesStein).value();
        prop_assert!(shrunk > -ROUNDING);
        let given = Discrete::default().estimate_given(&x, &y, &z).unwrap().value();
        prop_assert!(given > -ROUNDING);
    }

    #[test]
    fn the_chain_rule_holds(rows in labels(5)) {
        // I(X; (Y, Z)) = I(X; Z) + I(X; Y | Z), and TC adds up along the same chain.
        let (x, y, z) = unzip(&rows);
        let yz = y.joint(&z).unwrap();
        let estimator = Discrete::default();
        let whole = estimator.estimate(&x, &yz).unwrap();
        let parts = estimator.estimate(&x, &z).unwrap() + estimator.estimate_given(&x, &y, &z).unwrap();
        prop_assert!((whole - parts).abs().value() < ROUNDING);
        let total = estimator.total_correlation(&[(&x).into(), (&y).into(), (&z).into()]).unwrap();
        let chain = whole + estimator.estimate(&y, &z).unwrap();
        prop_assert!((total - chain).abs().value() < ROUNDING);
    }

    #[test]
    fn a_variable_shares_its_entropy_with_itself(rows in labels(9)) {
        let (x, ..) = unzip(&rows);
        for correction in [EntropyEstimator::PlugIn, EntropyEstimator::Jackknife, EntropyEstimator::MillerMadow] {
            let counts = JointCounts::from_labels(&x, &x).unwrap();
            prop_assert_eq!(counts.mutual_information(correction), counts.x().entropy(correction));
        }
    }

    #[test]
    fn variation_of_information_is_a_metric(rows in labels(4)) {
        let (x, y, z) = unzip(&rows);
        let distance = |a: &Labels, b: &Labels| {
            let counts = JointCounts::from_labels(a, b).unwrap();
            counts.variation_of_information(EntropyEstimator::PlugIn).value()
        };
        prop_assert_eq!(distance(&x, &x), 0.0);
        prop_assert!(distance(&x, &y) > -ROUNDING);
        prop_assert!((distance(&x, &y) - distance(&y, &x)).abs() < ROUNDING);
        prop_assert!(distance(&x, &z) <= distance(&x, &y) + distance(&y, &z) + ROUNDING);
    }

    #[test]
    fn agreement_ends_at_one(rows in labels(6)) {
        let (x, y, _) = unzip(&rows);
        let counts = JointCounts::from_labels(&x, &y).unwrap();
        let same = JointCounts::from_labels(&x, &x).unwrap();
        for normalisation in Normalisation::ALL {
            let normalised = counts.normalised_mutual_information(normalisation);
            prop_assert!((0.0..=1.0).contains(&normalised));
            let adjusted = counts.adjusted_mutual_information(normalisation);
            prop_assert!(adjusted <= 1.0 + ROUNDING, "{adjusted}");
            prop_assert_eq!(same.normalised_mutual_information(normalisation), 1.0);
            prop_assert_eq!(same.adjusted_mutual_information(normalisation), 1.0);
        }
    }

    #[test]
    fn every_correction_of_any_counts_is_finite(
        counts in prop::collection::vec(prop_oneof![0u64..5, 0u64..1 << 20, 0u64..1 << 45], 1..40),
    ) {
        prop_assume!(counts.iter().any(|&count| count > 0));
        for correction in EntropyEstimator::ALL {
            let estimate = entropy(&counts, correction);
            prop_assert!(estimate.is_finite(), "{correction}: {estimate}");
        }
    }

    #[test]
    fn panzeri_treves_equals_its_steps(counts in prop::collection::vec(0u64..6, 1..60)) {
        prop_assume!(counts.iter().any(|&count| count > 0));
        let estimate = entropy(&counts, EntropyEstimator::PanzeriTreves);
        prop_assert!((estimate - panzeri_treves(&counts)).abs() < ROUNDING);
    }

    #[test]
    fn a_table_and_its_labels_agree(rows in labels(12)) {
        let (x, y, _) = unzip(&rows);
        let table = ContingencyTable::from_labels(&x, &y).unwrap();
        prop_assert_eq!(table.joint_counts(), JointCounts::from_labels(&x, &y).unwrap());
        let plug_in = table.joint_counts().mutual_information(EntropyEstimator::PlugIn);
        let proportions = table.proportions().mutual_information();
        prop_assert!((plug_in - proportions).abs().value() < ROUNDING);
    }
}

// Data and parameters at the edge.

#[test]
fn a_hundred_thousand_classes_need_no_table() {
    let n = 100_000u64;
    let x: Vec<u64> = (0..n).collect();
    let y: Vec<u64> = (0..n).map(|i| (i * 7_919) % n).collect();
    let counts = JointCounts::from_labels(&x, &y).unwrap();
    for correction in EntropyEstimator::ALL {
        let information = counts.mutual_information(correction).value();
        assert!(information.is_finite(), "{correction}: {information}");
    }
    let plain = counts.mutual_information(EntropyEstimator::PlugIn).value();
    assert_abs_diff_eq!(plain, (n as f64).ln(), epsilon = ROUNDING);
    assert_eq!(counts.adjusted_mutual_information(Normalisation::Max), 1.0);
    let error = ContingencyTable::from_labels(&x, &y).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a table of 100000 rows and 100000 columns is too large, 67108864 cells are the most: \
         use fewer bins, or `JointCounts`, which keeps no empty cells"
    );
}

/// Grassberger's estimators leave a constant some entropy, by their formulas.
#[test]
fn one_sample_and_constants_share_nothing() {
    for correction in EntropyEstimator::ALL {
        let leaves_some = matches!(
            correction,
            EntropyEstimator::Grassberger1988 | EntropyEstimator::Grassberger2003
        );
        let one = nats(&[3], &["a"], correction);
        let constant = nats(&[1, 1, 1, 1], &[1, 2, 3, 3], correction);
        assert!(leaves_some || one == 0.0, "{correction}: {one}");
        assert!(
            leaves_some || constant.abs() < ROUNDING,
            "{correction}: {constant}"
        );
    }
}

/// Every sample of a class of its own shares ln N with any other such variable, whatever they are.
#[test]
fn labels_that_hardly_repeat_are_refused() {
    let miller_madow = Discrete::new(EntropyEstimator::MillerMadow);
    let heights: Vec<i32> = (0..100).map(|i| i * i % 10_007).collect();
    let weights: Vec<i32> = (0..100).map(|i| i * 7 % 101).collect();
    let refused_at = |columns| Error::LabelsHardlyRepeat {
        x_classes: 100,
        y_classes: 100,
        samples: 100,
        columns,
    };
    let refused = refused_at(None);
    assert_eq!(
        miller_madow.estimate(&heights, &weights).unwrap_err(),
        refused
    );
    assert!(refused.to_string().contains(".map(|&value| value as f64)"));
    let shuffles = PermutationTest::new(9, 1).unwrap();
    assert_eq!(
        shuffles.run(&miller_madow, &heights, &weights).unwrap_err(),
        refused
    );
    // What the message says, compiles and helps.
    let numbers = |labels: &[i32]| labels.iter().map(|&value| value as f64).collect::<Vec<_>>();
    assert!(mutual_information(&numbers(&heights), &numbers(&weights)).is_ok());
    // One that repeats can be told; few samples may differ by chance.
    let coarse: Vec<i32> = heights.iter().map(|height| height % 5).collect();
    assert!(miller_madow.estimate(&heights, &coarse).is_ok());
    assert!(miller_madow.estimate(&heights[..9], &weights[..9]).is_ok());
    // In matrices and in thresholds for many columns as well.
    let all: Vec<Variable<'_>> = vec![(&heights).into(), (&coarse).into(), (&weights).into()];
    assert_eq!(
        miller_madow.matrix(all).unwrap_err(),
        refused_at(Some([0, 2]))
    );
    let heights: Vec<Variable<'_>> = vec![(&coarse).into(), (&heights).into()];
    let weights = Variable::from(&weights);
    let between = miller_madow.matrix_between(heights.clone(), vec![weights.clone()]);
    let error = between.unwrap_err();
    assert_eq!(error, refused_at(Some([1, 0])));
    assert!(error.to_string().starts_with("x, column 1, has 100"));
    let chance = largest_by_chance(
        &miller_madow,
        heights.clone(),
        weights,
        Surrogate::Shuffle,
        3,
        1,
    );
    assert_eq!(chance.unwrap_err(), error);
    // One such column can be told from those that repeat; beside itself it has its entropy.
    let matrix = Discrete::default().matrix(heights).unwrap();
    assert_abs_diff_eq!(matrix.get(1, 1).value(), 100_f64.ln(), epsilon = ROUNDING);
}

#[test]
fn bad_input_is_said() {
    let plain = Discrete::default();
    let empty: [i32; 0] = [];
    assert_eq!(
        plain.estimate(&empty, &empty).unwrap_err(),
        Error::Empty { argument: "x" }
    );
    assert_eq!(
        plain.estimate(&[1, 2], &[1, 2, 3]).unwrap_err().to_string(),
        "x has 2 samples and y has 3: sample i of x and sample i of y must belong together, so \
         both need the same number"
    );
    assert_eq!(
        plain
            .estimate(&[1.0, 2.0], &[1, 2])
            .unwrap_err()
            .to_string(),
        "x is a variable of numbers, and the discrete estimator needs labels: give it integers, \
         or cut the numbers into bins first"
    );
    assert!(matches!(
        plain.estimate_given(&[1, 2], &[1, 2], &[1]).unwrap_err(),
        Error::LengthMismatch { second: "z", .. }
    ));
    assert_eq!(
        plain
            .total_correlation(&[(&[1, 2]).into()])
            .unwrap_err()
            .to_string(),
        "1 variable is too few here: at least 2 are needed"
    );
    let lengths = [(&[1, 2]).into(), (&[1, 2, 3]).into(), (&[1, 2]).into()];
    assert!(
        plain
            .total_correlation(&lengths)
            .unwrap_err()
            .to_string()
            .starts_with("the first variable has 2 samples and another has 3:")
    );
    assert_eq!(
        Counts::new(&[0, 0]).unwrap_err().to_string(),
        "counts is empty: give it at least one value"
    );
    assert_eq!(
        Counts::new(&[u64::MAX, 2]).unwrap_err().to_string(),
        "the counts add up to more than 9007199254740992: divide them all by the same number"
    );
    assert!(ContingencyTable::new(ndarray::array![[u64::MAX], [u64::MAX]]).is_err());
    assert!(ContingencyTable::new(Array2::zeros((0, 3))).is_err());
}

#[test]
fn probabilities_must_be_probabilities() {
    let error = JointPmf::new(ndarray::array![[0.5, -0.1], [0.3, 0.3]]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "p must be probabilities that add up to 1, but one of them is -0.1"
    );
    let error = Pmf::new(ndarray::array![0.5, 0.4]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "p must be probabilities that add up to 1, but they add up to 0.9"
    );
    assert!(Pmf::new(ndarray::array![f64::NAN, 1.0]).is_err());
    assert!(Pmf::new(ndarray::array![]).is_err());
}

#[test]
fn estimators_and_corrections_print_their_names() {
    assert_eq!(
        Discrete::new(EntropyEstimator::Nsb).to_string(),
        "discrete, NSB"
    );
    assert_eq!(
        format!("{:>16}|", EntropyEstimator::MillerMadow),
        "    Miller-Madow|"
    );
}
