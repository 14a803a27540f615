//! [`Progress`]: how far long work has come, and the way to stop it.
//!
//! Long work (a matrix of all pairs, a permutation test) takes a function that it calls now and
//! then, always on the thread that started it. [`ControlFlow::Break`] stops the work, which then
//! returns [`Error::Cancelled`](crate::Error::Cancelled); [`no_progress`] never does.
//!
//! ```
//! use std::ops::ControlFlow;
//! use mutinfo::Progress;
//!
//! let mut lines = Vec::new();
//! let mut on_progress = |progress: Progress| {
//!     lines.push(format!("{progress}"));
//!     if progress.fraction() < 0.5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
//! };
//! assert!(on_progress(Progress { done: 1, total: 4 }).is_continue());
//! assert!(on_progress(Progress { done: 2, total: 4 }).is_break());
//! assert_eq!(lines, ["1 of 4 (25 %)", "2 of 4 (50 %)"]);
//! ```

use std::fmt;
use std::ops::ControlFlow;

/// How far long work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many parts of the work are done.
    pub done: usize,
    /// How many parts there are.
    pub total: usize,
}

impl Progress {
    /// The share that is done, from 0 to 1.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Progress { done: 1, total: 4 }.fraction(), 0.25);
    /// assert_eq!(Progress { done: 0, total: 0 }.fraction(), 1.0, "there is nothing to do");
    /// ```
    pub fn fraction(self) -> f64 {
        if self.total == 0 {
            return 1.0;
        }
        self.done as f64 / self.total as f64
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = 100.0 * self.fraction();
        write!(f, "{} of {} ({percent:.0} %)", self.done, self.total)
    }
}

/// Watches long work and may stop it.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// Lets the work run to its end.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let coins = [[0, 0, 1, 1], [0, 1, 0, 1]].map(|coin| Labels::new(&coin));
/// let matrix = Discrete::default().matrix_with_progress(coins.as_slice(), &mut no_progress)?;
/// assert_eq!(matrix.pairs().count(), 1);
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub fn no_progress(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
