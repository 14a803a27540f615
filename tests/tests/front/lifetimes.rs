//! How long processes live, and how soon a restarted kernel is ready.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use mutinfo_lab::project::Project;
use mutinfo_lab::spare;
use rustix::process::{Pid, Signal, kill_process};

use crate::client::{Notebook, project, wait_until_ready};

/// How long a process may take to notice that nobody needs it.
const END_LIMIT: Duration = Duration::from_secs(20);

/// The tests count this project's processes: one at a time.
pub fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The kernel's processes: its own and the one that runs its cells, of spares too.
fn kernels(project: &Project) -> Vec<Pid> {
    let is_kernel = |process: &PathBuf| {
        fs::read_link(process.join("exe")).is_ok_and(|program| program == project.kernel())
    };
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .map(|process| process.path())
        .filter(is_kernel)
        .filter_map(|process| process.file_name()?.to_str()?.parse().ok())
        .filter_map(Pid::from_raw)
        .collect()
}

#[track_caller]
fn none_is_left(project: &Project, after: &str) {
    let start = Instant::now();
    while !kernels(project).is_empty() {
        assert!(
            start.elapsed() < END_LIMIT,
            "after {after} there still are {:?}",
            kernels(project)
        );
        thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until a spare is warm: then it answers.
fn wait_for_spare(project: &Project) {
    spare::keep_one(project, process::id()).unwrap();
    let start = Instant::now();
    let connection = loop {
        match spare::waiting(project).pop() {
            Some(spare) => break spare.connection,
            None => thread::sleep(Duration::from_millis(50)),
        }
        assert!(start.elapsed() < END_LIMIT, "there is no spare");
    };
    wait_until_ready(&connection);
}

#[test]
#[cfg(target_os = "linux")]
fn whatever_is_killed_nothing_is_left_and_the_next_start_works() {
    let _alone = alone();
    let project = project();

    // The front, at its start and while a cell runs for ever.
    for wait in [0, 300] {
        let mut notebook = Notebook::open(&project);
        notebook.send("loop {}");
        thread::sleep(Duration::from_millis(wait));
        notebook.process.kill().unwrap();
        notebook.process.wait().unwrap();
        none_is_left(&project, "the front's death");
    }

    // The kernel, while a cell runs for ever: the front goes, too, for Jupyter to start another.
    let mut notebook = Notebook::open(&project);
    let id = notebook.send("print!(\"now\"); loop {}");
    notebook.wait_until_shown("now");
    let cells = kernels(&project);
    let kernel = cells
        .into_iter()
        .min_by_key(|pid| pid.as_raw_nonzero())
        .unwrap();
    kill_process(kernel, Signal::KILL).unwrap();
    let cell = notebook.wait_for(&id);
    assert!(cell.traceback.contains("the kernel ended"), "{cell:?}");
    assert!(!notebook.process.wait().unwrap().success());
    none_is_left(&project, "the kernel's death");

    // A spare.
    spare::keep_one(&project, process::id()).unwrap();
    while kernels(&project).is_empty() {
        thread::sleep(Duration::from_millis(20));
    }
    for pid in kernels(&project) {
        let _ = kill_process(pid, Signal::KILL);
    }
    none_is_left(&project, "the spare's death");
    let mut notebook = Notebook::open(&project);
    assert_eq!(notebook.run("1 + 1").shown, ["2"]);
}

#[test]
#[cfg(target_os = "linux")]
fn with_a_spare_a_kernel_is_ready_at_once_in_the_notebooks_folder() {
    let _alone = alone();
    if spare::verdict().is_err() {
        return;
    }
    let project = project();
    wait_for_spare(&project);
    let start = Instant::now();
    let mut notebook = Notebook::open(&project);
    let cell = notebook.run("std::env::current_dir()?.display().to_string()");
    let time = start.elapsed();
    assert_eq!(
        cell.shown,
        [format!("{:?}", project.notebooks().display().to_string())]
    );
    // Ten times what it takes on a calm machine, and half of what it takes without a spare.
    assert!(time < Duration::from_secs(10), "{time:?}");

    wait_for_spare(&project);
    let start = Instant::now();
    notebook.restart();
    let cell = notebook.run("1 + 1");
    assert_eq!((cell.shown, cell.number), (vec!["2".to_owned()], Some(1)));
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    notebook.shut_down();
}
