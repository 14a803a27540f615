//! How many threads the crate uses, and how work is spread over them.
//!
//! Work is cut into tasks whose size does not depend on the number of threads, and their results
//! come back in the order of the tasks: every result has the same bits on any number of threads.
//! Work of one task starts no thread, and neither does work within work.

use std::cell::Cell;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;

use crate::compute::progress::{OnProgress, Progress, no_progress};
use crate::error::{Error, Result};

/// What [`set_threads`] was given last.
static OF_PROCESS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Whether this thread is at work on a task, whose own work then stays on it.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };

    /// What [`with_threads`] was given, as long as it runs; 0 where it does not.
    static OF_THIS_CALL: Cell<usize> = const { Cell::new(0) };
}

/// Marks its thread as being at work, as long as it lives.
struct AtWork {
    before: bool,
}

impl AtWork {
    fn begin() -> Self {
        Self {
            before: AT_WORK.replace(true),
        }
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        AT_WORK.set(self.before);
    }
}

/// Sets how many threads this process uses for one estimate, matrix or test; 0 stands for as many
/// as the machine has, which is the default. No result depends on it.
///
/// ```
/// mutinfo::set_threads(1);
/// assert_eq!(mutinfo::threads(), 1);
/// mutinfo::set_threads(0);
/// assert!(mutinfo::threads() >= 1);
/// ```
pub fn set_threads(threads: usize) {
    OF_PROCESS.store(threads, Ordering::Relaxed);
}

/// Calls a function in which everything that the calling thread asks of this crate uses so many
/// threads, whatever [`set_threads`] says. With 1, a caller that has a pool of threads of its own
/// can call from each of them without more being started.
///
/// ```
/// let inside = mutinfo::with_threads(3, || mutinfo::threads());
/// assert_eq!(inside, 3);
/// ```
pub fn with_threads<T>(threads: usize, call: impl FnOnce() -> T) -> T {
    /// Puts back what was before, also where the call panics.
    struct PutBack(usize);
    impl Drop for PutBack {
        fn drop(&mut self) {
            OF_THIS_CALL.set(self.0);
        }
    }
    let _put_back = PutBack(OF_THIS_CALL.replace(threads));
    call()
}

/// How many threads the crate uses for one estimate, matrix or test that is large enough.
///
/// ```
/// assert!(mutinfo::threads() >= 1);
/// ```
pub fn threads() -> usize {
    /// Asking the system takes longer than a small estimate.
    static OF_MACHINE: LazyLock<usize> =
        LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));
    let wanted = [OF_THIS_CALL.get(), OF_PROCESS.load(Ordering::Relaxed)];
    let wanted = wanted.into_iter().find(|&threads| threads > 0);
    wanted.unwrap_or_else(|| *OF_MACHINE)
}

/// The ranges of `size` (the last may be shorter) that cut up `0..len`.
pub(crate) fn chunks(len: usize, size: usize) -> impl ExactSizeIterator<Item = Range<usize>> {
    (0..len.div_ceil(size)).map(move |i| i * size..len.min((i + 1) * size))
}

/// Does all tasks and returns the results in the order of the tasks. Each thread makes itself one
/// `scratch` and reuses it.
pub(crate) fn map<Task, Scratch: Send, Output: Send>(
    tasks: impl ExactSizeIterator<Item = Task> + Send,
    scratch: impl Fn() -> Scratch + Sync,
    work: impl Fn(&mut Scratch, Task) -> Output + Sync,
) -> Vec<Output> {
    if tasks.len() == 1 {
        // There is nothing to share out.
        let _at_work = AtWork::begin();
        let mut scratch = scratch();
        return tasks.map(|task| work(&mut scratch, task)).collect();
    }
    map_with_progress(tasks, scratch, work, &mut no_progress).expect("nobody cancels the work")
}

/// As [`map`], with a progress report before the first task, after each task of the calling
/// thread, and at the end.
///
/// # Errors
/// [`Error::Cancelled`] when `on_progress` breaks before the last task is done.
pub(crate) fn map_with_progress<Task, Scratch: Send, Output: Send>(
    tasks: impl ExactSizeIterator<Item = Task> + Send,
    scratch: impl Fn() -> Scratch + Sync,
    work: impl Fn(&mut Scratch, Task) -> Output + Sync,
    on_progress: OnProgress<'_>,
) -> Result<Vec<Output>> {
    let mut results = Vec::new();
    results.resize_with(tasks.len(), || None);
    let parts = gather_with_progress(
        tasks.enumerate(),
        || (scratch(), Vec::new()),
        |(scratch, results), (index, task)| results.push((index, work(scratch, task))),
        on_progress,
    )?;
    for (_, part) in parts {
        for (index, result) in part {
            results[index] = Some(result);
        }
    }
    let done = |result: Option<Output>| result.expect("every task is done once");
    Ok(results.into_iter().map(done).collect())
}

/// Does all tasks and returns what each thread gathered in its `scratch`. Which tasks it did is
/// chance, so what is gathered must not depend on order: counts may be gathered, sums of `f64` may not.
pub(crate) fn gather<Task, Scratch: Send>(
    tasks: impl ExactSizeIterator<Item = Task> + Send,
    scratch: impl Fn() -> Scratch + Sync,
    work: impl Fn(&mut Scratch, Task) + Sync,
) -> Vec<Scratch> {
    gather_with_progress(tasks, scratch, work, &mut no_progress).expect("nobody cancels the work")
}

fn gather_with_progress<Task, Scratch: Send>(
    tasks: impl ExactSizeIterator<Item = Task> + Send,
    scratch: impl Fn() -> Scratch + Sync,
    work: impl Fn(&mut Scratch, Task) + Sync,
    on_progress: OnProgress<'_>,
) -> Result<Vec<Scratch>> {
    let total = tasks.len();
    if on_progress(Progress { done: 0, total }).is_break() {
        return Err(Error::Cancelled { done: 0, total });
    }
    let tasks = Mutex::new(tasks);
    let done = AtomicUsize::new(0);
    let cancelled = AtomicBool::new(false);
    let gathered = Mutex::new(Vec::new());

    let run = |on_progress: OnProgress<'_>| {
        let _at_work = AtWork::begin();
        let mut scratch = scratch();
        while !cancelled.load(Ordering::Relaxed) {
            // Taken in a statement of its own: the lock must not be held during the work.
            let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(task) = task else { break };
            work(&mut scratch, task);
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            if done < total && on_progress(Progress { done, total }).is_break() {
                cancelled.store(true, Ordering::Relaxed);
            }
        }
        let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.push(scratch);
    };

    let threads = if AT_WORK.get() { 1 } else { threads() };
    run_on(threads.min(total), &run, on_progress);

    if cancelled.into_inner() {
        return Err(Error::Cancelled {
            done: done.into_inner(),
            total,
        });
    }
    // A break comes too late here: the work is done.
    let _ = on_progress(Progress { done: total, total });
    Ok(gathered
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner))
}

/// Runs the same on this thread, which reports its progress, and on others beside it.
fn run_on(threads: usize, run: &(dyn Fn(OnProgress<'_>) + Sync), on_progress: OnProgress<'_>) {
    if threads <= 1 {
        return run(on_progress);
    }
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where the system gives no thread, there is one fewer.
            let helper = thread::Builder::new().spawn_scoped(scope, || run(&mut no_progress));
            if helper.is_err() {
                break;
            }
        }
        run(on_progress);
    });
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        let squares = map(0..1000_usize, || (), |(), task| task * task);
        assert_eq!(squares, (0..1000).map(|i| i * i).collect::<Vec<_>>());
        assert!(map(0..0_usize, || (), |(), task| task).is_empty());
    }

    #[test]
    fn tasks_may_fill_parts_of_one_slice() {
        let mut values = vec![0; 103];
        map(
            values.chunks_mut(10).enumerate(),
            || (),
            |(), (i, part)| part.fill(i),
        );
        assert!((0..103).all(|i| values[i] == i / 10));
    }

    #[test]
    fn chunks_cover_the_whole_once() {
        let ranges: Vec<_> = chunks(25, 10).collect();
        assert_eq!(ranges, [0..10, 10..20, 20..25]);
        assert_eq!(chunks(0, 10).len(), 0);
    }

    #[test]
    fn work_within_work_stays_on_its_thread() {
        let all_on_one = map(
            0..8,
            || (),
            |(), _| {
                let outer = thread::current().id();
                let inner = map(0..8, || (), |(), _| thread::current().id());
                inner.iter().all(|&id| id == outer)
            },
        );
        assert!(all_on_one.into_iter().all(|same| same));
        assert!(!AT_WORK.get());
    }

    #[test]
    fn a_call_has_a_number_of_threads_of_its_own() {
        let one = || {
            let tasks = map(0..8, || (), |(), _| thread::current().id());
            tasks.iter().all(|&id| id == thread::current().id())
        };
        assert!(with_threads(1, one));
        assert_eq!(with_threads(5, || with_threads(2, threads)), 2);
        let other = with_threads(7, || thread::spawn(threads).join().unwrap());
        assert_ne!(other, 7, "another thread is another caller");
        let panicked = std::panic::catch_unwind(|| with_threads(9, || panic!("on purpose")));
        assert!(panicked.is_err() && threads() != 9);
    }

    #[test]
    fn progress_rises_to_the_end_and_a_break_cancels() {
        let mut reports = Vec::new();
        let mut on_progress = |progress: Progress| {
            reports.push(progress.done);
            ControlFlow::Continue(())
        };
        map_with_progress(0..20, || (), |(), _| (), &mut on_progress).unwrap();
        assert!(reports.is_sorted());
        assert_eq!((reports[0], reports.last()), (0, Some(&20)));

        let mut stop = |progress: Progress| {
            if progress.done >= 5 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let tasks = 0..1_000_000_usize;
        match map_with_progress(tasks, || (), |(), _| thread::yield_now(), &mut stop) {
            Err(Error::Cancelled { done, total }) => {
                assert!((5..total).contains(&done));
            }
            other => panic!("not cancelled: {:?}", other.map(|all| all.len())),
        }
    }
}
