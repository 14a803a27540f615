//! What the kernel's two processes do besides evcxr's work: they serve an [`owner`], the
//! front that Jupyter talks to, and end with it.
//!
//! A kernel is started with a connection file that names one port more than Jupyter's five.
//! There it waits, warm, until a front takes it. From then on it works in the front's folder,
//! what its [`cells`] print goes to the front alone, and when the front is gone it ends; or, where
//! Jupyter restarts the kernel, it waits some seconds for the next front, which has it forget all
//! that it was told.
//!
//! ```text
//! front ──"own KEY PORT FOLDER"──▶ kernel      answered by "yours CELLS"; later ones are refused
//! front ──"again PID FILE"───────▶ kernel      is found by FILE from then on, while PID lives
//! cells ──"cells KEY PID"────────▶ kernel      answered by "PORT FOLDER", once there is a front
//! cells ──"out KEY", "err KEY"───▶ front       the cells' stdout and stderr from then on
//! cells ◀──────────────────────── front       lines for evcxr, or the wish that they flush
//! ```

pub mod cells;
pub mod owner;

/// In the connection file: the port at which the kernel waits for its owner.
pub const OWNER_PORT: &str = "owner_port";

/// The process that a kernel without an owner ends with.
pub const LIVES_WITH_VARIABLE: &str = "MUTINFO_LIVES_WITH";

/// A file that a spare kernel holds a lock on while nobody has taken it. Where another one
/// does, a spare ends at its start.
pub const SPARE_LOCK_VARIABLE: &str = "MUTINFO_SPARE_LOCK";

/// A line from the front that asks the cells' process to flush what cells printed.
pub const FLUSH: &str = "\u{1e}flush";

/// What begins a remark for the front in what cells print.
pub const REMARK: char = '\u{1e}';

/// The remark, on both streams, that all is flushed.
pub const FLUSHED: &str = "flushed";

/// The answer to the first that asks for a kernel, with the folder of the package that each
/// cell becomes.
pub const YOURS: &str = "yours";

/// How a front gives the kernel back, with the process that starts the next one, and the
/// connection file to be found by.
pub const AGAIN: &str = "again";

/// In the connection file of a kernel that was given back: it has variables and the like.
pub const WAS_USED: &str = "was_used";

/// Code that each of the cells' processes executes first: by it the front learns of panics and
/// of what is left in buffers.
pub const PRELUDE: &str = include_str!("prelude.rs");
