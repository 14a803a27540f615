//! Exercise 01: entropy, units, and a first mutual information.

use mutinfo::{Bits, Estimator, Histogram2d, Ksg1, Labels, Nats, Sample, Variable};

use crate::answer::{Amount, Given};
use crate::card::Card;
use crate::columns::{correlation, information, labels, one_bit};
use crate::exercise::{Exercise, Hints};
use crate::judge::{
    BY_HAND, COMPUTED, Judgement, Unit, amount, attempt, close, is_amount, number, values,
    variable, worked, wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 1,
    hints: &[
        Hints {
            first: "Think of a game: ask yes-or-no questions until you know the letter, and ask \
                    about the likeliest first. How many questions does it take for an A, for a B, \
                    for a C, for a D? Weigh each number by how likely its letter is, and add the \
                    four up: here that mean is the entropy.",
            second: "H = 0.5 · log2(1/0.5) + 0.25 · log2(1/0.25) + 0.125 · log2(1/0.125) + 0.125 · \
                     log2(1/0.125), and log2(1/0.5) = 1, log2(1/0.25) = 2, log2(1/0.125) = 3.",
        },
        Hints {
            first: "The sum is that of task 1.1 with ln in place of log2, and ln is log2 times one \
                    fixed factor. The crate knows that factor: an amount such as `Bits(1.0)` has a \
                    method that makes nats of it. (Type a dot behind it, then Tab, to see its \
                    methods.)",
            second: "1 bit = ln 2 nat, and ln 2 ≈ 0.693. The crate converts too: \
                     `Bits(1.75).to_nats()`.",
        },
        Hints {
            first: "Notebook 01 works an entropy out in step 2, with a `for` loop over the \
                    proportions. Yours is the same loop over `p`, inside a function. On one line it \
                    is `.filter`, `.map` and `.sum`, in that order, and the formula's minus sign \
                    stands in front.",
            second: "`-p.iter().filter(|&&p| p > 0.0).map(|p| p * p.log2()).sum::<f64>()`: the \
                     filter leaves out the zeros, the map makes a term of each p, the sum adds the \
                     terms.",
        },
        Hints {
            first: "Notebook 01 does it for bins of another kind, in step 4: look there for what \
                    comes behind the histogram. Bins of equal width come from its step 1, and the \
                    number of bins is the last thing in the brackets.",
            second: "Three steps behind one another: `Histogram2d::equal_width(&data.x, &data.y, \
                     10)?`, then `.proportions()`, then `.mutual_information()`.",
        },
        Hints {
            first: "Put 1 in the place of I, and undo the formula from the outside inwards: first \
                    the ½, then the logarithm (log2 a = b means a = 2 to the power of b), then the \
                    1 +, then the square. Or try numbers: the check says how much yours share.",
            second: "Solve ½ · log2(1 + c²) = 1 for c: log2(1 + c²) = 2, so 1 + c² = 4.",
        },
        Hints {
            first: "I(X; Y) is what there is to know about y, less what is left of that once x is \
                    known. Which variable has exactly 1 bit to know? (Notebook 01 begins with it.) \
                    And what must x tell, so that nothing is left?",
            second: "A fair coin has an entropy of 1 bit, and a variable shares all of its entropy \
                     with itself: x = 0, 1, 0, 1 and y the same (or the other way round).",
        },
        Hints {
            first: "`.value()` takes the bare number out of an amount, and from there on nothing \
                    reminds you of its unit. The estimator and `data.exact` both come in nats. \
                    Which of the cell's first two lines changes the unit before it takes the number \
                    out, and which does not?",
            second: "Before you subtract, both numbers need one unit: `let estimate = \
                     Ksg1::default().estimate(&data.x, &data.y)?.to_bits();` and `let exact = \
                     data.exact.to_bits();`. If both keep their types, Rust does not let you mix \
                     them.",
        },
        Hints {
            first: "x lies below 0 as often as above. Take a curve that falls on the left of 0 and \
                    rises on the right by as much: in the correlation the two halves cancel, though \
                    x still tells you y. Which simple function looks like that?",
            second: "Correlation measures how well a straight line fits. A valley has no best \
                     slope: try `x * x`.",
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

/// The entropy of 0.5, 0.25, 0.125, 0.125, in bits.
pub fn task_1(entropy: &impl Amount) -> Card {
    EXERCISE.card(1, || {
        amount(
            entropy,
            Bits(1.75).to_nats(),
            Unit::Bits,
            BY_HAND,
            "Each p contributes p · log2(1/p): how many halvings make that p?",
        )?;
        Ok("1.75 bits: on average you need 1.75 yes-or-no questions.".to_owned())
    })
}

/// The same entropy in nats.
pub fn task_2(entropy: &impl Amount) -> Card {
    EXERCISE.card(2, || {
        amount(
            entropy,
            Bits(1.75).to_nats(),
            Unit::Nats,
            BY_HAND,
            "It is the amount of task 1.1 in another unit, and a nat is the larger unit.",
        )?;
        Ok("The amount is the same, as 1 inch and 2.54 cm are one length.".to_owned())
    })
}

/// A function for the entropy in bits.
pub fn task_3<A: Amount>(entropy: impl Fn(&[f64]) -> A) -> Card {
    EXERCISE.card(3, || {
        let cases: [(&[f64], f64); 5] = [
            (&[0.5, 0.25, 0.125, 0.125], 1.75),
            (&[0.125; 8], 3.0),
            (&[0.9, 0.1], 0.4689955935892812),
            (&[1.0], 0.0),
            (&[0.5, 0.0, 0.5], 1.0),
        ];
        for (p, bits) in cases {
            let answer = attempt(format!("{p:?}"), || entropy(p))?;
            if p.contains(&0.0) && matches!(answer.given(), Given::Number(h) if h.is_nan()) {
                return wrong(format!(
                    "For {p:?} there is no number. 0 · log 0 counts as 0 in information theory, \
                     but a computer makes it NaN: leave the zeros out."
                ));
            }
            amount(
                &answer,
                Bits(bits).to_nats(),
                Unit::Bits,
                COMPUTED,
                &format!("That was for p = {p:?}, whose entropy is {bits:.3} bits."),
            )?;
        }
        Ok(
            "Right for five distributions, a certain one and one with an empty bin among them."
                .to_owned(),
        )
    })
}

/// The MI of a 10 × 10 histogram.
pub fn task_4(data: &Sample, mi: &impl Amount) -> Card {
    EXERCISE.card(4, || {
        let of_bins = |bins| -> Judgement<Nats> {
            Ok(worked(Histogram2d::equal_width(&data.x, &data.y, bins))?
                .proportions()
                .mutual_information())
        };
        let expected = of_bins(10)?;
        let given = number(mi)?;
        if !is_amount(given, expected) && is_amount(given, of_bins(15)?) {
            return wrong("That is the value for the lecture's 15 bins. Use 10 here.");
        }
        amount(
            mi,
            expected,
            Unit::Bits,
            COMPUTED,
            "Is it a histogram of x and y with 10 equal-width bins an axis?",
        )?;
        Ok(format!(
            "{:.3}, and the exact value is {:.3}. Exercise 02 asks why.",
            expected.to_bits(),
            data.exact.to_bits()
        ))
    })
}

/// The coupling at which two normal variables share exactly 1 bit.
pub fn task_5(coupling: &impl Amount) -> Card {
    EXERCISE.card(5, || {
        let c = number(coupling)?;
        let shared = worked(Sample::coupled_normals(1, c, 0))?.exact;
        if close(shared.to_bits().value(), 1.0, BY_HAND) {
            return Ok(format!(
                "With c = {c:.3}, x and y share 1 bit. The sign of c does not matter to MI."
            ));
        }
        if close(shared.value(), 1.0, BY_HAND) {
            return wrong("With that coupling they share 1 nat. Bits are asked for.");
        }
        if close(c, 3.0, BY_HAND) {
            return wrong("3 is c². One step is missing.");
        }
        wrong(format!(
            "With c = {c:.3}, x and y share {:.3}.",
            shared.to_bits()
        ))
    })
}

/// Two variables of labels that share exactly 1 bit.
pub fn task_6<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Card {
    EXERCISE.card(6, || {
        let (x, y) = (labels(variable(x)?)?, labels(variable(y)?)?);
        let (hx, hy) = one_bit(
            &x,
            &y,
            "They know too much of each other: use fewer classes, or loosen the tie.",
        )?;
        Ok(format!(
            "H(x) = {hx:.3}, H(y) = {hy:.3}, and they share exactly 1 bit."
        ))
    })
}

/// KSG's error, with both numbers in one unit.
pub fn task_7(data: &Sample, error: &impl Amount) -> Card {
    EXERCISE.card(7, || {
        let estimate = worked(Ksg1::default().estimate(&data.x, &data.y))?;
        let given = number(error)?;
        if close(
            given,
            estimate.value() - data.exact.to_bits().value(),
            COMPUTED,
        ) {
            return wrong(
                "That is what the cell above computes. In which unit is each of its two numbers?",
            );
        }
        amount(
            error,
            estimate - data.exact,
            Unit::Bits,
            COMPUTED,
            "Take the estimate in bits, and subtract the exact value in bits.",
        )?;
        Ok(format!(
            "The estimate is off by {:.3}, not by {:.3}: keep the types `Bits` and `Nats` as long \
             as you can, and Rust will not let you mix them.",
            (estimate - data.exact).to_bits(),
            Bits(estimate.value() - data.exact.to_bits().value())
        ))
    })
}

/// A function of x that is uncorrelated with x and knows much of it.
pub fn task_8<A: Amount>(partner: impl Fn(f64) -> A) -> Card {
    EXERCISE.card(8, || {
        // Symmetric about 0, so that every even function of x has no correlation with it.
        let half = worked(Sample::coupled_normals(1000, 0.0, 8))?.x;
        let x: Vec<f64> = half.iter().flat_map(|&x| [x, -x]).collect();
        let y = values(&x, partner)?;
        let r = correlation(&x, &y);
        let (mi, _, _) = information(&ranked(&x, 16), &ranked(&y, 16))?;
        if y.iter().all(|&value| value == y[0]) {
            return wrong("y has the same value for every x: a constant knows nothing of x.");
        }
        if r.abs() > 0.1 {
            return wrong(format!(
                "The correlation is {r:.2}, and it should be nearly 0. Does your y go up on the \
                 whole (or down) as x goes up?"
            ));
        }
        if mi.value() < 0.5 {
            return wrong(format!(
                "The correlation is {r:.2}, good, but the MI is only {mi:.2}: y should tell at \
                 least half a bit about x."
            ));
        }
        Ok(format!(
            "Correlation {r:.2}, mutual information {mi:.2}: a straight line sees nothing, MI does."
        ))
    })
}

/// Classes of about equally many values; equal values are in one class.
fn ranked(values: &[f64], classes: usize) -> Labels {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Labels::new(
        &values
            .iter()
            .map(|&value| sorted.partition_point(|&other| other < value) * classes / sorted.len())
            .collect::<Vec<_>>(),
    )
}

#[cfg(test)]
mod tests;
