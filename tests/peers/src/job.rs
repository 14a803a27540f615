//! [`Job`]: what a contender is told to do, as the words of its command line.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use ndarray::{Array2, ArrayView2, s};

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Task {
    /// KSG1 of x and y, with k = 3.
    Ksg1,
    /// KSG2 of x and y, with k = 3.
    Ksg2,
    /// KSG1 of all pairs of columns of x, with k = 3, each column scaled to unit standard deviation.
    Ksg1Pairs,
    /// The plug-in information of all pairs of columns of x, in so many bins of equal frequency.
    BinnedPairs(usize),
    /// KSG1 of x and y with the rows of x in another order, so many times.
    Shuffles(usize),
    /// What one asks of x and y day by day: an estimate without a choice to make, or one with a test.
    Everyday,
}

/// The neighbours of every estimate.
pub const K: usize = 3;

/// A task, its data, and where to put the answer. Numbers are written as they lie in memory.
#[derive(Debug, Clone)]
pub struct Job {
    pub task: Task,
    /// (n, dx + dy), row by row.
    pub data: PathBuf,
    /// The columns of x and of y.
    pub columns: [usize; 2],
    /// Where the values go.
    pub answer: PathBuf,
}

impl Job {
    pub fn words(&self) -> Vec<String> {
        let (task, number) = match self.task {
            Task::Ksg1 => ("ksg1", K),
            Task::Ksg2 => ("ksg2", K),
            Task::Ksg1Pairs => ("ksg1-pairs", K),
            Task::BinnedPairs(bins) => ("binned-pairs", bins),
            Task::Shuffles(shuffles) => ("shuffles", shuffles),
            Task::Everyday => ("everyday", K),
        };
        vec![
            task.into(),
            number.to_string(),
            self.data.display().to_string(),
            self.columns[0].to_string(),
            self.columns[1].to_string(),
            self.answer.display().to_string(),
        ]
    }

    pub fn parse(words: &[String]) -> Result<Self> {
        let [task, number, data, dx, dy, answer] = words else {
            bail!("a job has six words: {words:?}");
        };
        let number = usize::from_str(number)?;
        let task = match task.as_str() {
            "ksg1" => Task::Ksg1,
            "ksg2" => Task::Ksg2,
            "ksg1-pairs" => Task::Ksg1Pairs,
            "binned-pairs" => Task::BinnedPairs(number),
            "shuffles" => Task::Shuffles(number),
            "everyday" => Task::Everyday,
            other => bail!("no such task: {other}"),
        };
        Ok(Self {
            task,
            data: data.into(),
            columns: [dx.parse()?, dy.parse()?],
            answer: answer.into(),
        })
    }

    pub fn read_data(&self) -> Result<Array2<f64>> {
        let values = read(&self.data)?;
        let columns = self.columns[0] + self.columns[1];
        Ok(Array2::from_shape_vec(
            (values.len() / columns, columns),
            values,
        )?)
    }

    /// x and y.
    pub fn split<'a>(&self, data: &'a Array2<f64>) -> [ArrayView2<'a, f64>; 2] {
        let dx = self.columns[0];
        [data.slice(s![.., ..dx]), data.slice(s![.., dx..])]
    }
}

pub fn write(path: &PathBuf, values: impl IntoIterator<Item = f64>) -> Result<()> {
    let bytes: Vec<u8> = values.into_iter().flat_map(f64::to_ne_bytes).collect();
    std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
}

pub fn read(path: &PathBuf) -> Result<Vec<f64>> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let (values, _) = bytes.as_chunks();
    Ok(values.iter().copied().map(f64::from_ne_bytes).collect())
}
