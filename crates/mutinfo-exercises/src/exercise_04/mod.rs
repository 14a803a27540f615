//! Exercise 04: what mutual information and correlation each see.

use mutinfo::{Distribution, Estimator, Ksg1, Nats, Sample};

use crate::answer::{Amount, Numbers};
use crate::card::Card;
use crate::columns::{correlation, information, labels_of, one_bit};
use crate::exercise::{Exercise, Hints};
use crate::judge::{
    BY_HAND, COMPUTED, Judgement, Unit, advice, amount, attempt, close, is_amount, nats, number,
    numbers, values, worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 4,
    hints: &[
        Hints {
            first: "Draw a table with a row for each of the three points, and columns for x, y, x \
                    less its mean, and y less its mean. The covariance is the mean of a product of \
                    two of the columns. For the information, look at the column of y: how many \
                    different values are there, and how likely is each?",
            second: "Both means first: x has the mean 0, so the covariance is the mean of x · y, \
                     and x · y is −1, 0 and 1. Once you know x you know y, so they share all of \
                     H(y), and y is 1 in two of three cases: H(y) = 2/3 · log2(3/2) + 1/3 · \
                     log2(3).",
        },
        Hints {
            first: "Build it from the inside outwards: the square, 1 minus the square, its \
                    logarithm, times −0.5, and `Bits(...)` round it all. `.log2()` takes the \
                    logarithm of what stands directly before its dot, so a difference needs \
                    brackets.",
            second: "`Bits(-0.5 * (1.0 - rho * rho).log2())`. Mind the square: −0.9 is as close as \
                     0.9.",
        },
        Hints {
            first: "A fair coin has 1 bit. Let y be one, and let x tell for certain on which side \
                    it fell. And the correlation: in task 4.1 the covariance was 0 because products \
                    cancelled. What about those three points made them cancel? Do the same with \
                    four.",
            second: "Let x have four values that lie symmetrically about 0, such as −2, −1, 1, 2, \
                     and let y be one thing for the outer two and another for the inner two.",
        },
        Hints {
            first: "A correlation is large where two things turn together. Fold the axis of x at \
                    the point where y turns: two x that then lie on each other have the same y (but \
                    for noise), so your function should give them the same number.",
            second: "Look at the picture: y falls until x = π and then rises. A number that falls \
                     and rises with it is the distance to π, `(x - 3.14).abs()`, or the cosine \
                     itself.",
        },
        Hints {
            first: "Mutual information looks at pairs. Print the first three pairs of `data.x` and \
                    `data.y`, and the first three of the sorted x and y. Which of these pairs were \
                    drawn?",
            second: "A sample is a pair (x, y). Sorted one by one, the smallest x stands beside the \
                     smallest y, whoever it belonged to. Estimate from `&data.x` and `&data.y` as \
                     they were drawn.",
        },
        Hints {
            first: "There are three amounts: all of the information (an estimate), the part that \
                    the line can see (two functions that you have already, one inside the other), \
                    and their difference. A difference needs both in one unit, and the types tell \
                    you if they are not.",
            second: "Three lines: `let mi = Ksg1::default().estimate(x, y)?.to_bits();`, then `let \
                     rho = correlation(x, y);`, and as the last line `Ok(mi - \
                     from_correlation(rho))`.",
        },
        Hints {
            first: "Write a small function for the median first. Then look at each point: is its x \
                    above the median of x, and its y above that of y? That makes four counts, and \
                    divided by the number of points they are the table. Add up one term for each \
                    quadrant, and leave out the empty ones.",
            second: "With a and b the two medians, count how many points have x > a and y > b, and \
                     call their share of all points s. The four cells then hold s, ½ − s, ½ − s and \
                     s. MI is the sum of p · log2(p / ¼) over the cells, an empty one adding 0.",
        },
    ],
};

/// The exact share of the three points, H(1/3).
fn of_three_points() -> Nats {
    let third = 1.0_f64 / 3.0;
    Nats(-third * third.ln() - (1.0 - third) * (1.0 - third).ln())
}

/// What two normal variables of this correlation share.
fn of_normals(rho: f64) -> Nats {
    Nats(-0.5 * (1.0 - rho * rho).ln())
}

/// A task's first hint: the idea.
pub fn hint(task: usize) -> Card {
    EXERCISE.hint(task)
}

/// A task's second hint: nearly the answer.
pub fn second_hint(task: usize) -> Card {
    EXERCISE.second_hint(task)
}

/// Covariance and MI, in bits, of x = −1, 0, 1 and y = x².
pub fn task_1(covariance: &impl Amount, mi: &impl Amount) -> Card {
    EXERCISE.card(1, || {
        let covariance = number(covariance)?;
        number(mi)?;
        if !close(covariance, 0.0, BY_HAND) {
            return wrong(format!(
                "You gave a covariance of {covariance:.3}. What are the products of the two \
                 deviations, and what do they add up to?"
            ));
        }
        amount(
            mi,
            of_three_points(),
            Unit::Bits,
            BY_HAND,
            "How much of y is left to guess once you know x? And how uncertain is y before?",
        )?;
        Ok("Nothing for the covariance to see, and y is known entirely.".to_owned())
    })
}

/// A function for the MI, in bits, of two normal variables of a known correlation.
pub fn task_2<A: Amount>(from_correlation: impl Fn(f64) -> A) -> Card {
    EXERCISE.card(2, || {
        for rho in [0.0, 0.5, 0.9, -0.9, 0.999] {
            let answer = attempt(format!("ρ = {rho}"), || from_correlation(rho))?;
            let right = of_normals(rho);
            let given = nats(&answer, Unit::Bits)?;
            let advice = advice(
                given.value(),
                &[(2.0 * right.value(), "The ½ in front is missing.")],
                "Is it −½ log2(1 − ρ²), with the square?",
            );
            bits_for(&format!("ρ = {rho}"), &answer, right, advice)?;
        }
        Ok("Right for five correlations: nothing at 0, and the same for −0.9 and 0.9.".to_owned())
    })
}

/// Two lists of numbers without correlation that share exactly 1 bit.
pub fn task_3(x: &impl Numbers, y: &impl Numbers) -> Card {
    EXERCISE.card(3, || {
        let (x, y) = (numbers(x)?, numbers(y)?);
        let (a, b) = (labels_of(&x), labels_of(&y));
        one_bit(
            &a,
            &b,
            "That is too much: let y have two values only, each in half of the places.",
        )?;
        let r = correlation(&x, &y);
        if r.abs() > 1e-9 {
            return wrong(format!(
                "They share exactly 1 bit, good, but their correlation is {r:.3}. Let y be the \
                 same on both sides of the middle of x."
            ));
        }
        Ok("Exactly 1 bit, and no correlation at all.".to_owned())
    })
}

/// A function of x that the correlation with a cosine's y can see.
pub fn task_4<A: Amount>(feature: impl Fn(f64) -> A) -> Card {
    EXERCISE.card(4, || {
        let (x, y) = cosine()?;
        let seen = values(&x, feature)?;
        let (before, r) = (correlation(&x, &y), correlation(&seen, &y));
        if seen.iter().all(|&value| value == seen[0]) {
            return wrong("It has the same value for every x: a constant knows nothing of y.");
        }
        if r.abs() < 0.8 {
            return wrong(format!(
                "Its correlation with y is {r:.2}, and x itself has {before:.2}: it should be 0.8 \
                 or more, or −0.8 or less. Where does y fall with x, and where does it rise?"
            ));
        }
        Ok(format!(
            "The correlation is {r:.2}, where x itself has {before:.2}. The information was there \
             all the time: a function of x alone adds none, it only puts it where a line can see it."
        ))
    })
}

/// The MI of pairs that a cell has torn apart by sorting.
pub fn task_5(data: &Sample, mi: &impl Amount) -> Card {
    EXERCISE.card(5, || {
        let expected = worked(Ksg1::default().estimate(&data.x, &data.y))?;
        let sorted = worked(
            Ksg1::default().estimate(&ascending(&data.x.to_vec()), &ascending(&data.y.to_vec())),
        )?;
        let given = number(mi)?;
        if is_amount(given, sorted) {
            return wrong(
                "That is what the cell above computes. Is the first x still beside the y that was \
                 drawn with it?",
            );
        }
        amount(
            mi,
            expected,
            Unit::Bits,
            COMPUTED,
            "It should be the usual KSG estimate of the pairs as they were drawn.",
        )?;
        Ok(format!(
            "{:.3}, and exactly {:.3}. The order of the pairs does not matter; which x stands \
             beside which y is all that does.",
            expected.to_bits(),
            data.exact.to_bits()
        ))
    })
}

/// A function for the MI that is beyond what the correlation stands for, in bits.
pub fn task_6<A: Amount>(beyond: impl Fn(&[f64], &[f64]) -> A) -> Card {
    EXERCISE.card(6, || {
        let line = columns(&Distribution::normal(0.7), 300)?;
        let parabola = columns(&Distribution::Square(0.5), 300)?;
        for (name, (x, y)) in [
            ("a line", line),
            ("a parabola", parabola),
            ("a cosine", cosine()?),
        ] {
            let answer = attempt(name, || beyond(&x, &y))?;
            let whole = worked(Ksg1::default().estimate(&x, &y))?;
            let by_line = of_normals(correlation(&x, &y));
            let right = whole - by_line;
            let given = nats(&answer, Unit::Bits)?.to_bits().value();
            let mut mistakes = vec![
                (
                    whole.to_bits().value(),
                    "That is the whole MI: the correlation's share is not subtracted yet.",
                ),
                (
                    -right.to_bits().value(),
                    "Subtract the correlation's share from the estimate, not the other way round.",
                ),
                (
                    whole.value() - by_line.to_bits().value(),
                    "Of your two numbers one is in nats and the other in bits.",
                ),
            ];
            if right.value() < 0.0 {
                mistakes.push((
                    0.0,
                    "Return it signed: a small negative number is scatter, and 0 would hide that.",
                ));
            }
            let otherwise = "It should be the usual KSG estimate minus −½ log2(1 − ρ²).";
            let advice = advice(given, &mistakes, otherwise);
            bits_for(name, &answer, right, advice)?;
        }
        Ok("Right for a line, where nothing is left but scatter, and for two curves.".to_owned())
    })
}

/// The MI of the four quadrants round the medians, in bits, written by the student.
pub fn task_7<A: Amount>(quadrants: impl Fn(&[f64], &[f64]) -> A) -> Card {
    EXERCISE.card(7, || {
        let rising: Vec<f64> = (0..50).map(f64::from).collect();
        let parabola = columns(&Distribution::Square(0.5), 1000)?;
        let cases = [
            ("a rising line", columns(&Distribution::normal(0.7), 200)?),
            ("a falling line", columns(&Distribution::normal(-0.9), 100)?),
            ("a lopsided sample", {
                let (x, y) = columns(&Distribution::normal(0.7), 200)?;
                (x.into_iter().map(f64::exp).collect(), y)
            }),
            (
                "x = y, where two quadrants are empty",
                (rising.clone(), rising),
            ),
        ];
        for (name, (x, y)) in cases {
            let answer = attempt(name, || quadrants(&x, &y))?;
            let right = of_quadrants(&x, &y, median)?;
            let given = nats(&answer, Unit::Bits)?;
            let at_means = of_quadrants(&x, &y, mean)?;
            let advice = advice(
                given.value(),
                &[(
                    at_means.value(),
                    "That is the cut at the means. Cut at the medians.",
                )],
                "Each median has half of the values on either side.",
            );
            bits_for(name, &answer, right, advice)?;
        }
        let found = of_quadrants(&parabola.0, &parabola.1, median)?.to_bits();
        let there = worked(Distribution::Square(0.5).mutual_information())?.to_bits();
        Ok(format!(
            "Right for four samples. It cannot be thrown off by outliers, says at most 1 bit, and \
             finds only lines: on 1000 points of the parabola it says {found:.3}, and the \
             parabola has {there:.3}."
        ))
    })
}

/// Judges an amount in bits that was found for one of several data sets.
fn bits_for(name: &str, answer: &impl Amount, right: Nats, advice: &str) -> Judgement<()> {
    let bits = right.to_bits();
    let nudge = format!("That was for {name}, where {bits:.4} is right. {advice}");
    amount(answer, right, Unit::Bits, COMPUTED, &nudge)
}

/// Samples of a law, as two columns.
fn columns(law: &Distribution, n: usize) -> Judgement<(Vec<f64>, Vec<f64>)> {
    let sample = worked(law.sample(n, 4).and_then(Sample::numbers))?;
    Ok((
        sample.x.iter().copied().collect(),
        sample.y.iter().copied().collect(),
    ))
}

/// The notebook's cosine: a sine whose x is turned by a quarter of a circle.
fn cosine() -> Judgement<(Vec<f64>, Vec<f64>)> {
    use std::f64::consts::TAU;
    let (x, y) = columns(&Distribution::Sine(0.3), 500)?;
    let turned = x.iter().map(|x| (x - 0.25 * TAU).rem_euclid(TAU));
    Ok((turned.collect(), y))
}

fn ascending(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn median(values: &[f64]) -> f64 {
    let sorted = ascending(values);
    let middle = sorted.len() / 2;
    (sorted[middle - 1] + sorted[middle]) / 2.0
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// I of the four quadrants that a cut of x and a cut of y make.
fn of_quadrants(x: &[f64], y: &[f64], cut: fn(&[f64]) -> f64) -> Judgement<Nats> {
    let above = |values: &[f64]| -> Vec<f64> {
        let at = cut(values);
        values.iter().map(|&value| f64::from(value > at)).collect()
    };
    let (mi, _, _) = information(&labels_of(&above(x)), &labels_of(&above(y)))?;
    Ok(mi.to_nats())
}

#[cfg(test)]
mod tests;
