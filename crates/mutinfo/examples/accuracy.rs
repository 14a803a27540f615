//! How accurate the recommended estimate is: errors over fresh draws of many families, against
//! the usual estimators, and on the stored samples of `tests/data/mi`.
//!
//! `cargo run --release --example accuracy [REPETITIONS] [PART...] [--write]`, where a part is
//! `lecture`, `stored`, `scalars` or `vectors`, and all of them if none is named: with the 60
//! repetitions of the default, about ten minutes of two processors. `--write` puts the tables into
//! the documentation. Large samples are drawn less often, vectors' least: the tables say how often.

mod experiments;
#[path = "../tests/it/fixtures.rs"]
mod fixtures;

use experiments::{Arguments, Case, Table, geometric_mean, report, rmse, run};
use mutinfo::prelude::*;

/// Numbers of samples, and for each how many draws per cent of the repetitions.
type Sizes = [(usize, u64)];
const SCALARS: [(usize, u64); 3] = [(200, 100), (500, 66), (2000, 20)];
const VECTORS: [(usize, u64); 3] = [(200, 50), (500, 16), (2000, 16)];

/// The fixed settings to beat, scikit-learn's first.
fn settings() -> Vec<Box<dyn Estimator + Send + Sync>> {
    let mut settings: Vec<Box<dyn Estimator + Send + Sync>> = Vec::new();
    for k in [3, 5, 10] {
        let (ksg1, ksg2) = (Ksg1::new(k), Ksg2::new(k));
        let (ksg1, ksg2) = (ksg1.expect("k is above 0"), ksg2.expect("k is above 0"));
        settings.push(Box::new(ksg1));
        settings.push(Box::new(ksg2));
        settings.push(Box::new(ksg1.scaling(Scaling::NormalScores)));
    }
    settings
}

/// Root mean square errors of one family at one size: of each setting, and ours.
struct Errors {
    settings: Vec<f64>,
    recommended: f64,
    bias: f64,
}

impl Errors {
    fn of(family: &Distribution, n: usize, repetitions: u64) -> Self {
        let exact = family.mutual_information().expect("a valid family").value();
        let settings = settings();
        let mut estimates = vec![Vec::new(); settings.len()];
        let mut recommended = Vec::new();
        for repetition in 0..repetitions {
            let data = family
                .sample(n, 5_000_000 + repetition)
                .expect("a valid family");
            let value = |estimator: &dyn Estimator| {
                let (x, y) = (Variable::from(&data.x), Variable::from(&data.y));
                let estimate = estimator.estimate_variables(&x, &y);
                estimate.expect("clean data").value()
            };
            for (estimates, setting) in estimates.iter_mut().zip(&settings) {
                estimates.push(value(setting));
            }
            recommended.push(value(&Adaptive));
        }
        Self {
            settings: estimates.iter().map(|e| rmse(e, exact)).collect(),
            recommended: rmse(&recommended, exact),
            bias: recommended.iter().sum::<f64>() / repetitions as f64 - exact,
        }
    }

    fn best(&self) -> f64 {
        self.settings.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

fn fresh_draws(cases: &[Case], sizes: &Sizes, repetitions: u64) -> String {
    let tasks: Vec<(&Case, usize, u64)> = sizes
        .iter()
        .rev()
        .map(|&(n, percent)| (n, (repetitions * percent).div_ceil(100)))
        .flat_map(|(n, draws)| cases.iter().map(move |case| (case, n, draws)))
        .collect();
    let errors = run(&tasks, |(case, n, draws)| {
        Errors::of(&case.family, *n, *draws)
    });
    let ratio_to = |setting: usize, keep: &dyn Fn(&Case, usize) -> bool| {
        let kept = tasks
            .iter()
            .zip(&errors)
            .filter(|((case, n, _), _)| keep(case, *n));
        geometric_mean(kept.map(|(_, e)| e.recommended / e.settings[setting]))
    };
    let best = (0..settings().len())
        .max_by(|&a, &b| ratio_to(a, &|_, _| true).total_cmp(&ratio_to(b, &|_, _| true)))
        .expect("there are settings");

    let mut heads = vec![
        "geometric mean of error ratios".to_owned(),
        "all".to_owned(),
    ];
    heads.extend(sizes.iter().map(|(n, _)| format!("N = {n}")));
    heads.push("families not tuned on".to_owned());
    let mut summary = Table::new(&heads);
    for (name, setting) in [
        ("to KSG1, k = 3".to_owned(), 0),
        (
            format!("to the best fixed setting ({})", settings()[best]),
            best,
        ),
    ] {
        let mut cells = vec![name, format!("{:.2}", ratio_to(setting, &|_, _| true))];
        for &(size, _) in sizes {
            cells.push(format!("{:.2}", ratio_to(setting, &|_, n| n == size)));
        }
        cells.push(format!(
            "{:.2}",
            ratio_to(setting, &|case, _| !case.tuned_on)
        ));
        summary.row(cells);
    }

    let mut heads = vec!["family (* not tuned on)".to_owned(), "exact".to_owned()];
    for (n, _) in sizes {
        heads.push(format!("N = {n}: error"));
        heads.extend(["bias", "/ KSG1, k = 3", "/ best"].map(str::to_owned));
    }
    let mut table = Table::new(&heads);
    for case in cases {
        let exact = case
            .family
            .mutual_information()
            .expect("a valid family")
            .value();
        let star = if case.tuned_on { "" } else { " *" };
        let mut cells = vec![format!("{}{star}", case.family), format!("{exact:.3}")];
        for &(size, _) in sizes {
            let here =
                |(task, n, _): &(&Case, usize, u64)| *n == size && task.family == case.family;
            let index = tasks.iter().position(here).expect("every family was run");
            let e = &errors[index];
            cells.push(format!("{:.3}", e.recommended));
            cells.push(format!("{:+.3}", e.bias));
            cells.push(format!("{:.2}", e.recommended / e.settings[0]));
            cells.push(format!("{:.2}", e.recommended / e.best()));
        }
        table.row(cells);
    }
    let counts = sizes.iter().map(|&(size, percent)| {
        let here = tasks
            .iter()
            .zip(&errors)
            .filter(|((_, n, _), _)| *n == size);
        let worse = here.filter(|(_, e)| e.recommended > 1.2 * e.best()).count();
        let draws = (repetitions * percent).div_ceil(100);
        format!("in {worse} at N = {size} ({draws} draws)")
    });
    let counts: Vec<String> = counts.collect();
    format!(
        "Root mean square errors in nats over fresh draws of each of {} families. \"Best\" is, for each \
         family and N, the best of KSG1, KSG2 and KSG1 on normal scores with k = 3, 5 and 10, with \
         hindsight. Ours is worse than it by more than a fifth {}.\n\n{}\n{}",
        cases.len(),
        counts.join(", "),
        summary.text(),
        table.text(),
    )
}

fn stored_samples() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/mi/groups.json");
    let text = std::fs::read_to_string(path).expect("a readable file");
    let groups: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    let mut table = Table::new(&[
        "group",
        "files",
        "KSG1, k = 3",
        "KSG1, k = 10",
        "KSG2, k = 3",
        "recommended",
    ]);
    for (group, names) in groups.as_object().expect("groups by name") {
        let names: Vec<&str> = names
            .as_array()
            .expect("a list of names")
            .iter()
            .map(|name| name.as_str().expect("a name"))
            .collect();
        let errors = run(&names, |name| {
            let sample = fixtures::Sample::named(name);
            let exact = sample.true_mi_nats.expect("a known truth");
            let k = |k| Ksg1::new(k).expect("k is above 0");
            let estimators: [&dyn Estimator; 4] = [
                &k(3),
                &k(10),
                &Ksg2::new(3).expect("3 is above 0"),
                &Adaptive,
            ];
            estimators.map(|estimator| {
                let (x, y) = (Variable::from(&sample.x), Variable::from(&sample.y));
                let estimate = estimator.estimate_variables(&x, &y);
                (estimate.expect("clean data").value() - exact).abs()
            })
        });
        let mean = |i: usize| errors.iter().map(|e| e[i]).sum::<f64>() / errors.len() as f64;
        let mut cells = vec![group.clone(), names.len().to_string()];
        cells.extend((0..4).map(|i| format!("{:.4}", mean(i))));
        table.row(cells);
    }
    format!(
        "Mean absolute errors in nats on the stored samples of `tests/data/mi`, one of each law.\n\n{}",
        table.text()
    )
}

fn lecture() -> String {
    let seeds: Vec<u64> = (0..1000).collect();
    let exact = Sample::coupled_normals(1, 1.0, 0)
        .expect("one sample")
        .exact;
    let estimates = run(&seeds, |&seed| {
        let data = Sample::coupled_normals(200, 1.0, seed).expect("200 samples");
        let ksg = Ksg1::default()
            .estimate(&data.x, &data.y)
            .expect("clean data");
        let ours = mutual_information(&data.x, &data.y).expect("clean data");
        (ksg.value(), ours.value())
    });
    let (ksg, ours): (Vec<f64>, Vec<f64>) = estimates.into_iter().unzip();
    format!(
        "The lecture's data, 200 samples with ρ² = ½, 1000 seeds: root mean square error {:.4} nat \
         (KSG1 with k = 3: {:.4}).\n",
        rmse(&ours, exact.value()),
        rmse(&ksg, exact.value()),
    )
}

fn main() {
    let arguments = Arguments::parse(&["lecture", "stored", "scalars", "vectors"]);
    let repetitions = arguments.repetitions.unwrap_or(60);
    for part in &arguments.parts {
        let text = match part.as_str() {
            "lecture" => lecture(),
            "stored" => stored_samples(),
            "scalars" => fresh_draws(&experiments::scalars(), &SCALARS, repetitions),
            _ => fresh_draws(&experiments::vectors(), &VECTORS, repetitions),
        };
        let path = format!("src/recommended/accuracy/{part}.md");
        report(&text, &path, arguments.write);
    }
}
