//! The answers that pass, and what is said of those that do not.

use super::*;
use crate::answer::{BLANK, blank};
use crate::testing::{assert_not_answered, assert_passed, assert_wrong};
use mutinfo::ndarray_rand;
use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand::rngs::StdRng;
use ndarray_rand::rand::seq::SliceRandom;

fn circle() -> (Array1<f64>, Array1<f64>) {
    let noise = Sample::coupled_normals(200, 0.0, 7).unwrap();
    let angle = Array1::linspace(0.0, std::f64::consts::TAU, 200);
    (angle.cos() + 0.1 * noise.x, angle.sin() + 0.1 * noise.y)
}

fn dice() -> (Array1<f64>, Array1<f64>) {
    let die = Array1::from_iter((0..240).map(|i| f64::from(i % 6 + 1)));
    let total = &die + &Array1::from_iter((0..240).map(|i| f64::from(i / 6 % 2 + 1)));
    (die, total)
}

fn shuffled(values: &[f64], seed: u64) -> Vec<f64> {
    let mut values = values.to_vec();
    values.shuffle(&mut StdRng::seed_from_u64(seed));
    values
}

fn p_value(observed: f64, null: &[f64]) -> f64 {
    let as_large = null.iter().filter(|&&value| value >= observed).count();
    (1 + as_large) as f64 / (1 + null.len()) as f64
}

fn right_ksg(x: &[f64], y: &[f64], k: usize) -> Nats {
    ksg(x, y, k, Counting::Below)
}

#[test]
fn the_slow_reference_is_the_crates_estimator() {
    let (x, y) = circle();
    let crates = Ksg1::default().estimate(&x, &y).unwrap();
    let slow = right_ksg(
        &deviations(x.as_slice().unwrap()),
        &deviations(y.as_slice().unwrap()),
        3,
    );
    assert!(
        close(slow.value(), crates.value(), 1e-12),
        "{slow} {crates}"
    );
}

#[test]
fn right_answers_pass_however_they_are_spelled() {
    let (x, y) = circle();
    let mi = Ksg1::default().estimate(&x, &y).unwrap();
    let (die, total) = dice();
    let right = [
        task_1(&x, &y, &mi),
        task_1(&x, &y, &mi.to_bits()),
        task_1(&x, &y, &mi.to_bits().value()),
        task_1(&x, &y, &Ksg1::default().estimate(&x, &y)),
        task_2(p_value),
        task_3(shuffled),
        task_3(|values, seed| Array1::from(shuffled(values, seed))),
        task_4(&0.005),
        task_4(&0.001),
        task_5(right_ksg),
        task_5(|x, y, k| right_ksg(x, y, k).to_bits()),
        task_5(|x, y, k| right_ksg(x, y, k).value()),
        task_5(|x, y, k| right_ksg(&deviations(x), &deviations(y), k)),
        task_5(|x, y, k| Ksg1::new(k)?.estimate(x, y)),
        task_6(&die, &total, &1.751629167),
        task_6(&die, &total, &counted(&die, &total).unwrap()),
        task_7(&800),
    ];
    assert_passed(right);
}

#[test]
fn wrong_answers_get_the_message_that_fits() {
    let (x, y) = circle();
    let mi = Ksg1::default().estimate(&x, &y).unwrap();
    let with_k_5 = Ksg1::new(5).unwrap().estimate(&x, &y).unwrap();
    let (die, total) = dice();
    let rotated = |values: &[f64], seed: u64| {
        let mut values = values.to_vec();
        values.rotate_left(seed as usize % 3);
        values
    };
    let wrong = [
        (task_1(&x, &y, &mi.value()), "wrong unit"),
        (task_1(&x, &y, &with_k_5), "k = 5"),
        (task_1(&x, &y, &0.0), "too low"),
        (
            task_2(|o, null| null.iter().filter(|&&v| v >= o).count() as f64 / null.len() as f64),
            "never 0",
        ),
        (
            task_2(|o, null| (1 + null.iter().filter(|&&v| v > o).count()) as f64 / 6.0),
            "equal",
        ),
        (
            task_2(|o, null| (1 + null.iter().filter(|&&v| v < o).count()) as f64 / 6.0),
            "not those that are smaller",
        ),
        (task_2(|_, null| null[5]), "panicked"),
        (task_2(|_, _| 0.123), "0.500 is right"),
        (task_3(|values, _| values.to_vec()), "in the order"),
        (task_3(|values, _| shuffled(values, 1)), "Two seeds"),
        (task_3(|values, _| vec![values[0]; values.len()]), "twice"),
        (task_3(rotated), "equally likely"),
        (task_4(&0.0), "cannot be 0"),
        (task_4(&0.4), "too large"),
        (task_4(&2.0), "not a probability"),
        (task_5(|x, y, k| right_ksg(x, y, k).clamped()), "signed"),
        (
            task_5(|x, y, k| ksg(x, y, k, Counting::UpTo)),
            "at distance e",
        ),
        (
            task_5(|x, y, k| ksg(x, y, k, Counting::WithoutOne)),
            "missing",
        ),
        (
            task_5(|x, y, k| right_ksg(x, y, k).to_bits().value()),
            "wrong unit",
        ),
        (task_5(|x, _, _| x[1000]), "panicked"),
        (task_5(|x, y, _| Ksg1::new(0)?.estimate(x, y)), "k = 0"),
        (task_6(&die, &total, &1.0), "too low"),
        (task_6(&(1e12 * &die), &-total, &1.0), "too low"),
        (task_7(&400), "√2"),
        (task_7(&200), "too few"),
        (task_7(&3000), "Fewer"),
    ];
    assert_wrong(wrong);
}

#[test]
fn blanks_are_not_answered() {
    let (x, y) = circle();
    let (die, total) = dice();
    let cards = [
        task_1(&x, &y, &BLANK),
        task_2(|_, _| blank::<f64>()),
        task_3(|_, _| blank::<Vec<f64>>()),
        task_4(&BLANK),
        task_5(|_, _, _| blank::<Nats>()),
        task_6(&die, &total, &BLANK),
        task_7(&BLANK),
    ];
    assert_not_answered(&EXERCISE, cards);
}
