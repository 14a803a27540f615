//! The steps that bring everything about, once. Each looks whether its result is there,
//! and can be stopped at any moment: the next try starts where it is needed.

use std::env;
use std::fs::{self, File, TryLockError};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, getpgrp, kill_process_group, test_kill_process};
use serde_json::Value;

use crate::builder::{Build, SharedProgress};
use crate::progress::Progress;
use crate::project::Project;
use crate::{files, kernelspec, prebuilt, python, toolchain};

/// How often it is looked whether JupyterLab is there.
const GLANCE: Duration = Duration::from_millis(200);

/// Brings about all that `cargo lab` needs.
pub fn everything(project: &Project) -> Result<()> {
    let _lock = lock(project)?;
    // What a student must do first is said first, not after minutes of building.
    let python = python::find()?;
    thread::scope(|scope| {
        // While one downloads, the other computes.
        let jupyter = scope.spawn(|| {
            python::ensure_environment(project, &python)?;
            kernelspec::install(project)
        });
        let kernel = kernel_alone(project);
        let jupyter = jupyter.join().expect("it does not panic");
        kernel.and(jupyter)
    })
}

/// Starts to bring everything about, in a process of its own that ends with this one or with
/// what this one becomes. Comes back as soon as notebooks can be read in JupyterLab: their kernels
/// wait for the rest ([`is_under_way`]).
pub fn until_notebooks_can_be_read(project: &Project) -> Result<()> {
    let this = process::id().to_string();
    let mut rest = Command::new(env::current_exe()?)
        .args(["setup", "--for-editor", &this])
        .stdin(Stdio::null())
        // A group of its own, which ends as one.
        .process_group(0)
        .spawn()?;
    loop {
        if let Some(status) = rest.try_wait()? {
            ensure!(
                status.success(),
                "What is above keeps the notebooks from opening."
            );
            return Ok(());
        }
        if kernelspec::is_installed(project)? && python::environment_is_ready(project) {
            return Ok(());
        }
        thread::sleep(GLANCE);
    }
}

/// Ends this process, and what it started, as soon as that one is gone.
pub fn end_with(process: u32) {
    let editor = i32::try_from(process).ok().and_then(Pid::from_raw);
    thread::spawn(move || {
        while editor.is_some_and(|editor| test_kill_process(editor).is_ok()) {
            thread::sleep(GLANCE);
        }
        let _ = kill_process_group(getpgrp(), Signal::KILL);
    });
}

/// Brings about all that notebooks need to run without Jupyter.
pub fn kernel(project: &Project) -> Result<()> {
    let _lock = lock(project)?;
    kernel_alone(project)
}

fn kernel_alone(project: &Project) -> Result<()> {
    toolchain::ensure_library_sources()?;
    kernelspec::build_front(project)?;
    let is_first = !project.kernel().is_file();
    let dependencies_are_there = prebuilt::is_there(project)?;
    let mut total = toolchain::packages(project, &KERNEL_FEATURES[..3])?.len();
    if !dependencies_are_there {
        total += prebuilt::packages(project)?;
    }
    let what = if is_first {
        "Building the kernel and what notebooks load, once (7 to 12 minutes on 2 cores)"
    } else {
        "Building what changed of the kernel and of what notebooks load"
    };
    let progress = SharedProgress::new(Progress::new(what, total));
    // The kernel's last packages wait for one another and leave processors idle.
    let built = thread::scope(|scope| {
        let dependencies = scope.spawn(|| {
            if dependencies_are_there {
                Ok(())
            } else {
                prebuilt::build(project, &progress, is_first)
            }
        });
        let kernel = build_kernel(project, &progress);
        kernel.and(dependencies.join().expect("it does not panic"))
    });
    progress.finish(built.is_ok().then_some("What notebooks need was built"));
    built
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

/// Whether a program sets up this project now: kernels wait for it.
pub fn is_under_way(project: &Project) -> bool {
    let lock = File::open(project.lab().join("setup.lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

const KERNEL_FEATURES: [&str; 4] = [
    "--package=mutinfo-lab",
    "--no-default-features",
    "--features=kernel",
    "--locked",
];

/// Builds the kernel; cargo knows what of it is there.
fn build_kernel(project: &Project, progress: &SharedProgress) -> Result<()> {
    let host = toolchain::host()?;
    let program = match build_kernel_for(project, None, &host, progress)? {
        Some(program) => program,
        // A configuration of cargo's names another machine, where the kernel is not to run.
        None => build_kernel_for(project, Some(&host), &host, progress)?
            .context("Cargo does not build for this machine.")?,
    };
    if program == project.kernel() {
        return Ok(());
    }
    // Where a target is named, if only this machine itself, cargo has a folder for it.
    files::copy(&program, &project.kernel())
}

/// Builds the kernel for this target, or for the one that cargo is told to; gives its program, or
/// nothing if that is not for this machine.
fn build_kernel_for(
    project: &Project,
    target: Option<&str>,
    host: &str,
    progress: &SharedProgress,
) -> Result<Option<PathBuf>> {
    let target_folder = project.root().join("target");
    let mut cargo = Command::new(toolchain::cargo());
    cargo
        .args([
            "build",
            "--quiet",
            "--profile=kernel",
            "--bin=mutinfo-kernel",
        ])
        .args(KERNEL_FEATURES)
        .args(target.map(|target| format!("--target={target}")))
        .arg("--target-dir")
        .arg(&target_folder)
        .current_dir(project.root())
        // The flags of whoever calls would make it another build, and so would those in a
        // configuration file, which these replace.
        .env("CARGO_ENCODED_RUSTFLAGS", "")
        .env_remove("CARGO_BUILD_TARGET");
    let mut build = Build::start(&mut cargo)?;
    let mut program = None;
    while let Some(artifact) = build.next_artifact()? {
        if is_foreign(&artifact, &target_folder, host) {
            build.stop();
            return Ok(None);
        }
        if artifact["fresh"] == true {
            progress.skip();
        } else {
            progress.advance();
        }
        if let Some(file) = artifact["executable"].as_str() {
            program = Some(PathBuf::from(file));
        }
    }
    if !build.succeeded()? {
        bail!(
            "The kernel could not be built: cargo says why above. The first build needs a \
             network."
        );
    }
    program
        .map(Some)
        .context("Cargo does not say where the kernel is.")
}

/// Whether cargo built this for another machine: it keeps such things in a folder of their own.
fn is_foreign(artifact: &Value, target_folder: &Path, host: &str) -> bool {
    let file = artifact["filenames"][0].as_str().unwrap_or_default();
    let inside = Path::new(file).strip_prefix(target_folder);
    let first = inside.ok().and_then(|inside| inside.iter().next());
    first.is_some_and(|first| first != "kernel" && first != host)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_build_for_another_machine_is_noticed_by_where_it_is_put() {
        let is_foreign = |file: &str| {
            let artifact = json!({"filenames": [file]});
            is_foreign(
                &artifact,
                Path::new("/p/target"),
                "x86_64-unknown-linux-gnu",
            )
        };
        assert!(!is_foreign("/p/target/kernel/deps/libsyn.rlib"));
        let own = "/p/target/x86_64-unknown-linux-gnu/kernel/deps/libsyn.rlib";
        assert!(!is_foreign(own));
        assert!(is_foreign(
            "/p/target/x86_64-unknown-linux-musl/kernel/deps/libsyn.rlib"
        ));
    }
}
