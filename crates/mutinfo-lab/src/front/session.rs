//! One notebook's session: Jupyter on the one side, evcxr's kernel on the other.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::{env, fs, thread};

use anyhow::{Context, Result, bail};
use jupyter_protocol::{
    ClearOutput, CompleteReply, ConnectionInfo, DisplayData, ErrorOutput, ExecuteInput,
    ExecutionCount, ExecutionState, InspectReply, InterruptReply, JupyterMessage,
    JupyterMessageContent as Content, Media, MediaType, ReplyStatus, ShutdownReply, Status,
    StreamContent,
};
use serde_json::Map;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep, sleep_until};

use super::cell::Cell;
use super::clients::{Channel, Clients, state};
use super::failure::{Failure, Place, card};
use super::output::{Panic, Piece};
use super::run::Run;
use super::taken::{self, Ear, News, Taken};
use super::tap::Printed;
use crate::engine::PRELUDE;
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

    /// Deals with a request; nothing where it was the last.
    async fn receive(&mut self, channel: Channel, request: JupyterMessage) -> Result<Option<()>> {
        if channel == Channel::Stdin {
            if let Some(kernel) = &mut self.kernel {
                kernel.answer(request.content).await?;
            }
            return Ok(Some(()));
        }
        match &request.content {
            Content::ExecuteRequest(_) => {
                self.queue.push_back(request);
                return Ok(Some(()));
            }
            Content::ShutdownRequest(wish) => {
                let reply = ShutdownReply {
                    restart: wish.restart,
                    status: ReplyStatus::Ok,
                    error: None,
                };
                self.kernel = None;
                self.clients.reply(channel, reply, &request).await;
                sleep(FAREWELL).await;
                return Ok(None);
            }
            Content::InterruptRequest(_) => {
                self.interrupt().await?;
                let reply = InterruptReply {
                    status: ReplyStatus::Ok,
                    error: None,
                };
                self.clients.reply(channel, reply, &request).await;
                return Ok(Some(()));
            }
            _ => {}
        }
        self.clients
            .publish(state(ExecutionState::Busy), Some(&request))
            .await;
        match &request.content {
            Content::CompleteRequest(_) | Content::InspectRequest(_) => {
                let is_free = matches!(self.phase, Phase::Idle(_) | Phase::Listing(..));
                if is_free && let Some(kernel) = &mut self.kernel {
                    let id = kernel.ask(request.content.clone()).await?;
                    self.passed_on.insert(id, request);
                    return Ok(Some(()));
                }
                self.clients
                    .reply(channel, self.busy_reply(&request.content), &request)
                    .await;
            }
            _ => self.clients.answer_alone(channel, &request).await,
        }
        self.end_request(&request).await;
        Ok(Some(()))
    }

    /// Says that a request is dealt with, and what goes on besides.
    async fn end_request(&mut self, request: &JupyterMessage) {
        self.clients
            .publish(state(ExecutionState::Idle), Some(request))
            .await;
        match &self.phase {
            Phase::Starting(..) => {
                self.clients
                    .publish(state(ExecutionState::Starting), None)
                    .await
            }
            Phase::Running(run) => {
                let running = run.request.clone();
                self.clients
                    .publish(state(ExecutionState::Busy), Some(&running))
                    .await;
            }
            _ => {}
        }
    }

    /// What is said where help is asked for and the kernel cannot give it.
    fn busy_reply(&self, request: &Content) -> Content {
        let why = match &self.phase {
            Phase::Starting(..) => "The kernel is starting: help comes as soon as it is ready.",
            _ => "A cell is running: help comes as soon as it is done.",
        };
        match request {
            Content::CompleteRequest(wish) => CompleteReply {
                matches: Vec::new(),
                cursor_start: wish.cursor_pos,
                cursor_end: wish.cursor_pos,
                metadata: Map::new(),
                status: ReplyStatus::Ok,
                error: None,
            }
            .into(),
            _ => InspectReply {
                found: true,
                data: Media::new(vec![MediaType::Plain(why.to_owned())]),
                metadata: Map::new(),
                status: ReplyStatus::Ok,
                error: None,
            }
            .into(),
        }
    }

    async fn interrupt(&mut self) -> Result<()> {
        if let Phase::Running(run) = &mut self.phase {
            run.interrupted.get_or_insert_with(Instant::now);
            if let Some(kernel) = &mut self.kernel {
                kernel.interrupt().await?;
            }
        } else {
            self.abort_queue().await;
        }
        Ok(())
    }

    /// Deals with what the kernel did.
    async fn hear(&mut self, news: News) -> Result<()> {
        match news {
            News::Ready(kernel) => {
                let told = match &self.phase {
                    Phase::Starting(_, told) => told.clone(),
                    _ => None,
                };
                if told.is_some() {
                    let clear = ClearOutput { wait: true };
                    self.clients.publish(clear, told.as_deref()).await;
                }
                self.kernel = Some(kernel);
                self.phase = Phase::Idle(Instant::now());
                if self.queue.is_empty() {
                    self.clients
                        .publish(state(ExecutionState::Idle), None)
                        .await;
                }
            }
            News::Failed(why) => {
                eprintln!("{why}");
                while let Some(request) = self.queue.pop_front() {
                    let error = ErrorOutput {
                        ename: "Error".to_owned(),
                        evalue: "the kernel cannot be started".to_owned(),
                        traceback: why.lines().map(str::to_owned).collect(),
                    };
                    self.clients.answer_error(self.count, error, &request).await;
                }
                sleep(FAREWELL).await;
                bail!("There is no kernel.");
            }
            News::Printed(printed) => {
                self.take(printed).await;
                if let Phase::Running(run) = &self.phase
                    && run.printed_too_much()
                    && run.interrupted.is_none()
                {
                    self.interrupt().await?;
                }
            }
            News::Said(message) => self.take_message(*message).await?,
            News::Gone => {
                if let Phase::Running(_) = &self.phase {
                    let run = self.end_run();
                    self.fail(run, Failure::KernelEnded).await?;
                }
                sleep(FAREWELL).await;
                bail!("The kernel ended.");
            }
        }
        Ok(())
    }

    /// The line of a cell at which a panic was: of the one that runs, or of an earlier one that
    /// defined the function.
    fn place(&self, panic: &Panic, cell: &Cell) -> Option<Place> {
        let is_of_a_cell = panic.file.ends_with("lib.rs") && !panic.file.starts_with('/');
        let program = self.kernel.as_ref().filter(|_| is_of_a_cell)?.program();
        let earlier = self
            .earlier
            .iter()
            .rev()
            .map(|(number, cell)| (Some(*number), cell));
        [(None, cell)]
            .into_iter()
            .chain(earlier)
            .find_map(|(number, cell)| {
                let line = cell.line_in(&program, panic.line)?;
                Some(Place {
                    cell: number,
                    line,
                    text: cell.lines[line - 1].clone(),
                })
            })
    }

    async fn take(&mut self, printed: Printed) {
        let place = match (&printed, &self.phase) {
            (Printed::Out(Piece::Panic(panic)), Phase::Running(run)) => {
                self.place(panic, &run.cell)
            }
            _ => None,
        };
        match (&mut self.phase, printed) {
            (Phase::Running(run), Printed::Out(piece)) => {
                if matches!(piece, Piece::Panic(_)) {
                    run.panic_place = place;
                }
                run.take(piece);
            }
            (Phase::Running(run), Printed::Err(text)) => run.take_error_text(text),
            (_, Printed::Out(Piece::Text(text))) => {
                let (text, last) = (StreamContent::stdout(&text), self.last.clone());
                self.clients.publish(text, last.as_ref()).await;
            }
            (_, Printed::Err(text)) => {
                let (text, last) = (StreamContent::stderr(&text), self.last.clone());
                self.clients.publish(text, last.as_ref()).await;
            }
            _ => {}
        }
    }

    /// Deals with a message from the kernel, which is about a request of the front's.
    async fn take_message(&mut self, message: JupyterMessage) -> Result<()> {
        let Some(parent) = message
            .parent_header
            .as_ref()
            .map(|header| header.msg_id.clone())
        else {
            return Ok(());
        };
        let is_idle = matches!(
            &message.content,
            Content::Status(Status {
                execution_state: ExecutionState::Idle
            })
        );
        if self.passed_on.contains_key(&parent) {
            if matches!(
                message.content,
                Content::CompleteReply(_) | Content::InspectReply(_)
            ) && let Some(request) = self.passed_on.remove(&parent)
            {
                self.clients
                    .reply(Channel::Shell, message.content, &request)
                    .await;
                self.end_request(&request).await;
            }
            return Ok(());
        }
        match &mut self.phase {
            Phase::Running(run) if run.id == parent => match message.content {
                Content::ErrorOutput(error) => run.errors.push(error),
                // evcxr's own answers, such as to `:vars`.
                Content::ExecuteResult(result) => {
                    for (mime, text) in forms(&result.data) {
                        run.take(Piece::Content { mime, text });
                    }
                }
                Content::StreamContent(stream) => run.take(Piece::Text(stream.text)),
                Content::InputRequest(wish) => {
                    let request = run.request.clone();
                    self.clients.ask(wish, &request).await;
                }
                _ if is_idle => self.list_variables().await?,
                _ => {}
            },
            Phase::Listing(id, _, variables) if *id == parent => match message.content {
                Content::ExecuteResult(result) => *variables = types(&result.data),
                _ if is_idle => self.conclude().await?,
                _ => {}
            },
            Phase::Stopping(id, _) if *id == parent && is_idle => self.recover().await?,
            Phase::Recovering(id, has_failed) if *id == parent => match message.content {
                Content::ErrorOutput(error) => *has_failed |= error.evalue.contains(ENDED),
                _ if is_idle && *has_failed => self.recover().await?,
                _ if is_idle => {
                    if let Some(kernel) = &self.kernel {
                        kernel.state.can_flush.store(true, Ordering::Relaxed);
                    }
                    self.phase = Phase::Idle(Instant::now());
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// Sends the next cell to the kernel, if it has nothing else to do.
    async fn start_next(&mut self) -> Result<()> {
        while let (Phase::Idle(_), Some(kernel)) = (&self.phase, &mut self.kernel) {
            let Some(request) = self.queue.pop_front() else {
                return Ok(());
            };
            let Content::ExecuteRequest(wish) = request.content.clone() else {
                continue;
            };
            let cell = Cell::read(&wish.code, &self.variables);
            let stale = cell.checked.intersection(&self.stale).next();
            let refusal = match (&cell.refusal, stale) {
                (Some(refusal), _) => Some(Failure::Unkept(refusal.clone())),
                (None, Some(name)) => Some(Failure::Stale(name.clone())),
                (None, None) => None,
            };
            let id = match refusal {
                Some(_) => String::new(),
                None => kernel.execute(&cell.sent, wish.allow_stdin).await?,
            };
            kernel.state.is_running.store(true, Ordering::Relaxed);
            self.count += usize::from(!wish.silent);
            self.last = Some(request.clone());
            self.clients
                .publish(state(ExecutionState::Busy), Some(&request))
                .await;
            if !wish.silent {
                let input = ExecuteInput {
                    code: wish.code,
                    execution_count: ExecutionCount::new(self.count),
                };
                self.clients.publish(input, Some(&request)).await;
            }
            let run = Box::new(Run::new(request, cell, id));
            self.phase = Phase::Running(run);
            if let Some(failure) = refusal {
                let run = self.end_run();
                self.fail(run, failure).await?;
            }
        }
        Ok(())
    }

    /// Takes the cell that ran out of the phase.
    fn end_run(&mut self) -> Box<Run> {
        if let Some(kernel) = &self.kernel {
            kernel.state.is_running.store(false, Ordering::Relaxed);
        }
        match std::mem::replace(&mut self.phase, Phase::Idle(Instant::now())) {
            Phase::Running(run) => run,
            _ => unreachable!("it is called where a cell runs"),
        }
    }

    /// Answers a cell that has ended, and asks which variables there are now; where it stopped
    /// half-way, the other way round.
    async fn list_variables(&mut self) -> Result<()> {
        let mut run = self.end_run();
        let ended = run.errors.iter().find(|error| error.evalue.contains(ENDED));
        let failure = match (run.interrupted, ended) {
            (Some(_), _) => Some(run.why_stopped()),
            // What it printed last is read by now, as its streams have ended.
            (None, Some(error)) => Some(Failure::Ended {
                how: error.evalue.clone(),
                last_words: run.last_words().to_owned(),
            }),
            (None, None) => None,
        };
        if let Some(failure) = failure {
            self.fail(run, failure).await?;
            return self.recover().await;
        }
        let later = if run.has_panicked || run.has_returned {
            Some(run)
        } else {
            if run.errors.is_empty() {
                let (shown, request) = (run.rest(), run.request.clone());
                self.clients.show(shown, &request, Some(self.count)).await;
                self.clients.answer_ok(self.count, &request).await;
                for name in run.cell.variables.iter().chain(&run.cell.functions) {
                    self.stale.remove(name);
                }
                if !run.cell.functions.is_empty() {
                    self.earlier.push((self.count, run.cell));
                }
            } else {
                let errors = std::mem::take(&mut run.errors);
                self.fail(run, Failure::Refused(errors)).await?;
            }
            None
        };
        if let Some(kernel) = &mut self.kernel {
            let id = kernel.execute(":vars", false).await?;
            self.phase = Phase::Listing(id, later, HashMap::new());
        }
        Ok(())
    }

    /// Takes in the list of variables.
    async fn conclude(&mut self) -> Result<()> {
        let phase = std::mem::replace(&mut self.phase, Phase::Idle(Instant::now()));
        let Phase::Listing(_, later, variables) = phase else {
            return Ok(());
        };
        let before = std::mem::replace(&mut self.variables, variables);
        let Some(mut run) = later else {
            return Ok(());
        };
        let lost = run.lost(&before, &self.variables);
        let failure = if run.has_panicked {
            Failure::Panic {
                panic: run.panic.take(),
                place: run.panic_place.take(),
                lost,
            }
        } else {
            Failure::Returned {
                message: run.returned_error(),
                lines: run.returned_at(),
                lost,
            }
        };
        self.fail(run, failure).await
    }

    /// Executes the prelude in the process that took the place of one that ended.
    async fn recover(&mut self) -> Result<()> {
        self.variables.clear();
        if let Some(kernel) = &mut self.kernel {
            let id = kernel.execute(PRELUDE, false).await?;
            self.phase = Phase::Recovering(id, false);
        }
        Ok(())
    }

    /// Answers a cell that failed, and those that wait behind it.
    async fn fail(&mut self, mut run: Box<Run>, failure: Failure) -> Result<()> {
        let request = run.request.clone();
        let shown = run.rest();
        self.clients.show(shown, &request, None).await;
        if let Failure::Panic { panic, lost, .. } = &failure {
            let message = panic.as_ref().map_or("no message", |panic| &panic.message);
            let (html, plain) = card(message, lost);
            let forms = vec![MediaType::Html(html), MediaType::Plain(plain)];
            let display = DisplayData {
                data: Media::new(forms),
                metadata: Map::new(),
                transient: None,
            };
            self.clients.publish(display, Some(&request)).await;
        }
        self.clients
            .answer_error(self.count, failure.told(&run.cell), &request)
            .await;
        self.stale.extend(run.cell.variables);
        self.stale.extend(run.cell.functions);
        if run.stops_others {
            self.abort_queue().await;
        }
        Ok(())
    }

    /// Answers the cells that wait as not run.
    async fn abort_queue(&mut self) {
        while let Some(request) = self.queue.pop_front() {
            self.clients.answer_aborted(self.count, &request).await;
        }
    }
}

/// A value's forms, as text.
fn forms(media: &Media) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(forms)) = serde_json::to_value(media) else {
        return Vec::new();
    };
    let text = |form: serde_json::Value| match form {
        serde_json::Value::String(text) => text,
        json => json.to_string(),
    };
    forms
        .into_iter()
        .map(|(mime, form)| (mime, text(form)))
        .collect()
}

/// The variables and their types, from evcxr's list of them.
fn types(list: &Media) -> HashMap<String, String> {
    let plain = list.content.iter().find_map(|form| match form {
        MediaType::Plain(text) => Some(text.as_str()),
        _ => None,
    });
    plain
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, of)| (name.to_owned(), of.to_owned()))
        .collect()
}
