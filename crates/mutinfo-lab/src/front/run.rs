//! One cell under way, and what it has put out so far.

use std::collections::HashMap;
use std::mem;

use jupyter_protocol::{ErrorOutput, JupyterMessage, JupyterMessageContent, Media};
use serde_json::{Map, Value};
use tokio::time::{Duration, Instant};

use super::cell::Cell;
use super::failure::{Failure, Place};
use super::output::{MAX_PRINTED, Panic, Piece};

/// How long output is collected before it is sent: a cell may print a line a thousand times.
pub const COLLECT: Duration = Duration::from_millis(25);

/// How much text of a cell is shown, in bytes: more than anyone reads, less than a browser's page
/// can hold.
const MAX_SHOWN: usize = 1_000_000;

/// How much of the end of stderr is remembered for the case that the process ends.
const LAST_WORDS: usize = 4_000;

/// Something to be shown below the cell.
#[derive(Debug, Clone)]
pub enum Shown {
    /// Text on stdout.
    Out(String),
    /// Text on stderr.
    Err(String),
    /// A value, in its forms.
    Value(Media),
}

/// A cell under way.
#[derive(Debug)]
pub struct Run {
    /// Jupyter's request.
    pub request: JupyterMessage,
    /// Whether the cells behind it are not to be run where it fails.
    pub stops_others: bool,
    /// Its code.
    pub cell: Cell,
    /// The number of the kernel's request.
    pub id: String,
    /// When the student stopped it.
    pub interrupted: Option<Instant>,
    /// The last panic in the cells' process.
    pub panic: Option<Panic>,
    /// Where that was, in the notebook.
    pub panic_place: Option<Place>,
    /// The cell as a whole panicked.
    pub has_panicked: bool,
    /// A `?` of the cell returned an error.
    pub has_returned: bool,
    /// The errors that evcxr named.
    pub errors: Vec<ErrorOutput>,
    /// The statement that runs, where it was announced.
    statement: Option<usize>,
    /// What is to be sent, and since when it waits.
    waiting: Vec<Shown>,
    since: Option<Instant>,
    /// A value that may get another form.
    value: Map<String, Value>,
    printed: usize,
    last_words: String,
}

impl Run {
    /// A cell that was just sent.
    pub fn new(request: JupyterMessage, cell: Cell, id: String) -> Self {
        let stops_others = match &request.content {
            JupyterMessageContent::ExecuteRequest(wish) => wish.stop_on_error,
            _ => true,
        };
        Self {
            request,
            stops_others,
            cell,
            id,
            interrupted: None,
            panic: None,
            panic_place: None,
            has_panicked: false,
            has_returned: false,
            errors: Vec::new(),
            statement: None,
            waiting: Vec::new(),
            since: None,
            value: Map::new(),
            printed: 0,
            last_words: String::new(),
        }
    }

    /// Takes in a piece of what it printed.
    pub fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.print(text, Shown::Out),
            Piece::Content { mime, text } => self.add_form(mime, text),
            Piece::Panic(panic) => self.panic = Some(panic),
            Piece::Panicked => self.has_panicked = true,
            Piece::ReturnedError => self.has_returned = true,
            Piece::Statement(number) => self.statement = Some(number),
            Piece::Flushed | Piece::Complete(_) | Piece::ForEvcxr(_) => {}
        }
    }

    /// Takes in text on stderr.
    pub fn take_error_text(&mut self, text: String) {
        self.last_words.push_str(&text);
        if self.last_words.len() > LAST_WORDS {
            let mut start = self.last_words.len() - LAST_WORDS;
            while !self.last_words.is_char_boundary(start) {
                start += 1;
            }
            self.last_words.drain(..start);
        }
        self.print(text, Shown::Err);
    }

    fn print(&mut self, mut text: String, kind: fn(String) -> Shown) {
        let is_shown = self.printed < MAX_SHOWN;
        self.printed += text.len();
        if !is_shown {
            return;
        }
        if self.printed >= MAX_SHOWN {
            text.push_str("\n[What this cell prints from here on is not shown: it is too much.]\n");
        }
        self.end_value();
        let same_kind = match (self.waiting.last_mut(), kind(String::new())) {
            (Some(Shown::Out(before)), Shown::Out(_)) => Some(before),
            (Some(Shown::Err(before)), Shown::Err(_)) => Some(before),
            _ => None,
        };
        match same_kind {
            Some(before) => before.push_str(&text),
            None => self.waiting.push(kind(text)),
        }
        self.since.get_or_insert_with(Instant::now);
    }

    /// Forms of one value come one after the other; the same form again is another value.
    fn add_form(&mut self, mime: String, text: String) {
        if self.value.contains_key(&mime) {
            self.end_value();
        }
        let form = match serde_json::from_str(&text) {
            Ok(json) if mime.contains("json") => json,
            _ => Value::String(text),
        };
        self.value.insert(mime, form);
        self.since.get_or_insert_with(Instant::now);
    }

    fn end_value(&mut self) {
        let forms = mem::take(&mut self.value);
        // What `println!(…)` without a semicolon comes to is nothing to show.
        let is_nothing = forms.len() == 1 && forms.get("text/plain") == Some(&"()".into());
        if !forms.is_empty() && !is_nothing {
            let forms = Value::Object(forms);
            if let Ok(media) = serde_json::from_value(forms) {
                self.waiting.push(Shown::Value(media));
            }
        }
    }

    /// When what it put out is to be sent on.
    pub fn due(&self) -> Option<Instant> {
        self.since.map(|since| since + COLLECT)
    }

    /// What is to be sent now. A value that may still get another form stays.
    pub fn collected(&mut self) -> Vec<Shown> {
        self.since = None;
        mem::take(&mut self.waiting)
    }

    /// All that is left at the end of the cell.
    pub fn rest(&mut self) -> Vec<Shown> {
        self.end_value();
        self.collected()
    }

    /// Whether it has printed so much that it is not to go on.
    pub fn printed_too_much(&self) -> bool {
        self.printed > MAX_PRINTED
    }

    /// Why it was stopped.
    pub fn why_stopped(&self) -> Failure {
        if self.printed_too_much() {
            Failure::PrintedTooMuch
        } else {
            Failure::Interrupted
        }
    }

    /// The end of what it printed to stderr.
    pub fn last_words(&self) -> &str {
        &self.last_words
    }

    /// The text of the error that a `?` returned: it came last on stderr. If it has not been
    /// sent yet, it is not sent again as text.
    pub fn returned_error(&mut self) -> String {
        match self.waiting.pop_if(|last| matches!(last, Shown::Err(_))) {
            Some(Shown::Err(text)) => text,
            _ => self
                .last_words
                .lines()
                .last()
                .unwrap_or_default()
                .to_owned(),
        }
    }

    /// The lines of the `?`s that may have returned the error.
    pub fn returned_at(&self) -> std::collections::BTreeSet<usize> {
        let mut questions = self.cell.questions.iter();
        let question = match self.statement {
            Some(number) => questions.find(|question| question.statement == number),
            None => questions.next(),
        };
        question
            .map(|question| question.lines.clone())
            .unwrap_or_default()
    }

    /// The variables that are gone, of those there were before and those that the cell would
    /// have defined.
    pub fn lost(
        &self,
        before: &HashMap<String, String>,
        after: &HashMap<String, String>,
    ) -> Vec<String> {
        let mut lost: Vec<_> = before
            .keys()
            .chain(&self.cell.variables)
            .filter(|name| !after.contains_key(*name))
            .cloned()
            .collect();
        lost.sort();
        lost.dedup();
        lost
    }
}

#[cfg(test)]
mod tests {
    use jupyter_protocol::ExecuteRequest;

    use super::*;

    fn run(code: &str) -> Run {
        let cell = Cell::read(code, &HashMap::new());
        Run::new(
            ExecuteRequest::new(code.to_owned()).into(),
            cell,
            "1".to_owned(),
        )
    }

    fn form(mime: &str, text: &str) -> Piece {
        Piece::Content {
            mime: mime.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn two_figures_are_two_values_and_their_order_with_text_is_kept() {
        let mut run = run("");
        run.take(Piece::Text("a".to_owned()));
        run.take(Piece::Text("b\n".to_owned()));
        run.take(form("text/html", "<img>"));
        run.take(form("text/plain", "Figure"));
        run.take(form("text/html", "<img2>"));
        run.take_error_text("warning\n".to_owned());
        let rest = run.rest();
        assert_eq!(rest.len(), 4, "{rest:?}");
        assert!(matches!(&rest[0], Shown::Out(text) if text == "ab\n"));
        assert!(matches!(&rest[1], Shown::Value(media) if media.content.len() == 2));
        assert!(matches!(&rest[3], Shown::Err(text) if text == "warning\n"));
    }

    #[test]
    fn endless_printing_comes_to_an_end() {
        let mut run = run("");
        let mut sent = 0;
        for _ in 0..101 {
            assert!(!run.printed_too_much());
            run.take(Piece::Text("x".repeat(100_000)));
            sent += run
                .collected()
                .iter()
                .map(|shown| match shown {
                    Shown::Out(text) => text.len(),
                    _ => 0,
                })
                .sum::<usize>();
        }
        assert!((MAX_SHOWN..MAX_SHOWN + 200_000).contains(&sent), "{sent}");
    }

    #[test]
    fn the_question_mark_that_returned_is_the_last_one_announced() {
        let mut run = run("a()?;\nb()?;\nc()?;");
        assert_eq!(Vec::from_iter(run.returned_at()), [1]);
        run.take(Piece::Statement(1));
        assert_eq!(Vec::from_iter(run.returned_at()), [2]);
    }

    #[test]
    fn what_a_cell_would_have_defined_is_lost_with_what_it_took() {
        let run = run("let three = 3;\nlet (a, mut b) = c;");
        let names = |names: &[&str]| -> HashMap<String, String> {
            names
                .iter()
                .map(|&name| (name.to_owned(), String::new()))
                .collect()
        };
        let lost = run.lost(&names(&["c", "d"]), &names(&["d"]));
        assert_eq!(lost, ["a", "b", "c", "three"]);
    }
}
