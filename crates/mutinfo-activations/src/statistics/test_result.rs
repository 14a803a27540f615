//! [`TestResult`]: what a test with a known law returns.

use std::fmt;

use statrs::distribution::{ContinuousCDF, Normal};

/// A test statistic and the two-sided p-value that belongs to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestResult {
    /// The statistic's symbol: t, U, z or τ.
    pub symbol: char,
    /// The statistic.
    pub statistic: f64,
    /// How often chance alone makes a statistic at least as far from its expectation, if the
    /// test's assumptions hold.
    pub p_value: f64,
}

impl fmt::Display for TestResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {:.2}, p = ", self.symbol, self.statistic)?;
        if self.p_value >= 0.01 {
            write!(f, "{:.3}", self.p_value)
        } else {
            write!(f, "{:.1e}", self.p_value)
        }
    }
}

/// 2 (1 − Φ(|z|)).
pub(super) fn two_sided_normal(z: f64) -> f64 {
    2.0 * Normal::standard().sf(z.abs())
}
