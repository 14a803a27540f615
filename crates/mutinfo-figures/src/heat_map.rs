//! [`HeatMap`]: a matrix as colours.

use mutinfo::ndarray::{Array2, ArrayView2, Axis as Side, Slice};
use mutinfo::{Error, MutualInformationMatrix, Result};
use plotters::style::RGBAColor;

use crate::axis::{Axis, Tick};
use crate::canvas::{OVERLAP, draw};
use crate::check::check;
use crate::colour::{blue_to_vermilion, cividis};
use crate::figure::Figure;
use crate::panel::{Direction, Panel, colour_bar, left_margin};
use crate::plot::{Labels, shows_itself};
use crate::words::{counted, number, range, short};

/// A picture shows no more rows or columns than this; of larger matrices it shows blocks' means.
const MOST: usize = 64;
/// The colour of cells that are left out.
const LEFT_OUT: RGBAColor = RGBAColor(217, 217, 217, 1.0);
/// The picture's size, if the columns' names fit side by side.
const SIZE: (u32, u32) = (700, 600);

/// A matrix as an image, row 0 at the top, with a colour bar. Dark blue is low and yellow high.
///
/// A matrix of more than 64 rows or columns is shown by the means of square blocks, and the
/// figure says so.
///
/// ```
/// use mutinfo::ndarray::array;
/// use mutinfo_figures::HeatMap;
///
/// let mi = array![[1.0, 0.2], [0.2, 1.0]];
/// let figure = HeatMap::new("Pairs of units", "MI (bits)", &mi)
///     .rows("Unit", &["first", "second"])
///     .columns("Unit", &["first", "second"])
///     .draw()?;
/// assert!(figure.alt().contains("2 rows and 2 columns"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    title: String,
    value_label: String,
    values: Array2<f64>,
    rows: (String, Vec<String>),
    columns: (String, Vec<String>),
    signed: bool,
    diagonal: bool,
}

impl HeatMap {
    /// A matrix with its title and the label of its values; say the unit in it.
    pub fn new<'a>(title: &str, value_label: &str, values: impl Into<ArrayView2<'a, f64>>) -> Self {
        Self::of(title, value_label, values.into())
    }

    /// The mutual information of all pairs, in bits. Of the pairs of one array's columns the
    /// diagonal is left out, where a variable would be paired with itself.
    ///
    /// ```
    /// use mutinfo::ndarray::stack;
    /// use mutinfo::prelude::*;
    /// use mutinfo_figures::HeatMap;
    ///
    /// let data = Sample::coupled_normals(200, 1.0, 1)?;
    /// let columns = stack![ndarray::Axis(1), data.x, data.y, data.x.mapv(f64::sin)];
    /// let matrix = Ksg1::new(5)?.matrix(columns.view())?;
    /// let figure = HeatMap::information("All pairs", &matrix).draw()?;
    /// assert!(figure.alt().contains("Heat map of MI (bits)"));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn information(title: &str, matrix: &MutualInformationMatrix) -> Self {
        let values = matrix.values().mapv(|value| value.to_bits().value());
        Self {
            diagonal: !matrix.is_symmetric(),
            ..Self::of(title, "MI (bits)", values.view())
        }
    }

    fn of(title: &str, value_label: &str, values: ArrayView2<'_, f64>) -> Self {
        Self {
            title: title.to_string(),
            value_label: value_label.to_string(),
            values: values.to_owned(),
            rows: ("Row".to_string(), Vec::new()),
            columns: ("Column".to_string(), Vec::new()),
            signed: false,
            diagonal: true,
        }
    }

    /// Labels the rows' axis, and each row if there are names.
    #[must_use]
    pub fn rows(mut self, label: &str, names: &[&str]) -> Self {
        self.rows = named(label, names);
        self
    }

    /// Labels the columns' axis, and each column if there are names: side by side if there is room,
    /// and upright if there is not.
    #[must_use]
    pub fn columns(mut self, label: &str, names: &[&str]) -> Self {
        self.columns = named(label, names);
        self
    }

    /// For values with a sign: blue is negative, white 0, vermilion positive.
    #[must_use]
    pub fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// Leaves the cells out whose row and column are the same, whatever their values.
    #[must_use]
    pub fn without_diagonal(mut self) -> Self {
        self.diagonal = false;
        self
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::LengthMismatch`] where there are names,
    /// but not one for each row or column.
    pub fn draw(&self) -> Result<Figure> {
        let (rows, columns) = self.values.dim();
        self.check(rows, columns)?;
        let values = self.shown_values();
        let (shown, block) = blocks(&values);
        let colour: fn(f64) -> RGBAColor = if self.signed {
            blue_to_vermilion
        } else {
            cividis
        };
        let scale = self.scale(&shown);
        let middle = |length: usize| Axis::tight([-0.5, length as f64 - 0.5]);
        let y_ticks = ticks(&self.rows.1, middle(rows), 15);
        let left = left_margin(y_ticks.iter().map(|tick| tick.label.as_str()));
        let panel = Panel {
            left,
            right: f64::from(SIZE.0) - 115.0,
            top: 40.0,
            bottom: f64::from(SIZE.1) - 62.0,
            x: middle(columns),
            y: middle(rows).reversed(),
        };
        let names: Vec<String> = self.columns.1.iter().map(|name| short(name)).collect();
        let direction = if panel.room_for_names(&names, Direction::Level) < names.len() {
            Direction::Upwards
        } else {
            Direction::Level
        };
        let x_ticks = ticks(&names, panel.x, panel.room_for_names(&names, direction));
        let size = (SIZE.0, SIZE.1 + direction.more_room(&x_ticks).ceil() as u32);
        Ok(draw(size, self.words(&values, block), |canvas| {
            for ((row, column), &value) in shown.indexed_iter() {
                let corner = |row: usize, column: usize| {
                    panel.place(
                        (column * block).min(columns) as f64 - 0.5,
                        (row * block).min(rows) as f64 - 0.5,
                    )
                };
                let (from, to) = (corner(row, column), corner(row + 1, column + 1));
                let to = (
                    (to.0 + OVERLAP).min(panel.right),
                    (to.1 + OVERLAP).min(panel.bottom),
                );
                let fill = if value.is_nan() {
                    LEFT_OUT
                } else {
                    colour(scale.position(value))
                };
                canvas.rectangle(from, to, fill);
            }
            let title = match block {
                1 => self.title.clone(),
                _ => format!("{} (means of {block} × {block})", self.title),
            };
            let labels = Labels::new(&title, &self.columns.0, &self.rows.0);
            panel.frame_with_labels(canvas, &labels, (&x_ticks, direction), &y_ticks);
            let bar = (panel.right + 15.0, panel.right + 35.0);
            let height = (panel.top, panel.bottom);
            colour_bar(canvas, bar, height, scale, &self.value_label, colour);
        }))
    }

    fn check(&self, rows: usize, columns: usize) -> Result<()> {
        let alone = !self.diagonal && self.values.len() == 1;
        if self.values.is_empty() || alone {
            return Err(Error::Empty { argument: "values" });
        }
        let off_diagonal = self.values.indexed_iter().filter(|((i, j), _)| i != j);
        let mut off_diagonal = off_diagonal.map(|(_, value)| value);
        if self.diagonal && rows == columns && rows > 1 {
            let infinite = self.values.diag().iter().any(|value| value.is_infinite());
            if infinite && off_diagonal.all(|value| value.is_finite()) {
                return Err(Error::Parameter {
                    parameter: "values",
                    value: f64::INFINITY,
                    requirement: "what a continuous variable shares with itself is infinite; \
                                  `.without_diagonal()` leaves it out",
                });
            }
        }
        for ((row, column), &value) in self.values.indexed_iter() {
            if !self.diagonal && row == column {
                continue;
            }
            check("values", &[value]).map_err(|error| match error {
                Error::NotFinite {
                    argument, value, ..
                } => Error::NotFinite {
                    argument,
                    row,
                    column,
                    value,
                },
                other => other,
            })?;
        }
        let sides = [
            ("rows", rows, &self.rows.1),
            ("columns", columns, &self.columns.1),
        ];
        for (first, first_len, names) in sides {
            if !names.is_empty() && names.len() != first_len {
                return Err(Error::LengthMismatch {
                    first,
                    first_len,
                    second: "names",
                    second_len: names.len(),
                });
            }
        }
        Ok(())
    }

    /// The values, NaN where they are left out.
    fn shown_values(&self) -> Array2<f64> {
        let mut values = self.values.clone();
        if !self.diagonal {
            values.diag_mut().fill(f64::NAN);
        }
        values
    }

    fn scale(&self, shown: &Array2<f64>) -> Axis {
        let shown = shown.iter().copied().filter(|value| !value.is_nan());
        if self.signed {
            let most = shown.fold(0.0_f64, |most, value| most.max(value.abs()));
            Axis::tight([-most, most])
        } else {
            Axis::tight(shown)
        }
    }

    fn words(&self, values: &Array2<f64>, block: usize) -> String {
        let (rows, columns) = values.dim();
        let extreme = |name: &str, sign: f64| {
            let mut best = ((0, 0), f64::NEG_INFINITY);
            for (cell, &value) in values.indexed_iter() {
                if sign * value > best.1 {
                    best = (cell, sign * value);
                }
            }
            let at = |names: &[String], index: usize| {
                names
                    .get(index)
                    .cloned()
                    .unwrap_or_else(|| index.to_string())
            };
            let (row, column) = best.0;
            format!(
                "{name}: {} in row {}, column {}",
                number(values[best.0]),
                at(&self.rows.1, row),
                at(&self.columns.1, column)
            )
        };
        let means = match block {
            1 => String::new(),
            _ => format!(", shown as means of {block} by {block}"),
        };
        let left_out = if self.diagonal {
            ""
        } else {
            ", the diagonal left out"
        };
        let all: Vec<f64> = values
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect();
        format!(
            "{}. Heat map of {} for {} and {}{means}{left_out}; rows: {}; \
             columns: {}. Values {}, mean {}. {}; {}.",
            self.title,
            self.value_label,
            counted(rows, "row"),
            counted(columns, "column"),
            self.rows.0,
            self.columns.0,
            range(&all),
            number(all.iter().sum::<f64>() / all.len() as f64),
            extreme("Lowest", -1.0),
            extreme("Highest", 1.0),
        )
    }
}

shows_itself!(HeatMap);

fn named(label: &str, names: &[&str]) -> (String, Vec<String>) {
    let names = names.iter().map(ToString::to_string).collect();
    (label.to_string(), names)
}

/// Names where they are given, every so manieth if there is room for no more than `most`; whole
/// numbers otherwise.
fn ticks(names: &[String], axis: Axis, most: usize) -> Vec<Tick> {
    if names.is_empty() {
        return axis.whole().ticks(9);
    }
    let every = names.len().div_ceil(most.max(1));
    let name = |(index, name): (usize, &String)| Tick {
        value: index as f64,
        label: short(name),
    };
    names.iter().enumerate().step_by(every).map(name).collect()
}

/// The matrix by means of square blocks, small enough to be shown, and the blocks' size.
fn blocks(values: &Array2<f64>) -> (Array2<f64>, usize) {
    let (rows, columns) = values.dim();
    let block = rows.max(columns).div_ceil(MOST);
    if block == 1 {
        return (values.clone(), 1);
    }
    let shape = (rows.div_ceil(block), columns.div_ceil(block));
    let means = Array2::from_shape_fn(shape, |(i, j)| {
        let row = i * block..((i + 1) * block).min(rows);
        let column = j * block..((j + 1) * block).min(columns);
        let part = values.slice_axis(Side(0), Slice::from(row));
        let part = part.slice_axis(Side(1), Slice::from(column));
        let part = part.iter().filter(|value| !value.is_nan());
        let (sum, count) = part.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    });
    (means, block)
}

#[cfg(test)]
mod tests {
    use mutinfo::ndarray::array;

    use super::*;
    use crate::testing::{count, texts};

    #[test]
    fn shows_cells_names_and_bar() {
        let figure = HeatMap::new("Pairs", "MI (bits)", &array![[0.0, 1.0], [2.0, 4.0]])
            .rows("Layer", &["a", "b"])
            .columns("Unit", &["c", "d"])
            .draw()
            .unwrap();
        for text in [
            "Pairs",
            "MI (bits)",
            "Layer",
            "Unit",
            "a",
            "b",
            "c",
            "d",
            "4.0",
        ] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
        // The ends of the scale, at least once each besides the bar's last step.
        assert!(count(&figure, "rect", "fill", "#00224D") >= 1);
        assert!(count(&figure, "rect", "fill", "#FDE737") >= 1);
        assert!(
            figure
                .alt()
                .contains("Lowest: 0 in row a, column c; Highest: 4 in row b, column d")
        );
    }

    #[test]
    fn long_names_of_columns_stand_upright_and_none_is_left_out() {
        let short = ["mass", "flipper", "depth", "length"];
        let long = [
            "body_mass_g",
            "flipper_length_mm",
            "bill_depth_mm",
            "bill_length_mm",
        ];
        let upright = |names: &[&str]| {
            let map = HeatMap::new("", "v", &Array2::zeros((1, 4)));
            let figure = map.columns("", names).draw().unwrap();
            for name in names {
                assert!(texts(&figure).contains(&name.to_string()), "{name}");
            }
            // The labels of the rows and of the scale are upright in both.
            (figure.svg().matches("rotate(270").count(), figure.size().1)
        };
        let (level, height) = upright(&short);
        let (turned, taller) = upright(&long);
        assert_eq!(turned - level, 4);
        assert!(taller > height + 50, "there is room for them: {taller}");
    }

    #[test]
    fn large_matrices_are_shown_by_means_of_blocks() {
        let values = Array2::from_shape_fn((130, 65), |(i, _)| i as f64);
        let (shown, block) = blocks(&values);
        assert_eq!((shown.dim(), block), ((44, 22), 3));
        assert_eq!((shown[[0, 0]], shown[[43, 21]]), (1.0, 129.0));
        let figure = HeatMap::new("Large", "v", &values).draw().unwrap();
        assert!(figure.alt().contains("means of 3 by 3"));
        assert!(texts(&figure).contains(&"Large (means of 3 × 3)".to_string()));
    }

    #[test]
    fn the_diagonal_can_be_left_out() {
        let infinite = array![[f64::INFINITY, 1.0], [1.0, f64::INFINITY]];
        let map = HeatMap::new("", "v", &infinite);
        let refused = map.draw().unwrap_err().to_string();
        assert!(refused.contains("without_diagonal"), "{refused}");
        let figure = map.without_diagonal().draw().unwrap();
        assert_eq!(count(&figure, "rect", "fill", "#D9D9D9"), 2);
        assert!(figure.alt().contains("Values from 1 to 1, mean 1."));
        // Blocks' means are of the other cells.
        let mut large = Array2::from_elem((65, 65), 2.0);
        large.diag_mut().fill(f64::NAN);
        assert!(blocks(&large).0.iter().take(33).all(|&mean| mean == 2.0));
    }

    #[test]
    fn a_matrix_of_neighbours_information_is_drawn_in_bits() {
        use mutinfo::prelude::*;

        let data = Sample::coupled_normals(100, 1.0, 1).unwrap();
        let columns = mutinfo::ndarray::stack![Side(1), data.x, data.y];
        let matrix = Ksg1::default().matrix(columns.view()).unwrap();
        let figure = HeatMap::information("", &matrix).draw().unwrap();
        let bits = number(matrix.get(0, 1).to_bits().value());
        assert!(
            figure
                .alt()
                .contains(&format!("Values from {bits} to {bits}"))
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let empty = HeatMap::new("", "", &Array2::zeros((0, 3))).draw();
        assert_eq!(empty, Err(Error::Empty { argument: "values" }));
        let nan = HeatMap::new("", "", &array![[0.0, f64::NAN]]).draw();
        assert!(matches!(
            nan,
            Err(Error::NotFinite {
                row: 0,
                column: 1,
                ..
            })
        ));
        let alone = HeatMap::new("", "", &array![[0.0]]).without_diagonal();
        assert_eq!(alone.draw(), Err(Error::Empty { argument: "values" }));
        let names = HeatMap::new("", "", &array![[0.0]])
            .rows("", &["a", "b"])
            .draw();
        assert!(matches!(
            names,
            Err(Error::LengthMismatch { first: "rows", .. })
        ));
        assert!(
            HeatMap::new("", "", &array![[3.0, 3.0]])
                .signed()
                .draw()
                .is_ok()
        );
        assert!(HeatMap::new("", "", &array![[0.0]]).signed().draw().is_ok());
    }
}
