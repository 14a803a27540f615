//! The table, in Markdown.

use std::fs;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, ensure};

use crate::job::Task;
use crate::race::{Outcome, PYTHON};
use crate::rows::Row;

/// When, where and how.
pub fn head() -> Result<String> {
    let date = output(Command::new("date").arg("+%F"))?;
    let rust = output(Command::new("rustc").arg("--version"))?;
    let python = output(Command::new(PYTHON).args([
        "-c",
        "import platform, numpy, sklearn; print('Python', platform.python_version() + ', numpy', \
         numpy.__version__ + ', scikit-learn', sklearn.__version__)",
    ]))?;
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |name| {
            name.trim_matches([' ', '\t', ':'])
        });
    let cores = thread::available_parallelism()?;
    Ok(format!(
        "\
# mutinfo and its peers

`tests/peers/run`, {date}, {cpu}, {cores} cores, {rust}, {python}, anofox-forecast 0.19,
infomeasure 0.6.

Every contender of a table works on the same data in a process of its own, all turn by turn, {rounds}
times or for {enough:.0} seconds. Work shorter than {least} s is repeated that long, after a first time that
does not count. Times are medians. \"Ratio\" is the time over that of the first line.
\"Memory\" is the most that the process held, the data and, for Python, the interpreter and its packages
included. \"Differs by\" is the largest difference between a value and the first line's, in nats.

- scikit-learn's KSG1 is the function behind `mutual_info_regression`, without scaling and noise.
- anofox-forecast compares values with a rounded centre ± radius, and so counts a point more or less
  now and then.
- infomeasure's KSG2 counts within the joint distance in each space, which is less work than the
  paper's own half-width for each; its values are others, and not compared.
- infomeasure 0.6.0 downloads a BLAS when it is built; here the crate matrixmultiply stands in for it.
- Everyday: `mutual_information` returns the recommended estimate, and `measure` that estimate with an
  interval and a p-value; no peer has either, so these are not compared. infomeasure's own permutation
  test of KSG1 is what comes nearest to `measure`, whose p-value takes at most as many shuffles, after
  200 that say what is usual. Its estimate is compared with KSG1's.
- Matrices: of contenders that are slow, the first pairs are timed. Bins are part of the time of
  mutinfo and of the one-hot product; `bincount` and scikit-learn are given them.
",
        rounds = crate::race::ROUNDS,
        enough = crate::race::ENOUGH,
        least = crate::worker::LEAST,
    ))
}

/// The table of one row.
pub fn section(row: &Row, outcomes: &[Outcome]) -> String {
    let unit = match row.task {
        Task::Ksg1 | Task::Ksg2 | Task::Everyday => "point",
        Task::Ksg1Pairs | Task::BinnedPairs(_) => "pair",
        Task::Shuffles(_) => "shuffle",
    };
    let mut text = format!(
        "\n## {}\n\n| {} samples | all | each {unit} | ratio | memory | differs by |\n\
         |---|---|---|---|---|---|\n",
        row.title, row.n
    );
    let all = outcomes[0].units as f64;
    for outcome in outcomes {
        let each = outcome.nanoseconds();
        text += &format!(
            "| {} | {} | {} | {} | {:.0} MB | {} |\n",
            outcome.contender.title(),
            time(each * all),
            time(each),
            significant(each / outcomes[0].nanoseconds()),
            outcome.megabytes,
            match outcome.difference {
                None => "–".into(),
                Some(0.0) => "0".into(),
                Some(difference) => format!("{difference:.0e}"),
            }
        );
    }
    text
}

/// A line of the summary: the first contender's time, and how many times that the others take.
pub fn line(row: &Row, outcomes: &[Outcome]) -> String {
    let (first, rest) = outcomes.split_first().expect("somebody runs");
    let others: Vec<_> = rest
        .iter()
        .filter(|other| other.contender.name != first.contender.name)
        .filter(|other| other.contender.threads != Some(1))
        .map(|other| {
            let ratio = significant(other.nanoseconds() / first.nanoseconds());
            format!("{} {ratio}", other.contender.name)
        })
        .collect();
    let all = time(first.nanoseconds() * first.units as f64);
    format!("| {} | {all} | {} |\n", row.title, others.join(", "))
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{} ns", significant(nanoseconds)),
        ..1e6 => format!("{} µs", significant(nanoseconds / 1e3)),
        ..1e9 => format!("{} ms", significant(nanoseconds / 1e6)),
        _ => format!("{} s", significant(nanoseconds / 1e9)),
    }
}

/// To three digits.
fn significant(number: f64) -> String {
    let decimals = match number {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{number:.decimals$}")
}

fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("{command:?} cannot be run"))?;
    ensure!(output.status.success(), "{command:?} failed");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
