//! The kernel's process: waits for a front that takes it, and ends with that front.

use std::fs::{self, File, TryLockError};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{env, process, thread};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, getpgrp, getpid, kill_process_group, test_kill_process};
use serde_json::Value;

use super::{LIVES_WITH_VARIABLE, OWNER_PORT, SPARE_LOCK_VARIABLE, YOURS};

/// Tells the cells' process, which inherits it, where the kernel listens: `PORT KEY`.
pub const OWNER_VARIABLE: &str = "MUTINFO_OWNER";

/// How often a kernel without an owner looks whether it is still of use.
const GLANCE: Duration = Duration::from_millis(500);

/// A kernel that waits for its owner.
pub struct Waiting {
    listener: TcpListener,
    connection: PathBuf,
    key: String,
    /// For a spare: all processors, and the lock by which it is the only one.
    spare: Option<(processors::Set, File)>,
    /// The process to end with, as long as there is no owner.
    lives_with: Option<Pid>,
    /// The folder of the package that each cell becomes.
    cells: PathBuf,
    /// The port of Jupyter's heartbeat.
    heartbeat: u16,
}

/// Whom the kernel works for.
#[derive(Default)]
struct State {
    /// `PORT FOLDER`, as the cells' process is told.
    front: Option<String>,
    /// The cells' processes that wait to be told.
    cells: Vec<TcpStream>,
    /// The ids of the cells' processes.
    pids: Vec<i32>,
}

impl Waiting {
    /// Listens where the connection file says, if it names a port for an owner.
    pub fn listen(connection: &Path) -> Result<Option<Self>> {
        let file: Value = serde_json::from_str(&fs::read_to_string(connection)?)?;
        let Some(port) = port_in(&file, OWNER_PORT) else {
            return Ok(None);
        };
        let spare = match env::var_os(SPARE_LOCK_VARIABLE) {
            Some(lock) => Some((processors::keep_to_one()?, only_spare(Path::new(&lock))?)),
            None => None,
        };
        let lives_with = match env::var(LIVES_WITH_VARIABLE) {
            Ok(pid) => Some(
                pid.parse()
                    .ok()
                    .and_then(Pid::from_raw)
                    .context("no such process")?,
            ),
            Err(_) => None,
        };
        Ok(Some(Self {
            listener: TcpListener::bind((Ipv4Addr::LOCALHOST, port))?,
            connection: connection.to_path_buf(),
            key: file["key"]
                .as_str()
                .context("a connection file has a key")?
                .to_owned(),
            spare,
            lives_with,
            cells: PathBuf::new(),
            heartbeat: port_in(&file, "hb_port").context("a kernel has a heartbeat")?,
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

    /// Serves whoever comes, in a thread of its own. `cells` is the folder of the package that
    /// each cell becomes.
    pub fn serve(mut self, cells: PathBuf) {
        self.cells = cells;
        let state = Arc::new(Mutex::new(State::default()));
        if let Some(pid) = self.lives_with {
            let (state, connection) = (Arc::clone(&state), self.connection.clone());
            thread::spawn(move || {
                while lock(&state).front.is_none() {
                    // Nobody can find it any more, or nobody is there to look for it.
                    if !connection.exists() || test_kill_process(pid).is_err() {
                        end();
                    }
                    thread::sleep(GLANCE);
                }
            });
        }
        thread::spawn(move || {
            while let Ok((stream, _)) = self.listener.accept() {
                // A stranger is shown out; the next one may be the front.
                let _ = self.receive(stream, &state);
            }
        });
    }

    /// Removes the connection file, for no other front to try, as soon as evcxr has read it: it
    /// listens then.
    fn remove_connection_file(&self) {
        let (file, port) = (self.connection.clone(), self.heartbeat);
        thread::spawn(move || {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
                thread::sleep(Duration::from_millis(10));
            }
            // Somebody else may have done so.
            let _ = fs::remove_file(file);
        });
    }

    fn receive(&mut self, mut stream: TcpStream, state: &Mutex<State>) -> Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let line = first_line(&mut stream)?;
        stream.set_read_timeout(None)?;
        let mut words = line.splitn(3, ' ');
        let (what, key, rest) = (words.next(), words.next(), words.next().unwrap_or_default());
        anyhow::ensure!(key == Some(self.key.as_str()), "another key");
        let mut state = lock(state);
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
                self.remove_connection_file();
                if let Some((all, _lock)) = self.spare.take() {
                    let own = i32::try_from(process::id())?;
                    for pid in state.pids.iter().copied().chain([own]) {
                        processors::allow(pid, &all);
                    }
                }
                for cells in &mut state.cells {
                    writeln!(cells, "{rest}")?;
                }
                state.front = Some(rest.to_owned());
                writeln!(stream, "{YOURS} {}", self.cells.display())?;
                thread::spawn(move || {
                    // The front never writes here again: this returns when it is gone.
                    let _ = stream.read(&mut [0]);
                    end();
                });
            }
            _ => anyhow::bail!("already taken"),
        }
        Ok(())
    }
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
