//! The front: what Jupyter takes for the kernel.
//!
//! It listens at once (`clients`), answers what needs no kernel, and has evcxr's kernel (`taken`) run
//! the cells, one after the other, each `cell` prepared so that what comes back can be told
//! from what: its `output`, read at the `tap`, and its `failure`, which evcxr mostly calls a
//! success. `session` puts it all together: what Jupyter asks, what the kernel does, and the way
//! of a cell.

mod cell;
mod clients;
mod failure;
mod output;
mod run;
mod session;
mod taken;
mod tap;

pub use failure::{CRASH, PANIC};
pub use session::serve;
