//! What is usually computed beside mutual information.
//!
//! | what | module |
//! |---|---|
//! | Pearson's correlation, Fisher's z | [`correlation`] |
//! | Kendall's τ | [`kendall`] |
//! | two groups of values compared | [`groups`] |
//! | a layer in few dimensions | [`projection`] |
//! | what a test returns | [`test_result`] |
//!
//! Columns of numbers come in every form that an estimator takes: slices, vectors, arrays and views
//! of `f64`. Amounts of information become such a column by
//! [`values`](crate::amounts::Amounts::values).

mod column;
pub mod correlation;
pub mod groups;
pub mod kendall;
pub mod projection;
pub mod test_result;
#[cfg(test)]
mod testing;
