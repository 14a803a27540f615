//! [`Estimator`]: the one way to call every estimator of mutual information.

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
