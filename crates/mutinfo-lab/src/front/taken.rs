//! The kernel that a front took: found or started, owned, and connected to.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jupyter_protocol::{
    ConnectionInfo, ExecuteRequest, JupyterMessage, JupyterMessageContent, KernelInfoRequest,
};
use jupyter_zmq_client::{
    ClientIoPubConnection, DealerRecvConnection, DealerSendConnection,
    create_client_control_connection, create_client_iopub_connection,
    create_client_shell_connection_with_identity, create_client_stdin_connection_with_identity,
    peer_identity_for_session,
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::tap::{Printed, State, Tap};
use crate::engine::{AGAIN, YOURS};
use crate::project::Project;
use crate::spare::{self, Started};
use crate::{kernel, setup};

/// How long a kernel may take to say whom it belongs to: it lays out its workbench first.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// How long a kernel may take to forget: it may still compile a cell.
const FORGET_LIMIT: Duration = Duration::from_secs(15);

/// Has evcxr forget all that it was told, and read again what it reads at its start.
const FORGET: &str = ":clear\n:load_config --quiet";

/// How long a kernel may take to take itself back.
const GIVE_BACK_LIMIT: Duration = Duration::from_millis(500);

/// How often a front looks whether the set-up is done that it waits for.
const GLANCE: Duration = Duration::from_millis(200);

/// What a kernel does.
pub enum News {
    /// It is ready for cells.
    Ready(Box<Taken>),
    /// It cannot be had, or ended at its start.
    Failed(String),
    /// It answered on its shell or stdin, or published something.
    Said(Box<JupyterMessage>),
    /// The process that runs cells printed something.
    Printed(Printed),
    /// It ended.
    Gone,
}

/// Where news of one kernel goes.
#[derive(Clone)]
pub struct Ear {
    /// The way to the front.
    pub news: UnboundedSender<(usize, News)>,
    /// Which of the front's kernels it is.
    pub generation: usize,
}

impl Ear {
    fn tell(&self, news: News) -> bool {
        self.news.send((self.generation, news)).is_ok()
    }
}

/// A kernel that is ready. It ends when this is dropped.
pub struct Taken {
    shell: DealerSendConnection,
    control: DealerSendConnection,
    stdin: DealerSendConnection,
    /// For the tap.
    pub state: Arc<State>,
    cells: PathBuf,
    owner: OwnerLine,
}

/// The connection by which the kernel knows that its owner lives.
type OwnerLine = tokio::net::tcp::OwnedWriteHalf;

/// A kernel that has been taken, and gets ready.
struct Owned {
    line: TcpStream,
    cells: PathBuf,
    connection: ConnectionInfo,
    /// What it said on stderr, unless another front has had that.
    log: Option<File>,
    was_used: bool,
}

/// Takes a spare, or else starts a kernel, and tells when it is ready. Until then all of it
/// goes on without the front.
pub fn take(project: Project, folder: PathBuf, ear: Ear) {
    tokio::spawn(async move {
        match take_one(&project, &folder, &ear).await {
            Ok(taken) => ear.tell(News::Ready(Box::new(taken))),
            Err(error) => ear.tell(News::Failed(format!("{error:#}"))),
        };
    });
}

async fn take_one(project: &Project, folder: &Path, ear: &Ear) -> Result<Taken> {
    while setup::is_under_way(project) {
        sleep(GLANCE).await;
    }
    loop {
        let tap = Tap::new().await?;
        let owned = own_some(project, folder, tap.port()?).await?;
        let (state, key, was_used) = (tap.state(), owned.connection.key.clone(), owned.was_used);
        let following = tokio::spawn({
            let ear = ear.clone();
            async move {
                tap.follow(key, |printed| ear.tell(News::Printed(printed)))
                    .await
            }
        });
        match make_ready(owned, state, ear).await {
            // The next one has no past.
            Err(_) if was_used => following.abort(),
            ready => return ready,
        }
    }
}

/// Connects to a kernel; one that was used is to forget all first.
async fn make_ready(owned: Owned, state: Arc<State>, ear: &Ear) -> Result<Taken> {
    let Owned {
        line,
        cells,
        connection,
        log,
        was_used,
    } = owned;
    let (mut lives, owner) = line.into_split();
    let sockets = async {
        if !was_used {
            return connect(&connection).await;
        }
        timeout(FORGET_LIMIT, async {
            let mut sockets = connect(&connection).await?;
            sockets.have_all_forgotten().await?;
            Ok(sockets)
        })
        .await?
    };
    let sockets = tokio::select! {
        sockets = sockets => sockets?,
        _ = lives.read_u8() => bail!("The kernel ended at its start. {}", last_words(log)),
    };
    let (shell, from_shell) = sockets.shell.split();
    let (control, from_control) = sockets.control.split();
    let (stdin, from_stdin) = sockets.stdin.split();
    for dealer in [from_shell, from_control, from_stdin] {
        tokio::spawn(listen(dealer, ear.clone()));
    }
    let iopub = sockets.iopub;
    tokio::spawn(listen_to_all(iopub, ear.clone()));
    let ear = ear.clone();
    tokio::spawn(async move {
        // The kernel never writes here: this returns when it is gone.
        let _ = lives.read_u8().await;
        ear.tell(News::Gone);
    });
    state
        .can_flush
        .store(true, std::sync::atomic::Ordering::Relaxed);
    Ok(Taken {
        shell,
        control,
        stdin,
        state,
        cells,
        owner,
    })
}

/// A spare, or a kernel that is started now.
async fn own_some(project: &Project, folder: &Path, port: u16) -> Result<Owned> {
    loop {
        let mut may_come = false;
        for spare in spare::waiting(project) {
            match own(&spare, folder, port).await {
                Ok(Some(owned)) => return Ok(owned),
                // Another front was faster.
                Ok(None) => {}
                Err(_) if spare.is_starting() => may_come = true,
                Err(_) => spare.clean_up(),
            }
        }
        if !may_come {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    let (started, process) = Started::launch(project, std::process::id())?;
    let ended = reap(process);
    tokio::pin!(ended);
    loop {
        match own(&started, folder, port).await {
            Ok(owned) => return owned.context("The kernel belongs to another front."),
            Err(_) if started.is_starting() => {}
            Err(error) => return Err(error),
        }
        if let Ok(status) = timeout(Duration::from_millis(20), &mut ended).await {
            let said = last_words(started.take_log().ok());
            started.clean_up();
            bail!("The kernel ended at its start ({}). {said}", status??);
        }
    }
}

/// Waits for a process, so that it leaves no entry in the table of processes.
async fn reap(mut process: Child) -> Result<std::io::Result<ExitStatus>> {
    let (tell, told) = tokio::sync::oneshot::channel();
    thread::spawn(move || {
        // Nobody need listen.
        let _ = tell.send(process.wait());
    });
    Ok(told.await?)
}

/// Asks a kernel to be this front's; nothing if it is another's.
async fn own(started: &Started, folder: &Path, port: u16) -> Result<Option<Owned>> {
    let mut line = TcpStream::connect((Ipv4Addr::LOCALHOST, started.owner_port)).await?;
    let wish = format!(
        "own {} {port} {}\n",
        started.connection.key,
        folder.display()
    );
    line.write_all(wish.as_bytes()).await?;
    let mut answer = String::new();
    timeout(
        ANSWER_LIMIT,
        BufReader::new(&mut line).read_line(&mut answer),
    )
    .await??;
    let Some(cells) = answer.trim_end().strip_prefix(YOURS) else {
        return Ok(None);
    };
    Ok(Some(Owned {
        cells: PathBuf::from(cells.trim_start()),
        log: started.take_log().ok(),
        connection: started.connection.clone(),
        was_used: started.was_used,
        line,
    }))
}

struct Sockets {
    shell: jupyter_zmq_client::ClientShellConnection,
    control: jupyter_zmq_client::ClientControlConnection,
    stdin: jupyter_zmq_client::ClientStdinConnection,
    iopub: ClientIoPubConnection,
}

/// Connects to a kernel that may not listen yet, and waits until it answers.
async fn connect(connection: &ConnectionInfo) -> Result<Sockets> {
    let session = Uuid::new_v4().to_string();
    let mut sockets = loop {
        match open(connection, &session).await {
            Ok(sockets) => break sockets,
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
    };
    // It answers once its prelude is executed. What it publishes first may be lost, as it does
    // not wait for anyone to listen: it is asked until something arrives.
    loop {
        let request: JupyterMessage = KernelInfoRequest {}.into();
        sockets.shell.send(request).await?;
        let published = timeout(Duration::from_millis(200), sockets.iopub.read());
        if let Ok(message) = published.await {
            message?;
            return Ok(sockets);
        }
    }
}

async fn open(connection: &ConnectionInfo, session: &str) -> Result<Sockets> {
    let identity = peer_identity_for_session(session)?;
    let (shell, stdin) = (identity.clone(), identity);
    Ok(Sockets {
        shell: create_client_shell_connection_with_identity(connection, session, shell).await?,
        control: create_client_control_connection(connection, session).await?,
        stdin: create_client_stdin_connection_with_identity(connection, session, stdin).await?,
        iopub: create_client_iopub_connection(connection, "", session).await?,
    })
}

impl Sockets {
    /// Makes a kernel that was used like one that has just started.
    async fn have_all_forgotten(&mut self) -> Result<()> {
        let outcome = kernel::run(&mut self.shell, &mut self.iopub, FORGET).await?;
        match outcome.errors.first() {
            Some(error) => bail!(error.evalue.clone()),
            None => Ok(()),
        }
    }
}

async fn listen(mut dealer: DealerRecvConnection, ear: Ear) {
    while let Ok(message) = dealer.read().await {
        if !ear.tell(News::Said(Box::new(message))) {
            break;
        }
    }
}

async fn listen_to_all(mut iopub: ClientIoPubConnection, ear: Ear) {
    while let Ok(message) = iopub.read().await {
        if !ear.tell(News::Said(Box::new(message))) {
            break;
        }
    }
}

impl Taken {
    /// Sends a request; says by which number its answers will be known.
    pub async fn ask(&mut self, content: impl Into<JupyterMessageContent>) -> Result<String> {
        let message = JupyterMessage::new(content, None);
        let id = message.header.msg_id.clone();
        self.shell.send(message).await?;
        Ok(id)
    }

    /// Sends code.
    pub async fn execute(&mut self, code: &str, allow_stdin: bool) -> Result<String> {
        let mut request = ExecuteRequest::new(code.to_owned());
        request.allow_stdin = allow_stdin;
        self.ask(request).await
    }

    /// Stops the cell that runs.
    pub async fn interrupt(&mut self) -> Result<()> {
        let request = jupyter_protocol::InterruptRequest {};
        Ok(self.control.send(request.into()).await?)
    }

    /// Hands on what the student typed where a cell asked for it.
    pub async fn answer(&mut self, content: JupyterMessageContent) -> Result<()> {
        Ok(self.stdin.send(JupyterMessage::new(content, None)).await?)
    }

    /// Has the kernel wait for the front that this process starts next, in place of ending with
    /// this front.
    pub async fn give_back(mut self, project: &Project, editor: u32) -> Result<()> {
        let file = spare::new_file(project);
        let wish = format!("{AGAIN} {editor} {}\n", file.display());
        self.owner.write_all(wish.as_bytes()).await?;
        timeout(GIVE_BACK_LIMIT, async {
            while !file.exists() {
                sleep(Duration::from_millis(5)).await;
            }
        })
        .await?;
        Ok(())
    }

    /// The program that the cell under way has become.
    pub fn program(&self) -> String {
        std::fs::read_to_string(self.cells.join("src/lib.rs")).unwrap_or_default()
    }
}

/// The end of what a kernel said on stderr.
fn last_words(log: Option<File>) -> String {
    let mut text = Vec::new();
    let read = log.map(|mut log| {
        log.seek(SeekFrom::Start(0))
            .and_then(|_| log.read_to_end(&mut text))
    });
    if !matches!(read, Some(Ok(1..))) {
        return String::new();
    }
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(20)..];
    format!("The last that it said:\n{}", last.join("\n"))
}
