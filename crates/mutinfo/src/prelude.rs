//! Everything a notebook or a program usually needs: `use mutinfo::prelude::*;`.

pub use crate::compute::progress::{Progress, no_progress};
pub use crate::compute::threads::{set_threads, with_threads};
pub use crate::counting::bin_count::BinCount;
pub use crate::counting::binned::Binned;
pub use crate::counting::binning::Binning;
pub use crate::counting::clustering::Normalisation;
pub use crate::counting::contingency::ContingencyTable;
pub use crate::counting::counts::{Counts, JointCounts};
pub use crate::counting::discrete::Discrete;
pub use crate::counting::edges::Edges;
pub use crate::counting::entropy_estimator::EntropyEstimator;
pub use crate::counting::histogram::Histogram2d;
pub use crate::counting::pmf::{JointPmf, Pmf};
pub use crate::data::columns::Columns;
pub use crate::data::labels::Labels;
pub use crate::data::scaling::Scaling;
pub use crate::data::variable::Variable;
pub use crate::estimator::{ConditionalEstimator, Estimator, TotalCorrelation};
pub use crate::gaussian::{Gaussian, GaussianCopula};
pub use crate::inference::interval::{Interval, Subsampling};
pub use crate::inference::measure::{Measurement, measure, measure_with_progress};
pub use crate::inference::parametric::ParametricResult;
pub use crate::inference::permutation::{PermutationResult, PermutationTest};
pub use crate::inference::{
    IndependenceResult, IndependenceTest, Surrogate, benjamini_hochberg, largest_by_chance,
};
pub use crate::neighbours::ksg1::Ksg1;
pub use crate::neighbours::ksg2::Ksg2;
pub use crate::neighbours::lnc::Lnc;
pub use crate::neighbours::mixed::{MixedKsg, Ross};
pub use crate::neighbours::ties::Ties;
pub use crate::pairwise::{AllPairs, MutualInformationMatrix};
pub use crate::recommended::{Adaptive, Reliability, mutual_information, recommended};
pub use crate::transfer::TransferEntropy;
pub use crate::truth::{Distribution, Sample, SamplingDistribution, Transform, Values};
pub use crate::units::{Bits, Nats};
pub use ndarray;
pub use ndarray_rand;
