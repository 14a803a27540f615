//! How long all pairs of units of a layer take: of the course's size, 768 units over 94 tokens,
//! and of the notebooks', 384 units over 938 tokens.
//!
//! `cargo run --release -p mutinfo-activations --example all_pairs`. Of five repetitions it prints
//! the median, and all of them.

use std::time::Instant;

use mutinfo::prelude::*;
use mutinfo_activations::Result;
use mutinfo_activations::prelude::*;
use ndarray::Array2;

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../notebooks/data/passages.safetensors"
);

fn main() -> Result<()> {
    let small = normal_units(94, 768)?;
    let real = Activations::open(FILE)?.tensor("hidden_states")?.layer(3)?;
    let bins = Binned::equal_width(15)?;
    for (name, layer) in [("normal numbers", &small), ("layer 3", &real)] {
        let (tokens, units) = layer.dim();
        let pairs = units * (units - 1) / 2;
        println!("{name}: {pairs} pairs of {units} units over {tokens} tokens");
        time(&Ksg1::default(), layer)?;
        time(&bins, layer)?;
    }
    Ok(())
}

/// Units with one cause in common, half of what each of them is.
fn normal_units(tokens: usize, units: usize) -> Result<Array2<f64>> {
    let cause = Sample::coupled_normals(tokens, 0.0, 0)?.x;
    let mut layer = Array2::zeros((tokens, units));
    for (unit, mut column) in layer.columns_mut().into_iter().enumerate() {
        let own = Sample::coupled_normals(tokens, 0.0, 1 + unit as u64)?.x;
        column.assign(&(&cause + &own));
    }
    Ok(layer)
}

fn time(estimator: &impl AllPairs, layer: &Array2<f64>) -> Result<()> {
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        estimator.matrix(layer.view())?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    println!("  {estimator}: {:.3} s ({seconds:.3?})", seconds[2]);
    Ok(())
}
