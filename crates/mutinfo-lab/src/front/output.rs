//! What the cells' process prints, taken apart: text, values to show, remarks for the front,
//! and lines that are for evcxr.

use std::mem;

use crate::engine::{FLUSHED, REMARK};

/// What begins each line by which cells speak to evcxr.
const TO_EVCXR: &str = "EVCXR_";

const CONTENT: &str = "EVCXR_BEGIN_CONTENT ";
const CONTENT_END: &str = "EVCXR_END_CONTENT";
const PANICKED: &str = "EVCXR_PANIC_NOTIFICATION";
const RETURNED_ERROR: &str = "EVCXR_ERROR_OCCURRED";
const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";

/// How much text a cell may print before it is stopped, in bytes.
pub const MAX_PRINTED: usize = 10_000_000;

/// A piece of what was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text for the reader.
    Text(String),
    /// A value in one of its forms.
    Content {
        /// The form's MIME type.
        mime: String,
        /// The value in this form.
        text: String,
    },
    /// The panic hook was called: somewhere, be it caught or not.
    Panic(Panic),
    /// The statement with this number is about to run.
    Statement(usize),
    /// The cell as a whole panicked.
    Panicked,
    /// A `?` of the cell returned an error.
    ReturnedError,
    /// All that was printed before has been passed on.
    Flushed,
    /// For evcxr: the cell is done.
    Complete(String),
    /// For evcxr, something else.
    ForEvcxr(String),
}

/// What a panic said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// Its message.
    pub message: String,
    /// The source file, as the compiler named it.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// Takes a stream apart, however it is cut into chunks.
#[derive(Debug, Default)]
pub struct Output {
    /// What follows the last end of a line.
    rest: Vec<u8>,
    /// The form of a value that has begun, and its text so far.
    content: Option<(String, String)>,
}

impl Output {
    /// Takes in what was read.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Piece> {
        self.rest.extend_from_slice(bytes);
        let Some(end) = self.rest.iter().rposition(|&byte| byte == b'\n') else {
            return Vec::new();
        };
        let rest = self.rest.split_off(end + 1);
        let lines = mem::replace(&mut self.rest, rest);
        let mut pieces = Vec::new();
        for line in String::from_utf8_lossy(&lines).lines() {
            self.take_line(line, &mut pieces);
        }
        join_texts(pieces)
    }

    /// The text after the last end of a line, where it can be shown as it is.
    pub fn take_rest(&mut self) -> Option<String> {
        let whole = match std::str::from_utf8(&self.rest) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let text = String::from_utf8_lossy(&self.rest[..whole]).into_owned();
        let is_for_others = text.contains(REMARK) || text.contains(TO_EVCXR);
        if text.is_empty() || is_for_others || self.content.is_some() {
            return None;
        }
        self.rest.drain(..whole);
        Some(text)
    }

    fn take_line(&mut self, line: &str, pieces: &mut Vec<Piece>) {
        if let Some((_, text)) = &mut self.content {
            if line == CONTENT_END {
                self.end_content(pieces);
                return;
            }
            if line == PANICKED {
                self.end_content(pieces);
            } else if let Some(before) = before_flushed(line) {
                // A value is printed in several steps, and flushing comes between any two.
                text.push_str(before);
                pieces.push(Piece::Flushed);
                return;
            } else {
                text.push_str(line);
                text.push('\n');
                return;
            }
        }
        let special = line
            .find([REMARK])
            .into_iter()
            .chain(line.find(TO_EVCXR))
            .min();
        let (text, special) = match special {
            Some(start) => line.split_at(start),
            None => {
                pieces.push(Piece::Text(format!("{line}\n")));
                return;
            }
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        match special {
            PANICKED => {
                pieces.push(Piece::Panicked);
                pieces.push(Piece::ForEvcxr(special.to_owned()));
            }
            RETURNED_ERROR => {
                pieces.push(Piece::ReturnedError);
                pieces.push(Piece::ForEvcxr(special.to_owned()));
            }
            COMPLETE => pieces.push(Piece::Complete(special.to_owned())),
            _ => {
                if let Some(mime) = special.strip_prefix(CONTENT) {
                    self.content = Some((mime.to_owned(), String::new()));
                } else if let Some(remark) = special.strip_prefix(REMARK) {
                    pieces.extend(understood(remark));
                } else {
                    pieces.push(Piece::ForEvcxr(special.to_owned()));
                }
            }
        }
    }

    fn end_content(&mut self, pieces: &mut Vec<Piece>) {
        if let Some((mime, mut text)) = self.content.take() {
            if text.ends_with('\n') {
                text.pop();
            }
            pieces.push(Piece::Content { mime, text });
        }
    }
}

/// What stands before the remark that all is flushed, where the line ends with it.
fn before_flushed(line: &str) -> Option<&str> {
    line.strip_suffix(FLUSHED)?.strip_suffix(REMARK)
}

/// A remark for the front. One that a cell made up is nothing.
fn understood(remark: &str) -> Option<Piece> {
    if remark == FLUSHED {
        return Some(Piece::Flushed);
    }
    let (what, rest) = remark.split_once(' ')?;
    match what {
        "statement" => Some(Piece::Statement(rest.parse().ok()?)),
        "panic" => {
            let mut words = rest.splitn(3, ' ');
            let (line, column) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            let (file, message) = words.next()?.split_once("\" \"")?;
            Some(Piece::Panic(Panic {
                message: unescaped(message.strip_suffix('"')?),
                file: unescaped(file.strip_prefix('"')?),
                line,
                column,
            }))
        }
        _ => None,
    }
}

/// Text from Rust's debug format of it.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('0') => plain.push('\0'),
            Some('u') => {
                let digits: String = rest
                    .by_ref()
                    .skip(1)
                    .take_while(|&digit| digit != '}')
                    .collect();
                let code = u32::from_str_radix(&digits, 16).ok();
                plain.extend(code.and_then(char::from_u32));
            }
            other => plain.extend(other),
        }
    }
    plain
}

fn join_texts(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn what_is_printed_without_a_newline_is_shown_and_not_glued_to_what_follows() {
        let mut output = Output::default();
        let pieces = output.feed(b"a\nMI = \x1eflushed\n");
        assert_eq!(pieces, [text("a\nMI = "), Piece::Flushed]);
        let pieces = output.feed("MI = EVCXR_PANIC_NOTIFICATION\n".as_bytes());
        assert_eq!(pieces[..2], [text("MI = "), Piece::Panicked]);
        assert!(output.feed("half a lin\u{e9}".as_bytes()).is_empty());
        assert_eq!(output.take_rest().as_deref(), Some("half a lin\u{e9}"));
        assert_eq!(output.feed(b"e\n"), [text("e\n")]);
    }

    #[test]
    fn half_a_character_and_half_a_remark_wait_for_the_other_half() {
        let mut output = Output::default();
        output.feed(&"é".as_bytes()[..1]);
        assert_eq!(output.take_rest(), None);
        output.feed(&"é".as_bytes()[1..]);
        assert_eq!(output.take_rest().as_deref(), Some("é"));
        output.feed(b"\x1eflu");
        assert_eq!(output.take_rest(), None);
        assert_eq!(output.feed(b"shed\n"), [Piece::Flushed]);
    }

    #[test]
    fn values_come_in_their_forms() {
        let mut output = Output::default();
        let pieces = output.feed(
            b"x EVCXR_BEGIN_CONTENT text/html\n<b>\nEVCXR_END_CONTENT\n\
              EVCXR_BEGIN_CONTENT text/plain\n",
        );
        let html = Piece::Content {
            mime: "text/html".to_owned(),
            text: "<b>".to_owned(),
        };
        assert_eq!(pieces, [text("x "), html]);
        assert_eq!(output.take_rest(), None);
        let pieces = output.feed(b"b\nEVCXR_END_CONTENT\nEVCXR_EXECUTION_COMPLETE\n");
        assert_eq!(pieces.len(), 2);
        assert_eq!(
            pieces[1],
            Piece::Complete("EVCXR_EXECUTION_COMPLETE".to_owned())
        );
    }

    #[test]
    fn flushing_between_the_steps_of_a_value_leaves_no_trace_in_it() {
        let mut output = Output::default();
        let pieces = output.feed(
            b"EVCXR_BEGIN_CONTENT text/html\n<b>\n\x1eflushed\n<i\x1eflushed\n>\nEVCXR_END_CONTENT\n",
        );
        let html = Piece::Content {
            mime: "text/html".to_owned(),
            text: "<b>\n<i>".to_owned(),
        };
        assert_eq!(pieces, [Piece::Flushed, Piece::Flushed, html]);
    }

    #[test]
    fn a_panic_says_where_it_was_whatever_its_message() {
        let message = "a \"b\"\n\u{1e}é\\";
        let remark = format!("\u{1e}panic 12 5 {:?} {message:?}\n", "src/lib.rs");
        let pieces = Output::default().feed(remark.as_bytes());
        let panic = Panic {
            message: message.to_owned(),
            file: "src/lib.rs".to_owned(),
            line: 12,
            column: 5,
        };
        assert_eq!(pieces, [Piece::Panic(panic)]);
    }
}
