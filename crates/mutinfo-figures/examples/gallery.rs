//! Writes every figure of the crate into a folder, to be looked at:
//! `cargo run -p mutinfo-figures --example gallery -- FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use mutinfo::prelude::*;
use mutinfo_figures::*;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    std::fs::create_dir_all(&folder)?;
    let save = |name: &str, figure: Figure| {
        println!("{name}: {}\n", figure.alt());
        figure.save(folder.join(name).with_extension("svg"))
    };

    let data = Sample::coupled_normals(200, 1.0, 1)?;
    let histogram = Histogram2d::equal_width(&data.x, &data.y, 15)?;
    let p = histogram.proportions();
    let (h_x, h_y) = (p.marginal_x().entropy(), p.marginal_y().entropy());
    save("1-data", data_and_histogram(&data.x, &data.y, &histogram)?)?;
    save(
        "2-marginals",
        marginals(&histogram, h_x.to_bits(), h_y.to_bits())?,
    )?;
    Ok(())
}
