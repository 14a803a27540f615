//! Mutual information inside a language model.
//!
//! | step | module |
//! |---|---|
//! | open what Python saved | [`file`], [`tensor`], [`element`] |
//! | save it there | [`saving`] |
//! | token against token, over units | [`tokens`] |
//! | a layer in few dimensions | [`projection`] |
//! | correlation, Kendall's τ, Fisher's z | [`correlation`] |
//! | two groups of values compared | [`groups`] |
//! | what can go wrong | [`error`] |

pub mod correlation;
pub mod element;
pub mod error;
pub mod file;
pub mod groups;
mod mapping;
mod npy;
mod npz;
pub mod prelude;
pub mod projection;
mod safetensors;
#[doc = include_str!("../saving.md")]
pub mod saving {}
pub mod tensor;
pub mod tokens;

pub use error::{Error, Result};
pub use prelude::*;
