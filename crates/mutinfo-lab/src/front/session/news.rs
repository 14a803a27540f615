//! What the kernel does: it is ready, it prints, it answers, it is gone.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use anyhow::{Result, bail};
use jupyter_protocol::{
    ClearOutput, ErrorOutput, ExecutionState, JupyterMessage, JupyterMessageContent as Content,
    Media, MediaType, Status, StreamContent,
};
use tokio::time::{Instant, sleep};

use super::{ENDED, FAREWELL, Phase, Session};
use crate::front::cell::Cell;
use crate::front::clients::{Channel, state};
use crate::front::failure::{Failure, Place};
use crate::front::output::{Panic, Piece};
use crate::front::taken::News;
use crate::front::tap::Printed;

impl Session {
    /// Deals with what the kernel did.
    pub(super) async fn hear(&mut self, news: News) -> Result<()> {
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
    pub(super) fn place(&self, panic: &Panic, cell: &Cell) -> Option<Place> {
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

    pub(super) async fn take(&mut self, printed: Printed) {
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
    pub(super) async fn take_message(&mut self, message: JupyterMessage) -> Result<()> {
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
