//! The answers that pass, and what is said of those that do not.

use super::*;
use crate::answer::{BLANK, blank};
use crate::testing::{assert_not_answered, assert_passed, assert_wrong};

fn bias(x: usize, y: usize, n: usize) -> f64 {
    (x as f64 - 1.0) * (y as f64 - 1.0) / (2 * n) as f64
}

/// The mean over seeds from `first`.
fn mean(first: u64, estimate: impl Fn(&Sample) -> Nats) -> Nats {
    (first..first + 20)
        .map(|seed| estimate(&Sample::coupled_normals(N, 0.0, seed).unwrap()) / 20.0)
        .sum()
}

fn binned(data: &Sample) -> Nats {
    plug_in(data, BINS).unwrap()
}

fn ksg(data: &Sample) -> Nats {
    Ksg1::default().estimate(&data.x, &data.y).unwrap()
}

fn plain(histogram: &Histogram2d) -> Nats {
    histogram.proportions().mutual_information()
}

fn units() -> Sample<Array2<f64>> {
    let relu = mutinfo::Distribution::Censored {
        low: 0.0,
        high: f64::INFINITY,
        correlation: 0.8,
    };
    relu.sample(400, 8).unwrap().numbers().unwrap()
}

fn together() -> Nats {
    let units = units();
    mutual_information(&units.x, &units.y).unwrap()
}

fn switches() -> Nats {
    let units = units();
    let on = |unit: &Array2<f64>| unit.column(0).mapv(|value| value > 0.0);
    mutual_information(&on(&units.x), &on(&units.y)).unwrap()
}

#[test]
fn right_answers_pass_however_they_are_spelled() {
    let corrected = |h: &Histogram2d| plain(h) - occupied_bias(h);
    let right = [
        task_1(&0.707),
        task_1(&Nats(0.49)),
        task_2(bias),
        task_2(|x, y, n| Nats(bias(x, y, n))),
        task_2(|x, y, n| Nats(bias(x, y, n)).to_bits()),
        task_3(&mean(0, binned)),
        task_3(&mean(40, binned).to_bits()),
        task_3(&mean(100, binned).to_bits().value()),
        task_4(&14_139),
        task_4(&15_000.0),
        task_5(corrected),
        task_5(|h| corrected(h).to_bits()),
        task_5(|h| corrected(h).value()),
        task_6(&mean(0, ksg)),
        task_6(&mean(0, ksg).to_bits().value()),
        task_7(&7),
        task_7(&6_usize),
        task_8(&units(), &switches()),
        task_8(&units(), &switches().to_bits()),
        task_8(&units(), &switches().to_bits().value()),
    ];
    assert_passed(right);
}

#[test]
fn wrong_answers_get_the_message_that_fits() {
    let wrong = [
        (task_1(&0.49), "wrong unit"),
        (
            task_2(|x, y, n| bias(x, y, n) / std::f64::consts::LN_2),
            "wrong unit",
        ),
        (task_2(|x, y, n| 2.0 * bias(x, y, n)), "too high"),
        (task_2(|x, y, n| (x * y - x - y + 1) / n), "too low"),
        (task_2(|x, y, _| [0.0][x * y]), "panicked"),
        (task_3(&mean(0, binned).value()), "wrong unit"),
        (task_3(&0.0), "too low"),
        (task_4(&9_800), "0.01 nat"),
        (task_4(&200), "still more"),
        (task_4(&1_000_000), "far more"),
        (task_5(plain), "uncorrected"),
        (
            task_5(|h| {
                plain(h)
                    - bias_of_full_table(
                        h.x_edges().bins(),
                        h.y_edges().bins(),
                        h.table().total() as usize,
                    )
            }),
            "not empty",
        ),
        (
            task_5(|h| plain(h).to_bits().value() - occupied_bias(h).value()),
            "from an amount in bits",
        ),
        (task_5(|h| plain(h) + occupied_bias(h)), "too high"),
        (task_6(&mean(0, |data| ksg(data).clamped())), "clamped"),
        (
            task_6(&mean(0, |data| ksg(data).clamped()).to_bits()),
            "clamped",
        ),
        (task_6(&0.5), "too high"),
        (task_7(&15), "find one in noise"),
        (task_7(&0), "not a number of bins"),
        (task_7(&7.5), "not a number of bins"),
        (task_8(&units(), &together()), "in all"),
        (task_8(&units(), &switches().value()), "wrong unit"),
        (task_8(&units(), &2.0), "too high"),
    ];
    assert_wrong(wrong);
}

#[test]
fn blanks_are_not_answered() {
    let cards = [
        task_1(&BLANK),
        task_2(|_, _, _| blank::<Nats>()),
        task_3(&BLANK),
        task_4(&BLANK),
        task_5(|_| blank::<Nats>()),
        task_6(&BLANK),
        task_7(&BLANK),
        task_8(&units(), &BLANK),
    ];
    assert_not_answered(&EXERCISE, cards);
}
