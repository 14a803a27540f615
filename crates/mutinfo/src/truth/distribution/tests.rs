use std::f64::consts::LN_2;

use super::*;
use crate::error::Error;

/// The quadratures, against values computed with scipy for the same laws.
const QUADRATURE: f64 = 1e-9;

fn exact(family: Distribution) -> f64 {
    family.mutual_information().unwrap().value()
}

#[test]
fn quadratures_equal_independent_ones() {
    for (family, value) in [
        (Distribution::Sine(0.1), 1.6989233017629295),
        (Distribution::Sine(1.0), 0.20201189540685371),
        (Distribution::Square(1.0), 0.4298722324507631),
        (Distribution::Circle(0.3), 0.12649655372015323),
        (Distribution::Heteroscedastic, 0.07395607824876871),
        (
            Distribution::Contaminated {
                correlation: 0.8,
                share: 0.01,
                spread: 10.0,
            },
            0.5313491416255874,
        ),
    ] {
        let got = exact(family.clone());
        assert!((got - value).abs() < QUADRATURE, "{family}: {got} {value}");
    }
}

#[test]
fn closed_forms_equal_published_values() {
    // The values of benchmark-mi 0.1.3 and of scipy's special functions.
    for (family, value) in [
        (Distribution::normal(-0.8), 0.5108256237659908),
        (
            Distribution::DenseNormal {
                dx: 3,
                dy: 3,
                correlation: 0.5,
            },
            0.41333928659223407,
        ),
        (
            Distribution::Student {
                degrees: 3.0,
                correlations: vec![0.0; 5],
            },
            0.29854362265275824,
        ),
        (Distribution::UniformNoise(0.05), 2.3525850929940453),
        (Distribution::UniformNoise(2.0), 0.125),
        (
            Distribution::GammaSum { a: 0.5, b: 3.0 },
            0.09550349037095596,
        ),
        (Distribution::GammaExponential(1.0), 0.42278433509846713),
        (Distribution::Clayton(2.0), 0.43194562200144293),
    ] {
        let got = exact(family.clone());
        assert!((got - value).abs() < 1e-12, "{family}: {got} {value}");
    }
}

#[test]
fn limits_of_the_own_families_are_known() {
    // No arms, no dependence; narrow arms: knowing the arm adds a bit less than ln 2 to
    // the information within an arm.
    assert!(exact(Distribution::Cross(0.0)).abs() < QUADRATURE);
    let (cross, arm) = (
        exact(Distribution::Cross(0.99)),
        exact(Distribution::normal(0.99)),
    );
    assert!(cross < arm && cross > arm - LN_2, "{cross} {arm}");
    // Uncontaminated, and wholly contaminated.
    let contaminated = |share| {
        exact(Distribution::Contaminated {
            correlation: 0.6,
            share,
            spread: 3.0,
        })
    };
    assert!((contaminated(0.0) - exact(Distribution::normal(0.6))).abs() < QUADRATURE);
    assert!(contaminated(1.0).abs() < QUADRATURE);
    // Frank's copula is symmetric in θ; near independence I ≈ θ²/72, because its density
    // is 1 + θ (1 − 2u)(1 − 2v) / 2 + O(θ²) there.
    assert!(
        (exact(Distribution::Frank(4.0)) - exact(Distribution::Frank(-4.0))).abs() < QUADRATURE
    );
    assert!((exact(Distribution::Frank(0.1)) / (0.01 / 72.0) - 1.0).abs() < 1e-2);
}

#[test]
fn blocks_add_and_maps_leave_the_information_alone() {
    let both = Distribution::Blocks(vec![Distribution::normal(0.6), Distribution::Clayton(2.0)]);
    let sum = exact(Distribution::normal(0.6)) + exact(Distribution::Clayton(2.0));
    assert_eq!(exact(both.clone()), sum);
    assert_eq!(both.dimensions(), (2, 2));
    assert_eq!(
        exact(both.transformed(Transform::Spiral(0.3), Transform::Exp(1.0))),
        sum
    );
}

#[test]
fn maps_are_what_they_say() {
    let mapped = |map: Transform, t: f64| {
        let mut values = [t];
        map.apply(&mut values);
        values[0]
    };
    // Quartiles of the Cauchy law are ±1; the normal's is 0.6744897501960817.
    assert!((mapped(Transform::Cauchy, 0.6744897501960817) - 1.0).abs() < 1e-9);
    assert!((mapped(Transform::Cauchy, -0.6744897501960817) + 1.0).abs() < 1e-9);
    assert!((mapped(Transform::NormalCdf, 0.0) - 0.5).abs() < 1e-12);
    assert_eq!(mapped(Transform::Power(3.0), -2.0), -8.0);
    let mut pair = [3.0, 4.0];
    Transform::Spiral(0.1).apply(&mut pair);
    assert!((pair[0].hypot(pair[1]) - 5.0).abs() < 1e-12);
    assert!((pair[0] - 5.0 * (0.8_f64.asin() + 2.5).cos()).abs() < 1e-12);
}

#[test]
fn the_same_seed_draws_the_same_sample() {
    let family = Distribution::Circle(0.3).transformed(Transform::Identity, Transform::Exp(1.0));
    assert_eq!(family.sample(50, 1), family.sample(50, 1));
    assert_ne!(family.sample(50, 1), family.sample(50, 2));
}

#[test]
fn parameters_out_of_range_are_named() {
    for (family, parameter) in [
        (Distribution::normal(1.0), "correlation"),
        (Distribution::normal(f64::NAN), "correlation"),
        (Distribution::UniformNoise(0.0), "half-width"),
        (Distribution::Clayton(f64::INFINITY), "theta"),
        (Distribution::Frank(0.0), "theta"),
        (Distribution::Chessboard(3), "side"),
        (Distribution::Circle(0.001), "noise"),
        (
            Distribution::normal(0.5).transformed(Transform::Spiral(1.0), Transform::Identity),
            "dimensions",
        ),
        (
            Distribution::normal(0.5).transformed(Transform::Identity, Transform::Power(-1.0)),
            "power",
        ),
    ] {
        match family.sample(10, 1) {
            Err(Error::Parameter { parameter: got, .. }) => assert_eq!(got, parameter),
            other => panic!("{family}: {other:?}"),
        }
    }
    let empty = Err(Error::Empty {
        argument: "the distribution",
    });
    assert_eq!(Distribution::Blocks(vec![]).mutual_information(), empty);
    assert_eq!(
        Distribution::normal(0.5).sample(0, 1),
        Err(Error::Empty { argument: "n" })
    );
}
