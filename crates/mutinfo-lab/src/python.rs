//! JupyterLab, in a Python environment of the project's own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::files;
use crate::progress::Progress;
use crate::project::Project;
use crate::toolchain::output_of;

/// JupyterLab and all that it needs, each in one version.
const REQUIREMENTS: &str = include_str!("python/requirements.txt");

/// Settings of JupyterLab that make it fit for lessons in Rust.
const OVERRIDES: &str = include_str!("python/overrides.json");

/// The Python to make the environment with: 3.10 or later.
pub fn find() -> Result<PathBuf> {
    let is_recent = "import sys; sys.exit(sys.version_info < (3, 10))";
    ["python3", "python"]
        .into_iter()
        .find(|name| output_of(Command::new(name).args(["-c", is_recent])).is_ok())
        .map(PathBuf::from)
        .context(
            "Python 3.10 or later is missing. Install it from https://www.python.org or with \
             your system's packages.",
        )
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
        let environment = project.python_environment();
        if stamp(project).exists() {
            fs::remove_file(stamp(project))?;
        }
        let requirements = project.lab().join("requirements.txt");
        files::write(&requirements, REQUIREMENTS)?;
        let total = REQUIREMENTS
            .lines()
            .filter(|line| line.contains("=="))
            .count();
        let mut progress = Progress::new("Installing JupyterLab, once (about 1 minute)", total);
        progress.advance(0);
        if output_of(Command::new("uv").arg("--version")).is_ok() {
            install_with_uv(&environment, python, &requirements)?;
        } else {
            install_with_pip(&environment, python, &requirements, &mut progress)?;
        }
        files::write(&stamp(project), REQUIREMENTS)?;
        progress.finish("JupyterLab was installed");
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
    )
    .context("The Python environment could not be made.")?;
    output_of(
        uv().args(["pip", "install", "--python"])
            .arg(environment.join("bin/python"))
            .arg("--requirement")
            .arg(requirements),
    )
    .context("JupyterLab could not be installed. The first set-up needs a network.")?;
    Ok(())
}

fn install_with_pip(
    environment: &Path,
    python: &Path,
    requirements: &Path,
    progress: &mut Progress,
) -> Result<()> {
    output_of(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(environment),
    )
    .context(
        "The Python environment could not be made. On Debian and Ubuntu, run: \
         sudo apt install python3-venv",
    )?;
    let mut pip = Command::new(environment.join("bin/python"))
        .args([
            "-m",
            "pip",
            "install",
            "--no-cache-dir",
            "--disable-pip-version-check",
        ])
        .args(["--progress-bar=off", "--requirement"])
        .arg(requirements)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("pip cannot be run.")?;
    let mut collected = 0;
    for line in BufReader::new(pip.stdout.take().expect("it is piped")).lines() {
        if line?.starts_with("Collecting ") {
            collected += 1;
            progress.advance(collected);
        }
    }
    if !pip.wait()?.success() {
        bail!(
            "JupyterLab could not be installed: pip says why above. The first set-up needs a network."
        );
    }
    Ok(())
}
