//! Everything a notebook usually needs: `use mutinfo_activations::prelude::*;`.

pub use crate::correlation::{centred, correlations, fisher_z_test, kendall_tau, pearson};
pub use crate::element::Element;
pub use crate::file::Activations;
pub use crate::groups::{Test, mann_whitney_u, paired_t_test, welch_t_test};
pub use crate::layers::{AgainstChance, ceiling, same_unit};
pub use crate::null::Null;
pub use crate::pairs::{best_matches, matrix_bits, p_values, pair_bits};
pub use crate::projection::Projection;
pub use crate::tensor::Tensor;
pub use crate::tokens::{TokenPair, TokenPairs, distance_test, first_of_each};
pub use crate::units::{UnitScore, UsableUnits, largest_by_chance, rank_units};
pub use mutinfo::inference::benjamini_hochberg;
