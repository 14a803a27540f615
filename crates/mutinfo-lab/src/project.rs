//! Where the project is, and where in it the lab keeps its things.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The crates that the lecture loads, by name: each is the folder of that name in `crates/`.
/// Every kernel has them ready before the first cell.
pub const LECTURE_CRATES: [&str; 2] = ["mutinfo", "mutinfo-figures"];

/// The crates that other notebooks load besides: built beforehand too, but a kernel has
/// them ready only after the cell that asks for them.
pub const FURTHER_CRATES: [&str; 2] = ["mutinfo-exercises", "mutinfo-activations"];

/// What one notebook loads of others' crates, as it says so: built beforehand too.
pub const FOREIGN_CRATES: [&str; 1] = [r#"kiddo = { version = "6.3", default-features = false }"#];

/// A clone of the project on this machine.
///
/// All that the lab makes stays inside it: the Python environment in `.venv`, where
/// editors look for it, and everything else in `target`.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The project that this program was started in: by cargo, or in one of its folders.
    pub fn find() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => PathBuf::from(package),
            None => env::current_dir().context("This folder cannot be read.")?,
        };
        Self::around(&start).context(
            "This is not the folder of the project. Go to the folder that you cloned and try again.",
        )
    }

    /// The project that holds `path`, if one does.
    pub fn around(path: &Path) -> Option<Self> {
        // Absolute and without links: the kernel turns the notebooks' relative paths into
        // such ones too, and the same crate must go by one path.
        let path = path.canonicalize().ok()?;
        let root = path
            .ancestors()
            .find(|folder| folder.join("crates/mutinfo-lab/Cargo.toml").is_file())?;
        Some(Self {
            root: root.to_path_buf(),
        })
    }

    /// The project's own folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the notebooks.
    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// The folder of a crate of this project.
    pub fn package(&self, name: &str) -> PathBuf {
        self.root.join("crates").join(name)
    }

    /// The Python environment that JupyterLab lives in.
    pub fn python_environment(&self) -> PathBuf {
        self.root.join(".venv")
    }

    /// The kernel's program.
    pub fn kernel(&self) -> PathBuf {
        self.root.join("target/kernel/mutinfo-kernel")
    }

    /// The folder of what the lab makes, Python apart.
    pub fn lab(&self) -> PathBuf {
        self.root.join("target/lab")
    }
}
