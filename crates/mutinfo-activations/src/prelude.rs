//! Everything a notebook usually needs: `use mutinfo_activations::prelude::*;`.

pub use crate::amounts::Amounts;
pub use crate::layers::{ceiling, same_unit};
pub use crate::pairs::{best_matches, p_values, pair_bits};
pub use crate::reading::csv::Csv;
pub use crate::reading::element::Element;
pub use crate::reading::file::{Activations, load};
pub use crate::reading::tensor::Tensor;
pub use crate::statistics::correlation::{centred, correlations, fisher_z_test, pearson};
pub use crate::statistics::groups::{mann_whitney_u, paired_t_test, welch_t_test};
pub use crate::statistics::kendall::kendall_tau;
pub use crate::statistics::projection::Projection;
pub use crate::statistics::test_result::TestResult;
pub use crate::tokens::{TokenPair, TokenPairs, distance_test, first_of_each};
pub use crate::units::{UnitScore, UsableUnits, rank_units};
pub use mutinfo::inference::{Surrogate, benjamini_hochberg, largest_by_chance};
