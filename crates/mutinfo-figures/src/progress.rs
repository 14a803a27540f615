//! [`show_progress`]: how far long work has come, printed below the cell.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use mutinfo::Progress;

/// Work that is done sooner prints nothing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Watches long work for a notebook: if it takes more than two seconds, a line is printed for each
/// tenth that is done. (The kernel passes on whole lines only, so that no line can be refreshed.)
///
/// Whatever takes a [`OnProgress`](mutinfo::compute::progress::OnProgress) takes it:
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::*;
///
/// let data = Sample::coupled_normals(200, 1.0, 1)?;
/// let test = PermutationTest::new(199, 1)?;
/// let result = test.run_with_progress(&Ksg1::default(), &data.x, &data.y, &mut show_progress())?;
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub fn show_progress() -> impl FnMut(Progress) -> ControlFlow<()> {
    each_tenth_after(PATIENCE, |line| println!("{line}"))
}

/// Hands on a line for each tenth that is done after `patience`, but none for the end.
fn each_tenth_after(
    patience: Duration,
    mut show: impl FnMut(String),
) -> impl FnMut(Progress) -> ControlFlow<()> {
    let start = Instant::now();
    let mut shown = 0;
    move |progress| {
        let tenths = (10.0 * progress.fraction()) as u32;
        if (shown + 1..10).contains(&tenths) && start.elapsed() >= patience {
            shown = tenths;
            // `cargo lab make` knows these lines by their beginning, and does not store them.
            show(format!("… {progress}"));
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(patience: Duration) -> Vec<String> {
        let mut lines = Vec::new();
        let mut watch = each_tenth_after(patience, |line| lines.push(line));
        for done in 0..=40 {
            assert!(watch(Progress { done, total: 40 }).is_continue());
        }
        drop(watch);
        lines
    }

    #[test]
    fn long_work_shows_each_tenth_once() {
        let lines = lines(Duration::ZERO);
        assert_eq!(lines.len(), 9);
        assert_eq!(lines[0], "… 4 of 40 (10 %)");
        assert_eq!(lines[8], "… 36 of 40 (90 %)");
    }

    #[test]
    fn short_work_shows_nothing() {
        assert!(lines(PATIENCE).is_empty());
    }
}
