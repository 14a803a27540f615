//! A table of numbers as coloured cells within a panel.

use plotters::style::RGBAColor;

use crate::canvas::{Canvas, OVERLAP};
use crate::panel::Panel;

/// Fills the cells between these edges, `colours` giving (column, row) and colour of each.
pub fn paint(
    canvas: &mut Canvas,
    panel: &Panel,
    (x_edges, y_edges): (&[f64], &[f64]),
    colours: impl Iterator<Item = ((usize, usize), RGBAColor)>,
) {
    for ((i, j), colour) in colours {
        let from = panel.place(x_edges[i], y_edges[j]);
        let to = panel.place(x_edges[i + 1], y_edges[j + 1]);
        // What reaches out of the panel would lie under its frame, and beyond.
        let to = (
            (to.0 + OVERLAP).min(panel.right),
            (to.1 - OVERLAP).max(panel.top),
        );
        canvas.rectangle(from, to, colour);
    }
}
