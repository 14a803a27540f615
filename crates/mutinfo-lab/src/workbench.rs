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
//!                    bin/     what evcxr runs in place of cargo
//! ```

use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::engine::PRELUDE;
use crate::project::{FOREIGN_CRATES, FURTHER_CRATES, LECTURE_CRATES, Project};
use crate::recompile;

/// Beside the workbenches: the dependencies, built beforehand, as cargo's target folder.
pub const PREBUILT: &str = "prebuilt";

/// In a workbench: cargo's target folder.
pub const CELL_TARGET: &str = "cell/target";

/// What only the first cell of its kind waits for, done beforehand: rust-analyzer reads all that is
/// loaded and looks for the paths of a sample's types, and evcxr learns that cells use `?`.
const FIRST_CELL: &str = "let _ready = mutinfo::truth::Sample::coupled_normals(2, 1.0, 1)?;";

const WORKSPACE: &str = include_str!("workbench/workspace.toml");

/// A workbench in use by this process, and by no other.
#[derive(Debug)]
pub struct Workbench {
    folder: PathBuf,
    _lock: File,
}

impl Workbench {
    /// Takes a free workbench and lays it out anew.
    pub fn take(project: &Project) -> Result<Self> {
        let benches = workbenches(project)?;
        for number in 1.. {
            if let Some(workbench) = Self::lock(benches.join(number.to_string()))? {
                workbench.lay_out(project, &benches.join(PREBUILT))?;
                return Ok(workbench);
            }
        }
        unreachable!("numbers do not end")
    }

    /// Takes the one at which what notebooks load is built beforehand.
    pub fn take_for_building(project: &Project) -> Result<Self> {
        let workbench = Self::lock(Self::folder_for_building(project)?)?
            .context("Another program already builds there.")?;
        workbench.lay_out(project, &workbenches(project)?.join(PREBUILT))?;
        Ok(workbench)
    }

    /// Where that one is.
    pub fn folder_for_building(project: &Project) -> Result<PathBuf> {
        Ok(workbenches(project)?.join("prebuilding"))
    }

    /// evcxr's package, which each cell becomes.
    pub fn cells(&self) -> PathBuf {
        self.folder.join("cell")
    }

    /// The environment variables that tell evcxr to work here.
    pub fn environment(&self) -> Result<[(&'static str, OsString); 3]> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.join("bin")]
            .into_iter()
            .chain(env::split_paths(&path));
        Ok([
            ("EVCXR_TMPDIR", self.cells().into()),
            ("EVCXR_CONFIG_DIR", self.folder.join("config").into()),
            ("PATH", env::join_paths(folders)?),
        ])
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

    fn lay_out(&self, project: &Project, prebuilt: &Path) -> Result<()> {
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
        let load = load_commands(project, &LECTURE_CRATES)?;
        write(
            "config/init.evcxr",
            &format!(":linker {}\n{load}", recompile::STAND_IN),
        )?;
        write("config/prelude.rs", &[FIRST_CELL, PRELUDE].join("\n"))?;
        let bin = self.folder.join("bin");
        fs::create_dir_all(&bin)?;
        symlink(env::current_exe()?, bin.join(recompile::STAND_IN))?;
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
    fs::create_dir_all(project.lab())?;
    let own = fs::metadata(project.lab())?.uid();
    let shared = env::temp_dir();
    ensure!(
        !has_space(&shared),
        "The kernel cannot work in a folder with a space in its path, and both the project's \
         and the system's temporary folder have one. Move the project, or set TMPDIR."
    );
    private_folder(project, &shared, own)
}

/// The project's folder in one that others can write to as well: what is compiled there must be
/// this user's, so it is one that no other user made or can write to. Nothing is written into it
/// before that is certain.
fn private_folder(project: &Project, shared: &Path, own: u32) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    project.root().hash(&mut hasher);
    let folder = shared.join(format!("mutinfo-lab-{:016x}", hasher.finish()));
    let created = DirBuilder::new().mode(0o700).create(&folder);
    if let Err(error) = created
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        return Err(error.into());
    }
    // Not what a link points to.
    let found = fs::symlink_metadata(&folder)?;
    ensure!(
        found.is_dir() && found.uid() == own && found.mode() & 0o077 == 0,
        "The folder {} is not yours alone. Remove it, or set TMPDIR.",
        folder.display()
    );
    Ok(folder)
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
fn load_commands(project: &Project, crates: &[&str]) -> Result<String> {
    let mut commands = String::new();
    for name in crates {
        commands += &format!(":dep {}\n", dependency(project, name)?);
    }
    Ok(commands)
}

/// The line of a manifest by which a package depends on this crate.
pub fn dependency(project: &Project, name: &str) -> Result<String> {
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
    use std::os::unix::fs::PermissionsExt;

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

    #[test]
    fn a_folder_that_others_can_write_to_is_refused_and_nothing_is_written_there() {
        let folder = tempfile::tempdir().unwrap();
        let project = project_in(folder.path());
        let own = fs::metadata(folder.path()).unwrap().uid();
        let shared = folder.path().join("tmp");
        fs::create_dir(&shared).unwrap();
        let private = private_folder(&project, &shared, own).unwrap();
        assert_eq!(private_folder(&project, &shared, own).unwrap(), private);
        assert!(
            private_folder(&project, &shared, own + 1).is_err(),
            "another user's"
        );

        fs::set_permissions(&private, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(private_folder(&project, &shared, own).is_err());

        fs::remove_dir(&private).unwrap();
        let elsewhere = folder.path().join("elsewhere");
        DirBuilder::new().mode(0o700).create(&elsewhere).unwrap();
        symlink(&elsewhere, &private).unwrap();
        let error = private_folder(&project, &shared, own).unwrap_err();
        assert!(error.to_string().contains("not yours alone"), "{error}");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    }
}
