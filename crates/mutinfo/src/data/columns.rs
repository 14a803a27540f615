//! [`Columns`]: many variables observed together, each taken when its turn comes.

use ndarray::{Array2, ArrayBase, ArrayView1, ArrayView2, Axis, Data, Ix2, s};

use crate::compute::threads;
use crate::data::labels::Labels;
use crate::data::variable::{Number, Variable};
use crate::error::Result;

/// Many variables observed together: the columns of an array of numbers, or a list of variables of
/// any kind.
///
/// Columns of `f32` are widened one by one as they are used, and never all at once.
///
/// ```
/// use mutinfo::prelude::*;
/// use ndarray::array;
///
/// let heights_and_ages = array![[1.5, 10.0], [1.7, 30.0], [1.2, 6.0]];
/// assert_eq!(Columns::from(&heights_and_ages).len(), 2);
/// let mixed = vec![Variable::from(&[1.5, 1.7, 1.2]), Variable::from(&["a", "b", "a"])];
/// assert_eq!(Columns::from(mixed).samples(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct Columns<'a>(Source<'a>);

#[derive(Debug, Clone)]
enum Source<'a> {
    Doubles(ArrayView2<'a, f64>),
    Singles(ArrayView2<'a, f32>),
    Variables(Vec<Variable<'a>>),
}

/// How many columns are gathered together.
pub(crate) const BLOCK: usize = 16;

impl<'a> Columns<'a> {
    /// The number of variables.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let heights_and_ages = ndarray::array![[1.5, 10.0], [1.7, 30.0], [1.2, 6.0]];
    /// assert_eq!(Columns::from(&heights_and_ages).len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        match &self.0 {
            Source::Doubles(values) => values.ncols(),
            Source::Singles(values) => values.ncols(),
            Source::Variables(variables) => variables.len(),
        }
    }

    /// Whether there is no variable.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert!(Columns::from(Vec::<Variable>::new()).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of samples: that of the first variable.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let heights_and_ages = ndarray::array![[1.5, 10.0], [1.7, 30.0], [1.2, 6.0]];
    /// assert_eq!(Columns::from(&heights_and_ages).samples(), 3);
    /// ```
    pub fn samples(&self) -> usize {
        match &self.0 {
            Source::Doubles(values) => values.nrows(),
            Source::Singles(values) => values.nrows(),
            Source::Variables(variables) => variables.first().map_or(0, Variable::len),
        }
    }

    /// One of the variables.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let heights_and_ages = ndarray::array![[1.5, 10.0], [1.7, 30.0], [1.2, 6.0]];
    /// let columns = Columns::from(&heights_and_ages);
    /// let ages = columns.get(1);
    /// assert_eq!(ages.numbers("ages", "this example")?.column(0), heights_and_ages.column(1));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Panics
    /// As indexing does, if there is no such variable.
    pub fn get(&self, index: usize) -> Variable<'_> {
        match &self.0 {
            Source::Doubles(values) => values.column(index).into(),
            Source::Singles(values) => values.column(index).into(),
            Source::Variables(variables) => Variable::from(&variables[index]),
        }
    }

    /// The number of samples of one of the variables.
    pub(crate) fn get_len(&self, index: usize) -> usize {
        match &self.0 {
            Source::Variables(variables) => variables[index].len(),
            _ => self.samples(),
        }
    }

    /// Something made of each variable, the variables spread over threads. An error about a
    /// single number's column says which of the columns it was.
    pub(crate) fn each<T: Send>(
        &self,
        make: impl Fn(&Variable<'_>) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let make = |index: usize, variable: &Variable<'_>| {
            make(variable).map_err(|error| match variable.dimensions() {
                Some(1) if self.len() > 1 => error.at_column(index),
                _ => error,
            })
        };
        let parts = threads::map(
            threads::chunks(self.len(), BLOCK),
            || (),
            |(), range| -> Result<Vec<T>> {
                let block = match &self.0 {
                    Source::Doubles(values) => gathered(values.slice(s![.., range.clone()])),
                    Source::Singles(values) => gathered(values.slice(s![.., range.clone()])),
                    Source::Variables(variables) => {
                        return range.map(|index| make(index, &variables[index])).collect();
                    }
                };
                let columns = range.zip(block.rows());
                columns
                    .map(|(index, values)| make(index, &values.into()))
                    .collect()
            },
        );
        let parts: Vec<Vec<T>> = parts.into_iter().collect::<Result<_>>()?;
        Ok(parts.into_iter().flatten().collect())
    }
}

/// A few columns one after the other. Some rows are turned at a time: what is read of each, most
/// arrays being stored row by row, stays in fast memory until all its columns are taken.
fn gathered<N: Number>(columns: ArrayView2<'_, N>) -> Array2<f64> {
    const ROWS: usize = 64;
    let mut block = Array2::zeros((columns.ncols(), columns.nrows()));
    for rows in threads::chunks(columns.nrows(), ROWS) {
        let turned = columns.slice(s![rows.clone(), ..]).reversed_axes();
        block
            .slice_mut(s![.., rows])
            .zip_mut_with(&turned, |to, &from| *to = from.into());
    }
    block
}

impl<'a> From<ArrayView2<'a, f64>> for Columns<'a> {
    fn from(values: ArrayView2<'a, f64>) -> Self {
        Self(Source::Doubles(values))
    }
}

impl<'a> From<ArrayView2<'a, f32>> for Columns<'a> {
    fn from(values: ArrayView2<'a, f32>) -> Self {
        Self(Source::Singles(values))
    }
}

impl<'a, S: Data> From<&'a ArrayBase<S, Ix2>> for Columns<'a>
where
    ArrayView2<'a, S::Elem>: Into<Columns<'a>>,
{
    fn from(values: &'a ArrayBase<S, Ix2>) -> Self {
        values.view().into()
    }
}

impl<'a> From<Vec<Variable<'a>>> for Columns<'a> {
    fn from(variables: Vec<Variable<'a>>) -> Self {
        Self(Source::Variables(variables))
    }
}

impl<'a> From<&'a [Labels]> for Columns<'a> {
    fn from(labels: &'a [Labels]) -> Self {
        Self(Source::Variables(
            labels.iter().map(Variable::from).collect(),
        ))
    }
}

impl<'a> From<&'a Vec<Labels>> for Columns<'a> {
    fn from(labels: &'a Vec<Labels>) -> Self {
        labels.as_slice().into()
    }
}

impl<'a> From<Variable<'a>> for Columns<'a> {
    fn from(variable: Variable<'a>) -> Self {
        Self(Source::Variables(vec![variable]))
    }
}

macro_rules! label_columns {
    ($($T:ty),*) => {$(
        /// Each column is a variable of labels.
        impl<'a> From<ArrayView2<'a, $T>> for Columns<'a> {
            fn from(values: ArrayView2<'a, $T>) -> Self {
                let columns = values.axis_iter(Axis(1));
                let labels = |column: ArrayView1<'_, $T>| Labels::new(&Vec::from_iter(&column));
                let columns = columns.map(|column| labels(column).into());
                Self(Source::Variables(columns.collect()))
            }
        }
    )*};
}
label_columns!(
    bool, char, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn single_precision_is_widened_column_by_column() {
        let singles = Array2::from_shape_fn((70, 20), |(i, j)| (i * 20 + j) as f32 / 7.0);
        let columns = Columns::from(&singles);
        assert_eq!((columns.len(), columns.samples()), (20, 70));
        let all = columns
            .each(|variable| Ok(variable.continuous("x", "a test")?.column(0).to_vec()))
            .unwrap();
        for (j, column) in all.iter().enumerate() {
            let expected: Vec<f64> = singles.column(j).iter().map(|&v| f64::from(v)).collect();
            assert_eq!(column, &expected);
            let alone = columns.get(j);
            let alone = alone.continuous("x", "a test").unwrap();
            assert_eq!(alone.column(0).to_vec(), expected);
        }
    }

    #[test]
    fn integers_are_columns_of_labels_and_errors_name_the_column() {
        let integers = Array2::from_shape_fn((6, 3), |(i, j)| (i % (j + 1)) as i64);
        let classes = Columns::from(&integers)
            .each(|variable| Ok(variable.labels("x", "a test")?.classes()))
            .unwrap();
        assert_eq!(classes, [1, 2, 3]);
        let mut numbers = Array2::from_shape_fn((6, 30), |(i, j)| (i * j) as f64);
        numbers[[4, 21]] = f64::INFINITY;
        let error = Columns::from(&numbers)
            .each(|variable| Ok(variable.continuous("x", "a test")?.nrows()))
            .unwrap_err();
        assert!(matches!(
            error,
            Error::NotFinite {
                row: 4,
                column: 21,
                ..
            }
        ));
    }
}
