//! How Jupyter starts the kernel: the kernelspec, in the project's Python environment,
//! where JupyterLab and VS Code look first. It names the front, which finds or starts the kernel
//! proper.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};
use jupyter_protocol::JupyterKernelspec;
use serde_json::{Value, json};

use crate::builder::Build;
use crate::project::Project;
use crate::{files, toolchain};

/// The kernel's name in the notebooks' metadata. It is the name of evcxr's own kernel, so
/// that the notebooks open under that one too, where it is what a reader has.
pub const KERNEL_NAME: &str = "rust";

/// The task of this program that is the front.
pub const FRONT: &str = "front";

/// What JupyterLab shows.
pub const DISPLAY_NAME: &str = "Rust (mutinfo)";

/// The kernelspec of this project's kernel.
pub fn kernelspec(project: &Project) -> Result<JupyterKernelspec> {
    Ok(serde_json::from_value(json(project))?)
}

fn json(project: &Project) -> Value {
    json!({
        "argv": [program(project), FRONT, "{connection_file}"],
        "display_name": DISPLAY_NAME,
        "language": "rust",
        "interrupt_mode": "message",
    })
}

/// This program, where cargo puts it.
fn program(project: &Project) -> PathBuf {
    project.root().join("target/debug/mutinfo-lab")
}

/// Builds the program that the kernelspec names, where that is not the one that runs: tests
/// are programs of their own.
pub fn build_front(project: &Project) -> Result<()> {
    if std::env::current_exe().is_ok_and(|running| running == program(project)) {
        return Ok(());
    }
    let mut cargo = Command::new(toolchain::cargo());
    cargo
        .args([
            "build",
            "--quiet",
            "--package=mutinfo-lab",
            "--bin=mutinfo-lab",
            "--locked",
        ])
        .arg("--target-dir")
        .arg(project.root().join("target"))
        .current_dir(project.root())
        .env_remove("CARGO_BUILD_TARGET");
    let mut build = Build::start(&mut cargo)?;
    let mut built = None;
    while let Some(artifact) = build.next_artifact()? {
        built = artifact["executable"].as_str().map(PathBuf::from).or(built);
    }
    ensure!(
        build.succeeded()?,
        "The front of the kernel could not be built: cargo says why above."
    );
    match built {
        // A configuration of cargo's names a target, which has a folder of its own.
        Some(built) if built != program(project) => files::copy(&built, &program(project)),
        _ => Ok(()),
    }
}

/// Where Jupyter finds it.
pub fn file(project: &Project) -> PathBuf {
    let kernels = project.python_environment().join("share/jupyter/kernels");
    kernels.join(KERNEL_NAME).join("kernel.json")
}

/// The kernelspec, as the file holds it.
pub fn text(project: &Project) -> Result<String> {
    Ok(serde_json::to_string_pretty(&json(project))? + "\n")
}

/// Whether Jupyter finds it.
pub fn is_installed(project: &Project) -> Result<bool> {
    let stored = fs::read_to_string(file(project)).unwrap_or_default();
    Ok(stored == text(project)?)
}

/// Writes the kernelspec, where what is there is not the same already.
pub fn install(project: &Project) -> Result<()> {
    files::write_if_changed(&file(project), &text(project)?)
}
