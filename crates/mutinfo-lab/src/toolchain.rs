//! The Rust toolchain: what the kernel needs of it.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// The cargo that runs this program, else the one on the path.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// What a command prints, if it succeeds.
pub fn output_of(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{name}` cannot be run."))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("`{name}` failed: {}", message.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The compiler's version, in its own words.
pub fn version() -> Result<String> {
    output_of(Command::new("rustc").arg("--version"))
        .context("There is no Rust compiler. Install it from https://rustup.rs.")
}

/// This machine, as the compiler names it.
pub fn host() -> Result<String> {
    let version = output_of(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("The compiler does not say for which machine it is.")
}

/// Where the standard library's sources are; the kernel reads them.
pub fn library_sources() -> Result<PathBuf> {
    let sysroot = output_of(Command::new("rustc").args(["--print", "sysroot"]))?;
    let sources = PathBuf::from(sysroot).join("lib/rustlib/src/rust/library");
    if !sources.is_dir() {
        bail!(
            "The standard library's sources are missing. Run: rustup component add rust-src \
             (without rustup: install your system's package of them, such as rust-src)."
        );
    }
    Ok(sources)
}

/// Adds the standard library's sources if they are missing.
pub fn ensure_library_sources() -> Result<()> {
    if library_sources().is_err() {
        eprintln!("Adding the standard library's sources (rustup component add rust-src).");
        let mut rustup = Command::new("rustup");
        if let Err(error) = output_of(rustup.args(["component", "add", "rust-src"])) {
            eprintln!("{error:#}");
        }
    }
    library_sources().map(drop)
}

/// The names of the packages that `cargo build` would build for these arguments.
pub fn packages(project: &Project, arguments: &[&str]) -> Result<BTreeSet<String>> {
    let tree = output_of(
        Command::new(cargo())
            .args(["tree", "--locked", "--prefix=none", "--edges=normal,build"])
            .args(arguments)
            .current_dir(project.root()),
    )?;
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    Ok(names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}
