//! What Jupyter asks, and what it is told at once.

use anyhow::Result;
use jupyter_protocol::{
    CompleteReply, ExecutionState, InspectReply, InterruptReply, JupyterMessage,
    JupyterMessageContent as Content, Media, MediaType, ReplyStatus, ShutdownReply,
};
use serde_json::Map;
use tokio::time::{Instant, sleep};

use super::{FAREWELL, Phase, Session};
use crate::front::clients::{Channel, state};

impl Session {
    /// Deals with a request; nothing where it was the last.
    pub(super) async fn receive(
        &mut self,
        channel: Channel,
        request: JupyterMessage,
    ) -> Result<Option<()>> {
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
    pub(super) async fn end_request(&mut self, request: &JupyterMessage) {
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
    pub(super) fn busy_reply(&self, request: &Content) -> Content {
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

    pub(super) async fn interrupt(&mut self) -> Result<()> {
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
}
