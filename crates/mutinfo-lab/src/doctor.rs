//! `cargo lab doctor`: what is there, what is missing, and the mend.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::project::Project;
use crate::toolchain::output_of;
use crate::{kernelspec, prebuilt, python, spare, toolchain};

/// What the first set-up takes, in gigabytes.
const DISK: f64 = 3.0;

/// Prints what was found; says whether all is well.
pub fn examine(project: &Project) -> bool {
    let findings = [
        ("Rust", toolchain::version()),
        (
            "library sources",
            toolchain::library_sources().map(|path| path.display().to_string()),
        ),
        ("C linker", linker()),
        ("Python", python_version()),
        ("JupyterLab", jupyterlab(project)),
        ("kernel", kernel(project)),
        ("kernelspec", kernelspec(project)),
        ("built crates", built_crates(project)),
        ("disk space", disk_space(project)),
        // Both ways it works.
        (
            "spare kernel",
            Ok(spare::verdict().unwrap_or_else(|why| why.to_string())),
        ),
    ];
    println!("{}", project.root().display());
    let mut all_is_well = true;
    for (name, finding) in findings {
        match finding {
            Ok(found) => println!("  ok       {name:<16} {found}"),
            Err(error) => {
                all_is_well = false;
                println!("  MISSING  {name:<16} {error:#}");
            }
        }
    }
    all_is_well
}

fn linker() -> Result<String> {
    let version = output_of(Command::new("cc").arg("--version")).context(
        "Rust needs a C linker. On Debian and Ubuntu: sudo apt install build-essential; on \
         macOS: xcode-select --install.",
    )?;
    Ok(version.lines().next().unwrap_or_default().to_owned())
}

fn python_version() -> Result<String> {
    output_of(Command::new(python::find()?).arg("--version"))
}

fn jupyterlab(project: &Project) -> Result<String> {
    ensure!(
        python::environment_is_ready(project),
        "It is not installed yet. Run: cargo lab setup"
    );
    output_of(Command::new(python::interpreter(project)).args(["-m", "jupyterlab", "--version"]))
}

fn kernel(project: &Project) -> Result<String> {
    let kernel = project.kernel();
    output_of(Command::new(&kernel).arg("--help"))
        .context("It is not built yet, or broken. Run: cargo lab setup")?;
    Ok(kernel.display().to_string())
}

fn kernelspec(project: &Project) -> Result<String> {
    let file = kernelspec::file(project);
    let stored = fs::read_to_string(&file).unwrap_or_default();
    ensure!(
        stored == kernelspec::text(project)?,
        "Jupyter is not told of the kernel yet, or of another one. Run: cargo lab setup"
    );
    Ok(file.display().to_string())
}

fn built_crates(project: &Project) -> Result<String> {
    ensure!(
        prebuilt::is_there(project)?,
        "What notebooks load is not built, or not from the present sources and versions. Run: \
         cargo lab setup"
    );
    Ok("from the present sources and versions".to_owned())
}

fn disk_space(project: &Project) -> Result<String> {
    let table = output_of(Command::new("df").arg("-Pk").arg(project.root()))?;
    let free = table
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3)?.parse::<f64>().ok())
        .context("`df` does not say how much is free.")?
        / 1e6;
    if free < DISK && kernel(project).is_err() {
        bail!("Only {free:.1} GB are free, and the set-up takes {DISK} GB. Make room.");
    }
    Ok(format!("{free:.1} GB free"))
}
