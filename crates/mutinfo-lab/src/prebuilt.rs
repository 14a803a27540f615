//! What notebooks load, built beforehand: each workbench starts with a copy of it.
//!
//! Cargo is called as evcxr calls it for a cell, on a cell that loads everything. It needs no
//! kernel, so the two are built side by side.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::builder::{Build, SharedProgress};
use crate::files::Snapshot;
use crate::project::{FOREIGN_CRATES, FURTHER_CRATES, LECTURE_CRATES, Project};
use crate::workbench::{self, CELL_TARGET, PREBUILT, Workbench};
use crate::{files, toolchain, variables};

/// Beside the dependencies: what they were built from. It is written last.
const STAMP: &str = "prebuilt.txt";

/// Whether all that notebooks load is built, from the present sources. Cargo goes by the time at
/// which a file was written, whether it has another text or not, and each kernel would build again
/// what was written since.
pub fn is_there(project: &Project) -> Result<bool> {
    let benches = workbench::workbenches(project)?;
    let stamp = benches.join(STAMP);
    let Ok(built) = fs::metadata(&stamp).and_then(|stamp| stamp.modified()) else {
        return Ok(false);
    };
    let state = State::of(project)?;
    Ok(benches.join(PREBUILT).is_dir()
        && fs::read_to_string(&stamp)? == state.text()
        && state.last_change < built)
}

/// The project's own files that are compiled.
fn sources(project: &Project) -> Vec<PathBuf> {
    let mut sources = vec![project.root().join("Cargo.toml")];
    for name in crates() {
        sources.push(project.package(name).join("Cargo.toml"));
        sources.push(project.package(name).join("src"));
    }
    sources
}

/// The names of all crates that notebooks load.
fn crates() -> impl Iterator<Item = &'static str> {
    LECTURE_CRATES.into_iter().chain(FURTHER_CRATES)
}

/// How many packages they take.
pub fn packages(project: &Project) -> Result<usize> {
    let named: Vec<_> = crates().flat_map(|name| ["--package", name]).collect();
    Ok(toolchain::packages(project, &named)?.len())
}

/// Builds them; where something that takes longer is built beside them, with what that leaves of
/// the processors.
pub fn build(project: &Project, progress: &SharedProgress, is_beside: bool) -> Result<()> {
    let benches = workbench::workbenches(project)?;
    let (prebuilt, stamp) = (benches.join(PREBUILT), benches.join(STAMP));
    let state = State::of(project)?;
    let before = fs::read_to_string(&stamp).unwrap_or_default();
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    if !before.starts_with(&state.versions) {
        files::remove_folder(&prebuilt)?;
    }
    let bench = Workbench::folder_for_building(project)?;
    if !prebuilt.is_dir() && bench.join(CELL_TARGET).is_dir() {
        // What an earlier try came to.
        fs::rename(bench.join(CELL_TARGET), &prebuilt)?;
    }

    let workbench = Workbench::take_for_building(project)?;
    files::write(&workbench.cells().join("Cargo.toml"), &manifest(project)?)?;
    files::write(&workbench.cells().join("src/lib.rs"), "")?;
    let mut cargo = if is_beside {
        let mut nice = Command::new("nice");
        nice.arg(toolchain::cargo());
        nice
    } else {
        Command::new(toolchain::cargo())
    };
    cargo
        .args(["build", "--quiet", "--target", &toolchain::host()?])
        .current_dir(workbench.cells())
        .env("CARGO_TARGET_DIR", "target")
        .env("CARGO_BUILD_BUILD_DIR", "target")
        .env("RUSTFLAGS", "-Cprefer-dynamic")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    let mut build = Build::start(&mut cargo)?;
    while build.next_artifact()?.is_some() {
        progress.advance();
    }
    if !build.succeeded()? {
        bail!(
            "What notebooks load could not be built: cargo says why above. The first build needs \
             a network."
        );
    }
    refuse_other_versions(project, &bench)?;
    variables::build(&bench.join(CELL_TARGET))?;
    files::remove_folder(&prebuilt)?;
    fs::rename(bench.join(CELL_TARGET), &prebuilt)?;
    files::remove_folder(&bench)?;
    files::write(&stamp, &state.text())
}

/// The manifest of a cell that loads everything, with what matters for its dependencies of
/// evcxr's own.
fn manifest(project: &Project) -> Result<String> {
    let mut manifest = String::from(
        "[package]\nname = \"ctx\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\n",
    );
    for name in crates() {
        manifest += &format!("{}\n", workbench::dependency(project, name)?);
    }
    for foreign in FOREIGN_CRATES {
        manifest += &format!("{foreign}\n");
    }
    Ok(manifest)
}

/// Makes sure that cells are built with the versions that the tests run with.
fn refuse_other_versions(project: &Project, bench: &Path) -> Result<()> {
    let tested = fs::read_to_string(project.root().join("Cargo.lock"))?;
    let used = fs::read_to_string(bench.join("Cargo.lock"))?;
    let tested: HashSet<_> = locked_versions(&tested).collect();
    for (name, version) in locked_versions(&used) {
        let is_of_the_bench = ["ctx", "pins"].contains(&name);
        if !is_of_the_bench && !tested.contains(&(name, version)) {
            bail!(
                "Cells would use {name} {version}, which is not in the project's Cargo.lock. \
                 Undo the changes to Cargo.toml or Cargo.lock: git checkout Cargo.toml Cargo.lock"
            );
        }
    }
    Ok(())
}

/// The packages in a `Cargo.lock`, with their versions.
fn locked_versions(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    lock.split("[[package]]").skip(1).filter_map(|package| {
        let value = |key| {
            let line = package.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim_matches('"'))
        };
        Some((value("name = ")?, value("version = ")?))
    })
}

/// What the built dependencies depend on.
struct State {
    /// Another one of these, and nothing that was built is of use.
    versions: String,
    /// Another one of these, and some is.
    sources: String,
    /// When the last of the sources was written.
    last_change: SystemTime,
}

impl State {
    fn of(project: &Project) -> Result<Self> {
        let root = project.root();
        let versions = [
            root.join("Cargo.lock"),
            project.package("mutinfo-lab").join("src/workbench"),
        ];
        let sources = Snapshot::of(&sources(project))?;
        Ok(Self {
            versions: format!(
                "{}\nversions {}\n",
                toolchain::version()?,
                Snapshot::of(&versions)?.fingerprint
            ),
            sources: format!("in {}\nsources {}\n", root.display(), sources.fingerprint),
            last_change: sources.last_change,
        })
    }

    fn text(&self) -> String {
        format!("{}{}", self.versions, self.sources)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whichever_crates_a_notebook_loads_they_are_as_they_were_built_for_all() {
        let project = Project::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let with_features = |crates: &[&str]| -> HashSet<String> {
            let mut cargo = Command::new(toolchain::cargo());
            cargo
                .args(["tree", "--locked", "--prefix=none", "--edges=normal,build"])
                .arg("--format={p} {f}")
                .args(crates.iter().flat_map(|name| ["--package", name]))
                .current_dir(project.root());
            let tree = toolchain::output_of(&mut cargo).unwrap();
            let lines = tree.lines().map(|line| line.trim_end_matches(" (*)"));
            lines.map(str::to_owned).collect()
        };
        let foreign = FOREIGN_CRATES.map(|line| line.split(' ').next().unwrap());
        let further = [&FURTHER_CRATES[..], &foreign].concat();
        let all = with_features(&[&LECTURE_CRATES[..], &further].concat());
        let mut notebooks = vec![LECTURE_CRATES.to_vec()];
        notebooks.extend(
            further
                .iter()
                .map(|name| [&LECTURE_CRATES[..], &[name]].concat()),
        );
        for loaded in notebooks {
            let own = with_features(&loaded);
            let others: Vec<_> = own.difference(&all).collect();
            assert!(
                others.is_empty(),
                "{loaded:?} has other features: {others:?}"
            );
        }
    }

    #[test]
    fn versions_are_read_from_a_lock() {
        let lock = "version = 4\n\n[[package]]\nname = \"rand\"\nversion = \"0.9.4\"\n\n\
                    [[package]]\nname = \"syn\"\nversion = \"2.0.1\"\ndependencies = [\n \"rand\",\n]\n";
        let versions: Vec<_> = locked_versions(lock).collect();
        assert_eq!(versions, [("rand", "0.9.4"), ("syn", "2.0.1")]);
    }
}
