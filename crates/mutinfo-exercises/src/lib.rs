#![forbid(unsafe_code)]
//! The checks behind the exercise notebooks: one module for each notebook, one function for each
//! task. A check looks at a student's answer and returns a [`Card`].
//!
//! | step | module |
//! |---|---|
//! | what a student may answer | [`answer`] |
//! | whether the answer is right | [`judge`], with [`columns`] for pairs of them |
//! | what the student reads | [`card`], with the hints of an [`exercise`]; [`mod@score`] |
//! | the tasks and their hints | [`exercise_01`], [`exercise_02`], [`exercise_03`], [`exercise_04`], [`exercise_05`], [`exercise_06`] |
//!
//! ```
//! use mutinfo::Bits;
//! use mutinfo_exercises::{BLANK, exercise_01 as check};
//!
//! let not_yet = check::task_1(&BLANK);
//! assert!(not_yet.to_string().starts_with("[task 1.1] not answered yet"));
//!
//! let answered = check::task_1(&Bits(1.75));
//! assert!(answered.to_string().starts_with("[task 1.1] passed"));
//! ```

pub mod answer;
pub mod card;
pub mod columns;
pub mod exercise;
pub mod exercise_01;
pub mod exercise_02;
pub mod exercise_03;
pub mod exercise_04;
pub mod exercise_05;
pub mod exercise_06;
pub mod judge;
pub mod score;
#[cfg(test)]
mod testing;

pub use answer::{Amount, BLANK, Blank, Numbers, blank};
pub use card::{Card, Outcome};
pub use score::score;
