//! A process that does one job whenever it is told to, and says how long that took.
//!
//! In: a line for each time. Out: a line with the seconds and the largest memory so far in KiB (0
//! where the system doesn't say). `worker.py` speaks the same.

use std::env;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use infomeasure::estimators::approaches::expfam::ksg::KsgType;
use infomeasure::estimators::mutual_information::MutualInformation;
use infomeasure::estimators::stats::{StatisticalTest, StatisticalTestConfig};
use infomeasure::estimators::traits::GlobalValue;
use mutinfo::ndarray_rand::rand::SeedableRng;
use mutinfo::ndarray_rand::rand::rngs::StdRng;
use mutinfo::ndarray_rand::rand::seq::SliceRandom;
use mutinfo::prelude::*;
use ndarray::{Array2, ArrayView2, Axis};

use crate::job::{Job, K, Task, write};
use crate::rows::{KSG1, KSG1_TEST, MEASURE, MUTUAL_INFORMATION};

/// The seconds for which short work is repeated, after a first time that does not count: it finds
/// the caches full of another contender's data.
pub const LEAST: f64 = 0.2;

/// `work CONTENDER JOB…`
pub fn work(words: &[String]) -> Result<()> {
    let (contender, job) = words.split_first().context("which contender?")?;
    let job = Job::parse(job)?;
    if let Ok(threads) = env::var("THREADS") {
        mutinfo::set_threads(threads.parse()?);
    }
    let data = job.read_data()?;
    let mut run = contestant(contender, &job, &data)?;
    let mut lines = io::stdin().lock().lines();
    let mut first = true;
    while lines.next().transpose()?.is_some() {
        let mut begin = Instant::now();
        let values = run()?;
        let mut seconds = begin.elapsed().as_secs_f64();
        if seconds < LEAST {
            begin = Instant::now();
            let mut times = 0;
            while begin.elapsed().as_secs_f64() < LEAST {
                black_box(run()?);
                times += 1;
            }
            seconds = begin.elapsed().as_secs_f64() / f64::from(times);
        }
        println!("{seconds} {}", peak_memory());
        io::stdout().flush()?;
        if first {
            write(&job.answer, values)?;
            first = false;
        }
    }
    Ok(())
}

/// The most memory that this process has held, in KiB.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

type Run<'a> = Box<dyn FnMut() -> Result<Vec<f64>> + 'a>;

fn contestant<'a>(name: &str, job: &Job, data: &'a Array2<f64>) -> Result<Run<'a>> {
    match name {
        "mutinfo" | KSG1 => ours(job, data),
        "one by one" => Ok(one_by_one(job, data)),
        "anofox-forecast" => Ok(anofox(job, data)),
        "infomeasure" | KSG1_TEST => Ok(infomeasure(job, data)),
        MUTUAL_INFORMATION => Ok(everyday(job, data, mutual_information)),
        MEASURE => Ok(everyday(
            job,
            data,
            |x, y| Ok(measure(x, y, 1)?.information),
        )),
        other => bail!("no such contender: {other}"),
    }
}

fn ours<'a>(job: &Job, data: &'a Array2<f64>) -> Result<Run<'a>> {
    let [x, y] = job.split(data);
    // As the peers do: nothing is scaled, ties are counted.
    let one = Ksg1::new(K)?.scaling(Scaling::None).ties(Ties::Include);
    let two = Ksg2::new(K)?.scaling(Scaling::None).ties(Ties::Include);
    Ok(match job.task {
        Task::Ksg1 | Task::Everyday => Box::new(move || Ok(vec![one.estimate(x, y)?.value()])),
        Task::Ksg2 => Box::new(move || Ok(vec![two.estimate(x, y)?.value()])),
        Task::Ksg1Pairs => {
            let ksg = Ksg1::new(K)?.ties(Ties::Include);
            Box::new(move || Ok(upper(&ksg.matrix(x)?)))
        }
        Task::BinnedPairs(bins) => {
            let binned = Binned::equal_frequency(bins)?;
            Box::new(move || Ok(upper(&binned.matrix(x)?)))
        }
        Task::Shuffles(shuffles) => {
            let test = PermutationTest::new(shuffles, 1)?;
            Box::new(move || {
                let permuted = test.run(&one, x, y)?;
                Ok(permuted
                    .null_distribution
                    .into_iter()
                    .map(|nats| nats.value())
                    .collect())
            })
        }
    })
}

fn everyday<'a>(
    job: &Job,
    data: &'a Array2<f64>,
    estimate: impl Fn(ArrayView2<'a, f64>, ArrayView2<'a, f64>) -> mutinfo::Result<Nats> + 'a,
) -> Run<'a> {
    let [x, y] = job.split(data);
    Box::new(move || Ok(vec![estimate(x, y)?.value()]))
}

fn upper(matrix: &MutualInformationMatrix) -> Vec<f64> {
    matrix.pairs().map(|(_, _, nats)| nats.value()).collect()
}

/// A permutation test as one would write it with the estimator alone.
fn one_by_one<'a>(job: &Job, data: &'a Array2<f64>) -> Run<'a> {
    let [x, y] = job.split(data);
    let Task::Shuffles(shuffles) = job.task else {
        unreachable!("shuffles only");
    };
    let ksg = Ksg1::default().scaling(Scaling::None);
    Box::new(move || {
        let mut rng = StdRng::seed_from_u64(1);
        let mut shuffled = x.column(0).to_vec();
        let mut estimate = || {
            shuffled.shuffle(&mut rng);
            Ok(ksg.estimate(&shuffled, y)?.value())
        };
        (0..shuffles).map(|_| estimate()).collect()
    })
}

fn anofox<'a>(job: &Job, data: &'a Array2<f64>) -> Run<'a> {
    let [x, y] = job.split(data).map(|column| column.column(0).to_vec());
    Box::new(move || {
        Ok(vec![
            anofox_forecast::forecastability::knn_mutual_information(&x, &y, K),
        ])
    })
}

fn infomeasure<'a>(job: &Job, data: &'a Array2<f64>) -> Run<'a> {
    let series = job
        .split(data)
        .map(|columns: ArrayView2<'_, f64>| columns.to_owned());
    let kind = match job.task {
        Task::Ksg2 => KsgType::Type2,
        _ => KsgType::Type1,
    };
    let test = StatisticalTestConfig::permutation(999).seed(1);
    let is_tested = job.task == Task::Everyday;
    macro_rules! dimensions {
        ($D:literal, $joint:literal) => {
            Box::new(move || {
                let ksg = MutualInformation::nd_ksg::<$joint, $D, $D>(&series, K, 0.0);
                let ksg = ksg.with_type(kind);
                let value = if is_tested {
                    ksg.statistical_test(&test)?.observed_value
                } else {
                    ksg.global_value()
                };
                Ok(vec![value])
            })
        };
    }
    match series[0].len_of(Axis(1)) {
        1 => dimensions!(1, 2),
        2 => dimensions!(2, 4),
        3 => dimensions!(3, 6),
        _ => dimensions!(5, 10),
    }
}
