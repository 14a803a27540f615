//! [`Scatter`]: pairs of values as points.

use mutinfo::ndarray::ArrayView1;
use mutinfo::{Error, Result};

use crate::axis::Axis;
use crate::canvas::{MARKER, draw};
use crate::check::check_pairs;
use crate::colour::{faint, series};
use crate::figure::{Figure, check_size};
use crate::legend::{Entry, Legend, Symbol};
use crate::number::copied;
use crate::panel::Panel;
use crate::plot::{Labels, labelled};
use crate::words::{counted, range};

/// More points than this make a page slow, and no picture tells them apart.
const MOST: usize = 10_000;
/// How much of what lies behind it a point hides.
const POINT_ALPHA: f64 = 0.6;

/// Points of one or more sets of pairs.
///
/// ```
/// use mutinfo_figures::Scatter;
///
/// let figure = Scatter::new("A parabola", "x", "y")
///     .points("y = x²", &[-1.0, 0.0, 1.0], &[1.0, 0.0, 1.0])
///     .draw()?;
/// assert!(figure.alt().contains("y = x²: 3 points, x from -1 to 1, y from 0 to 1"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    labels: Labels,
    sets: Vec<(String, Vec<f64>, Vec<f64>)>,
}

impl Scatter {
    /// An empty figure with its title and the labels of its axes; say the units in the labels.
    pub fn new(title: &str, x_label: &str, y_label: &str) -> Self {
        Self {
            labels: Labels::new(title, x_label, y_label),
            sets: Vec::new(),
        }
    }

    /// Adds the points (x, y). A set without a name stands in no legend.
    #[must_use]
    pub fn points<'a>(
        self,
        name: &str,
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
    ) -> Self {
        self.push(name, copied(x.into()), copied(y.into()))
    }

    fn push(mut self, name: &str, x: Vec<f64>, y: Vec<f64>) -> Self {
        self.sets.push((name.to_string(), x, y));
        self
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`] without points, [`Error::NotFinite`], [`Error::LengthMismatch`],
    /// [`Error::Parameter`] for more than 10 000 points.
    pub fn draw(&self) -> Result<Figure> {
        check_size(self.labels.size)?;
        if self.sets.is_empty() {
            return Err(Error::Empty { argument: "points" });
        }
        for (_, x, y) in &self.sets {
            check_pairs("x", x, "y", y)?;
        }
        let total: usize = self.sets.iter().map(|(_, x, _)| x.len()).sum();
        if total > MOST {
            return Err(Error::Parameter {
                parameter: "points",
                value: total as f64,
                requirement: "a figure shows no more than 10 000 points; draw every tenth, say",
            });
        }
        let mut panel = Panel::fill(
            self.labels.size,
            Axis::around(self.sets.iter().flat_map(|(_, x, _)| x.iter().copied())),
            Axis::around(self.sets.iter().flat_map(|(_, _, y)| y.iter().copied())),
        );
        let entries = self
            .sets
            .iter()
            .enumerate()
            .map(|(index, (name, ..))| Entry {
                name: name.clone(),
                colour: faint(series(index), POINT_ALPHA),
                symbol: Symbol::Dot,
            });
        let points = self.sets.iter().flat_map(|(_, x, y)| {
            let pairs: Vec<_> = x.iter().copied().zip(y.iter().copied()).collect();
            panel.parts(&pairs)
        });
        let marks: Vec<_> = points.collect();
        let legend = Legend::place(entries.collect(), &mut panel, &marks);
        Ok(draw(self.labels.size, self.words(), |canvas| {
            for (index, (_, x, y)) in self.sets.iter().enumerate() {
                for (&x, &y) in x.iter().zip(y) {
                    let colour = faint(series(index), POINT_ALPHA);
                    canvas.dot(panel.place(x, y), MARKER, colour);
                }
            }
            legend.paint(canvas);
            panel.frame(canvas, &self.labels);
        }))
    }

    fn words(&self) -> String {
        let sets = self.sets.iter().map(|(name, x, y)| {
            let name = if name.is_empty() { "data" } else { name };
            let points = counted(x.len(), "point");
            format!("{name}: {points}, x {}, y {}", range(x), range(y))
        });
        format!(
            "{}. Scatter plot of {} against {}. {}.",
            self.labels.title,
            self.labels.y,
            self.labels.x,
            sets.collect::<Vec<_>>().join("; "),
        )
    }
}

labelled!(Scatter);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{count, texts};

    #[test]
    fn every_point_is_drawn() {
        let figure = Scatter::new("T", "a", "b")
            .points("first", &[1.0, 2.0], &[3.0, 4.0])
            .points("", &[5.0], &[6.0])
            .draw()
            .unwrap();
        let alt = figure.alt();
        assert!(alt.contains("first: 2 points, x from 1 to 2"), "{alt}");
        assert!(alt.contains("data: 1 point, x from 5 to 5"), "{alt}");
        // One more for the legend.
        assert_eq!(count(&figure, "circle", "fill", "#0072B2"), 3);
        assert_eq!(count(&figure, "circle", "fill", "#D55E00"), 1);
        for text in ["T", "a", "b", "first"] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let scatter = Scatter::new("", "", "");
        assert_eq!(scatter.draw(), Err(Error::Empty { argument: "points" }));
        let uneven = scatter.clone().points("", &[1.0], &[1.0, 2.0]).draw();
        assert!(matches!(uneven, Err(Error::LengthMismatch { .. })));
        let many = vec![0.0; MOST + 1];
        let too_many = scatter.points("", &many, &many).draw();
        assert!(matches!(
            too_many,
            Err(Error::Parameter {
                parameter: "points",
                ..
            })
        ));
    }
}
