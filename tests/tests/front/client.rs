//! A Jupyter client with a kernel that it started from the kernelspec.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jupyter_protocol::{
    CompleteRequest, ConnectionInfo, ExecuteRequest, ExecutionState, InspectRequest,
    InterruptRequest, JupyterMessage, JupyterMessageContent as Content, KernelInfoRequest, Media,
    MediaType, ReplyStatus, ShutdownRequest, Stdio as Stream,
};
use jupyter_zmq_client::{
    ClientControlConnection, ClientIoPubConnection, ClientShellConnection,
    create_client_control_connection, create_client_iopub_connection,
    create_client_shell_connection_with_identity, peer_identity_for_session,
};
use mutinfo_lab::connection::{connection, free_ports};
use mutinfo_lab::files;
use mutinfo_lab::kernelspec::kernelspec;
use mutinfo_lab::project::Project;
use mutinfo_lab::setup;
use tokio::runtime::Runtime;
use tokio::time::{sleep, timeout};

/// More than anything here takes, on a busy machine too.
const LIMIT: Duration = Duration::from_secs(120);

/// What a cell came to.
#[derive(Debug, Default)]
pub struct Cell {
    pub status: ReplyStatus,
    /// The number that it got, if it was run.
    pub number: Option<usize>,
    /// What it put out, one after the other, as text: what it printed, the plain text of its
    /// values, and the name and text of its error.
    pub shown: Vec<String>,
    /// The error's lines.
    pub traceback: String,
    pub time: Duration,
}

pub struct Notebook {
    pub process: Child,
    project: Project,
    connection: ConnectionInfo,
    file: PathBuf,
    runtime: Runtime,
    sockets: Sockets,
}

struct Sockets {
    shell: ClientShellConnection,
    control: ClientControlConnection,
    iopub: ClientIoPubConnection,
}

pub fn project() -> Project {
    let project = Project::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    setup::kernel(&project).unwrap();
    project
}

impl Notebook {
    /// Starts a kernel, as Jupyter does, and connects to it.
    pub fn open(project: &Project) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (ports, listeners) = free_ports().unwrap();
        let connection = connection(ports);
        let file = project
            .lab()
            .join("connections")
            .join(format!("test-{}.json", ports[0]));
        files::write_private(&file, &serde_json::to_string(&connection).unwrap()).unwrap();
        // The front listens within milliseconds.
        drop(listeners);
        let process = start(project, &file);
        let sockets = runtime.block_on(connect(&connection));
        Self {
            process,
            project: project.clone(),
            connection,
            file,
            runtime,
            sockets,
        }
    }

    /// Restarts the kernel as Jupyter does: with the same connection file.
    pub fn restart(&mut self) {
        self.shut_down();
        self.process = start(&self.project, &self.file);
        self.sockets = self.runtime.block_on(connect(&self.connection));
    }

    /// Has the kernel end, and waits for that.
    pub fn shut_down(&mut self) {
        let request = ShutdownRequest { restart: true };
        self.runtime
            .block_on(self.sockets.control.send(request.into()))
            .unwrap();
        let end = Instant::now() + LIMIT;
        while self.process.try_wait().unwrap().is_none() {
            assert!(Instant::now() < end, "the front does not end");
            // What is sent leaves while the runtime has its turn.
            self.runtime
                .block_on(async { sleep(Duration::from_millis(10)).await });
        }
    }

    /// Runs a cell to its end.
    pub fn run(&mut self, code: &str) -> Cell {
        self.run_all(&[code]).pop().unwrap()
    }

    /// Sends cells, one right after the other, and waits for all.
    pub fn run_all(&mut self, cells: &[&str]) -> Vec<Cell> {
        let cells: Vec<_> = cells.iter().map(|code| self.send(code)).collect();
        cells.into_iter().map(|id| self.wait_for(&id)).collect()
    }

    /// Sends a cell.
    pub fn send(&mut self, code: &str) -> String {
        self.ask(ExecuteRequest::new(code.to_owned()))
    }

    fn ask(&mut self, content: impl Into<Content>) -> String {
        let request = JupyterMessage::new(content, None);
        let id = request.header.msg_id.clone();
        self.runtime
            .block_on(self.sockets.shell.send(request))
            .unwrap();
        id
    }

    /// Waits for the end of a cell that was sent.
    pub fn wait_for(&mut self, id: &str) -> Cell {
        let Self {
            runtime, sockets, ..
        } = self;
        let start = Instant::now();
        let mut cell = Cell::default();
        let work = async {
            loop {
                let message = sockets.iopub.read().await.unwrap();
                if is_about(&message, id) && cell.take(message.content) {
                    break;
                }
            }
            loop {
                let message = sockets.shell.read().await.unwrap();
                if let Content::ExecuteReply(reply) = &message.content
                    && is_about(&message, id)
                {
                    cell.status = reply.status.clone();
                    break;
                }
            }
        };
        runtime
            .block_on(async { timeout(LIMIT, work).await })
            .unwrap_or_else(|_| panic!("a cell does not end"));
        cell.time = start.elapsed();
        cell
    }

    /// Waits until a cell has put out this.
    pub fn wait_until_shown(&mut self, text: &str) {
        let Self {
            runtime, sockets, ..
        } = self;
        let work = async {
            loop {
                if let Content::StreamContent(stream) = sockets.iopub.read().await.unwrap().content
                    && stream.text.contains(text)
                {
                    return;
                }
            }
        };
        runtime
            .block_on(async { timeout(LIMIT, work).await })
            .unwrap_or_else(|_| panic!("{text:?} is not shown"));
    }

    pub fn interrupt(&mut self) {
        let request = InterruptRequest {};
        self.runtime
            .block_on(self.sockets.control.send(request.into()))
            .unwrap();
    }

    /// The words that complete what stands at the end of the code.
    pub fn complete(&mut self, code: &str) -> Vec<String> {
        let id = self.ask(CompleteRequest {
            code: code.to_owned(),
            cursor_pos: code.chars().count(),
        });
        match self.reply_to(&id) {
            Content::CompleteReply(reply) => reply.matches,
            other => panic!("{other:?}"),
        }
    }

    /// Help on what stands at the end of the code.
    pub fn inspect(&mut self, code: &str) -> String {
        let id = self.ask(InspectRequest {
            code: code.to_owned(),
            cursor_pos: code.chars().count(),
            detail_level: None,
        });
        match self.reply_to(&id) {
            Content::InspectReply(reply) => plain_text(&reply.data),
            other => panic!("{other:?}"),
        }
    }

    fn reply_to(&mut self, id: &str) -> Content {
        let Self {
            runtime, sockets, ..
        } = self;
        let work = async {
            loop {
                let message = sockets.shell.read().await.unwrap();
                if is_about(&message, id) {
                    return message.content;
                }
            }
        };
        runtime
            .block_on(async { timeout(LIMIT, work).await })
            .unwrap_or_else(|_| panic!("there is no reply"))
    }
}

impl Drop for Notebook {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.file);
    }
}

impl Cell {
    /// Takes in a message about the cell; says whether it was the last.
    fn take(&mut self, content: Content) -> bool {
        match content {
            Content::ExecuteInput(input) => self.number = Some(input.execution_count.value()),
            Content::StreamContent(stream) => {
                let name = match stream.name {
                    Stream::Stdout => "",
                    Stream::Stderr => "stderr: ",
                };
                self.shown.push(format!("{name}{}", stream.text));
            }
            Content::ExecuteResult(result) => self.shown.push(plain_text(&result.data)),
            Content::DisplayData(display) => self.shown.push(plain_text(&display.data)),
            Content::ErrorOutput(error) => {
                self.shown
                    .push(format!("{}: {}", error.ename, error.evalue));
                self.traceback = error.traceback.join("\n");
            }
            Content::ClearOutput(_) => self.shown.clear(),
            Content::Status(status) => return status.execution_state == ExecutionState::Idle,
            _ => {}
        }
        false
    }
}

fn plain_text(media: &Media) -> String {
    let plain = media.content.iter().find_map(|form| match form {
        MediaType::Plain(text) => Some(text.clone()),
        _ => None,
    });
    plain.unwrap_or_else(|| format!("{media:?}"))
}

fn is_about(message: &JupyterMessage, id: &str) -> bool {
    message
        .parent_header
        .as_ref()
        .is_some_and(|parent| parent.msg_id == id)
}

fn start(project: &Project, file: &Path) -> Child {
    let argv = kernelspec(project).unwrap().argv;
    let [program, task, _] = argv.as_slice() else {
        panic!("the kernelspec names another command: {argv:?}");
    };
    Command::new(program)
        .arg(task)
        .arg(file)
        .current_dir(project.notebooks())
        .stdin(Stdio::null())
        .spawn()
        .unwrap()
}

async fn connect(connection: &ConnectionInfo) -> Sockets {
    let session = "session";
    let identity = peer_identity_for_session(session).unwrap();
    let end = Instant::now() + LIMIT;
    let mut sockets = loop {
        let shell =
            create_client_shell_connection_with_identity(connection, session, identity.clone())
                .await;
        let control = create_client_control_connection(connection, session).await;
        let iopub = create_client_iopub_connection(connection, "", session).await;
        if let (Ok(shell), Ok(control), Ok(iopub)) = (shell, control, iopub) {
            break Sockets {
                shell,
                control,
                iopub,
            };
        }
        assert!(Instant::now() < end, "the front does not listen");
        sleep(Duration::from_millis(10)).await;
    };
    // It is asked until what it publishes arrives.
    loop {
        let request = KernelInfoRequest {};
        sockets.shell.send(request.into()).await.unwrap();
        let published = timeout(Duration::from_millis(200), sockets.iopub.read());
        if published.await.is_ok() {
            return sockets;
        }
        assert!(Instant::now() < end, "the front does not answer");
    }
}
