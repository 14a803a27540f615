//! What a student may answer: a number with or without a unit, a list of numbers, a result, or
//! nothing yet.
//!
//! Every check takes every form, so that a right answer passes however it is written, and an empty
//! one compiles.

use std::fmt;

use mutinfo::{Bits, Labels, Nats, Variable};
use ndarray::Array1;

/// What stands where an answer will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank;

/// The value to be replaced by an answer.
pub const BLANK: Blank = Blank;

/// The panic message of [`blank`].
pub(crate) const BLANK_MESSAGE: &str =
    "not answered yet: replace `blank()` by your own code, then run the cell again";

/// The function body to be replaced by an answer: it fits every return type, and panics when it
/// is called.
///
/// # Panics
/// Always; the checks know its message.
pub fn blank<T>() -> T {
    panic!("{BLANK_MESSAGE}")
}

/// An answer as the checks see it.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Not answered yet.
    Nothing,
    /// A bare number, without a unit.
    Number(f64),
    /// An amount in bits.
    Bits(f64),
    /// An amount in nats.
    Nats(f64),
    /// The student's code returned an error.
    Failed(String),
}

/// Anything that can be read as a number.
#[diagnostic::on_unimplemented(
    message = "the check cannot read this answer (`{Self}`) as a number: give it a number such as 1.75, or Bits(1.75), or Nats(1.213)",
    label = "not a number"
)]
pub trait Amount {
    /// The number, and its unit where it has one.
    fn given(&self) -> Given;
}

impl Amount for Blank {
    fn given(&self) -> Given {
        Given::Nothing
    }
}

impl Amount for Bits {
    fn given(&self) -> Given {
        Given::Bits(self.value())
    }
}

impl Amount for Nats {
    fn given(&self) -> Given {
        Given::Nats(self.value())
    }
}

impl Amount for f64 {
    fn given(&self) -> Given {
        Given::Number(*self)
    }
}

impl Amount for f32 {
    fn given(&self) -> Given {
        Given::Number(f64::from(*self))
    }
}

macro_rules! integers {
    ($($T:ty),*) => {$(
        impl Amount for $T {
            fn given(&self) -> Given {
                Given::Number(*self as f64)
            }
        }
    )*};
}
integers!(i32, i64, u32, u64, usize);

impl<T: Amount + ?Sized> Amount for &T {
    fn given(&self) -> Given {
        (**self).given()
    }
}

impl<T: Amount, E: fmt::Display> Amount for Result<T, E> {
    fn given(&self) -> Given {
        match self {
            Ok(amount) => amount.given(),
            Err(error) => Given::Failed(error.to_string()),
        }
    }
}

/// Anything that can be read as a list of numbers.
#[diagnostic::on_unimplemented(
    message = "the check cannot read this answer (`{Self}`) as a list of numbers: give it one such as [-1, 0, 1] or vec![0.5, 1.5]",
    label = "not a list of numbers"
)]
pub trait Numbers {
    /// Each number of the list; none where there is no answer yet.
    fn given(&self) -> Vec<Given>;
}

impl Numbers for Blank {
    fn given(&self) -> Vec<Given> {
        Vec::new()
    }
}

impl<T: Amount> Numbers for [T] {
    fn given(&self) -> Vec<Given> {
        self.iter().map(Amount::given).collect()
    }
}

impl<T: Amount, const N: usize> Numbers for [T; N] {
    fn given(&self) -> Vec<Given> {
        self.as_slice().given()
    }
}

impl<T: Amount> Numbers for Vec<T> {
    fn given(&self) -> Vec<Given> {
        self.as_slice().given()
    }
}

impl<T: Amount> Numbers for Array1<T> {
    fn given(&self) -> Vec<Given> {
        self.iter().map(Amount::given).collect()
    }
}

/// A blank variable has no sample, whatever its kind.
impl<'a> From<&'a Blank> for Variable<'a> {
    fn from(_: &'a Blank) -> Self {
        Variable::Discrete(Labels::new::<u8>(&[]))
    }
}
