//! The way of a cell: it is sent to the kernel, ends or fails, and is answered.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use anyhow::Result;
use jupyter_protocol::{
    DisplayData, ExecuteInput, ExecutionCount, ExecutionState, JupyterMessageContent as Content,
    Media, MediaType,
};
use serde_json::Map;
use tokio::time::Instant;

use super::{ENDED, Phase, Session};
use crate::engine::PRELUDE;
use crate::front::cell::Cell;
use crate::front::clients::state;
use crate::front::failure::{Failure, card};
use crate::front::run::Run;

impl Session {
    /// Sends the next cell to the kernel, if it has nothing else to do.
    pub(super) async fn start_next(&mut self) -> Result<()> {
        while let (Phase::Idle(_), Some(kernel)) = (&self.phase, &mut self.kernel) {
            let Some(request) = self.queue.pop_front() else {
                return Ok(());
            };
            let Content::ExecuteRequest(wish) = request.content.clone() else {
                continue;
            };
            let cell = Cell::read(&wish.code, &self.variables);
            self.has_changed_settings |= cell.changes_settings;
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
    pub(super) fn end_run(&mut self) -> Box<Run> {
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
    pub(super) async fn list_variables(&mut self) -> Result<()> {
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
    pub(super) async fn conclude(&mut self) -> Result<()> {
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
    pub(super) async fn recover(&mut self) -> Result<()> {
        self.variables.clear();
        if let Some(kernel) = &mut self.kernel {
            let id = kernel.execute(PRELUDE, false).await?;
            self.phase = Phase::Recovering(id, false);
        }
        Ok(())
    }

    /// Answers a cell that failed, and those that wait behind it.
    pub(super) async fn fail(&mut self, mut run: Box<Run>, failure: Failure) -> Result<()> {
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
    pub(super) async fn abort_queue(&mut self) {
        while let Some(request) = self.queue.pop_front() {
            self.clients.answer_aborted(&request).await;
        }
    }
}
