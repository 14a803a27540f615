//! [`Variable`]: what an estimator takes, a continuous variable or [`Labels`].
//!
//! Arrays, views, vectors and slices of `f64` are continuous: one dimension for scalars,
//! `(samples, dimensions)` for vectors. Those of integers, strings, characters and truth values
//! are labels.

use ndarray::{Array2, ArrayBase, ArrayView1, ArrayView2, Axis, Data, Ix1, Ix2};

use crate::error::{Error, Result};

/// A variable as an estimator takes it.
#[derive(Debug, Clone)]
pub enum Variable<'a> {
    /// Numbers, `(samples, dimensions)`.
    Continuous(ArrayView2<'a, f64>),
    /// Names of classes.
    Discrete(Labels),
}

/// Class labels, as codes: sample i is of class `codes()[i]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    codes: Vec<u32>,
    classes: usize,
}

impl Labels {
    /// Numbers the distinct values in increasing order.
    pub fn new<T: Ord>(values: &[T]) -> Self {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].cmp(&values[b]));
        let mut codes = vec![0; values.len()];
        let mut classes = 0;
        for (position, &row) in order.iter().enumerate() {
            if position == 0 || values[order[position - 1]] != values[row] {
                classes += 1;
            }
            codes[row] = classes - 1;
        }
        Self {
            codes,
            classes: classes as usize,
        }
    }

    /// The pair (x, y) as one variable: two samples are of one class where both agree.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`].
    pub fn zip(&self, other: &Self) -> Result<Self> {
        check_lengths("self", self.len(), "other", other.len())?;
        Ok(Self::new(&self.pairs(other)))
    }

    /// A number for each sample that is the same where both classes are.
    pub(crate) fn pairs(&self, other: &Self) -> Vec<u64> {
        let codes = self.codes.iter().zip(&other.codes);
        codes
            .map(|(&a, &b)| u64::from(a) << 32 | u64::from(b))
            .collect()
    }

    /// Codes below `classes`, not all of which need occur.
    pub(crate) fn from_codes(codes: Vec<u32>, classes: usize) -> Self {
        Self { codes, classes }
    }

    /// The class of each sample, from 0.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The number of classes that occur.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }
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
                let codes = order.iter().map(|&row| labels.codes[row as usize]);
                call(&Variable::Discrete(Labels {
                    codes: codes.collect(),
                    classes: labels.classes,
                }))
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

/// Two continuous variables with as many samples.
pub(crate) fn both_continuous<'a>(
    x: &'a Variable<'_>,
    y: &'a Variable<'_>,
    method: &'static str,
) -> Result<[ArrayView2<'a, f64>; 2]> {
    let (x, y) = (x.continuous("x", method)?, y.continuous("y", method)?);
    check_lengths("x", x.nrows(), "y", y.nrows())?;
    Ok([x, y])
}

/// Two or more continuous variables.
pub(crate) fn all_continuous<'a>(
    variables: &'a [Variable<'_>],
    method: &'static str,
) -> Result<Vec<ArrayView2<'a, f64>>> {
    if variables.len() < 2 {
        return Err(Error::TooFewVariables {
            got: variables.len(),
            needed: 2,
        });
    }
    variables
        .iter()
        .map(|variable| variable.continuous("a variable", method))
        .collect()
}

/// Checks that values are there and finite.
pub(crate) fn check_finite(values: ArrayView2<'_, f64>, argument: &'static str) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty { argument });
    }
    // Without a way out, the processor checks several at once.
    if values.fold(true, |finite, value| finite & value.is_finite()) {
        return Ok(());
    }
    for ((row, column), &value) in values.indexed_iter() {
        if !value.is_finite() {
            return Err(Error::NotFinite {
                argument,
                row,
                column,
                value,
            });
        }
    }
    Ok(())
}

/// Checks that continuous variables have as many samples, more of them than dimensions, and more
/// than the `k` neighbours asked for.
pub(crate) fn check_samples(variables: &[ArrayView2<'_, f64>], k: usize) -> Result<()> {
    let samples = variables[0].nrows();
    for other in &variables[1..] {
        check_lengths("the first variable", samples, "another", other.nrows())?;
    }
    let dimensions = variables.iter().map(|variable| variable.ncols()).sum();
    if dimensions > samples {
        return Err(Error::TooManyDimensions {
            dimensions,
            samples,
        });
    }
    check_neighbours(samples, k)
}

/// Checks that each sample has `k` others.
pub(crate) fn check_neighbours(samples: usize, k: usize) -> Result<()> {
    if k >= samples {
        return Err(Error::TooManyNeighbours { k, samples });
    }
    Ok(())
}

/// Checks that two variables have as many samples.
pub(crate) fn check_lengths(
    first: &'static str,
    first_len: usize,
    second: &'static str,
    second_len: usize,
) -> Result<()> {
    if first_len != second_len {
        return Err(Error::LengthMismatch {
            first,
            first_len,
            second,
            second_len,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_numbered_in_increasing_order() {
        let labels = Labels::new(&["b", "a", "c", "a"]);
        assert_eq!(labels.codes(), [1, 0, 2, 0]);
        assert_eq!(labels.classes(), 3);
        assert_eq!(Labels::new(&[i64::MAX, i64::MIN]).codes(), [1, 0]);
        assert!(Labels::new::<u8>(&[]).is_empty());
    }

    #[test]
    fn a_pair_is_a_class_of_its_own() {
        let pair = Labels::new(&[0, 0, 1, 1])
            .zip(&Labels::new(&["a", "b", "a", "b"]))
            .unwrap();
        assert_eq!(pair.classes(), 4);
        let twice = Labels::new(&[5, 5, 7])
            .zip(&Labels::new(&[5, 5, 7]))
            .unwrap();
        assert_eq!(twice, Labels::new(&[5, 5, 7]));
        let error = Labels::new(&[1, 2]).zip(&Labels::new(&[1])).unwrap_err();
        assert!(matches!(error, Error::LengthMismatch { second_len: 1, .. }));
    }
}
