//! A build by cargo under way, followed artifact by artifact.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::progress::Progress;

/// A `cargo build` that runs.
pub struct Build {
    cargo: Child,
    messages: Lines<BufReader<ChildStdout>>,
}

impl Build {
    /// Starts it.
    pub fn start(cargo: &mut Command) -> Result<Self> {
        let mut cargo = cargo
            .arg("--message-format=json-render-diagnostics")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cargo cannot be run.")?;
        let stdout = cargo.stdout.take().expect("it is piped");
        Ok(Self {
            cargo,
            messages: BufReader::new(stdout).lines(),
        })
    }

    /// What cargo says of the next library or program that is there, or nothing at the end.
    pub fn next_artifact(&mut self) -> Result<Option<Value>> {
        for message in self.messages.by_ref() {
            let message: Value = serde_json::from_str(&message?)?;
            let is_script = message["target"]["kind"][0] == "custom-build";
            if message["reason"] == "compiler-artifact" && !is_script {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    /// Whether all could be built.
    pub fn succeeded(mut self) -> Result<bool> {
        Ok(self.cargo.wait()?.success())
    }

    /// Breaks it off.
    pub fn stop(mut self) {
        // It may have come to its end already.
        let _ = self.cargo.kill();
        let _ = self.cargo.wait();
    }
}

/// The progress of more than one build.
pub struct SharedProgress(Mutex<(Progress, usize)>);

impl SharedProgress {
    /// Begins with nothing done.
    pub fn new(progress: Progress) -> Self {
        Self(Mutex::new((progress, 0)))
    }

    /// One more part is done.
    pub fn advance(&self) {
        let (progress, done) = &mut *self.0.lock().expect("no holder panics");
        *done += 1;
        progress.advance(*done);
    }

    /// One more part was done before.
    pub fn skip(&self) {
        self.0.lock().expect("no holder panics").1 += 1;
    }

    /// Ends it with what is there now, or with nothing.
    pub fn finish(self, result: Option<&str>) {
        let (progress, _) = self.0.into_inner().expect("no holder panics");
        if let Some(result) = result {
            progress.finish(result);
        }
    }
}
