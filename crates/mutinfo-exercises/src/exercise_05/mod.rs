//! Exercise 05: pairs of units, broken pairs, and what many tests need.

use mutinfo::{Estimator, Ksg1, PermutationTest, Ross};
use ndarray::{Array2, ArrayView1};

use crate::answer::Amount;
use crate::card::Card;
use crate::exercise::{Exercise, Hints};
use crate::judge::{
    BY_HAND, COMPUTED, Judgement, Unit, advice, amount, attempt, close, number, worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 5,
    hints: &[
        Hints {
            first: "Choose a pair unit by unit: how many choices are there for the first, and how \
                    many are left for the second? And how many times does each pair turn up that \
                    way?",
            second: "Each of the n units can be paired with n − 1 others, and that counts every \
                     pair twice: `units * (units - 1) / 2`.",
        },
        Hints {
            first: "Follow one token. The values of x and y that belong to it stand in one row. In \
                    which row does the cell's reordering put that x, and in which that y? Are they \
                    still together?",
            second: "Reorder one unit only: `Surrogate::Shuffle.order(938, seed)` gives an order, \
                     and `y.select(Axis(0), &order)` is y in that order. x stays as it is.",
        },
        Hints {
            first: "Go through the ids with a memory for those that you have seen, and write down \
                    the place whenever an id is new. To ask and to remember is one call: what does \
                    `insert` answer? The id comes borrowed, and `*id` is the number itself.",
            second: "`let mut seen = HashSet::new();`, then go through `ids.iter().enumerate()` and \
                     keep the place where `seen.insert(*id)` is true: `insert` says whether the id \
                     was new.",
        },
        Hints {
            first: "Do it on paper first, for the p-values 0.01, 0.04 and 0.03. Sort them, work out \
                    p · m / rank for each, and then let none be larger than one of a higher rank: \
                    0.03, 0.04, 0.04. From which end of the sorted list must you go, so that one \
                    look at each is enough?",
            second: "Sort the places of the p-values by their p-value. Go through them from the \
                     largest (rank m) down to the smallest (rank 1), and carry the smallest p · m / \
                     rank so far along: `least = least.min(p[i] * m / rank)`. That is the adjusted \
                     p-value of place i.",
        },
        Hints {
            first: "Try it in your head: at ρ = 0 the line accounts for nothing, so all of the MI \
                    is beyond it. For a large ρ the logarithm is that of a number below 1, and so \
                    is negative, but the line's share is not. Should the result be larger or \
                    smaller than the MI that went in?",
            second: "What the correlation stands for is −½ log2(1 − ρ²) bits. Take that from the \
                     MI: two minus signs make a plus. `bits + 0.5 * (1.0 - rho * rho).log2()`.",
        },
        Hints {
            first: "Notebook 05 asks this of layer 4, in step 9: one function measures all units \
                    against labels and puts the best first. Of the first in its list you need only \
                    the number of the unit.",
            second: "`rank_units(layer_3.view(), &passage, &Ross::default())?` ranks the units; the \
                     first of them is `[0]`, and its number is `.unit`.",
        },
        Hints {
            first: "Take the rule of thumb, set it equal to 8, and solve for N. Which number has 8 \
                    as its logarithm to base 2? That number is N / k, the samples for each \
                    neighbour, and not yet N.",
            second: "ψ(N) is about ln N, and 8 bits are 8 · ln 2 ≈ 5.545 nats. Solve ln N − ψ(3) = \
                     5.545, or, with the rule of thumb, N = 3 · 2⁸. ψ(3) = 0.923.",
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

/// A function for the number of pairs.
pub fn task_1<A: Amount>(pairs: impl Fn(usize) -> A) -> Card {
    EXERCISE.card(1, || {
        for (units, right) in [(4, 6.0), (768, 294_528.0), (384, 73_536.0), (2, 1.0)] {
            let case = format!("{units} units");
            let given = number(&attempt(&case, || pairs(units))?)?;
            let n = units as f64;
            let mistakes = [
                (
                    n * n,
                    "That pairs each unit with itself as well, and counts each other pair twice.",
                ),
                (
                    n * (n - 1.0),
                    "That counts each pair twice: 3 with 5, and 5 with 3.",
                ),
                (
                    n * (n + 1.0) / 2.0,
                    "That counts what a unit shares with itself as well.",
                ),
            ];
            let otherwise = "Write the pairs of 4 units down and count them.";
            let advice = advice(given, &mistakes, otherwise);
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
            let mistakes = [
                (
                    bits + 0.5 * (1.0 - squared).ln(),
                    "You take nats from bits: log2, not ln.",
                ),
                (
                    bits - 0.5 * (1.0 - squared).log2(),
                    "That adds what the correlation stands for. Mind the two minus signs.",
                ),
                (
                    right.max(0.0),
                    "Don't cut it off at 0: below 0 is an answer as well.",
                ),
            ];
            let advice = advice(given, &mistakes, "Take −½ log2(1 − ρ²) from the MI.");
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
        if layer.ncols() == 0 {
            return wrong("The layer has no unit: give the layer that the notebook opened.");
        }
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
mod tests;
