//! The kernel and the launcher of the notebooks.
