//! [`Table`]: results in rows and columns.

use std::fmt;

use mutinfo::{Bits, Measurement, Nats, SamplingDistribution};

use crate::figure::{escape, show};

/// A table: HTML in a notebook, aligned text when printed.
///
/// A column in which every cell begins with a number is aligned at the right.
///
/// ```
/// use mutinfo_figures::Table;
///
/// let table = Table::new(&["estimator", "MI"])
///     .row(&["exact", "0.500 bit"])
///     .row(&["equal-width bins", "10.000 bit"]);
/// let text = "\
/// estimator                 MI
/// ----------------  ----------
/// exact              0.500 bit
/// equal-width bins  10.000 bit";
/// assert_eq!(table.to_string(), text);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no rows yet.
    pub fn new(header: &[&str]) -> Self {
        Self {
            header: header.iter().map(ToString::to_string).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, a cell for each column: a shorter row leaves its last cells empty, a longer one
    /// gives the table more columns.
    #[must_use]
    pub fn row(mut self, cells: &[&str]) -> Self {
        self.rows
            .push(cells.iter().map(ToString::to_string).collect());
        let columns = self.header.len().max(cells.len());
        for row in self.rows.iter_mut().chain([&mut self.header]) {
            row.resize(columns, String::new());
        }
        self
    }

    /// The table as HTML.
    pub fn to_html(&self) -> String {
        let line = |cells: &[String], tag: &str| {
            let cells: String = cells
                .iter()
                .enumerate()
                .map(|(column, cell)| {
                    let side = if self.is_numeric(column) {
                        "right"
                    } else {
                        "left"
                    };
                    format!(
                        "<{tag} style=\"text-align: {side}\">{}</{tag}>",
                        escape(cell)
                    )
                })
                .collect();
            format!("<tr>{cells}</tr>")
        };
        let body: String = self.rows.iter().map(|row| line(row, "td")).collect();
        let head = line(&self.header, "th");
        format!("<table><thead>{head}</thead><tbody>{body}</tbody></table>")
    }

    /// Shows the table in a notebook of the evcxr kernel, which calls this for the value of a
    /// cell's last line.
    pub fn evcxr_display(&self) {
        show(&self.to_html(), &self.to_string());
    }

    fn is_numeric(&self, column: usize) -> bool {
        let number = |text: &str| {
            let first = text.split_whitespace().next().unwrap_or("");
            first.is_empty() || first.replace('−', "-").parse::<f64>().is_ok()
        };
        self.rows.iter().all(|row| number(&row[column]))
    }
}

/// Columns aligned with spaces, a rule under the header.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&self.header]);
            cells
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        };
        let columns: Vec<_> = (0..self.header.len())
            .map(|column| (width(column), self.is_numeric(column)))
            .collect();
        let rule = columns
            .iter()
            .map(|&(width, _)| "-".repeat(width))
            .collect();
        let lines = [&self.header, &rule].into_iter().chain(&self.rows);
        for (index, line) in lines.enumerate() {
            let cells: Vec<String> = line
                .iter()
                .zip(&columns)
                .map(|(cell, &(width, right))| {
                    if right {
                        format!("{cell:>width$}")
                    } else {
                        format!("{cell:<width$}")
                    }
                })
                .collect();
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// Results that a notebook shows as a table when they are the value of a cell's last line.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::ShowTable;
///
/// let data = Sample::coupled_normals(100, 1.0, 1)?;
/// let result = measure(&data.x, &data.y, 1)?;
/// assert!(result.table().to_string().contains("95 % interval"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub trait ShowTable {
    /// The parts of the result, one a row.
    fn table(&self) -> Table;

    /// Shows the table in a notebook, as [`Table::evcxr_display`] does.
    fn evcxr_display(&self) {
        self.table().evcxr_display();
    }
}

impl ShowTable for Measurement {
    fn table(&self) -> Table {
        let table = Table::new(&["result", "value"]);
        let rows = self.rows();
        rows.iter()
            .fold(table, |table, (name, value)| table.row(&[name, value]))
    }
}

/// Amounts of information one under the other, in bits and in nats, with three decimals.
///
/// ```
/// use mutinfo::Bits;
/// use mutinfo_figures::comparison;
///
/// let text = "\
/// mutual information  in bits  in nats
/// ------------------  -------  -------
/// exact                 0.500    0.347
/// estimated             0.463    0.321";
/// let table = comparison(&[("exact", Bits(0.5)), ("estimated", Bits(0.463))]);
/// assert_eq!(table.to_string(), text);
/// ```
pub fn comparison(amounts: &[(&str, Bits)]) -> Table {
    let table = Table::new(&["mutual information", "in bits", "in nats"]);
    amounts.iter().fold(table, |table, &(name, amount)| {
        let bits = format!("{:.3}", amount.value());
        let nats = format!("{:.3}", amount.to_nats().value());
        table.row(&[name, &bits, &nats])
    })
}

/// How far estimators are off over repeated samples, a row for each, in bits.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::accuracy;
///
/// let law = Distribution::normal(0.0);
/// let estimates = SamplingDistribution::of(&Ksg1::default(), &law, 50, 0..20)?;
/// let table = accuracy(&[estimates]).to_string();
/// assert!(table.contains("KSG1, k = 3"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub fn accuracy(estimates: &[SamplingDistribution]) -> Table {
    let table = Table::new(&["bits", "mean", "bias", "scatter (sd)", "error (rmse)"]);
    estimates.iter().fold(table, |table, estimates| {
        let bits = |amount: Nats| amount.to_bits().value();
        table.row(&[
            estimates.estimator(),
            &format!("{:.3}", bits(estimates.mean())),
            &format!("{:+.3}", bits(estimates.bias())),
            &format!("{:.3}", bits(estimates.sd())),
            &format!("{:.3}", bits(estimates.rmse())),
        ])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_escaped_and_numbers_stand_at_the_right() {
        let html = Table::new(&["a < b", "n"]).row(&["\"&\"", "−3"]).to_html();
        assert_eq!(
            html,
            "<table><thead><tr><th style=\"text-align: left\">a &lt; b</th>\
             <th style=\"text-align: right\">n</th></tr></thead>\
             <tbody><tr><td style=\"text-align: left\">&quot;&amp;&quot;</td>\
             <td style=\"text-align: right\">−3</td></tr></tbody></table>"
        );
    }

    #[test]
    fn a_measurement_shows_every_part() {
        let data = mutinfo::Sample::coupled_normals(100, 1.0, 1).unwrap();
        let measurement = mutinfo::measure(&data.x, &data.y, 1).unwrap();
        let text = measurement.table().to_string();
        let lines: Vec<&str> = text.lines().collect();
        let rows = measurement.rows();
        assert_eq!(
            lines.len(),
            2 + rows.len(),
            "a header, a rule, and the rows"
        );
        for ((name, value), line) in rows.into_iter().zip(&lines[2..]) {
            assert!(line.starts_with(name) && line.ends_with(&value), "{line}");
        }
    }

    #[test]
    fn rows_need_not_be_of_one_length() {
        let table = Table::new(&["a"]).row(&[]).row(&["x", "2"]);
        assert_eq!(table.to_string(), "a\n-  -\n\nx  2");
        assert_eq!(Table::new(&[]).to_string(), "\n");
    }
}
