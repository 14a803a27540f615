//! Exercise 05: pairs of units, broken pairs, and what many tests need.

use mutinfo::{Estimator, Ksg1, PermutationTest, Ross};
use ndarray::{Array2, ArrayView1};

use crate::answer::Amount;
use crate::card::Card;
use crate::judge::{
    BY_HAND, COMPUTED, Exercise, Judgement, Unit, amount, attempt, close, number, worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 5,
    hints: &[
        "Each of the n units can be paired with n − 1 others, and that counts every pair twice: \
         `units * (units - 1) / 2`.",
        "Reorder one unit only: `Null::Shuffle.order(938, seed)` gives an order, and \
         `y.select(Axis(0), &order)` is y in that order. x stays as it is.",
        "`let mut seen = HashSet::new();`, then go through `ids.iter().enumerate()` and keep the \
         place where `seen.insert(*id)` is true: `insert` says whether the id was new.",
        "Sort the places of the p-values by their p-value. Go through them from the largest \
         (rank m) down to the smallest (rank 1), and carry the smallest p · m / rank so far \
         along: `least = least.min(p[i] * m / rank)`. That is the adjusted p-value of place i.",
        "What the correlation stands for is −½ log2(1 − ρ²) bits. Take that from the MI: two \
         minus signs make a plus. `bits + 0.5 * (1.0 - rho * rho).log2()`.",
        "`rank_units(layer.view(), &passage, &Ross::default())?` ranks the units; the first of \
         them is `[0]`, and its number is `.unit`.",
        "ψ(N) is about ln N, and 8 bits are 8 · ln 2 ≈ 5.545 nats. Solve ln N − ψ(3) = 5.545, or, \
         with the rule of thumb, N = 3 · 2⁸. ψ(3) = 0.923.",
    ],
};

/// The stronger hint for a task.
pub fn hint(task: usize) -> Card {
    EXERCISE.hint(task)
}

/// A function for the number of pairs.
pub fn task_1<A: Amount>(pairs: impl Fn(usize) -> A) -> Card {
    EXERCISE.card(1, || {
        for (units, right) in [(4, 6.0), (768, 294_528.0), (384, 73_536.0), (2, 1.0)] {
            let case = format!("{units} units");
            let given = number(&attempt(&case, || pairs(units))?)?;
            let n = units as f64;
            let advice = if given == n * n {
                "That pairs each unit with itself as well, and counts each other pair twice."
            } else if given == n * (n - 1.0) {
                "That counts each pair twice: 3 with 5, and 5 with 3."
            } else if given == n * (n + 1.0) / 2.0 {
                "That counts what a unit shares with itself as well."
            } else {
                "Write the pairs of 4 units down and count them."
            };
            if !close(given, right, COMPUTED) {
                return wrong(format!("For {case} you give {given}. {advice}"));
            }
        }
        Ok("768 units make 294,528 pairs, the course's number.".to_owned())
    })
}

/// The p-value of two units, against broken pairs.
pub fn task_2<'a>(
    x: impl Into<ArrayView1<'a, f64>>,
    y: impl Into<ArrayView1<'a, f64>>,
    p: &impl Amount,
) -> Card {
    let (x, y) = (x.into(), y.into());
    EXERCISE.card(2, || {
        let p = number(p)?;
        if !(0.0..=1.0).contains(&p) {
            return wrong(format!("{p} is not a probability."));
        }
        if p == 0.0 {
            return wrong(
                "A p-value from broken pairs is never 0: the real pair counts as one of the \
                 arrangements, above and below the line.",
            );
        }
        let test = worked(worked(PermutationTest::new(99, 5))?.run(&Ksg1::default(), x, y))?;
        if p <= test.p_value + 0.02 {
            return Ok(format!(
                "p = {p:.3}. Both units moved together stay a pair; one alone has to move."
            ));
        }
        wrong(if p == 1.0 {
            "With p = 1 every broken pair shares as much as the real one: they are not broken. \
             What happens to a cloud of points when both coordinates move together?"
                .to_owned()
        } else {
            format!("p = {p:.3} is too large: no broken pair shares as much as these units do.")
        })
    })
}

/// A function for the places where each id occurs first.
pub fn task_3<V: IntoIterator<Item = usize>>(first_of_each: impl Fn(&[i64]) -> V) -> Card {
    EXERCISE.card(3, || {
        let cases: [(&[i64], &[usize]); 4] = [
            (&[7, 3, 7, 9, 3], &[0, 1, 3]),
            (&[5, 5, 5], &[0]),
            (&[2, 1, 0, 1, 2, -4], &[0, 1, 2, 5]),
            (&[], &[]),
        ];
        for (ids, right) in cases {
            let mut given: Vec<usize> = attempt(format!("{ids:?}"), || {
                first_of_each(ids).into_iter().collect()
            })?;
            given.sort_unstable();
            if given != right {
                let last = |place: &usize| !ids[place + 1..].contains(&ids[*place]);
                let advice = if given.iter().any(|&place| place >= ids.len()) {
                    "Places count from 0. Do you return ids in place of places?"
                } else if given.iter().all(last) && given.len() == right.len() {
                    "Those are the last occurrences."
                } else {
                    "Each id should be there once, at the place where it is seen first."
                };
                return wrong(format!(
                    "For {ids:?} you give {given:?}, and {right:?} is right. {advice}"
                ));
            }
        }
        Ok("Each word once: that is what can be counted as one sample here.".to_owned())
    })
}

/// A function for Benjamini and Hochberg's adjustment.
pub fn task_4<V: IntoIterator<Item = f64>>(adjusted: impl Fn(&[f64]) -> V) -> Card {
    EXERCISE.card(4, || {
        let cases: [&[f64]; 5] = [
            &[0.01, 0.02, 0.03, 0.5],
            &[0.5, 0.001, 0.04, 0.03],
            &[0.02, 0.019, 0.9, 0.02, 0.8],
            &[0.3],
            &[0.9, 0.7, 0.95],
        ];
        for p in cases {
            let given: Vec<f64> = attempt(format!("{p:?}"), || adjusted(p).into_iter().collect())?;
            let right = worked(mutinfo::inference::benjamini_hochberg(p))?;
            let is = |other: &[f64]| {
                given.len() == other.len()
                    && given
                        .iter()
                        .zip(other)
                        .all(|(a, b)| close(*a, *b, COMPUTED))
            };
            if is(&right) {
                continue;
            }
            let m = p.len() as f64;
            let rank = |value: f64| p.iter().filter(|&&other| other <= value).count() as f64;
            let mut sorted = right.clone();
            sorted.sort_by(f64::total_cmp);
            let bonferroni: Vec<f64> = p.iter().map(|p| (p * m).min(1.0)).collect();
            let stepwise: Vec<f64> = p.iter().map(|&p| p * m / rank(p)).collect();
            let advice = if given.len() != p.len() {
                "There must be one adjusted p-value for each p-value."
            } else if is(&sorted) {
                "The values are right, but not their order: the first must belong to the first \
                 p-value, and so on."
            } else if is(&bonferroni) || is(&p.iter().map(|p| p * m).collect::<Vec<_>>()) {
                "That is Bonferroni's correction, which divides by no rank."
            } else if is(&stepwise) {
                "Almost: a larger p-value must not get a smaller adjusted one. Take the least of \
                 p · m / rank over this rank and all higher ones."
            } else {
                "With m p-values, the one of rank i becomes the least of p · m / rank over the \
                 ranks i to m."
            };
            return wrong(format!(
                "For {p:?} you give {given:.3?}, and {right:.3?} is right. {advice}"
            ));
        }
        Ok("Right for five lists, unsorted ones and ties among them.".to_owned())
    })
}

/// A function for the MI beyond the correlation, in bits.
pub fn task_5<A: Amount>(beyond: impl Fn(f64, f64) -> A) -> Card {
    EXERCISE.card(5, || {
        for (bits, rho) in [(0.9, 0.0), (0.5, 0.5_f64.sqrt()), (0.7, -0.8), (0.1, 0.6)] {
            let case = format!("{bits:.3} bits and a correlation of {rho:.3}");
            let answer = attempt(&case, || beyond(bits, rho))?;
            let squared: f64 = rho * rho;
            let right = bits + 0.5 * (1.0 - squared).log2();
            let given = number(&answer)?;
            let advice = if close(given, bits + 0.5 * (1.0 - squared).ln(), COMPUTED) {
                "You take nats from bits: log2, not ln."
            } else if close(given, bits - 0.5 * (1.0 - squared).log2(), COMPUTED) {
                "That adds what the correlation stands for. Mind the two minus signs."
            } else if close(given, right.max(0.0), COMPUTED) {
                "Don't cut it off at 0: below 0 is an answer as well."
            } else {
                "Take −½ log2(1 − ρ²) from the MI."
            };
            amount(
                &answer,
                mutinfo::Bits(right).to_nats(),
                Unit::Bits,
                COMPUTED,
                &format!("That was for {case}. {advice}"),
            )?;
        }
        Ok("Nothing is left of a straight line, and everything of a curve.".to_owned())
    })
}

/// The unit that knows most about the passage.
pub fn task_6(layer: &Array2<f64>, passage: &[i64], unit: &impl Amount) -> Card {
    EXERCISE.card(6, || {
        let given = number(unit)?;
        let mut scores = (0..layer.ncols())
            .map(|unit| {
                let information = worked(Ross::default().estimate(layer.column(unit), passage))?;
                Ok((unit, information))
            })
            .collect::<Judgement<Vec<_>>>()?;
        scores.sort_by(|a, b| b.1.value().total_cmp(&a.1.value()));
        let place = scores.iter().position(|&(unit, _)| unit as f64 == given);
        match place {
            Some(0) => Ok(format!(
                "Unit {given} shares {:.3} with the passage. It is the best of {}, so chance \
                 helped it to the top: the notebook says by how much.",
                scores[0].1.to_bits(),
                scores.len()
            )),
            Some(place) => wrong(format!(
                "Unit {given} has {:.3}, and {place} other units have more.",
                scores[place].1.to_bits()
            )),
            None => wrong(format!(
                "There is no unit {given}: they are numbered from 0 to {}.",
                layer.ncols() - 1
            )),
        }
    })
}

/// The number of samples from which on KSG can say 8 bits.
pub fn task_7(samples: &impl Amount) -> Card {
    EXERCISE.card(7, || {
        let given = number(samples)?;
        // ψ(645) − ψ(3) = 8 bits; by the rule of thumb log2(N / 3) = 8 it is 768.
        if (640.0..=800.0).contains(&given) {
            return Ok(
                "With fewer, the estimate is below 8 bits whatever the layers share: a limit of \
                 the data, not of the layers."
                    .to_owned(),
            );
        }
        wrong(if close(given, 256.0, BY_HAND) {
            "256 is 2⁸. Where is k?"
        } else if given < 640.0 {
            "With that few the ceiling is below 8 bits."
        } else {
            "Fewer will do."
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{BLANK, blank};
    use crate::card::Outcome::{NotAnswered, Passed, Wrong};
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
        for card in right {
            assert_eq!(card.outcome(), Passed, "{card}");
        }
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
            (task_7(&256), "Where is k"),
            (task_7(&94), "below 8 bits"),
            (task_7(&5000), "Fewer"),
        ];
        for (card, says) in wrong {
            assert_eq!(card.outcome(), Wrong, "{card}");
            assert!(card.to_string().contains(says), "{says}: {card}");
        }
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
        assert_eq!(cards.len(), EXERCISE.hints.len());
        for card in cards {
            assert_eq!(card.outcome(), NotAnswered, "{card}");
        }
    }
}
