//! [`Intervals`]: estimates with their intervals, one under the other.

use mutinfo::{Error, Interval, Result};

use crate::axis::{Axis, Tick};
use crate::canvas::{LABEL, LINE, MARKER, POINT, draw};
use crate::check::check;
use crate::colour::{BLACK, series};
use crate::figure::{Figure, SIZE};
use crate::legend::{Entry, Legend, Symbol, along};
use crate::number::Number;
use crate::panel::{Panel, left_margin};
use crate::plot::{Labels, shows_itself};
use crate::words::{number, short};

/// The height of a row, and of all rows at most: of many, not every name is written.
const ROW: f64 = 2.2 * LABEL;
const MOST: f64 = 600.0;

/// Named estimates with intervals, the first at the top; those whose interval misses the exact
/// value have another colour and an open end in words.
///
/// ```
/// use mutinfo_figures::Intervals;
///
/// let figure = Intervals::new("How sure?", "MI (bits)")
///     .interval("KSG", 0.51, 0.38, 0.66)
///     .interval("15 bins", 0.89, 0.75, 1.02)
///     .exact(0.5)
///     .draw()?;
/// assert!(figure.alt().contains("1 of 2 intervals hold the exact value 0.5"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    title: String,
    x_label: String,
    rows: Vec<Row>,
    exact: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    estimate: f64,
    low: f64,
    high: f64,
}

impl Intervals {
    /// An empty figure with its title and the label of its values; say the unit in it.
    pub fn new(title: &str, x_label: &str) -> Self {
        Self {
            title: title.to_string(),
            x_label: x_label.to_string(),
            rows: Vec::new(),
            exact: None,
        }
    }

    /// Adds an estimate with its interval from `low` to `high`.
    #[must_use]
    pub fn interval(
        mut self,
        name: &str,
        estimate: impl Number,
        low: impl Number,
        high: impl Number,
    ) -> Self {
        self.rows.push(Row {
            name: name.to_string(),
            estimate: estimate.to_f64(),
            low: low.to_f64(),
            high: high.to_f64(),
        });
        self
    }

    /// Adds an estimate that was made with its interval, in bits.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_figures::Intervals;
    ///
    /// let data = Sample::coupled_normals(200, 1.0, 1)?;
    /// let interval = Subsampling::default().interval(&Ksg1::new(5)?, &data.x, &data.y, 0.95)?;
    /// let figure = Intervals::new("How sure?", "MI (bits)")
    ///     .estimate("KSG", &interval)
    ///     .exact(0.5)
    ///     .draw()?;
    /// assert!(figure.alt().contains("1 of 1 intervals hold the exact value 0.5"));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    #[must_use]
    pub fn estimate(self, name: &str, interval: &Interval) -> Self {
        let Interval {
            estimate,
            low,
            high,
            ..
        } = interval;
        let [estimate, low, high] = [estimate, low, high].map(|end| end.to_bits().value());
        self.interval(name, estimate, low, high)
    }

    /// Adds the exact value as a dashed line.
    #[must_use]
    pub fn exact(mut self, value: impl Number) -> Self {
        self.exact = Some(value.to_f64());
        self
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`] without an interval, [`Error::NotFinite`].
    pub fn draw(&self) -> Result<Figure> {
        if self.rows.is_empty() {
            return Err(Error::Empty {
                argument: "intervals",
            });
        }
        for row in &self.rows {
            check("interval", &[row.estimate, row.low, row.high])?;
        }
        if let Some(value) = self.exact {
            check("exact", &[value])?;
        }
        let count = self.rows.len();
        let spread = (ROW * count as f64).min(MOST);
        let values = self
            .rows
            .iter()
            .flat_map(|row| [row.estimate, row.low, row.high]);
        let every = (count as f64 * 1.3 * LABEL / spread).ceil() as usize;
        let names = self.rows.iter().enumerate().step_by(every.max(1));
        let y_ticks: Vec<Tick> = names
            .map(|(index, row)| Tick {
                value: index as f64,
                label: short(&row.name),
            })
            .collect();
        let mut panel = Panel {
            left: left_margin(y_ticks.iter().map(|tick| tick.label.as_str())),
            right: f64::from(SIZE.0) - 25.0,
            top: 40.0,
            bottom: 40.0 + spread + ROW,
            x: Axis::around(values.chain(self.exact)),
            y: Axis::tight([0.0, count as f64 - 1.0])
                .padded(0.5 + 0.5 * ROW * count as f64 / spread)
                .reversed(),
        };
        let (held, missed) = (series(0), series(1));
        let entry = |name: &str, colour, symbol| Entry {
            name: name.to_string(),
            colour,
            symbol,
        };
        let mut entries = Vec::new();
        if self.exact.is_some() {
            entries.push(entry("exact", BLACK, Symbol::Dashes));
            if self.rows.iter().any(|row| !self.holds(row)) {
                entries.push(entry("holds it", held, Symbol::Line));
                entries.push(entry("misses it", missed, Symbol::Line));
            }
        }
        let marks = self.marks(&panel);
        let legend = Legend::place(entries, &mut panel, &marks);
        let height = (panel.bottom + 62.0).ceil() as u32;
        let x_ticks = panel.x.ticks(panel.room_for_x_ticks());
        Ok(draw((SIZE.0, height), self.words(), |canvas| {
            if let Some(value) = self.exact {
                let (x, _) = panel.place(value, 0.0);
                canvas.dashes((x, panel.bottom), (x, panel.top), BLACK, LINE);
            }
            let thin = (spread / count as f64 / 6.0).clamp(0.5, 1.0);
            for (index, row) in self.rows.iter().enumerate() {
                let colour = if self.holds(row) { held } else { missed };
                let at = |value: f64| panel.place(value, index as f64);
                canvas.path(&[at(row.low), at(row.high)], colour, 1.4 * LINE * thin);
                for (x, y) in [at(row.low), at(row.high)] {
                    let half = 3.0 * POINT * thin;
                    canvas.path(&[(x, y - half), (x, y + half)], colour, 1.4 * LINE * thin);
                }
                canvas.dot(at(row.estimate), MARKER * thin, colour);
            }
            legend.paint(canvas);
            let labels = Labels::new(&self.title, &self.x_label, "");
            panel.frame_with_ticks(canvas, &labels, &x_ticks, &y_ticks);
        }))
    }

    fn holds(&self, row: &Row) -> bool {
        self.exact
            .is_none_or(|value| (row.low..=row.high).contains(&value))
    }

    /// What a legend must not cover.
    fn marks(&self, panel: &Panel) -> Vec<(f64, f64)> {
        let rows = self.rows.iter().enumerate().flat_map(|(index, row)| {
            let ends = [row.low, row.estimate, row.high].map(|value| (value, index as f64));
            along(&panel.parts(&ends))
        });
        let exact = self.exact.iter().flat_map(|&value| {
            let x = panel.x.position(value);
            along(&[(x, 0.0), (x, 1.0)])
        });
        rows.chain(exact).collect()
    }

    fn words(&self) -> String {
        let rows = self.rows.iter().take(20).map(|row| {
            format!(
                "{}: {}, {} to {}",
                row.name,
                number(row.estimate),
                number(row.low),
                number(row.high)
            )
        });
        let rows = rows.collect::<Vec<_>>().join("; ");
        let count = self.rows.len();
        let more = match count {
            0..=20 => String::new(),
            _ => format!("; and {} more", count - 20),
        };
        let exact = self.exact.map_or(String::new(), |value| {
            let held = self.rows.iter().filter(|row| self.holds(row)).count();
            format!(
                " {held} of {count} intervals hold the exact value {}.",
                number(value)
            )
        });
        format!(
            "{}. Estimates of {} with intervals. {rows}{more}.{exact}",
            self.title, self.x_label
        )
    }
}

shows_itself!(Intervals);

#[cfg(test)]
mod tests {
    use mutinfo::Bits;

    use super::*;
    use crate::testing::{count, texts};

    #[test]
    fn intervals_that_miss_have_another_colour() {
        let figure = Intervals::new("T", "MI (bits)")
            .interval("one", 1.0, 0.5, 1.5)
            .interval("two", 3.0, 2.5, 3.5)
            .exact(1.2)
            .draw()
            .unwrap();
        assert_eq!(count(&figure, "circle", "fill", "#0072B2"), 1);
        assert_eq!(count(&figure, "circle", "fill", "#D55E00"), 1);
        for text in ["T", "MI (bits)", "one", "two", "exact", "misses it"] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
        assert!(
            figure
                .alt()
                .contains("one: 1, 0.5 to 1.5; two: 3, 2.5 to 3.5")
        );
    }

    #[test]
    fn an_estimate_with_its_interval_is_drawn_in_bits() {
        let [estimate, low, high] = [1.0, 0.5, 2.0].map(|end| Bits(end).to_nats());
        let interval = Interval {
            estimate,
            low,
            high,
            level: 0.95,
        };
        let of_nats = Intervals::new("T", "MI (bits)").estimate("one", &interval);
        let of_bits = Intervals::new("T", "MI (bits)").interval("one", 1.0, 0.5, 2.0);
        assert_eq!(of_nats.draw().unwrap(), of_bits.draw().unwrap());
    }

    #[test]
    fn many_intervals_are_all_drawn() {
        let many = (0..100).fold(Intervals::new("", ""), |figure, i| {
            figure.interval(&i.to_string(), f64::from(i), 0.0, 1.0)
        });
        let figure = many.draw().unwrap();
        assert_eq!(count(&figure, "circle", "fill", "#0072B2"), 100);
        assert!(figure.alt().contains("and 80 more"));
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let empty = Intervals::new("", "");
        assert_eq!(
            empty.draw(),
            Err(Error::Empty {
                argument: "intervals"
            })
        );
        assert!(
            empty
                .clone()
                .interval("", 0.0, f64::NAN, 1.0)
                .draw()
                .is_err()
        );
        assert!(empty.clone().interval("", 0.0, 0.0, 0.0).draw().is_ok());
        assert!(
            empty
                .interval("", 0.0, 0.0, 0.0)
                .exact(f64::NAN)
                .draw()
                .is_err()
        );
    }
}
