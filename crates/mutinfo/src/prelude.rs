//! Everything a notebook or a program usually needs: `use mutinfo::prelude::*;`.

pub use crate::binned::Binned;
pub use crate::bins::{BinCount, Binning, Edges};
pub use crate::clustering::Normalisation;
pub use crate::contingency::ContingencyTable;
pub use crate::correction::Correction;
pub use crate::counts::{Counts, JointCounts};
pub use crate::discrete::Discrete;
pub use crate::estimator::{ConditionalEstimator, Estimator, TotalCorrelation};
pub use crate::family::{Family, Map};
pub use crate::gaussian::{Gaussian, GaussianCopula};
pub use crate::histogram::Histogram2d;
pub use crate::ksg::{Ksg1, Ksg2, Ties};
pub use crate::lnc::Lnc;
pub use crate::matrix::{AllPairs, InformationMatrix};
pub use crate::mixed::{MixedKsg, Ross};
pub use crate::pmf::{JointPmf, Pmf};
pub use crate::progress::{Progress, unwatched};
pub use crate::recommended::{Recommended, mutual_information};
pub use crate::sample::Sample;
pub use crate::scaling::Scaling;
pub use crate::threads::set_threads;
pub use crate::transfer::TransferEntropy;
pub use crate::units::{Bits, Nats};
pub use crate::variable::{Labels, Variable};
pub use ndarray;
pub use ndarray_rand;
