//! Mutual information inside a language model: open the activations that Python saved, and ask
//! what units, tokens and layers share.
//!
//! | step | module |
//! |---|---|
//! | save activations in Python | [`saving`] |
//! | open the file: names, types, shapes, a layer as numbers | [`reading`] |
//! | a table of your own, as CSV | [`reading::csv`] |
//! | data as independence would make them | [`Surrogate`] |
//! | unit against label: passage, position, class of token | [`units`] |
//! | all pairs of units, against chance | [`pairs`] |
//! | token against token, over units | [`tokens`] |
//! | layer against layer | [`layers`] |
//! | amounts as plain numbers, for figures and tests | [`amounts`] |
//! | correlation, groups compared, principal components | [`statistics`] |
//! | what can go wrong | [`error`] |
//!
//! A layer is `(samples, units)`: a row for each token, a column for each unit. Estimators come
//! from [`mutinfo`], and amounts are in its [`Nats`](mutinfo::Nats).
//!
//! ```
//! use mutinfo::prelude::*;
//! use mutinfo_activations::prelude::*;
//!
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../notebooks/data/passages.safetensors");
//! let file = Activations::open(path)?;
//! let layer = file.tensor("hidden_states")?.layer(3)?;
//! let (x, y) = (layer.column(99), layer.column(157));
//! println!("units 99 and 157 share {:.3}", Ksg1::default().estimate(x, y)?.to_bits());
//! # Ok::<(), mutinfo_activations::Error>(())
//! ```

pub mod amounts;
pub mod error;
pub mod layers;
pub mod pairs;
pub mod prelude;
pub mod reading;
#[doc = include_str!("../saving.md")]
pub mod saving {}
pub mod statistics;
pub mod tokens;
pub mod units;

/// The code that README.md shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub mod readme {}

pub use error::{Error, Result};
pub use prelude::*;
