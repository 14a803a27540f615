//! [`Reliability`]: whether an estimate can be trusted, and if not, why.

use std::fmt;

/// What an estimate is worth, in a word for a program and a line for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Reliability {
    /// Nothing speaks against the estimate and its interval.
    #[default]
    Good,
    /// A variable has the same value in every sample: what was not seen to vary tells nothing.
    Constant,
    /// The interval spans all values that are possible.
    TooFewSamples,
    /// Rows are exact copies of each other. Each was counted once.
    Copies,
    /// Pairs of classes are so rare that independent labels would show half of the entropy, or more, and
    /// the interval does not exclude that they share a tenth of it.
    RarePairs,
    /// The dependence is finer than the distances between samples, so that most of it is inferred; or
    /// there are too few samples of each class for narrow windows to show it.
    FineDependence,
    /// The estimate is near ln N, the most that N samples can show; the truth may be far above.
    NearLimit,
}

impl Reliability {
    /// Whether the estimate can be trusted.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert!(Reliability::Good.is_good());
    /// assert!(!Reliability::TooFewSamples.is_good());
    /// ```
    pub fn is_good(self) -> bool {
        self == Self::Good
    }
}

/// What a reader should know.
impl fmt::Display for Reliability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Good => "reliable",
            Self::Constant => "a variable is constant",
            Self::TooFewSamples => "too few samples to say anything",
            Self::Copies => "rows are copies of each other; each was counted once",
            Self::RarePairs => "unreliable: too few samples for so many classes",
            Self::FineDependence => {
                "unreliable: the dependence is finer than the samples are dense"
            }
            Self::NearLimit => "unreliable: near ln N, the most that N samples can show",
        })
    }
}
