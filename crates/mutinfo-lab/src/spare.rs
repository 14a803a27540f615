//! Kernels that are started before anyone needs them, and how they are found and taken.
//!
//! A kernel takes most of twenty seconds to be ready, so one is kept warm: started by
//! `cargo lab` before JupyterLab, and by each front after it took one. A spare lives as long as
//! the editor that it was started for, or as the front that takes it. At most one waits at any
//! time, and only where the machine has the memory. Beside it may wait, for seconds, a kernel that a
//! front gave back as Jupyter restarts it: the next front takes that one first.
//!
//! ```text
//! target/lab/spares/lock          held by the spare that waits
//! target/lab/spares/1f0c….json    its ports and key; gone when it is taken
//! target/lab/spares/1f0c….log     what it says on stderr
//! ```

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use anyhow::{Context, Result, bail};
use jupyter_protocol::ConnectionInfo;
use serde_json::Value;
use uuid::Uuid;

use crate::connection::{connection, free_ports};
use crate::engine::{LIVES_WITH_VARIABLE, OWNER_PORT, SPARE_LOCK_VARIABLE, WAS_USED};
use crate::lifeline::LIFELINE_VARIABLE;
use crate::project::Project;
use crate::{files, setup};

/// Set to `off`, no spare kernel is kept.
pub const SPARE_VARIABLE: &str = "MUTINFO_SPARE";

/// The memory that must be available for a spare to be started, in bytes: a loaded kernel
/// holds .7 to .85 GB, and its cells and everything else need some, too.
pub const MEMORY_NEEDED: u64 = 2_000_000_000;

/// How soon after its start a kernel listens for its owner, at the latest.
const LISTENS_AFTER: Duration = Duration::from_secs(3);

/// A kernel that was started and may be taken.
#[derive(Debug)]
pub struct Started {
    /// Jupyter's ports and key.
    pub connection: ConnectionInfo,
    /// Where it waits for its owner.
    pub owner_port: u16,
    /// Whether another front had it before.
    pub was_used: bool,
    file: PathBuf,
}

impl Started {
    /// Starts a kernel that ends with `lives_with` unless it is taken before.
    pub fn launch(project: &Project, lives_with: u32) -> Result<(Self, Child)> {
        launch(project, &project.lab().join("connections"), lives_with, &[])
    }

    fn read(file: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(&file)?;
        let ours: Value = serde_json::from_str(&text)?;
        Ok(Self {
            connection: serde_json::from_str(&text)?,
            owner_port: u16::try_from(ours[OWNER_PORT].as_u64().context("no port")?)?,
            was_used: ours[WAS_USED] == true,
            file,
        })
    }

    /// Whether it may not listen yet.
    pub fn is_starting(&self) -> bool {
        let age = fs::metadata(&self.file)
            .and_then(|file| file.modified())
            .map(|time| time.elapsed().unwrap_or_default());
        age.is_ok_and(|age| age < LISTENS_AFTER)
    }

    /// The file of what it says on stderr, removed from its folder: it goes when the last one
    /// lets go of it. One that was used has none any more.
    pub fn take_log(&self) -> Result<File> {
        let path = self.file.with_extension("log");
        let log = File::open(&path)?;
        fs::remove_file(path)?;
        Ok(log)
    }

    /// Removes what a kernel left that is gone.
    pub fn clean_up(&self) {
        let _ = fs::remove_file(&self.file);
        let _ = fs::remove_file(self.file.with_extension("log"));
    }
}

/// The spares that wait, or did when they were killed; first those that were used, as they are
/// warm.
pub fn waiting(project: &Project) -> Vec<Started> {
    let files = fs::read_dir(folder(project))
        .into_iter()
        .flatten()
        .flatten();
    let mut spares: Vec<_> = files
        .map(|file| file.path())
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "json")
        })
        .filter_map(|file| Started::read(file).ok())
        .collect();
    spares.sort_by_key(|spare| !spare.was_used);
    spares
}

/// A connection file by which fronts find a kernel.
pub fn new_file(project: &Project) -> PathBuf {
    file_in(&folder(project))
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join(format!("{}.json", Uuid::new_v4()))
}

/// Starts a spare for the editor with this process number, unless one waits already, or it is
/// not wanted.
pub fn keep_one(project: &Project, editor: u32) -> Result<()> {
    if verdict().is_err() || setup::is_under_way(project) {
        return Ok(());
    }
    let folder = folder(project);
    fs::create_dir_all(&folder)?;
    let lock = folder.join("lock");
    if File::create(&lock)?.try_lock().is_err() {
        return Ok(());
    }
    let lock = (SPARE_LOCK_VARIABLE, lock.as_path());
    let (_, mut process) = launch(project, &folder, editor, &[lock])?;
    // So that it leaves no entry in the table of processes.
    thread::spawn(move || process.wait());
    Ok(())
}

fn folder(project: &Project) -> PathBuf {
    project.lab().join("spares")
}

fn launch(
    project: &Project,
    folder: &Path,
    lives_with: u32,
    variables: &[(&str, &Path)],
) -> Result<(Started, Child)> {
    let ([shell, iopub, stdin, control, heartbeat, owner_port], listeners) = free_ports()?;
    let started = Started {
        owner_port,
        was_used: false,
        file: file_in(folder),
        connection: connection([shell, iopub, stdin, control, heartbeat]),
    };
    let mut text = serde_json::to_value(&started.connection)?;
    text[OWNER_PORT] = started.owner_port.into();
    files::write_private(&started.file, &text.to_string())?;
    let log = File::create(started.file.with_extension("log"))?;
    // The kernel listens within milliseconds.
    drop(listeners);
    let process = Command::new(project.kernel())
        .arg("--control_file")
        .arg(&started.file)
        .env(LIVES_WITH_VARIABLE, lives_with.to_string())
        .envs(variables.iter().copied())
        .env_remove(LIFELINE_VARIABLE)
        .current_dir(project.notebooks())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        // Its own group, so that it ends with all that it starts.
        .process_group(0)
        .spawn();
    match process {
        Ok(process) => Ok((started, process)),
        Err(error) => {
            started.clean_up();
            Err(error).context("The kernel cannot be started. Run `cargo lab setup`.")
        }
    }
}

/// Whether a spare is kept on this machine now; both ways with the reason.
pub fn verdict() -> Result<String> {
    if env::var_os(SPARE_VARIABLE).is_some_and(|value| value == "off") {
        bail!("none is kept, as {SPARE_VARIABLE}=off says");
    }
    let Some(available) = memory::available() else {
        return Ok(format!("one is kept ({SPARE_VARIABLE}=off turns that off)"));
    };
    let in_gb = |bytes: u64| bytes as f64 / 1e9;
    let (have, need) = (in_gb(available), in_gb(MEMORY_NEEDED));
    if available < MEMORY_NEEDED {
        bail!("none is kept, as {have:.1} GB of memory are available, and it takes {need} GB");
    }
    Ok(format!(
        "one is kept where {need} GB of memory are available: {have:.1} GB are \
         ({SPARE_VARIABLE}=off turns that off)"
    ))
}

/// The memory that programs can still have.
mod memory {
    use std::fs;

    /// In bytes; nothing where the system does not say.
    pub fn available() -> Option<u64> {
        let machine = in_table(&fs::read_to_string("/proc/meminfo").ok()?)?;
        Some(of_container().map_or(machine, |container| machine.min(container)))
    }

    pub fn in_table(table: &str) -> Option<u64> {
        let line = table
            .lines()
            .find(|line| line.starts_with("MemAvailable:"))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(1024 * kilobytes)
    }

    /// What a container's own limit leaves.
    fn of_container() -> Option<u64> {
        let number = |name: &str| -> Option<u64> {
            let text = fs::read_to_string(format!("/sys/fs/cgroup/memory.{name}")).ok()?;
            text.trim().parse().ok()
        };
        Some(number("max")?.saturating_sub(number("current")?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_memory_is_read_in_kilobytes() {
        let table = "MemTotal:       24000000 kB\nMemAvailable:    2000000 kB\n";
        assert_eq!(memory::in_table(table), Some(2_048_000_000));
        assert_eq!(memory::in_table("MemTotal: 1 kB\n"), None);
    }

    #[test]
    fn what_a_killed_spare_left_is_found_and_cleaned_up() {
        let folder = tempfile::tempdir().unwrap();
        let lab = folder.path().join("crates/mutinfo-lab");
        fs::create_dir_all(&lab).unwrap();
        fs::write(lab.join("Cargo.toml"), "").unwrap();
        fs::create_dir_all(folder.path().join("notebooks")).unwrap();
        fs::create_dir_all(folder.path().join("target/kernel")).unwrap();
        let project = Project::around(folder.path()).unwrap();
        // A kernel that ends at once.
        std::os::unix::fs::symlink("/bin/true", project.kernel()).unwrap();
        let spares = super::folder(&project);
        let (_, mut process) = launch(&project, &spares, 1, &[]).unwrap();
        process.wait().unwrap();
        let left = waiting(&project);
        assert_eq!(left.len(), 1);
        assert!(left[0].is_starting(), "it was written this moment");
        // One that was given back is found before it.
        let mut text: Value =
            serde_json::from_str(&fs::read_to_string(&left[0].file).unwrap()).unwrap();
        text[WAS_USED] = true.into();
        fs::write(new_file(&project), text.to_string()).unwrap();
        let both = waiting(&project);
        assert!(both.len() == 2 && both[0].was_used && !both[1].was_used);
        both.iter().for_each(Started::clean_up);
        assert!(waiting(&project).is_empty());
        assert_eq!(fs::read_dir(spares).unwrap().count(), 0);
    }
}
