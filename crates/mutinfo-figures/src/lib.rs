#![forbid(unsafe_code)]
//! The figures and tables of the mutual information notebooks.
//!
//! | what | module |
//! |---|---|
//! | the lecture's two figures | [`lecture`] |
//! | how a quantity changes | [`lines`] |
//! | how values are spread | [`histogram`] |
//! | pairs of values | [`scatter`] |
//! | a matrix | [`heat_map`] |
//! | estimates with their intervals | [`intervals`] |
//! | what a cell shows, with its text alternative | [`figure`], [`table`] |
//! | how far long work has come | [`progress`] |
//!
//! Drawing goes down through three layers: a figure's module, `axes` (ticks, frame, labels) with
//! `legend`, and `canvas`, which is plotters' SVG backend. Every figure says in words what it
//! shows ([`Figure::alt`]), from the numbers it was given. All drawing is compiled here and nothing
//! of it in a notebook's cell, where it would cost seconds.
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

mod axes;
mod canvas;
mod colour;
pub mod figure;
pub mod heat_map;
pub mod histogram;
pub mod intervals;
pub mod lecture;
mod legend;
pub mod lines;
pub mod progress;
pub mod scatter;
pub mod table;
#[cfg(test)]
mod testing;
mod words;

pub use figure::Figure;
pub use heat_map::HeatMap;
pub use histogram::Histogram;
pub use intervals::Intervals;
pub use lecture::{data_and_histogram, marginals};
pub use lines::Lines;
pub use progress::show_progress;
pub use scatter::Scatter;
pub use table::{ShowTable, Table, accuracy, comparison};
