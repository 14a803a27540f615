//! Exercise 03: neighbours, ties, chance, and an estimator of one's own.

use std::time::Instant;

use mutinfo::{Estimator, Ksg1, Nats, Sample};
use ndarray::{Array1, Array2};

use crate::answer::Amount;
use crate::card::Card;
use crate::judge::{
    COMPUTED, Exercise, Judgement, Unit, amount, attempt, close, nats, number, worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 3,
    hints: &[
        "`Ksg1::default().estimate(&x, &y)?.to_bits()`: an estimator, the two columns with `&` \
         before each, and the unit.",
        "`let as_large = null.iter().filter(|&&value| value >= observed).count();`, and then (1 + \
         as_large) / (1 + null.len()), both turned into `f64`.",
        "`let mut rng = StdRng::seed_from_u64(seed);`, `let mut values = values.to_vec();`, \
         `values.shuffle(&mut rng);`, and `values` as the last line.",
        "For each seed from 0 to 198, estimate the MI of x and `shuffled(&y, seed)`, and push its \
         `.value()` into a `Vec`. Then `p_value(observed, &null)`.",
        "For each i: the distances to every j ≠ i are max(|x_j − x_i|, |y_j − y_i|); sort them, \
         and e is the one at [k − 1]. n_x counts the j ≠ i with |x_j − x_i| < e, and n_y likewise. \
         MI = ψ(k) + ψ(N) − the mean of (ψ(n_x + 1) + ψ(n_y + 1)).",
        "Dice show whole numbers, so count them: edges at 0.5, 1.5, …, 8.5 give each number its \
         own bin. `Histogram2d::new(&die, &total, edges.clone(), edges)?`.",
        "The scatter falls as 1 / √N: half of it needs four times the data.",
    ],
};

/// The stronger hint for a task.
pub fn hint(task: usize) -> Card {
    EXERCISE.hint(task)
}

/// KSG on a noisy circle.
pub fn task_1(x: &Array1<f64>, y: &Array1<f64>, mi: &impl Amount) -> Card {
    EXERCISE.card(1, || {
        let given = number(mi)?;
        let estimate = |k| worked(Ksg1::new(k).and_then(|ksg| ksg.estimate(x, y)));
        let usual = estimate(3)?;
        let same = |a: Nats| {
            [a.value(), a.to_bits().value()]
                .iter()
                .any(|&a| close(given, a, COMPUTED))
        };
        if !same(usual) {
            for k in (1..=20).filter(|&k| k != 3) {
                if same(estimate(k)?) {
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
            let usual_mistakes = [
                (
                    as_large / 5.0,
                    "count the observed value itself as one of the arrangements, above and below \
                     the line, so that p is never 0.",
                ),
                (
                    (1.0 + larger) / 6.0,
                    "null values equal to the observed one count as well.",
                ),
                (
                    (6.0 - as_large) / 6.0,
                    "count the null values that are as large, not those that are smaller.",
                ),
                (
                    p,
                    "count the null values that are as large as the observed one.",
                ),
            ];
            if !close(p, right, COMPUTED) {
                let advice = usual_mistakes
                    .iter()
                    .find(|(value, _)| close(p, *value, COMPUTED));
                return wrong(format!(
                    "For {case} you give {p:.3}, and {right:.3} is right: {}",
                    advice.map_or("", |(_, advice)| advice)
                ));
            }
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
            && [ksg.value(), ksg.to_bits().value()]
                .iter()
                .any(|&v| close(given, v, COMPUTED))
        {
            return wrong(
                "That is KSG's value. Its distances to the third neighbour are all 0 here, so it \
                 has nothing to measure.",
            );
        }
        amount(
            mi,
            whole_numbers(die, total)?,
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

/// How the points within the distance e to the k-th neighbour are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counting {
    /// |x_j − x_i| < e, as the paper says.
    Below,
    /// |x_j − x_i| ≤ e, a usual mistake.
    UpTo,
    /// As the paper, but ψ(n) for ψ(n + 1), another.
    WithoutOne,
}

/// KSG's first algorithm, slow and plain.
fn ksg(x: &[f64], y: &[f64], k: usize, counting: Counting) -> Nats {
    let n = x.len();
    let mut sum = 0.0;
    for i in 0..n {
        let mut distances: Vec<f64> = (0..n)
            .filter(|&j| j != i)
            .map(|j| (x[j] - x[i]).abs().max((y[j] - y[i]).abs()))
            .collect();
        distances.sort_by(f64::total_cmp);
        let e = distances[k - 1];
        let near = |values: &[f64]| {
            let counted = |j: usize| {
                let distance = (values[j] - values[i]).abs();
                distance < e || counting == Counting::UpTo && distance == e
            };
            let count = (0..n).filter(|&j| j != i && counted(j)).count();
            if counting == Counting::WithoutOne {
                count.max(1)
            } else {
                count + 1
            }
        };
        sum += digamma(near(x)) + digamma(near(y));
    }
    Nats(digamma(k) + digamma(n) - sum / n as f64)
}

/// ψ(n) = −γ + 1 + 1/2 + … + 1/(n − 1).
fn digamma(n: usize) -> f64 {
    const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;
    (1..n).map(|i| 1.0 / i as f64).sum::<f64>() - EULER_GAMMA
}

/// Values in units of their standard deviation.
fn deviations(values: &[f64]) -> Vec<f64> {
    let sd = Array1::from(values.to_vec()).std(0.0);
    values.iter().map(|value| value / sd).collect()
}

/// I of two columns of whole numbers that are not negative.
fn whole_numbers(x: &Array1<f64>, y: &Array1<f64>) -> Judgement<Nats> {
    let size = |values: &Array1<f64>| values.fold(0.0, |a: f64, &b| a.max(b)) as usize + 1;
    let mut counts = Array2::zeros((size(x), size(y)));
    for (&x, &y) in x.iter().zip(y) {
        counts[[x as usize, y as usize]] += 1;
    }
    Ok(worked(mutinfo::ContingencyTable::new(counts))?
        .proportions()
        .mutual_information())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{BLANK, blank};
    use crate::card::Outcome::{NotAnswered, Passed, Wrong};
    use mutinfo::ndarray_rand;
    use ndarray_rand::rand::SeedableRng;
    use ndarray_rand::rand::rngs::StdRng;
    use ndarray_rand::rand::seq::SliceRandom;

    fn circle() -> (Array1<f64>, Array1<f64>) {
        let noise = Sample::coupled_normals(200, 0.0, 7).unwrap();
        let angle = Array1::linspace(0.0, std::f64::consts::TAU, 200);
        (angle.cos() + 0.1 * noise.x, angle.sin() + 0.1 * noise.y)
    }

    fn dice() -> (Array1<f64>, Array1<f64>) {
        let die = Array1::from_iter((0..240).map(|i| f64::from(i % 6 + 1)));
        let total = &die + &Array1::from_iter((0..240).map(|i| f64::from(i / 6 % 2 + 1)));
        (die, total)
    }

    fn shuffled(values: &[f64], seed: u64) -> Vec<f64> {
        let mut values = values.to_vec();
        values.shuffle(&mut StdRng::seed_from_u64(seed));
        values
    }

    fn p_value(observed: f64, null: &[f64]) -> f64 {
        let as_large = null.iter().filter(|&&value| value >= observed).count();
        (1 + as_large) as f64 / (1 + null.len()) as f64
    }

    fn right_ksg(x: &[f64], y: &[f64], k: usize) -> Nats {
        ksg(x, y, k, Counting::Below)
    }

    #[test]
    fn the_slow_reference_is_the_crates_estimator() {
        let (x, y) = circle();
        let crates = Ksg1::default().estimate(&x, &y).unwrap();
        let slow = right_ksg(
            &deviations(x.as_slice().unwrap()),
            &deviations(y.as_slice().unwrap()),
            3,
        );
        assert!(
            close(slow.value(), crates.value(), 1e-12),
            "{slow} {crates}"
        );
    }

    #[test]
    fn right_answers_pass_however_they_are_spelled() {
        let (x, y) = circle();
        let mi = Ksg1::default().estimate(&x, &y).unwrap();
        let (die, total) = dice();
        let right = [
            task_1(&x, &y, &mi),
            task_1(&x, &y, &mi.to_bits()),
            task_1(&x, &y, &mi.to_bits().value()),
            task_1(&x, &y, &Ksg1::default().estimate(&x, &y)),
            task_2(p_value),
            task_3(shuffled),
            task_3(|values, seed| Array1::from(shuffled(values, seed))),
            task_4(&0.005),
            task_4(&0.001),
            task_5(right_ksg),
            task_5(|x, y, k| right_ksg(x, y, k).to_bits()),
            task_5(|x, y, k| right_ksg(x, y, k).value()),
            task_5(|x, y, k| right_ksg(&deviations(x), &deviations(y), k)),
            task_5(|x, y, k| Ksg1::new(k)?.estimate(x, y)),
            task_6(&die, &total, &1.751629167),
            task_6(&die, &total, &whole_numbers(&die, &total).unwrap()),
            task_7(&800),
        ];
        for card in right {
            assert_eq!(card.outcome(), Passed, "{card}");
        }
    }

    #[test]
    fn wrong_answers_get_the_message_that_fits() {
        let (x, y) = circle();
        let mi = Ksg1::default().estimate(&x, &y).unwrap();
        let with_k_5 = Ksg1::new(5).unwrap().estimate(&x, &y).unwrap();
        let (die, total) = dice();
        let rotated = |values: &[f64], seed: u64| {
            let mut values = values.to_vec();
            values.rotate_left(seed as usize % 3);
            values
        };
        let wrong = [
            (task_1(&x, &y, &mi.value()), "wrong unit"),
            (task_1(&x, &y, &with_k_5), "k = 5"),
            (task_1(&x, &y, &0.0), "too low"),
            (
                task_2(|o, null| {
                    null.iter().filter(|&&v| v >= o).count() as f64 / null.len() as f64
                }),
                "never 0",
            ),
            (
                task_2(|o, null| (1 + null.iter().filter(|&&v| v > o).count()) as f64 / 6.0),
                "equal",
            ),
            (
                task_2(|o, null| (1 + null.iter().filter(|&&v| v < o).count()) as f64 / 6.0),
                "not those that are smaller",
            ),
            (task_2(|_, null| null[5]), "panicked"),
            (task_2(|_, _| 0.123), "0.500 is right"),
            (task_3(|values, _| values.to_vec()), "in the order"),
            (task_3(|values, _| shuffled(values, 1)), "Two seeds"),
            (task_3(|values, _| vec![values[0]; values.len()]), "twice"),
            (task_3(rotated), "equally likely"),
            (task_4(&0.0), "cannot be 0"),
            (task_4(&0.4), "too large"),
            (task_4(&2.0), "not a probability"),
            (task_5(|x, y, k| right_ksg(x, y, k).clamped()), "signed"),
            (
                task_5(|x, y, k| ksg(x, y, k, Counting::UpTo)),
                "at distance e",
            ),
            (
                task_5(|x, y, k| ksg(x, y, k, Counting::WithoutOne)),
                "missing",
            ),
            (
                task_5(|x, y, k| right_ksg(x, y, k).to_bits().value()),
                "wrong unit",
            ),
            (task_5(|x, _, _| x[1000]), "panicked"),
            (task_5(|x, y, _| Ksg1::new(0)?.estimate(x, y)), "k = 0"),
            (task_6(&die, &total, &1.0), "too low"),
            (task_7(&400), "√2"),
            (task_7(&200), "too few"),
            (task_7(&3000), "Fewer"),
        ];
        for (card, says) in wrong {
            assert_eq!(card.outcome(), Wrong, "{card}");
            assert!(card.to_string().contains(says), "{says}: {card}");
        }
    }

    #[test]
    fn blanks_are_not_answered() {
        let (x, y) = circle();
        let (die, total) = dice();
        let cards = [
            task_1(&x, &y, &BLANK),
            task_2(|_, _| blank::<f64>()),
            task_3(|_, _| blank::<Vec<f64>>()),
            task_4(&BLANK),
            task_5(|_, _, _| blank::<Nats>()),
            task_6(&die, &total, &BLANK),
            task_7(&BLANK),
        ];
        assert_eq!(cards.len(), EXERCISE.hints.len());
        for card in cards {
            assert_eq!(card.outcome(), NotAnswered, "{card}");
        }
    }
}
