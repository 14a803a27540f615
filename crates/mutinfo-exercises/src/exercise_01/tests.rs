//! The answers that pass, and what is said of those that do not.

use super::*;
use crate::answer::{BLANK, blank};
use crate::testing::{assert_not_answered, assert_passed, assert_wrong};

fn data() -> Sample {
    Sample::coupled_normals(200, 1.0, 42).unwrap()
}

fn entropy(p: &[f64]) -> f64 {
    -p.iter()
        .filter(|&&p| p > 0.0)
        .map(|p| p * p.log2())
        .sum::<f64>()
}

#[test]
fn right_answers_pass_however_they_are_spelled() {
    let data = data();
    let mi = Histogram2d::equal_width(&data.x, &data.y, 10)
        .unwrap()
        .proportions()
        .mutual_information();
    let estimate = Ksg1::default().estimate(&data.x, &data.y).unwrap();
    let right = [
        task_1(&1.75),
        task_1(&Bits(1.75)),
        task_1(&Bits(1.75).to_nats()),
        task_2(&1.213),
        task_2(&Bits(1.75).to_nats()),
        task_3(entropy),
        task_3(|p| Bits(entropy(p))),
        task_3(|p: &[f64]| -p.iter().map(|p| p * (p + 1e-13).log2()).sum::<f64>()),
        task_4(&data, &mi),
        task_4(&data, &mi.to_bits()),
        task_4(&data, &mi.to_bits().value()),
        task_5(&3.0_f64.sqrt()),
        task_5(&-1.732),
        task_6(&[0, 1], &[1, 0]),
        task_6(&["a", "b", "a", "b"], &[true, false, true, false]),
        task_6(&vec![0.0, 1.0], &vec![-0.0, 1.0]),
        task_6(&[0, 1, 2, 3], &['a', 'a', 'b', 'b']),
        task_7(&data, &(estimate - data.exact)),
        task_7(&data, &(estimate - data.exact).to_bits()),
        task_7(&data, &(estimate - data.exact).to_bits().value()),
        task_8(|x| x * x),
        task_8(f64::abs),
        task_8(|x| (3.0 * x).cos()),
        task_8(|x| x.powi(4)),
        task_8(|x| f64::from(x.abs() > 0.7)),
    ];
    assert_passed(right);
}

#[test]
fn wrong_answers_get_the_message_that_fits() {
    let data = data();
    let swapped = Ksg1::default().estimate(&data.x, &data.y).unwrap().value() - 0.5;
    let nats = Histogram2d::equal_width(&data.x, &data.y, 10)
        .unwrap()
        .proportions()
        .mutual_information()
        .value();
    let of_15 = Histogram2d::equal_width(&data.x, &data.y, 15)
        .unwrap()
        .proportions()
        .mutual_information()
        .to_bits();
    let wrong = [
        (task_1(&2.0), "too high"),
        (task_1(&1.213), "wrong unit"),
        (task_2(&1.75), "wrong unit"),
        (
            task_3(|p| p.iter().map(|p| p * p.log2()).sum::<f64>()),
            "sign",
        ),
        (
            task_3(|p| -p.iter().map(|p| p * p.log2()).sum::<f64>()),
            "leave the zeros out",
        ),
        (
            task_3(|p| -p.iter().map(|p| p * p.ln()).sum::<f64>()),
            "wrong unit",
        ),
        (task_3(|p| p[4]), "panicked"),
        (task_3(|_| 1.75), "3.000 bits"),
        (task_4(&data, &nats), "wrong unit"),
        (task_4(&data, &of_15), "15 bins"),
        (task_5(&3), "One step"),
        (task_5(&2.5277), "1 nat"),
        (task_5(&1.0), "share 0.500 bit"),
        (task_5(&f64::NAN), "NaN"),
        (task_5(&f64::INFINITY), "must be a number"),
        (task_6(&[0, 0], &[0, 1]), "smaller of their entropies"),
        (task_6(&[0, 1, 0, 1], &[0, 0, 1, 1]), "guess"),
        (task_6(&[0, 1, 2, 3], &[0, 1, 2, 3]), "too much"),
        (task_6(&[0, 1, 2], &[0, 1]), "pairs"),
        (task_7(&data, &swapped), "cell above"),
        (task_7(&data, &0.3), "too high"),
        (task_8(|x| x), "correlation is 1.00"),
        (task_8(|_| 3.0), "constant"),
        (task_8(|x| x.ln()), "NaN"),
        (task_8(|x| 1.0 / (x - x)), "gives"),
        (task_8(|x| f64::from(x.abs() > 3.0)), "only"),
    ];
    assert_wrong(wrong);
}

#[test]
fn blanks_are_not_answered() {
    let data = data();
    let cards = [
        task_1(&BLANK),
        task_2(&BLANK),
        task_3(|_| blank::<f64>()),
        task_4(&data, &BLANK),
        task_5(&BLANK),
        task_6(&BLANK, &BLANK),
        task_7(&data, &BLANK),
        task_8(|_| blank::<f64>()),
    ];
    assert_not_answered(&EXERCISE, cards);
    assert_eq!(hint(8).outcome(), crate::Outcome::Hint);
}
