//! [`bins_animation`]: the same samples in more and more bins.

use mutinfo::ndarray::ArrayView1;
use mutinfo::{Bits, Histogram2d, Result};

use crate::axis::Axis;
use crate::canvas::{LINE, MARKER, draw};
use crate::check::{check, check_pairs};
use crate::colour::{BLACK, hot, series};
use crate::figure::Figure;
use crate::image;
use crate::legend::{Entry, Legend, Symbol, along};
use crate::number::copied;
use crate::panel::Panel;
use crate::plot::Labels;
use crate::words::number;

const SIZE: (u32, u32) = (820, 400);

/// The table of the samples' counts in a number of bins of equal width for each variable, and the
/// mutual information that it gives, a frame for each of `bins`; the exact value is a dashed line.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::bins_animation;
///
/// let data = Sample::coupled_normals(200, 1.0, 10)?;
/// let figure = bins_animation(&data.x, &data.y, data.exact, &[3, 5, 10, 20, 40])?;
/// assert!(figure.alt().contains("First frame: 3 by 3 bins"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// Those of [`Histogram2d::equal_width`] and of [`Figure::animate`].
pub fn bins_animation<'a>(
    x: impl Into<ArrayView1<'a, f64>>,
    y: impl Into<ArrayView1<'a, f64>>,
    exact: impl Into<Bits>,
    bins: &[usize],
) -> Result<Figure> {
    animate(
        &copied(x.into()),
        &copied(y.into()),
        exact.into().value(),
        bins,
    )
}

fn animate(x: &[f64], y: &[f64], exact: f64, bins: &[usize]) -> Result<Figure> {
    check_pairs("x", x, "y", y)?;
    check("exact", &[exact])?;
    let tables: Vec<Histogram2d> = bins
        .iter()
        .map(|&bins| Histogram2d::equal_width(x, y, bins))
        .collect::<Result<_>>()?;
    let estimates: Vec<(f64, f64)> = bins
        .iter()
        .zip(&tables)
        .map(|(&bins, table)| {
            let information = table.proportions().mutual_information();
            (bins as f64, information.to_bits().value())
        })
        .collect();
    let frames: Vec<Figure> = tables
        .iter()
        .enumerate()
        .map(|(turn, table)| frame(table, &estimates, turn, exact))
        .collect();
    let changes = format!(
        "{} samples in more and more bins: the table falls apart into cells with a sample or two, \
         and the estimate moves away from the exact value, {} bits",
        x.len(),
        number(exact)
    );
    Figure::animate(&changes, &frames)
}

/// A table, and the estimates up to it.
fn frame(table: &Histogram2d, estimates: &[(f64, f64)], turn: usize, exact: f64) -> Figure {
    let (bins, estimate) = estimates[turn];
    let (x_edges, y_edges) = (table.x_edges().as_slice(), table.y_edges().as_slice());
    let counts = table.counts();
    let full = counts.iter().copied().max().unwrap_or(0) as f64;
    let occupied = table.table().occupied();
    let words = format!(
        "{bins} by {bins} bins, {occupied} of {} cells occupied: {estimate:.3} bit.",
        counts.len()
    );
    let (top, bottom) = (40.0, f64::from(SIZE.1) - 62.0);
    let cells = Panel {
        left: 70.0,
        right: 70.0 + bottom - top,
        top,
        bottom,
        x: Axis::tight(x_edges.iter().copied()),
        y: Axis::tight(y_edges.iter().copied()),
    };
    let values = estimates.iter().map(|&(_, estimate)| estimate);
    let mut curve = Panel {
        left: cells.right + 80.0,
        right: f64::from(SIZE.0) - 20.0,
        top,
        bottom,
        x: Axis::around(estimates.iter().map(|&(bins, _)| bins)).whole(),
        y: Axis::around(values.chain([0.0, exact])),
    };
    let marks = [
        along(&curve.parts(estimates)),
        along(&[
            (0.0, curve.y.position(exact)),
            (1.0, curve.y.position(exact)),
        ]),
    ];
    let entries = [
        ("estimate", series(0), Symbol::Line),
        ("exact", BLACK, Symbol::Dashes),
    ];
    let entries = entries.map(|(name, colour, symbol)| Entry {
        name: name.to_string(),
        colour,
        symbol,
    });
    let legend = Legend::place(entries.into(), &mut curve, &marks.concat());
    draw(SIZE, words, |canvas| {
        canvas.rectangle(
            (cells.left, cells.top),
            (cells.right, cells.bottom),
            hot(0.0),
        );
        let colours = counts.indexed_iter().filter(|&(_, &count)| count > 0);
        // One sample is seen in however few that the fullest cell holds.
        let colours = colours.map(|(cell, &count)| (cell, hot(0.3 + 0.7 * count as f64 / full)));
        image::paint(canvas, &cells, (x_edges, y_edges), colours);
        let title = format!("{bins} × {bins} bins, {occupied} cells occupied");
        cells.frame(canvas, &Labels::new(&title, "x", "y"));
        let (_, level) = curve.place(0.0, exact);
        canvas.dashes((curve.left, level), (curve.right, level), BLACK, LINE);
        let points: Vec<_> = estimates[..=turn]
            .iter()
            .map(|&(bins, estimate)| curve.place(bins, estimate))
            .collect();
        canvas.path(&points, series(0), LINE);
        for &point in &points {
            canvas.dot(point, MARKER, series(0));
        }
        legend.paint(canvas);
        let title = format!("{estimate:.2} bits, exactly {exact:.2}");
        let labels = Labels::new(&title, "Bins for each variable", "MI (bits)");
        curve.frame(canvas, &labels);
    })
}

#[cfg(test)]
mod tests {
    use mutinfo::Sample;

    use super::*;
    use crate::testing::{count, texts};

    #[test]
    fn each_number_of_bins_is_a_frame_with_its_estimate() {
        let data = Sample::coupled_normals(200, 1.0, 10).unwrap();
        let figure = bins_animation(&data.x, &data.y, data.exact, &[3, 15, 40]).unwrap();
        assert_eq!(count(&figure, "g", "class", "f"), 3);
        let table = Histogram2d::equal_width(&data.x, &data.y, 15).unwrap();
        let estimate = table.proportions().mutual_information().to_bits();
        let title = format!("{:.2} bits, exactly 0.50", estimate.value());
        assert!(texts(&figure).contains(&title));
        assert!(figure.alt().contains("200 samples in more and more bins"));
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let (x, exact) = ([0.0, 1.0, 2.0], Bits(0.5));
        assert!(bins_animation(&x, &x, exact, &[]).is_err());
        assert!(bins_animation(&x, &x, exact, &[0]).is_err());
        assert!(bins_animation(&x, &[f64::NAN; 3], exact, &[3]).is_err());
        assert!(bins_animation(&x, &x, Bits(f64::INFINITY), &[3]).is_err());
        assert!(bins_animation(&x, &x, exact, &[2]).is_ok());
    }
}
