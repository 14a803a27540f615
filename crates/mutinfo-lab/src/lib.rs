//! The notebooks' kernel and launcher.
//!
//! - The kernel is evcxr's, at a [`workbench`] of its own: the versions and builds of this
//!   [`project`], ready before the first cell. It has a cell compiled without cargo
//!   ([`recompile`]) where no dependency changed, and without what keeps the [`variables`]. What
//!   Jupyter starts and talks to is the [`front`], which takes a [`spare`] one, or starts it;
//!   [`engine`] is the kernel's part in that.
//! - [`setup`] brings about what is needed, step by step: the [`toolchain`]'s sources, the
//!   kernel and the crates that notebooks load ([`prebuilt`], by a [`builder`]), JupyterLab in a
//!   [`python`] environment, and the [`kernelspec`] by which Jupyter finds the kernel. [`doctor`]
//!   says what is missing.
//! - [`jupyter`] opens the lecture; [`run`] executes notebooks without it, through a
//!   [`kernel`] spoken to as Jupyter does, by a [`connection`] file, that ends with the program
//!   ([`lifeline`]);
//!   [`mod@restore`] gives a notebook back that was overwritten.
//! - [`mod@make`] turns the authors' Markdown ([`source`]) into [`notebook`]s, executed; of
//!   [`exercises`], into one with blanks and one with solutions.
//! - [`mod@grade`] runs what students handed in.

#![forbid(unsafe_code)]

pub mod engine;
pub mod files;
pub mod lifeline;
pub mod project;
pub mod recompile;
pub mod variables;
pub mod workbench;

// What follows is the launcher's: the kernel is built without it.
#[cfg(feature = "launcher")]
pub mod builder;
#[cfg(feature = "launcher")]
pub mod connection;
#[cfg(feature = "launcher")]
pub mod doctor;
#[cfg(feature = "launcher")]
pub mod execute;
#[cfg(feature = "launcher")]
pub mod exercises;
#[cfg(feature = "launcher")]
pub mod front;
#[cfg(feature = "launcher")]
pub mod grade;
#[cfg(feature = "launcher")]
pub mod jupyter;
#[cfg(feature = "launcher")]
pub mod kernel;
#[cfg(feature = "launcher")]
pub mod kernelspec;
#[cfg(feature = "launcher")]
pub mod make;
#[cfg(feature = "launcher")]
pub mod notebook;
#[cfg(feature = "launcher")]
pub mod prebuilt;
#[cfg(feature = "launcher")]
pub mod progress;
#[cfg(feature = "launcher")]
pub mod python;
#[cfg(feature = "launcher")]
pub mod restore;
#[cfg(feature = "launcher")]
pub mod run;
#[cfg(feature = "launcher")]
pub mod setup;
#[cfg(feature = "launcher")]
pub mod source;
#[cfg(feature = "launcher")]
pub mod spare;
#[cfg(feature = "launcher")]
pub mod toolchain;
