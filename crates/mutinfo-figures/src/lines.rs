//! [`Lines`]: how one quantity changes with another.

use mutinfo::ndarray::ArrayView1;
use mutinfo::{Error, Result, SamplingDistribution};

use crate::axis::Axis;
use crate::canvas::{LINE, MARKER, draw};
use crate::check::{check, check_pairs};
use crate::colour::{BLACK, faint, series};
use crate::figure::{Figure, check_size};
use crate::legend::{Entry, Legend, Symbol, along};
use crate::number::Number;
use crate::panel::Panel;
use crate::plot::{Labels, labelled};
use crate::words::{number, range};

/// How much of what lies behind it a band hides.
const BAND: f64 = 0.25;
/// With no more points than this on a line, each is marked.
const MARKED: usize = 30;

/// Lines of y against x, each with a band round it if you like, and dashed levels for exact values.
///
/// ```
/// use mutinfo_figures::Lines;
///
/// let n = [50.0, 100.0, 200.0, 400.0];
/// let figure = Lines::new("Bias of bins", "Number of samples N", "MI (bits)")
///     .log_x()
///     .line("15 bins", &n, &[1.6, 1.3, 0.9, 0.7])
///     .line_with_band("4 bins", &n, &[0.5, 0.45, 0.44, 0.43], &[0.3, 0.35, 0.4, 0.4], &[0.7, 0.6, 0.5, 0.45])
///     .level("exact", 0.5)
///     .draw()?;
/// assert!(figure.alt().contains("15 bins: 1.6 at 50, 0.7 at 400"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    labels: Labels,
    log_x: bool,
    lines: Vec<Line>,
    levels: Vec<(String, f64)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
    band: Option<(Vec<f64>, Vec<f64>)>,
}

impl Lines {
    /// An empty figure with its title and the labels of its axes; say the units in the labels.
    pub fn new(title: &str, x_label: &str, y_label: &str) -> Self {
        Self {
            labels: Labels::new(title, x_label, y_label),
            log_x: false,
            lines: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// Adds a line through the points (x, y), in this order.
    #[must_use]
    pub fn line<'a>(
        self,
        name: &str,
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
    ) -> Self {
        self.push(name, x.into(), y.into(), None)
    }

    /// Adds a line and the band from `low` to `high` round it.
    #[must_use]
    pub fn line_with_band<'a>(
        self,
        name: &str,
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
        low: impl Into<ArrayView1<'a, f64>>,
        high: impl Into<ArrayView1<'a, f64>>,
    ) -> Self {
        self.push(name, x.into(), y.into(), Some((low.into(), high.into())))
    }

    /// Adds the means of repeated estimates at each x (a sample size, a number of bins or of
    /// neighbours), and a band of one standard deviation to either side, in bits.
    #[must_use]
    pub fn estimates(
        self,
        name: &str,
        x: &[impl Number],
        estimates: &[SamplingDistribution],
    ) -> Self {
        self.push_estimates(name, x.iter().map(|x| x.to_f64()).collect(), estimates)
    }

    fn push_estimates(self, name: &str, x: Vec<f64>, estimates: &[SamplingDistribution]) -> Self {
        let at = |deviations: f64| -> Vec<f64> {
            let values = estimates.iter().map(|e| e.mean() + e.sd() * deviations);
            values.map(|value| value.to_bits().value()).collect()
        };
        let [mean, low, high] = [0.0, -1.0, 1.0].map(at);
        let band = Some(((&low).into(), (&high).into()));
        self.push(name, (&x).into(), (&mean).into(), band)
    }

    fn push(
        mut self,
        name: &str,
        x: ArrayView1<'_, f64>,
        y: ArrayView1<'_, f64>,
        band: Option<(ArrayView1<'_, f64>, ArrayView1<'_, f64>)>,
    ) -> Self {
        self.lines.push(Line {
            name: name.to_string(),
            x: x.to_vec(),
            y: y.to_vec(),
            band: band.map(|(low, high)| (low.to_vec(), high.to_vec())),
        });
        self
    }

    /// Adds a dashed horizontal line, for a value that is known.
    #[must_use]
    pub fn level(mut self, name: &str, y: impl Number) -> Self {
        self.levels.push((name.to_string(), y.to_f64()));
        self
    }

    /// Makes the x axis logarithmic.
    #[must_use]
    pub fn log_x(mut self) -> Self {
        self.log_x = true;
        self
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`] without a line or in an empty one, [`Error::NotFinite`],
    /// [`Error::LengthMismatch`], [`Error::Parameter`] for an x that is not above 0 on a
    /// logarithmic axis.
    pub fn draw(&self) -> Result<Figure> {
        self.check()?;
        let xs = self.lines.iter().flat_map(|line| line.x.iter().copied());
        let ys = self.lines.iter().flat_map(Line::heights);
        let levels = self.levels.iter().map(|&(_, level)| level);
        let x = if self.log_x {
            Axis::around_logarithms(xs)
        } else if xs.clone().all(|x| x.fract() == 0.0) {
            Axis::around(xs).whole()
        } else {
            Axis::around(xs)
        };
        let y = Axis::around(ys.chain(levels));
        let mut panel = Panel::fill(self.labels.size, x, y);
        let marks = self.marks(&panel);
        let legend = Legend::place(self.entries(), &mut panel, &marks);
        Ok(draw(self.labels.size, self.words(), |canvas| {
            let places = |x: &[f64], y: &[f64]| -> Vec<(f64, f64)> {
                x.iter().zip(y).map(|(&x, &y)| panel.place(x, y)).collect()
            };
            for (index, line) in self.lines.iter().enumerate() {
                if let Some((low, high)) = &line.band {
                    let mut outline = places(&line.x, high);
                    outline.extend(places(&line.x, low).into_iter().rev());
                    canvas.polygon(&outline, faint(series(index), BAND));
                }
            }
            for (_, level) in &self.levels {
                let (_, y) = panel.place(1.0, *level);
                canvas.dashes((panel.left, y), (panel.right, y), BLACK, LINE);
            }
            for (index, line) in self.lines.iter().enumerate() {
                let points = places(&line.x, &line.y);
                canvas.path(&points, series(index), LINE);
                if points.len() <= MARKED {
                    for &point in &points {
                        canvas.dot(point, MARKER, series(index));
                    }
                }
            }
            legend.paint(canvas);
            panel.frame(canvas, &self.labels);
        }))
    }

    fn check(&self) -> Result<()> {
        check_size(self.labels.size)?;
        if self.lines.is_empty() {
            return Err(Error::Empty { argument: "lines" });
        }
        for line in &self.lines {
            check_pairs("x", &line.x, "y", &line.y)?;
            if let Some((low, high)) = &line.band {
                check_pairs("x", &line.x, "low", low)?;
                check_pairs("x", &line.x, "high", high)?;
            }
            if let Some(&value) = line.x.iter().find(|&&x| self.log_x && x <= 0.0) {
                return Err(Error::Parameter {
                    parameter: "x",
                    value,
                    requirement: "a logarithmic axis needs numbers above 0",
                });
            }
        }
        for &(_, level) in &self.levels {
            check("level", &[level])?;
        }
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let lines = self.lines.iter().enumerate().map(|(index, line)| Entry {
            name: line.name.clone(),
            colour: series(index),
            symbol: Symbol::Line,
        });
        let levels = self.levels.iter().map(|(name, _)| Entry {
            name: name.clone(),
            colour: BLACK,
            symbol: Symbol::Dashes,
        });
        lines.chain(levels).collect()
    }

    /// What a legend must not cover.
    fn marks(&self, panel: &Panel) -> Vec<(f64, f64)> {
        let mut marks = Vec::new();
        for line in &self.lines {
            let edges = line.band.iter().flat_map(|(low, high)| [low, high]);
            for y in edges.chain([&line.y]) {
                let points: Vec<_> = line.x.iter().copied().zip(y.iter().copied()).collect();
                marks.extend(along(&panel.parts(&points)));
            }
        }
        for &(_, level) in &self.levels {
            let y = panel.y.position(level);
            marks.extend(along(&[(0.0, y), (1.0, y)]));
        }
        marks
    }

    fn words(&self) -> String {
        let xs: Vec<f64> = self.lines.iter().flat_map(|line| line.x.clone()).collect();
        let scale = if self.log_x { ", logarithmic" } else { "" };
        let lines = self.lines.iter().map(Line::words);
        let levels = self
            .levels
            .iter()
            .map(|(name, level)| format!("{name}: dashed, at {}", number(*level)));
        format!(
            "{}. Lines of {} against {} ({}{scale}). {}.",
            self.labels.title,
            self.labels.y,
            self.labels.x,
            range(&xs),
            lines.chain(levels).collect::<Vec<_>>().join("; "),
        )
    }
}

labelled!(Lines);

impl Line {
    fn heights(&self) -> impl Iterator<Item = f64> {
        let band = self
            .band
            .iter()
            .flat_map(|(low, high)| low.iter().chain(high));
        self.y.iter().chain(band).copied()
    }

    /// Both ends, where it turns between them, and how wide its band is.
    fn words(&self) -> String {
        let last = self.y.len() - 1;
        let at = |row: usize| format!("{} at {}", number(self.y[row]), number(self.x[row]));
        let mut words = format!("{}: {}, {}", self.name, at(0), at(last));
        for (name, sign) in [("lowest", 1.0), ("highest", -1.0)] {
            let extreme = (0..=last)
                .min_by(|&a, &b| (sign * self.y[a]).total_cmp(&(sign * self.y[b])))
                .unwrap_or(0);
            if self.y[extreme] != self.y[0] && self.y[extreme] != self.y[last] {
                words.push_str(&format!(", {name} {}", at(extreme)));
            }
        }
        if let Some((low, high)) = &self.band {
            words.push_str(&format!(
                ", band {} to {} at first and {} to {} at last",
                number(low[0]),
                number(high[0]),
                number(low[last]),
                number(high[last]),
            ));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{count, texts};

    fn figure() -> Lines {
        Lines::new("Title", "N (samples)", "MI (bits)")
            .line("falls", &[10.0, 100.0, 1000.0], &[3.0, 1.0, 2.0])
            .level("exact", 0.5)
    }

    #[test]
    fn shows_lines_marks_names_and_labels() {
        let figure = figure().log_x().draw().unwrap();
        for text in ["Title", "N (samples)", "MI (bits)", "falls", "exact", "100"] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
        assert_eq!(count(&figure, "circle", "fill", "#0072B2"), 3);
        assert_eq!(
            figure.alt(),
            "Title. Lines of MI (bits) against N (samples) (from 10 to 1000, logarithmic). \
             falls: 3 at 10, 2 at 1000, lowest 1 at 100; exact: dashed, at 0.5."
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let empty = Lines::new("", "", "").draw();
        assert_eq!(empty, Err(Error::Empty { argument: "lines" }));
        let zero = figure().log_x().line("", &[0.0], &[1.0]).draw();
        assert!(matches!(zero, Err(Error::Parameter { parameter: "x", .. })));
        let nan = figure().line("", &[1.0, 2.0], &[1.0, f64::NAN]).draw();
        assert!(matches!(
            nan,
            Err(Error::NotFinite {
                argument: "y",
                row: 1,
                ..
            })
        ));
        let short = figure()
            .line_with_band("", &[1.0], &[1.0], &[0.5], &[])
            .draw();
        assert_eq!(short, Err(Error::Empty { argument: "high" }));
        let level = figure().level("", f64::INFINITY).draw();
        assert!(matches!(
            level,
            Err(Error::NotFinite {
                argument: "level",
                ..
            })
        ));
    }

    #[test]
    fn repeated_estimates_are_a_mean_and_a_band_in_bits() {
        use mutinfo::prelude::*;

        let law = Distribution::normal(0.5);
        let of = |n| SamplingDistribution::of(&Ksg1::default(), &law, n, 0..5).unwrap();
        let distributions = [of(20), of(40)];
        let figure = Lines::new("", "", "").estimates("KSG", &[20, 40], &distributions);
        let line = &figure.lines[0];
        let (low, high) = line.band.as_ref().unwrap();
        for (i, estimates) in distributions.iter().enumerate() {
            let (mean, sd) = (estimates.mean().to_bits(), estimates.sd().to_bits());
            assert_eq!(line.y[i], mean.value());
            assert!(((high[i] - low[i]) / 2.0 - sd.value()).abs() < 1e-12);
        }
        assert!(figure.estimates("", &[1], &[]).draw().is_err());
    }

    #[test]
    fn one_point_and_constant_lines_are_drawn() {
        assert!(
            Lines::new("", "", "")
                .line("", &[1.0], &[0.0])
                .draw()
                .is_ok()
        );
        assert!(
            Lines::new("", "", "")
                .line("", &[1.0, 1.0], &[5.0, 5.0])
                .draw()
                .is_ok()
        );
    }
}
