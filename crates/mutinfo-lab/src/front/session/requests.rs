//! What Jupyter asks, and what it is told at once.

use anyhow::Result;
use jupyter_protocol::{
    CompleteReply, CompleteRequest, ExecutionState, InspectReply, InterruptReply, JupyterMessage,
    JupyterMessageContent as Content, Media, MediaType, ReplyStatus, ShutdownReply,
};
use serde_json::{Map, json};
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
                let kernel = self.kernel.take();
                if let Some(kernel) = kernel.filter(|_| wish.restart && self.can_be_restarted()) {
                    // Where it does not come about, the kernel ends, and the next front takes
                    // another one.
                    let _ = kernel.give_back(&self.project, self.editor).await;
                }
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

    /// Whether the kernel can be made like one that has just started.
    fn can_be_restarted(&self) -> bool {
        !self.has_changed_settings && !matches!(self.phase, Phase::Stopping(..))
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
            Content::CompleteRequest(wish) => completed_by(why, wish).into(),
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

/// The sentence in the list of completions. Whoever chooses it gets what they have typed.
fn completed_by(sentence: &str, wish: &CompleteRequest) -> CompleteReply {
    let typed: Vec<char> = wish.code.chars().take(wish.cursor_pos).collect();
    let is_in_name = |character: &char| character.is_alphanumeric() || *character == '_';
    let name = typed.iter().rev().take_while(|typed| is_in_name(typed));
    // JupyterLab takes an empty text for none: behind a dot, it is the dot.
    let length = name.count().max(1).min(typed.len());
    let text = String::from_iter(&typed[typed.len() - length..]);
    let form = json!([{ "text": text, "type": "" }]);
    CompleteReply {
        matches: vec![sentence.to_owned()],
        cursor_start: typed.len() - length,
        cursor_end: typed.len(),
        metadata: Map::from_iter([("_jupyter_types_experimental".to_owned(), form)]),
        status: ReplyStatus::Ok,
        error: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_when_a_sentence_is_chosen_as_its_completion() {
        for (code, cursor_pos, start, text) in [
            ("data.le", 7, 5, "le"),
            ("é.le + 1", 4, 2, "le"),
            ("data.", 5, 4, "."),
            ("da", 9, 0, "da"),
            ("", 0, 0, ""),
        ] {
            let code = code.to_owned();
            let reply = completed_by("Later.", &CompleteRequest { code, cursor_pos });
            assert_eq!(reply.matches, ["Later."]);
            assert_eq!(reply.cursor_start, start);
            let forms = &reply.metadata["_jupyter_types_experimental"];
            assert_eq!(forms[0]["text"], text);
        }
    }
}
