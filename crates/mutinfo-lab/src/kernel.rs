//! A running kernel, spoken to as Jupyter does: over sockets, in Jupyter's protocol.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio as Pipe;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use jupyter_protocol::{
    ConnectionInfo, ErrorOutput, ExecuteRequest, ExecutionState, InterruptRequest, JupyterMessage,
    JupyterMessageContent, KernelInfoRequest, Media, ShutdownRequest, Stdio,
};
use jupyter_zmq_client::{
    ClientControlConnection, ClientIoPubConnection, ClientShellConnection, KernelspecDir,
    create_client_control_connection, create_client_iopub_connection,
    create_client_shell_connection_with_identity, peer_identity_for_session,
};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin};
use tokio::runtime::Runtime;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::connection::{connection, free_ports};
use crate::files;
use crate::kernelspec::{KERNEL_NAME, kernelspec};
use crate::lifeline::LIFELINE_VARIABLE;
use crate::project::Project;

/// How long a kernel may take to start: seconds where everything was built before.
const START_LIMIT: Duration = Duration::from_secs(1800);

/// How long a kernel may take to end after it was asked to.
const END_LIMIT: Duration = Duration::from_secs(10);

/// How long a kernel must have been silent for its first messages to be over.
const QUIET: Duration = Duration::from_millis(40);

/// How many of the last lines on the kernel's own stderr are shown when it dies.
const LAST_WORDS: usize = 20;

/// What a cell put out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was printed to stdout.
    pub stdout: String,
    /// What was printed to stderr.
    pub stderr: String,
    /// The values shown, in order.
    pub results: Vec<Media>,
    /// Panics, compilation errors and the like.
    pub errors: Vec<ErrorOutput>,
    /// From sending the cell to the kernel's "idle".
    pub time: Duration,
}

impl Outcome {
    /// Whether the cell failed.
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// How to start a kernel.
pub struct Launch<'a> {
    /// The project whose kernel it is.
    pub project: &'a Project,
    /// The folder that cells run in: the notebook's.
    pub folder: &'a Path,
    /// Told each line that the kernel itself writes to stderr.
    pub on_log: Box<dyn FnMut(&str) + Send>,
}

/// A kernel that runs until it is shut down or dropped.
pub struct Kernel {
    runtime: Runtime,
    process: Child,
    sockets: Sockets,
    last_words: LastWords,
    _held: Held,
}

struct Sockets {
    shell: ClientShellConnection,
    control: ClientControlConnection,
    iopub: ClientIoPubConnection,
}

/// The last lines that the kernel wrote to stderr.
type LastWords = Arc<Mutex<VecDeque<String>>>;

/// What lasts as long as the kernel does.
type Held = (ChildStdin, ConnectionFile);

/// The file that tells the kernel its ports; it goes when the kernel goes.
struct ConnectionFile(PathBuf);

impl Drop for ConnectionFile {
    fn drop(&mut self) {
        // If it cannot be removed it does no harm.
        let _ = fs::remove_file(&self.0);
    }
}

impl Launch<'_> {
    /// Starts the kernel, as Jupyter does from the same kernelspec, and waits until it is
    /// ready for cells.
    pub fn start(self) -> Result<Kernel> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let last_words = LastWords::default();
        let (process, sockets, held) = runtime.block_on(self.start_and_connect(&last_words))?;
        Ok(Kernel {
            runtime,
            process,
            sockets,
            last_words,
            _held: held,
        })
    }

    async fn start_and_connect(self, last_words: &LastWords) -> Result<(Child, Sockets, Held)> {
        let (ports, listeners) = free_ports()?;
        let connection = connection(ports);
        let folder = self.project.lab().join("connections");
        let file = ConnectionFile(folder.join(format!("{}.json", Uuid::new_v4())));
        // Who knows the key can have the kernel run anything.
        files::write_private(&file.0, &serde_json::to_string(&connection)?)?;

        let spec = KernelspecDir {
            kernel_name: KERNEL_NAME.to_owned(),
            path: PathBuf::new(),
            kernelspec: kernelspec(self.project)?,
        };
        // The front listens within milliseconds.
        drop(listeners);
        let mut process = spec
            .command(&file.0, Some(Pipe::piped()), None)?
            .current_dir(self.folder)
            .env(LIFELINE_VARIABLE, "stdin")
            .stdin(Pipe::piped())
            .kill_on_drop(true)
            .spawn()
            .context("The kernel cannot be started. Run `cargo lab setup`.")?;
        let lifeline = process.stdin.take().expect("it is piped");
        let stderr = process.stderr.take().expect("it is piped");
        tokio::spawn(follow(stderr, Arc::clone(last_words), self.on_log));

        let sockets = tokio::select! {
            sockets = timeout(START_LIMIT, connect(&connection)) => sockets
                .unwrap_or_else(|_| Err(anyhow!(
                    "The kernel was not ready after {} minutes.",
                    START_LIMIT.as_secs() / 60
                ))),
            status = process.wait() => {
                // What it said may still be under way.
                sleep(QUIET).await;
                Err(anyhow!("The kernel ended at its start ({}).", status?))
            }
        };
        let sockets = sockets.with_context(|| recall(last_words))?;
        Ok((process, sockets, (lifeline, file)))
    }
}

async fn follow(stderr: ChildStderr, last_words: LastWords, mut on_log: impl FnMut(&str)) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        on_log(&line);
        let mut last_words = last_words.lock().expect("no holder panics");
        if last_words.len() == LAST_WORDS {
            last_words.pop_front();
        }
        last_words.push_back(line);
    }
}

fn recall(last_words: &LastWords) -> String {
    let last_words = last_words.lock().expect("no holder panics");
    let lines: Vec<_> = last_words
        .iter()
        .map(|line| format!("  {line}\n"))
        .collect();
    format!(
        "The kernel failed. The last that it said:\n{}",
        lines.concat()
    )
}

/// Connects to a kernel that may not listen yet, and waits until it answers.
async fn connect(connection: &ConnectionInfo) -> Result<Sockets> {
    let session = Uuid::new_v4().to_string();
    let mut sockets = loop {
        match open_sockets(connection, &session).await {
            Ok(sockets) => break sockets,
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    };
    // The kernel's first messages may be lost, as it does not wait for anyone to listen:
    // it is asked until an answer arrives.
    loop {
        sockets.shell.send(KernelInfoRequest {}.into()).await?;
        let answer = timeout(Duration::from_millis(500), sockets.iopub.read());
        if let Ok(message) = answer.await {
            message?;
            break;
        }
    }
    // It now answers all that it was asked; of the front's answers the last says whether there
    // is a kernel behind it yet.
    let mut is_starting = false;
    loop {
        let message = if is_starting {
            sockets.iopub.read().await?
        } else {
            match timeout(QUIET, sockets.iopub.read()).await {
                Ok(message) => message?,
                Err(_) => return Ok(sockets),
            }
        };
        if let JupyterMessageContent::Status(status) = message.content {
            let is_answer = message.parent_header.is_some();
            is_starting = match status.execution_state {
                ExecutionState::Starting => true,
                _ => is_starting && is_answer,
            };
        }
    }
}

async fn open_sockets(connection: &ConnectionInfo, session: &str) -> Result<Sockets> {
    let identity = peer_identity_for_session(session)?;
    Ok(Sockets {
        shell: create_client_shell_connection_with_identity(connection, session, identity).await?,
        control: create_client_control_connection(connection, session).await?,
        iopub: create_client_iopub_connection(connection, "", session).await?,
    })
}

impl Kernel {
    /// Runs a cell and waits for all that it puts out, for at most `limit`.
    pub fn execute(&mut self, code: &str, limit: Duration) -> Result<Outcome> {
        let Self {
            runtime,
            process,
            sockets,
            last_words,
            ..
        } = self;
        runtime.block_on(async {
            tokio::select! {
                outcome = timeout(limit, run(&mut sockets.shell, &mut sockets.iopub, code)) => match outcome {
                    Ok(outcome) => outcome,
                    Err(_) => {
                        // Ends the process that runs the cell, which may be in a loop.
                        sockets.control.send(InterruptRequest {}.into()).await?;
                        let _ = timeout(END_LIMIT, sockets.control.read()).await;
                        bail!("The cell was stopped: it ran for more than {} s.", limit.as_secs())
                    }
                },
                status = process.wait() => {
                    sleep(QUIET).await;
                    Err(anyhow!("The kernel ended ({}).", status?).context(recall(last_words)))
                }
            }
        })
    }

    /// Ends the kernel as Jupyter does to start another: if this program does so soon, that one is
    /// ready at once.
    pub fn shut_down(mut self) {
        self.runtime.block_on(async {
            let request = ShutdownRequest { restart: true };
            // One that does not end by itself is killed when it is dropped.
            if self.sockets.control.send(request.into()).await.is_ok() {
                let _ = timeout(END_LIMIT, self.process.wait()).await;
            }
        });
    }
}

/// Sends code to a kernel, and reads on until it says that it is done.
pub async fn run(
    shell: &mut ClientShellConnection,
    iopub: &mut ClientIoPubConnection,
    code: &str,
) -> Result<Outcome> {
    let request: JupyterMessage = ExecuteRequest::new(code.to_owned()).into();
    let id = request.header.msg_id.clone();
    let start = Instant::now();
    shell.send(request).await?;

    let mut outcome = Outcome::default();
    loop {
        let message = iopub.read().await?;
        if is_reply_to(&message, &id) && outcome.take(message.content) {
            break;
        }
    }
    outcome.time = start.elapsed();
    Ok(outcome)
}

fn is_reply_to(message: &JupyterMessage, id: &str) -> bool {
    message
        .parent_header
        .as_ref()
        .is_some_and(|parent| parent.msg_id == id)
}

impl Outcome {
    /// Takes in a message about the cell; says whether it was the last, the kernel's "idle".
    fn take(&mut self, content: JupyterMessageContent) -> bool {
        match content {
            JupyterMessageContent::StreamContent(stream) => match stream.name {
                Stdio::Stdout => self.stdout += &stream.text,
                Stdio::Stderr => self.stderr += &stream.text,
            },
            JupyterMessageContent::ExecuteResult(result) => self.results.push(result.data),
            JupyterMessageContent::DisplayData(display) => self.results.push(display.data),
            JupyterMessageContent::ClearOutput(_) => *self = Self::default(),
            JupyterMessageContent::ErrorOutput(error) => self.errors.push(error),
            JupyterMessageContent::Status(status) => {
                return status.execution_state == ExecutionState::Idle;
            }
            _ => {}
        }
        false
    }
}
