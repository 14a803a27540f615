//! [`Variable`]: what an estimator takes, numbers or [`Labels`].
//!
//! Arrays, views, vectors and slices of `f64` are continuous: one dimension for scalars,
//! `(samples, dimensions)` for vectors. Those of integers, strings, characters and truth values
//! are labels.

use ndarray::{Array2, ArrayBase, ArrayView1, ArrayView2, Axis, Data, Ix1, Ix2};

use crate::data::check::check_finite;
use crate::data::labels::Labels;
use crate::error::{Error, Result};

/// A variable as an estimator takes it.
#[derive(Debug, Clone)]
pub enum Variable<'a> {
    /// Numbers, `(samples, dimensions)`.
    Continuous(ArrayView2<'a, f64>),
    /// Names of classes.
    Discrete(Labels),
}

/// An element type that says which kind of variable its arrays are.
pub trait Element: Sized {
    /// The variable that these values are.
    fn variable(values: ArrayView1<'_, Self>) -> Variable<'_>;
}

impl Element for f64 {
    fn variable(values: ArrayView1<'_, Self>) -> Variable<'_> {
        Variable::Continuous(values.insert_axis(Axis(1)))
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

impl<'a, S: Data<Elem = f64>> From<&'a ArrayBase<S, Ix2>> for Variable<'a> {
    fn from(values: &'a ArrayBase<S, Ix2>) -> Self {
        Variable::Continuous(values.view())
    }
}

impl<'a> From<ArrayView2<'a, f64>> for Variable<'a> {
    fn from(values: ArrayView2<'a, f64>) -> Self {
        Variable::Continuous(values)
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
            Variable::Continuous(values) => Variable::Continuous(values.view()),
            Variable::Discrete(labels) => Variable::Discrete(labels.clone()),
        }
    }
}

impl<'a> Variable<'a> {
    /// The number of samples.
    pub fn len(&self) -> usize {
        match self {
            Variable::Continuous(values) => values.nrows(),
            Variable::Discrete(labels) => labels.len(),
        }
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls a function with the samples in another order: sample i is what was `order[i]`.
    pub(crate) fn in_order<T>(&self, order: &[u32], call: impl FnOnce(&Variable<'_>) -> T) -> T {
        match self {
            Self::Continuous(values) => {
                let mut ordered = Array2::zeros((order.len(), values.ncols()));
                for (mut to, &from) in ordered.rows_mut().into_iter().zip(order) {
                    to.assign(&values.row(from as usize));
                }
                call(&Variable::Continuous(ordered.view()))
            }
            Self::Discrete(labels) => {
                let codes = order.iter().map(|&row| labels.codes()[row as usize]);
                call(&Variable::Discrete(Labels::from_codes(
                    codes.collect(),
                    labels.classes(),
                )))
            }
        }
    }

    /// The values of a continuous variable: not empty, finite, no column constant.
    pub(crate) fn continuous(
        &self,
        argument: &'static str,
        method: &'static str,
    ) -> Result<ArrayView2<'_, f64>> {
        let values = match self {
            Variable::Continuous(values) => values.view(),
            Variable::Discrete(_) => {
                return Err(Error::WrongKind {
                    argument,
                    got: "a variable of labels",
                    method,
                    needed: "numbers",
                    mend: "convert integers with `.mapv(f64::from)`, or use an estimator for labels",
                });
            }
        };
        check_finite(values, argument)?;
        for (column, values) in values.columns().into_iter().enumerate() {
            if values.iter().all(|&value| value == values[0]) {
                return Err(Error::Constant { argument, column });
            }
        }
        Ok(values)
    }

    /// The labels of a discrete variable: not empty.
    pub(crate) fn labels(&self, argument: &'static str, method: &'static str) -> Result<&Labels> {
        match self {
            Variable::Discrete(labels) if labels.is_empty() => Err(Error::Empty { argument }),
            Variable::Discrete(labels) => Ok(labels),
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
