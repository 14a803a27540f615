//! Writes every figure of the crate into a folder, and a page with all of them as a notebook shows
//! them:
//! `cargo run -p mutinfo-figures --example gallery -- FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use mutinfo::prelude::*;
use mutinfo_figures::*;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    std::fs::create_dir_all(&folder)?;
    let mut page =
        String::from("<!doctype html><meta name=\"color-scheme\" content=\"light dark\">");
    let mut save = |name: &str, figure: Figure| {
        println!("{name}: {}\n", figure.alt());
        page += &format!("<h2>{name}</h2>\n{}\n", figure.to_html());
        figure.save(folder.join(name).with_extension("svg"))
    };

    let data = Sample::coupled_normals(200, 1.0, 10)?;
    let histogram = Histogram2d::equal_width(&data.x, &data.y, 15)?;
    let p = histogram.proportions();
    let (h_x, h_y) = (p.marginal_x().entropy(), p.marginal_y().entropy());
    save("1-data", data_and_histogram(&data.x, &data.y, &histogram)?)?;
    save(
        "2-marginals",
        marginals(&histogram, h_x.to_bits(), h_y.to_bits())?,
    )?;

    let n = [50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0];
    let falling = |scale: f64| n.map(|n| 0.48 + scale / n);
    save(
        "lines",
        Lines::new(
            "MI from bins, by sample size",
            "Number of samples N",
            "MI (bits)",
        )
        .log_x()
        .line_with_band(
            "15 equal-width bins",
            &n,
            &falling(80.0),
            &falling(70.0),
            &falling(95.0),
        )
        .line("8 bins", &n, &falling(20.0))
        .line("4 bins", &n, &falling(4.0))
        .level("exact", 0.5)
        .draw()?,
    )?;
    let layers: Vec<f64> = (0..13).map(f64::from).collect();
    let curve = |phase: f64| -> Vec<f64> {
        layers
            .iter()
            .map(|x| (x / 2.0 + phase).sin() / 5.0 + 0.3)
            .collect()
    };
    let names = ["attention", "MLP", "residual", "four", "five", "six"];
    let many = names.iter().enumerate().fold(
        Lines::new(
            "MI over layers: a crowded figure",
            "Layer",
            "Mean MI (bits)",
        ),
        |figure, (i, name)| figure.line(name, &layers, &curve(i as f64)),
    );
    save("lines-crowded", many.draw()?)?;

    let null = Sample::coupled_normals(1000, 0.0, 2)?;
    let null = null.x.mapv(|value| 0.05 * value);
    save(
        "distribution",
        Histogram::new("MI that chance alone gives: 1000 shuffles", "MI (bits)")
            .values("y shuffled", &null)
            .interval("middle 95 %", -0.1, 0.1)
            .marker("observed", 0.513)
            .draw()?,
    )?;
    let other = Sample::coupled_normals(1500, 0.0, 3)?
        .x
        .mapv(|value| 0.08 * value + 0.1);
    save(
        "distributions",
        Histogram::new("MI of all pairs of units", "MI (bits)")
            .values("layer 1", &null)
            .values("layer 6", &other)
            .draw()?,
    )?;
    save(
        "scatter",
        Scatter::new("Two relations", "x", "y")
            .points("line", &data.x, &data.y)
            .points("parabola", &data.x, &data.x.mapv(|x| x * x - 3.0))
            .draw()?,
    )?;
    let relation = |title: &str, y: ndarray::Array1<f64>| {
        Scatter::new(title, "x", "y")
            .size(380, 340)
            .points("", &data.x, &y)
            .draw()
    };
    save(
        "beside",
        Figure::beside(&[
            relation("Linear", data.x.mapv(|x| 0.5 * x))?,
            relation(
                "A title that is too long for so small a panel",
                data.x.mapv(|x| x * x),
            )?,
            relation("Cosine", data.x.mapv(|x| (2.0 * x).cos()))?,
        ]),
    )?;
    let matrix = ndarray::Array2::from_shape_fn((12, 12), |(i, j)| {
        (-(i as f64 - j as f64).abs() / 3.0).exp()
    });
    let layers: Vec<String> = (1..=12).map(|layer| format!("layer {layer}")).collect();
    let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
    save(
        "heat-map",
        HeatMap::new("MI between layers", "MI (bits)", &matrix)
            .rows("From", &layers)
            .columns("To", &layers)
            .draw()?,
    )?;
    let matrix = ndarray::Array2::from_shape_fn((384, 384), |(i, j)| {
        (i as f64 / 30.0).sin() * (j as f64 / 50.0).cos()
    });
    save(
        "heat-map-large",
        HeatMap::new("Covariance of units", "Covariance", &matrix)
            .rows("Unit", &[])
            .columns("Unit", &[])
            .signed()
            .draw()?,
    )?;
    save(
        "intervals",
        Intervals::new(
            "Four estimates of one sample, with 95 % intervals",
            "MI (bits)",
        )
        .interval("KSG, k = 3", 0.513, 0.36, 0.66)
        .interval("4 bins, corrected", 0.45, 0.32, 0.58)
        .interval("15 equal-width bins", 0.888, 0.76, 1.02)
        .interval("15 equal-frequency bins", 1.086, 0.95, 1.22)
        .exact(0.5)
        .draw()?,
    )?;
    let coverage = (0..100).fold(
        Intervals::new("100 samples, 100 intervals", "MI (bits)").exact(0.5),
        |figure, i| {
            let centre = 0.5 + 1.6 * null[i];
            figure.interval(&i.to_string(), centre, centre - 0.15, centre + 0.15)
        },
    );
    save("intervals-coverage", coverage.draw()?)?;

    save(
        "histogram",
        Histogram::new("One variable", "x")
            .values("", &data.x)
            .draw()?,
    )?;
    save(
        "entropy-bars",
        EntropyBars::new("What x and y share, in 15 × 15 bins")
            .table("", &p)
            .draw()?,
    )?;
    let mut bars = EntropyBars::new("15 × 15 bins and more and more samples");
    for n in [100, 1000, 10_000] {
        let data = Sample::coupled_normals(n, 1.0, 1)?;
        let p = Histogram2d::equal_width(&data.x, &data.y, 15)?.proportions();
        bars = bars.table(&format!("N = {n}"), &p);
    }
    save("entropy-bars-by-size", bars.draw()?)?;
    save(
        "neighbourhood",
        Neighbourhood::of(&data.x, &data.y, 17, 3)?.draw()?,
    )?;
    save(
        "neighbourhoods",
        neighbourhoods(&data.x, &data.y, &[0, 1, 2, 3, 4], 3)?,
    )?;
    let couplings = [0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0];
    save("coupling", coupling_animation(&couplings, 100, 1)?)?;
    let bins = [3, 4, 6, 8, 10, 12, 15, 20, 25, 30, 35, 40];
    save("bins", bins_animation(&data.x, &data.y, data.exact, &bins)?)?;
    save(
        "pair-matrix",
        PairMatrix::new()
            .variable("height", &data.x)
            .variable("weight", &data.y)
            .variable("age", &data.x.mapv(|x| x * x))
            .draw()?,
    )?;
    let columns = ndarray::stack![ndarray::Axis(1), data.x, data.y, data.x.mapv(f64::sin)];
    let matrix = Ksg1::default().matrix(columns.view())?;
    save(
        "heat-map-neighbours",
        HeatMap::information("All pairs, from neighbours", &matrix).draw()?,
    )?;
    std::fs::write(folder.join("index.html"), page)?;
    Ok(())
}
