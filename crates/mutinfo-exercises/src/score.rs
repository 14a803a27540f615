//! [`score`]: how many tasks of an exercise are solved.

use std::fmt;

use crate::card::{Card, Outcome};

/// What the cards of an exercise come to. A cell whose last line it is shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    tasks: Vec<(String, Outcome)>,
}

/// Counts the tasks that are solved.
///
/// ```
/// use mutinfo::Bits;
/// use mutinfo_exercises::{BLANK, exercise_01 as check, score};
///
/// let score = score(&[check::task_1(&Bits(1.75)), check::task_2(&BLANK)]);
/// assert_eq!(score.to_string(), "1 of 2 tasks passed: ✓ 1.1  ○ 1.2");
/// ```
pub fn score(cards: &[Card]) -> Score {
    let task = |card: &Card| (card.task().to_owned(), card.outcome());
    Score {
        tasks: cards.iter().map(task).collect(),
    }
}

impl Score {
    /// How many are solved.
    pub fn passed(&self) -> usize {
        let passed = |(_, outcome): &&(String, Outcome)| *outcome == Outcome::Passed;
        self.tasks.iter().filter(passed).count()
    }

    /// Shows the score in a notebook: evcxr calls this for a cell's last value.
    pub fn evcxr_display(&self) {
        println!(
            "EVCXR_BEGIN_CONTENT text/html\n<div role=\"status\"><strong>{} of {} tasks passed\
             </strong><div style=\"margin-top: 4px\">{}</div></div>\nEVCXR_END_CONTENT",
            self.passed(),
            self.tasks.len(),
            self.marks().join("&emsp;")
        );
        println!("EVCXR_BEGIN_CONTENT text/plain\n{self}\nEVCXR_END_CONTENT");
    }

    fn marks(&self) -> Vec<String> {
        let mark = |(task, outcome): &(String, Outcome)| format!("{} {task}", outcome.symbol());
        self.tasks.iter().map(mark).collect()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (passed, all) = (self.passed(), self.tasks.len());
        write!(
            f,
            "{passed} of {all} tasks passed: {}",
            self.marks().join("  ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passed_counts() {
        let card = |task: &str, outcome| Card::new(task.to_owned(), outcome, String::new());
        let score = score(&[
            card("1.1", Outcome::Passed),
            card("1.2", Outcome::Wrong),
            card("1.3", Outcome::NotAnswered),
            card("1.4", Outcome::Passed),
        ]);
        assert_eq!(score.passed(), 2);
        assert_eq!(
            score.to_string(),
            "2 of 4 tasks passed: ✓ 1.1  ✗ 1.2  ○ 1.3  ✓ 1.4"
        );
    }
}
