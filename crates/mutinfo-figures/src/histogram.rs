//! [`Histogram`]: how values are spread, and where one of them lies among them.

use mutinfo::ndarray::ArrayView1;
use mutinfo::{Error, Result, SamplingDistribution};

use crate::axis::Axis;
use crate::canvas::{LINE, draw};
use crate::check::check;
use crate::colour::{BLACK, faint, series};
use crate::figure::{Figure, check_size};
use crate::legend::{Entry, Legend, Symbol};
use crate::number::{Number, copied};
use crate::panel::Panel;
use crate::plot::{Labels, labelled};
use crate::words::{counted, number, range};

/// How much of what lies behind it a bar hides.
const BAR: f64 = 0.6;

/// Histograms of one or more sets of values over the same bins, with dashed vertical markers and
/// shaded intervals.
///
/// ```
/// use mutinfo_figures::Histogram;
///
/// let shuffled = [-0.02, 0.01, 0.0, 0.03, -0.01, 0.02];
/// let figure = Histogram::new("Chance alone", "MI (bits)")
///     .values("shuffled", &shuffled)
///     .interval("middle 95 %", -0.02, 0.03)
///     .marker("observed", 0.42)
///     .draw()?;
/// assert!(figure.alt().contains("observed: at 0.42, above all 6 values"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    labels: Labels,
    bins: usize,
    sets: Vec<(String, Vec<f64>)>,
    markers: Vec<(String, f64)>,
    intervals: Vec<(String, f64, f64)>,
}

impl Histogram {
    /// An empty figure with its title and the label of its values; say the unit in it.
    pub fn new(title: &str, x_label: &str) -> Self {
        Self {
            labels: Labels::new(title, x_label, "Count"),
            bins: 30,
            sets: Vec::new(),
            markers: Vec::new(),
            intervals: Vec::new(),
        }
    }

    /// Adds a set of values.
    #[must_use]
    pub fn values<'a>(self, name: &str, values: impl Into<ArrayView1<'a, f64>>) -> Self {
        self.push(name, copied(values.into()))
    }

    /// Adds repeated estimates, in bits.
    #[must_use]
    pub fn estimates(self, name: &str, estimates: &SamplingDistribution) -> Self {
        let values = estimates.estimates().iter();
        self.push(name, values.map(|value| value.to_bits().value()).collect())
    }

    fn push(mut self, name: &str, values: Vec<f64>) -> Self {
        self.sets.push((name.to_string(), values));
        self
    }

    /// The number of bins from the smallest value to the largest: 30 if you say nothing.
    #[must_use]
    pub fn bins(mut self, bins: impl TryInto<usize>) -> Self {
        // No number of bins is 0, which drawing refuses.
        self.bins = bins.try_into().unwrap_or(0);
        self
    }

    /// Adds a dashed vertical line at a value.
    #[must_use]
    pub fn marker(mut self, name: &str, value: impl Number) -> Self {
        self.markers.push((name.to_string(), value.to_f64()));
        self
    }

    /// Shades the values from `low` to `high`.
    #[must_use]
    pub fn interval(mut self, name: &str, low: impl Number, high: impl Number) -> Self {
        self.intervals
            .push((name.to_string(), low.to_f64(), high.to_f64()));
        self
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`] without values, [`Error::NotFinite`], [`Error::ZeroBins`],
    /// [`Error::Parameter`] for more than 1000 bins.
    pub fn draw(&self) -> Result<Figure> {
        self.check()?;
        let range = Axis::tight(self.all());
        let counts: Vec<Vec<usize>> = self
            .sets
            .iter()
            .map(|(_, values)| count(values, range, self.bins))
            .collect();
        let highest = counts.iter().flatten().copied().max().unwrap_or(0) as f64;
        let markers = self.markers.iter().map(|&(_, value)| value);
        let ends = self
            .intervals
            .iter()
            .flat_map(|&(_, low, high)| [low, high]);
        let x = Axis::around(range.ends().into_iter().chain(markers).chain(ends));
        // Bars stand on the axis.
        let y = Axis::tight([0.0, highest]).with_margins(0.0, 0.05).whole();
        let mut panel = Panel::fill(self.labels.size, x, y);
        let bar = |bin: usize| range.value(bin as f64 / self.bins as f64);
        let marks = self.marks(&panel, &counts, &bar);
        let legend = Legend::place(self.entries(), &mut panel, &marks);
        Ok(draw(self.labels.size, self.words(), |canvas| {
            for &(_, low, high) in &self.intervals {
                let (from, to) = (panel.place(low, 0.0), panel.place(high, 0.0));
                canvas.rectangle((from.0, panel.top), (to.0, panel.bottom), SHADE);
            }
            for (index, counts) in counts.iter().enumerate() {
                let mut outline = vec![panel.place(bar(0), 0.0)];
                for (bin, &count) in counts.iter().enumerate() {
                    outline.push(panel.place(bar(bin), count as f64));
                    outline.push(panel.place(bar(bin + 1), count as f64));
                }
                outline.push(panel.place(bar(self.bins), 0.0));
                canvas.polygon(&outline, faint(series(index), BAR));
                canvas.path(&outline, series(index), LINE);
            }
            for (index, &(_, value)) in self.markers.iter().enumerate() {
                let (x, _) = panel.place(value, 0.0);
                let colour = self.marker_colour(index);
                canvas.dashes((x, panel.bottom), (x, panel.top), colour, 1.4 * LINE);
            }
            legend.paint(canvas);
            panel.frame(canvas, &self.labels);
        }))
    }

    /// Markers are black, then take the colours that the sets have left.
    fn marker_colour(&self, index: usize) -> plotters::style::RGBAColor {
        match index {
            0 => BLACK,
            _ => series(self.sets.len() + index - 1),
        }
    }

    fn all(&self) -> impl Iterator<Item = f64> {
        self.sets
            .iter()
            .flat_map(|(_, values)| values.iter().copied())
    }

    fn check(&self) -> Result<()> {
        check_size(self.labels.size)?;
        if self.sets.is_empty() {
            return Err(Error::Empty { argument: "values" });
        }
        if self.bins == 0 {
            return Err(Error::ZeroBins { argument: "bins" });
        }
        if self.bins > 1000 {
            return Err(Error::Parameter {
                parameter: "bins",
                value: self.bins as f64,
                requirement: "a figure shows no more than 1000 bins",
            });
        }
        for (_, values) in &self.sets {
            check("values", values)?;
        }
        for &(_, value) in &self.markers {
            check("marker", &[value])?;
        }
        for &(_, low, high) in &self.intervals {
            check("interval", &[low, high])?;
        }
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let entry = |name: &String, colour, symbol| Entry {
            name: name.clone(),
            colour,
            symbol,
        };
        let sets = self.sets.iter().enumerate();
        let markers = self.markers.iter().enumerate();
        sets.map(|(i, (name, _))| entry(name, faint(series(i), BAR), Symbol::Patch))
            .chain(markers.map(|(i, (name, _))| entry(name, self.marker_colour(i), Symbol::Dashes)))
            .chain(
                self.intervals
                    .iter()
                    .map(|(name, _, _)| entry(name, SHADE, Symbol::Patch)),
            )
            .collect()
    }

    /// What a legend must not cover: the tops of the bars and all below, and the markers.
    fn marks(
        &self,
        panel: &Panel,
        counts: &[Vec<usize>],
        bar: &impl Fn(usize) -> f64,
    ) -> Vec<(f64, f64)> {
        let mut marks = Vec::new();
        let mut upright = |value: f64, top: f64| {
            let x = panel.x.position(value);
            marks.extend((0..=50).map(|step| (x, top * f64::from(step) / 50.0)));
        };
        for counts in counts {
            for (bin, &count) in counts.iter().enumerate() {
                upright(
                    (bar(bin) + bar(bin + 1)) / 2.0,
                    panel.y.position(count as f64),
                );
            }
        }
        for &(_, value) in &self.markers {
            upright(value, 1.0);
        }
        for &(_, low, high) in &self.intervals {
            for value in [low, (low + high) / 2.0, high] {
                upright(value, 1.0);
            }
        }
        marks
    }

    fn words(&self) -> String {
        let sets = self.sets.iter().map(|(name, values)| {
            let name = if name.is_empty() { "data" } else { name };
            let mean = values.iter().map(|value| value / values.len() as f64).sum();
            format!(
                "{name}: {} {}, mean {}",
                counted(values.len(), "value"),
                range(values),
                number(mean)
            )
        });
        let markers = self.markers.iter().map(|(name, value)| {
            let total = self.all().count();
            let below = self.all().filter(|other| other < value).count();
            let among = match below {
                0 => format!("not above any of the {total} values"),
                _ if below == total => format!("above all {total} values"),
                _ => format!("above {below} of {total} values"),
            };
            format!("{name}: at {}, {among}", number(*value))
        });
        let intervals = self.intervals.iter().map(|(name, low, high)| {
            format!("{name}: shaded from {} to {}", number(*low), number(*high))
        });
        format!(
            "{}. Histogram of {} in {}. {}.",
            self.labels.title,
            self.labels.x,
            counted(self.bins, "bin"),
            sets.chain(markers)
                .chain(intervals)
                .collect::<Vec<_>>()
                .join("; "),
        )
    }
}

labelled!(Histogram);

/// The colour of intervals.
const SHADE: plotters::style::RGBAColor = plotters::style::RGBAColor(217, 217, 217, 1.0);

/// Counts the values in bins of equal width over a range, the last one closed.
fn count(values: &[f64], range: Axis, bins: usize) -> Vec<usize> {
    let mut counts = vec![0; bins];
    for &value in values {
        let bin = (range.position(value) * bins as f64) as usize;
        counts[bin.min(bins - 1)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{count as elements, texts};

    #[test]
    fn every_value_is_counted_once() {
        let values = [0.0, 0.1, 0.5, 0.99, 1.0];
        assert_eq!(count(&values, Axis::tight(values), 2), [2, 3]);
    }

    #[test]
    fn shows_values_markers_and_intervals() {
        let figure = Histogram::new("Null", "MI (bits)")
            .values("a", &[0.0, 1.0, 1.0])
            .values("b", &[0.5])
            .marker("seen", 0.75)
            .interval("most", 0.1, 0.9)
            .bins(4)
            .draw()
            .unwrap();
        for text in ["Null", "MI (bits)", "Count", "a", "b", "seen", "most"] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
        assert_eq!(elements(&figure, "polygon", "fill", "#0072B2"), 1);
        assert_eq!(
            figure.alt(),
            "Null. Histogram of MI (bits) in 4 bins. a: 3 values from 0 to 1, mean 0.667; \
             b: 1 value from 0.5 to 0.5, mean 0.5; seen: at 0.75, above 2 of 4 values; \
             most: shaded from 0.1 to 0.9."
        );
    }

    #[test]
    fn repeated_estimates_are_shown_in_bits() {
        use mutinfo::prelude::*;

        let (ksg, law) = (Ksg1::default(), Distribution::normal(0.5));
        let estimates = SamplingDistribution::of(&ksg, &law, 20, 0..3).unwrap();
        let figure = Histogram::new("", "").estimates("KSG", &estimates);
        let bits: Vec<f64> = estimates
            .estimates()
            .iter()
            .map(|e| e.to_bits().value())
            .collect();
        assert_eq!(figure, Histogram::new("", "").values("KSG", &bits));
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let none = Histogram::new("", "").draw();
        assert_eq!(none, Err(Error::Empty { argument: "values" }));
        let some = Histogram::new("", "").values("", &[1.0, 1.0]);
        assert!(some.draw().is_ok(), "a constant is drawn");
        assert!(matches!(
            some.clone().bins(0).draw(),
            Err(Error::ZeroBins { .. })
        ));
        assert!(some.clone().bins(usize::MAX).draw().is_err());
        assert!(some.clone().values("", &[f64::NAN]).draw().is_err());
        assert!(some.clone().marker("", f64::NAN).draw().is_err());
        assert!(some.interval("", 0.0, f64::INFINITY).draw().is_err());
    }
}
