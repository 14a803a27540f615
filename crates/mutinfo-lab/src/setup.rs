//! The steps that bring everything about, once. Each looks whether its result is there,
//! and can be stopped at any moment: the next try starts where it is needed.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::kernel::Launch;
use crate::progress::{Progress, in_words};
use crate::project::{FOREIGN_CRATES, FURTHER_CRATES, LECTURE_CRATES, Project};
use crate::workbench::{self, CELL_TARGET, PREBUILT, WORKBENCH_VARIABLE};
use crate::{files, kernelspec, python, toolchain};

/// Brings about all that `cargo lab` needs.
pub fn everything(project: &Project) -> Result<()> {
    let _lock = lock(project)?;
    // What a student must do first is said first, not after minutes of building.
    let python = python::find()?;
    thread::scope(|scope| {
        // While one downloads, the other computes.
        let environment = scope.spawn(|| python::ensure_environment(project, &python));
        let kernel = kernel_alone(project);
        let environment = environment.join().expect("it does not panic");
        kernel.and(environment)
    })?;
    kernelspec::install(project)
}

/// Brings about all that notebooks need to run without Jupyter.
pub fn kernel(project: &Project) -> Result<()> {
    let _lock = lock(project)?;
    kernel_alone(project)
}

fn kernel_alone(project: &Project) -> Result<()> {
    toolchain::ensure_library_sources()?;
    build_kernel(project)?;
    build_dependencies(project)
}

/// Waits until no other program sets up this project.
fn lock(project: &Project) -> Result<File> {
    let file = project.lab().join("setup.lock");
    fs::create_dir_all(project.lab())?;
    let lock =
        File::create(&file).with_context(|| format!("{} cannot be written.", file.display()))?;
    if lock.try_lock().is_err() {
        eprintln!("Waiting for another program that sets up this project.");
        lock.lock()?;
    }
    Ok(lock)
}

/// Beside the dependencies: what they were built from. It is written last.
const STAMP: &str = "prebuilt.txt";

/// How long it may take to build what one crate needs.
const BUILD_LIMIT: Duration = Duration::from_secs(1800);

const KERNEL_FEATURES: [&str; 4] = [
    "--package=mutinfo-lab",
    "--no-default-features",
    "--features=kernel",
    "--locked",
];

/// Builds the kernel; cargo knows what of it is there.
fn build_kernel(project: &Project) -> Result<()> {
    let total = toolchain::packages(project, &KERNEL_FEATURES[..3])?.len();
    let mut progress = Progress::new(
        "Building the kernel, once (about 5 minutes on 2 cores)",
        total,
    );
    let mut cargo = Command::new(toolchain::cargo())
        .args([
            "build",
            "--quiet",
            "--profile=kernel",
            "--bin=mutinfo-kernel",
        ])
        .arg("--message-format=json-render-diagnostics")
        .args(KERNEL_FEATURES)
        .arg("--target-dir")
        .arg(project.root().join("target"))
        .current_dir(project.root())
        // The flags of whoever calls would make it another build.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo cannot be run.")?;
    let mut built = 0;
    let messages = BufReader::new(cargo.stdout.take().expect("it is piped"));
    for message in messages.lines() {
        let message: Value = serde_json::from_str(&message?)?;
        let is_library = message["target"]["kind"][0] != "custom-build";
        if message["reason"] == "compiler-artifact" && is_library {
            built += 1;
            if message["fresh"] == false {
                progress.advance(built);
            }
        }
    }
    if !cargo.wait()?.success() {
        drop(progress);
        bail!(
            "The kernel could not be built: cargo says why above. The first build needs a \
             network."
        );
    }
    progress.finish("The kernel was built");
    Ok(())
}

/// Builds all that notebooks load, by starting a kernel once: what it needs, and nothing
/// else, is what the next ones will need.
fn build_dependencies(project: &Project) -> Result<()> {
    if dependencies_are_built(project)? {
        return Ok(());
    }
    let benches = workbench::workbenches(project)?;
    let (prebuilt, stamp) = (benches.join(PREBUILT), benches.join(STAMP));
    let state = DependencyState::of(project)?;
    let before = fs::read_to_string(&stamp).unwrap_or_default();
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    if !before.starts_with(&state.versions) {
        files::remove_folder(&prebuilt)?;
    }

    let bench = "prebuilding";
    let bench_target = benches.join(bench).join(CELL_TARGET);
    if !prebuilt.is_dir() && bench_target.is_dir() {
        // What an earlier try came to.
        fs::rename(&bench_target, &prebuilt)?;
    }

    let crates = [&LECTURE_CRATES[..], &FURTHER_CRATES].concat();
    let packages: Vec<_> = crates.iter().flat_map(|name| ["--package", name]).collect();
    let packages = toolchain::packages(project, &packages)?;
    // evcxr does not say when it compiles one with a dash in its name.
    let total = packages.iter().filter(|name| !name.contains('-')).count();
    let start = Instant::now();
    let mut progress = Progress::new(
        "Building what notebooks load, once (about 2 minutes on 2 cores)",
        total,
    );
    let mut built = 0;
    progress.advance(built);
    let launch = Launch {
        project,
        folder: &project.lab(),
        variable: Some((WORKBENCH_VARIABLE, OsString::from(bench))),
        on_log: Box::new(move |line| {
            if line.trim_start().starts_with("Compiling ") {
                built += 1;
                progress.advance(built);
            }
        }),
    };
    let mut kernel = launch.start()?;
    let mut load = workbench::load_commands(project, &crates)?;
    for foreign in FOREIGN_CRATES {
        load += &format!(":dep {foreign}\n");
    }
    let outcome = kernel.execute(&load, BUILD_LIMIT)?;
    if let Some(error) = outcome.errors.first() {
        bail!("What notebooks load could not be built: {}", error.evalue);
    }
    kernel.shut_down()?;
    refuse_other_versions(project, &benches.join(bench))?;
    files::remove_folder(&prebuilt)?;
    fs::rename(&bench_target, &prebuilt)?;
    files::remove_folder(&benches.join(bench))?;
    files::write(&stamp, &state.text())?;
    eprintln!(
        "What notebooks load was built in {}.",
        in_words(start.elapsed())
    );
    Ok(())
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

/// Whether all that notebooks load is built, from the present sources.
pub fn dependencies_are_built(project: &Project) -> Result<bool> {
    let benches = workbench::workbenches(project)?;
    let stamp = fs::read_to_string(benches.join(STAMP)).unwrap_or_default();
    Ok(stamp == DependencyState::of(project)?.text() && benches.join(PREBUILT).is_dir())
}

/// What the built dependencies depend on.
struct DependencyState {
    /// Another one of these, and nothing that was built is of use.
    versions: String,
    /// Another one of these, and some is.
    sources: String,
}

impl DependencyState {
    fn of(project: &Project) -> Result<Self> {
        let root = project.root();
        let versions = [
            root.join("Cargo.lock"),
            project.package("mutinfo-lab").join("src/workbench"),
        ];
        let mut sources = vec![root.join("Cargo.toml")];
        for name in LECTURE_CRATES.iter().chain(&FURTHER_CRATES) {
            sources.push(project.package(name).join("Cargo.toml"));
            sources.push(project.package(name).join("src"));
        }
        Ok(Self {
            versions: format!(
                "{}\nversions {}\n",
                toolchain::version()?,
                files::fingerprint(&versions)?
            ),
            sources: format!(
                "in {}\nsources {}\n",
                root.display(),
                files::fingerprint(&sources)?
            ),
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
    fn what_the_lecture_loads_is_not_compiled_again_for_other_notebooks() {
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
        let lecture = with_features(&LECTURE_CRATES);
        let all = with_features(&[&LECTURE_CRATES[..], &FURTHER_CRATES].concat());
        let others: Vec<_> = lecture.difference(&all).collect();
        assert!(others.is_empty(), "with other features: {others:?}");
    }

    #[test]
    fn versions_are_read_from_a_lock() {
        let lock = "version = 4\n\n[[package]]\nname = \"rand\"\nversion = \"0.9.4\"\n\n\
                    [[package]]\nname = \"syn\"\nversion = \"2.0.1\"\ndependencies = [\n \"rand\",\n]\n";
        let versions: Vec<_> = locked_versions(lock).collect();
        assert_eq!(versions, [("rand", "0.9.4"), ("syn", "2.0.1")]);
    }
}
