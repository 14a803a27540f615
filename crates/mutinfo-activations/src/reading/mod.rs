//! Files of activations: .npy, .npz and .safetensors, as Python saves them.
//!
//! | what | module |
//! |---|---|
//! | a file, told apart by its first bytes | [`mod@file`] |
//! | a named array in it, converted where it is asked for | [`tensor`] |
//! | the type of a stored number | [`element`] |
//! | a table of your own, as CSV | [`csv`] |
//!
//! Below them, each on those after it: the three formats (`npz`, `npy`, `safetensors`); elements
//! made numbers, integers or strings (`elements`); the place of each in an array (`layout`) and
//! the array's bytes (`stored`); a packed member of an archive (`member`); the mapped file
//! (`mapping`).

pub mod csv;
pub mod element;
mod elements;
pub mod file;
mod layout;
mod mapping;
mod member;
mod npy;
mod npz;
mod safetensors;
mod stored;
pub mod tensor;
