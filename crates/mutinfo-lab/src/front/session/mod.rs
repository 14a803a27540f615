//! One notebook's session: Jupyter on the one side, evcxr's kernel on the other.

mod cells;
mod news;
mod requests;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, thread};

use anyhow::{Context, Result, bail};
use jupyter_protocol::{ConnectionInfo, ExecutionState, JupyterMessage, StreamContent};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use super::cell::Cell;
use super::clients::{Channel, Clients, state};
use super::run::Run;
use super::taken::{self, Ear, News, Taken};
use crate::project::Project;
use crate::{setup, spare};

/// How soon a stopped cell is answered, though the kernel may still be compiling it.
const INTERRUPT_LIMIT: Duration = Duration::from_millis(700);

/// How long the kernel may go on with that; then it is replaced.
const COMPILE_LIMIT: Duration = Duration::from_secs(15);

/// What evcxr says where the process that runs cells has ended.
const ENDED: &str = "Subprocess terminated";

/// How long a cell waits for a kernel before it says so.
const PATIENCE: Duration = Duration::from_millis(700);

/// How long a kernel must have had nothing to do before a spare is made ready beside it.
const CALM: Duration = Duration::from_secs(2);

/// How often the front looks whether whoever started it is still there.
const GLANCE: Duration = Duration::from_millis(500);

/// How long what was sent last has to leave this process.
const FAREWELL: Duration = Duration::from_millis(50);

/// Serves the notebook whose connection file this is, until Jupyter or the kernel ends it.
pub fn serve(project: &Project, connection: &Path) -> Result<()> {
    let connection: ConnectionInfo = serde_json::from_str(&fs::read_to_string(connection)?)?;
    let folder = env::current_dir().context("The notebook's folder cannot be read.")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut session = Session::open(project.clone(), folder, &connection).await?;
        session.run().await
    })
}

/// What the kernel is doing.
enum Phase {
    /// It is not ready; since when, and the cell that says so.
    Starting(Instant, Option<Box<JupyterMessage>>),
    /// It has nothing to do, since then.
    Idle(Instant),
    /// It runs a cell.
    Running(Box<Run>),
    /// It lists its variables, by the request with this number, after the cell has ended or, where
    /// that is to be said, has failed.
    Listing(String, Option<Box<Run>>, HashMap<String, String>),
    /// It still compiles a cell that was stopped, by the request with this number, since then.
    Stopping(String, Instant),
    /// It executes the prelude in a new process, by the request with this number; or it finds only
    /// now that the old one is gone.
    Recovering(String, bool),
}

struct Session {
    project: Project,
    folder: PathBuf,
    editor: u32,
    clients: Clients,
    requests: UnboundedReceiver<(Channel, JupyterMessage)>,
    news: UnboundedReceiver<(usize, News)>,
    ear: Ear,
    kernel: Option<Box<Taken>>,
    phase: Phase,
    /// The cells that wait for their turn.
    queue: VecDeque<JupyterMessage>,
    /// Requests that the kernel itself answers, by the number under which it knows them.
    passed_on: HashMap<String, JupyterMessage>,
    /// The number of the last cell.
    count: usize,
    /// The variables and their types.
    variables: HashMap<String, String>,
    /// The cells that defined functions, by the numbers of their runs.
    earlier: Vec<(usize, Cell)>,
    /// What the last run of its own cell did not produce.
    stale: BTreeSet<String>,
    /// Whether a cell has given evcxr other settings.
    has_changed_settings: bool,
    /// Whether a spare is to be made ready at the next calm moment.
    wants_spare: bool,
    /// The request whose cell ran last: what threads of it print later belongs there.
    last: Option<JupyterMessage>,
}

impl Session {
    async fn open(project: Project, folder: PathBuf, connection: &ConnectionInfo) -> Result<Self> {
        let (clients, requests) = Clients::listen(connection).await?;
        let (tell, news) = unbounded_channel();
        let mut session = Self {
            project,
            folder,
            editor: parent_id(),
            clients,
            requests,
            news,
            ear: Ear {
                news: tell,
                generation: 0,
            },
            kernel: None,
            phase: Phase::Idle(Instant::now()),
            queue: VecDeque::new(),
            passed_on: HashMap::new(),
            count: 0,
            variables: HashMap::new(),
            earlier: Vec::new(),
            stale: BTreeSet::new(),
            has_changed_settings: false,
            wants_spare: true,
            last: None,
        };
        session.take_kernel();
        Ok(session)
    }

    /// Has a kernel made ready, in place of the present one.
    fn take_kernel(&mut self) {
        self.kernel = None;
        self.variables.clear();
        self.earlier.clear();
        self.stale.clear();
        self.passed_on.clear();
        self.has_changed_settings = false;
        self.wants_spare = true;
        self.ear.generation += 1;
        self.phase = Phase::Starting(Instant::now(), None);
        taken::take(self.project.clone(), self.folder.clone(), self.ear.clone());
    }

    async fn run(&mut self) -> Result<()> {
        self.clients
            .publish(state(ExecutionState::Starting), None)
            .await;
        loop {
            let due = self.due();
            tokio::select! {
                Some((channel, request)) = self.requests.recv() => {
                    if self.receive(channel, request).await?.is_none() {
                        return Ok(());
                    }
                }
                Some((generation, news)) = self.news.recv() => {
                    if generation == self.ear.generation {
                        self.hear(news).await?;
                    }
                }
                () = sleep_until(due) => self.act_in_time().await?,
            }
            self.start_next().await?;
        }
    }

    /// When something is to be done though nothing happens.
    fn due(&self) -> Instant {
        let glance = Instant::now() + GLANCE;
        match &self.phase {
            Phase::Running(run) => {
                let interrupt = run.interrupted.map(|since| since + INTERRUPT_LIMIT);
                [Some(glance), run.due(), interrupt]
                    .into_iter()
                    .flatten()
                    .min()
            }
            Phase::Starting(since, None) if !self.queue.is_empty() => Some(*since + PATIENCE),
            _ => None,
        }
        .unwrap_or(glance)
    }

    async fn act_in_time(&mut self) -> Result<()> {
        let now = Instant::now();
        if parent_id() != self.editor {
            bail!("The program that started this kernel is gone.");
        }
        match &mut self.phase {
            Phase::Running(run) => {
                if run.due().is_some_and(|due| due <= now) {
                    let (shown, request) = (run.collected(), run.request.clone());
                    self.clients.show(shown, &request, None).await;
                }
                if let Phase::Running(run) = &self.phase
                    && run
                        .interrupted
                        .is_some_and(|since| since + INTERRUPT_LIMIT <= now)
                {
                    let run = self.end_run();
                    let id = run.id.clone();
                    let why = run.why_stopped();
                    self.fail(run, why).await?;
                    self.phase = Phase::Stopping(id, now);
                }
            }
            Phase::Starting(since, said @ None) if *since + PATIENCE <= now => {
                if let Some(request) = self.queue.front().cloned() {
                    *said = Some(Box::new(request.clone()));
                    let text = if setup::is_under_way(&self.project) {
                        "The kernel is being built, which takes some minutes, once. The cell runs \
                         then.\n"
                    } else {
                        "The kernel is starting, which takes about 20 seconds where none was \
                         ready. The cell runs then.\n"
                    };
                    self.clients
                        .publish(StreamContent::stdout(text), Some(&request))
                        .await;
                }
            }
            Phase::Stopping(_, since) if *since + COMPILE_LIMIT <= now => self.take_kernel(),
            Phase::Idle(since) if self.wants_spare && *since + CALM <= now => {
                self.wants_spare = false;
                let (project, editor) = (self.project.clone(), self.editor);
                thread::spawn(move || spare::keep_one(&project, editor));
            }
            _ => {}
        }
        Ok(())
    }
}
