//! How often the test of independence for every kind of pair finds what is there, beside the best
//! of the tests for one kind: the G-test on the atoms' table, KSG1 (Ross for labels) with 10
//! neighbours on normal scores, and the ranks' correlation; and how long it takes.
//!
//! `cargo run --release --example power -- [REPETITIONS] [atoms] [continuous] [vectors] [time]`, with
//! `--write` to write the tables into the docs.

mod experiments;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Instant;

use experiments::laws::{censored, gate, normal_label, zipf};
use experiments::{Arguments, Table, laws, report, run};
use mutinfo::inference::{IndependenceTest, gaussian_test};
use mutinfo::ndarray::Array2;
use mutinfo::prelude::*;

const SAMPLES: usize = 200;
const ALPHA: f64 = 0.05;
const SHUFFLES: usize = 99;
const INFINITY: f64 = f64::INFINITY;

fn atoms() -> Vec<Distribution> {
    [laws::open(), laws::weak()].concat()
}

fn continuous() -> Vec<Distribution> {
    let student = |degrees| Distribution::Student {
        degrees,
        correlations: vec![0.0],
    };
    vec![
        Distribution::normal(0.0),
        Distribution::normal(0.33),
        student(1.0),
        student(2.5),
        Distribution::UniformNoise(2.0),
        Distribution::GammaSum { a: 0.5, b: 3.0 },
        Distribution::Clayton(0.4),
        Distribution::Frank(2.0),
        Distribution::Chessboard(4),
        Distribution::Chessboard(8),
        Distribution::Sine(1.0),
        Distribution::Sine(2.0),
        Distribution::Square(2.0),
        Distribution::Square(4.0),
        Distribution::Circle(0.3),
        Distribution::Circle(0.4),
        Distribution::Heteroscedastic,
        Distribution::Cross(0.6),
        Distribution::Contaminated {
            correlation: 0.8,
            share: 0.5,
            spread: 3.0,
        },
    ]
}

fn vectors() -> Vec<Distribution> {
    let noise = |dx, dy| Distribution::Uniform { dx, dy };
    let student = |degrees, d| Distribution::Student {
        degrees,
        correlations: vec![0.0; d],
    };
    let beside = |law, noise| Distribution::Blocks(vec![law, noise]);
    vec![
        Distribution::Normal(vec![0.0; 2]),
        Distribution::Normal(vec![0.0; 5]),
        Distribution::Normal(vec![0.35, 0.0]),
        Distribution::Normal(vec![0.2; 5]),
        student(2.0, 2),
        student(5.0, 5),
        beside(Distribution::Circle(0.3), noise(1, 1)),
        Distribution::Normal(vec![0.5, 0.5])
            .transformed(Transform::Spiral(1.0), Transform::Identity),
        beside(censored(0.0, INFINITY, 0.0), censored(0.0, INFINITY, 0.0)),
        beside(censored(0.0, INFINITY, 0.5), censored(0.0, INFINITY, 0.0)),
        beside(normal_label(&[0.0, 0.65]), noise(2, 0)),
        beside(gate(0.3, 0.3), noise(2, 0)),
    ]
}

/// Labels; or the values that 1 % of the rows share, and "another".
fn atoms_of(values: &Values) -> Vec<u32> {
    let numbers = match values {
        Values::Labels(labels) => return labels.codes().to_vec(),
        Values::Numbers(numbers) => numbers,
    };
    let rows = numbers.rows().into_iter();
    let keys: Vec<Vec<u64>> = rows
        .map(|row| row.iter().map(|value| (value + 0.0).to_bits()).collect())
        .collect();
    let mut counts: HashMap<&[u64], usize> = HashMap::new();
    keys.iter()
        .for_each(|key| *counts.entry(key).or_default() += 1);
    let mut names = HashMap::new();
    let name = |key: &Vec<u64>| {
        if counts[&key[..]] < 3.max(keys.len() / 100) {
            return 0;
        }
        let next = names.len() as u32 + 1;
        *names.entry(key.clone()).or_insert(next)
    };
    keys.iter().map(name).collect()
}

/// Mid-ranks, those of labels by their order.
fn ranks(values: &Values) -> Array2<f64> {
    let numbers = match values {
        Values::Numbers(numbers) => numbers.clone(),
        Values::Labels(labels) => {
            Array2::from_shape_fn((labels.len(), 1), |(row, _)| f64::from(labels.codes()[row]))
        }
    };
    Array2::from_shape_fn(numbers.dim(), |(row, column)| {
        let value = numbers[[row, column]];
        let below = |&other: &f64| {
            if other < value {
                1.0
            } else {
                0.5 * f64::from(u8::from(other == value))
            }
        };
        numbers.column(column).iter().map(below).sum()
    })
}

/// p-values of the four tests; 1 where a test does not apply.
fn p_values(law: &Distribution, seed: u64) -> [f64; 4] {
    let data = law.sample(SAMPLES, 7_000_000 + seed).expect("a valid law");
    let ours = IndependenceTest::new(seed)
        .run(&data.x, &data.y)
        .expect("clean data");
    let test = PermutationTest::new(SHUFFLES, seed).expect("99 is above 0");
    let table = test.run(&Discrete::default(), &atoms_of(&data.x), &atoms_of(&data.y));
    let neighbours = match (&data.x, &data.y) {
        (Values::Labels(_), Values::Labels(_)) => None,
        (Values::Numbers(_), Values::Numbers(_)) => {
            let ksg = Ksg1::new(10)
                .expect("10 is above 0")
                .scaling(Scaling::NormalScores)
                .ties(Ties::Include);
            test.run(&ksg, &data.x, &data.y).ok()
        }
        _ => test
            .run(&Ross::new(10).expect("10 is above 0"), &data.x, &data.y)
            .ok(),
    };
    let linear = gaussian_test(&ranks(&data.x), &ranks(&data.y));
    [
        ours.p_value,
        table.map_or(1.0, |result| result.p_value),
        neighbours.map_or(1.0, |result| result.p_value),
        linear.map_or(1.0, |result| result.p_value),
    ]
}

fn power(laws: &[Distribution], repetitions: u64) -> Table {
    let mut table = Table::new(&["law", "nat", "this test", "G", "KSG1, k = 10", "ranks"]);
    let tasks: Vec<(usize, u64)> = (0..laws.len())
        .flat_map(|law| (0..repetitions).map(move |seed| (law, seed)))
        .collect();
    let all = run(&tasks, |&(law, seed)| p_values(&laws[law], seed));
    for (law, results) in laws.iter().zip(all.chunks(repetitions as usize)) {
        let exact = law.mutual_information().expect("a valid law").value();
        let mut cells = vec![law.to_string(), format!("{:.3}", exact.max(0.0))];
        for test in 0..4 {
            let found = results.iter().filter(|p| p[test] <= ALPHA + 1e-12).count();
            cells.push(format!(
                "{:.0} %",
                100.0 * found as f64 / repetitions as f64
            ));
        }
        table.row(cells);
    }
    table
}

/// A law of this strength.
type Law = Box<dyn Fn(f64) -> Distribution>;

fn time() -> Table {
    let mut table = Table::new(&["data", "N", "independent", "dependent"]);
    let vectors = |d| move |correlation| Distribution::Normal(vec![correlation; d]);
    let laws: [(&str, Law); 5] = [
        ("1 + 1", Box::new(vectors(1))),
        (
            "two ReLU units",
            Box::new(|correlation| censored(0.0, INFINITY, correlation)),
        ),
        ("1000 labels", Box::new(|keep| zipf(1000, keep))),
        ("2 + 2", Box::new(vectors(2))),
        ("5 + 5", Box::new(vectors(5))),
    ];
    for (name, law) in laws {
        for n in [200, 2000, 10_000] {
            let seconds = |strength: f64| {
                let data = law(strength).sample(n, 1).expect("a valid law");
                let start = Instant::now();
                IndependenceTest::new(1)
                    .run(&data.x, &data.y)
                    .expect("clean data");
                format!("{:.3} s", start.elapsed().as_secs_f64())
            };
            table.row([name.to_owned(), n.to_string(), seconds(0.0), seconds(0.6)]);
        }
    }
    table
}

fn main() {
    let arguments = Arguments::parse(&["atoms", "continuous", "vectors", "time"]);
    let repetitions = arguments.repetitions.unwrap_or(200);
    let mut text = format!(
        "How often p ≤ {ALPHA} in {repetitions} draws of {SAMPLES} samples, by law and its information. G is that of \
         the atoms' table, by shuffles; KSG1 is on normal scores with ties included, Ross for labels. 0 % \
         stands where a test does not apply.\n"
    );
    for part in &arguments.parts {
        let (head, table) = match part.as_str() {
            "atoms" => (
                "Numbers with repeated values, and labels",
                power(&atoms(), repetitions),
            ),
            "continuous" => ("Continuous scalars", power(&continuous(), repetitions)),
            "vectors" => ("Vectors", power(&vectors(), repetitions)),
            _ => {
                mutinfo::set_threads(0);
                ("Time", time())
            }
        };
        write!(text, "\n{head}\n\n{}", table.text()).expect("writing to a string");
    }
    report(
        &text,
        "src/inference/independence/power.md",
        arguments.write,
    );
}
