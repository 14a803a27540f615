//! How long processes live. How soon a kernel is ready with a spare, `.ci/jupyterlab.py` looks at.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use mutinfo_lab::project::Project;
use mutinfo_lab::spare;
use rustix::process::{Pid, Signal, kill_process};

use crate::client::{Notebook, project};

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

/// The kernel that was started first.
fn oldest(project: &Project) -> Pid {
    let kernels = kernels(project).into_iter();
    kernels.min_by_key(|pid| pid.as_raw_nonzero()).unwrap()
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
    kill_process(oldest(&project), Signal::KILL).unwrap();
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
fn a_restarted_kernel_runs_in_the_notebooks_folder_and_counts_from_one() {
    let _alone = alone();
    let project = project();
    let mut notebook = Notebook::open(&project);
    let folder = format!("{:?}", project.notebooks().display().to_string());
    let cell = notebook.run("std::env::current_dir()?.display().to_string()");
    assert_eq!(cell.shown, std::slice::from_ref(&folder));

    notebook.restart();
    let cell = notebook.run("std::env::current_dir()?.display().to_string()");
    assert_eq!((cell.shown, cell.number), (vec![folder], Some(1)));
    notebook.shut_down();
}

#[test]
#[cfg(target_os = "linux")]
fn a_restart_keeps_the_kernel_and_nothing_that_it_was_told() {
    let _alone = alone();
    let project = project();
    let mut notebook = Notebook::open(&project);
    // Whichever spare is made ready meanwhile, this one is older.
    let first = oldest(&project);
    for code in [
        "fn twice(x: f64) -> f64 { 2.0 * x }\nlet told = twice(2.0);",
        // Stopped by the restart, and so is what its thread would do.
        "std::thread::spawn(|| loop {});\nlet told = 4.0;\nloop {}",
        "panic!(\"told\")",
        "std::process::exit(1)",
    ] {
        let id = notebook.send(code);
        if code.ends_with("loop {}") {
            thread::sleep(Duration::from_secs(1));
            notebook.interrupt();
        }
        notebook.wait_for(&id);
        notebook.restart();
        assert_eq!(oldest(&project), first, "after {code}");
        let cell = notebook.run("let two = 2.0;\ntwo");
        assert_eq!((cell.shown, cell.number), (vec!["2.0".to_owned()], Some(1)));
        for forgotten in ["told", "twice(two)"] {
            let cell = notebook.run(forgotten);
            assert!(cell.traceback.contains("cannot find"), "{cell:?}");
        }
        assert!(notebook.inspect("two").contains("f64"));
    }

    // What a fresh kernel loads is there, and what a cell loaded is not.
    notebook.run(":dep mutinfo-activations = { path = \"../crates/mutinfo-activations\" }");
    notebook.restart();
    let cells = notebook.run_all(&[
        "mutinfo::units::Bits(1.0)",
        "use mutinfo_activations::Layers;",
    ]);
    assert_eq!(cells[0].shown, ["1 bit"]);
    assert!(!cells[1].traceback.is_empty());

    // A setting of evcxr's stays with it: so this one is not used again.
    notebook.run(":opt 0");
    notebook.restart();
    assert_eq!(notebook.run("1 + 1").shown, ["2"]);
    assert_ne!(oldest(&project), first);

    // While a cell is compiled, the kernel hears nothing: it is waited for, but not for long.
    let second = oldest(&project);
    notebook.send(
        "#[allow(long_running_const_eval)]
        const SLOW: u64 = { let mut i = 0; while i < 100_000_000_000 { i += 1 } i };
        println!(\"{SLOW}\");",
    );
    thread::sleep(Duration::from_secs(3));
    notebook.interrupt();
    notebook.restart();
    assert_eq!(notebook.run("1 + 1").shown, ["2"]);
    assert_ne!(oldest(&project), second);

    // Where Jupyter starts no other front, the kernel ends.
    notebook.shut_down();
    drop(notebook);
    none_is_left(&project, "a restart that was broken off");
}
