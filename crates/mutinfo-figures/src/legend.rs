//! [`Legend`]: what the colours mean, where it covers nothing.

use plotters::style::RGBAColor;

use crate::canvas::{Anchor, Canvas, LABEL, LINE, MARKER, POINT, text_width};
use crate::colour::WHITE;
use crate::panel::Panel;
use crate::words::short;

/// The height of an entry.
const ROW: f64 = 1.45 * LABEL;
/// The room within the frame.
const PAD: f64 = 0.4 * LABEL;
/// The length of a sample line, and the room between it and the name.
const SAMPLE: f64 = 2.0 * LABEL;
const GAP: f64 = 0.8 * LABEL;
/// The distance from the panel's frame.
const DISTANCE: f64 = 0.5 * LABEL;

/// How a legend's entry is drawn in the figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Symbol {
    /// A line.
    Line,
    /// A dashed line.
    Dashes,
    /// A point.
    Dot,
    /// An area.
    Patch,
}

/// One name in a legend.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: String,
    pub colour: RGBAColor,
    pub symbol: Symbol,
}

/// Names with their symbols, and the place of the top left corner.
pub struct Legend {
    entries: Vec<Entry>,
    corner: (f64, f64),
}

impl Legend {
    /// A legend of the entries that have a name, in a corner of the panel or at a side, where no
    /// marks are (given in parts of the panel's width and height); else to the right of the panel,
    /// which then becomes narrower.
    pub fn place(mut entries: Vec<Entry>, panel: &mut Panel, marks: &[(f64, f64)]) -> Self {
        entries.retain(|entry| !entry.name.is_empty());
        for entry in &mut entries {
            entry.name = short(&entry.name);
        }
        if entries.is_empty() {
            return Self {
                entries,
                corner: (0.0, 0.0),
            };
        }
        let (width, height) = size(&entries);
        let left = panel.left + DISTANCE;
        let right = panel.right - DISTANCE - width;
        let top = panel.top + DISTANCE;
        let bottom = panel.bottom - DISTANCE - height;
        let free = |&(x, y): &(f64, f64)| {
            let within = |value: f64, from: f64, length: f64| {
                (from - DISTANCE..=from + length + DISTANCE).contains(&value)
            };
            !marks.iter().any(|&(across, up)| {
                let at_x = panel.left + across * (panel.right - panel.left);
                let at_y = panel.bottom - up * (panel.bottom - panel.top);
                within(at_x, x, width) && within(at_y, y, height)
            })
        };
        let (centre, middle) = ((left + right) / 2.0, (top + bottom) / 2.0);
        let corners = [(right, top), (left, top), (left, bottom), (right, bottom)];
        let sides = [
            (centre, top),
            (right, middle),
            (left, middle),
            (centre, bottom),
        ];
        let corner = corners
            .into_iter()
            .chain(sides)
            .find(free)
            .unwrap_or_else(|| {
                panel.right -= width + DISTANCE;
                (panel.right + DISTANCE, panel.top)
            });
        Self { entries, corner }
    }

    /// Draws it.
    pub fn paint(&self, canvas: &mut Canvas) {
        if self.entries.is_empty() {
            return;
        }
        let (x, y) = self.corner;
        let (width, height) = size(&self.entries);
        let far = (x + width, y + height);
        canvas.rectangle((x, y), far, WHITE);
        let grey = RGBAColor(204, 204, 204, 1.0);
        canvas.outline((x, y), far, grey, 0.8 * POINT);
        for (row, entry) in self.entries.iter().enumerate() {
            let middle = y + PAD + (row as f64 + 0.5) * ROW;
            let start = x + PAD;
            let end = start + SAMPLE;
            match entry.symbol {
                Symbol::Line => {
                    canvas.path(&[(start, middle), (end, middle)], entry.colour, LINE);
                }
                Symbol::Dashes => {
                    canvas.dashes((start, middle), (end, middle), entry.colour, LINE);
                }
                Symbol::Dot => {
                    let centre = ((start + end) / 2.0, middle);
                    canvas.dot(centre, MARKER, entry.colour);
                }
                Symbol::Patch => {
                    let half = 0.35 * LABEL;
                    let corner = (end, middle + half);
                    canvas.rectangle((start, middle - half), corner, entry.colour);
                }
            }
            let at = (end + GAP, middle + 0.36 * LABEL);
            canvas.text(&entry.name, at, LABEL, Anchor::Start);
        }
    }
}

fn size(entries: &[Entry]) -> (f64, f64) {
    let widths = entries.iter().map(|entry| text_width(&entry.name, LABEL));
    (
        2.0 * PAD + SAMPLE + GAP + widths.fold(0.0, f64::max),
        2.0 * PAD + ROW * entries.len() as f64,
    )
}

/// Positions along a line, close enough together that no legend slips between them.
pub fn along(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let steps = 50;
    let mut marks: Vec<_> = points.iter().take(1).copied().collect();
    for ends in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (ends[0], ends[1]);
        marks.extend((1..=steps).map(|step| {
            let t = f64::from(step) / f64::from(steps);
            (x0 + t * (x1 - x0), y0 + t * (y1 - y0))
        }));
    }
    marks
}
