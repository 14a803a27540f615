//! [`Csv`]: a table of your own, as spreadsheets save it.

use std::fmt;
use std::path::Path;

use csv_core::{ReadRecordResult, ReaderBuilder};

use crate::error::{Error, Result};

/// What people write where a value is missing.
const MISSING: [&str; 6] = ["", "NA", "N/A", "NaN", "nan", "null"];

/// A table of comma-separated values (or semicolons, or tabs): names in the first line, and a row in
/// each line below. A column is read as numbers or as texts, as you ask.
///
/// It prints a line for each column.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_activations::prelude::*;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../notebooks/data/penguins.csv");
/// let table = Csv::open(path)?.without_gaps();
/// println!("{table}");
/// let mass = table.numbers("body_mass_g")?;
/// let species = table.texts("species")?;
/// println!("{:.2}", mutual_information(&mass, &species)?.to_bits());
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    names: Vec<String>,
    /// The line in the file, counted from 1, and the cells.
    rows: Vec<(usize, Vec<String>)>,
}

impl Csv {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Corrupt`] without a line of names, where a row has more or fewer
    /// cells than there are names, and where the text is not UTF-8.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Error::Io {
            file: file.clone(),
            kind: error.kind(),
            message: error.to_string(),
        })?;
        Self::from_bytes(&file, &bytes)
    }

    /// The same for the bytes of a file; `name` is the file's name, for messages.
    ///
    /// # Errors
    /// As [`Csv::open`].
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Error::corrupt(name, "its text is not UTF-8; save it as \"CSV UTF-8\""))?;
        // Some spreadsheets write a mark before the first name.
        let mut rows = records(text.trim_start_matches('\u{feff}')).into_iter();
        let Some((_, names)) = rows.next() else {
            return Err(Error::corrupt(
                name,
                "it has no line with the columns' names",
            ));
        };
        let rows: Vec<_> = rows.collect();
        if let Some((line, row)) = rows.iter().find(|(_, row)| row.len() != names.len()) {
            let (got, needed) = (row.len(), names.len());
            return Err(Error::corrupt(
                name,
                format!("line {line} has {got} cells, and the first line has {needed} names"),
            ));
        }
        Ok(Self { names, rows })
    }

    /// The columns' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of rows below the names.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The table without the rows in which a value is missing: an empty cell, NA or NaN.
    #[must_use]
    pub fn without_gaps(mut self) -> Self {
        self.rows
            .retain(|(_, row)| !row.iter().any(|cell| is_missing(cell)));
        self
    }

    /// A column as numbers.
    ///
    /// # Errors
    /// [`Error::NoSuchColumn`]; [`Error::NotANumber`] where a cell is none.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        let column = self.column(name)?;
        let number = |(line, row): &(usize, Vec<String>)| {
            let text = row[column].as_str();
            let number = text.parse::<f64>().ok();
            number
                .filter(|number| number.is_finite())
                .ok_or_else(|| Error::NotANumber {
                    column: name.to_string(),
                    line: *line,
                    text: text.to_string(),
                    mend: mend(text),
                })
        };
        self.rows.iter().map(number).collect()
    }

    /// A column as texts, which estimators take for labels.
    ///
    /// # Errors
    /// [`Error::NoSuchColumn`].
    pub fn texts(&self, name: &str) -> Result<Vec<String>> {
        let column = self.column(name)?;
        Ok(self
            .rows
            .iter()
            .map(|(_, row)| row[column].clone())
            .collect())
    }

    fn column(&self, name: &str) -> Result<usize> {
        let column = self.names.iter().position(|other| other == name);
        column.ok_or_else(|| Error::NoSuchColumn {
            name: name.to_string(),
            available: self.names.clone(),
        })
    }
}

/// A line for each column: how many different values, how many are missing, and the first.
impl fmt::Display for Csv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rows.len() {
            1 => write!(f, "1 row")?,
            rows => write!(f, "{rows} rows")?,
        }
        for (column, name) in self.names.iter().enumerate() {
            let cells = self.rows.iter().map(|(_, row)| row[column].as_str());
            let (missing, mut there): (Vec<&str>, Vec<&str>) =
                cells.partition(|cell| is_missing(cell));
            let kind = if there.iter().all(|cell| cell.parse::<f64>().is_ok()) {
                "numbers"
            } else {
                "texts"
            };
            let first = there.first().copied().unwrap_or_default().to_string();
            there.sort_unstable();
            there.dedup();
            let different = there.len();
            write!(
                f,
                "\n{name}: {kind}, {different} different, the first is {first:?}"
            )?;
            if !missing.is_empty() {
                write!(f, ", {} missing", missing.len())?;
            }
        }
        Ok(())
    }
}

fn is_missing(cell: &str) -> bool {
    MISSING.contains(&cell)
}

/// What to do about a cell that is no number.
fn mend(text: &str) -> &'static str {
    if is_missing(text) {
        "`.without_gaps()` leaves out the rows in which something is missing"
    } else if text.contains(',') {
        "write decimals with a point"
    } else {
        "`.texts(...)` reads the column as labels"
    }
}

/// The records of a text, each with the line in which it begins. Empty lines are none.
fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let first = text.lines().next().unwrap_or_default();
    let often = |separator: &char| first.matches(*separator).count();
    // The first of those that are equally often is the comma.
    let separator = [';', '\t', ',']
        .into_iter()
        .max_by_key(often)
        .unwrap_or(',');
    let mut reader = ReaderBuilder::new().delimiter(separator as u8).build();
    // No record is longer than the text, and none has more cells than it has bytes.
    let mut cells = vec![0; text.len() + 1];
    let mut ends = vec![0; text.len() + 2];
    let mut rest = text.as_bytes();
    let mut records = Vec::new();
    let (mut length, mut count) = (0, 0);
    loop {
        let (result, read, written, ended) =
            reader.read_record(rest, &mut cells[length..], &mut ends[count..]);
        (length, count) = (length + written, count + ended);
        rest = &rest[read..];
        match result {
            ReadRecordResult::Record => {
                let starts = std::iter::once(0).chain(ends[..count].iter().copied());
                let cell = |(start, end): (usize, &usize)| {
                    String::from_utf8_lossy(&cells[start..*end])
                        .trim()
                        .to_string()
                };
                let row: Vec<String> = starts.zip(&ends[..count]).map(cell).collect();
                let breaks = row
                    .iter()
                    .map(|cell| cell.matches('\n').count())
                    .sum::<usize>();
                let line = reader.line() as usize;
                records.push((line.saturating_sub(1 + breaks).max(1), row));
                (length, count) = (0, 0);
            }
            ReadRecordResult::End => return records,
            // The buffers hold the whole text, so that it is only the end that is still to be said.
            ReadRecordResult::InputEmpty => rest = &[],
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return records,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Csv {
        Csv::from_bytes("test.csv", text.as_bytes()).unwrap()
    }

    #[test]
    fn reads_what_spreadsheets_write() {
        for text in [
            "a,b\n1.5,x\n-2e3,\"y, z\"\n",
            "\u{feff}a;b\r\n1.5;x\r\n-2e3;\"y, z\"\r\n",
            "a\tb\n 1.5 \tx\n\n-2e3\ty, z",
        ] {
            let table = read(text);
            assert_eq!(table.names(), ["a", "b"], "{text:?}");
            assert_eq!(table.numbers("a").unwrap(), [1.5, -2000.0], "{text:?}");
            assert_eq!(table.texts("b").unwrap(), ["x", "y, z"], "{text:?}");
        }
        assert_eq!(
            read("a\n\"he said \"\"so\"\"\"\n").texts("a").unwrap(),
            ["he said \"so\""]
        );
    }

    #[test]
    fn rows_with_gaps_can_be_left_out() {
        let table = read("a,b\n1,x\nNA,y\n3,\n4,z\n");
        let error = table.numbers("a").unwrap_err().to_string();
        assert!(
            error.contains("line 3") && error.contains("without_gaps"),
            "{error}"
        );
        let table = table.without_gaps();
        assert_eq!(table.numbers("a").unwrap(), [1.0, 4.0]);
        assert_eq!(table.rows(), 2);
    }

    #[test]
    fn says_what_is_in_it() {
        let text = "2 rows\nmass: numbers, 1 different, the first is \"1\", 1 missing\n\
                    kind: texts, 2 different, the first is \"x\"";
        assert_eq!(read("mass,kind\n1,x\nNA,y\n").to_string(), text);
    }

    #[test]
    fn what_does_not_fit_is_a_typed_error() {
        let message = |text: &str, column: &str| match Csv::from_bytes("f.csv", text.as_bytes()) {
            Ok(table) => table.numbers(column).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        for (text, column, says) in [
            ("", "a", "no line with the columns' names"),
            (
                "a,b\n1,2\n3\n",
                "a",
                "line 3 has 1 cells, and the first line has 2 names",
            ),
            ("a\n1\n", "b", "the file has a"),
            ("a;b\n1,5;2\n", "a", "decimals with a point"),
            ("a\nred\n", "a", "reads the column as labels"),
            ("a\ninf\n", "a", "is no number"),
        ] {
            let message = message(text, column);
            assert!(message.contains(says), "{text:?}: {message}");
        }
        let latin = Csv::from_bytes("f.csv", b"a\n\xe9\n")
            .unwrap_err()
            .to_string();
        assert!(latin.contains("UTF-8"), "{latin}");
        assert!(matches!(Csv::open("no such file"), Err(Error::Io { .. })));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_or_lose_rows(text in "[a\",;\t\r\n 1.é]{0,60}") {
            if let Ok(table) = Csv::from_bytes("f.csv", text.as_bytes()) {
                for name in table.names().to_vec() {
                    prop_assert_eq!(table.texts(&name).unwrap().len(), table.rows());
                    table.numbers(&name).ok();
                }
                table.to_string();
            }
        }
    }
}
