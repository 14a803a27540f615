//! What was built beforehand is what a kernel needs: it compiles no dependency itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
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
    kernel.shut_down()?;
    let shown = outcome.results.first().context("no folder is shown")?;
    let bench = PathBuf::from(run::in_text(shown));
    let beforehand = libraries(&workbenches(&project)?.join(PREBUILT))?;
    assert!(beforehand.len() > 20, "{beforehand:?}");
    assert_eq!(libraries(&bench.join("target"))?, beforehand);
    Ok(())
}
