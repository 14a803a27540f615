//! [`Axis`]: a range of numbers and its ticks, as matplotlib chooses them.

/// The room that matplotlib leaves on either side of the data, as a part of their range.
const MARGIN: f64 = 0.05;
/// Larger numbers would overflow when ranges are computed.
pub const LARGEST: f64 = 1e300;

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
