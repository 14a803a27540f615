//! How often the 95 % intervals cover the truth, and how wide they are.
//!
//! `cargo run --release --example coverage [REPETITIONS] [--write]`: the 2000 repetitions of the
//! default take about a quarter of an hour of two processors; `--write` puts the table into the
//! documentation.

mod experiments;

use std::ops::RangeInclusive;

use experiments::{Arguments, Table, report, run};
use mutinfo::prelude::*;

/// Some of them were looked at while the interval was designed.
fn families() -> Vec<(&'static str, Distribution)> {
    let normal = Distribution::normal;
    vec![
        ("independent", normal(0.0)),
        ("weak", normal(0.3)),
        ("lecture", normal(0.5_f64.sqrt())),
        ("strong", normal(0.9)),
        ("very strong", normal(0.99)),
        (
            "heavy tails",
            normal(0.6).transformed(Transform::Cauchy, Transform::Cauchy),
        ),
        (
            "heavy tails",
            Distribution::Student {
                degrees: 3.0,
                correlations: vec![0.6],
            },
        ),
        ("skewed", Distribution::GammaExponential(1.0)),
        ("lower tail", Distribution::Clayton(2.0)),
        ("light tails", Distribution::Frank(5.0)),
        ("non-monotone", Distribution::Square(1.0)),
        ("non-monotone", Distribution::Sine(1.0)),
        ("ring", Distribution::Circle(0.3)),
        ("spread only", Distribution::Heteroscedastic),
        (
            "multimodal",
            normal(0.75).transformed(Transform::Wave, Transform::Wave),
        ),
        ("multimodal", Distribution::Cross(0.9)),
        ("jumps", Distribution::UniformNoise(0.5)),
        ("jumps", Distribution::Diagonal(2)),
        ("2x2", Distribution::Normal(vec![0.6, 0.3])),
        (
            "2x2",
            Distribution::Student {
                degrees: 3.0,
                correlations: vec![0.5, 0.0],
            },
        ),
    ]
}

/// How often an interval covered, and its mean width.
struct Coverage {
    recommended: (f64, f64),
    subsampled_width: f64,
}

fn main() {
    let arguments = Arguments::parse(&[]);
    let repetitions = arguments.repetitions.unwrap_or(2000);
    let families = families();
    let sizes = [200, 1000];
    let tasks: Vec<(usize, usize)> = sizes
        .into_iter()
        .flat_map(|n| (0..families.len()).map(move |family| (n, family)))
        .collect();
    // The width to compare with is steady: a few of the repetitions tell it.
    let compared = repetitions.div_ceil(40);
    let ksg = Ksg1::new(4).expect("4 is above 0");
    let coverages = run(&tasks, |&(n, index)| {
        let family = &families[index].1;
        let exact = family.mutual_information().expect("a valid family");
        let (mut covered, mut width, mut subsampled_width) = (0, 0.0, 0.0);
        for repetition in 0..repetitions {
            let data = family
                .sample(n, 2_000_000 + repetition)
                .expect("a valid family");
            let interval = Interval::of_recommended(&data.x, &data.y, 0.95).expect("clean data");
            covered += u64::from(interval.covers(exact));
            width += interval.width().value();
            if repetition < compared {
                let interval = Subsampling::default().interval(&ksg, &data.x, &data.y, 0.95);
                subsampled_width += interval.expect("clean data").width().value();
            }
        }
        let count = repetitions as f64;
        Coverage {
            recommended: (covered as f64 / count, width / count),
            subsampled_width: subsampled_width / compared as f64,
        }
    });

    let coverage = |size: usize, index: usize| {
        let task = tasks.iter().position(|&task| task == (size, index));
        &coverages[task.expect("every family was run")]
    };
    let mut table = Table::new(&[
        "family",
        "exact",
        "N = 200: covered",
        "width",
        "subsampled KSG1's width",
        "N = 1000: covered",
        "width",
        "subsampled KSG1's width",
    ]);
    for (index, (kind, family)) in families.iter().enumerate() {
        let exact = family.mutual_information().expect("a valid family").value();
        let mut cells = vec![format!("{kind}: {family}"), format!("{exact:.3}")];
        for size in sizes {
            let coverage = coverage(size, index);
            let (covered, width) = coverage.recommended;
            cells.push(format!("{:.1} %", 100.0 * covered));
            cells.push(format!("{width:.3}"));
            cells.push(format!("{:.3}", coverage.subsampled_width));
        }
        table.row(cells);
    }
    let count = |shares: RangeInclusive<f64>, sizes: &[usize]| {
        let covered = |size, index| coverage(size, index).recommended.0;
        let all = |&index: &usize| {
            let mut sizes = sizes.iter();
            sizes.all(|&size| shares.contains(&covered(size, index)))
        };
        (0..families.len()).filter(all).count()
    };
    let (least, promised) = (0.93..=1.0, 0.93..=0.97);
    let text = format!(
        "How often the 95 % interval about the recommended estimate covered the truth in {repetitions} \
         samples, and its mean width in nats; beside it the width that 80 % subsampling gives \
         about KSG1 with k = 4, from {compared} of the samples. At least 93 %: {} of {} families at N = 200, \
         {} at N = 1000; between 93 and 97 %: {}, {}, and {} at both.\n\n{}",
        count(least.clone(), &sizes[..1]),
        families.len(),
        count(least, &sizes[1..]),
        count(promised.clone(), &sizes[..1]),
        count(promised.clone(), &sizes[1..]),
        count(promised, &sizes),
        table.text()
    );
    report(&text, "src/inference/coverage.md", arguments.write);
}
