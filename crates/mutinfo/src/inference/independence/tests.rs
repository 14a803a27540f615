use std::ops::ControlFlow;

use ndarray::{Array1, Array2, Axis, concatenate};
use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;

use super::*;
use crate::compute::threads::with_threads;
use crate::data::labels::Labels;
use crate::truth::{Distribution, Transform, Values};

fn p(x: &Values, y: &Values) -> IndependenceResult {
    IndependenceTest::new(1).run(x, y).unwrap()
}

fn relu(correlation: f64) -> Distribution {
    Distribution::Censored {
        low: 0.0,
        high: f64::INFINITY,
        correlation,
    }
}

/// One law of every kind of pair.
fn kinds() -> Vec<Distribution> {
    let normal_label = Distribution::NormalLabel {
        means: vec![0.0, 0.5, 1.0],
        weights: vec![1.0; 3],
    };
    vec![
        Distribution::normal(0.2),
        relu(0.2),
        Distribution::Rounded {
            correlation: 0.2,
            step: 0.5,
        },
        Distribution::Gate {
            active: 0.1,
            flip: 0.2,
        },
        normal_label.clone(),
        Distribution::Zipf {
            classes: 100,
            keep: 0.1,
        },
        Distribution::Potts {
            rows: 2,
            columns: 5,
            strength: 0.5,
        },
        Distribution::Blocks(vec![relu(0.2), relu(0.0)]),
        Distribution::Blocks(vec![
            Distribution::Circle(0.5),
            Distribution::Uniform { dx: 1, dy: 0 },
        ]),
        Distribution::Blocks(vec![normal_label, Distribution::Uniform { dx: 1, dy: 0 }]),
    ]
}

fn in_order(values: &Values, order: &[usize]) -> Values {
    match values {
        Values::Numbers(numbers) => Values::Numbers(numbers.select(Axis(0), order)),
        Values::Labels(labels) => {
            let codes: Vec<u32> = order.iter().map(|&row| labels.codes()[row]).collect();
            Values::Labels(Labels::new(&codes))
        }
    }
}

#[test]
fn order_of_rows_variables_and_threads_change_no_bit() {
    for law in kinds() {
        let data = law.sample(150, 3).unwrap();
        let expected = p(&data.x, &data.y);
        assert_eq!(p(&data.y, &data.x), expected, "{law}");
        let mut order: Vec<usize> = (0..150).collect();
        order.shuffle(&mut ChaCha12Rng::seed_from_u64(5));
        let (x, y) = (in_order(&data.x, &order), in_order(&data.y, &order));
        assert_eq!(p(&x, &y), expected, "{law}");
        let three = with_threads(3, || p(&y, &x));
        assert_eq!(three, expected, "{law}");
    }
}

#[test]
fn mirrors_and_increasing_transforms_of_scalars_change_no_bit() {
    for law in [
        Distribution::normal(0.2),
        relu(0.2),
        Distribution::Rounded {
            correlation: 0.2,
            step: 0.5,
        },
    ] {
        let data = law.sample(151, 3).unwrap().numbers().unwrap();
        let run = |x: &Array2<f64>, y: &Array2<f64>| IndependenceTest::new(1).run(x, y).unwrap();
        let expected = run(&data.x, &data.y);
        for (x, y) in [
            (data.x.mapv(|x| -x), data.y.clone()),
            (data.x.clone(), data.y.mapv(|y| -y)),
            (data.y.mapv(|y| -y), data.x.mapv(|x| -x)),
            (
                data.x.mapv(|x| (x * 1e-3).exp()),
                data.y.mapv(|y| 1e200 * y),
            ),
        ] {
            assert_eq!(run(&x, &y), expected, "{law}");
        }
    }
}

/// p ≤ α under independence as often as chance allows, for every kind: a binomial bound of 1 in 1000.
#[test]
fn p_values_are_valid_under_independence() {
    let independent = [
        Distribution::normal(0.0),
        relu(0.0),
        Distribution::GatedPair {
            together: 0.0001,
            alone: 0.0099,
        },
        Distribution::Potts {
            rows: 20,
            columns: 20,
            strength: 0.0,
        },
        Distribution::Zipf {
            classes: 200,
            keep: 0.0,
        },
        Distribution::Normal(vec![0.0; 2]),
    ];
    for law in independent {
        let mut rejected = 0;
        for seed in 0..120 {
            let data = law.sample(60, seed).unwrap();
            let found = IndependenceTest::new(seed)
                .shuffles(99)
                .unwrap()
                .run(&data.x, &data.y)
                .unwrap();
            assert!(found.p_value > 0.0 && found.p_value <= 1.0);
            rejected += usize::from(found.p_value <= 0.1);
        }
        // Binomial(120, 0.1): 12 expected, sd 3.3.
        assert!(rejected <= 24, "{law}: {rejected}");
    }
}

#[test]
fn dependence_of_every_kind_is_found() {
    for law in [
        relu(0.9),
        Distribution::Gate {
            active: 0.3,
            flip: 0.0,
        },
        Distribution::Zipf {
            classes: 100,
            keep: 0.6,
        },
        Distribution::Chessboard(8),
        Distribution::Circle(0.1),
        Distribution::Cross(0.9),
        Distribution::ValueOfLabel {
            values: (0..20).map(|i| f64::from(i % 2)).collect(),
            weights: vec![1.0; 20],
        },
        Distribution::Student {
            degrees: 1.0,
            correlations: vec![0.0; 3],
        },
        Distribution::Normal(vec![0.8, 0.8])
            .transformed(Transform::Spiral(1.0), Transform::Identity),
    ] {
        let data = law.sample(300, 1).unwrap();
        let found = p(&data.x, &data.y);
        assert_eq!((found.p_value, found.shuffles), (0.001, 999), "{law}");
    }
}

/// With 20 of few shuffles reached early, p is their share; independent data take few.
#[test]
fn shuffling_stops_when_p_is_clear() {
    let data = Distribution::normal(0.0).sample(100, 2).unwrap();
    let found = p(&data.x, &data.y);
    assert!(found.shuffles < 400, "{found:?}");
    assert_eq!(found.p_value, 20.0 / found.shuffles as f64);
}

#[test]
fn constants_and_few_samples_are_no_error() {
    let constant = Array1::from_elem(50, 3.0);
    let numbers = Array1::from_iter((0..50).map(f64::from));
    let none = IndependenceResult {
        p_value: 1.0,
        shuffles: 0,
        seed: 7,
    };
    let test = IndependenceTest::new(7);
    assert_eq!(test.run(&constant, &numbers), Ok(none));
    assert_eq!(test.run(&numbers, &["a"; 50]), Ok(none));
    for n in 1..6 {
        let vectors = Array2::from_shape_fn((n, 2), |(i, j)| (i * (j + 1)) as f64);
        let labels: Vec<usize> = (0..n).collect();
        for found in [
            test.run(&vectors, &vectors),
            test.run(&vectors, &labels),
            test.run(&labels, &labels),
        ] {
            assert!(found.unwrap().p_value > 0.0);
        }
    }
    // Only one sample differs; and one dimension is constant, another twice there.
    let mut one = Array1::zeros(50);
    one[17] = 1.0;
    assert!(test.run(&one, &numbers).unwrap().p_value > 0.01);
    let column = numbers.view().insert_axis(Axis(1));
    let twice = concatenate![
        Axis(1),
        column,
        column,
        constant.view().insert_axis(Axis(1))
    ];
    assert_eq!(test.run(&twice, &numbers).unwrap().p_value, 0.001);
}

#[test]
fn bad_input_is_a_typed_error() {
    let test = IndependenceTest::new(1);
    let numbers = [1.0, 2.0, 3.0];
    assert!(matches!(
        test.run(&numbers, &[1.0, 2.0]),
        Err(Error::LengthMismatch { .. })
    ));
    assert!(matches!(
        test.run(&numbers, &[1.0, f64::NAN, 2.0]),
        Err(Error::NotFinite { row: 1, .. })
    ));
    assert!(matches!(
        test.run(&[0.0; 0], &[0_u8; 0]),
        Err(Error::Empty { .. })
    ));
    for most in [0, usize::MAX] {
        assert!(matches!(test.shuffles(most), Err(Error::Parameter { .. })));
    }
    let mut stop = |_: Progress| ControlFlow::Break(());
    let (x, y) = ((&numbers).into(), (&[3.0, 1.0, 2.0]).into());
    assert!(matches!(
        test.run_with_progress(&x, &y, &mut stop),
        Err(Error::Cancelled { .. })
    ));
}
