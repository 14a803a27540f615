//! Exercise 06: tokens over units, outliers, ranks, and what is independent of what.

use mutinfo::{Estimator, Ksg1};
use ndarray::{Array1, Array2, ArrayView1, Axis, array};

use crate::answer::Amount;
use crate::card::Card;
use crate::judge::{
    BY_HAND, COMPUTED, Exercise, Judgement, Unit, amount, attempt, close, number, worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 6,
    hints: &[
        "`let mean = values.iter().sum::<f64>() / n;`, and the standard deviation is the root of \
         the mean of `(value - mean).powi(2)`. Then keep the places where `(value - mean).abs() > \
         limit * sd`.",
        "Collect the units that are outliers of neither token: `let kept: Vec<usize> = \
         (0..384).filter(|unit| !a.contains(unit) && !b.contains(unit)).collect();`, where a and b \
         are `outliers(...)` of the two. Then `first.select(Axis(0), &kept)` and the same of the \
         second.",
        "Go through the 6 pairs of points: 10–20 falls, 10–30 falls, 10–40 falls, 20–30 rises, \
         20–40 falls, 30–40 falls. τ = (rising − falling) / 6.",
        "Two loops: `for i in 0..x.len()` and in it `for j in i + 1..x.len()`. \
         `((x[j] - x[i]) * (y[j] - y[i])).signum()` is 1 where the pair rises and −1 where it \
         falls. Divide their sum by the number of pairs.",
        "First let the tokens change places: token i now stands at `positions[order[i]]`. Then two \
         loops over i < j, and `abs_diff` of the two new places.",
        "`(rho_a.atanh() - rho_b.atanh()) / (1.0 / (n_a as f64 - 3.0) + 1.0 / (n_b as f64 - \
         3.0)).sqrt()`.",
        "The mean token has a number for each unit: it is the mean along the tokens, and those \
         are axis 0. `layer - &layer.mean_axis(Axis(0)).unwrap()`.",
    ],
};

/// The stronger hint for a task.
pub fn hint(task: usize) -> Card {
    EXERCISE.hint(task)
}

/// A function for the places of outliers.
pub fn task_1<V: IntoIterator<Item = usize>>(outliers: impl Fn(&[f64], f64) -> V) -> Card {
    EXERCISE.card(1, || {
        let mut wild: Vec<f64> = (0..60).map(|i| (f64::from(i) * 0.7).sin()).collect();
        (wild[7], wild[31]) = (-9.0, 8.0);
        let calm: Vec<f64> = (0..60).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let far: Vec<f64> = calm.iter().map(|value| value + 100.0).collect();
        let cases: [(&str, &[f64], f64, &[usize]); 4] = [
            ("60 values with −9 and 8 among them", &wild, 4.0, &[7, 31]),
            ("60 values without an outlier", &calm, 4.0, &[]),
            ("the same values around 100", &far, 4.0, &[]),
            ("60 values and a limit of 100", &wild, 100.0, &[]),
        ];
        for (case, values, limit, right) in cases {
            let mut given: Vec<usize> =
                attempt(case, || outliers(values, limit).into_iter().collect())?;
            given.sort_unstable();
            if given != right {
                let advice = if case == "the same values around 100" {
                    "Measure from the mean, not from 0."
                } else if given.len() == values.len() - right.len() {
                    "Those are the others: the outliers are asked for."
                } else if given == [31] {
                    "An outlier may lie below the mean as well as above."
                } else {
                    "Count the distance from the mean in standard deviations."
                };
                return wrong(format!(
                    "For {case} you give {given:?}, and {right:?} is right. {advice}"
                ));
            }
        }
        Ok("Far above and far below, wherever the mean is.".to_owned())
    })
}

/// The MI of two tokens over units, with outliers of either set aside.
pub fn task_2<'a>(
    first: impl Into<ArrayView1<'a, f64>>,
    second: impl Into<ArrayView1<'a, f64>>,
    mi: &impl Amount,
) -> Card {
    let (first, second) = (first.into(), second.into());
    EXERCISE.card(2, || {
        let keep = |of_first: bool, of_second: bool| -> Judgement<(usize, mutinfo::Nats)> {
            let (a, b) = (far_out(first), far_out(second));
            let kept: Vec<usize> = (0..first.len())
                .filter(|&unit| !(of_first && a[unit] || of_second && b[unit]))
                .collect();
            let (x, y) = (first.select(Axis(0), &kept), second.select(Axis(0), &kept));
            Ok((
                first.len() - kept.len(),
                worked(Ksg1::default().estimate(&x, &y))?,
            ))
        };
        let (aside, expected) = keep(true, true)?;
        let given = number(mi)?;
        let is = |value: mutinfo::Nats| {
            close(given, value.to_bits().value(), COMPUTED) || close(given, value.value(), COMPUTED)
        };
        if !is(expected) {
            if is(keep(false, false)?.1) {
                return wrong("That is with all units, the outliers among them.");
            }
            if is(keep(true, false)?.1) || is(keep(false, true)?.1) {
                return wrong(
                    "You set the outliers of one token aside. A unit goes where it is an outlier \
                     of either.",
                );
            }
        }
        amount(
            mi,
            expected,
            Unit::Bits,
            COMPUTED,
            "It should be KSG's estimate (k = 3) over the units that are beyond 4 standard \
             deviations in neither of the two.",
        )?;
        Ok(format!(
            "{:.3}, with {aside} of {} units set aside. Say both numbers when you report it.",
            expected.to_bits(),
            first.len()
        ))
    })
}

/// Kendall's tau of four points by hand.
pub fn task_3(tau: &impl Amount) -> Card {
    EXERCISE.card(3, || {
        let given = number(tau)?;
        if close(given, -2.0 / 3.0, 6.0 * BY_HAND) {
            return Ok("One pair rises, five fall: (1 − 5) / 6 = −0.667.".to_owned());
        }
        wrong(if close(given, 2.0 / 3.0, 6.0 * BY_HAND) {
            "Only the sign is wrong: most pairs fall."
        } else if given.abs() > 1.0 {
            "τ lies between −1 and 1: divide by the number of pairs of points."
        } else {
            "Four points make six pairs. Which of them rise, and which fall?"
        })
    })
}

/// A function for Kendall's tau without ties.
pub fn task_4<A: Amount>(tau: impl Fn(&[f64], &[f64]) -> A) -> Card {
    EXERCISE.card(4, || {
        let cases: [(&[f64], &[f64], f64); 4] = [
            (&[10.0, 20.0, 30.0, 40.0], &[0.9, 0.7, 0.8, 0.2], -2.0 / 3.0),
            (&[1.0, 2.0, 3.0], &[-1.0, 5.0, 6.0], 1.0),
            (&[3.0, 1.0, 2.0], &[0.1, 0.3, 0.2], -1.0),
            (&[5.0, -1.0, 4.0, 2.0, 3.0], &[0.5, 0.4, 0.9, 0.1, 0.8], 0.4),
        ];
        for (x, y, right) in cases {
            let case = format!("x = {x:?} and y = {y:?}");
            let given = number(&attempt(&case, || tau(x, y))?)?;
            let pairs = (x.len() * (x.len() - 1) / 2) as f64;
            let advice = if close(given, right * pairs, COMPUTED) {
                "That is the sum: divide it by the number of pairs."
            } else if close(given, right / 2.0, COMPUTED) {
                "Half of it: every pair once makes n (n − 1) / 2 pairs."
            } else if close(given, -right, COMPUTED) {
                "Only the sign is wrong."
            } else if close(given, (right + 1.0) / 2.0, COMPUTED) {
                "That is the share of pairs that rise. Falling ones count −1."
            } else {
                "Each pair of points counts 1 where y rises with x, and −1 where it falls."
            };
            if !close(given, right, COMPUTED) {
                return wrong(format!(
                    "For {case} you give {given:.3}, and {right:.3} is right. {advice}"
                ));
            }
        }
        Ok("Right for four lists, and it needs the order only, not the values.".to_owned())
    })
}

/// A function for the distances after the tokens have exchanged places.
pub fn task_5<A: Amount, V: IntoIterator<Item = A>>(
    distances: impl Fn(&[usize], &[usize]) -> V,
) -> Card {
    EXERCISE.card(5, || {
        let cases: [(&[usize], &[usize]); 4] = [
            (&[1, 12, 69], &[0, 1, 2]),
            (&[1, 12, 69], &[2, 0, 1]),
            (&[1, 12, 69, 94], &[3, 0, 2, 1]),
            (&[5, 8], &[1, 0]),
        ];
        for (positions, order) in cases {
            let case = format!("positions {positions:?} and order {order:?}");
            let answer: Vec<A> =
                attempt(&case, || distances(positions, order).into_iter().collect())?;
            let given: Vec<f64> = answer.iter().map(number).collect::<Judgement<_>>()?;
            let pairs = |place: &dyn Fn(usize) -> usize| -> Vec<f64> {
                let mut distances = Vec::new();
                for i in 0..positions.len() {
                    for j in i + 1..positions.len() {
                        distances.push(place(i).abs_diff(place(j)) as f64);
                    }
                }
                distances
            };
            let right = pairs(&|i| positions[order[i]]);
            // Which token goes where may be read either way: all orders are tried alike.
            let inverse = |i: usize| order.iter().position(|&o| o == i).unwrap_or(i);
            if given == right || given == pairs(&|i| positions[inverse(i)]) {
                continue;
            }
            let advice = if given.len() != right.len() {
                "There should be one distance for each pair, the first token's with all others \
                 first."
            } else if given == pairs(&|i| positions[i]) {
                "Those are the distances before: let the tokens exchange places first."
            } else if given.iter().any(|&distance| distance < 0.0) {
                "A distance has no sign."
            } else {
                "All pairs of a token move together: token i goes to the place of token order[i]."
            };
            return wrong(format!(
                "For {case} you give {given:?}, and {right:?} is right. {advice}"
            ));
        }
        Ok(
            "The tokens move, not the pairs: that is what makes the test honest about nine \
            tokens."
                .to_owned(),
        )
    })
}

/// A function for Fisher's z of two correlations.
pub fn task_6<A: Amount>(z: impl Fn(f64, usize, f64, usize) -> A) -> Card {
    EXERCISE.card(6, || {
        for (rho_a, n_a, rho_b, n_b) in [
            (0.5, 103, 0.1, 103),
            (-0.3, 36, 0.2, 36),
            (0.9, 10, 0.8, 50),
        ] {
            let case = format!("ρ = {rho_a} of {n_a} points and {rho_b} of {n_b}");
            let given = number(&attempt(&case, || z(rho_a, n_a, rho_b, n_b))?)?;
            let of = |a: f64, b: f64, less: f64| {
                (a - b) / (1.0 / (n_a as f64 - less) + 1.0 / (n_b as f64 - less)).sqrt()
            };
            let (a, b) = (f64::atanh(rho_a), f64::atanh(rho_b));
            let right = of(a, b, 3.0);
            let usual_mistakes = [
                (of(a, b, 0.0), "Each n is made smaller by 3."),
                (
                    of(rho_a, rho_b, 3.0),
                    "The correlations themselves are subtracted: take atanh of each first.",
                ),
                (
                    -right,
                    "Only the sign is wrong: the first minus the second.",
                ),
                (
                    a - b,
                    "That is the difference: divide it by its standard error.",
                ),
            ];
            if !close(given, right, COMPUTED) {
                let advice = usual_mistakes
                    .iter()
                    .find(|(value, _)| close(given, *value, COMPUTED));
                return wrong(format!(
                    "For {case} you give {given:.3}, and {right:.3} is right. {}",
                    advice.map_or("Which of the two roots is missing?", |(_, advice)| advice)
                ));
            }
        }
        Ok("Right for three pairs of correlations. Beyond ±1.96 is p < 0.05.".to_owned())
    })
}

/// A function that subtracts the mean token.
pub fn task_7(centred: impl Fn(&Array2<f64>) -> Array2<f64>) -> Card {
    EXERCISE.card(7, || {
        let layer = array![[1.0, 10.0, 0.0], [3.0, 30.0, 0.0]];
        let given = attempt("two tokens of three units", || centred(&layer))?;
        let right = array![[-1.0, -10.0, 0.0], [1.0, 10.0, 0.0]];
        let is = |other: &Array2<f64>| {
            given.dim() == other.dim()
                && given
                    .iter()
                    .zip(other)
                    .all(|(a, b)| close(*a, *b, COMPUTED))
        };
        if is(&right) {
            return Ok(
                "What all tokens have in common is gone, and what distinguishes them is left."
                    .to_owned(),
            );
        }
        let own = layer.mean_axis(Axis(1)).expect("three units");
        wrong(if given.dim() != layer.dim() {
            format!(
                "A layer of (2, 3) went in and one of {:?} came out: each token should keep its \
                 units.",
                given.dim()
            )
        } else if is(&(&layer - &own.insert_axis(Axis(1)))) {
            "That takes from each token the mean of its own units. The mean *token* is asked for: \
             the mean along the other axis."
                .to_owned()
        } else if is(&(&layer - layer.mean().unwrap_or(0.0))) {
            "That takes one number from everything. The mean token has a number for each unit."
                .to_owned()
        } else {
            format!("For two tokens {layer:?} you give {given:?}, and {right:?} is right.")
        })
    })
}

/// Which values are beyond four standard deviations from the mean.
fn far_out(values: ArrayView1<'_, f64>) -> Array1<bool> {
    let mean = values.sum() / values.len() as f64;
    let sd = values.std(0.0);
    values.mapv(|value| (value - mean).abs() > 4.0 * sd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{BLANK, blank};
    use crate::card::Outcome::{NotAnswered, Passed, Wrong};
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
        for card in right {
            assert_eq!(card.outcome(), Passed, "{card}");
        }
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
        for (card, says) in wrong {
            assert_eq!(card.outcome(), Wrong, "{card}");
            assert!(card.to_string().contains(says), "{says}: {card}");
        }
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
        assert_eq!(cards.len(), EXERCISE.hints.len());
        for card in cards {
            assert_eq!(card.outcome(), NotAnswered, "{card}");
        }
    }
}
