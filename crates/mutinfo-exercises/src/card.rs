//! [`Card`]: what a check answers, as coloured HTML in a notebook and as text elsewhere.

use std::fmt;

/// How an answer was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Right.
    Passed,
    /// Wrong, or the student's code failed.
    Wrong,
    /// Still blank.
    NotAnswered,
    /// No judgement: a hint that was asked for.
    Hint,
}

impl Outcome {
    /// The words that follow the task's number on a card's first line.
    pub fn words(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Wrong => "not right yet",
            Outcome::NotAnswered => "not answered yet",
            Outcome::Hint => "hint",
        }
    }

    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Outcome::Passed => "✓",
            Outcome::Wrong => "✗",
            Outcome::NotAnswered => "○",
            Outcome::Hint => "?",
        }
    }

    /// Red, green and blue, from Okabe and Ito's palette, which colour-blind readers can tell apart.
    fn colour(self) -> &'static str {
        match self {
            Outcome::Passed => "0, 158, 115",
            Outcome::Wrong => "213, 94, 0",
            Outcome::NotAnswered => "86, 180, 233",
            Outcome::Hint => "230, 159, 0",
        }
    }
}

/// The answer to an answer: a task's number, the outcome, and a sentence or two.
///
/// Its text begins with `[task 1.3] passed` (or `not right yet`, `not answered yet`, `hint`), which
/// `cargo lab grade` reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    task: String,
    outcome: Outcome,
    message: String,
}

impl Card {
    pub(crate) fn new(task: String, outcome: Outcome, message: String) -> Self {
        Self {
            task,
            outcome,
            message,
        }
    }

    /// The task's name, such as 1.3.
    pub fn task(&self) -> &str {
        &self.task
    }

    /// How the answer was judged.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The card as HTML. Text and background take the theme's colours, and a symbol and words say
    /// what the colour says.
    pub fn to_html(&self) -> String {
        let colour = self.outcome.colour();
        let paragraphs: String = self
            .message
            .lines()
            .map(|line| format!("<div style=\"margin-top: 4px\">{}</div>", marked_up(line)))
            .collect();
        format!(
            "<div role=\"status\" style=\"border-left: 6px solid rgb({colour}); \
             background-color: rgba({colour}, 0.14); padding: 8px 14px; max-width: 760px\">\
             <strong>{} Task {}: {}</strong>{paragraphs}</div>",
            self.outcome.symbol(),
            self.task,
            self.outcome.words(),
        )
    }

    /// Shows the card in a notebook: evcxr calls this for a cell's last value.
    pub fn evcxr_display(&self) {
        println!("EVCXR_BEGIN_CONTENT text/html\n{}", self.to_html());
        println!("EVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/plain\n{self}\nEVCXR_END_CONTENT");
    }
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "[task {}] {}\n{}",
            self.task,
            self.outcome.words(),
            self.message
        )
    }
}

/// Escapes HTML, and sets what stands between backticks as code.
fn marked_up(line: &str) -> String {
    let escaped = line
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    escaped
        .split('`')
        .enumerate()
        .map(|(i, part)| match i % 2 {
            0 => part.to_owned(),
            _ => format!("<code>{part}</code>"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_text_is_for_machines() {
        let card = Card::new("1.3".into(), Outcome::Passed, "Right.\nOn you go.".into());
        assert_eq!(card.to_string(), "[task 1.3] passed\nRight.\nOn you go.");
    }

    #[test]
    fn html_says_the_outcome_in_words_and_escapes_what_a_student_wrote() {
        let card = Card::new("1.3".into(), Outcome::Wrong, "`<script>` & `a`".into());
        let html = card.to_html();
        assert!(html.contains("✗ Task 1.3: not right yet"), "{html}");
        assert!(
            html.contains("<code>&lt;script&gt;</code> &amp; <code>a</code>"),
            "{html}"
        );
        assert!(!html.contains("<script>"));
    }
}
