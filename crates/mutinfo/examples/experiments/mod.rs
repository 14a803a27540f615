//! What the experiments share: families, runs over both processors, tables.
#![allow(dead_code, reason = "each experiment uses a part")]

pub mod laws;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use mutinfo::truth::{Distribution, Transform};

/// A family, and whether the estimator's constants were chosen with it in sight.
pub struct Case {
    pub family: Distribution,
    pub tuned_on: bool,
}

fn cases(tuned_on: Vec<Distribution>, held_out: Vec<Distribution>) -> Vec<Case> {
    let case = |tuned_on| move |family| Case { family, tuned_on };
    tuned_on
        .into_iter()
        .map(case(true))
        .chain(held_out.into_iter().map(case(false)))
        .collect()
}

fn student(degrees: f64, correlations: &[f64]) -> Distribution {
    Distribution::Student {
        degrees,
        correlations: correlations.to_vec(),
    }
}

/// Families of two scalars.
pub fn scalars() -> Vec<Case> {
    let normal = Distribution::normal;
    cases(
        vec![
            normal(0.0),
            normal(0.6),
            normal(0.9),
            normal(0.99),
            normal(0.6).transformed(Transform::Cauchy, Transform::Cauchy),
            normal(0.8).transformed(Transform::Power(3.0), Transform::Power(3.0)),
            student(1.0, &[0.0]),
            student(3.0, &[0.6]),
            Distribution::UniformNoise(0.05),
            Distribution::UniformNoise(0.5),
            Distribution::UniformNoise(2.0),
            Distribution::GammaSum { a: 1.0, b: 1.0 },
            Distribution::GammaSum { a: 0.5, b: 3.0 },
            Distribution::GammaExponential(1.0),
            Distribution::Clayton(2.0),
            Distribution::Diagonal(2),
            Distribution::Chessboard(4),
            Distribution::Sine(0.1),
            Distribution::Sine(1.0),
            Distribution::Square(1.0),
            Distribution::Circle(0.3),
            Distribution::Heteroscedastic,
            Distribution::Cross(0.9),
            Distribution::Contaminated {
                correlation: 0.8,
                share: 0.01,
                spread: 10.0,
            },
            Distribution::Uniform { dx: 1, dy: 1 },
        ],
        vec![
            normal(-0.3),
            normal(0.75).transformed(Transform::Wave, Transform::Exp(1.0)),
            normal(0.75).transformed(Transform::NormalCdf, Transform::Power(0.5)),
            student(2.0, &[0.0]).transformed(Transform::Asinh, Transform::Identity),
            student(5.0, &[-0.7]),
            Distribution::UniformNoise(0.75),
            Distribution::GammaSum { a: 3.0, b: 2.0 },
            Distribution::GammaExponential(4.0),
            Distribution::Clayton(0.5),
            Distribution::Clayton(6.0),
            Distribution::Frank(5.0),
            Distribution::Frank(-15.0),
            Distribution::Square(2.0),
            Distribution::Circle(0.5),
            Distribution::Sine(0.5),
            Distribution::Cross(0.6),
            Distribution::Contaminated {
                correlation: 0.5,
                share: 0.1,
                spread: 3.0,
            },
        ],
    )
}

/// Families of vectors.
pub fn vectors() -> Vec<Case> {
    let sparse = |d: usize| {
        let mut correlations = vec![0.0; d];
        correlations[..2].fill(0.8);
        Distribution::Normal(correlations)
    };
    let dense = |dx, dy, correlation| Distribution::DenseNormal {
        dx,
        dy,
        correlation,
    };
    let third = 1.0 / 3.0;
    cases(
        vec![
            Distribution::Normal(vec![0.0, 0.0]),
            Distribution::Normal(vec![0.3; 5]),
            Distribution::Normal(vec![0.8, 0.4]),
            dense(2, 2, 0.5),
            dense(3, 3, 0.5),
            sparse(5),
            student(2.0, &[0.0; 2]),
            student(2.0, &[0.0; 3]),
            student(3.0, &[0.0; 5]),
            sparse(5).transformed(Transform::NormalCdf, Transform::NormalCdf),
            sparse(3).transformed(Transform::Spiral(third), Transform::Spiral(-third)),
            Distribution::Blocks(vec![Distribution::Sine(0.3), Distribution::Clayton(2.0)]),
            Distribution::Uniform { dx: 3, dy: 3 },
            Distribution::Normal(vec![0.7, 0.5])
                .transformed(Transform::Spiral(0.5), Transform::Identity),
            Distribution::Blocks(vec![
                Distribution::UniformNoise(0.5),
                Distribution::UniformNoise(0.5),
            ])
            .transformed(Transform::Rotation(0.5), Transform::Rotation(0.5)),
        ],
        vec![
            dense(2, 4, 0.7),
            dense(5, 5, 0.3),
            sparse(3).transformed(Transform::Rotation(0.7), Transform::Rotation(1.9)),
            sparse(3).transformed(Transform::Power(1.5), Transform::Exp(0.5)),
            student(5.0, &[0.7, 0.3]),
            student(3.0, &[0.5, 0.0, 0.0, 0.0]).transformed(Transform::Asinh, Transform::Asinh),
            Distribution::Blocks(vec![
                Distribution::Circle(0.3),
                Distribution::GammaSum { a: 1.0, b: 1.0 },
                Distribution::Uniform { dx: 1, dy: 1 },
            ]),
            Distribution::Blocks(vec![Distribution::Square(1.0), Distribution::normal(0.6)])
                .transformed(Transform::Rotation(0.8), Transform::Identity),
            Distribution::Blocks(vec![
                Distribution::Diagonal(2),
                Distribution::Heteroscedastic,
            ]),
        ],
    )
}

/// Does all tasks, as many at a time as there are processors, and returns their results in
/// order. Each task's own work stays on its thread.
pub fn run<T: Sync, R: Send>(tasks: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    mutinfo::set_threads(1);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(task) = tasks.get(index) else { break };
                    let result = work(task);
                    let mut results = results.lock().expect("no task panicked");
                    results.push((index, result));
                    eprint!("\r{} of {} ", results.len(), tasks.len());
                }
            });
        }
    });
    eprintln!();
    let mut results = results.into_inner().expect("no task panicked");
    results.sort_by_key(|&(index, _)| index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// A table in Markdown.
#[derive(Default)]
pub struct Table(String);

impl Table {
    pub fn new<T: ToString>(heads: &[T]) -> Self {
        let mut table = Self::default();
        table.row(heads.iter().map(T::to_string));
        let line = heads.iter().enumerate();
        table.row(line.map(|(i, _)| if i == 0 { "---" } else { "---:" }.to_owned()));
        table
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        for cell in cells {
            write!(self.0, "| {cell} ").expect("writing to a string");
        }
        self.0.push_str("|\n");
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The arguments: a number of repetitions, parts of the experiment, and `--write` to write tables
/// into the docs.
pub struct Arguments {
    pub repetitions: Option<u64>,
    /// Those named, or all.
    pub parts: Vec<String>,
    pub write: bool,
}

impl Arguments {
    /// Of an experiment that has these parts.
    pub fn parse(parts: &[&str]) -> Self {
        let mut arguments = Self {
            repetitions: None,
            parts: Vec::new(),
            write: false,
        };
        for argument in std::env::args().skip(1) {
            if argument == "--write" {
                arguments.write = true;
            } else if let Ok(repetitions) = argument.parse() {
                arguments.repetitions = Some(repetitions);
            } else if parts.contains(&argument.as_str()) {
                arguments.parts.push(argument);
            } else {
                eprintln!("usage: [REPETITIONS] [PART...] [--write], with the parts {parts:?}");
                eprintln!("{argument} is none of them");
                std::process::exit(2);
            }
        }
        if arguments.parts.is_empty() {
            arguments.parts = parts.iter().map(ToString::to_string).collect();
        }
        arguments
    }
}

/// Prints a report, and writes it to a file under the crate where wanted.
pub fn report(text: &str, path: &str, write: bool) {
    println!("{text}");
    if write {
        let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::write(&path, text).expect("a file of the crate that can be written");
        eprintln!("written to {}", path.display());
    }
}

/// The root of the mean squared difference from the truth.
pub fn rmse(estimates: &[f64], truth: f64) -> f64 {
    let squares: f64 = estimates.iter().map(|e| (e - truth).powi(2)).sum();
    (squares / estimates.len() as f64).sqrt()
}

/// exp of the mean logarithm.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let logarithms: Vec<f64> = values.into_iter().map(f64::ln).collect();
    (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp()
}
