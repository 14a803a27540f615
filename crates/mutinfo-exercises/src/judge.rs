//! Whether an answer is right, and what to say where it is not.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Mutex, PoisonError};

use mutinfo::{Bits, Nats, Variable};

use crate::answer::{Amount, BLANK_MESSAGE, Given, Numbers};

/// How far a number worked out by hand may be off, relative to its size (or to 1): three decimals,
/// the last one rounded either way.
pub const BY_HAND: f64 = 1e-3;

/// How far a computed number may be off: other ways of adding up and a small ε are all right.
pub const COMPUTED: f64 = 1e-6;

/// Why an answer does not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// It is still blank.
    NotAnswered,
    /// It is wrong: what the student reads.
    Wrong(String),
}

/// What a check makes of an answer: a sentence of praise, or an objection.
pub type Judgement<T = String> = Result<T, Objection>;

/// An objection with a message.
pub fn wrong<T>(message: impl Into<String>) -> Judgement<T> {
    Err(Objection::Wrong(message.into()))
}

/// The unit that a task asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// log2
    Bits,
    /// ln
    Nats,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Bits => "bits",
            Unit::Nats => "nats",
        })
    }
}

/// Whether two numbers agree, relative to the expected one's size (or to 1).
pub fn close(value: f64, expected: f64, tolerance: f64) -> bool {
    (value - expected).abs() <= tolerance * expected.abs().max(1.0)
}

/// Whether a number is this amount, in bits or in nats.
pub fn is_amount(value: f64, amount: Nats) -> bool {
    close(value, amount.value(), COMPUTED) || close(value, amount.to_bits().value(), COMPUTED)
}

/// What to say of a number: that of the first mistake which leads to it, or something else.
pub fn advice<'a>(value: f64, mistakes: &[(f64, &'a str)], otherwise: &'a str) -> &'a str {
    let mut mistakes = mistakes.iter();
    let made = mistakes.find(|(mistake, _)| close(value, *mistake, COMPUTED));
    made.map_or(otherwise, |(_, advice)| advice)
}

/// Judges a number that was found for one of several cases.
pub fn right_number(
    case: &str,
    given: f64,
    right: f64,
    mistakes: &[(f64, &str)],
    otherwise: &str,
) -> Judgement<()> {
    if close(given, right, COMPUTED) {
        return Ok(());
    }
    let advice = advice(given, mistakes, otherwise);
    wrong(format!(
        "For {case} you give {given:.3}, and {right:.3} is right. {advice}"
    ))
}

/// Runs a student's code. A panic becomes an objection, and prints nothing.
pub fn attempt<T>(what: impl fmt::Display, code: impl FnOnce() -> T) -> Judgement<T> {
    /// The panic hook is the whole process's: one borrower at a time.
    static HOOK: Mutex<()> = Mutex::new(());
    let result = {
        let _borrowed = HOOK.lock().unwrap_or_else(PoisonError::into_inner);
        let hook = take_hook();
        set_hook(Box::new(|_| {}));
        let result = catch_unwind(AssertUnwindSafe(code));
        set_hook(hook);
        result
    };
    result.or_else(|payload| {
        let message = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        if message == BLANK_MESSAGE {
            Err(Objection::NotAnswered)
        } else {
            wrong(format!(
                "Your code panicked (it stopped half-way) on {what}: {message}"
            ))
        }
    })
}

/// A number without a unit, such as a probability.
pub fn number(answer: &impl Amount) -> Judgement<f64> {
    number_of(answer.given())
}

/// A list of numbers, with at least one.
pub fn numbers(answer: &(impl Numbers + ?Sized)) -> Judgement<Vec<f64>> {
    let given = answer.given();
    if given.is_empty() {
        return Err(Objection::NotAnswered);
    }
    given.into_iter().map(number_of).collect()
}

fn number_of(given: Given) -> Judgement<f64> {
    let value = match given {
        Given::Nothing => return Err(Objection::NotAnswered),
        Given::Failed(error) => return wrong(format!("Your code returned an error: {error}")),
        Given::Number(value) | Given::Bits(value) | Given::Nats(value) => value,
    };
    if value.is_nan() {
        return wrong(
            "You gave NaN, “not a number”. It comes from 0 · log 0, from 0 / 0, or from the \
             logarithm or root of a negative number.",
        );
    }
    Ok(value)
}

/// A student's function at each of these points.
pub fn values<A: Amount>(x: &[f64], of: impl Fn(f64) -> A) -> Judgement<Vec<f64>> {
    let value = |&x: &f64| {
        let value = number(&attempt(format!("x = {x:.3}"), || of(x))?)?;
        if value.is_finite() {
            Ok(value)
        } else {
            wrong(format!("For x = {x:.3} your function gives {value}."))
        }
    };
    x.iter().map(value).collect()
}

/// An amount in nats, by the unit that its type says, or, as a bare number, by the unit asked for.
pub fn nats(answer: &impl Amount, asked: Unit) -> Judgement<Nats> {
    let value = number(answer)?;
    Ok(match (answer.given(), asked) {
        (Given::Bits(_), _) | (Given::Number(_), Unit::Bits) => Bits(value).to_nats(),
        _ => Nats(value),
    })
}

/// An amount of information: right in the unit that its type says, or, as a bare number, in the
/// unit that was asked for.
pub fn amount(
    answer: &impl Amount,
    expected: Nats,
    asked: Unit,
    tolerance: f64,
    nudge: &str,
) -> Judgement<()> {
    let value = number(answer)?;
    let (unit, typed) = match answer.given() {
        Given::Bits(_) => (Unit::Bits, true),
        Given::Nats(_) => (Unit::Nats, true),
        _ => (asked, false),
    };
    let (bits, nats) = (Bits::from(expected).value(), expected.value());
    let (right, converted, other) = match unit {
        Unit::Bits => (bits, nats, Unit::Nats),
        Unit::Nats => (nats, bits, Unit::Bits),
    };
    if close(value, right, tolerance) {
        return Ok(());
    }
    if close(value, converted, tolerance) {
        return wrong(if typed {
            format!(
                "Right number, wrong unit: {value:.4} is the answer in {other}, but its type says \
                 {unit}."
            )
        } else {
            format!(
                "Right number, wrong unit: {value:.4} is the answer in {other}, and {unit} are \
                 asked for. 1 bit = ln 2 nat ≈ 0.693 nat."
            )
        });
    }
    if close(-value, right, tolerance) {
        return wrong(format!("Only the sign is wrong: you gave {value:.4}."));
    }
    let direction = if value > right { "high" } else { "low" };
    wrong(format!(
        "You gave {value:.4} {unit}, which is too {direction}. {nudge}"
    ))
}

/// A variable that a student made, with at least one sample.
pub fn variable<'a>(answer: impl Into<Variable<'a>>) -> Judgement<Variable<'a>> {
    let variable = answer.into();
    if variable.is_empty() {
        return Err(Objection::NotAnswered);
    }
    Ok(variable)
}

/// Makes an error of the crate an objection.
pub fn worked<T>(result: mutinfo::Result<T>) -> Judgement<T> {
    result.or_else(|error| wrong(format!("That gives an error: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{BLANK, blank};

    const ONE_BIT: Nats = Nats(std::f64::consts::LN_2);

    fn judge(answer: &impl Amount) -> Judgement<()> {
        amount(answer, ONE_BIT, Unit::Bits, COMPUTED, "Look again.")
    }

    fn message(judgement: Judgement<()>) -> String {
        match judgement {
            Err(Objection::Wrong(message)) => message,
            other => panic!("not wrong: {other:?}"),
        }
    }

    #[test]
    fn every_spelling_of_a_right_amount_passes() {
        assert_eq!(judge(&1.0), Ok(()));
        assert_eq!(judge(&1), Ok(()));
        assert_eq!(judge(&1_usize), Ok(()));
        assert_eq!(judge(&1.0_f32), Ok(()));
        assert_eq!(judge(&Bits(1.0)), Ok(()));
        assert_eq!(judge(&ONE_BIT), Ok(()));
        assert_eq!(judge(&&ONE_BIT), Ok(()));
        assert_eq!(judge(&Ok::<_, mutinfo::Error>(Bits(1.0 + 1e-9))), Ok(()));
    }

    #[test]
    fn every_spelling_of_a_list_of_numbers_is_read() {
        assert_eq!(numbers(&[1, 2]), Ok(vec![1.0, 2.0]));
        assert_eq!(numbers(&vec![1.0, 2.0]), Ok(vec![1.0, 2.0]));
        assert_eq!(numbers(&ndarray::array![1.0, 2.0]), Ok(vec![1.0, 2.0]));
        assert_eq!(numbers(&[1.0, 2.0][..]), Ok(vec![1.0, 2.0]));
        assert!(numbers(&[1.0, f64::NAN]).is_err());
    }

    #[test]
    fn a_wrong_unit_is_told_apart_from_a_wrong_number() {
        let ln2 = std::f64::consts::LN_2;
        assert!(message(judge(&ln2)).contains("bits are asked for"));
        assert!(message(judge(&Bits(ln2))).contains("its type says bits"));
        assert!(message(judge(&Nats(1.0))).contains("its type says nats"));
        assert!(message(judge(&-1.0)).contains("sign"));
        assert!(message(judge(&1.2)).contains("too high. Look again."));
        assert!(message(judge(&Bits(0.2))).contains("too low"));
        assert!(message(judge(&f64::NAN)).contains("NaN"));
        assert!(message(judge(&f64::INFINITY)).contains("too high"));
    }

    #[test]
    fn an_error_in_the_students_code_is_shown() {
        let failed: mutinfo::Result<Nats> = Err(mutinfo::Error::ZeroNeighbours);
        assert!(message(judge(&failed)).contains("k = 0"));
    }

    #[test]
    fn blanks_are_not_answered() {
        assert_eq!(judge(&BLANK), Err(Objection::NotAnswered));
        assert_eq!(attempt("1", blank::<f64>), Err(Objection::NotAnswered));
        assert_eq!(variable(&BLANK).err(), Some(Objection::NotAnswered));
        assert_eq!(numbers(&BLANK), Err(Objection::NotAnswered));
    }

    #[test]
    fn a_panic_is_an_objection_that_quotes_it() {
        let nothing: Vec<f64> = Vec::new();
        assert!(
            message(attempt("an empty slice", || assert_eq!(nothing[0], 0.0)))
                .contains("index out of bounds")
        );
    }
}
