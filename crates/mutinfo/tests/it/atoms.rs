//! Distributions with atoms and labels: exact values, draws, ends of parameters.

use std::f64::consts::LN_2;

use mutinfo::Error;
use mutinfo::prelude::*;

use crate::laws::{
    self, censored, dropout, gate, gated_pair, normal_label, poisson, poisson_label, potts,
    relu_label, rounded, zero_inflated, zipf,
};

fn exact(law: Distribution) -> f64 {
    law.mutual_information().unwrap().value()
}

fn likert(correlation: f64, cuts: &[f64]) -> Distribution {
    Distribution::Likert {
        correlation,
        cuts: cuts.to_vec(),
    }
}

/// What the open laws are known to share, in nats: computed apart, by other quadratures and sums, to
/// 1e-9.
const EXACT: [(&str, f64); 30] = [
    ("normal clipped to 0..inf, ρ = 0", 0.0),
    ("normal clipped to 0..inf, ρ = 0.5", 0.098578128),
    ("normal clipped to 0..inf, ρ = 0.9", 0.554369574),
    ("normal clipped to -1..1, ρ = 0.6", 0.193802609),
    ("normal clipped to 1.5..inf, ρ = 0.8", 0.071267156),
    ("ReLU of labels at 0, 0", 0.0),
    ("ReLU of labels at -1, 1", 0.29627238),
    ("ReLU of labels at -2, -1, 0.5", 0.148184202),
    ("rounded to 1, ρ = 0.6", 0.183187173),
    ("rounded to 0.1, ρ = 0.6", 0.222675606),
    ("rounded to 0.5, ρ = 0.9", 0.7509182),
    ("rounded to 0.5, ρ = 0", 0.0),
    ("5 steps, ρ = 0.5", 0.116722234),
    ("5 steps, ρ = 0", 0.0),
    ("5 steps, ρ = 0.5; labels", 0.116722234),
    ("5 steps, ρ = 0; labels", 0.0),
    ("Poisson counts 1, 1, 1 shared", 0.140805186),
    ("Poisson counts 5, 5, 15 shared", 0.412753822),
    ("Poisson counts 0.2, 0.2, 0.1 shared", 0.049160773),
    ("gate 0.02, flip 0", 0.098039113),
    ("gate 0.02, flip 0.1", 0.0337958),
    ("gate 0.3, flip 0.2", 0.163661703),
    ("gated pair, 0.01 both, 0.01 alone", 0.02837769),
    ("gated pair, 0.0001 both, 0.0099 alone", 0.0),
    ("20×20 classes, strength 0", 0.0),
    ("20×20 classes, strength 5", 0.206878721),
    ("3×40 classes, strength 2", 0.148242078),
    ("Zipf of 200, keep 0", 0.0),
    ("Zipf of 200, keep 0.5", 1.461629466),
    ("Zipf of 1000, keep 0.2", 0.593247064),
];

#[test]
fn exact_values_equal_independent_ones() {
    let laws = laws::open();
    assert_eq!(laws.len(), EXACT.len());
    for (law, (name, value)) in laws.into_iter().zip(EXACT) {
        assert_eq!(law.to_string(), name);
        let got = exact(law);
        assert!((got - value).abs() < 2e-9, "{name}: {got} {value}");
    }
    // And others.
    for (law, value) in [
        (normal_label(&[0.0, 2.0]), 0.336830820346832),
        (potts(40, 3, 2.0), 0.148242078),
    ] {
        let got = exact(law.clone());
        assert!((got - value).abs() < 2e-9, "{law}: {got} {value}");
    }
}

#[test]
fn limits_are_known() {
    let near = |got: f64, value: f64| assert!((got - value).abs() < 1e-9, "{got} {value}");
    for rho in [0.3, -0.95, 0.999] {
        let normal = exact(Distribution::normal(rho));
        near(
            exact(censored(f64::NEG_INFINITY, f64::INFINITY, rho)),
            normal,
        );
        near(exact(censored(-20.0, 30.0, rho)), normal);
        // P(both above the medians) is ¼ + asin ρ / 2π.
        let both = 0.25 + rho.asin() / std::f64::consts::TAU;
        let table = 2.0 * both * (4.0 * both).ln() + (1.0 - 2.0 * both) * (2.0 - 4.0 * both).ln();
        near(exact(likert(rho, &[0.0])), table);
        near(exact(rounded(rho, 1e9)), 0.0);
        // Clipping from above is clipping from below, seen in a mirror.
        near(
            exact(censored(f64::NEG_INFINITY, -0.7, rho)),
            exact(censored(0.7, f64::INFINITY, rho)),
        );
        // Very narrow between the ends: a table of two by two.
        near(exact(censored(0.0, 1e-12, rho)), table);
    }
    // Fine rounding hides nearly nothing.
    let fine = exact(Distribution::normal(0.6)) - exact(rounded(0.6, 0.01));
    assert!((0.0..1e-5).contains(&fine), "{fine}");
    // Far apart, a number is a label; alike, it tells nothing.
    near(exact(normal_label(&[-1e80, 1e80])), LN_2);
    near(exact(normal_label(&[3.0; 7])), 0.0);
    near(exact(relu_label(&[-1e9, 1e9], &[1.0, 1.0])), LN_2);
    near(
        exact(zipf(50, 1.0)),
        exact(zipf(50, 1.0).transformed(Transform::Identity, Transform::Identity)),
    );
    near(exact(potts(2, 2, 1e300)), LN_2);
    near(exact(potts(1, 1_000_000, 3.0)), 0.0);
    near(exact(poisson_label(&[0.0, 1000.0])), LN_2);
    near(exact(poisson_label(&[4.0, 4.0])), 0.0);
    let value = Distribution::ValueOfLabel {
        values: vec![1.0, 2.0, 1.0],
        weights: vec![1.0, 2.0, 1.0],
    };
    near(exact(value), LN_2);
    near(exact(zero_inflated(0.5, 0.0)), LN_2);
    near(
        exact(dropout(0.5, 0.6)),
        0.25 * exact(Distribution::normal(0.6)),
    );
}

/// What is drawn follows the law: the information of a table of coarse classes of 200,000 draws is
/// that of the law, or less by what the classes hide.
#[test]
fn draws_follow_the_law() {
    for law in [
        likert(0.5, &[-1.5, -0.5, 0.5, 1.5]),
        rounded(0.6, 1.0),
        poisson(1.0, 1.0, 1.0),
        poisson(0.2, 0.0, 0.1),
        potts(20, 20, 5.0),
        potts(3, 40, 2.0),
        zipf(30, 0.5),
        Distribution::PoissonLabel {
            means: vec![0.5, 3.0, 9.0],
            weights: vec![3.0, 1.0, 1.0],
        },
        Distribution::ValueOfLabel {
            values: vec![1.0, 2.0, 1.0],
            weights: vec![1.0, 2.0, 3.0],
        },
    ] {
        let sample = law.sample(200_000, 1).unwrap();
        let labels = |values: &Values| match values {
            Values::Numbers(numbers) => {
                Labels::new(&numbers.iter().map(|&v| v as i64).collect::<Vec<_>>())
            }
            Values::Labels(labels) => labels.clone(),
        };
        let (x, y) = (labels(&sample.x), labels(&sample.y));
        let estimate = Discrete::default().estimate(&x, &y).unwrap().value();
        let bias = (x.classes() - 1) as f64 * (y.classes() - 1) as f64 / 400_000.0;
        assert!(
            (estimate - bias - sample.exact.value()).abs() < 0.008,
            "{law}: {estimate} {}",
            sample.exact
        );
    }
    for (law, at_zero) in [
        (censored(0.0, f64::INFINITY, 0.5), 0.5),
        (zero_inflated(0.3, 0.5), 0.3),
        (dropout(0.3, 0.5), 0.3),
        (gated_pair(0.2, 0.1), 0.7),
    ] {
        let sample = law.sample(20_000, 1).unwrap().numbers().unwrap();
        for values in [&sample.x, &sample.y] {
            let zeros = values.iter().filter(|&&value| value == 0.0).count() as f64 / 20_000.0;
            assert!((zeros - at_zero).abs() < 0.02, "{law}: {zeros}");
        }
    }
    // Vectors with atoms, and vectors against a label.
    let vectors = Distribution::Blocks(vec![
        censored(0.0, f64::INFINITY, 0.5),
        gated_pair(0.2, 0.1),
    ]);
    assert_eq!(
        vectors.sample(10, 1).unwrap().x.numbers().unwrap().dim(),
        (10, 2)
    );
    let labelled = Distribution::Blocks(vec![
        normal_label(&[0.0, 2.0]),
        Distribution::Uniform { dx: 2, dy: 0 },
    ])
    .transformed(Transform::Rotation(0.4), Transform::Identity);
    let sample = labelled.sample(500, 1).unwrap();
    assert_eq!(
        sample.exact,
        normal_label(&[0.0, 2.0]).mutual_information().unwrap()
    );
    assert_eq!(sample.x.numbers().unwrap().dim(), (500, 3));
    assert_eq!(sample.y.labels().unwrap().classes(), 2);
    // A likert scale as labels is usable by what takes labels, as numbers by what takes numbers.
    let cuts = [-0.5, 0.5];
    let labels = likert(0.5, &cuts)
        .transformed(Transform::Labels, Transform::Labels)
        .sample(300, 1)
        .unwrap();
    assert!(Discrete::default().estimate(&labels.x, &labels.y).is_ok());
    let numbers = likert(0.5, &cuts).sample(300, 1).unwrap();
    assert!(
        Binned::equal_width(3)
            .unwrap()
            .estimate(&numbers.x, &numbers.y)
            .is_ok()
    );
    assert!(
        Discrete::default()
            .estimate(&numbers.x, &numbers.y)
            .is_err()
    );
}

/// No parameter panics, hangs or gives NaN: it is refused, or its information is finite and what
/// is drawn is finite or refused.
#[test]
fn ends_of_parameters_are_refused_or_right() {
    const ENDS: [f64; 17] = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        5e-324,
        1e-300,
        1e-9,
        0.01,
        0.5,
        0.999,
        1.0,
        1.0 - 1e-16,
        50.0,
        1e5,
        1e308,
        -1.0,
    ];
    const SIZES: [usize; 5] = [0, 1, 2, 1_000_000, usize::MAX];
    let mut laws = Vec::new();
    for a in ENDS {
        laws.extend([
            Distribution::normal(a),
            Distribution::UniformNoise(a),
            Distribution::GammaExponential(a),
            Distribution::Clayton(a),
            Distribution::Frank(a),
            Distribution::Sine(a),
            Distribution::Square(a),
            Distribution::Circle(a),
            Distribution::Cross(a),
            Distribution::DenseNormal {
                dx: 2,
                dy: 2,
                correlation: a,
            },
            Distribution::Student {
                degrees: a,
                correlations: vec![0.5],
            },
            Distribution::Student {
                degrees: 3.0,
                correlations: vec![a],
            },
            likert(0.5, &[0.0, a]),
            likert(a, &[0.0]),
            poisson_label(&[a, 1.0]),
            Distribution::ValueOfLabel {
                values: vec![a, 1.0],
                weights: vec![1.0; 2],
            },
            normal_label(&[a, 1.0]),
            relu_label(&[0.0, 1.0], &[a, 1.0]),
        ]);
        for transform in [
            Transform::Exp(a),
            Transform::Power(a),
            Transform::Cauchy,
            Transform::Labels,
        ] {
            laws.push(
                Distribution::normal(0.5)
                    .transformed(Transform::Cauchy, Transform::Cauchy)
                    .transformed(transform, transform),
            );
        }
        for b in ENDS {
            laws.extend([
                Distribution::GammaSum { a, b },
                zero_inflated(a, b),
                dropout(a, b),
                gate(a, b),
                gated_pair(a, b),
                censored(a, b, 0.5),
                censored(a, f64::INFINITY, b),
            ]);
            if b >= 0.5 || b.is_nan() {
                laws.extend([rounded(a, b), poisson(a, b, 1.0)]);
            }
        }
        for size in SIZES {
            laws.extend([potts(size, 3, a), potts(size, size, a), zipf(size, a)]);
        }
    }
    for dx in SIZES {
        laws.extend([
            Distribution::Uniform { dx, dy: 1 },
            Distribution::DenseNormal {
                dx,
                dy: dx,
                correlation: 0.5,
            },
            Distribution::Diagonal(dx),
            Distribution::Chessboard(dx),
        ]);
    }
    let mut right = 0;
    for law in laws {
        match law.sample(3, 1) {
            Err(Error::Parameter { .. } | Error::Empty { .. } | Error::NotFinite { .. }) => {}
            Ok(sample) => {
                right += 1;
                assert!(sample.exact.value().is_finite(), "{law}: {}", sample.exact);
                assert!(sample.exact.value() > -1e-9, "{law}: {}", sample.exact);
            }
            other => panic!("{law}: {other:?}"),
        }
    }
    assert!(right > 400, "{right}");
    let many = Distribution::normal(0.5).sample(usize::MAX, 1);
    assert!(matches!(many, Err(Error::Parameter { parameter: "n", .. })));
    assert!(matches!(
        relu_label(&[1.0], &[1.0, 2.0]).mutual_information(),
        Err(Error::LengthMismatch { .. })
    ));
    let beside = Distribution::Blocks(vec![zipf(5, 0.5), Distribution::normal(0.5)]);
    assert!(matches!(
        beside.mutual_information(),
        Err(Error::Parameter {
            parameter: "blocks",
            ..
        })
    ));
    let labels = zipf(5, 0.5).transformed(Transform::Exp(1.0), Transform::Identity);
    assert!(matches!(
        labels.mutual_information(),
        Err(Error::Parameter { .. })
    ));
    let continuous = Distribution::normal(0.5).transformed(Transform::Labels, Transform::Identity);
    assert!(matches!(
        continuous.mutual_information(),
        Err(Error::Parameter { .. })
    ));
}

/// The tails of parameters, where terms of closed forms cancel, against series for the ends.
#[test]
fn large_parameters_keep_their_digits() {
    let near = |got: f64, value: f64| assert!((got - value).abs() < 1e-9, "{got} {value}");
    // I of the common divisor of one pair is about 1 / 2ν²: see the second difference of −½ ln ν.
    for degrees in [1e5, 1e8, 1e12, 1e300] {
        let student = Distribution::Student {
            degrees,
            correlations: vec![0.6],
        };
        near(
            exact(student),
            exact(Distribution::normal(0.6)) + 0.5 / degrees / degrees,
        );
    }
    for degrees in [99.0, 99.999, 100.0, 101.0] {
        // Across the switch to the series, ψ and ln Γ of integers and halves by recursion.
        let student = |degrees| {
            exact(Distribution::Student {
                degrees,
                correlations: vec![0.0],
            })
        };
        assert!(student(degrees) > student(degrees + 1e-3));
    }
    // h(Gamma(a)) = ½ ln 2πea − 1/3a + …
    for shape in [1e4, 1e8, 1e12, 1e300] {
        near(
            exact(Distribution::GammaSum { a: shape, b: shape }),
            0.5 * LN_2 + 1.0 / (6.0 * shape),
        );
    }
    near(exact(Distribution::GammaExponential(1e300)), 0.0);
    // Noise far above the signal: ½ ln(1 + variance / noise²) to first order.
    // Frank's copula of large θ: V given U is logistic of scale 1 / θ, of entropy 2 − ln θ, and
    // is cut off near both ends.
    near(
        exact(Distribution::Frank(50.0)),
        exact(Distribution::Frank(-50.0)),
    );
    let frank = exact(Distribution::Frank(50.0));
    let ends = std::f64::consts::PI.powi(2) / 3.0 / 50.0;
    near(frank, 50f64.ln() - 2.0 + ends);
    for noise in [100.0, 1000.0] {
        near(
            exact(Distribution::Sine(noise)),
            0.5 * (0.5 / noise / noise).ln_1p(),
        );
        near(
            exact(Distribution::Square(noise)),
            0.5 * (2.0 / noise / noise).ln_1p(),
        );
        near(exact(Distribution::Circle(noise)), 0.0);
    }
    assert!(Distribution::Sine(1e308).mutual_information().is_err());
    assert!(
        Distribution::UniformNoise(1e308)
            .mutual_information()
            .is_err()
    );
    assert!(Distribution::UniformNoise(1e300).sample(5, 1).is_ok());
    // Clayton's copula at its ends: independent, and x = y.
    let clayton = |theta| {
        Distribution::Clayton(theta)
            .sample(1000, 1)
            .unwrap()
            .numbers()
            .unwrap()
    };
    let same = clayton(1e6);
    assert!(
        same.x
            .iter()
            .zip(&same.y)
            .all(|(x, y)| (x - y).abs() < 1e-3)
    );
    let independent = clayton(1e-9);
    let product: f64 = independent
        .x
        .iter()
        .zip(&independent.y)
        .map(|(x, y)| (x - 0.5) * (y - 0.5))
        .sum();
    assert!((product / 1000.0).abs() < 4.0 / 12.0 / 1000f64.sqrt());
}

/// Draws stay what they were: the first numbers, by rand 0.9's StdRng.
#[test]
fn the_generator_is_the_one_of_rand() {
    use ndarray_rand::rand::rngs::StdRng;
    use ndarray_rand::rand::{Rng, SeedableRng};
    let (mut today, mut named) = (
        StdRng::seed_from_u64(7),
        rand_chacha::ChaCha12Rng::seed_from_u64(7),
    );
    for _ in 0..100 {
        assert_eq!(today.random::<u64>(), named.random::<u64>());
    }
}
