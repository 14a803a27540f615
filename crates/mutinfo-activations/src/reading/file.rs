//! [`Activations`]: a file of a model's activations.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use crate::error::{Error, Result};
use crate::mapping::Mapping;
use crate::npy::{self, Header};
use crate::tensor::Tensor;
use crate::{npz, safetensors};

/// A file of a model's activations: .npy, .npz or .safetensors, told apart by their first bytes.
///
/// It prints a line for each tensor: name, element type, shape.
///
/// ```
/// use mutinfo_activations::prelude::*;
///
/// let file = Activations::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors"))?;
/// println!("{file}");
/// let layer = file.tensor("hidden_states")?.layer(1)?;
/// assert_eq!(layer.dim(), (5, 4)); // (tokens, units)
/// assert_eq!(file.tokens()?[0], "coffee");
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
#[derive(Clone)]
pub struct Activations {
    tensors: Vec<Tensor>,
    metadata: BTreeMap<String, String>,
}

impl Activations {
    /// Opens a file. .npy, .safetensors and archives are mapped into memory, not read: opening
    /// looks at headers only. Do not shorten the file while it is open: the operating system
    /// would end the program at the next read.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::UnknownFormat`], [`Error::Truncated`], [`Error::Corrupt`],
    /// [`Error::HeaderTooLarge`], [`Error::ShapeTooLarge`], [`Error::Bomb`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mapping = Mapping::open(path).map_err(|error| Error::Io {
            file: path.display().to_string(),
            kind: error.kind(),
            message: error.to_string(),
        })?;
        Self::read(path, &mapping)
    }

    /// The same for the bytes of a file; `name` is the file's name, for messages and for the
    /// tensor of a .npy file.
    ///
    /// # Errors
    /// As [`Activations::open`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self> {
        Self::read(Path::new(name), &Mapping::held(bytes))
    }

    fn read(path: &Path, mapping: &Mapping) -> Result<Self> {
        let file = path.display().to_string();
        let bytes = mapping.as_ref();
        if bytes.starts_with(npy::MAGIC) {
            let header = Header::read(&file, bytes)?;
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            return Ok(Self {
                tensors: vec![Tensor::npy(stem.into_owned(), header, mapping)?],
                metadata: BTreeMap::new(),
            });
        }
        if npz::MAGICS.iter().any(|magic| bytes.starts_with(*magic)) {
            return Ok(Self {
                tensors: npz::read(&file, mapping)?,
                metadata: BTreeMap::new(),
            });
        }
        if safetensors::looks_like(bytes) {
            let (tensors, metadata) = safetensors::read(&file, mapping)?;
            return Ok(Self { tensors, metadata });
        }
        Err(Error::UnknownFormat { file })
    }

    /// Every tensor, in the order of the file.
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// The tensor of this name.
    ///
    /// # Errors
    /// [`Error::NoSuchTensor`].
    pub fn tensor(&self, name: &str) -> Result<&Tensor> {
        self.tensors
            .iter()
            .find(|tensor| tensor.name() == name)
            .ok_or_else(|| Error::NoSuchTensor {
                name: name.to_owned(),
                available: self.tensors.iter().map(|t| t.name().to_owned()).collect(),
            })
    }

    /// The strings that a .safetensors file carries beside its tensors.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// The tokens' strings: a JSON list in the metadata's `tokens` of a .safetensors file, an
    /// array `tokens` of strings in an .npz file.
    ///
    /// # Errors
    /// [`Error::NoTokens`]; [`Error::Corrupt`] where the list is not one of strings.
    pub fn tokens(&self) -> Result<Vec<String>> {
        if let Some(list) = self.metadata.get("tokens") {
            return serde_json::from_str(list).map_err(|error| {
                Error::corrupt("tokens", format!("it is no JSON list of strings: {error}"))
            });
        }
        match self.tensor("tokens") {
            Ok(tensor) => tensor.strings(),
            Err(_) => Err(Error::NoTokens),
        }
    }
}

impl fmt::Display for Activations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (line, tensor) in self.tensors.iter().enumerate() {
            if line > 0 {
                writeln!(f)?;
            }
            write!(f, "{tensor}")?;
        }
        Ok(())
    }
}

/// The same as `Display`.
impl fmt::Debug for Activations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
