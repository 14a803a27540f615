//! Everything a notebook usually needs: `use mutinfo_activations::prelude::*;`.

pub use crate::element::Element;
pub use crate::file::Activations;
pub use crate::tensor::Tensor;
