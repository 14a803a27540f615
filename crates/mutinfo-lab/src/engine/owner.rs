//! The kernel's process: waits for a front that takes it, and ends with that front, unless that
//! one gives it back.

use std::fs::{self, File, TryLockError};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, getpgrp, getpid, kill_process_group, test_kill_process};
use serde_json::Value;

use super::{AGAIN, LIVES_WITH_VARIABLE, OWNER_PORT, SPARE_LOCK_VARIABLE, WAS_USED, YOURS};
use crate::files;

/// Tells the cells' process, which inherits it, where the kernel listens: `PORT KEY`.
pub const OWNER_VARIABLE: &str = "MUTINFO_OWNER";

/// How often a kernel without an owner looks whether it is still of use.
const GLANCE: Duration = Duration::from_millis(500);

/// How long a kernel that was given back waits: Jupyter starts the next front at once.
const AGAIN_LIMIT: Duration = Duration::from_secs(10);

/// A kernel that waits for its owner, or has one.
pub struct Kernel {
    listener: TcpListener,
    /// What its connection file says.
    connection: Value,
    key: String,
    /// The process to end with, as long as there is no owner.
    lives_with: Option<Pid>,
    /// The port of Jupyter's heartbeat.
    heartbeat: u16,
    state: Mutex<State>,
}

/// Whom the kernel works for.
struct State {
    /// `PORT FOLDER`, as the cells' process is told.
    front: Option<String>,
    /// How many fronts there have been.
    fronts: usize,
    /// The connection file, by which a front finds the kernel.
    file: PathBuf,
    /// For a spare: all processors, and the lock by which it is the only one.
    spare: Option<(processors::Set, File)>,
    /// The cells' processes that wait to be told.
    cells: Vec<TcpStream>,
    /// The ids of the cells' processes.
    pids: Vec<i32>,
}

impl Kernel {
    /// Listens where the connection file says, if it names a port for an owner.
    pub fn listen(file: &Path) -> Result<Option<Self>> {
        let connection: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
        let Some(port) = port_in(&connection, OWNER_PORT) else {
            return Ok(None);
        };
        let spare = match env::var_os(SPARE_LOCK_VARIABLE) {
            Some(lock) => Some((processors::keep_to_one()?, only_spare(Path::new(&lock))?)),
            None => None,
        };
        let lives_with = match env::var(LIVES_WITH_VARIABLE) {
            Ok(pid) => Some(process_of(&pid)?),
            Err(_) => None,
        };
        Ok(Some(Self {
            listener: TcpListener::bind((Ipv4Addr::LOCALHOST, port))?,
            key: connection["key"]
                .as_str()
                .context("a connection file has a key")?
                .to_owned(),
            heartbeat: port_in(&connection, "hb_port").context("a kernel has a heartbeat")?,
            connection,
            lives_with,
            state: Mutex::new(State {
                front: None,
                fronts: 0,
                file: file.to_path_buf(),
                spare,
                cells: Vec::new(),
                pids: Vec::new(),
            }),
        }))
    }

    /// For the environment of the cells' process, where the kernel listens.
    pub fn address(&self) -> Result<String> {
        Ok(format!(
            "{} {}",
            self.listener.local_addr()?.port(),
            self.key
        ))
    }

    /// Serves whoever comes, in threads of its own. `cells` is the folder of the package that
    /// each cell becomes.
    pub fn serve(self, cells: PathBuf) {
        let kernel = Arc::new(self);
        if let Some(pid) = kernel.lives_with {
            kernel.end_unless_taken(pid, Duration::MAX);
        }
        thread::spawn(move || {
            while let Ok((stream, _)) = kernel.listener.accept() {
                // A stranger is shown out; the next one may be the front.
                let _ = kernel.receive(stream, &cells);
            }
        });
    }

    /// Ends the kernel where no front takes it: as soon as none can find it any more, as that
    /// process is gone, or after some time.
    fn end_unless_taken(self: &Arc<Self>, editor: Pid, limit: Duration) {
        let (kernel, start) = (Arc::clone(self), Instant::now());
        let fronts = lock(&kernel.state).fronts;
        thread::spawn(move || {
            loop {
                let state = lock(&kernel.state);
                if state.fronts > fronts {
                    return;
                }
                let is_found = state.file.exists();
                if !is_found || test_kill_process(editor).is_err() || start.elapsed() > limit {
                    let _ = fs::remove_file(&state.file);
                    end();
                }
                drop(state);
                thread::sleep(GLANCE);
            }
        });
    }

    /// Removes the connection file, for no other front to try, as soon as evcxr has read it: it
    /// listens then.
    fn remove_connection_file(&self, file: PathBuf) {
        let port = self.heartbeat;
        thread::spawn(move || {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
                thread::sleep(Duration::from_millis(10));
            }
            // Somebody else may have done so.
            let _ = fs::remove_file(file);
        });
    }

    fn receive(self: &Arc<Self>, mut stream: TcpStream, folder_of_cells: &Path) -> Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let line = first_line(&mut stream)?;
        stream.set_read_timeout(None)?;
        let mut words = line.splitn(3, ' ');
        let (what, key, rest) = (words.next(), words.next(), words.next().unwrap_or_default());
        ensure!(key == Some(self.key.as_str()), "another key");
        let mut state = lock(&self.state);
        match what {
            Some("cells") => {
                state.pids.push(rest.parse()?);
                match &state.front {
                    Some(front) => writeln!(stream, "{front}")?,
                    None => {
                        writeln!(stream)?;
                        state.cells.push(stream.try_clone()?);
                    }
                }
                // Kept open: the cells' process ends when this one does.
                thread::spawn(move || stream.read(&mut [0]));
            }
            Some("own") if state.front.is_none() => {
                let (_, folder) = rest.split_once(' ').context("no folder")?;
                env::set_current_dir(folder)?;
                self.remove_connection_file(state.file.clone());
                if let Some((all, _lock)) = state.spare.take() {
                    let own = i32::try_from(process::id())?;
                    for pid in state.pids.iter().copied().chain([own]) {
                        processors::allow(pid, &all);
                    }
                }
                for mut cells in state.cells.drain(..) {
                    writeln!(cells, "{rest}")?;
                }
                state.front = Some(rest.to_owned());
                state.fronts += 1;
                writeln!(stream, "{YOURS} {}", folder_of_cells.display())?;
                let kernel = Arc::clone(self);
                thread::spawn(move || {
                    // The front writes one line at most: this returns when it is gone or writes.
                    let last = first_line(&mut stream).unwrap_or_default();
                    if kernel.take_back(&last).is_err() {
                        end();
                    }
                });
            }
            _ => anyhow::bail!("already taken"),
        }
        Ok(())
    }

    /// Waits once more for a front, if the present one said so last.
    fn take_back(self: &Arc<Self>, last: &str) -> Result<()> {
        let rest = last.strip_prefix(AGAIN).context("the front is gone")?;
        let (editor, file) = rest.trim_start().split_once(' ').context("no file")?;
        let (editor, file) = (process_of(editor)?, Path::new(file));
        ensure!(env::current_exe()?.exists(), "there is a newer kernel");
        let mut state = lock(&self.state);
        state.front = None;
        state.file = file.to_path_buf();
        let mut connection = self.connection.clone();
        connection[WAS_USED] = true.into();
        files::write_private(file, &connection.to_string())?;
        drop(state);
        self.end_unless_taken(editor, AGAIN_LIMIT);
        Ok(())
    }
}

fn process_of(number: &str) -> Result<Pid> {
    let number = number.parse().ok();
    number.and_then(Pid::from_raw).context("no such process")
}

fn port_in(connection: &Value, name: &str) -> Option<u16> {
    u16::try_from(connection[name].as_u64()?).ok()
}

/// The first line that the other side sends, and no byte more.
pub(super) fn first_line(stream: &mut TcpStream) -> Result<String> {
    // One byte at a time: what follows is for someone else.
    let mut reader = BufReader::with_capacity(1, stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok(line.trim_end_matches('\n').to_owned())
}

/// The lock that only one waiting spare holds. Ends this process where another does.
fn only_spare(lock: &Path) -> Result<File> {
    let file = File::create(lock)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => process::exit(0),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends this process with all that it started: the cells, the compiler.
fn end() -> ! {
    if getpgrp() == getpid() {
        let _ = kill_process_group(getpid(), Signal::KILL);
    }
    process::exit(1)
}

/// Which processors a process may use: a spare gets warm on one, and leaves the others to
/// the cells that are running. Unlike a low priority this can be taken back.
mod processors {
    #[cfg(target_os = "linux")]
    pub use linux::{Set, allow, keep_to_one};

    #[cfg(not(target_os = "linux"))]
    pub use elsewhere::{Set, allow, keep_to_one};

    #[cfg(target_os = "linux")]
    mod linux {
        use std::fs;

        use anyhow::Result;
        use rustix::thread::{CpuSet, Pid, sched_getaffinity, sched_setaffinity};

        pub type Set = CpuSet;

        /// Keeps this process to one processor; says which it had.
        pub fn keep_to_one() -> Result<Set> {
            let all = sched_getaffinity(None)?;
            if let Some(last) = (0..CpuSet::MAX_CPU).rev().find(|&cpu| all.is_set(cpu)) {
                let mut one = CpuSet::new();
                one.set(last);
                sched_setaffinity(None, &one)?;
            }
            Ok(all)
        }

        /// Gives a process these processors, in all of its threads.
        pub fn allow(pid: i32, all: &Set) {
            let threads = fs::read_dir(format!("/proc/{pid}/task"))
                .into_iter()
                .flatten();
            for thread in threads.flatten() {
                let id = thread.file_name().to_str().and_then(|id| id.parse().ok());
                if let Some(id) = id.and_then(Pid::from_raw) {
                    // A thread that has just ended needs none.
                    let _ = sched_setaffinity(Some(id), all);
                }
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    mod elsewhere {
        use anyhow::Result;

        pub struct Set;

        pub fn keep_to_one() -> Result<Set> {
            Ok(Set)
        }

        pub fn allow(_: i32, _: &Set) {}
    }
}
