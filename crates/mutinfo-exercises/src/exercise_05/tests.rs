//! The answers that pass, and what is said of those that do not.

use super::*;
use crate::answer::{BLANK, blank};
use crate::testing::{assert_not_answered, assert_passed, assert_wrong};
use mutinfo::Sample;
use std::collections::HashSet;

fn first_of_each(ids: &[i64]) -> Vec<usize> {
    let mut seen = HashSet::new();
    (0..ids.len())
        .filter(|&place| seen.insert(ids[place]))
        .collect()
}

fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let (mut least, mut adjusted) = (1.0_f64, vec![0.0; p.len()]);
    for (before, &i) in order.iter().enumerate() {
        least = least.min(p[i] * p.len() as f64 / (p.len() - before) as f64);
        adjusted[i] = least;
    }
    adjusted
}

fn layer() -> (Array2<f64>, Vec<i64>) {
    let passage: Vec<i64> = (0..90).map(|i| i / 30).collect();
    let noise = |i: usize| (i as f64 * 12.9898).sin() * 43_758.545_3 % 1.0;
    let layer = Array2::from_shape_fn((90, 5), |(token, unit)| {
        noise(token * 5 + unit) + passage[token] as f64 * [0.0, 0.2, 2.0, 0.0, 0.5][unit]
    });
    (layer, passage)
}

#[test]
fn right_answers_pass_however_they_are_spelled() {
    let data = Sample::coupled_normals(200, 1.0, 1).unwrap();
    let (layer, passage) = layer();
    let right = [
        task_1(|n| n * (n - 1) / 2),
        task_1(|n| n as f64 * (n as f64 - 1.0) / 2.0),
        task_1(|n| (0..n).map(|i| n - 1 - i).sum::<usize>()),
        task_2(&data.x, &data.y, &0.005),
        task_2(&data.x, &data.y, &0.01),
        task_3(first_of_each),
        task_3(|ids| first_of_each(ids).into_iter().rev().collect::<HashSet<_>>()),
        task_4(adjusted),
        task_4(|p| ndarray::Array1::from(adjusted(p))),
        task_5(|bits, rho| bits + 0.5 * (1.0 - rho * rho).log2()),
        task_5(|bits, rho| mutinfo::Bits(bits + (1.0 - rho * rho).sqrt().log2())),
        task_6(&layer, &passage, &2),
        task_6(&layer, &passage, &2_usize),
        task_7(&768),
        task_7(&645),
        task_7(&660.0),
    ];
    assert_passed(right);
}

#[test]
fn wrong_answers_get_the_message_that_fits() {
    let data = Sample::coupled_normals(200, 1.0, 1).unwrap();
    let (layer, passage) = layer();
    let last_of_each = |ids: &[i64]| -> Vec<usize> {
        (0..ids.len())
            .filter(|&i| !ids[i + 1..].contains(&ids[i]))
            .collect()
    };
    let stepwise = |p: &[f64]| -> Vec<f64> {
        let rank = |value: f64| p.iter().filter(|&&other| other <= value).count() as f64;
        p.iter()
            .map(|&value| value * p.len() as f64 / rank(value))
            .collect()
    };
    let sorted = |p: &[f64]| {
        let mut adjusted = adjusted(p);
        adjusted.sort_by(f64::total_cmp);
        adjusted
    };
    let wrong = [
        (task_1(|n| n * n), "itself"),
        (task_1(|n| n * (n - 1)), "twice"),
        (task_1(|n| n * (n + 1) / 2), "itself"),
        (task_1(|n| n - 5), "panicked"),
        (task_2(&data.x, &data.y, &1.0), "not broken"),
        (task_2(&data.x, &data.y, &0.4), "too large"),
        (task_2(&data.x, &data.y, &0.0), "never 0"),
        (task_2(&data.x, &data.y, &-1.0), "not a probability"),
        (task_3(last_of_each), "last"),
        (task_3(|ids| (0..ids.len()).collect::<Vec<_>>()), "once"),
        (
            task_3(|ids| ids.iter().map(|id| *id as usize).collect::<Vec<_>>()),
            "in place of places",
        ),
        (task_3(|ids| vec![ids[100] as usize]), "panicked"),
        (task_4(stepwise), "Almost"),
        (task_4(sorted), "not their order"),
        (
            task_4(|p| {
                p.iter()
                    .map(|value| value * p.len() as f64)
                    .collect::<Vec<_>>()
            }),
            "Bonferroni",
        ),
        (task_4(|p| p[1..].to_vec()), "one adjusted"),
        (task_4(|p| p.to_vec()), "of rank i"),
        (
            task_5(|bits, rho| bits + 0.5 * (1.0 - rho * rho).ln()),
            "log2",
        ),
        (
            task_5(|bits, rho| bits - 0.5 * (1.0 - rho * rho).log2()),
            "minus signs",
        ),
        (
            task_5(|bits, rho| (bits + 0.5 * (1.0 - rho * rho).log2()).max(0.0)),
            "cut it off",
        ),
        (task_6(&layer, &passage, &1), "other units have more"),
        (task_6(&layer, &passage, &5), "no unit 5"),
        (task_6(&Array2::zeros((90, 0)), &passage, &0), "has no unit"),
        (task_7(&256), "Where is k"),
        (task_7(&94), "below 8 bits"),
        (task_7(&5000), "Fewer"),
    ];
    assert_wrong(wrong);
}

#[test]
fn blanks_are_not_answered() {
    let data = Sample::coupled_normals(50, 1.0, 1).unwrap();
    let (layer, passage) = layer();
    let cards = [
        task_1(|_| blank::<usize>()),
        task_2(&data.x, &data.y, &BLANK),
        task_3(|_| blank::<Vec<usize>>()),
        task_4(|_| blank::<Vec<f64>>()),
        task_5(|_, _| blank::<f64>()),
        task_6(&layer, &passage, &BLANK),
        task_7(&BLANK),
    ];
    assert_not_answered(&EXERCISE, cards);
}
