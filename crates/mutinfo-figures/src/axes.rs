//! [`Axis`] and [`Panel`]: ranges, ticks, the frame and its labels, as matplotlib draws them.

use mutinfo::{Error, Result};

use plotters::style::RGBAColor;

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
/// The room that matplotlib leaves on either side of the data, as a part of their range.
const MARGIN: f64 = 0.05;
/// Larger numbers would overflow when ranges are computed.
const LARGEST: f64 = 1e300;

/// The range of numbers along one side of a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    log: bool,
    whole: bool,
    reversed: bool,
}

/// A labelled position on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    pub value: f64,
    pub label: String,
}

impl Axis {
    /// From the smallest value to the largest, exactly. A range of no width gets some.
    pub fn tight(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            low = low.min(value);
            high = high.max(value);
        }
        let size = low.abs().max(high.abs());
        if high - low <= 1e-9 * size || high - low < 1.0 / LARGEST {
            let room = if size > 1.0 / LARGEST {
                0.05 * size
            } else {
                1.0
            };
            (low, high) = (low - room, high + room);
        }
        Self {
            low,
            high,
            log: false,
            whole: false,
            reversed: false,
        }
    }

    /// From the smallest value to the largest and a twentieth of that beyond either.
    pub fn around(values: impl IntoIterator<Item = f64>) -> Self {
        Self::tight(values).with_margins(MARGIN, MARGIN)
    }

    /// Wider by these parts of the range.
    pub fn with_margins(self, below: f64, above: f64) -> Self {
        let range = self.high - self.low;
        Self {
            low: self.low - below * range,
            high: self.high + above * range,
            ..self
        }
    }

    /// Wider by a number at both ends.
    pub fn padded(self, room: f64) -> Self {
        Self {
            low: self.low - room,
            high: self.high + room,
            ..self
        }
    }

    /// With its high end where the low one was.
    pub fn reversed(self) -> Self {
        Self {
            reversed: !self.reversed,
            ..self
        }
    }

    /// With ticks at whole numbers only, for what is counted or numbered.
    pub fn whole(self) -> Self {
        Self {
            whole: true,
            ..self
        }
    }

    /// Both ends.
    pub fn ends(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    /// The value at a position from 0 to 1.
    pub fn value(&self, position: f64) -> f64 {
        self.low + position * (self.high - self.low)
    }

    /// As [`Axis::around`], by the logarithms of the values, which must be above 0.
    pub fn around_logarithms(values: impl IntoIterator<Item = f64>) -> Self {
        Self {
            log: true,
            ..Self::around(values.into_iter().map(f64::log10))
        }
    }

    /// Where a value lies between the axis' ends, 0 to 1.
    pub fn position(&self, value: f64) -> f64 {
        let value = if self.log { value.log10() } else { value };
        let position = (value - self.low) / (self.high - self.low);
        if self.reversed {
            1.0 - position
        } else {
            position
        }
    }

    /// The ticks of an axis that has room for at most `most` (and 9) steps between them: multiples
    /// of the smallest of 1, 2, 2.5 and 5 times a power of ten that gives no more.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        if self.log {
            return self.log_ticks(most);
        }
        let most = most.clamp(1, 9) as f64;
        let raw = (self.high - self.low) / most;
        let power = raw.log10().floor();
        let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
        // Rounding must not make a step that fits look too small.
        let fits = |&step: &f64| step * 10f64.powf(power) >= raw * (1.0 - 1e-12);
        let (mut step, mut power) = (steps.into_iter().find(fits).unwrap_or(10.0), power);
        if step == 10.0 {
            (step, power) = (1.0, power + 1.0);
        }
        if self.whole {
            (step, power) = match (step, power) {
                (_, ..0.0) => (1.0, 0.0),
                (2.5, 0.0) => (5.0, 0.0),
                other => other,
            };
            return self.multiples(step, power as i32);
        }
        loop {
            let ticks = self.multiples(step, power as i32);
            if ticks.len() >= 2 || step * 10f64.powf(power) < raw / 10.0 {
                return ticks;
            }
            (step, power) = match step {
                1.0 => (5.0, power - 1.0),
                2.0 => (1.0, power),
                2.5 => (2.0, power),
                _ => (2.5, power),
            };
        }
    }

    /// Powers of ten; where they are fewer than three, also twice and five times as much.
    fn log_ticks(&self, most: usize) -> Vec<Tick> {
        let (first, last) = (self.low.floor() as i32, self.high.ceil() as i32);
        let every = (last - first) / most.clamp(1, 9) as i32 + 1;
        let within = |factors: &[f64]| -> Vec<Tick> {
            (first..=last)
                .filter(|power| power % every == 0)
                .flat_map(|power| factors.iter().map(move |&factor| (factor, power)))
                .map(|(factor, power)| Tick {
                    value: times_power(factor, power),
                    label: log_label(factor, power),
                })
                .filter(|tick| (0.0..=1.0).contains(&self.position(tick.value)))
                .collect()
        };
        let decades = within(&[1.0]);
        if decades.len() >= 3 {
            return decades;
        }
        let finer = within(&[1.0, 2.0, 5.0]);
        if finer.len() >= 2 {
            return finer;
        }
        within(&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    }

    fn multiples(&self, step: f64, power: i32) -> Vec<Tick> {
        let times = |n: f64| times_power(n * step, power);
        let unit = times(1.0);
        let slack = 1e-9;
        let first = (self.low / unit - slack).ceil();
        let last = (self.high / unit + slack).floor();
        let decimals = (-power + i32::from(step == 2.5)).max(0) as usize;
        let count = (last - first).clamp(-1.0, 20.0) as i32;
        (0..=count)
            .map(|i| times(first + f64::from(i)))
            .map(|value| Tick {
                value,
                label: label(value, self.low.abs().max(self.high.abs()), power, decimals),
            })
            .collect()
    }
}

/// A tick's number with the decimals that its axis needs, and a proper minus sign; very large and
/// very small ones as multiples of a power of ten.
fn label(value: f64, largest: f64, power: i32, decimals: usize) -> String {
    let text = if largest >= 1e6 || decimals > 5 {
        let exponent = largest.log10().floor() as i32;
        let scaled = value / 10f64.powi(exponent);
        let digits = (exponent - power + 1).clamp(0, 12) as usize;
        let number = format!("{scaled:.digits$}");
        let number = match number.split_once('.') {
            Some(_) => number.trim_end_matches('0').trim_end_matches('.'),
            None => &number,
        };
        if number == "0" || number == "-0" {
            "0".to_string()
        } else {
            format!("{number}×10{}", superscript(exponent))
        }
    } else {
        format!("{:.decimals$}", value + 0.0)
    };
    text.replace('-', "−")
}

/// factor · 10^power. A negative power divides, so that a tenth is 1/10 and not 10^-1 with its
/// rounding.
fn times_power(factor: f64, power: i32) -> f64 {
    let scale = 10f64.powi(power.abs());
    if power < 0 {
        factor / scale
    } else {
        factor * scale
    }
}

fn log_label(factor: f64, power: i32) -> String {
    match power {
        -4..=5 => times_power(factor, power).to_string(),
        _ if factor == 1.0 => format!("10{}", superscript(power)),
        _ => format!("{factor}×10{}", superscript(power)),
    }
}

fn superscript(number: i32) -> String {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| c.to_digit(10).map_or('⁻', |digit| digits[digit as usize]);
    number.to_string().chars().map(digit).collect()
}

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
        let middle = (self.left + self.right) / 2.0;
        let (tick, gap) = (TICK, TICK + 3.5 * POINT);
        for Tick { value, label } in x_ticks {
            let x = self.left + self.x.position(*value) * (self.right - self.left);
            let marks = [(x, self.bottom), (x, self.bottom + tick)];
            canvas.path(&marks, BLACK, FRAME);
            let at = (x, self.bottom + gap + DIGIT * LABEL);
            canvas.text(label, at, LABEL, Anchor::Middle);
        }
        let mut widest = 0.0_f64;
        for Tick { value, label } in y_ticks {
            let y = self.bottom - self.y.position(*value) * (self.bottom - self.top);
            let marks = [(self.left - tick, y), (self.left, y)];
            canvas.path(&marks, BLACK, FRAME);
            let at = (self.left - gap, y + DIGIT * LABEL / 2.0);
            canvas.text(label, at, LABEL, Anchor::End);
            widest = widest.max(text_width(label, LABEL));
        }
        canvas.outline(
            (self.left, self.top),
            (self.right, self.bottom),
            BLACK,
            FRAME,
        );
        let below = self.bottom + gap + (DIGIT + ASCENT) * LABEL + 5.0 * POINT;
        canvas.text(&labels.x, (middle, below), LABEL, Anchor::Middle);
        let beside = self.left - gap - widest - 4.0 * POINT - DESCENT * LABEL;
        let centre = (self.top + self.bottom) / 2.0;
        canvas.text_upwards(&labels.y, (beside, centre), LABEL);
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

    /// How many names fit under the panel, side by side.
    pub fn room_for_names(&self, names: &[String]) -> usize {
        let widths = names.iter().map(|name| text_width(name, LABEL));
        let widest = widths.fold(LABEL, f64::max) + 0.6 * LABEL;
        ((self.right - self.left) / widest) as usize
    }

    pub fn room_for_x_ticks(&self) -> usize {
        ((self.right - self.left) / (3.0 * LABEL)) as usize
    }
}

/// The room that labels of these ticks and the axis' own label take at the left of a panel.
pub fn left_margin<'a>(labels: impl Iterator<Item = &'a str>) -> f64 {
    let widest = labels
        .map(|label| text_width(label, LABEL))
        .fold(0.0, f64::max);
    TICK + 7.5 * POINT + widest + (ASCENT + DESCENT) * LABEL + 8.0
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
    canvas.text_upwards(label, (beside, (top + bottom) / 2.0), LABEL);
}

/// Checks that there are values and that they can be drawn.
pub fn check(argument: &'static str, values: &[f64]) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty { argument });
    }
    for (row, &value) in values.iter().enumerate() {
        if !value.is_finite() {
            return Err(Error::NotFinite {
                argument,
                row,
                column: 0,
                value,
            });
        }
        if value.abs() > LARGEST {
            return Err(Error::Parameter {
                parameter: argument,
                value,
                requirement: "numbers beyond 1e300 cannot be drawn; scale them first",
            });
        }
    }
    Ok(())
}

/// Checks two sets of values that belong together.
pub fn check_pairs(first: &'static str, x: &[f64], second: &'static str, y: &[f64]) -> Result<()> {
    check(first, x)?;
    check(second, y)?;
    if x.len() != y.len() {
        return Err(Error::LengthMismatch {
            first,
            first_len: x.len(),
            second,
            second_len: y.len(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, most: usize) -> Vec<String> {
        axis.ticks(most)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn ticks_are_matplotlibs() {
        // matplotlib.ticker.MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values, those within.
        for (low, high, most, expected) in [
            (-3.2, 2.96, 9, vec!["−3", "−2", "−1", "0", "1", "2"]),
            (0.0, 5.6, 9, vec!["0", "1", "2", "3", "4", "5"]),
            (
                -0.0025,
                0.1625,
                9,
                vec![
                    "0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12", "0.14", "0.16",
                ],
            ),
            (0.0, 1.0, 4, vec!["0.00", "0.25", "0.50", "0.75", "1.00"]),
            (0.0, 1.0, 9, vec!["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (
                0.0,
                10000.0,
                5,
                vec!["0", "2000", "4000", "6000", "8000", "10000"],
            ),
            (-0.7, 0.7, 3, vec!["−0.5", "0.0", "0.5"]),
            (0.31, 0.34, 1, vec!["0.32", "0.34"]),
        ] {
            assert_eq!(
                labels(Axis::tight([low, high]), most),
                expected,
                "{low} to {high}"
            );
        }
    }

    #[test]
    fn what_is_counted_has_whole_ticks() {
        for (low, high, most, expected) in [
            (0.0, 18.9, 9, vec!["0", "5", "10", "15"]),
            (0.0, 2.1, 9, vec!["0", "1", "2"]),
            (1.1, 20.9, 9, vec!["5", "10", "15", "20"]),
            (0.0, 100.0, 4, vec!["0", "25", "50", "75", "100"]),
            (0.9, 1.1, 9, vec!["1"]),
        ] {
            let axis = Axis::tight([low, high]).whole();
            assert_eq!(labels(axis, most), expected, "{low} to {high}");
        }
    }

    #[test]
    fn ticks_of_any_range_are_few_and_within_it() {
        for (low, high) in [
            (0.0, 0.0),
            (5.0, 5.0),
            (1e16, 1e16 + 2.0),
            (-1e300, 1e300),
            (0.0, 5e-324),
            (1e-300, 3e-300),
            (1e6, 1e6 + 1.0),
            (-1e-9, 1e-9),
        ] {
            let axis = Axis::around([low, high]);
            let ticks = axis.ticks(9);
            assert!(
                (1..=11).contains(&ticks.len()),
                "{low} to {high}: {ticks:?}"
            );
            for Tick { value, .. } in &ticks {
                let position = axis.position(*value);
                assert!(
                    (-1e-6..=1.0 + 1e-6).contains(&position),
                    "{low} to {high}: {value}"
                );
            }
        }
    }

    #[test]
    fn large_numbers_are_labelled_with_powers_of_ten() {
        assert_eq!(
            labels(Axis::tight([0.0, 2e6]), 4),
            ["0", "0.5×10⁶", "1×10⁶", "1.5×10⁶", "2×10⁶"]
        );
    }
}
