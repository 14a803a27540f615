//! The answers that pass, and what is said of those that do not.

use super::*;
use crate::answer::{BLANK, blank};
use crate::testing::{assert_not_answered, assert_passed, assert_wrong};
use mutinfo::Nats;

fn outliers(values: &[f64], limit: f64) -> Vec<usize> {
    let values = ArrayView1::from(values);
    let (mean, sd) = (values.sum() / values.len() as f64, values.std(0.0));
    (0..values.len())
        .filter(|&i| (values[i] - mean).abs() > limit * sd)
        .collect()
}

/// Two tokens over 200 units, each with an outlier of its own.
fn tokens() -> (Array1<f64>, Array1<f64>) {
    let noise = |i: usize| (i as f64 * 12.9898).sin() * 43_758.545_3 % 1.0;
    let mut first = Array1::from_shape_fn(200, noise);
    let mut second = &first + &Array1::from_shape_fn(200, |i| 0.5 * noise(i + 1000));
    (first[3], second[50]) = (40.0, -30.0);
    (first, second)
}

fn over(keep: impl Fn(usize) -> bool) -> Nats {
    let (first, second) = tokens();
    let kept: Vec<usize> = (0..200).filter(|&unit| keep(unit)).collect();
    let (x, y) = (first.select(Axis(0), &kept), second.select(Axis(0), &kept));
    Ksg1::default().estimate(&x, &y).unwrap()
}

fn sum_of_signs(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        for j in i + 1..x.len() {
            sum += ((x[j] - x[i]) * (y[j] - y[i])).signum();
        }
    }
    sum
}

fn tau(x: &[f64], y: &[f64]) -> f64 {
    sum_of_signs(x, y) / (x.len() * (x.len() - 1) / 2) as f64
}

fn distances(positions: &[usize], order: &[usize]) -> Vec<f64> {
    let mut distances = Vec::new();
    for i in 0..positions.len() {
        for j in i + 1..positions.len() {
            distances.push(positions[order[i]].abs_diff(positions[order[j]]) as f64);
        }
    }
    distances
}

fn z(rho_a: f64, n_a: usize, rho_b: f64, n_b: usize, less: f64) -> f64 {
    let error = 1.0 / (n_a as f64 - less) + 1.0 / (n_b as f64 - less);
    (rho_a.atanh() - rho_b.atanh()) / error.sqrt()
}

#[test]
fn right_answers_pass_however_they_are_spelled() {
    let (first, second) = tokens();
    let mi = over(|unit| unit != 3 && unit != 50);
    let right = [
        task_1(outliers),
        task_1(|values, limit| outliers(values, limit).into_iter().rev()),
        task_1(|values, limit| {
            let (mean, sd) = (
                values.iter().sum::<f64>() / 60.0,
                ArrayView1::from(values).std(1.0),
            );
            (0..60)
                .filter(|&i| (values[i] - mean).abs() / sd > limit)
                .collect::<Vec<_>>()
        }),
        task_2(&first, &second, &mi),
        task_2(&first, &second, &mi.to_bits().value()),
        task_3(&(-2.0 / 3.0)),
        task_3(&-0.67),
        task_4(tau),
        task_5(distances),
        task_5(|positions, order| {
            let distances = distances(positions, order);
            distances
                .into_iter()
                .map(|d| d as usize)
                .collect::<Vec<_>>()
        }),
        task_6(|a, n_a, b, n_b| z(a, n_a, b, n_b, 3.0)),
        task_7(|layer| layer - &layer.mean_axis(Axis(0)).unwrap()),
    ];
    assert_passed(right);
}

#[test]
fn wrong_answers_get_the_message_that_fits() {
    let (first, second) = tokens();
    let wrong = [
        (
            task_1(|values, limit| {
                let kept = outliers(values, limit);
                (0..values.len())
                    .filter(move |i| !kept.contains(i))
                    .collect::<Vec<_>>()
            }),
            "the others",
        ),
        (
            task_1(|values, limit| {
                let sd = ArrayView1::from(values).std(0.0);
                (0..values.len())
                    .filter(|&i| values[i].abs() > limit * sd)
                    .collect::<Vec<_>>()
            }),
            "not from 0",
        ),
        (
            task_1(|values, limit| {
                let sd = ArrayView1::from(values).std(0.0);
                (0..values.len())
                    .filter(|&i| values[i] > limit * sd)
                    .collect::<Vec<_>>()
            }),
            "below the mean",
        ),
        (task_1(|_, _| vec![1]), "standard deviations"),
        (task_2(&first, &second, &over(|_| true)), "all units"),
        (
            task_2(&first, &second, &over(|unit| unit != 3)),
            "one token",
        ),
        (
            task_2(
                &first,
                &second,
                &over(|unit| unit != 3 && unit != 50).value(),
            ),
            "wrong unit",
        ),
        (task_2(&first, &second, &9.0), "too high"),
        (
            task_2(&first, first.view().split_at(Axis(0), 9).0, &9.0),
            "9 units",
        ),
        (task_3(&0.667), "sign"),
        (task_3(&-4), "between −1 and 1"),
        (task_3(&-0.5), "six pairs"),
        (task_4(sum_of_signs), "divide it"),
        (task_4(|x, y| tau(x, y) / 2.0), "Half of it"),
        (task_4(|x, y| -tau(x, y)), "sign"),
        (task_4(|x, y| (1.0 + tau(x, y)) / 2.0), "share of pairs"),
        (task_4(|x, _| x[9]), "panicked"),
        (
            task_5(|p, _| distances(p, &[0, 1, 2, 3][..p.len()])),
            "before",
        ),
        (task_5(|_, _| vec![1.0]), "one distance for each pair"),
        (
            task_5(|p, o| distances(p, o).iter().map(|d| -d).collect::<Vec<_>>()),
            "no sign",
        ),
        (
            task_6(|a, n_a, b, n_b| z(a, n_a, b, n_b, 0.0)),
            "smaller by 3",
        ),
        (
            task_6(|a, n_a, b, n_b| z(a.tanh(), n_a, b.tanh(), n_b, 3.0)),
            "atanh",
        ),
        (task_6(|a, n_a, b, n_b| -z(a, n_a, b, n_b, 3.0)), "sign"),
        (task_6(|a, _, b, _| a.atanh() - b.atanh()), "standard error"),
        (
            task_7(|layer| layer - &layer.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1))),
            "mean *token*",
        ),
        (task_7(|layer| layer - layer.mean().unwrap()), "one number"),
        (task_7(|_| array![[1.0]]), "came out"),
        (task_7(Array2::clone), "is right"),
    ];
    assert_wrong(wrong);
}

#[test]
fn blanks_are_not_answered() {
    let (first, second) = tokens();
    let cards = [
        task_1(|_, _| blank::<Vec<usize>>()),
        task_2(&first, &second, &BLANK),
        task_3(&BLANK),
        task_4(|_, _| blank::<f64>()),
        task_5(|_, _| blank::<Vec<f64>>()),
        task_6(|_, _, _, _| blank::<f64>()),
        task_7(|_| blank::<Array2<f64>>()),
    ];
    assert_not_answered(&EXERCISE, cards);
}
