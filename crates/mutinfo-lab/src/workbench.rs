//! The cargo workspace in which one kernel compiles the cells of one notebook.
//!
//! evcxr compiles cells as a package of its own, `cell`. Left alone, cargo would choose the
//! newest versions of its dependencies and build them all before the first cell answers. So
//! the package is made a member of a small workspace that brings along
//!
//! - the project's `Cargo.lock`, and a package `pins` that keeps it complete: cells are
//!   built with the versions that the tests ran with, and need no network for it,
//! - the profile: dependencies optimised, cells quick to compile,
//! - a copy of all dependencies, built beforehand.
//!
//! ```text
//! target/lab/kernels/1.lock   held by the kernel for as long as it lives
//! target/lab/kernels/1/       Cargo.toml, Cargo.lock
//!                    cell/    evcxr's package (EVCXR_TMPDIR)
//!                    pins/    depends on what notebooks load, on a platform that is none
//!                    config/  what evcxr executes at start (EVCXR_CONFIG_DIR)
//! ```

use std::env;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::project::{FOREIGN_CRATES, FURTHER_CRATES, LECTURE_CRATES, Project};

/// Names the workbench to take, in place of a free one: set by the lab where it builds the
/// dependencies beforehand.
pub const WORKBENCH_VARIABLE: &str = "MUTINFO_WORKBENCH";

/// Beside the workbenches: the dependencies, built beforehand, as cargo's target folder.
pub const PREBUILT: &str = "prebuilt";

/// In a workbench: cargo's target folder.
pub const CELL_TARGET: &str = "cell/target";

/// Code that makes rust-analyzer read all that is loaded, as the first variable does.
const ANALYSE: &str = "let _ready = ();";

const WORKSPACE: &str = include_str!("workbench/workspace.toml");

/// Code that makes each panic show a card.
const PANIC_HOOK: &str = include_str!("workbench/panic_hook.rs");

/// A workbench in use by this process, and by no other.
#[derive(Debug)]
pub struct Workbench {
    folder: PathBuf,
    _lock: File,
}

impl Workbench {
    /// Takes a free workbench, or the one that [`WORKBENCH_VARIABLE`] names, and lays it
    /// out anew.
    pub fn take(project: &Project) -> Result<Self> {
        let benches = workbenches(project)?;
        let (workbench, prelude) = match env::var_os(WORKBENCH_VARIABLE) {
            // Only cargo need read what is loaded.
            Some(name) => (Self::lock(benches.join(name))?, String::new()),
            None => (
                Some(Self::lock_free(&benches)?),
                [ANALYSE, PANIC_HOOK].join("\n"),
            ),
        };
        let workbench = workbench.context("Another kernel already works there.")?;
        workbench.lay_out(project, &benches.join(PREBUILT), &prelude)?;
        Ok(workbench)
    }

    /// The environment variables that tell evcxr to work here.
    pub fn environment(&self) -> [(&'static str, PathBuf); 2] {
        [
            ("EVCXR_TMPDIR", self.folder.join("cell")),
            ("EVCXR_CONFIG_DIR", self.folder.join("config")),
        ]
    }

    fn lock_free(benches: &Path) -> Result<Self> {
        for number in 1.. {
            if let Some(workbench) = Self::lock(benches.join(number.to_string()))? {
                return Ok(workbench);
            }
        }
        unreachable!("numbers do not end")
    }

    /// The workbench in `folder`, or nothing if a living kernel has it. The lock goes with
    /// the process, however it ends.
    fn lock(folder: PathBuf) -> Result<Option<Self>> {
        let lock = File::create(folder.with_extension("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self {
                folder,
                _lock: lock,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    fn lay_out(&self, project: &Project, prebuilt: &Path, prelude: &str) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        let write = |path: &str, text: &str| -> io::Result<()> {
            let path = self.folder.join(path);
            fs::create_dir_all(path.parent().expect("it is in the workbench"))?;
            fs::write(path, text)
        };
        write("Cargo.toml", WORKSPACE)?;
        write("pins/Cargo.toml", &pins(project)?)?;
        write("pins/lib.rs", "")?;
        write(
            "config/init.evcxr",
            &load_commands(project, &LECTURE_CRATES)?,
        )?;
        write("config/prelude.rs", prelude)?;
        fs::copy(
            project.root().join("Cargo.lock"),
            self.folder.join("Cargo.lock"),
        )?;
        if prebuilt.exists() {
            clone_built(prebuilt, &self.folder.join(CELL_TARGET))?;
        }
        Ok(())
    }
}

/// The folder of all workbenches.
pub fn workbenches(project: &Project) -> Result<PathBuf> {
    let inside = project.lab().join("kernels");
    if !has_space(&inside) {
        fs::create_dir_all(&inside)?;
        return Ok(inside);
    }
    // evcxr cannot load a compiled cell from a path with a space in it (its runtime splits
    // the command at spaces), so such a project's cells are compiled in the system's
    // folder for temporary files.
    let mut hasher = DefaultHasher::new();
    project.root().hash(&mut hasher);
    let outside = env::temp_dir().join(format!("mutinfo-lab-{:016x}", hasher.finish()));
    ensure!(
        !has_space(&outside),
        "The kernel cannot work in a folder with a space in its path, and both the project's \
         and the system's temporary folder have one. Move the project, or set TMPDIR."
    );
    let created = DirBuilder::new().mode(0o700).create(&outside);
    if let Err(error) = created
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        return Err(error.into());
    }
    // Others can write to the system's folder too: what is compiled must be ours.
    let probe = File::create(outside.join("owner"))?.metadata()?;
    let folder = fs::symlink_metadata(&outside)?;
    ensure!(
        folder.is_dir() && folder.uid() == probe.uid(),
        "The folder {} belongs to someone else. Remove it, or set TMPDIR.",
        outside.display()
    );
    Ok(outside)
}

fn has_space(path: &Path) -> bool {
    path.to_string_lossy().contains(char::is_whitespace)
}

/// The manifest of a package that depends on all that notebooks may load, so that no
/// resolution drops a version from `Cargo.lock`; on no platform, so that nothing more is
/// built or analysed for it.
fn pins(project: &Project) -> Result<String> {
    let mut manifest = String::from(include_str!("workbench/pins.toml"));
    for name in LECTURE_CRATES.iter().chain(&FURTHER_CRATES) {
        manifest += &format!("{}\n", dependency(project, name)?);
    }
    for foreign in FOREIGN_CRATES {
        manifest += &format!("{foreign}\n");
    }
    Ok(manifest)
}

/// evcxr's commands that load these crates.
pub fn load_commands(project: &Project, crates: &[&str]) -> Result<String> {
    let mut commands = String::new();
    for name in crates {
        commands += &format!(":dep {}\n", dependency(project, name)?);
    }
    Ok(commands)
}

fn dependency(project: &Project, name: &str) -> Result<String> {
    let path = project.package(name);
    let path = path
        .to_str()
        .with_context(|| format!("The path {} is not valid UTF-8.", path.display()))?;
    ensure!(
        !path.contains(['"', '\\']),
        "The project's path has a quotation mark or a backslash in it: move it to a simpler one."
    );
    Ok(format!("{name} = {{ path = \"{path}\" }}"))
}

/// Makes another folder of what cargo built. Libraries, which are most of it, are the same files
/// in both folders: the compiler replaces them, but never writes into one. All else is copied, with
/// the modification times by which cargo knows what is built.
fn clone_built(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let is_library = source
            .extension()
            .is_some_and(|extension| extension == "rlib" || extension == "rmeta");
        if entry.file_type()?.is_dir() {
            clone_built(&source, &target)?;
        } else if !(is_library && fs::hard_link(&source, &target).is_ok()) {
            fs::copy(&source, &target)?;
            File::options()
                .write(true)
                .open(&target)?
                .set_modified(entry.metadata()?.modified()?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that looks like the project's.
    fn project_in(folder: &Path) -> Project {
        let lab = folder.join("crates/mutinfo-lab");
        fs::create_dir_all(&lab).unwrap();
        fs::write(lab.join("Cargo.toml"), "").unwrap();
        fs::write(folder.join("Cargo.lock"), "version = 4\n").unwrap();
        Project::around(folder).unwrap()
    }

    #[test]
    fn two_kernels_get_two_workbenches_and_leave_them_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let project = project_in(folder.path());
        let first = Workbench::take(&project).unwrap();
        let second = Workbench::take(&project).unwrap();
        assert_ne!(first.folder, second.folder);
        let freed = first.folder.clone();
        drop(first);
        assert_eq!(Workbench::take(&project).unwrap().folder, freed);
    }

    #[test]
    fn a_workbench_starts_with_the_locked_versions_and_the_built_dependencies_alone() {
        let folder = tempfile::tempdir().unwrap();
        let project = project_in(folder.path());
        let deps = workbenches(&project)
            .unwrap()
            .join(PREBUILT)
            .join("debug/deps");
        fs::create_dir_all(&deps).unwrap();
        let built = ["lib.rlib", "lib.d"];
        for name in built {
            fs::write(deps.join(name), "built").unwrap();
        }

        let left = Workbench::take(&project).unwrap();
        fs::write(left.folder.join("cell/left-over"), "").unwrap();
        drop(left);
        let workbench = Workbench::take(&project).unwrap();

        assert!(!workbench.folder.join("cell/left-over").exists());
        let lock = fs::read_to_string(workbench.folder.join("Cargo.lock")).unwrap();
        assert_eq!(lock, "version = 4\n");
        let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        for name in built {
            let there = workbench
                .folder
                .join(CELL_TARGET)
                .join("debug/deps")
                .join(name);
            let before = time(&deps.join(name));
            assert_eq!(time(&there), before, "cargo would build it again");
            // As compilers put their output in place.
            fs::write(there.with_extension("new"), "rebuilt").unwrap();
            fs::rename(there.with_extension("new"), &there).unwrap();
            let kept = fs::read_to_string(deps.join(name)).unwrap();
            assert_eq!(kept, "built", "one kernel would change another's");
        }
    }

    #[test]
    fn in_a_project_with_a_space_in_its_path_the_workbench_has_none() {
        let folder = tempfile::Builder::new()
            .prefix("with a space")
            .tempdir()
            .unwrap();
        let project = project_in(folder.path());
        let benches = workbenches(&project).unwrap();
        assert!(!has_space(&benches), "{}", benches.display());
        assert_eq!(
            benches,
            workbenches(&project).unwrap(),
            "the same one each time"
        );
        fs::remove_dir_all(benches).unwrap();
    }
}
