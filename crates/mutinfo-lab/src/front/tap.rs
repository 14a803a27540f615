//! The way on which the front reads what cells print.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until, timeout};

use super::output::{Output, Piece};
use crate::engine::FLUSH;

/// How often what `print!` left in its buffer is asked for while a cell runs.
const REFRESH: Duration = Duration::from_millis(150);

/// How long a wish to flush may stay without an answer: a cell may hold stdout.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the cells' process did.
#[derive(Debug)]
pub enum Printed {
    /// It printed a piece to stdout.
    Out(Piece),
    /// It printed text to stderr.
    Err(String),
    /// It is gone; evcxr may start another one.
    Ended,
}

/// What the front tells the tap.
#[derive(Debug, Default)]
pub struct State {
    /// The prelude has been executed by the present process: its thread answers wishes to flush.
    pub can_flush: AtomicBool,
    /// A cell runs.
    pub is_running: AtomicBool,
}

impl State {
    fn can_flush(&self) -> bool {
        self.can_flush.load(Ordering::Relaxed)
    }

    fn is_running(&self) -> bool {
        self.is_running.load(Ordering::Relaxed)
    }
}

/// Where the cells' process of one kernel connects to.
pub struct Tap {
    listener: TcpListener,
    state: Arc<State>,
}

impl Tap {
    /// A tap at a free port.
    pub async fn new() -> Result<Self> {
        Ok(Self {
            listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
            state: Arc::default(),
        })
    }

    /// Its port.
    pub fn port(&self) -> Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// For the front to tell what goes on.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.state)
    }

    /// Hands on what is printed by the cells' process, and by each one that follows it, until
    /// nobody listens.
    pub async fn follow(self, key: String, tell: impl Fn(Printed) -> bool) -> Result<()> {
        loop {
            let connection = Connection {
                out: self.accept("out", &key).await?,
                err: self.accept("err", &key).await?,
                output: Output::default(),
                errors: Output::default(),
                state: &self.state,
                wishes: 0,
                out_flushed: 0,
                err_flushed: 0,
            };
            // However it ended, the next one is waited for.
            let _ = connection.follow(&tell).await;
            self.state.can_flush.store(false, Ordering::Relaxed);
            if !tell(Printed::Ended) {
                return Ok(());
            }
        }
    }

    /// The next connection that knows the key and is the one that is due.
    async fn accept(&self, name: &str, key: &str) -> Result<TcpStream> {
        let due = format!("{name} {key}\n");
        loop {
            let (mut stream, _) = self.listener.accept().await?;
            stream.set_nodelay(true)?;
            let mut line = vec![0; due.len()];
            let read = timeout(PATIENCE, stream.read_exact(&mut line)).await;
            if matches!(read, Ok(Ok(_))) && line == due.as_bytes() {
                return Ok(stream);
            }
        }
    }
}

/// One process that runs cells.
struct Connection<'a> {
    out: TcpStream,
    err: TcpStream,
    output: Output,
    errors: Output,
    state: &'a State,
    /// How often it was asked to flush, and how often it did.
    wishes: usize,
    out_flushed: usize,
    err_flushed: usize,
}

impl Connection<'_> {
    /// Reads on until the process is gone or nobody listens any more.
    async fn follow(mut self, tell: &impl Fn(Printed) -> bool) -> Result<()> {
        let (mut from_out, mut from_err) = (vec![0; 1 << 16], vec![0; 1 << 16]);
        // A cell's end, kept back until all that it printed has been read.
        let mut complete: Option<String> = None;
        let mut asked = Instant::now();
        let mut err_is_open = true;
        loop {
            let waiting = self.out_flushed < self.wishes || self.err_flushed < self.wishes;
            if !waiting && let Some(line) = complete.take() {
                self.pass_on(&line).await?;
            }
            let wake = asked + if waiting { PATIENCE } else { REFRESH };
            tokio::select! {
                biased;
                read = self.err.read(&mut from_err), if err_is_open => {
                    let read = read?;
                    err_is_open = read > 0;
                    self.take_errors(&from_err[..read], tell)?;
                }
                read = self.out.read(&mut from_out) => {
                    let read = read?;
                    if read == 0 {
                        // Its last words may still be under way.
                        while let Ok(Ok(read @ 1..)) =
                            timeout(PATIENCE, self.err.read(&mut from_err)).await
                        {
                            self.take_errors(&from_err[..read], tell)?;
                        }
                        return Ok(());
                    }
                    for piece in self.output.feed(&from_out[..read]) {
                        match piece {
                            Piece::Flushed => self.out_flushed += 1,
                            Piece::ForEvcxr(line) => self.pass_on(&line).await?,
                            Piece::Complete(line) => {
                                complete = Some(line);
                                asked = self.ask().await?;
                            }
                            piece => ensure!(tell(Printed::Out(piece))),
                        }
                    }
                    if let Some(text) = self.output.take_rest() {
                        ensure!(tell(Printed::Out(Piece::Text(text))));
                    }
                }
                () = sleep_until(wake) => {
                    if waiting {
                        // It holds its output back; so be it.
                        (self.out_flushed, self.err_flushed) = (self.wishes, self.wishes);
                    }
                    asked = if !waiting && self.state.is_running() {
                        self.ask().await?
                    } else {
                        Instant::now()
                    };
                }
            }
        }
    }

    fn take_errors(&mut self, bytes: &[u8], tell: &impl Fn(Printed) -> bool) -> Result<()> {
        for piece in self.errors.feed(bytes) {
            match piece {
                Piece::Text(text) => ensure!(tell(Printed::Err(text))),
                Piece::Flushed => self.err_flushed += 1,
                _ => {}
            }
        }
        if let Some(text) = self.errors.take_rest() {
            ensure!(tell(Printed::Err(text)));
        }
        Ok(())
    }

    /// Asks the process to flush, if it can; says when.
    async fn ask(&mut self) -> Result<Instant> {
        if self.state.can_flush() {
            self.wishes += 1;
            self.pass_on(FLUSH).await?;
        }
        Ok(Instant::now())
    }

    async fn pass_on(&mut self, line: &str) -> Result<()> {
        Ok(self.out.write_all(format!("{line}\n").as_bytes()).await?)
    }
}
