//! [`Tensor`]: a named array in a file, converted where it is asked for.

use std::fmt;
use std::ops::Range;

use ndarray::{Array1, Array2, ArrayD};

use super::element::Element;
use super::elements::Elements;
use super::layout::{Layout, product};
use super::mapping::Mapping;
use super::member::Member;
use super::npy::Header;
use super::stored::Stored;
use crate::error::{Error, Result};

/// A named array in a file. Its numbers stay in the file until they are asked for, and then only
/// those asked for are converted: a layer of a large file costs the memory of that layer, and a
/// unit that of one column.
///
/// What it returns is in the order of the array's indices, the last of them fastest, however the
/// file stores it (numpy has a C and a Fortran order).
///
/// It prints its name, type and shape.
#[derive(Clone)]
pub struct Tensor(Elements);

impl Tensor {
    /// A tensor in C order and the machine-independent byte order of .safetensors.
    pub(super) fn mapped(
        name: String,
        element: Element,
        shape: Vec<usize>,
        mapping: &Mapping,
        range: Range<usize>,
    ) -> Result<Self> {
        size(&name, &shape, &element)?;
        let mapping = mapping.clone();
        Ok(Self(Elements {
            name,
            element,
            big_endian: false,
            layout: Layout {
                shape,
                fortran_order: false,
            },
            data: Stored::Mapped { mapping, range },
        }))
    }

    /// The array of a .npy file, whose data must fill the rest of it.
    pub(super) fn npy(name: String, header: Header, mapping: &Mapping) -> Result<Self> {
        let range = header.length..mapping.as_ref().len();
        check_size(&name, &header, range.len() as u64)?;
        let mapping = mapping.clone();
        Ok(Self::with_header(
            name,
            header,
            Stored::Mapped { mapping, range },
        ))
    }

    /// The array of a member of an archive, which announces this many bytes unpacked.
    pub(super) fn packed(name: String, header: Header, member: Member, bytes: u64) -> Result<Self> {
        check_size(&name, &header, bytes.saturating_sub(header.length as u64))?;
        let data = Stored::Packed {
            member,
            header: header.length,
        };
        Ok(Self::with_header(name, header, data))
    }

    fn with_header(name: String, header: Header, data: Stored) -> Self {
        Self(Elements {
            name,
            element: header.element,
            big_endian: header.big_endian,
            layout: Layout {
                shape: header.shape,
                fortran_order: header.fortran_order,
            },
            data,
        })
    }

    /// The name in the file; for a .npy file, the file's name without its ending.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("passage")?.name(), "passage");
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The length of each axis.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("hidden_states")?.shape(), [3, 8, 4]); // (layer, token, unit)
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.0.layout.shape
    }

    /// The type of the stored elements.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("hidden_states")?.element(), &Element::Float16);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn element(&self) -> &Element {
        &self.0.element
    }

    /// The number of layers: the first axis's length where there are three axes or more,
    /// otherwise 1.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("hidden_states")?.layers(), 3);
    /// assert_eq!(file.tensor("passage")?.layers(), 1);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn layers(&self) -> usize {
        self.0.layout.layers()
    }

    /// A layer as numbers, `(samples, units)`.
    ///
    /// Of three axes or more the first is the layer, the last the unit, and those between are
    /// the samples: `(layer, token, unit)`, or `(layer, text, token, unit)` with the tokens of
    /// one text after those of the other. With two axes, `(samples, units)`, there is only layer
    /// 0; with one axis it is a single unit.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("hidden_states")?.layer(2)?.dim(), (8, 4)); // (tokens, units)
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSuchLayer`]; [`Error::WrongType`] where the elements are no numbers;
    /// [`Error::NotExact`] for integers beyond 2^53; [`Error::Corrupt`] or [`Error::Truncated`]
    /// where a packed array does not unpack to what it announces; [`Error::Bomb`];
    /// [`Error::OutOfMemory`].
    pub fn layer(&self, layer: usize) -> Result<Array2<f64>> {
        let (samples, units) = self.axes(layer)?;
        let values = self.0.numbers(self.0.layout.layer(layer))?;
        let values = self.0.in_order(&[samples, &[units]].concat(), values)?;
        let samples = product(samples).ok_or_else(|| self.0.too_large())?;
        Array2::from_shape_vec((samples, units), values).map_err(|_| self.0.too_large())
    }

    /// One unit of a layer, a value for each sample: the column of [`Tensor::layer`], without the
    /// memory of the others.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// let states = file.tensor("hidden_states")?;
    /// assert_eq!(states.unit(1, 3)?, states.layer(1)?.column(3));
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Tensor::layer`], and [`Error::NoSuchUnit`].
    pub fn unit(&self, layer: usize, unit: usize) -> Result<Array1<f64>> {
        let (samples, units) = self.axes(layer)?;
        if unit >= units {
            return Err(Error::NoSuchUnit { unit, units });
        }
        let count = product(samples).ok_or_else(|| self.0.too_large())?;
        let values = self.0.numbers(self.0.layout.unit(layer, unit, count))?;
        Ok(self.0.in_order(samples, values)?.into())
    }

    /// The whole array as numbers, in its own shape.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("hidden_states")?.array()?[[2, 4, 1]], 2.25);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Tensor::layer`].
    pub fn array(&self) -> Result<ArrayD<f64>> {
        let values = self.0.numbers(self.0.layout.everything())?;
        let array = self.0.layout.shaped(&self.0.layout.shape, values);
        array.map_err(|_| self.0.too_large())
    }

    /// The whole array as integers: token ids, positions, labels.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.safetensors");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("passage")?.integers()?, [0, 0, 0, 0, 0, 1, 1, 1]);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongType`] where the elements are no integers; [`Error::NotExact`] beyond the
    /// range of `i64`; otherwise as [`Tensor::layer`].
    pub fn integers(&self) -> Result<Vec<i64>> {
        self.0.integers()
    }

    /// The whole array as strings: numpy's text (`U`), and its bytes (`S`) where they are UTF-8.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/states.npz");
    /// let file = Activations::open(path)?;
    /// assert_eq!(file.tensor("tokens")?.strings()?[3], "Ġcup");
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongType`] where the elements are no strings; [`Error::NotText`] where one holds
    /// what is no character; otherwise as [`Tensor::layer`].
    pub fn strings(&self) -> Result<Vec<String>> {
        self.0.strings()
    }

    /// The axes of a layer that must be there: those of the samples, and the number of units.
    fn axes(&self, layer: usize) -> Result<(&[usize], usize)> {
        let layers = self.layers();
        if layer >= layers {
            return Err(Error::NoSuchLayer {
                name: self.0.name.clone(),
                layer,
                layers,
            });
        }
        Ok(self.0.layout.samples_and_units())
    }
}

impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} {:?}",
            self.0.name, self.0.element, self.0.layout.shape
        )
    }
}

/// The same as `Display`.
impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The bytes that a shape needs, where the element type is one that is read.
fn size(name: &str, shape: &[usize], element: &Element) -> Result<Option<u64>> {
    let too_large = || Error::ShapeTooLarge {
        name: name.to_owned(),
        shape: shape.to_vec(),
    };
    let elements = product(shape).ok_or_else(too_large)?;
    match element.size() {
        Some(size) => match elements.checked_mul(size) {
            Some(bytes) => Ok(Some(bytes as u64)),
            None => Err(too_large()),
        },
        None => Ok(None),
    }
}

/// Checks that a header's shape and the bytes that follow it agree.
fn check_size(name: &str, header: &Header, got: u64) -> Result<()> {
    match size(name, &header.shape, &header.element)? {
        Some(needed) if got < needed => Err(Error::Truncated {
            name: name.to_owned(),
            needed,
            got,
        }),
        Some(needed) if got > needed => Err(Error::corrupt(
            name,
            format!(
                "{} bytes follow its end (several arrays saved into one .npy file? save them as .npz)",
                got - needed
            ),
        )),
        _ => Ok(()),
    }
}
