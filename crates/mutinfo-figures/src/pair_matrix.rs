//! [`PairMatrix`]: every variable of a data set, alone and against every other.

use mutinfo::ndarray::ArrayView1;
use mutinfo::{Error, Result};

use crate::check::check_pairs;
use crate::figure::Figure;
use crate::number::copied;
use crate::plot::shows_itself;
use crate::words::{counted, number, range};
use crate::{Histogram, Scatter};

/// A figure of more variables would be too small to read.
const MOST: usize = 6;
/// The points of all panels together.
const POINTS: usize = 10_000;
/// The side of a panel.
const PANEL: u32 = 240;

/// A grid of panels, a row and a column for each variable: histograms on the diagonal, and
/// elsewhere the row's variable against the column's.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::PairMatrix;
///
/// let data = Sample::coupled_normals(100, 1.0, 1)?;
/// let figure = PairMatrix::new()
///     .variable("height", &data.x)
///     .variable("weight", &data.y)
///     .draw()?;
/// assert!(figure.alt().contains("height: 100 values from"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PairMatrix {
    variables: Vec<(String, Vec<f64>)>,
}

impl PairMatrix {
    /// A matrix without variables yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a variable.
    #[must_use]
    pub fn variable<'a>(mut self, name: &str, values: impl Into<ArrayView1<'a, f64>>) -> Self {
        self.variables
            .push((name.to_string(), copied(values.into())));
        self
    }

    /// Draws the figure. Of many samples each panel shows as many, evenly spaced, as a page can
    /// bear; the histograms count all.
    ///
    /// # Errors
    /// [`Error::Empty`] without variables, [`Error::NotFinite`], [`Error::LengthMismatch`],
    /// [`Error::Parameter`] for more than six variables.
    pub fn draw(&self) -> Result<Figure> {
        let Some((_, first)) = self.variables.first() else {
            return Err(Error::Empty {
                argument: "variables",
            });
        };
        let count = self.variables.len();
        if count > MOST {
            return Err(Error::Parameter {
                parameter: "variables",
                value: count as f64,
                requirement: "a pair matrix shows at most 6 variables; choose some",
            });
        }
        for (_, values) in &self.variables {
            check_pairs("the first variable", first, "another variable", values)?;
        }
        let every = first.len().div_ceil(POINTS / (count * count)).max(1);
        let some = |values: &[f64]| -> Vec<f64> { values.iter().copied().step_by(every).collect() };
        let rows = self.variables.iter().enumerate().map(|(row, (y_name, y))| {
            let panels = self.variables.iter().enumerate();
            let panels = panels.map(|(column, (x_name, x))| {
                if row == column {
                    let histogram = Histogram::new("", x_name).values("", x).bins(15);
                    histogram.size(PANEL, PANEL).draw()
                } else {
                    let scatter = Scatter::new("", x_name, y_name);
                    let scatter = scatter.points("", &some(x), &some(y));
                    scatter.size(PANEL, PANEL).draw()
                }
            });
            Ok(Figure::beside(&panels.collect::<Result<Vec<_>>>()?))
        });
        let rows: Vec<Figure> = rows.collect::<Result<_>>()?;
        Ok(Figure::below(&rows).described(self.words(every)))
    }

    fn words(&self, every: usize) -> String {
        let variables = self.variables.iter().map(|(name, values)| {
            let mean = values.iter().map(|value| value / values.len() as f64).sum();
            let (count, range) = (counted(values.len(), "value"), range(values));
            format!("{name}: {count} {range}, mean {}", number(mean))
        });
        let some = match every {
            1 => String::new(),
            _ => format!(", with one of {every} samples"),
        };
        format!(
            "Pair matrix of {} variables: histograms on the diagonal, elsewhere scatter plots of the \
             row's variable against the column's{some}. {}.",
            self.variables.len(),
            variables.collect::<Vec<_>>().join("; ")
        )
    }
}

shows_itself!(PairMatrix);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{count, texts};

    #[test]
    fn has_a_panel_for_each_pair() {
        let matrix = PairMatrix::new()
            .variable("a", &[0.0, 1.0, 2.0])
            .variable("b", &[0.0, 1.0, 4.0])
            .variable("c", &[3.0, 2.0, 1.0]);
        let figure = matrix.draw().unwrap();
        assert_eq!(figure.size(), (3 * PANEL, 3 * PANEL));
        assert_eq!(count(&figure, "circle", "fill", "#0072B2"), 6 * 3);
        assert_eq!(count(&figure, "polygon", "fill", "#0072B2"), 3);
        let named = |name: &str| texts(&figure).iter().filter(|text| *text == name).count();
        assert_eq!(named("a"), 5, "three columns and two rows");
        assert!(figure.alt().contains("b: 3 values from 0 to 4, mean 1.67"));
    }

    #[test]
    fn of_many_samples_some_are_shown() {
        let many: Vec<f64> = (0..30_000).map(f64::from).collect();
        let matrix = PairMatrix::new().variable("a", &many).variable("b", &many);
        let figure = matrix.draw().unwrap();
        assert!(count(&figure, "circle", "fill", "#0072B2") <= POINTS);
        assert!(figure.alt().contains("one of 12 samples"));
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let empty = PairMatrix::new();
        assert!(matches!(empty.draw(), Err(Error::Empty { .. })));
        let one = empty.variable("a", &[1.0, 2.0]);
        assert!(one.draw().is_ok());
        let uneven = one.clone().variable("b", &[1.0]);
        assert!(matches!(uneven.draw(), Err(Error::LengthMismatch { .. })));
        assert!(one.clone().variable("b", &[1.0, f64::NAN]).draw().is_err());
        let many = (0..MOST).fold(one, |matrix, _| matrix.variable("b", &[1.0, 2.0]));
        assert!(matches!(many.draw(), Err(Error::Parameter { .. })));
    }
}
