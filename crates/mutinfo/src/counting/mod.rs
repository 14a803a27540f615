//! Information from counts: bins, tables, probabilities, entropies and their bias.

pub mod bin_count;
pub mod binned;
pub mod binning;
pub mod clustering;
pub mod contingency;
pub mod counts;
pub mod discrete;
pub mod edges;
pub mod entropy_estimator;
pub mod histogram;
mod measures;
mod nsb;
mod order_statistics;
mod pair_tables;
pub mod pmf;
mod repeated_values;
