//! How often the tests reject independence where it holds: at most α, if they are sound.
//!
//! `cargo run --release --example type_one_error [REPETITIONS] [--write]`: 2000 repetitions take a
//! minute; `--write` puts the table into the documentation.

mod experiments;

use experiments::{Arguments, Table, report, run};
use mutinfo::inference::{g_test, gaussian_test};
use mutinfo::prelude::*;

const ALPHAS: [f64; 3] = [0.01, 0.05, 0.10];

/// One test: its name, and the p-value of a sample of independent variables.
type Test = (&'static str, fn(u64) -> f64);

fn uniform(n: usize, seed: u64) -> Sample<mutinfo::ndarray::Array2<f64>> {
    let family = Distribution::Uniform { dx: 1, dy: 1 };
    let sample = family.sample(n, 3_000_000 + seed);
    sample.and_then(Sample::numbers).expect("a valid family")
}

fn classes(n: usize, seed: u64, classes: f64) -> [Vec<u8>; 2] {
    let data = uniform(n, seed);
    [data.x, data.y].map(|values| values.iter().map(|v| (v * classes) as u8).collect())
}

fn permutation(seed: u64) -> PermutationTest {
    PermutationTest::new(99, seed).expect("99 is above 0")
}

fn tests() -> Vec<Test> {
    vec![
        ("permutations, KSG1 with k = 3, N = 50", |seed| {
            let data = uniform(50, seed);
            let result = permutation(seed).run(&Ksg1::default(), &data.x, &data.y);
            result.expect("clean data").p_value
        }),
        ("permutations, recommended, N = 50", |seed| {
            let data = uniform(50, seed);
            let result = permutation(seed).run(&Adaptive, &data.x, &data.y);
            result.expect("clean data").p_value
        }),
        ("permutations, 2 × 2 labels, N = 50", |seed| {
            let [x, y] = classes(50, seed, 2.0);
            let result = permutation(seed).run(&Discrete::default(), &x, &y);
            result.expect("clean data").p_value
        }),
        ("G-test, 3 × 3 labels, N = 200", |seed| {
            let [x, y] = classes(200, seed, 3.0);
            g_test(&x, &y).expect("labels").p_value
        }),
        ("G-test, 8 × 8 labels, N = 200 (3 a cell)", |seed| {
            let [x, y] = classes(200, seed, 8.0);
            g_test(&x, &y).expect("labels").p_value
        }),
        ("Gaussian test, normal 1 × 1, N = 20", |seed| {
            let data = Distribution::normal(0.0)
                .sample(20, seed)
                .expect("a valid family");
            gaussian_test(&data.x, &data.y).expect("clean data").p_value
        }),
        ("Gaussian test, normal 3 × 3, N = 30", |seed| {
            let family = Distribution::Normal(vec![0.0; 3]);
            let data = family.sample(30, seed).expect("a valid family");
            gaussian_test(&data.x, &data.y).expect("clean data").p_value
        }),
        ("Gaussian test, uniform 1 × 1, N = 50", |seed| {
            let data = uniform(50, seed);
            gaussian_test(&data.x, &data.y).expect("clean data").p_value
        }),
    ]
}

fn main() {
    let arguments = Arguments::parse(&[]);
    let repetitions = arguments.repetitions.unwrap_or(2000);
    let tests = tests();
    let p_values = run(&tests, |(_, test)| {
        (0..repetitions).map(test).collect::<Vec<f64>>()
    });
    let mut table = Table::new(&["test", "p ≤ 0.01", "p ≤ 0.05", "p ≤ 0.10"]);
    for ((name, _), p_values) in tests.iter().zip(p_values) {
        let mut cells = vec![(*name).to_owned()];
        for alpha in ALPHAS {
            let rejected = p_values.iter().filter(|&&p| p <= alpha + 1e-12).count();
            cells.push(format!(
                "{:.1} %",
                100.0 * rejected as f64 / repetitions as f64
            ));
        }
        table.row(cells);
    }
    let text = format!(
        "How often p-values of independent variables were at most α, in {repetitions} samples.\n\n{}",
        table.text()
    );
    report(&text, "src/inference/type_one_error.md", arguments.write);
}
