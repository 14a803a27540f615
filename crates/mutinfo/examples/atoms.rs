//! How accurate the recommended estimate is on columns of every kind, and how often its interval covers.
//!
//! `cargo run --release --example atoms [REPETITIONS] [--write]`: 200 draws of 200 samples and a
//! quarter as many of 2000, a few minutes; `--write` puts the table into the documentation.

mod experiments;

use experiments::{Arguments, Table, report, rmse, run};
use mutinfo::prelude::*;
use mutinfo::recommended::AdaptiveEstimate;

const LEVEL: f64 = 0.95;
const SIZES: [usize; 2] = [200, 2000];

/// The open laws: constants were set with some of them in sight.
fn open() -> Vec<Distribution> {
    let infinity = f64::INFINITY;
    let likert = |correlation| Distribution::Likert {
        correlation,
        cuts: vec![-1.5, -0.5, 0.5, 1.5],
    };
    vec![
        censored(0.0, infinity, 0.0),
        censored(0.0, infinity, 0.5),
        censored(0.0, infinity, 0.9),
        censored(-1.0, 1.0, 0.6),
        censored(1.5, infinity, 0.8),
        relu_label(&[0.0, 0.0], &[1.0, 1.0]),
        relu_label(&[-1.0, 1.0], &[1.0, 1.0]),
        relu_label(&[-2.0, -1.0, 0.5], &[5.0, 3.0, 1.0]),
        rounded(0.6, 1.0),
        rounded(0.6, 0.1),
        rounded(0.9, 0.5),
        rounded(0.0, 0.5),
        likert(0.5),
        likert(0.0),
        likert(0.5).transformed(Transform::Labels, Transform::Labels),
        likert(0.0).transformed(Transform::Labels, Transform::Labels),
        poisson(1.0, 1.0, 1.0),
        poisson(5.0, 5.0, 15.0),
        poisson(0.2, 0.2, 0.1),
        gate(0.02, 0.0),
        gate(0.02, 0.1),
        gate(0.3, 0.2),
        gated_pair(0.01, 0.01),
        gated_pair(0.0001, 0.0099),
        potts(20, 20, 0.0),
        potts(20, 20, 5.0),
        potts(3, 40, 2.0),
        zipf(200, 0.0),
        zipf(200, 0.5),
        zipf(1000, 0.2),
    ]
}

/// Other laws and parameters.
fn others() -> Vec<Distribution> {
    let zero_inflated = |zeros, correlation| Distribution::ZeroInflated { zeros, correlation };
    let dropout = |zeros, correlation| Distribution::Dropout { zeros, correlation };
    let normal_label = |means: &[f64]| Distribution::NormalLabel {
        means: means.to_vec(),
        weights: vec![1.0; means.len()],
    };
    let to_label = |law: Distribution| law.transformed(Transform::Identity, Transform::Labels);
    vec![
        censored(0.5, f64::INFINITY, 0.7),
        censored(-0.3, 0.8, -0.9),
        zero_inflated(0.4, 0.7),
        dropout(0.3, 0.8),
        dropout(0.8, 0.5),
        rounded(0.3, 2.0),
        rounded(0.8, 0.2),
        rounded(-0.5, 0.7),
        rounded(0.97, 0.3),
        rounded(0.0, 0.1),
        poisson(0.5, 2.0, 1.0),
        poisson(3.0, 3.0, 3.0),
        poisson(0.05, 0.05, 0.05),
        gated_pair(0.1, 0.1),
        gated_pair(0.3, 0.05),
        gate(0.1, 0.05),
        gate(0.5, 0.5),
        relu_label(&[0.0, 0.5, 1.0, 1.5], &[1.0, 1.0, 1.0, 1.0]),
        normal_label(&[-1.0, 1.0]),
        normal_label(&[0.0; 40]),
        normal_label(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        Distribution::PoissonLabel {
            means: vec![1.0, 3.0, 9.0],
            weights: vec![1.0, 1.0, 1.0],
        },
        Distribution::ValueOfLabel {
            values: (0..12).map(f64::from).collect(),
            weights: vec![1.0; 12],
        },
        to_label(rounded(0.8, 0.5)),
        potts(2, 2, 1.0),
        potts(10, 10, 20.0),
        potts(50, 50, 0.0),
        potts(5, 100, 5.0),
        zipf(60, 0.8),
        zipf(20, 0.3),
        zipf(1000, 0.0),
        zipf(2000, 0.5),
    ]
}

fn censored(low: f64, high: f64, correlation: f64) -> Distribution {
    Distribution::Censored {
        low,
        high,
        correlation,
    }
}

fn relu_label(means: &[f64], weights: &[f64]) -> Distribution {
    Distribution::ReluLabel {
        means: means.to_vec(),
        weights: weights.to_vec(),
    }
}

fn rounded(correlation: f64, step: f64) -> Distribution {
    Distribution::Rounded { correlation, step }
}

fn poisson(a: f64, b: f64, c: f64) -> Distribution {
    Distribution::SharedPoisson { a, b, c }
}

fn gate(active: f64, flip: f64) -> Distribution {
    Distribution::Gate { active, flip }
}

fn gated_pair(together: f64, alone: f64) -> Distribution {
    Distribution::GatedPair { together, alone }
}

fn potts(rows: usize, columns: usize, strength: f64) -> Distribution {
    Distribution::Potts {
        rows,
        columns,
        strength,
    }
}

fn zipf(classes: usize, keep: f64) -> Distribution {
    Distribution::Zipf { classes, keep }
}

/// What came out of the draws of one law at one size.
struct Found {
    exact: f64,
    error: f64,
    bias: f64,
    covered: f64,
    /// The share of the draws whose estimate was said not to be reliable.
    flagged: f64,
    plug_in: f64,
}

fn look(law: &Distribution, n: usize, draws: u64) -> Found {
    // A sum that is 0 may come out below it, by rounding.
    let exact = law.mutual_information().expect("a valid law");
    let exact = Nats(exact.value().max(0.0));
    let (mut estimates, mut plug_in) = (Vec::new(), Vec::new());
    let (mut covered, mut flagged) = (0.0, 0.0);
    for draw in 0..draws {
        let data = law.sample(n, 3_000_000 + draw).expect("a valid law");
        let (x, y): (Variable, Variable) = ((&data.x).into(), (&data.y).into());
        let estimate = AdaptiveEstimate::of(&x, &y).expect("clean data");
        let interval = Interval::of_recommended(&x, &y, LEVEL).expect("clean data");
        covered += f64::from(u8::from(interval.covers(exact)));
        flagged += f64::from(u8::from(!estimate.reliability.is_good()));
        estimates.push(estimate.information.value());
        let discrete = Discrete::new(EntropyEstimator::PlugIn);
        let counted = discrete.estimate_variables(&classes(&x), &classes(&y));
        plug_in.push(counted.expect("labels").value());
    }
    let draws = draws as f64;
    let exact = exact.value();
    Found {
        exact,
        error: rmse(&estimates, exact),
        bias: estimates.iter().sum::<f64>() / draws - exact,
        covered: covered / draws,
        flagged: flagged / draws,
        plug_in: rmse(&plug_in, exact),
    }
}

/// Each value as a class.
fn classes(variable: &Variable<'_>) -> Variable<'static> {
    match variable {
        Variable::Discrete(labels) => Variable::Discrete(labels.clone()),
        Variable::Continuous(values) => {
            let bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
            Variable::Discrete(Labels::new(&bits))
        }
    }
}

fn main() {
    let arguments = Arguments::parse(&[]);
    let repetitions = arguments.repetitions.unwrap_or(200);
    let (open, others) = (open(), others());
    let laws: Vec<&Distribution> = open.iter().chain(&others).collect();
    let tasks: Vec<(usize, usize)> = SIZES
        .into_iter()
        .flat_map(|n| (0..laws.len()).map(move |law| (n, law)))
        .collect();
    let found = run(&tasks, |&(n, law)| {
        let draws = if n == SIZES[0] {
            repetitions
        } else {
            repetitions.div_ceil(4)
        };
        look(laws[law], n, draws)
    });
    let (few, many) = found.split_at(laws.len());

    let mut table = Table::new(&[
        "law (* not among the open ones)",
        "exact",
        "N = 200: error",
        "bias",
        "covered",
        "flagged",
        "plug-in's error",
        "N = 2000: error",
        "bias",
        "covered",
        "flagged",
        "plug-in's error",
    ]);
    for (index, law) in laws.iter().enumerate() {
        let star = if index < open.len() { "" } else { " *" };
        let mut cells = vec![format!("{law}{star}"), format!("{:.4}", few[index].exact)];
        for found in [&few[index], &many[index]] {
            cells.push(format!("{:.3}", found.error));
            cells.push(format!("{:+.3}", found.bias));
            cells.push(format!("{:.0} %", 100.0 * found.covered));
            cells.push(format!("{:.0} %", 100.0 * found.flagged));
            cells.push(format!("{:.3}", found.plug_in));
        }
        table.row(cells);
    }
    let mean = |found: &[Found], error: &dyn Fn(&Found) -> f64| {
        found.iter().map(error).sum::<f64>() / found.len() as f64
    };
    let as_promised = |found: &[Found]| {
        let covers = |found: &&Found| (0.9..=0.99).contains(&found.covered);
        found.iter().filter(covers).count()
    };
    let count = open.len();
    let summary = |found: &[Found]| {
        format!(
            "{:.3} (plug-in {:.2}), {} of {} intervals cover in 90 to 99 %",
            mean(found, &|f| f.error),
            mean(found, &|f| f.plug_in),
            as_promised(found),
            found.len()
        )
    };
    let text = format!(
        "Root mean square errors in nats of the recommended estimate, and how often its 95 % interval \
         covered, over {repetitions} fresh draws of 200 samples and {} of 2000. \"Flagged\" is the share of the \
         draws whose estimate was said not to be reliable; the plug-in takes every value as a class. \
         Mean error over the {count} open laws: N = 200: {}; N = 2000: {}. Over the {} others: N = 200: \
         {}; N = 2000: {}.\n\n{}",
        repetitions.div_ceil(4),
        summary(&few[..count]),
        summary(&many[..count]),
        others.len(),
        summary(&few[count..]),
        summary(&many[count..]),
        table.text()
    );
    report(&text, "src/recommended/accuracy/atoms.md", arguments.write);
}
