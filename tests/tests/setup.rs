//! What the set-up leaves: dependencies that no kernel compiles again, and no process.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use mutinfo_lab::kernel::Launch;
use mutinfo_lab::project::{FURTHER_CRATES, Project};
use mutinfo_lab::workbench::{PREBUILT, workbenches};
use mutinfo_lab::{run, setup};

const LIMIT: Duration = Duration::from_secs(300);

/// The names of the libraries in a folder, and the folders in it.
fn libraries(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.extend(libraries(&entry.path())?);
        } else if entry.path().extension().is_some_and(|e| e == "rlib") {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

#[test]
fn a_kernel_compiles_no_dependency() -> Result<()> {
    let project = Project::find()?;
    setup::kernel(&project)?;
    let mut kernel = Launch {
        project: &project,
        folder: &project.notebooks(),
        on_log: Box::new(|_| {}),
    }
    .start()?;
    for name in FURTHER_CRATES {
        let load = format!(":dep {name} = {{ path = \"../crates/{name}\" }}\n1 + 1");
        let outcome = kernel.execute(&load, LIMIT)?;
        assert!(!outcome.failed(), "{outcome:?}");
    }
    let outcome = kernel.execute(":last_compile_dir", LIMIT)?;
    kernel.shut_down();
    let shown = outcome.results.first().context("no folder is shown")?;
    let bench = PathBuf::from(run::in_text(shown));
    let beforehand = libraries(&workbenches(&project)?.join(PREBUILT))?;
    assert!(beforehand.len() > 20, "{beforehand:?}");
    assert_eq!(libraries(&bench.join("target"))?, beforehand);
    Ok(())
}

#[test]
fn a_set_up_that_goes_on_behind_an_editor_ends_with_it() -> Result<()> {
    let project = Project::find()?;
    setup::kernel(&project)?;
    // It waits for this lock.
    let lock = File::open(project.lab().join("setup.lock"))?;
    lock.lock()?;
    let mut editor = Command::new("sleep").arg("600").spawn()?;
    let mut rest = Command::new(project.root().join("target/debug/mutinfo-lab"))
        .args(["setup", "--for-editor", &editor.id().to_string()])
        .current_dir(project.root())
        .process_group(0)
        .spawn()?;
    sleep(Duration::from_secs(1));
    assert!(rest.try_wait()?.is_none(), "it ended before the editor");
    editor.kill()?;
    editor.wait()?;
    for _ in 0..100 {
        if rest.try_wait()?.is_some() {
            return Ok(());
        }
        sleep(Duration::from_millis(100));
    }
    rest.kill()?;
    panic!("it goes on without the editor");
}
