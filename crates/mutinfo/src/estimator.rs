//! The one way to call every estimator: [`Estimator`] for I(X; Y), [`ConditionalEstimator`] for
//! I(X; Y | Z), [`TotalCorrelation`] for more than two variables.

use std::fmt;

use crate::error::Result;
use crate::units::Nats;
use crate::variable::Variable;

/// An estimator of the mutual information I(X; Y): a small value with its parameters, which
/// takes two variables observed together and returns an amount of information.
///
/// It prints its name and parameters, for tables and messages.
pub trait Estimator: fmt::Display {
    /// Estimates I(X; Y), in nats, from variables that have been converted already.
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats>;

    /// Estimates I(X; Y), in nats.
    fn estimate<'a>(&self, x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<Nats>
    where
        Self: Sized,
    {
        self.estimate_variables(&x.into(), &y.into())
    }
}

/// An estimator of the conditional mutual information I(X; Y | Z): what x and y share beyond what
/// z says of both.
pub trait ConditionalEstimator: fmt::Display {
    /// Estimates I(X; Y | Z), in nats, from variables that have been converted already.
    fn estimate_variables_given(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        z: &Variable<'_>,
    ) -> Result<Nats>;

    /// Estimates I(X; Y | Z), in nats.
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

/// An estimator of the total correlation of two or more variables (Watanabe 1960),
/// TC(X₁; …; Xₘ) = Σᵢ H(Xᵢ) − H(X₁, …, Xₘ): the mutual information, where there are two.
pub trait TotalCorrelation: fmt::Display {
    /// Estimates the total correlation, in nats.
    fn total_correlation(&self, variables: &[Variable<'_>]) -> Result<Nats>;
}
