//! [`Variable`]: what an estimator takes, numbers or [`Labels`].
//!
//! Arrays, views, vectors and slices of `f64` and `f32` are continuous: one dimension for scalars,
//! `(samples, dimensions)` for vectors. Those of integers, strings, characters and truth values
//! are labels.

use ndarray::{Array2, ArrayBase, ArrayView1, ArrayView2, Axis, CowArray, Data, Ix1, Ix2};

use crate::data::check::{check_count, check_finite};
use crate::data::labels::Labels;
use crate::error::{Error, Result};

/// A variable as an estimator takes it.
#[derive(Debug, Clone)]
pub enum Variable<'a> {
    /// Numbers, `(samples, dimensions)`.
    Continuous(CowArray<'a, f64, Ix2>),
    /// Names of classes.
    Discrete(Labels),
}

/// An element type that says which kind of variable its arrays are.
pub trait Element: Sized {
    /// The variable that these values are.
    fn variable(values: ArrayView1<'_, Self>) -> Variable<'_>;
}

macro_rules! numbers {
    ($($T:ty),*) => {$(
        impl Element for $T {
            fn variable(values: ArrayView1<'_, Self>) -> Variable<'_> {
                Variable::Continuous(<$T>::doubles(values.insert_axis(Axis(1))))
            }
        }
    )*};
}
numbers!(f64, f32);

/// An element type of numbers: `f64`, or `f32`, which is widened.
pub trait Number: Copy + Into<f64> {
    /// The same numbers as `f64`.
    fn doubles(values: ArrayView2<'_, Self>) -> CowArray<'_, f64, Ix2>;
}

impl Number for f64 {
    fn doubles(values: ArrayView2<'_, f64>) -> CowArray<'_, f64, Ix2> {
        values.into()
    }
}

impl Number for f32 {
    fn doubles(values: ArrayView2<'_, f32>) -> CowArray<'_, f64, Ix2> {
        values.mapv(f64::from).into()
    }
}

macro_rules! labels {
    ($($T:ty),*) => {$(
        impl Element for $T {
            fn variable(values: ArrayView1<'_, Self>) -> Variable<'_> {
                Variable::Discrete(Labels::new(&values.iter().collect::<Vec<_>>()))
            }
        }
    )*};
}
labels!(
    bool, char, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, String, &str
);

impl<'a, E: Element> From<&'a [E]> for Variable<'a> {
    fn from(values: &'a [E]) -> Self {
        E::variable(ArrayView1::from(values))
    }
}

impl<'a, E: Element> From<&'a Vec<E>> for Variable<'a> {
    fn from(values: &'a Vec<E>) -> Self {
        E::variable(ArrayView1::from(values))
    }
}

impl<'a, E: Element, const N: usize> From<&'a [E; N]> for Variable<'a> {
    fn from(values: &'a [E; N]) -> Self {
        E::variable(ArrayView1::from(values))
    }
}

impl<'a, E: Element, S: Data<Elem = E>> From<&'a ArrayBase<S, Ix1>> for Variable<'a> {
    fn from(values: &'a ArrayBase<S, Ix1>) -> Self {
        E::variable(values.view())
    }
}

impl<'a, E: Element> From<ArrayView1<'a, E>> for Variable<'a> {
    fn from(values: ArrayView1<'a, E>) -> Self {
        E::variable(values)
    }
}

impl<'a, N: Number, S: Data<Elem = N>> From<&'a ArrayBase<S, Ix2>> for Variable<'a> {
    fn from(values: &'a ArrayBase<S, Ix2>) -> Self {
        values.view().into()
    }
}

impl<'a, N: Number> From<ArrayView2<'a, N>> for Variable<'a> {
    fn from(values: ArrayView2<'a, N>) -> Self {
        Variable::Continuous(N::doubles(values))
    }
}

impl From<Labels> for Variable<'_> {
    fn from(labels: Labels) -> Self {
        Variable::Discrete(labels)
    }
}

impl From<&Labels> for Variable<'_> {
    fn from(labels: &Labels) -> Self {
        Variable::Discrete(labels.clone())
    }
}

impl<'a> From<&'a Variable<'_>> for Variable<'a> {
    fn from(variable: &'a Variable<'_>) -> Self {
        match variable {
            Variable::Continuous(values) => Variable::Continuous(values.view().into()),
            Variable::Discrete(labels) => Variable::Discrete(labels.clone()),
        }
    }
}

impl<'a> Variable<'a> {
    /// The number of samples.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Three samples of a vector of two numbers.
    /// let places = ndarray::array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]];
    /// assert_eq!(Variable::from(&places).len(), 3);
    /// ```
    pub fn len(&self) -> usize {
        match self {
            Variable::Continuous(values) => values.nrows(),
            Variable::Discrete(labels) => labels.len(),
        }
    }

    /// Whether there is no sample.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert!(Variable::from(&Vec::<f64>::new()).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many numbers a sample has; labels have none.
    pub(crate) fn dimensions(&self) -> Option<usize> {
        match self {
            Variable::Continuous(values) => Some(values.ncols()),
            Variable::Discrete(_) => None,
        }
    }

    /// Calls a function with the samples in another order: sample i is what was `order[i]`.
    pub(crate) fn in_order<T>(&self, order: &[u32], call: impl FnOnce(&Variable<'_>) -> T) -> T {
        match self {
            Self::Continuous(values) => {
                let mut ordered = Array2::zeros((order.len(), values.ncols()));
                for (mut to, &from) in ordered.rows_mut().into_iter().zip(order) {
                    to.assign(&values.row(from as usize));
                }
                call(&Variable::Continuous(ordered.into()))
            }
            Self::Discrete(labels) => call(&Variable::Discrete(labels.in_order(order))),
        }
    }

    /// The values of a variable of numbers, (samples, dimensions), checked to be there and finite.
    /// For estimators of your own; `argument` and `method` go into messages.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let heights = Variable::from(&[1.5, 1.7, 1.2]);
    /// assert_eq!(heights.numbers("x", "my estimator")?.dim(), (3, 1));
    /// let names = Variable::from(&["a", "b", "c"]);
    /// assert!(names.numbers("x", "my estimator").is_err());
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongKind`], [`Error::Empty`], [`Error::NotFinite`].
    pub fn numbers(
        &self,
        argument: &'static str,
        method: &'static str,
    ) -> Result<ArrayView2<'_, f64>> {
        match self {
            Variable::Continuous(values) => {
                check_finite(values.view(), argument)?;
                Ok(values.view())
            }
            Variable::Discrete(_) => Err(Error::WrongKind {
                argument,
                got: "a variable of labels",
                method,
                needed: "numbers",
                mend: "convert integers with `.mapv(|value| value as f64)`, or use an estimator for labels",
            }),
        }
    }

    /// The columns that vary of a variable of numbers, which must not be empty, and finite: a
    /// constant column shares no information. None is left of a variable that is constant.
    pub(crate) fn continuous(
        &self,
        argument: &'static str,
        method: &'static str,
    ) -> Result<CowArray<'_, f64, Ix2>> {
        let values = self.numbers(argument, method)?;
        let varies = |column: ArrayView1<'_, f64>| column.iter().any(|&value| value != column[0]);
        let varying: Vec<usize> = (0..values.ncols())
            .filter(|&column| varies(values.column(column)))
            .collect();
        Ok(if varying.len() == values.ncols() {
            values.into()
        } else {
            values.select(Axis(1), &varying).into()
        })
    }

    /// The labels of a discrete variable: not empty.
    pub(crate) fn labels(&self, argument: &'static str, method: &'static str) -> Result<&Labels> {
        match self {
            Variable::Discrete(labels) if labels.is_empty() => Err(Error::Empty { argument }),
            Variable::Discrete(labels) => {
                check_count(argument, labels.len())?;
                Ok(labels)
            }
            Variable::Continuous(_) => Err(Error::WrongKind {
                argument,
                got: "a variable of numbers",
                method,
                needed: "labels",
                mend: "give it integers, or cut the numbers into bins first",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_is_numbers() {
        let singles = [0.1_f32, 2.5, -7.0];
        let doubles = singles.map(f64::from);
        let values = |variable: Variable<'_>| variable.numbers("x", "a test").unwrap().to_owned();
        assert_eq!(values((&singles).into()), values((&doubles).into()));
        let columns = Array2::from_shape_fn((3, 2), |(i, j)| (i + j) as f32);
        assert_eq!(values((&columns).into()), columns.mapv(f64::from));
    }

    #[test]
    fn more_rows_than_are_counted_are_refused() {
        // One number, seen from very many rows: takes no memory.
        let number = [0.0];
        let rows = ArrayView1::from(&number);
        let rows = rows.broadcast(1 << 31).unwrap();
        let variable = Variable::from(rows);
        assert!(matches!(
            variable.numbers("x", "a test"),
            Err(Error::TooManyRows {
                samples: 2_147_483_648,
                ..
            })
        ));
    }

    #[test]
    fn columns_that_do_not_vary_are_left_out() {
        let columns = ndarray::array![[1.0, 5.0, 0.0], [2.0, 5.0, -0.0], [1.0, 5.0, 0.0]];
        let variable = Variable::from(&columns);
        let varying = variable.continuous("x", "a test").unwrap();
        assert_eq!(varying, ndarray::array![[1.0], [2.0], [1.0]]);
        let constant = Variable::from(columns.column(1));
        assert_eq!(constant.continuous("x", "a test").unwrap().dim(), (3, 0));
    }
}
