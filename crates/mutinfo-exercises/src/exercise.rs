//! [`Exercise`]: the tasks of a notebook, their hints, and the cards that answer them.

use crate::card::{Card, Outcome};
use crate::judge::{Judgement, Objection};

/// The tasks of one exercise notebook.
#[derive(Debug)]
pub struct Exercise {
    /// The notebook's number.
    pub number: usize,
    /// For each task, the stronger hint.
    pub hints: &'static [&'static str],
}

impl Exercise {
    /// Makes a judgement a card.
    pub fn card(&self, task: usize, judge: impl FnOnce() -> Judgement) -> Card {
        let (outcome, message) = match judge() {
            Ok(praise) => (Outcome::Passed, praise),
            Err(Objection::Wrong(message)) => (
                Outcome::Wrong,
                format!("{message}\nFor a stronger hint, run `check::hint({task})` in a new cell."),
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

    /// The stronger hint for a task.
    pub fn hint(&self, task: usize) -> Card {
        let message = match task.checked_sub(1).and_then(|i| self.hints.get(i)) {
            Some(hint) => (*hint).to_owned(),
            None => format!(
                "There is no task {task} here: the tasks are 1 to {}.",
                self.hints.len()
            ),
        };
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
            hints: &["Think."],
        };
        let wrong = exercise.card(1, || wrong("No."));
        assert_eq!(wrong.outcome(), Outcome::Wrong);
        assert!(wrong.to_string().contains("check::hint(1)"));
        assert_eq!(exercise.hint(1).to_string(), "[task 4.1] hint\nThink.");
        assert!(exercise.hint(0).to_string().contains("tasks are 1 to 1"));
        assert!(exercise.hint(2).to_string().contains("tasks are 1 to 1"));
    }
}
