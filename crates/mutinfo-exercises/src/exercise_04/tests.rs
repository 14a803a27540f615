//! The answers that pass, and what is said of those that do not.

use super::*;
use crate::answer::{BLANK, blank};
use crate::testing::{assert_not_answered, assert_passed, assert_wrong};
use mutinfo::{Bits, Edges, Histogram2d};

fn data() -> Sample {
    Sample::coupled_normals(300, 0.5, 5).unwrap()
}

fn from_correlation(rho: f64) -> Bits {
    Bits(-0.5 * (1.0 - rho * rho).log2())
}

fn beyond(x: &[f64], y: &[f64]) -> mutinfo::Result<Bits> {
    let mi = Ksg1::default().estimate(x, y)?.to_bits();
    Ok(mi - from_correlation(correlation(x, y)))
}

/// Another way than the check's: percentiles as edges.
fn quadrants(x: &[f64], y: &[f64]) -> mutinfo::Result<Nats> {
    let (x, y) = (x.to_vec(), y.to_vec());
    let (x_edges, y_edges) = (Edges::percentiles(&x, 3)?, Edges::percentiles(&y, 3)?);
    let histogram = Histogram2d::new(&x, &y, x_edges, y_edges)?;
    Ok(histogram.proportions().mutual_information())
}

#[test]
fn right_answers_pass_however_they_are_spelled() {
    let data = data();
    let mi = Ksg1::default().estimate(&data.x, &data.y).unwrap();
    let right = [
        task_1(&0, &0.918),
        task_1(&0.0, &Bits(0.9182958340544896)),
        task_1(&0.0, &Nats(0.6365141682948128)),
        task_2(from_correlation),
        task_2(|rho| from_correlation(rho).value()),
        task_2(|rho| from_correlation(rho).to_nats()),
        task_2(|rho| -((1.0 - rho.powi(2)).sqrt()).log2()),
        task_3(&[-2, -1, 1, 2], &[1, 0, 0, 1]),
        task_3(&vec![-1.0, 0.0, 0.0, 1.0], &[5, 7, 7, 5]),
        task_3(&[1, 0, 0, -1], &ndarray::array![1.0, 0.0, -0.0, 1.0]),
        task_3(&[-1, -1, 1, 1, -5, -5, 5, 5], &[0, 0, 0, 0, 1, 1, 1, 1]),
        task_4(f64::cos),
        task_4(|x| (x - 3.1).abs()),
        task_4(|x| -(x - 3.0).powi(2)),
        task_5(&data, &mi),
        task_5(&data, &mi.to_bits()),
        task_5(&data, &mi.to_bits().value()),
        task_6(beyond),
        task_6(|x, y| beyond(x, y).unwrap().to_nats()),
        task_6(|x, y| beyond(x, y).unwrap().value()),
        task_7(quadrants),
        task_7(|x, y| quadrants(x, y).unwrap().to_bits().value()),
    ];
    assert_passed(right);
}

#[test]
fn wrong_answers_get_the_message_that_fits() {
    let data = data();
    let mi = Ksg1::default().estimate(&data.x, &data.y).unwrap();
    let torn = Ksg1::default()
        .estimate(&ascending(&data.x.to_vec()), &ascending(&data.y.to_vec()))
        .unwrap();
    let wrong = [
        (task_1(&0.5, &0.918), "products"),
        (task_1(&0.0, &0.6365), "wrong unit"),
        (task_1(&0.0, &0.0), "too low"),
        (task_2(|rho| from_correlation(rho).value() * 2.0), "½"),
        (task_2(|rho| -0.5 * (1.0 - rho * rho).ln()), "wrong unit"),
        (task_2(|rho| -0.5 * (1.0 - rho).log2()), "square"),
        (
            task_2(|rho| from_correlation(rho).value() * rho.signum()),
            "Only the sign",
        ),
        (task_3(&[0, 1], &[0, 1]), "correlation is 1.000"),
        (
            task_3(&[-1, 0, 1], &[1, 0, 1]),
            "smaller of their entropies",
        ),
        (task_3(&[-2, -1, 1, 2], &[2, 1, 2, 1]), "correlation is"),
        (task_3(&[0, 1, 2, 3], &[0, 1, 2, 3]), "too much"),
        (task_3(&[0, 1, 2], &[0, 1]), "pairs"),
        (task_3(&[0.0, f64::NAN], &[0.0, 1.0]), "NaN"),
        (task_4(|x| x), "x itself"),
        (task_4(|_| 3.0), "constant"),
        (task_4(|x| (x - 3.0).ln()), "NaN"),
        (task_4(|x| 1.0 / (x - x)), "gives"),
        (task_5(&data, &torn.to_bits()), "cell above"),
        (task_5(&data, &mi.value()), "wrong unit"),
        (task_5(&data, &0.0), "too low"),
        (task_6(|x, y| Ksg1::default().estimate(x, y)), "whole MI"),
        (
            task_6(|x, y| {
                let mi = Ksg1::default().estimate(x, y).unwrap();
                mi.value() - from_correlation(correlation(x, y)).value()
            }),
            "one is in nats",
        ),
        (task_6(|x, _| x[1000]), "panicked"),
        (
            task_7(|x, y| of_quadrants(x, y, mean).unwrap()),
            "Cut at the medians",
        ),
        (
            task_7(|x, y| quadrants(x, y).unwrap().value()),
            "wrong unit",
        ),
        (task_7(|x, y| Ksg1::default().estimate(x, y)), "half"),
    ];
    assert_wrong(wrong);
}

#[test]
fn blanks_are_not_answered() {
    let cards = [
        task_1(&BLANK, &BLANK),
        task_2(|_| blank::<Bits>()),
        task_3(&BLANK, &BLANK),
        task_4(|_| blank::<f64>()),
        task_5(&data(), &BLANK),
        task_6(|_, _| blank::<mutinfo::Result<Bits>>()),
        task_7(|_, _| blank::<Bits>()),
    ];
    assert_not_answered(&EXERCISE, cards);
}
