//! The side of Jupyter: its sockets, and the answers that need no kernel.

use std::collections::HashMap;

use anyhow::Result;
use jupyter_protocol::{
    CommClose, CommInfoReply, ConnectionInfo, DisplayData, ErrorOutput, ExecuteReply,
    ExecuteResult, ExecutionCount, ExecutionState, HistoryReply, InputRequest, IsCompleteReply,
    IsCompleteReplyStatus, JupyterMessage, JupyterMessageContent as Content, KernelInfoReply,
    LanguageInfo, ReplyError, ReplyStatus, Status, StreamContent,
};
use jupyter_zmq_client::{
    KernelIoPubConnection, RouterRecvConnection, RouterSendConnection, RuntimeError,
    create_kernel_control_connection, create_kernel_heartbeat_connection,
    create_kernel_iopub_connection, create_kernel_shell_connection, create_kernel_stdin_connection,
};
use serde_json::Map;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

use super::run::Shown;

/// Which of Jupyter's sockets a request came on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Cells and questions about code.
    Shell,
    /// What must not wait behind a cell.
    Control,
    /// What a student typed where a cell asked for it.
    Stdin,
}

/// Requests, with the socket that each came on.
pub type Requests = UnboundedReceiver<(Channel, JupyterMessage)>;

/// Jupyter's sockets. All that is sent is lost where nobody listens any more.
pub struct Clients {
    iopub: KernelIoPubConnection,
    shell: RouterSendConnection,
    control: RouterSendConnection,
    stdin: RouterSendConnection,
}

impl Clients {
    /// Listens at the ports that Jupyter chose.
    pub async fn listen(connection: &ConnectionInfo) -> Result<(Self, Requests)> {
        let id = Uuid::new_v4().to_string();
        let shell = create_kernel_shell_connection(connection, &id).await?;
        let control = create_kernel_control_connection(connection, &id).await?;
        let stdin = create_kernel_stdin_connection(connection, &id).await?;
        let iopub = create_kernel_iopub_connection(connection, &id).await?;
        let mut heartbeat = create_kernel_heartbeat_connection(connection).await?;
        tokio::spawn(async move { while heartbeat.single_heartbeat().await.is_ok() {} });
        let ((shell, from_shell), (control, from_control), (stdin, from_stdin)) =
            (shell.split(), control.split(), stdin.split());
        let (tell, requests) = unbounded_channel();
        tokio::spawn(receive(from_shell, Channel::Shell, tell.clone()));
        tokio::spawn(receive(from_control, Channel::Control, tell.clone()));
        tokio::spawn(receive(from_stdin, Channel::Stdin, tell));
        let clients = Self {
            iopub,
            shell,
            control,
            stdin,
        };
        Ok((clients, requests))
    }

    /// Tells all who listen.
    pub async fn publish(&mut self, content: impl Into<Content>, parent: Option<&JupyterMessage>) {
        let message = JupyterMessage::new(content, parent).with_zmq_identities(Vec::new());
        let _ = self.iopub.send(message).await;
    }

    /// Answers a request.
    pub async fn reply(
        &mut self,
        channel: Channel,
        content: impl Into<Content>,
        request: &JupyterMessage,
    ) {
        let message = JupyterMessage::new(content, Some(request));
        let socket = match channel {
            Channel::Shell => &mut self.shell,
            Channel::Control => &mut self.control,
            Channel::Stdin => &mut self.stdin,
        };
        let _ = socket.send(message).await;
    }

    /// Answers a request that needs no kernel; what is none is passed over.
    pub async fn answer_alone(&mut self, channel: Channel, request: &JupyterMessage) {
        let reply: Content = match &request.content {
            Content::KernelInfoRequest(_) => kernel_info().into(),
            Content::IsCompleteRequest(_) => IsCompleteReply {
                status: IsCompleteReplyStatus::Complete,
                indent: String::new(),
            }
            .into(),
            Content::HistoryRequest(_) => HistoryReply {
                history: Vec::new(),
                status: ReplyStatus::Ok,
                error: None,
            }
            .into(),
            Content::CommInfoRequest(_) => CommInfoReply {
                status: ReplyStatus::Ok,
                comms: HashMap::new(),
                error: None,
            }
            .into(),
            Content::CommOpen(open) => {
                let close = CommClose {
                    comm_id: open.comm_id.clone(),
                    data: Map::new(),
                };
                return self.publish(close, Some(request)).await;
            }
            _ => return,
        };
        self.reply(channel, reply, request).await;
    }

    /// Asks the student for a line, for the cell of this request.
    pub async fn ask(&mut self, wish: InputRequest, request: &JupyterMessage) {
        self.reply(Channel::Stdin, wish, request).await;
    }

    /// Shows outputs below a cell: values as displayed, but the last one as the result of the
    /// cell with number `end`, if it ends here.
    pub async fn show(&mut self, shown: Vec<Shown>, request: &JupyterMessage, end: Option<usize>) {
        let is_silent = matches!(&request.content, Content::ExecuteRequest(wish) if wish.silent);
        if is_silent {
            return;
        }
        let last = shown.len().wrapping_sub(1);
        for (index, shown) in shown.into_iter().enumerate() {
            let content: Content = match shown {
                Shown::Out(text) => StreamContent::stdout(&text).into(),
                Shown::Err(text) => StreamContent::stderr(&text).into(),
                Shown::Value(data)
                    if let Some(count) = end
                        && index == last =>
                {
                    ExecuteResult {
                        execution_count: ExecutionCount::new(count),
                        data,
                        metadata: Map::new(),
                        transient: None,
                    }
                    .into()
                }
                Shown::Value(data) => DisplayData {
                    data,
                    metadata: Map::new(),
                    transient: None,
                }
                .into(),
            };
            self.publish(content, Some(request)).await;
        }
    }

    /// Answers a cell that succeeded.
    pub async fn answer_ok(&mut self, count: usize, request: &JupyterMessage) {
        self.answer_cell(ReplyStatus::Ok, count, None, request)
            .await;
    }

    /// Answers a cell that failed.
    pub async fn answer_error(
        &mut self,
        count: usize,
        error: ErrorOutput,
        request: &JupyterMessage,
    ) {
        let reply = ReplyError {
            ename: error.ename.clone(),
            evalue: error.evalue.clone(),
            traceback: error.traceback.clone(),
        };
        self.publish(error, Some(request)).await;
        self.answer_cell(ReplyStatus::Error, count, Some(reply), request)
            .await;
    }

    /// Answers a cell that is not run. It gets no number: clients take 0 for none.
    pub async fn answer_aborted(&mut self, request: &JupyterMessage) {
        self.publish(state(ExecutionState::Busy), Some(request))
            .await;
        self.answer_cell(ReplyStatus::Aborted, 0, None, request)
            .await;
    }

    async fn answer_cell(
        &mut self,
        status: ReplyStatus,
        count: usize,
        error: Option<ReplyError>,
        request: &JupyterMessage,
    ) {
        let reply = ExecuteReply {
            user_expressions: (status == ReplyStatus::Ok).then(HashMap::new),
            status,
            execution_count: ExecutionCount::new(count),
            payload: Vec::new(),
            error: error.map(Box::new),
        };
        self.reply(Channel::Shell, reply, request).await;
        self.publish(state(ExecutionState::Idle), Some(request))
            .await;
    }
}

async fn receive(
    mut router: RouterRecvConnection,
    channel: Channel,
    tell: UnboundedSender<(Channel, JupyterMessage)>,
) {
    loop {
        match router.read().await {
            Ok(message) => {
                if tell.send((channel, message)).is_err() {
                    return;
                }
            }
            Err(RuntimeError::ZmqError(_)) => return,
            // A message that makes no sense, or is not signed, is none.
            Err(_) => {}
        }
    }
}

/// A status message.
pub fn state(execution_state: ExecutionState) -> Status {
    Status { execution_state }
}

fn kernel_info() -> KernelInfoReply {
    KernelInfoReply {
        status: ReplyStatus::Ok,
        protocol_version: "5.3".to_owned(),
        implementation: "mutinfo".to_owned(),
        implementation_version: env!("CARGO_PKG_VERSION").to_owned(),
        language_info: LanguageInfo {
            name: "Rust".to_owned(),
            version: String::new(),
            mimetype: Some("text/rust".to_owned()),
            file_extension: Some(".rs".to_owned()),
            pygments_lexer: Some("rust".to_owned()),
            codemirror_mode: Some(jupyter_protocol::CodeMirrorMode::Simple("rust".to_owned())),
            nbconvert_exporter: None,
        },
        banner: "Rust (mutinfo)".to_owned(),
        help_links: Vec::new(),
        debugger: false,
        error: None,
    }
}
