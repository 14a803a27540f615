#![forbid(unsafe_code)]
//! The figures and tables of the mutual information notebooks.
//!
//! | what | module |
//! |---|---|
//! | the lecture's two figures | [`lecture`] |
//! | one variable: how values are spread | [`histogram`] |
//! | pairs of values | [`scatter`] |
//! | all variables of a data set | [`pair_matrix`] |
//! | how a quantity changes | [`lines`] |
//! | a matrix | [`heat_map`] |
//! | estimates with their intervals | [`intervals`] |
//! | entropies and what they share, to scale | [`entropy_bars`] |
//! | the nearest-neighbour estimator at one sample | [`neighbourhood`] |
//! | moving: a growing coupling, more and more bins | [`coupling`], [`binning`] |
//! | figures that move | [`animation`] |
//! | what a cell shows, with its text alternative | [`figure`], [`table`] |
//! | numbers of any type | [`number`] |
//! | how far long work has come | [`progress`] |
//!
//! Drawing goes down through three layers: a figure's module, `panel` (frame, ticks, labels) with
//! `legend` and `image`, and `canvas`, which is plotters' SVG backend. Every figure says in words
//! what it shows ([`Figure::alt`]), from the numbers it was given. All drawing is compiled here and
//! nothing of it in a notebook's cell, where it would cost seconds.
//!
//! A plot that is a cell's last value shows itself. `.draw()?` makes a [`Figure`] of it, to be saved
//! or put [beside](Figure::beside) another.
//!
//! ```
//! use mutinfo::prelude::*;
//! use mutinfo_figures::*;
//!
//! let data = Sample::coupled_normals(200, 1.0, 1)?;
//! let histogram = Histogram2d::equal_width(&data.x, &data.y, 15)?;
//! let figure = data_and_histogram(&data.x, &data.y, &histogram)?;
//! assert!(figure.alt().contains("200 samples"));
//! # Ok::<(), mutinfo::Error>(())
//! ```

pub mod animation;
mod axis;
pub mod binning;
mod canvas;
mod check;
mod colour;
pub mod coupling;
pub mod entropy_bars;
pub mod figure;
pub mod heat_map;
pub mod histogram;
mod image;
pub mod intervals;
pub mod lecture;
mod legend;
pub mod lines;
pub mod neighbourhood;
pub mod number;
pub mod pair_matrix;
mod panel;
mod plot;
pub mod progress;
pub mod scatter;
pub mod table;
#[cfg(test)]
mod testing;
mod words;

pub use binning::bins_animation;
pub use coupling::coupling_animation;
pub use entropy_bars::EntropyBars;
pub use figure::Figure;
pub use heat_map::HeatMap;
pub use histogram::Histogram;
pub use intervals::Intervals;
pub use lecture::{data_and_histogram, marginals};
pub use lines::Lines;
pub use neighbourhood::{Neighbourhood, neighbourhoods};
pub use number::Number;
pub use pair_matrix::PairMatrix;
pub use progress::show_progress;
pub use scatter::Scatter;
pub use table::{ShowTable, Table, accuracy, comparison};
