//! Exercise 06: tokens over units, outliers, ranks, and what is independent of what.

use mutinfo::{Estimator, Ksg1};
use ndarray::{Array1, Array2, ArrayView1, Axis, array};

use crate::answer::Amount;
use crate::card::Card;
use crate::exercise::{Exercise, Hints};
use crate::judge::{
    BY_HAND, COMPUTED, Judgement, Unit, amount, attempt, close, is_amount, number, right_number,
    worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 6,
    hints: &[
        Hints {
            first: "Three passes over the values: one for their mean, one for their standard \
                    deviation (the root of the mean squared distance from the mean), and one that \
                    picks places. “Above or below” is a single question if you ask how *far* a \
                    value is from the mean: `.abs()` drops a sign.",
            second: "`let mean = values.iter().sum::<f64>() / n;`, and the standard deviation is \
                     the root of the mean of `(value - mean).powi(2)`. Then keep the places where \
                     `(value - mean).abs() > limit * sd`.",
        },
        Hints {
            first: "Make two lists of outliers, one for each token. Then go through the units 0 to \
                    383 and keep those that are in neither: `list.contains(&unit)` asks whether a \
                    unit is in a list, and `!` in front means “not”. Take the same units of both \
                    tokens, so that the pairs stay together.",
            second: "Collect the units that are outliers of neither token: `let kept: Vec<usize> = \
                     (0..384).filter(|unit| !a.contains(unit) && !b.contains(unit)).collect();`, \
                     where a and b are `outliers(...)` of the two. Then `first.select(Axis(0), \
                     &kept)` and the same of the second.",
        },
        Hints {
            first: "Take each point together with every point to the right of it, and write down \
                    whether the MI goes up or down on the way. By how much does not matter. Then \
                    count the ups and the downs.",
            second: "Go through the 6 pairs of points: 10–20 falls, 10–30 falls, 10–40 falls, 20–30 \
                     rises, 20–40 falls, 30–40 falls. τ = (rising − falling) / 6.",
        },
        Hints {
            first: "Take two points, j behind i. y rises with x if both differences, of x and of y, \
                    have the same sign. What is then the sign of their product? Add these signs up \
                    for all pairs; task 5.1 says how many pairs there are to divide by.",
            second: "Two loops: `for i in 0..x.len()` and in it `for j in i + 1..x.len()`. `((x[j] \
                     - x[i]) * (y[j] - y[i])).signum()` is 1 where the pair rises and −1 where it \
                     falls. Divide their sum by the number of pairs.",
        },
        Hints {
            first: "Write down each token's new place first; in the example these are 69, 1 and 12. \
                    The distances are then those of the new places, pair by pair, and two loops as \
                    in task 6.4 go through the pairs in the right order.",
            second: "First let the tokens change places: token i now stands at \
                     `positions[order[i]]`. Then two loops over i < j, and `abs_diff` of the two \
                     new places.",
        },
        Hints {
            first: "Write it in three lines: what stands above the line, what stands under the \
                    root, and the first divided by the root of the second. `.sqrt()` is the root. \
                    Turn each n into `f64` before you take 3 from it.",
            second: "`(rho_a.atanh() - rho_b.atanh()) / (1.0 / (n_a as f64 - 3.0) + 1.0 / (n_b as \
                     f64 - 3.0)).sqrt()`.",
        },
        Hints {
            first: "A layer is a table with a row for each token, so the mean token is a row, too: \
                    the mean of each column. To take one row from every row of a table needs no \
                    loop: with arrays, `table - &row` does it.",
            second: "The mean token has a number for each unit: it is the mean along the tokens, \
                     and those are axis 0. `layer - &layer.mean_axis(Axis(0)).unwrap()`.",
        },
    ],
};

/// A task's first hint: the idea.
pub fn hint(task: usize) -> Card {
    EXERCISE.hint(task)
}

/// A task's second hint: nearly the answer.
pub fn second_hint(task: usize) -> Card {
    EXERCISE.second_hint(task)
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
        if first.len() != second.len() {
            return wrong(format!(
                "The tokens have {} and {} units: give two tokens of one layer.",
                first.len(),
                second.len()
            ));
        }
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
        if !is_amount(given, expected) {
            if is_amount(given, keep(false, false)?.1) {
                return wrong("That is with all units, the outliers among them.");
            }
            if is_amount(given, keep(true, false)?.1) || is_amount(given, keep(false, true)?.1) {
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
            let mistakes = [
                (
                    right * pairs,
                    "That is the sum: divide it by the number of pairs.",
                ),
                (
                    right / 2.0,
                    "Half of it: every pair once makes n (n − 1) / 2 pairs.",
                ),
                (-right, "Only the sign is wrong."),
                (
                    (right + 1.0) / 2.0,
                    "That is the share of pairs that rise. Falling ones count −1.",
                ),
            ];
            let otherwise =
                "Each pair of points counts 1 where y rises with x, and −1 where it falls.";
            right_number(&case, given, right, &mistakes, otherwise)?;
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
            let mistakes = [
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
            let otherwise = "Which of the two roots is missing?";
            right_number(&case, given, right, &mistakes, otherwise)?;
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
mod tests;
