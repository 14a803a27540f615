//! The kernel as Jupyter sees it: each way to fail is a failure that says what to do, the
//! notebook's state stays what it seems, and whatever is killed, nothing is left running.

mod client;
mod failures;
mod lifetimes;
