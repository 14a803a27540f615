//! [`Panel`]: two axes in a picture, with their frame, ticks and labels, as matplotlib draws them.

use plotters::style::RGBAColor;

use crate::axis::{Axis, Tick};
use crate::canvas::{Anchor, Canvas, LABEL, POINT, TITLE, text_width};
use crate::colour::{BLACK, WHITE};
use crate::plot::Labels;

/// The width of frames and ticks.
const FRAME: f64 = 0.8 * POINT;
/// The length of a tick.
const TICK: f64 = 3.5 * POINT;
/// The height of digits, and how far letters reach above and below their line, as parts of the
/// size.
const DIGIT: f64 = 0.73;
const ASCENT: f64 = 0.76;
const DESCENT: f64 = 0.24;

/// A frame in a picture, with the axes that place numbers in it.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub x: Axis,
    pub y: Axis,
}

/// How the labels below an x axis read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Direction {
    Level,
    Upwards,
}

impl Direction {
    /// The height of labels that read in this direction, less that of a line.
    pub fn more_room(self, labels: &[Tick]) -> f64 {
        match self {
            Self::Level => 0.0,
            Self::Upwards => {
                let longest = widest(labels.iter().map(|tick| tick.label.as_str()));
                (longest - DIGIT * LABEL).max(0.0)
            }
        }
    }
}

impl Panel {
    /// A panel that fills a picture of this size and leaves room for labels and title.
    pub fn fill((width, height): (u32, u32), x: Axis, y: Axis) -> Self {
        let (width, height) = (f64::from(width), f64::from(height));
        let (top, bottom) = (40.0, height - 62.0);
        let ticks = y.ticks(room_for_y_ticks(bottom - top));
        let left = left_margin(ticks.iter().map(|tick| tick.label.as_str()));
        Self {
            left,
            right: width - 25.0,
            top,
            bottom,
            x,
            y,
        }
    }

    /// Where a pair of values lies in the picture.
    pub fn place(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.left + self.x.position(x) * (self.right - self.left),
            self.bottom - self.y.position(y) * (self.bottom - self.top),
        )
    }

    /// Where values lie in parts of the panel's width and height, from the bottom left.
    pub fn parts(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let part = |&(x, y): &(f64, f64)| (self.x.position(x), self.y.position(y));
        points.iter().map(part).collect()
    }

    /// Cuts off what reaches out of the panel, by up to `reach`.
    pub fn trim(&self, canvas: &mut Canvas, reach: f64) {
        let (left, right) = (self.left - reach, self.right + reach);
        let (top, bottom) = (self.top - reach, self.bottom + reach);
        canvas.rectangle((left, top), (right, self.top), WHITE);
        canvas.rectangle((left, self.bottom), (right, bottom), WHITE);
        canvas.rectangle((left, top), (self.left, bottom), WHITE);
        canvas.rectangle((self.right, top), (right, bottom), WHITE);
    }

    /// The box round the panel, ticks pointing outwards, labels and title.
    pub fn frame(&self, canvas: &mut Canvas, labels: &Labels) {
        let x_ticks = self.x.ticks(self.room_for_x_ticks());
        let y_ticks = self.y.ticks(room_for_y_ticks(self.bottom - self.top));
        self.frame_with_ticks(canvas, labels, &x_ticks, &y_ticks);
    }

    /// As [`Panel::frame`], with ticks of one's own.
    pub fn frame_with_ticks(
        &self,
        canvas: &mut Canvas,
        labels: &Labels,
        x_ticks: &[Tick],
        y_ticks: &[Tick],
    ) {
        self.frame_with_labels(canvas, labels, (x_ticks, Direction::Level), y_ticks);
    }

    /// As [`Panel::frame_with_ticks`], with a direction for what stands below the x axis.
    pub fn frame_with_labels(
        &self,
        canvas: &mut Canvas,
        labels: &Labels,
        (x_ticks, direction): (&[Tick], Direction),
        y_ticks: &[Tick],
    ) {
        let middle = (self.left + self.right) / 2.0;
        let (tick, gap) = (TICK, TICK + 3.5 * POINT);
        for Tick { value, label } in x_ticks {
            let x = self.left + self.x.position(*value) * (self.right - self.left);
            let marks = [(x, self.bottom), (x, self.bottom + tick)];
            canvas.path(&marks, BLACK, FRAME);
            match direction {
                Direction::Level => {
                    let at = (x, self.bottom + gap + DIGIT * LABEL);
                    canvas.text(label, at, LABEL, Anchor::Middle);
                }
                Direction::Upwards => {
                    let at = (x + DIGIT * LABEL / 2.0, self.bottom + gap);
                    canvas.text_upwards(label, at, LABEL, Anchor::End);
                }
            }
        }
        for Tick { value, label } in y_ticks {
            let y = self.bottom - self.y.position(*value) * (self.bottom - self.top);
            let marks = [(self.left - tick, y), (self.left, y)];
            canvas.path(&marks, BLACK, FRAME);
            let at = (self.left - gap, y + DIGIT * LABEL / 2.0);
            canvas.text(label, at, LABEL, Anchor::End);
        }
        canvas.outline(
            (self.left, self.top),
            (self.right, self.bottom),
            BLACK,
            FRAME,
        );
        let below = self.bottom
            + gap
            + (DIGIT + ASCENT) * LABEL
            + direction.more_room(x_ticks)
            + 5.0 * POINT;
        canvas.text(&labels.x, (middle, below), LABEL, Anchor::Middle);
        let widest = widest(y_ticks.iter().map(|tick| tick.label.as_str()));
        let beside = self.left - gap - widest - 4.0 * POINT - DESCENT * LABEL;
        let centre = (self.top + self.bottom) / 2.0;
        canvas.text_upwards(&labels.y, (beside, centre), LABEL, Anchor::Middle);
        // A long title is written smaller, and to the middle of the picture, to stay within it.
        let room = 2.0 * middle.min(canvas.width() - middle) - LABEL;
        let (middle, size) = if text_width(&labels.title, TITLE) <= room {
            (middle, TITLE)
        } else {
            let all = canvas.width() - LABEL;
            let size = TITLE * (all / text_width(&labels.title, TITLE)).min(1.0);
            (canvas.width() / 2.0, size.max(LABEL))
        };
        let above = self.top - 6.0 * POINT;
        canvas.text(&labels.title, (middle, above), size, Anchor::Middle);
    }

    /// How many names fit under the panel, side by side, if they read in this direction.
    pub fn room_for_names(&self, names: &[String], direction: Direction) -> usize {
        let widest = match direction {
            Direction::Level => widest(names.iter().map(String::as_str)).max(LABEL),
            Direction::Upwards => (ASCENT + DESCENT) * LABEL,
        };
        ((self.right - self.left) / (widest + 0.6 * LABEL)) as usize
    }

    pub fn room_for_x_ticks(&self) -> usize {
        ((self.right - self.left) / (3.0 * LABEL)) as usize
    }
}

/// The room that labels of these ticks and the axis' own label take at the left of a panel.
pub fn left_margin<'a>(labels: impl Iterator<Item = &'a str>) -> f64 {
    TICK + 7.5 * POINT + widest(labels) + (ASCENT + DESCENT) * LABEL + 8.0
}

fn widest<'a>(labels: impl Iterator<Item = &'a str>) -> f64 {
    let widths = labels.map(|label| text_width(label, LABEL));
    widths.fold(0.0, f64::max)
}

fn room_for_y_ticks(height: f64) -> usize {
    (height / (2.0 * LABEL)) as usize
}

/// A bar of colours with ticks and a label at its right.
pub fn colour_bar(
    canvas: &mut Canvas,
    (left, right): (f64, f64),
    (top, bottom): (f64, f64),
    scale: Axis,
    label: &str,
    colour: impl Fn(f64) -> RGBAColor,
) {
    let steps = 128;
    let height = (bottom - top) / f64::from(steps);
    for step in 0..steps {
        let from = bottom - f64::from(step) * height;
        let shade = colour((f64::from(step) + 0.5) / f64::from(steps));
        // Each covers what is above it too, so that no seam shows.
        canvas.rectangle((left, from), (right, top), shade);
    }
    let gap = TICK + 3.5 * POINT;
    let mut widest = 0.0_f64;
    for Tick { value, label } in scale.ticks(room_for_y_ticks(bottom - top)) {
        let y = bottom - scale.position(value) * (bottom - top);
        canvas.path(&[(right, y), (right + TICK, y)], BLACK, FRAME);
        let at = (right + gap, y + DIGIT * LABEL / 2.0);
        canvas.text(&label, at, LABEL, Anchor::Start);
        widest = widest.max(text_width(&label, LABEL));
    }
    canvas.outline((left, top), (right, bottom), BLACK, FRAME);
    let beside = right + gap + widest + 4.0 * POINT + ASCENT * LABEL;
    let middle = (beside, (top + bottom) / 2.0);
    canvas.text_upwards(label, middle, LABEL, Anchor::Middle);
}
