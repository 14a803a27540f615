//! What the estimators from nearest neighbours have in common: their parameters, and how they see
//! two variables.

use std::fmt;
use std::ops::Range;

use ndarray::{Array2, ArrayView2};
use statrs::function::gamma::digamma;

use crate::data::check::check_samples;
use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::data::varying::both_continuous;
use crate::error::{Error, Result};
use crate::neighbours::ties::{Ties, check_distinct, distinct_rows};
use crate::search;
use crate::units::Nats;

/// Two variables side by side, and the columns of each.
pub(super) type Joint = (Array2<f64>, [Range<usize>; 2]);

/// The parameters of an estimator from nearest neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) k: usize,
    pub(super) scaling: Scaling,
    pub(super) ties: Ties,
}

impl Parameters {
    pub(super) fn new(k: usize) -> Result<Self> {
        if k == 0 {
            return Err(Error::ZeroNeighbours);
        }
        Ok(Self {
            k,
            scaling: Scaling::default(),
            ties: Ties::default(),
        })
    }

    pub(super) fn display(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{name}, k = {}", self.k);
        if self.scaling != Scaling::default() {
            text += &format!(", {}", self.scaling);
        }
        match self.ties {
            Ties::Refuse => {}
            Ties::Include => text += ", ties included",
            Ties::Formula => text += ", ties by the formula",
        }
        f.pad(&text)
    }

    /// The variables' columns side by side, scaled.
    pub(super) fn joint(&self, variables: &[ArrayView2<'_, f64>]) -> Result<Array2<f64>> {
        check_samples(variables, self.k)?;
        Ok(self.scaling.joint(variables))
    }

    /// Two variables side by side, scaled, and the columns of each. `None` where one is constant.
    pub(super) fn pair(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        method: &'static str,
    ) -> Result<Option<Joint>> {
        let Some([x, y]) = both_continuous(x, y, method)? else {
            return Ok(None);
        };
        for (argument, variable) in [("x", &x), ("y", &y)] {
            self.check_repeated(argument, variable.view(), method)?;
        }
        let joint = self.joint(&[x.view(), y.view()])?;
        let spaces = [0..x.ncols(), x.ncols()..joint.ncols()];
        Ok(Some((joint, spaces)))
    }

    /// An error where ties are refused and a variable has too few different values.
    pub(super) fn check_repeated(
        &self,
        argument: &'static str,
        variable: ArrayView2<'_, f64>,
        method: &'static str,
    ) -> Result<()> {
        if self.ties == Ties::Refuse {
            check_distinct(argument, distinct_rows(variable), variable.nrows(), method)?;
        }
        Ok(())
    }

    /// An error where ties are refused and a row is tied.
    pub(super) fn check_ties(&self, tied: Option<usize>, method: &'static str) -> Result<()> {
        match (self.ties, tied) {
            (Ties::Refuse, Some(row)) => Err(Error::Ties {
                row,
                k: self.k,
                method,
            }),
            _ => Ok(()),
        }
    }

    /// How many points are nearer than the k-th neighbour in the joint space, each point itself
    /// included.
    pub(super) fn near(
        &self,
        joint: &Array2<f64>,
        marginals: &[Range<usize>],
        method: &'static str,
    ) -> Result<Vec<Vec<u32>>> {
        let mut counts = search::counts_below_kth(joint.view(), marginals, self.k);
        self.check_ties(counts.tied.first().copied(), method)?;
        if self.ties == Ties::Formula {
            for &row in &counts.tied {
                for near in &mut counts.near {
                    near[row] = 1;
                }
            }
        }
        Ok(counts.near)
    }

    /// ψ(k) + ψ(N) − ψ(nₓ) − ψ(n_y) of each sample, and 0 where a variable is constant, so that nothing
    /// was counted.
    pub(super) fn local(&self, samples: usize, near: Option<&[Vec<u32>]>) -> Vec<Nats> {
        let Some([x, y]) = near else {
            return vec![Nats(0.0); samples];
        };
        let constant = digamma(self.k as f64) + digamma(samples as f64);
        let share = |(&x, &y): (&u32, &u32)| Nats(constant - digamma(x.into()) - digamma(y.into()));
        x.iter().zip(y).map(share).collect()
    }
}

/// The setters of an estimator that is nothing but [`Parameters`].
macro_rules! parameters {
    ($Estimator:ident, $name:literal) => {
        impl $Estimator {
            /// With k neighbours, of any type of integer, each column scaled to unit standard
            /// deviation, ties refused.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// assert_eq!(Ksg1::new(5)?.k(), 5);
            /// assert_eq!(Ksg2::new(5)?.to_string(), "KSG2, k = 5");
            /// assert!(Ross::new(0).is_err());
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            ///
            /// # Errors
            /// [`Error::ZeroNeighbours`](crate::Error::ZeroNeighbours).
            pub fn new(k: impl TryInto<usize>) -> Result<Self> {
                Parameters::new(k.try_into().unwrap_or(0)).map(Self)
            }

            /// The same with another scaling of the columns.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// // By normal scores, the logarithm of a price is the price.
            /// let data = Sample::coupled_normals(100, 1.0, 42)?;
            /// let prices = data.x.mapv(f64::exp);
            /// let scores = Ksg1::default().scaling(Scaling::NormalScores);
            /// assert_eq!(scores.estimate(&prices, &data.y)?, scores.estimate(&data.x, &data.y)?);
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            #[must_use]
            pub fn scaling(self, scaling: Scaling) -> Self {
                Self(Parameters { scaling, ..self.0 })
            }

            /// The same with another rule for ties.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// // A die and its copy: ten points at each of six places.
            /// let die = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].repeat(10);
            /// assert!(Ksg1::default().estimate(&die, &die).is_err());
            /// let information = Ksg1::default().ties(Ties::Include).estimate(&die, &die)?;
            /// assert!(Nats(0.0) < information && information < Nats(6_f64.ln()));
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            #[must_use]
            pub fn ties(self, ties: Ties) -> Self {
                Self(Parameters { ties, ..self.0 })
            }

            /// The number of neighbours.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// assert_eq!((Ksg1::default().k(), Ksg2::new(5)?.k()), (3, 5));
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            pub fn k(&self) -> usize {
                self.0.k
            }
        }

        /// k = 3 neighbours, as scikit-learn.
        impl Default for $Estimator {
            fn default() -> Self {
                Self(Parameters::new(3).expect("3 is not 0"))
            }
        }

        impl fmt::Display for $Estimator {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.display($name, f)
            }
        }
    };
}
pub(super) use parameters;
