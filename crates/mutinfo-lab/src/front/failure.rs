//! What the student reads where a cell fails: in plain words, with the line, readable on any
//! background.

use std::collections::{BTreeMap, BTreeSet};

use jupyter_protocol::ErrorOutput;

use super::cell::{Cell, Refusal, Unkept};
use super::output::{MAX_PRINTED, Panic};

/// The name of the error where a cell panicked.
pub const PANIC: &str = "Panic";

/// The name of the error where a cell ended the process that runs cells, or the kernel.
pub const CRASH: &str = "Crash";

/// Why a cell failed.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The code panicked.
    Panic {
        /// What the panic said, where the hook was called.
        panic: Option<Panic>,
        /// The line of a cell at which it was, if it was at one.
        place: Option<Place>,
        /// The variables that existed, or would, and do not.
        lost: Vec<String>,
    },
    /// A `?` returned early.
    Returned {
        /// What the error says.
        message: String,
        /// The lines, from 1, with the `?`s that may have been it.
        lines: BTreeSet<usize>,
        /// The variables that existed, or would, and do not.
        lost: Vec<String>,
    },
    /// It was not run: the compiler, or evcxr, does not take it.
    Refused(Vec<ErrorOutput>),
    /// It was not even sent.
    Unkept(Refusal),
    /// It was not sent: a check is asked about something whose own cell has failed.
    Stale(String),
    /// The student stopped it.
    Interrupted,
    /// It was stopped, as it printed without an end.
    PrintedTooMuch,
    /// The process that runs cells ended.
    Ended {
        /// How, in evcxr's words.
        how: String,
        /// The end of what it printed to stderr.
        last_words: String,
    },
    /// The kernel itself ended.
    KernelEnded,
}

impl Failure {
    /// What Jupyter shows in red.
    pub fn told(&self, cell: &Cell) -> ErrorOutput {
        let (name, message, mut lines) = match self {
            Self::Panic { panic, place, lost } => {
                let message = panic.as_ref().map_or("no message", |panic| &panic.message);
                let mut lines = match (place, panic) {
                    (Some(place), _) => place.shown(),
                    (None, Some(panic)) => {
                        vec![format!("in {}, called by this cell", in_short(panic))]
                    }
                    _ => Vec::new(),
                };
                lines.push(lost_in_words(lost));
                (PANIC, message.to_owned(), lines)
            }
            Self::Returned {
                message,
                lines,
                lost,
            } => {
                let mut shown: Vec<_> =
                    lines.iter().flat_map(|line| excerpt(cell, *line)).collect();
                if lines.len() > 1 {
                    shown.push("One of these `?` returned the error.".to_owned());
                }
                shown.push(lost_in_words(lost));
                ("Error", message.trim().to_owned(), shown)
            }
            Self::Refused(errors) => return refused(errors, cell),
            Self::Unkept(refusal) => {
                let (message, mend) = in_words(refusal);
                let mut lines = excerpt(cell, refusal.line);
                lines.push(mend);
                ("Error", message, lines)
            }
            Self::Stale(name) => (
                "Error",
                format!("there is no `{name}` to check: its cell failed when it last ran"),
                vec!["Mend that cell and run it again, then this one.".to_owned()],
            ),
            Self::Interrupted => (
                "Interrupted",
                "you stopped this cell".to_owned(),
                vec![
                    "All variables are gone, as they lived in the process that was stopped. Run \
                     the cells above again: Run → Run All Above Selected Cell."
                        .to_owned(),
                ],
            ),
            Self::PrintedTooMuch => (
                CRASH,
                format!(
                    "the cell was stopped: it put out more than {} MB",
                    MAX_PRINTED / 1_000_000
                ),
                vec![
                    "All variables are gone, as they lived in the process that was stopped. Mend \
                     this cell, and run the cells above again: Run → Run All Above Selected Cell."
                        .to_owned(),
                ],
            ),
            Self::Ended { how, last_words } => (
                CRASH,
                cause(how, last_words),
                vec![
                    "All variables are gone, as they lived in the process that ended. Mend this \
                     cell, and run the cells above again: Run → Run All Above Selected Cell."
                        .to_owned(),
                ],
            ),
            Self::KernelEnded => (
                CRASH,
                "the kernel ended".to_owned(),
                vec![
                    "Nothing that was defined exists now. Jupyter starts another kernel: run the \
                     notebook from its first cell."
                        .to_owned(),
                ],
            ),
        };
        lines.retain(|line| !line.is_empty());
        lines.insert(0, format!("{}: {message}", bold(name)));
        ErrorOutput {
            ename: name.to_owned(),
            evalue: message,
            traceback: lines,
        }
    }
}

/// Bold stands out on a light and on a dark ground; no colour does.
fn bold(text: &str) -> String {
    format!("\u{1b}[1m{text}\u{1b}[0m")
}

/// A line of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The number of the cell's last run, if it is another one than the cell that failed.
    pub cell: Option<usize>,
    /// The line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

impl Place {
    /// A line of the cell that failed, if it has that many.
    fn in_this(cell: &Cell, line: usize) -> Option<Self> {
        let text = cell.lines.get(line.checked_sub(1)?)?.clone();
        Some(Self {
            cell: None,
            line,
            text,
        })
    }

    /// The line under its number, and what cell it is of.
    fn shown(&self) -> Vec<String> {
        vec![self.in_words(), self.excerpt()]
    }

    fn in_words(&self) -> String {
        match self.cell {
            None => format!("in line {} of this cell", self.line),
            Some(number) => format!(
                "in line {} of cell [{number}], called by this cell",
                self.line
            ),
        }
    }

    fn excerpt(&self) -> String {
        format!("{:>4} │ {}", self.line, self.text)
    }
}

/// A line of the cell that failed.
fn excerpt(cell: &Cell, line: usize) -> Vec<String> {
    Place::in_this(cell, line)
        .map(|place| place.shown())
        .unwrap_or_default()
}

/// Where in a library it was.
fn in_short(panic: &Panic) -> String {
    let parts: Vec<_> = panic.file.split('/').collect();
    let source = parts.iter().rposition(|&part| part == "src").unwrap_or(0);
    let from = source.saturating_sub(1);
    format!("{} line {}", parts[from..].join("/"), panic.line)
}

fn lost_in_words(lost: &[String]) -> String {
    let names: Vec<_> = lost.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "No variable is lost.".to_owned(),
        [name] => format!("The variable {name} does not exist now; all others are as before."),
        [names @ .., last] => format!(
            "The variables {} and {last} do not exist now; all others are as before.",
            names.join(", ")
        ),
    }
}

/// How the cells' process ended, in plain words.
fn cause(how: &str, last_words: &str) -> String {
    // evcxr handles this signal, and Rust's own message does not come; safe code has no other way
    // to it.
    if how.contains("SIGSEGV") || last_words.contains("overflowed its stack") {
        return "the stack overflowed: a function calls itself without an end, or a very large \
                array is a local variable"
            .to_owned();
    }
    if last_words.contains("memory allocation of") {
        return "no memory was left".to_owned();
    }
    if how.contains("SIGKILL") {
        return "the process that runs the cells was killed, perhaps because the machine's memory \
                was full"
            .to_owned();
    }
    let status = how
        .split_once("with status: ")
        .map_or(how, |(_, status)| status)
        .trim();
    format!("the process that runs the cells ended ({status})")
}

fn in_words(refusal: &Refusal) -> (String, String) {
    let name = &refusal.name;
    match &refusal.what {
        Unkept::Closure => (
            format!("`{name}` would be a closure, and no cell can hand one on to the next"),
            format!(
                "Write it as a function, `fn {name}(…) -> … {{ … }}`, or put all that uses it \
                 into one cell between {{ and }}."
            ),
        ),
        Unkept::Reference(of) => (
            format!(
                "`{name}` would borrow `{of}`, and no cell can hand a reference on to the next"
            ),
            "Copy it by `.clone()` in place of the `&`, or write the `&` where you use it, or put \
             all that uses it into one cell between { and }."
                .to_owned(),
        ),
    }
}

/// evcxr's errors, laid out as the compiler does.
fn refused(errors: &[ErrorOutput], cell: &Cell) -> ErrorOutput {
    let mut traceback = Vec::new();
    let mut first = None;
    for error in errors {
        let parts: Vec<_> = error.traceback.iter().map(|part| plain(part)).collect();
        let (message, mend) = in_a_notebook(&plain(&error.evalue), &parts);
        if !traceback.is_empty() {
            traceback.push(String::new());
        }
        traceback.push(format!("{}: {message}", bold("Error")));
        traceback.extend(laid_out(&parts, &message, cell));
        let helps = parts.iter().filter(|part| part.starts_with("help: "));
        match mend {
            Some(mend) => traceback.push(mend),
            None => traceback.extend(helps.map(|help| on_few_lines(help))),
        }
        first.get_or_insert(message);
    }
    ErrorOutput {
        ename: "Error".to_owned(),
        evalue: first.unwrap_or_default(),
        traceback,
    }
}

/// The source lines that the compiler speaks of, each with what it says below.
fn laid_out(parts: &[String], message: &str, cell: &Cell) -> Vec<String> {
    let mut said: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let (mut first, mut line) = (None, 0);
    for part in parts {
        if let Some(sent) = cell.line_sent_as(part)
            && sent <= cell.lines.len()
        {
            line = sent;
            first.get_or_insert(line);
            said.entry(line).or_default();
        } else if part.trim_start().starts_with('^')
            && let Some(remarks) = said.get_mut(&line)
        {
            let remark = part.replace(&format!("error: {message}"), "");
            remarks.push(format!("     │ {}", remark.trim_end()));
        }
    }
    let place = first.and_then(|line| Place::in_this(cell, line));
    let mut shown: Vec<_> = place.iter().map(Place::in_words).collect();
    for (line, remarks) in said {
        shown.extend(Place::in_this(cell, line).map(|place| place.excerpt()));
        shown.extend(remarks);
    }
    shown
}

/// A suggestion, on one line where what it suggests is short.
fn on_few_lines(help: &str) -> String {
    match help.split_once("\n\n") {
        Some((words, code)) if words.contains(&format!("`{}`", code.trim())) => words.to_owned(),
        Some((words, code)) if !code.contains('\n') => format!("{words}: `{}`", code.trim()),
        _ => help.to_owned(),
    }
}

/// What is not allowed in a notebook, or is put in a way that does not fit one, in other
/// words and with its mend.
fn in_a_notebook(message: &str, parts: &[String]) -> (String, Option<String>) {
    let text = parts.join("\n");
    let says = |words: &str| message.contains(words) || text.contains(words);
    let name = message.split('`').nth(1).unwrap_or("this variable");
    let mend = if says("reference with a non-static lifetime") {
        let message = format!(
            "`{name}` borrows from another value, and no cell can hand a reference on to the next"
        );
        let mend = "Copy what it points to (`.clone()`, `.to_owned()`, `.to_vec()`), or put all \
                    that uses it into one cell between { and }.";
        return (message, Some(mend.to_owned()));
    } else if says("cannot be persisted") {
        let message = format!("`{name}` cannot be handed on to the next cell");
        let mend = "Put all that uses it into one cell between { and }.";
        return (message, Some(mend.to_owned()));
    } else if message.contains("method `evcxr_display`") {
        let of = message.split('`').nth(3).unwrap_or("this type");
        let message = format!(
            "a value of the type `{}` cannot be shown: it has no `Debug`",
            of.trim_start_matches('&')
        );
        let mend = "Write `#[derive(Debug)]` above the type's definition, if it is yours, or show \
                    a part of the value. With a `;` at the line's end nothing is shown.";
        return (message, Some(mend.to_owned()));
    } else if says("expected `usize`, found `i32`") {
        "A whole number is kept as an `i32` unless its cell says otherwise: define it as \
         `let k: usize = 5;`."
    } else if says("expected function, found") {
        "A variable of yours has the function's name and hides it. Choose another name for the \
         variable; the function is back after Kernel → Restart Kernel."
    } else if says("as mutable") || says("cannot assign twice") {
        "To change a variable of an earlier cell, make it mutable first: `let mut x = x;`."
    } else {
        return (message.to_owned(), None);
    };
    (message.to_owned(), Some(mend.to_owned()))
}

/// Text without the codes for colours.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

/// The card below a cell that panicked, in HTML and in plain text.
pub fn card(message: &str, lost: &[String]) -> (String, String) {
    let in_html = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut lost_marked_up = String::new();
    for (index, part) in in_html(&lost_in_words(lost)).split('`').enumerate() {
        lost_marked_up += &match index % 2 {
            0 => part.to_owned(),
            _ => format!("<code>{part}</code>"),
        };
    }
    let html = format!(
        "<div role=\"alert\" style=\"border-left: 6px solid rgb(213, 94, 0); \
         background-color: rgba(213, 94, 0, 0.14); padding: 8px 14px; max-width: 760px\">\
         <strong>✗ This cell panicked: it stopped half-way</strong>\
         <div style=\"margin-top: 4px\"><code>{}</code></div>\
         <div style=\"margin-top: 4px\">{lost_marked_up} Mend the cell and run it again.</div></div>",
        in_html(message)
    );
    (html, format!("[panic] {message}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn cell(code: &str) -> Cell {
        Cell::read(code, &HashMap::new())
    }

    fn traceback(failure: &Failure, code: &str) -> String {
        plain(&failure.told(&cell(code)).traceback.join("\n"))
    }

    #[test]
    fn a_panic_names_its_line_and_what_is_lost() {
        let failure = Failure::Panic {
            panic: Some(Panic {
                message: "index out of bounds".to_owned(),
                file: "src/lib.rs".to_owned(),
                line: 40,
                column: 5,
            }),
            place: Some(Place {
                cell: None,
                line: 2,
                text: "let seventh = three[6];".to_owned(),
            }),
            lost: vec!["three".to_owned(), "seventh".to_owned()],
        };
        assert_eq!(
            traceback(&failure, "let three = 3; // é\nlet seventh = three[6];"),
            "Panic: index out of bounds\nin line 2 of this cell\n   2 │ let seventh = three[6];\n\
             The variables `three` and `seventh` do not exist now; all others are as before."
        );
        let (html, plain) = card("a < b", &["seventh".to_owned()]);
        assert!(html.contains("<code>seventh</code>"), "{html}");
        assert!(html.contains("a &lt; b"), "{html}");
        assert_eq!(plain, "[panic] a < b");
    }

    #[test]
    fn a_compile_error_is_laid_out_with_the_lines_numbers_whatever_they_hold() {
        let code = "let a = 1; // é\nlet b: f64 = \"é\";";
        let sent = "let b: f64 = \"é\";";
        let error = ErrorOutput {
            ename: "Error".to_owned(),
            evalue: "mismatched types".to_owned(),
            traceback: vec![
                sent.to_owned(),
                "\u{1b}[91m             ^^^\u{1b}[0m \u{1b}[94mexpected `f64`\u{1b}[0m".to_owned(),
                "mismatched types".to_owned(),
                "\u{1b}[1mhelp\u{1b}[0m: try this".to_owned(),
            ],
        };
        assert_eq!(
            traceback(&Failure::Refused(vec![error]), code),
            "Error: mismatched types\nin line 2 of this cell\n   2 │ let b: f64 = \"é\";\n     \
             │              ^^^ expected `f64`\nhelp: try this"
        );
    }

    #[test]
    fn what_a_notebook_does_not_allow_comes_with_its_mend() {
        let with_mend = |message: &str, part: &str| in_a_notebook(message, &[part.to_owned()]);
        let (_, mend) = with_mend("expected function, found `f64`", "");
        assert!(mend.unwrap().contains("another name"));
        let (_, mend) = with_mend("mismatched types", "^ expected `usize`, found `i32`");
        assert!(mend.unwrap().contains("let k: usize"));
        let (message, mend) = with_mend(
            "The variable `s` contains a reference with a non-static lifetime so\ncan't be",
            "",
        );
        assert!(message.starts_with("`s` borrows"), "{message}");
        assert!(mend.is_some());
        let (message, mend) = with_mend("mismatched types", "");
        assert_eq!((message.as_str(), mend), ("mismatched types", None));
    }

    #[test]
    fn an_end_of_the_process_is_said_in_plain_words() {
        let stack = cause(
            "signal: 6 (SIGABRT)",
            "thread 'main' has overflowed its stack",
        );
        assert!(stack.contains("calls itself"), "{stack}");
        let exit = cause("Subprocess terminated with status: exit status: 3", "");
        assert!(exit.contains("(exit status: 3)"), "{exit}");
    }
}
