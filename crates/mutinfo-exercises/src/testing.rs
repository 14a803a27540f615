//! What the tests of every exercise do alike.

use crate::card::{Card, Outcome};
use crate::exercise::Exercise;

/// Each card says that the answer is right.
pub fn assert_passed(cards: impl IntoIterator<Item = Card>) {
    for card in cards {
        assert_eq!(card.outcome(), Outcome::Passed, "{card}");
    }
}

/// Each card says that the answer is wrong, in these words among others.
pub fn assert_wrong(cards: impl IntoIterator<Item = (Card, &'static str)>) {
    for (card, says) in cards {
        assert_eq!(card.outcome(), Outcome::Wrong, "{card}");
        assert!(card.to_string().contains(says), "{says}: {card}");
    }
}

/// There is a card for each task, in their order, and each says that there is no answer yet.
pub fn assert_not_answered(exercise: &Exercise, cards: impl IntoIterator<Item = Card>) {
    let mut tasks = 0;
    for (card, task) in cards.into_iter().zip(1..) {
        assert_eq!(card.outcome(), Outcome::NotAnswered, "{card}");
        let start = format!("[task {}.{task}]", exercise.number);
        assert!(card.to_string().starts_with(&start), "{card}");
        tasks = task;
    }
    assert_eq!(tasks, exercise.hints.len());
}
