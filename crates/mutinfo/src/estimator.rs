//! The one way to call every estimator: [`Estimator`] for I(X; Y), [`ConditionalEstimator`] for
//! I(X; Y | Z), [`TotalCorrelation`] for more than two variables.
//!
//! What is done once for a variable (checked, scaled, sorted, cut into bins) and then used for many
//! pairs or many shuffles is done by [`Estimator::prepare`]. Matrices
//! ([`pairwise`](crate::pairwise)) and permutation tests ([`inference`](crate::inference)) are
//! functions over what it returns.

use std::fmt;
use std::ops::Range;

use crate::data::check::check_lengths;
use crate::data::columns::Columns;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::units::Nats;

/// An estimator of the mutual information I(X; Y): a small value with its parameters, which
/// takes two variables observed together and returns an amount of information.
///
/// It prints its name and parameters, for tables and messages.
///
#[doc = include_str!("estimator/adding_an_estimator.md")]
pub trait Estimator: fmt::Display + Send + Sync {
    /// Estimates I(X; Y), in nats, from variables that have been converted already.
    ///
    /// # Errors
    /// What the estimator does not take.
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats>;

    /// Estimates I(X; Y), in nats.
    ///
    /// # Errors
    /// What the estimator does not take.
    fn estimate<'a>(&self, x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<Nats>
    where
        Self: Sized,
    {
        self.estimate_variables(&x.into(), &y.into())
    }

    /// Makes variables ready, once, for the estimates of many pairs and of many reorderings.
    ///
    /// What is returned gives, to the last bit, what [`estimate_variables`](Self::estimate_variables)
    /// does. This one prepares nothing.
    ///
    /// # Errors
    /// What the estimator does not take; [`Error::Empty`], [`Error::LengthMismatch`].
    fn prepare<'a>(&'a self, sets: Sets<'a, '_>) -> Result<Box<dyn Prepared + 'a>> {
        sets.check()?;
        Ok(Box::new(Unprepared {
            estimator: self,
            sets,
        }))
    }
}

/// Which pairs of variables are asked for: those within one list, or of one list with another.
#[derive(Debug, Clone, Copy)]
pub enum Sets<'a, 'd> {
    /// Pairs of variables of one list.
    Within(&'a Columns<'d>),
    /// A variable of the first list with one of the second.
    Between(&'a Columns<'d>, &'a Columns<'d>),
}

impl<'a, 'd> Sets<'a, 'd> {
    /// The list that x is from.
    ///
    /// ```
    /// use mutinfo::estimator::Sets;
    /// use mutinfo::prelude::*;
    ///
    /// let two = ndarray::array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]];
    /// let columns = Columns::from(&two);
    /// assert_eq!(Sets::Within(&columns).x().len(), 2);
    /// ```
    pub fn x(self) -> &'a Columns<'d> {
        match self {
            Self::Within(columns) | Self::Between(columns, _) => columns,
        }
    }

    /// The list that y is from.
    ///
    /// ```
    /// use mutinfo::estimator::Sets;
    /// use mutinfo::prelude::*;
    ///
    /// let (two, one) = (ndarray::Array2::<f64>::zeros((3, 2)), ndarray::Array2::<f64>::zeros((3, 1)));
    /// let (x, y) = (Columns::from(&two), Columns::from(&one));
    /// assert_eq!(Sets::Between(&x, &y).y().len(), 1);
    /// assert_eq!(Sets::Within(&x).y().len(), 2);
    /// ```
    pub fn y(self) -> &'a Columns<'d> {
        match self {
            Self::Within(columns) | Self::Between(_, columns) => columns,
        }
    }

    /// Checks that there are variables, and as many samples of all.
    ///
    /// ```
    /// use mutinfo::estimator::Sets;
    /// use mutinfo::prelude::*;
    ///
    /// let columns = Columns::from(vec![Variable::from(&[1.0, 2.0, 3.0]), Variable::from(&["a", "b"])]);
    /// assert!(Sets::Within(&columns).check().is_err(), "three samples and two");
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`].
    pub fn check(self) -> Result<()> {
        let [(x_name, x), (y_name, y)] = match self {
            Self::Within(columns) => [("columns", columns); 2],
            Self::Between(x, y) => [("x", x), ("y", y)],
        };
        for (argument, columns) in [(x_name, x), (y_name, y)] {
            if columns.is_empty() {
                return Err(Error::Empty { argument });
            }
            for index in 0..columns.len() {
                let samples = columns.get_len(index);
                check_lengths(x_name, x.samples(), argument, samples)?;
            }
        }
        Ok(())
    }

    /// Something made of each variable, the variables spread over threads. `make` is told the
    /// argument's name, for messages.
    ///
    /// ```
    /// use mutinfo::estimator::Sets;
    /// use mutinfo::prelude::*;
    ///
    /// let two = ndarray::array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]];
    /// let columns = Columns::from(&two);
    /// let sums = Sets::Within(&columns)
    ///     .prepare(|argument, variable| Ok(variable.numbers(argument, "a sum")?.sum()))?;
    /// assert_eq!(sums.x(), [6.0, 15.0]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`check`](Self::check) and of `make`.
    pub fn prepare<T: Send>(
        self,
        make: impl Fn(&'static str, &Variable<'_>) -> Result<T> + Sync,
    ) -> Result<PreparedSets<T>> {
        self.check()?;
        Ok(match self {
            Self::Within(columns) => PreparedSets {
                x: columns.each(|variable| make("columns", variable))?,
                y: None,
            },
            Self::Between(x, y) => PreparedSets {
                x: x.each(|variable| make("x", variable))?,
                y: Some(y.each(|variable| make("y", variable))?),
            },
        })
    }
}

/// What was made of each variable of two lists, or of one that serves as both.
#[derive(Debug, Clone)]
pub struct PreparedSets<T> {
    x: Vec<T>,
    y: Option<Vec<T>>,
}

impl<T> PreparedSets<T> {
    /// What was made of the variables that x is from.
    ///
    /// ```
    /// use mutinfo::estimator::Sets;
    /// use mutinfo::prelude::*;
    ///
    /// let columns = Columns::from(vec![Variable::from(&["a", "b"]), Variable::from(&[1.0, 2.0])]);
    /// let lengths = Sets::Within(&columns).prepare(|_, variable| Ok(variable.len()))?;
    /// assert_eq!(lengths.x(), [2, 2]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn x(&self) -> &[T] {
        &self.x
    }

    /// What was made of the variables that y is from.
    ///
    /// ```
    /// use mutinfo::estimator::Sets;
    /// use mutinfo::prelude::*;
    ///
    /// // Of one list, y's are x's.
    /// let columns = Columns::from(vec![Variable::from(&["a", "b"]), Variable::from(&[1.0, 2.0])]);
    /// let lengths = Sets::Within(&columns).prepare(|_, variable| Ok(variable.len()))?;
    /// assert_eq!(lengths.y(), lengths.x());
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn y(&self) -> &[T] {
        self.y.as_ref().unwrap_or(&self.x)
    }

    /// Something else made of each.
    pub(crate) fn map<U>(&self, make: impl Fn(&T) -> U) -> PreparedSets<U> {
        PreparedSets {
            x: self.x.iter().map(&make).collect(),
            y: self.y.as_ref().map(|y| y.iter().map(&make).collect()),
        }
    }
}

/// Variables made ready by an estimator.
pub trait Prepared: Sync {
    /// I(Xᵢ; Yⱼ).
    ///
    /// # Errors
    /// Those of the estimator.
    fn estimate(&self, i: usize, j: usize) -> Result<Nats>;

    /// I(Xᵢ; Yⱼ), where row `order[s]` of Xᵢ goes with row s of Yⱼ.
    ///
    /// # Errors
    /// Those of the estimator.
    fn estimate_reordered(&self, i: usize, j: usize, order: &[u32]) -> Result<Nats>;

    /// Hands over the estimates of a block of pairs. By default, pair by pair.
    ///
    /// # Errors
    /// Those of the estimator.
    fn estimate_block(
        &self,
        block: &Block,
        then: &mut dyn FnMut(usize, usize, Nats),
    ) -> Result<()> {
        for (i, j) in block.pairs() {
            then(i, j, self.estimate(i, j)?);
        }
        Ok(())
    }

    /// What Xᵢ shares with itself: the entropy of labels, and infinitely much where the values are
    /// taken as continuous, which is the default.
    ///
    /// # Errors
    /// Those of the estimator.
    fn estimate_with_itself(&self, _i: usize) -> Result<Nats> {
        Ok(Nats(f64::INFINITY))
    }
}

/// Pairs of some variables with others.
#[derive(Debug, Clone)]
pub struct Block {
    /// The places of the variables x.
    pub x: Range<usize>,
    /// The places of the variables y.
    pub y: Range<usize>,
    /// Whether only pairs with i < j are wanted, since both are places in one list.
    pub above_diagonal: bool,
}

impl Block {
    /// Whether a pair of the block is wanted.
    ///
    /// ```
    /// use mutinfo::estimator::Block;
    ///
    /// let block = Block { x: 0..2, y: 0..2, above_diagonal: true };
    /// assert!(block.wants(0, 1) && !block.wants(1, 0));
    /// ```
    pub fn wants(&self, i: usize, j: usize) -> bool {
        !self.above_diagonal || i < j
    }

    /// The pairs that are wanted, row after row.
    ///
    /// ```
    /// use mutinfo::estimator::Block;
    ///
    /// let block = Block { x: 0..2, y: 1..3, above_diagonal: true };
    /// assert!(block.pairs().eq([(0, 1), (0, 2), (1, 2)]));
    /// ```
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let all = self
            .x
            .clone()
            .flat_map(|i| self.y.clone().map(move |j| (i, j)));
        all.filter(|&(i, j)| self.wants(i, j))
    }
}

/// Variables as they are.
struct Unprepared<'a, 'd, E: ?Sized> {
    estimator: &'a E,
    sets: Sets<'a, 'd>,
}

impl<E: Estimator + ?Sized> Prepared for Unprepared<'_, '_, E> {
    fn estimate(&self, i: usize, j: usize) -> Result<Nats> {
        let (x, y) = (self.sets.x().get(i), self.sets.y().get(j));
        self.estimator.estimate_variables(&x, &y)
    }

    fn estimate_reordered(&self, i: usize, j: usize, order: &[u32]) -> Result<Nats> {
        let (x, y) = (self.sets.x().get(i), self.sets.y().get(j));
        x.in_order(order, |x| self.estimator.estimate_variables(x, &y))
    }

    fn estimate_with_itself(&self, i: usize) -> Result<Nats> {
        match self.sets.x().get(i) {
            Variable::Continuous(_) => Ok(Nats(f64::INFINITY)),
            labels => self.estimator.estimate_variables(&labels, &labels),
        }
    }
}

macro_rules! forward {
    ($($Pointer:ty),*) => {$(
        impl<E: Estimator + ?Sized> Estimator for $Pointer {
            fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
                (**self).estimate_variables(x, y)
            }

            fn prepare<'a>(&'a self, sets: Sets<'a, '_>) -> Result<Box<dyn Prepared + 'a>> {
                (**self).prepare(sets)
            }
        }
    )*};
}
forward!(&E, Box<E>);

/// An estimator of the conditional mutual information I(X; Y | Z): what x and y share beyond what
/// z says of both.
pub trait ConditionalEstimator: fmt::Display {
    /// Estimates I(X; Y | Z), in nats, from variables that have been converted already.
    ///
    /// # Errors
    /// What the estimator does not take.
    fn estimate_variables_given(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        z: &Variable<'_>,
    ) -> Result<Nats>;

    /// Estimates I(X; Y | Z), in nats.
    ///
    /// # Errors
    /// What the estimator does not take.
    fn estimate_given<'a>(
        &self,
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
        z: impl Into<Variable<'a>>,
    ) -> Result<Nats>
    where
        Self: Sized,
    {
        self.estimate_variables_given(&x.into(), &y.into(), &z.into())
    }
}

impl<E: ConditionalEstimator + ?Sized> ConditionalEstimator for &E {
    fn estimate_variables_given(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        z: &Variable<'_>,
    ) -> Result<Nats> {
        (**self).estimate_variables_given(x, y, z)
    }
}

/// An estimator of the total correlation of two or more variables (Watanabe 1960),
/// TC(X₁; …; Xₘ) = Σᵢ H(Xᵢ) − H(X₁, …, Xₘ): the mutual information, where there are two.
pub trait TotalCorrelation: fmt::Display {
    /// Estimates the total correlation, in nats.
    ///
    /// # Errors
    /// What the estimator does not take.
    fn total_correlation(&self, variables: &[Variable<'_>]) -> Result<Nats>;
}
