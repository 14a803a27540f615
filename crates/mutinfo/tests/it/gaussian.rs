//! Jointly normal variables.

use approx::assert_abs_diff_eq;
use mutinfo::prelude::*;
use mutinfo::{Error, estimator::TotalCorrelation};
use ndarray::{Array2, arr2};

use crate::fixtures::{SAMPLES, Sample};

/// The same determinants in another order of rounding.
const SAME_FORMULA: f64 = 1e-10;

#[test]
fn two_scalars_give_the_value_of_their_correlation() {
    for sample in SAMPLES.iter() {
        let Some(r) = sample.expected("continuous/pearson_r") else {
            continue;
        };
        let plain = Gaussian::default().uncorrected();
        match plain.estimate(&sample.x, &sample.y) {
            Ok(estimate) if sample.name == "constant_y" => assert_eq!(estimate, Nats(0.0)),
            Ok(estimate) => assert_abs_diff_eq!(
                estimate.value(),
                -0.5 * (-r * r).ln_1p(),
                epsilon = SAME_FORMULA
            ),
            Err(Error::Singular { row: None }) => assert_eq!(sample.name, "identity"),
            Err(error) => panic!("{}: {error}", sample.name),
        }
    }
}

#[test]
fn vectors_give_numpys_determinants() {
    // numpy.linalg.slogdet of numpy.cov, and scipy's psi for the correction.
    for (name, plain, corrected) in [
        ("gauss_3x2_random", 0.4155842710867885, 0.41408126482326146),
        ("gauss_5x5_r0.3", 0.2348524687921914, 0.2285820841444206),
        (
            "binormal_r0.6_n2000",
            0.19252302798278845,
            0.19227271510735822,
        ),
    ] {
        let sample = Sample::named(name);
        let gaussian = Gaussian::default();
        let estimate = gaussian.estimate(&sample.x, &sample.y).unwrap();
        assert_abs_diff_eq!(estimate.value(), corrected, epsilon = SAME_FORMULA);
        let estimate = gaussian.uncorrected().estimate(&sample.x, &sample.y);
        assert_abs_diff_eq!(estimate.unwrap().value(), plain, epsilon = SAME_FORMULA);
    }
    let sample = Sample::named("gauss_3x2_random");
    let (x, y) = (sample.x.column(0), sample.y.column(0));
    let z = sample.x.slice(ndarray::s![.., 1..]);
    let given = Gaussian::default().estimate_given(x, y, z).unwrap();
    assert_abs_diff_eq!(given.value(), 0.07098793547536886, epsilon = SAME_FORMULA);
}

#[test]
fn unbiased_under_a_normal_law() {
    // 4000 samples of 12 independent normal 2 + 2 vectors: the truth is 0.
    let repetitions = 4000;
    let n = 12;
    let mut sum = 0.0;
    for seed in 0..repetitions {
        let a = mutinfo::Sample::coupled_normals(2 * n, 0.0, seed).unwrap();
        let x = a.x.into_shape_with_order((n, 2)).unwrap();
        let y = a.y.into_shape_with_order((n, 2)).unwrap();
        sum += Gaussian::default().estimate(&x, &y).unwrap().value();
    }
    // The standard deviation of one is about sqrt(4 / 2) / 12 = 0.2: four errors of the mean.
    assert_abs_diff_eq!(sum / repetitions as f64, 0.0, epsilon = 0.013);
}

#[test]
fn invertible_affine_maps_change_nothing_and_monotone_ones_not_the_copula() {
    let sample = Sample::named("gauss_3x2_random");
    let map = arr2(&[[1.0, 2.0, 0.0], [0.0, 1e-3, 5.0], [1.0, 0.0, 1.0]]);
    let mapped: Array2<f64> = sample.x.dot(&map) + 1e6;
    let gaussian = Gaussian::default();
    let (before, after) = (
        gaussian.estimate(&sample.x, &sample.y).unwrap(),
        gaussian.estimate(&mapped, &sample.y).unwrap(),
    );
    // An offset of 10⁶ leaves ten digits of each value.
    assert_abs_diff_eq!(before.value(), after.value(), epsilon = 1e-6);

    let bent = sample.x.mapv(f64::exp);
    let copula = GaussianCopula.estimate(&sample.x, &sample.y).unwrap();
    assert_eq!(copula, GaussianCopula.estimate(&bent, &sample.y).unwrap());
    // 2000 samples of a normal law: the copula's value is the Gaussian's but for scatter.
    assert_abs_diff_eq!(copula.value(), before.value(), epsilon = 0.02);
}

#[test]
fn total_correlation_is_a_chain_of_informations() {
    let sample = Sample::named("gauss_3x2_random");
    let column = |i| Variable::from(sample.x.column(i));
    let gaussian = Gaussian::default();
    let all = gaussian
        .total_correlation(&[column(0), column(1), column(2)])
        .unwrap();
    let first = gaussian.estimate(column(0), column(1)).unwrap();
    let pair = sample.x.slice(ndarray::s![.., ..2]);
    let second = gaussian.estimate(pair, column(2)).unwrap();
    assert_abs_diff_eq!(
        all.value(),
        (first + second).value(),
        epsilon = SAME_FORMULA
    );
}

#[test]
fn singular_covariances_and_too_few_samples_are_errors() {
    let sample = Sample::named("gauss_2x1_r0.8");
    let sum = sample.x.column(0).to_owned() - 2.0 * &sample.x.column(1);
    for estimate in [
        Gaussian::default().estimate(&sample.x, &sum),
        Gaussian::default().estimate(&sum, &sum),
        GaussianCopula.estimate(&sum, &sum.mapv(f64::exp)),
    ] {
        assert_eq!(estimate, Err(Error::Singular { row: None }));
    }
    let few = sample.x.slice(ndarray::s![..3, ..]);
    assert!(matches!(
        Gaussian::default().estimate(few, sum.slice(ndarray::s![..3])),
        Err(Error::TooManyDimensions {
            dimensions: 3,
            samples: 3
        })
    ));
}
