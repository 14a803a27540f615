//! JupyterLab, in a Python environment of the project's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::files;
use crate::progress::{in_words, say};
use crate::project::Project;
use crate::toolchain::output_of;

/// JupyterLab and all that it needs, each in one version.
const REQUIREMENTS: &str = include_str!("python/requirements.txt");

/// Settings of JupyterLab that make it fit for lessons in Rust. Its table of contents does not look
/// for headings in outputs: it would load each figure a second time, out of sight, and Chromium
/// stops the animation of an image where one of its copies is not seen.
const OVERRIDES: &str = include_str!("python/overrides.json");

/// The Python to make the environment with: 3.10 or later, with what makes environments.
pub fn find() -> Result<PathBuf> {
    let runs = |name: &str, code: &str| output_of(Command::new(name).args(["-c", code])).is_ok();
    let python = ["python3", "python"]
        .into_iter()
        .find(|name| runs(name, "import sys; sys.exit(sys.version_info < (3, 10))"))
        .context(
            "Python 3.10 or later is missing. Install it from https://www.python.org or with \
             your system's packages.",
        )?;
    ensure!(
        has_uv() || runs(python, "import ensurepip, venv"),
        "Python's module venv is missing. On Debian and Ubuntu, run: sudo apt install python3-venv"
    );
    Ok(PathBuf::from(python))
}

fn has_uv() -> bool {
    output_of(Command::new("uv").arg("--version")).is_ok()
}

/// The environment's own Python.
pub fn interpreter(project: &Project) -> PathBuf {
    project.python_environment().join("bin/python")
}

/// Whether the environment is there, whole, and starts.
pub fn environment_is_ready(project: &Project) -> bool {
    fs::read_to_string(stamp(project)).is_ok_and(|stamp| stamp == REQUIREMENTS)
        && output_of(Command::new(interpreter(project)).args(["-c", ""])).is_ok()
}

/// Makes the environment, unless it is ready.
pub fn ensure_environment(project: &Project, python: &Path) -> Result<()> {
    if !environment_is_ready(project) {
        let start = Instant::now();
        say("Installing JupyterLab, once (about 1 minute).");
        let environment = project.python_environment();
        if stamp(project).exists() {
            fs::remove_file(stamp(project))?;
        }
        let requirements = project.lab().join("requirements.txt");
        files::write(&requirements, REQUIREMENTS)?;
        if has_uv() {
            install_with_uv(&environment, python, &requirements)
        } else {
            install_with_pip(&environment, python, &requirements)
        }
        .context("JupyterLab could not be installed. The first set-up needs a network.")?;
        files::write(&stamp(project), REQUIREMENTS)?;
        let time = in_words(start.elapsed());
        say(&format!("JupyterLab was installed in {time}."));
    }
    let overrides = "share/jupyter/lab/settings/overrides.json";
    files::write_if_changed(&project.python_environment().join(overrides), OVERRIDES)
}

/// In the environment: what was installed. It is written last.
fn stamp(project: &Project) -> PathBuf {
    project.python_environment().join("mutinfo-lab.txt")
}

fn install_with_uv(environment: &Path, python: &Path, requirements: &Path) -> Result<()> {
    let uv = || {
        let mut uv = Command::new("uv");
        // Nothing is left in the user's own cache.
        uv.args(["--no-cache", "--quiet"])
            .env("UV_LINK_MODE", "copy");
        uv
    };
    output_of(
        uv().args(["venv", "--clear", "--python"])
            .arg(python)
            .arg(environment),
    )?;
    output_of(
        uv().args(["pip", "install", "--python"])
            .arg(environment.join("bin/python"))
            .arg("--requirement")
            .arg(requirements),
    )?;
    Ok(())
}

fn install_with_pip(environment: &Path, python: &Path, requirements: &Path) -> Result<()> {
    output_of(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(environment),
    )?;
    output_of(
        Command::new(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-cache-dir"])
            .args(["--disable-pip-version-check", "--requirement"])
            .arg(requirements),
    )?;
    Ok(())
}
