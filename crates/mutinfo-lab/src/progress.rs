//! How far a long step is: one line that is refreshed on a terminal, or a line every tenth
//! of the way elsewhere, on stderr.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// A step under way. Nothing is shown before its first advance.
pub struct Progress {
    what: String,
    total: usize,
    start: Instant,
    shown: Option<usize>,
}

impl Progress {
    /// A step of `total` parts; `what` says what it does and about how long it takes.
    pub fn new(what: impl Into<String>, total: usize) -> Self {
        Self {
            what: what.into(),
            total: total.max(1),
            start: Instant::now(),
            shown: None,
        }
    }

    /// Says that so many parts are done.
    pub fn advance(&mut self, done: usize) {
        let percent = (100 * done / self.total).min(99);
        let is_terminal = io::stderr().is_terminal();
        let step = if is_terminal { 1 } else { 10 };
        let percent = percent - percent % step;
        if self.shown == Some(percent) {
            return;
        }
        self.shown = Some(percent);
        if is_terminal {
            eprint!("\r\x1b[2K{}: {percent} %", self.what);
            // A line that stays unseen does no harm.
            let _ = io::stderr().flush();
        } else {
            eprintln!("{}: {percent} %", self.what);
        }
    }

    /// Ends the step; `result` says what is there now.
    pub fn finish(self, result: &str) {
        if self.shown.is_some() {
            let time = in_words(self.start.elapsed());
            drop(self);
            eprintln!("{result} in {time}.");
        }
    }
}

impl Drop for Progress {
    /// Clears the line, for something else to be printed there.
    fn drop(&mut self) {
        if self.shown.is_some() {
            clear_line();
        }
    }
}

/// Prints a line while a step may be under way.
pub fn say(line: &str) {
    clear_line();
    eprintln!("{line}");
}

fn clear_line() {
    if io::stderr().is_terminal() {
        eprint!("\r\x1b[2K");
    }
}

/// A duration, as people say it.
pub fn in_words(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..90 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_naturally() {
        assert_eq!(in_words(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(in_words(Duration::from_secs(75)), "75 s");
        assert_eq!(in_words(Duration::from_secs(262)), "4 min 22 s");
    }
}
