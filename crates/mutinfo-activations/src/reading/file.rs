//! [`Activations`]: a file of a model's activations.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use ndarray::Array2;

use super::mapping::Mapping;
use super::npy::{self, Header};
use super::tensor::Tensor;
use super::{npz, safetensors};
use crate::error::{Error, Result};

/// A file of a model's activations: .npy, .npz or .safetensors, told apart by their first bytes.
///
/// It prints a line for each tensor: name, element type, shape, or why it can't be read.
///
/// ```
/// use mutinfo_activations::prelude::*;
///
/// let file = Activations::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors"))?;
/// println!("{file}");
/// let layer = file.tensor("hidden_states")?.layer(1)?;
/// assert_eq!(layer.dim(), (8, 4)); // (tokens, units)
/// assert_eq!(file.tokens()?[0], "coffee");
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
#[derive(Clone)]
pub struct Activations {
    file: String,
    tensors: Vec<Tensor>,
    /// What an archive holds besides, and why it can't be read.
    unreadable: Vec<(String, Error)>,
    metadata: BTreeMap<String, String>,
}

/// The numbers of a file that holds one array of one layer, `(samples, units)`: a .npy file, most
/// often.
///
/// ```
/// use mutinfo_activations::prelude::*;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/matrix.npy");
/// let layer = load(path)?;
/// assert_eq!(layer.dim(), (6, 4));
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// As [`Activations::open`] and [`Tensor::layer`]; [`Error::NotOneLayer`] where there is a choice.
pub fn load(path: impl AsRef<Path>) -> Result<Array2<f64>> {
    let file = Activations::open(path)?;
    match (&file.tensors[..], &file.unreadable[..]) {
        ([tensor], []) if tensor.layers() == 1 => tensor.layer(0),
        _ => Err(Error::NotOneLayer {
            arrays: file.tensors.iter().map(Tensor::to_string).collect(),
            file: file.file,
        }),
    }
}

impl Activations {
    /// Opens a file. .npy, .safetensors and archives are mapped into memory, not read: opening
    /// looks at headers only. Do not shorten the file while it is open: the operating system
    /// would end the program at the next read.
    ///
    /// Of an archive, what can be read is: an array that can't, for it is damaged or packed in a
    /// way that numpy does not use, is an error when it is asked for.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensors().len(), 3);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::UnknownFormat`], [`Error::Truncated`], [`Error::Corrupt`],
    /// [`Error::HeaderTooLarge`], [`Error::ShapeTooLarge`]; for an archive, where no array of it
    /// can be read.
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
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/matrix.npy");
    /// let bytes = std::fs::read(path).unwrap();
    /// let file = Activations::from_bytes("matrix.npy", bytes)?;
    /// assert_eq!(file.to_string(), "matrix: float32 [6, 4]");
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Activations::open`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self> {
        Self::read(Path::new(name), &Mapping::held(bytes))
    }

    fn read(path: &Path, mapping: &Mapping) -> Result<Self> {
        let file = path.display().to_string();
        let bytes = mapping.as_ref();
        let mut opened = Self {
            file: file.clone(),
            tensors: Vec::new(),
            unreadable: Vec::new(),
            metadata: BTreeMap::new(),
        };
        if bytes.starts_with(npy::MAGIC) {
            let header = Header::read(&file, bytes)?;
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let tensor = Tensor::npy(stem.into_owned(), header, mapping)?;
            opened.tensors.push(tensor);
        } else if npz::MAGICS.iter().any(|magic| bytes.starts_with(*magic)) {
            for (name, array) in npz::read(&file, mapping)? {
                match array {
                    Ok(tensor) => opened.tensors.push(tensor),
                    Err(error) => opened.unreadable.push((name, error)),
                }
            }
            if let ([], [(_, error), ..]) = (&opened.tensors[..], &opened.unreadable[..]) {
                return Err(error.clone());
            }
        } else if safetensors::looks_like(bytes) {
            (opened.tensors, opened.metadata) = safetensors::read(&file, mapping)?;
        } else {
            return Err(Error::UnknownFormat { file });
        }
        Ok(opened)
    }

    /// Every tensor that can be read, in the order of the file.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// let shapes: Vec<&[usize]> = file.tensors().iter().map(Tensor::shape).collect();
    /// assert!(shapes.contains(&[3, 8, 4].as_slice()));
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// The tensor of this name.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("passage")?.shape(), [8]);
    /// assert!(file.tensor("hidden").is_err()); // and says what there is
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSuchTensor`], or why this one can't be read.
    pub fn tensor(&self, name: &str) -> Result<&Tensor> {
        if let Some(tensor) = self.tensors.iter().find(|tensor| tensor.name() == name) {
            return Ok(tensor);
        }
        let mut unreadable = self.unreadable.iter();
        Err(match unreadable.find(|(other, _)| other == name) {
            Some((_, error)) => error.clone(),
            None => Error::NoSuchTensor {
                name: name.to_owned(),
                available: self.tensors.iter().map(|t| t.name().to_owned()).collect(),
            },
        })
    }

    /// The strings that a .safetensors file carries beside its tensors.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert!(file.metadata()["tokens"].starts_with("[\"coffee\""));
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// The tokens' strings: a JSON list in the metadata's `tokens` of a .safetensors file, an
    /// array `tokens` of strings in an .npz file.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tokens()?[0], "coffee");
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoTokens`]; [`Error::Corrupt`] or [`Error::WrongType`] where the list is not one of
    /// strings; otherwise as [`Tensor::strings`].
    pub fn tokens(&self) -> Result<Vec<String>> {
        if let Some(list) = self.metadata.get("tokens") {
            return serde_json::from_str(list).map_err(|error| {
                Error::corrupt("tokens", format!("it is no JSON list of strings: {error}"))
            });
        }
        match self.tensor("tokens") {
            Ok(tensor) => tensor.strings(),
            Err(Error::NoSuchTensor { .. }) => Err(Error::NoTokens),
            Err(error) => Err(error),
        }
    }
}

impl fmt::Display for Activations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let readable = self.tensors.iter().map(Tensor::to_string);
        let unreadable = self.unreadable.iter();
        let unreadable = unreadable.map(|(name, error)| format!("{name}: can't be read: {error}"));
        f.write_str(&readable.chain(unreadable).collect::<Vec<_>>().join("\n"))
    }
}

/// The same as `Display`.
impl fmt::Debug for Activations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
