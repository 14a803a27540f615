//! The contenders of a row, each in a process of its own, turn by turn.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};

use crate::job::{self, Job, Task};
use crate::rows::{Contender, Row};

/// How often each contender runs, unless it takes long.
pub const ROUNDS: usize = 15;

/// After so many seconds in all, a contender does not run again.
pub const ENOUGH: f64 = 5.0;

/// Where data and answers lie.
const FOLDER: &str = "target/peers/data";

/// The Python that `run` has made.
pub const PYTHON: &str = "target/peers/python/bin/python";

/// What one contender did.
pub struct Outcome {
    pub contender: Contender,
    /// The seconds of each round.
    pub seconds: Vec<f64>,
    /// The largest memory of its process, in MB.
    pub megabytes: f64,
    /// How much of the work it did: points, pairs or shuffles.
    pub units: usize,
    /// The largest difference between its values and the first contender's, if they are compared.
    pub difference: Option<f64>,
}

impl Outcome {
    /// Whether its values are as near to the first contender's as they should be.
    pub fn agrees(&self) -> bool {
        let pair = self.difference.zip(self.contender.tolerance);
        pair.is_none_or(|(difference, tolerance)| difference <= tolerance)
    }

    /// The median time of a unit, in nanoseconds.
    pub fn nanoseconds(&self) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median = if sorted.len().is_multiple_of(2) {
            (sorted[middle - 1] + sorted[middle]) / 2.0
        } else {
            sorted[middle]
        };
        median * 1e9 / self.units as f64
    }
}

/// Runs a row.
pub fn run(row: &Row) -> Result<Vec<Outcome>> {
    fs::create_dir_all(FOLDER)?;
    let data = Path::new(FOLDER).join("data.f64");
    job::write(&data, row.data.draw(row.n))?;
    let mut outcomes = Vec::new();
    let mut processes = Vec::new();
    for (place, contender) in row.contenders.iter().enumerate() {
        let job = Job {
            task: row.task,
            data: data.clone(),
            columns: row.data.columns(),
            answer: Path::new(FOLDER).join(format!("answer-{place}.f64")),
        };
        processes.push(Process::start(contender, job)?);
        outcomes.push(Outcome {
            contender: contender.clone(),
            seconds: Vec::new(),
            megabytes: 0.0,
            units: 0,
            difference: None,
        });
    }
    for _ in 0..ROUNDS {
        for (process, outcome) in processes.iter_mut().zip(&mut outcomes) {
            if outcome.seconds.iter().sum::<f64>() < ENOUGH {
                let (seconds, kibibytes) = process.turn()?;
                outcome.seconds.push(seconds);
                outcome.megabytes = kibibytes * 1024.0 / 1e6;
            }
        }
    }
    let mut expected = None;
    for (process, outcome) in processes.into_iter().zip(&mut outcomes) {
        let values = process.stop()?;
        outcome.units = match row.task {
            Task::Ksg1 | Task::Ksg2 | Task::Everyday => row.n,
            _ => values.len(),
        };
        let expected = expected.get_or_insert_with(|| values.clone());
        if outcome.contender.tolerance.is_some() {
            // Some return 0 instead of a negative value.
            let off = |(a, b): (&f64, &f64)| (a - b).abs().min((a - b.max(0.0)).abs());
            outcome.difference = Some(values.iter().zip(&*expected).map(off).fold(0.0, f64::max));
        }
    }
    Ok(outcomes)
}

/// A contender at work.
struct Process {
    child: Child,
    orders: ChildStdin,
    reports: BufReader<ChildStdout>,
    answer: PathBuf,
}

impl Process {
    fn start(contender: &Contender, job: Job) -> Result<Self> {
        let is_python = contender.name.starts_with("scikit") || contender.name.starts_with("numpy");
        let mut command = if is_python {
            let mut python = Command::new(PYTHON);
            python.arg("tests/peers/src/worker.py");
            python
        } else {
            let mut rust = Command::new(env::current_exe()?);
            rust.arg("work");
            rust
        };
        if let Some(threads) = contender.threads {
            command.env("THREADS", threads.to_string());
            command.env("RAYON_NUM_THREADS", threads.to_string());
        }
        if contender.baseline {
            command.env("MUTINFO_BASELINE", "1");
        }
        let mut child = command
            .arg(contender.name)
            .args(job.words())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", contender.name))?;
        Ok(Self {
            orders: child.stdin.take().expect("it is piped"),
            reports: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
            answer: job.answer,
        })
    }

    /// One run: its seconds, and the largest memory so far in KiB.
    fn turn(&mut self) -> Result<(f64, f64)> {
        writeln!(self.orders, "go")?;
        let mut line = String::new();
        self.reports.read_line(&mut line)?;
        let (seconds, memory) = line
            .split_once(' ')
            .context("a contender has stopped; it says why above")?;
        Ok((seconds.trim().parse()?, memory.trim().parse()?))
    }

    /// Its values.
    fn stop(mut self) -> Result<Vec<f64>> {
        drop(self.orders);
        self.child.wait()?;
        job::read(&self.answer)
    }
}
