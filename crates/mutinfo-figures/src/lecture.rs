//! The two figures of the lecture, as it shows them.

use mutinfo::ndarray::ArrayView1;
use mutinfo::{Bits, Error, Histogram2d, Result};
use plotters::style::{Color, RGBAColor};

use crate::axis::Axis;
use crate::canvas::{LINE, MARKER, POINT, draw};
use crate::check::check_pairs;
use crate::colour::{MATPLOTLIB, WHITE, hot};
use crate::figure::Figure;
use crate::image;
use crate::legend::{Entry, Legend, Symbol, along};
use crate::number::copied;
use crate::panel::{Panel, colour_bar};
use crate::plot::Labels;
use crate::words::{number, range};

/// The data, and the histogram of the data: two panels.
///
/// Left, "Full resolution data": y against x. Right, "Discretized (binned) data": the counts,
/// with the colours of matplotlib's "hot" from 0 to 0.7 times the largest count and the top colour
/// beyond, under the data.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::LengthMismatch`].
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::data_and_histogram;
///
/// let data = Sample::coupled_normals(200, 1.0, 1)?;
/// let histogram = Histogram2d::equal_width(&data.x, &data.y, 15)?;
/// let figure = data_and_histogram(&data.x, &data.y, &histogram)?;
/// assert_eq!(figure.size(), (820, 400));
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub fn data_and_histogram<'a>(
    x: impl Into<ArrayView1<'a, f64>>,
    y: impl Into<ArrayView1<'a, f64>>,
    histogram: &Histogram2d,
) -> Result<Figure> {
    draw_data_and_histogram(&copied(x.into()), &copied(y.into()), histogram)
}

fn draw_data_and_histogram(x: &[f64], y: &[f64], histogram: &Histogram2d) -> Result<Figure> {
    check_pairs("x", x, "y", y)?;
    let (top, bottom) = (36.7, 338.0);
    let data = Panel {
        left: 65.5,
        right: 382.0,
        top,
        bottom,
        x: Axis::around(x.iter().copied()),
        y: Axis::around(y.iter().copied()),
    };
    let (x_edges, y_edges) = (histogram.x_edges(), histogram.y_edges());
    let binned = Panel {
        left: 447.0,
        right: 729.0,
        top,
        bottom,
        x: Axis::tight(x_edges.as_slice().iter().copied()),
        y: Axis::tight(y_edges.as_slice().iter().copied()),
    };
    let counts = histogram.counts();
    let largest = counts.iter().copied().max().unwrap_or(0);
    let full = 0.7 * largest as f64;
    let occupied = counts.iter().filter(|&&count| count > 0).count();
    let alt = format!(
        "Two panels of {} samples of x and y. Left, full resolution data: a scatter plot of y \
         against x; x goes {} and y {}. Right, discretized data: the same samples counted in {} by {} bins, as an \
         image from black (0) to white ({} or more) under the samples; {occupied} of {} \
         cells are occupied, the fullest holds {largest}.",
        x.len(),
        range(x),
        range(y),
        x_edges.bins(),
        y_edges.bins(),
        number(full),
        counts.len(),
    );
    let violet = RGBAColor(178, 178, 230, 1.0);
    let blue = RGBAColor(0, 0, 255, 1.0);
    let grey = RGBAColor(102, 102, 102, 0.7);
    Ok(draw((820, 400), alt, |canvas| {
        for (&x, &y) in x.iter().zip(y) {
            canvas.circle(data.place(x, y), MARKER, violet, blue);
        }
        data.frame(canvas, &Labels::new("Full resolution data", "x", "y"));

        let edges = (x_edges.as_slice(), y_edges.as_slice());
        let colours = counts.indexed_iter();
        let colours = colours.map(|(cell, &count)| (cell, hot(count as f64 / full)));
        image::paint(canvas, &binned, edges, colours);
        for (&x, &y) in x.iter().zip(y) {
            let edge = WHITE.mix(0.7);
            canvas.circle(binned.place(x, y), MARKER, grey, edge);
        }
        binned.trim(canvas, MARKER + POINT);
        binned.frame(canvas, &Labels::new("Discretized (binned) data", "x", "y"));
        let scale = Axis::tight([0.0, full]);
        colour_bar(canvas, (733.4, 754.5), (top, bottom), scale, "Count", hot);
    }))
}

/// The marginal distributions of a histogram, as lines over the centres of its bins; the
/// legend says the entropies that were computed from them.
///
/// # Errors
/// [`Error::NotFinite`] for an entropy that is not finite.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::marginals;
///
/// let data = Sample::coupled_normals(200, 1.0, 1)?;
/// let histogram = Histogram2d::equal_width(&data.x, &data.y, 15)?;
/// let p = histogram.proportions();
/// let h_x = p.marginal_x().entropy().to_bits();
/// let h_y = p.marginal_y().entropy().to_bits();
/// let figure = marginals(&histogram, h_x, h_y)?;
/// assert!(figure.svg().contains(&format!("x (entropy = {:.3})", h_x.value())));
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub fn marginals(histogram: &Histogram2d, h_x: Bits, h_y: Bits) -> Result<Figure> {
    for (argument, entropy) in [("h_x", h_x), ("h_y", h_y)] {
        if !entropy.value().is_finite() {
            return Err(Error::NotFinite {
                argument,
                row: 0,
                column: 0,
                value: entropy.value(),
            });
        }
    }
    let p = histogram.proportions();
    let lines = [
        ("x", histogram.x_edges(), p.marginal_x(), h_x),
        ("y", histogram.y_edges(), p.marginal_y(), h_y),
    ]
    .map(|(name, edges, p, entropy)| {
        let line: Vec<_> = edges
            .centres()
            .into_iter()
            .zip(p.as_array().to_vec())
            .collect();
        (name, line, entropy)
    });
    let all = || lines.iter().flat_map(|(_, line, _)| line.iter().copied());
    let mut panel = Panel {
        left: 82.0,
        right: 795.0,
        top: 40.0,
        bottom: 328.0,
        x: Axis::around(all().map(|(centre, _)| centre)),
        y: Axis::around(all().map(|(_, proportion)| proportion)),
    };
    let describe = |(name, line, entropy): &(&str, Vec<(f64, f64)>, Bits)| {
        let (mode, most) =
            line.iter().copied().fold(
                (0.0, 0.0),
                |best, next| if next.1 > best.1 { next } else { best },
            );
        format!(
            "{name} has an entropy of {entropy:.3} and is most often near {} \
             (proportion {most:.3})",
            number(mode),
        )
    };
    let alt = format!(
        "Marginal distributions of data, two lines of the proportion in each bin: {}; {}.",
        describe(&lines[0]),
        describe(&lines[1]),
    );
    let entries = lines
        .iter()
        .zip(MATPLOTLIB)
        .map(|((name, _, entropy), colour)| Entry {
            name: format!("{name} (entropy = {:.3})", entropy.value()),
            colour,
            symbol: Symbol::Line,
        })
        .collect();
    let marks: Vec<_> = lines
        .iter()
        .flat_map(|(_, line, _)| along(&panel.parts(line)))
        .collect();
    let legend = Legend::place(entries, &mut panel, &marks);
    Ok(draw((820, 390), alt, |canvas| {
        for ((_, line, _), colour) in lines.iter().zip(MATPLOTLIB) {
            let points: Vec<_> = line.iter().map(|&(x, y)| panel.place(x, y)).collect();
            canvas.path(&points, colour, LINE);
        }
        legend.paint(canvas);
        let title = "Marginal distributions of data";
        panel.frame(
            canvas,
            &Labels::new(title, "Data values (x or y)", "Proportion"),
        );
    }))
}

#[cfg(test)]
mod tests {
    use mutinfo::Sample;

    use super::*;
    use crate::canvas::OVERLAP;
    use crate::testing::{count, rectangles, texts};

    fn lecture() -> (Sample, Histogram2d) {
        let data = Sample::coupled_normals(200, 1.0, 1).unwrap();
        let histogram = Histogram2d::equal_width(&data.x, &data.y, 15).unwrap();
        (data, histogram)
    }

    #[test]
    fn both_panels_show_every_sample_once() {
        let (data, histogram) = lecture();
        let figure = data_and_histogram(&data.x, &data.y, &histogram).unwrap();
        assert_eq!(count(&figure, "circle", "fill", "#B2B2E6"), 200);
        assert_eq!(count(&figure, "circle", "fill", "#666666"), 200);
        for text in [
            "Full resolution data",
            "Discretized (binned) data",
            "Count",
            "x",
            "y",
            "−2",
        ] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
    }

    #[test]
    fn cells_have_the_colours_of_their_counts() {
        // Counts of 1, 2, 3, 4 and 10, so that 7 is the top of the scale.
        let points = [(0.5, 1), (1.5, 2), (2.5, 3), (3.5, 4), (4.5, 10)];
        let values: Vec<f64> = points
            .iter()
            .flat_map(|&(value, times)| std::iter::repeat_n(value, times))
            .collect();
        let edges = mutinfo::Edges::new(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        let histogram = Histogram2d::new(&values, &values, edges.clone(), edges).unwrap();
        let figure = data_and_histogram(&values, &values, &histogram).unwrap();
        // A fifth of the panel a side, and what reaches into the next cell, if there is one.
        let side = |length: f64, part: f64| (-0.2..OVERLAP + 0.2).contains(&(length - part));
        let cell = |&(width, height): &(f64, f64)| side(width, 56.4) && side(height, 60.26);
        // matplotlib.colormaps["hot"](count / 7, bytes=True)
        for colour in ["#690000", "#CA0000", "#FF2900", "#FF8A00", "#FFFFFF"] {
            assert!(rectangles(&figure, colour).iter().any(cell), "{colour}");
        }
    }

    #[test]
    fn marginals_say_their_entropies() {
        let (_, histogram) = lecture();
        let figure = marginals(&histogram, Bits(3.2504), Bits(2.0)).unwrap();
        for text in [
            "Marginal distributions of data",
            "Data values (x or y)",
            "Proportion",
            "x (entropy = 3.250)",
            "y (entropy = 2.000)",
        ] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
        assert!(figure.alt().contains("x has an entropy of 3.250 bit"));
        // The line and its sample in the legend.
        assert_eq!(count(&figure, "polyline", "stroke", "#1F77B4"), 2);
        assert_eq!(count(&figure, "polyline", "stroke", "#FF7F0E"), 2);
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let (data, histogram) = lecture();
        let mut broken = data.x.clone();
        broken[7] = f64::NAN;
        let result = data_and_histogram(&broken, &data.y, &histogram);
        assert!(matches!(
            result,
            Err(Error::NotFinite {
                argument: "x",
                row: 7,
                ..
            })
        ));
        let result = data_and_histogram(&data.x, &vec![1.0], &histogram);
        assert!(matches!(result, Err(Error::LengthMismatch { .. })));
        let empty: [f64; 0] = [];
        let result = data_and_histogram(&empty, &empty, &histogram);
        assert_eq!(result, Err(Error::Empty { argument: "x" }));
        assert!(marginals(&histogram, Bits(f64::NAN), Bits(0.0)).is_err());
    }
}
