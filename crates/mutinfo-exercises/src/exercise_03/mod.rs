//! Exercise 03: neighbours, ties, chance, and an estimator of one's own.

mod reference;

use std::time::Instant;

use mutinfo::{Bits, Estimator, Ksg1, Nats, Sample};
use ndarray::Array1;

use self::reference::{Counting, deviations, ksg};
use crate::answer::Amount;
use crate::card::Card;
use crate::columns::{information, labels_of};
use crate::exercise::{Exercise, Hints};
use crate::judge::{
    COMPUTED, Judgement, Unit, amount, attempt, close, is_amount, nats, number, right_number,
    worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 3,
    hints: &[
        Hints {
            first: "Notebook 01 has this line for other data, in step 5: an estimator, then \
                    `.estimate` with the two variables. It can fail, so `?` stands behind it, and \
                    it comes in nats.",
            second: "`Ksg1::default().estimate(&circle_x, &circle_y)?.to_bits()`: an estimator, \
                     the two columns with `&` before each, and the unit.",
        },
        Hints {
            first: "Count two things, the null values that are at least `observed` and all of them, \
                    and put both into the formula. Behind `.filter` write `|&&value|` and a \
                    condition: the two `&` take the number out of its wrapping. Both counts are \
                    whole numbers: turn them into `f64` before you divide.",
            second: "`let as_large = null.iter().filter(|&&value| value >= observed).count();`, and \
                     then (1 + as_large) / (1 + null.len()), both turned into `f64`.",
        },
        Hints {
            first: "Three steps: make a generator from the seed, inside the function, so that the \
                    same seed always begins alike; make a copy of the values that is your own; \
                    shuffle the copy, and return it. Both the generator and the copy will change, \
                    so both need `let mut`.",
            second: "`let mut rng = StdRng::seed_from_u64(seed);`, `let mut values = \
                     values.to_vec();`, `values.shuffle(&mut rng);`, and `values` as the last line.",
        },
        Hints {
            first: "One shuffle of y and one estimate make one null value: what x shares with a y \
                    that cannot know of it. A loop over 199 seeds collects them in a list \
                    (`Vec::new()` and `.push`), and your function of task 3.2 does the rest. \
                    Observed value and null values must be in one unit.",
            second: "For each seed from 0 to 198, estimate the MI of `circle_x` and \
                     `shuffled(&circle_y.to_vec(), seed)`, and push its `.value()` into a `Vec`. \
                     `observed` is the `.value()` of the same estimate without the shuffle. Then \
                     `p_value(observed, &null)`.",
        },
        Hints {
            first: "Begin with one point i, and print its e, n_x and n_y. It takes three passes \
                    over all the other points j: one that collects the distances, and two that \
                    count. `(a - b).abs()` is a distance in one variable, `a.max(b)` the larger of \
                    two numbers. When that works, put a loop over all i round it, and add up the \
                    terms with ψ.",
            second: "For each i: the distances to every j ≠ i are max(|x_j − x_i|, |y_j − y_i|); \
                     sort them, and e is the one at [k − 1]. n_x counts the j ≠ i with |x_j − x_i| \
                     < e, and n_y likewise. MI = ψ(k) + ψ(N) − the mean of (ψ(n_x + 1) + ψ(n_y + \
                     1)).",
        },
        Hints {
            first: "Here one can count: how often does each pair of a die's number and a total \
                    occur? `Histogram2d::new` counts with edges of your own, first those of x and \
                    then those of y. Where must edges lie so that 3 and 4 never fall together, and \
                    how far must they reach for the largest total?",
            second: "Dice show whole numbers, so count them: edges at 0.5, 1.5, …, 8.5 give each \
                     number its own bin. `Histogram2d::new(&die, &total, edges.clone(), edges)?`.",
        },
        Hints {
            first: "The estimate is a mean over the points. How does the standard deviation of a \
                    mean depend on how many values are averaged? It gets smaller as N grows, but \
                    more slowly than N grows. (Notebook 02, step 2, says how for this estimator.)",
            second: "The scatter falls as 1 / √N: half of it needs four times the data.",
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

/// KSG on a noisy circle.
pub fn task_1(x: &Array1<f64>, y: &Array1<f64>, mi: &impl Amount) -> Card {
    EXERCISE.card(1, || {
        let given = number(mi)?;
        let estimate = |k| worked(Ksg1::new(k).and_then(|ksg| ksg.estimate(x, y)));
        let usual = estimate(3)?;
        if !is_amount(given, usual) {
            for k in (1..=20).filter(|&k| k != 3) {
                if is_amount(given, estimate(k)?) {
                    return wrong(format!(
                        "That is KSG with k = {k}. Use its usual k, which is 3."
                    ));
                }
            }
        }
        amount(
            mi,
            usual,
            Unit::Bits,
            COMPUTED,
            "It should be KSG's estimate for x and y, the circle's two coordinates.",
        )?;
        Ok(format!(
            "{:.3}, where the correlation is about 0.",
            usual.to_bits()
        ))
    })
}

/// A function for a permutation p-value.
pub fn task_2<A: Amount>(p_value: impl Fn(f64, &[f64]) -> A) -> Card {
    EXERCISE.card(2, || {
        let null = [0.1, 0.4, 0.2, 0.3, 0.0];
        for (observed, as_large, larger) in [
            (0.3, 2.0, 1.0),
            (0.9, 0.0, 0.0),
            (-0.1, 5.0, 5.0),
            (0.15, 3.0, 3.0),
        ] {
            let case = format!("observed = {observed} and null = {null:?}");
            let p = number(&attempt(&case, || p_value(observed, &null))?)?;
            let right = (1.0 + as_large) / 6.0;
            let mistakes = [
                (
                    as_large / 5.0,
                    "Count the observed value itself as one of the arrangements, above and below \
                     the line, so that p is never 0.",
                ),
                (
                    (1.0 + larger) / 6.0,
                    "Null values equal to the observed one count as well.",
                ),
                (
                    (6.0 - as_large) / 6.0,
                    "Count the null values that are as large, not those that are smaller.",
                ),
            ];
            let otherwise = "Count the null values that are as large as the observed one.";
            right_number(&case, p, right, &mistakes, otherwise)?;
        }
        Ok("Right, for ties and at both ends, and never 0.".to_owned())
    })
}

/// A function that shuffles with a seed.
pub fn task_3<V: IntoIterator<Item = f64>>(shuffled: impl Fn(&[f64], u64) -> V) -> Card {
    EXERCISE.card(3, || {
        let run = |values: &[f64], seed: u64| -> Judgement<Vec<f64>> {
            attempt(format!("{} values and seed {seed}", values.len()), || {
                shuffled(values, seed).into_iter().collect()
            })
        };
        let values: Vec<f64> = (0..50).map(|i| f64::from(i % 40)).collect();
        let once = run(&values, 1)?;
        let sorted = |values: &[f64]| {
            let mut values = values.to_vec();
            values.sort_by(f64::total_cmp);
            values
        };
        if sorted(&once) != sorted(&values) {
            return wrong(
                "Not the same values came out as went in: a shuffle only changes their order, and \
                 draws none of them twice.",
            );
        }
        if once == values {
            return wrong("The values come out in the order they went in.");
        }
        if run(&values, 1)? != once {
            return wrong(
                "The same seed gave two different orders: make the generator from the seed.",
            );
        }
        if run(&values, 2)? == once {
            return wrong("Two seeds gave the same order: does the seed reach the generator?");
        }
        let mut orders = std::collections::BTreeMap::new();
        for seed in 0..600 {
            let order: Vec<u8> = run(&[1.0, 2.0, 3.0], seed)?
                .iter()
                .map(|&v| v as u8)
                .collect();
            *orders.entry(order).or_insert(0) += 1;
        }
        // 100 are expected of each; 50 is more than five standard deviations away.
        if orders.len() < 6 || orders.values().any(|&count| count < 50) {
            return wrong(format!(
                "Not every order is equally likely: 600 shuffles of 1, 2, 3 gave {} of the 6 \
                 orders as often as they should.",
                orders.values().filter(|&&count| count >= 50).count()
            ));
        }
        Ok(
            "It keeps the values, repeats with its seed, and every order is equally likely."
                .to_owned(),
        )
    })
}

/// The permutation p-value of the circle.
pub fn task_4(p: &impl Amount) -> Card {
    EXERCISE.card(4, || {
        let p = number(p)?;
        if p == 0.0 {
            return wrong("A permutation p-value cannot be 0: see task 3.2.");
        }
        if !(0.0..=1.0).contains(&p) {
            return wrong(format!("{p} is not a probability."));
        }
        if p > 0.02 {
            return wrong(format!(
                "p = {p:.3} is too large: no shuffle of y shares as much with x as y does. Is the \
                 observed value the MI of x and y, and every null value that of x and a shuffled y?"
            ));
        }
        Ok(format!(
            "p = {p:.3}: chance does not make a circle. The smallest p that 199 shuffles can give \
             is 1 / 200 = 0.005."
        ))
    })
}

/// KSG's first algorithm, written by the student.
pub fn task_5<A: Amount>(my_ksg: impl Fn(&[f64], &[f64], usize) -> A) -> Card {
    EXERCISE.card(5, || {
        for (n, coupling, k, seed) in [(60, 1.0, 3, 1), (80, 0.0, 5, 2), (50, 4.0, 1, 3)] {
            let data = worked(Sample::coupled_normals(n, coupling, seed))?;
            let (x, y) = (data.x.to_vec(), data.y.to_vec());
            let case = format!("N = {n}, coupling {coupling} and k = {k}");
            let answer = attempt(&case, || my_ksg(&x, &y, k))?;
            let value = nats(&answer, Unit::Nats)?.value();
            let expected = ksg(&x, &y, k, Counting::Below);
            let scaled = ksg(&deviations(&x), &deviations(&y), k, Counting::Below);
            let is = |other: Nats| close(value, other.value(), COMPUTED);
            if is(expected.clamped()) && expected.value() < 0.0 {
                return wrong(format!(
                    "For {case} the estimate is {expected:.4}, and you give 0: return it signed."
                ));
            }
            if is(ksg(&x, &y, k, Counting::UpTo)) {
                return wrong(format!(
                    "For {case} you count the neighbours at distance e as well: only those nearer \
                     than e count."
                ));
            }
            if is(ksg(&x, &y, k, Counting::WithoutOne)) {
                return wrong(format!(
                    "For {case} the + 1 in ψ(n_x + 1) and ψ(n_y + 1) is missing."
                ));
            }
            // Scaling both columns first is right as well.
            let meant = if is(scaled) || close(value, scaled.to_bits().value(), COMPUTED) {
                scaled
            } else {
                expected
            };
            amount(
                &answer,
                meant,
                Unit::Nats,
                COMPUTED,
                &format!("That was for {case}, where {expected:.4} is right."),
            )?;
        }
        let data = worked(Sample::coupled_normals(1000, 1.0, 4))?;
        let (x, y) = (data.x.to_vec(), data.y.to_vec());
        let start = Instant::now();
        attempt("N = 1000", || my_ksg(&x, &y, 3))?;
        let yours = start.elapsed();
        let start = Instant::now();
        worked(Ksg1::default().estimate(&x, &y))?;
        let crates = start.elapsed();
        // In words, so that the notebook with the solutions is the same each time it is made.
        let race = match yours.as_secs_f64() / crates.as_secs_f64() {
            10.0.. => "the crate's is more than ten times as fast",
            1.0.. => "the crate's wins",
            _ => "yours wins",
        };
        Ok(format!(
            "Yours is right on three samples. In the race with N = 1000, {race}."
        ))
    })
}

/// The MI of two columns of whole numbers.
pub fn task_6(die: &Array1<f64>, total: &Array1<f64>, mi: &impl Amount) -> Card {
    EXERCISE.card(6, || {
        let given = number(mi)?;
        if let Ok(ksg) = Ksg1::default().estimate(die, total)
            && is_amount(given, ksg)
        {
            return wrong(
                "That is KSG's value. Its distances to the third neighbour are all 0 here, so it \
                 has nothing to measure.",
            );
        }
        amount(
            mi,
            counted(die, total)?.to_nats(),
            Unit::Bits,
            COMPUTED,
            "Each number that a die can show should have a bin of its own.",
        )?;
        Ok("Labels and whole numbers are counted; distances are for measurements.".to_owned())
    })
}

/// The number of samples for half the scatter.
pub fn task_7(samples: &impl Amount) -> Card {
    EXERCISE.card(7, || {
        let given = number(samples)?;
        if (750.0..=850.0).contains(&given) {
            return Ok("Four times the data for half the scatter.".to_owned());
        }
        wrong(if close(given, 400.0, COMPUTED) {
            "Twice the data divides the scatter by √2 only."
        } else if given < 750.0 {
            "That is too few."
        } else {
            "Fewer will do."
        })
    })
}

/// I of two columns of whole numbers, each number a class.
fn counted(x: &Array1<f64>, y: &Array1<f64>) -> Judgement<Bits> {
    let (mi, _, _) = information(&labels_of(&x.to_vec()), &labels_of(&y.to_vec()))?;
    Ok(mi)
}

#[cfg(test)]
mod tests;
