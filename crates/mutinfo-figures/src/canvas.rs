//! [`Canvas`]: shapes at fractions of a pixel, on plotters' SVG backend.

use plotters::backend::SVGBackend;
use plotters::prelude::{DrawingBackend, FontDesc, FontFamily, FontStyle, FontTransform};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{RGBAColor, ShapeStyle, TextStyle};

use crate::figure::{self, Figure, document};

/// A pixel in the picture's own units.
const UNITS: f64 = figure::UNITS as f64;

/// matplotlib's font, and the widespread one that it descends from.
const FONT: &str = "DejaVu Sans, Verdana, sans-serif";

/// Pixels in a typographic point: 100 pixels an inch.
pub const POINT: f64 = 100.0 / 72.0;

/// The size of labels and ticks, 10 points.
pub const LABEL: f64 = 10.0 * POINT;

/// The size of titles, 12 points.
pub const TITLE: f64 = 12.0 * POINT;

/// The width of lines, 1.5 points.
pub const LINE: f64 = 1.5 * POINT;

/// The radius of data points: matplotlib's marker of 6 points across.
pub const MARKER: f64 = 3.0 * POINT;
/// How far a cell of an image reaches into the next ones, which are drawn over it, so that no seam
/// shows, not even where the figure is shown at half its size.
pub const OVERLAP: f64 = 3.0;

/// Where a text lies sideways of its point.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A white picture of a number of pixels, (0, 0) at the top left.
pub struct Canvas<'a> {
    backend: SVGBackend<'a>,
}

/// Draws a figure of `width` by `height` pixels.
pub fn draw((width, height): (u32, u32), alt: String, paint: impl FnOnce(&mut Canvas)) -> Figure {
    let units = |pixels: u32| pixels * figure::UNITS;
    let mut shapes = String::new();
    {
        let backend = SVGBackend::with_string(&mut shapes, (units(width), units(height)));
        let mut canvas = Canvas { backend };
        let white = RGBAColor(255, 255, 255, 1.0);
        canvas.rectangle((0.0, 0.0), (width.into(), height.into()), white);
        paint(&mut canvas);
        // The backend closes the document when dropped.
    }
    // The backend's first line is its header; ours adds the size in pixels and the words.
    let body = shapes.split_once('\n').map_or("", |(_, body)| body);
    let body = body
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(" \"/>", "\"/>")
        .replace('\n', "");
    let body = body.strip_suffix("</svg>").unwrap_or(&body);
    let svg = document((width, height), &alt, body);
    Figure::new(svg, alt, (width, height))
}

fn units((x, y): (f64, f64)) -> (i32, i32) {
    // `as` saturates, so that no number can overflow.
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

fn stroke(colour: RGBAColor, width: f64) -> ShapeStyle {
    ShapeStyle {
        color: colour,
        filled: false,
        stroke_width: (width * UNITS).round() as u32,
    }
}

// The backend writes to a string, which cannot fail: `ok` drops no error.
impl Canvas<'_> {
    /// The picture's width in pixels.
    pub fn width(&self) -> f64 {
        f64::from(self.backend.get_size().0) / UNITS
    }

    /// A filled rectangle between two opposite corners.
    pub fn rectangle(&mut self, from: (f64, f64), to: (f64, f64), fill: RGBAColor) {
        let low = units((from.0.min(to.0), from.1.min(to.1)));
        let high = units((from.0.max(to.0), from.1.max(to.1)));
        self.backend.draw_rect(low, high, &fill, true).ok();
    }

    /// The outline of a rectangle.
    pub fn outline(&mut self, from: (f64, f64), to: (f64, f64), colour: RGBAColor, width: f64) {
        // A little past the first corner, so that it is closed without a notch.
        let past = (from.0 + width * (to.0 - from.0).signum(), from.1);
        let corners = [from, (to.0, from.1), to, (from.0, to.1), from, past];
        self.path(&corners, colour, width);
    }

    /// A line from point to point.
    pub fn path(&mut self, points: &[(f64, f64)], colour: RGBAColor, width: f64) {
        let points = points.iter().copied().map(units);
        self.backend.draw_path(points, &stroke(colour, width)).ok();
    }

    /// A dashed line between two points.
    pub fn dashes(&mut self, from: (f64, f64), to: (f64, f64), colour: RGBAColor, width: f64) {
        let (dash, gap) = (3.7 * width, 1.6 * width);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |distance: f64| {
            let part = distance.min(length) / length;
            (
                from.0 + part * (to.0 - from.0),
                from.1 + part * (to.1 - from.1),
            )
        };
        let count = (length / (dash + gap)).ceil() as u32;
        for start in (0..count).map(|i| f64::from(i) * (dash + gap)) {
            self.path(&[at(start), at(start + dash)], colour, width);
        }
    }

    /// A filled area within these corners.
    pub fn polygon(&mut self, corners: &[(f64, f64)], fill: RGBAColor) {
        let corners = corners.iter().copied().map(units);
        self.backend.fill_polygon(corners, &fill).ok();
    }

    /// A filled circle.
    pub fn dot(&mut self, centre: (f64, f64), radius: f64, fill: RGBAColor) {
        let (centre, radius) = (units(centre), (radius * UNITS).round() as u32);
        self.backend.draw_circle(centre, radius, &fill, true).ok();
    }

    /// A filled circle with an edge.
    pub fn circle(&mut self, centre: (f64, f64), radius: f64, fill: RGBAColor, edge: RGBAColor) {
        self.dot(centre, radius, fill);
        let (centre, radius) = (units(centre), (radius * UNITS).round() as u32);
        let edge = stroke(edge, POINT);
        self.backend.draw_circle(centre, radius, &edge, false).ok();
    }

    /// A text whose baseline goes through a point.
    pub fn text(&mut self, text: &str, at: (f64, f64), size: f64, anchor: Anchor) {
        self.write(text, at, size, anchor, FontTransform::None);
    }

    /// A text that reads upwards, whose baseline goes through a point.
    pub fn text_upwards(&mut self, text: &str, at: (f64, f64), size: f64, anchor: Anchor) {
        self.write(text, at, size, anchor, FontTransform::Rotate270);
    }

    fn write(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        size: f64,
        anchor: Anchor,
        turn: FontTransform,
    ) {
        // The backend shifts a text that hangs from its point down by 0.76 of its size, and
        // divides the size by 1.24.
        let hang = 0.76 * size;
        let at = match turn {
            FontTransform::None => (x, y - hang),
            _ => (x - hang, y),
        };
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = TextStyle {
            font: FontDesc::new(
                FontFamily::Name(FONT),
                1.24 * size * UNITS,
                FontStyle::Normal,
            )
            .transform(turn),
            color: plotters::style::Color::to_backend_color(&RGBAColor(0, 0, 0, 1.0)),
            pos: Pos::new(h_pos, VPos::Top),
        };
        let text = text.replace(char::is_control, " ");
        self.backend.draw_text(&text, &style, units(at)).ok();
    }
}

/// About how wide a text is in DejaVu Sans, in pixels.
pub fn text_width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | '\'' | '|' => 0.28,
        ' ' | '.' | ',' | ':' | ';' | 'I' | 'f' | 't' | '(' | ')' | '[' | ']' | '-' => 0.38,
        'r' | 's' | 'c' | 'z' => 0.52,
        '%' => 0.95,
        'm' | 'M' | 'W' | 'w' | '=' | '−' | '±' | '×' | '≤' | '≥' => 0.88,
        'A'..='Z' => 0.70,
        _ => 0.62,
    };
    size * text.chars().map(em).sum::<f64>()
}
