//! Executes a notebook cell by cell and stores in it what each cell put out.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jupyter_protocol::ExecutionCount;
use nbformat::v4::{
    Cell, CellMetadata, ErrorOutput, ExecuteResult, MultilineString, Notebook, Output,
};

use crate::kernel::{Launch, Outcome};
use crate::project::Project;

/// How long one cell may run.
const CELL_LIMIT: Duration = Duration::from_secs(300);

/// The tag of a cell that is meant to fail, as Jupyter's tools name it.
const RAISES_EXCEPTION: &str = "raises-exception";

/// A moment in the execution of a notebook.
pub enum Moment<'a> {
    /// The kernel is ready, this long after it was started.
    Ready(Duration),
    /// A cell is about to be executed.
    Start(&'a CodeCell<'a>),
    /// A cell was executed.
    End(&'a CodeCell<'a>, &'a Outcome),
}

/// A code cell under execution.
pub struct CodeCell<'a> {
    /// Which of the code cells it is, from 1.
    pub number: usize,
    /// Its text.
    pub code: &'a str,
    /// Whether it is tagged as one that fails.
    pub must_fail: bool,
}

impl CodeCell<'_> {
    /// Why the cell did not do as it should, if so: succeed or, where tagged, fail.
    pub fn complaint(&self, outcome: &Outcome) -> Option<String> {
        if outcome.failed() == self.must_fail {
            return None;
        }
        let number = self.number;
        if self.must_fail {
            return Some(format!(
                "Cell [{number}] is tagged as one that fails, but it succeeded."
            ));
        }
        let errors = outcome
            .errors
            .iter()
            .map(|error| error.traceback.join("\n"));
        let said: Vec<_> = [outcome.stderr.clone()].into_iter().chain(errors).collect();
        Some(format!(
            "Cell [{number}] failed:\n{}\n{}",
            indented(self.code),
            indented(&said.join("\n"))
        ))
    }
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Whether a cell is tagged as one that fails.
pub fn is_meant_to_fail(metadata: &CellMetadata) -> bool {
    let tags = metadata.tags.as_deref().unwrap_or_default();
    tags.iter().any(|tag| tag == RAISES_EXCEPTION)
}

/// Executes a notebook in a kernel that knows nothing yet, in `folder`, and tells `watch` about
/// it, which may stop it after a cell. What the cells put out replaces what the notebook had.
pub fn execute(
    project: &Project,
    notebook: &mut Notebook,
    folder: &Path,
    mut watch: impl FnMut(Moment) -> ControlFlow<()>,
) -> Result<()> {
    let start = Instant::now();
    let mut kernel = Launch {
        project,
        folder,
        on_log: Box::new(|_| {}),
    }
    .start()?;
    if watch(Moment::Ready(start.elapsed())).is_break() {
        kernel.shut_down();
        return Ok(());
    }
    let mut number = 0;
    for cell in &mut notebook.cells {
        let Cell::Code {
            source,
            metadata,
            execution_count,
            outputs,
            ..
        } = cell
        else {
            continue;
        };
        number += 1;
        let code = source.concat();
        let cell = CodeCell {
            number,
            code: &code,
            must_fail: is_meant_to_fail(metadata),
        };
        if watch(Moment::Start(&cell)).is_break() {
            break;
        }
        let outcome = kernel
            .execute(&code, CELL_LIMIT)
            .with_context(|| format!("Cell [{number}] did not come to an end."))?;
        *execution_count = Some(i32::try_from(number)?);
        *outputs = stored(&outcome, number);
        if watch(Moment::End(&cell, &outcome)).is_break() {
            break;
        }
    }
    kernel.shut_down();
    Ok(())
}

/// What begins a line that only says how far long work has come (`show_progress` in
/// mutinfo-figures).
const PROGRESS: char = '…';

/// A cell's outputs as a notebook stores them. The kernel sends text and values on
/// different ways, so their order is settled here: text, values, errors. How far the work had come
/// and when is left out, as it is different each time.
fn stored(outcome: &Outcome, number: usize) -> Vec<Output> {
    let lines = outcome.stdout.split_inclusive('\n');
    let stdout: String = lines.filter(|line| !line.starts_with(PROGRESS)).collect();
    let streams = [("stdout", &stdout), ("stderr", &outcome.stderr)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| Output::Stream {
            name: name.to_owned(),
            text: MultilineString(text.clone()),
        });
    let results = outcome.results.iter().map(|data| {
        Output::ExecuteResult(ExecuteResult {
            execution_count: ExecutionCount::new(number),
            data: data.clone(),
            metadata: serde_json::Map::new(),
        })
    });
    let errors = outcome.errors.iter().map(|error| {
        Output::Error(ErrorOutput {
            ename: error.ename.clone(),
            evalue: error.evalue.clone(),
            traceback: error.traceback.clone(),
        })
    });
    streams.chain(results).chain(errors).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_not_stored() {
        let stdout = |text: &str| {
            let outcome = Outcome {
                stdout: text.to_owned(),
                ..Outcome::default()
            };
            stored(&outcome, 1)
        };
        let with_progress = stdout("a\n… 4 of 40 (10 %)\nb\n");
        assert_eq!(
            format!("{with_progress:?}"),
            format!("{:?}", stdout("a\nb\n"))
        );
        assert!(stdout("… 4 of 40 (10 %)\n").is_empty());
    }
}
