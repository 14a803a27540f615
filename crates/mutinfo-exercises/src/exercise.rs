//! [`Exercise`]: the tasks of a notebook, their hints, and the cards that answer them.

use crate::card::{Card, Outcome};
use crate::judge::{Judgement, Objection};

/// The help that there is for a task, in two steps.
#[derive(Debug)]
pub struct Hints {
    /// The idea: what to compute, or where to look.
    pub first: &'static str,
    /// How it is done: nearly the answer.
    pub second: &'static str,
}

/// The tasks of one exercise notebook.
#[derive(Debug)]
pub struct Exercise {
    /// The notebook's number.
    pub number: usize,
    /// Each task's hints.
    pub hints: &'static [Hints],
}

impl Exercise {
    /// Makes a judgement a card.
    pub fn card(&self, task: usize, judge: impl FnOnce() -> Judgement) -> Card {
        let (outcome, message) = match judge() {
            Ok(praise) => (Outcome::Passed, praise),
            Err(Objection::Wrong(message)) => (
                Outcome::Wrong,
                format!("{message}\nFor a hint, run `check::hint({task})` in a new cell."),
            ),
            Err(Objection::NotAnswered) => (
                Outcome::NotAnswered,
                format!(
                    "Replace the blank in the cell above by your answer, run that cell, then this \
                     one.\nFor a hint, run `check::hint({task})` in a new cell."
                ),
            ),
        };
        Card::new(self.name(task), outcome, message)
    }

    /// A task's first hint, and how to see the second.
    pub fn hint(&self, task: usize) -> Card {
        self.hint_card(task, |hints| {
            format!(
                "{}\nNot enough? For a second, stronger hint, run `check::second_hint({task})` in \
                 a new cell.",
                hints.first
            )
        })
    }

    /// A task's second hint.
    pub fn second_hint(&self, task: usize) -> Card {
        self.hint_card(task, |hints| hints.second.to_owned())
    }

    fn hint_card(&self, task: usize, words: impl FnOnce(&Hints) -> String) -> Card {
        let hints = task.checked_sub(1).and_then(|i| self.hints.get(i));
        let message = hints.map_or_else(
            || {
                format!(
                    "There is no task {task} here: the tasks are 1 to {}.",
                    self.hints.len()
                )
            },
            words,
        );
        Card::new(self.name(task), Outcome::Hint, message)
    }

    fn name(&self, task: usize) -> String {
        format!("{}.{task}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::wrong;

    #[test]
    fn a_card_says_where_more_help_is() {
        let exercise = Exercise {
            number: 4,
            hints: &[Hints {
                first: "Think.",
                second: "Think of a table.",
            }],
        };
        let wrong = exercise.card(1, || wrong("No."));
        assert_eq!(wrong.outcome(), Outcome::Wrong);
        assert!(wrong.to_string().contains("check::hint(1)"));
        let first = exercise.hint(1).to_string();
        assert!(first.starts_with("[task 4.1] hint\nThink.\n"), "{first}");
        assert!(first.contains("check::second_hint(1)"), "{first}");
        let second = exercise.second_hint(1).to_string();
        assert_eq!(second, "[task 4.1] hint\nThink of a table.");
        for task in [0, 2] {
            for card in [exercise.hint(task), exercise.second_hint(task)] {
                assert!(
                    card.to_string().ends_with("the tasks are 1 to 1."),
                    "{card}"
                );
            }
        }
    }
}
