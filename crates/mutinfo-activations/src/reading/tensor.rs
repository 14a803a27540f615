//! [`Tensor`]: a named array in a file, converted where it is asked for.

use std::fmt;
use std::io::Read;
use std::ops::Range;

use half::{bf16, f16};
use ndarray::{Array2, ArrayD, IxDyn, ShapeBuilder};

use crate::element::Element;
use crate::error::{Error, Result};
use crate::mapping::Mapping;
use crate::npy::Header;
use crate::npz::Member;

/// Bytes that are converted at a time.
const CHUNK: usize = 1 << 16;

/// 2^53: up to here every integer is an `f64`.
const EXACT: u64 = 1 << 53;

/// A named array in a file. Its numbers stay in the file until they are asked for, and then only
/// those asked for are converted: the layer of a large file costs the memory of that layer.
///
/// It prints its name, type and shape.
#[derive(Clone)]
pub struct Tensor {
    name: String,
    element: Element,
    big_endian: bool,
    fortran_order: bool,
    shape: Vec<usize>,
    data: Stored,
}

#[derive(Clone)]
enum Stored {
    Mapped {
        mapping: Mapping,
        range: Range<usize>,
    },
    /// A member of an archive, with its .npy header's length.
    Packed { member: Member, header: usize },
}

/// Which elements to read, in the order of storage.
#[derive(Clone, Copy)]
struct Picked {
    start: usize,
    step: usize,
    count: usize,
}

impl Tensor {
    /// A tensor in C order and the machine-independent byte order of .safetensors.
    pub(crate) fn mapped(
        name: String,
        element: Element,
        shape: Vec<usize>,
        mapping: &Mapping,
        range: Range<usize>,
    ) -> Result<Self> {
        size(&name, &shape, &element)?;
        let mapping = mapping.clone();
        Ok(Self {
            name,
            element,
            big_endian: false,
            fortran_order: false,
            shape,
            data: Stored::Mapped { mapping, range },
        })
    }

    /// The array of a .npy file, whose data must fill the rest of it.
    pub(crate) fn npy(name: String, header: Header, mapping: &Mapping) -> Result<Self> {
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
    pub(crate) fn packed(name: String, header: Header, member: Member, bytes: u64) -> Result<Self> {
        check_size(&name, &header, bytes.saturating_sub(header.length as u64))?;
        let data = Stored::Packed {
            member,
            header: header.length,
        };
        Ok(Self::with_header(name, header, data))
    }

    fn with_header(name: String, header: Header, data: Stored) -> Self {
        Self {
            name,
            element: header.element,
            big_endian: header.big_endian,
            fortran_order: header.fortran_order,
            shape: header.shape,
            data,
        }
    }

    /// The name in the file; for a .npy file, the file's name without its ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of the stored elements.
    pub fn element(&self) -> &Element {
        &self.element
    }

    /// The number of layers: the first axis's length where there are three axes or more,
    /// otherwise 1.
    pub fn layers(&self) -> usize {
        match self.shape[..] {
            [layers, _, _, ..] => layers,
            _ => 1,
        }
    }

    /// A layer as numbers, `(samples, units)`.
    ///
    /// Of three axes or more the first is the layer, the last the unit, and those between are
    /// the samples: `(layer, token, unit)`, or `(layer, text, token, unit)` with the tokens of
    /// one text after those of the other. With two axes, `(samples, units)`, there is only layer
    /// 0; with one axis it is a single unit.
    ///
    /// # Errors
    /// [`Error::NoSuchLayer`]; [`Error::WrongType`] where the elements are no numbers;
    /// [`Error::NotExact`] for integers beyond 2^53; [`Error::Corrupt`] or [`Error::Truncated`]
    /// where a packed array does not unpack to what it announces; [`Error::OutOfMemory`].
    pub fn layer(&self, layer: usize) -> Result<Array2<f64>> {
        let layers = self.layers();
        if layer >= layers {
            return Err(Error::NoSuchLayer {
                name: self.name.clone(),
                layer,
                layers,
            });
        }
        let axes = match self.shape[..] {
            [_, _, _, ..] => &self.shape[1..],
            _ => &self.shape,
        };
        let count = self.elements() / layers;
        let picked = if self.fortran_order {
            Picked {
                start: layer,
                step: layers,
                count,
            }
        } else {
            Picked {
                start: layer * count,
                step: 1,
                count,
            }
        };
        let values = self.shaped(axes, self.numbers(picked)?)?;
        let (samples, units) = match axes {
            [] => (Some(1), 1),
            [samples] => (Some(*samples), 1),
            [between @ .., units] => (product(between), *units),
        };
        let samples = samples.ok_or_else(|| self.too_large())?;
        let values = if values.is_standard_layout() {
            values
        } else {
            values.as_standard_layout().into_owned()
        };
        values
            .into_shape_with_order((samples, units))
            .map_err(|_| self.too_large())
    }

    /// The whole array as numbers, in its own shape.
    ///
    /// # Errors
    /// As [`Tensor::layer`].
    pub fn array(&self) -> Result<ArrayD<f64>> {
        self.shaped(&self.shape, self.numbers(self.everything())?)
    }

    /// The whole array as integers in the order of storage: token ids, positions, labels.
    ///
    /// # Errors
    /// [`Error::WrongType`] where the elements are no integers; [`Error::NotExact`] beyond the
    /// range of `i64`; otherwise as [`Tensor::layer`].
    pub fn integers(&self) -> Result<Vec<i64>> {
        let all = self.everything();
        match self.element {
            Element::Bool | Element::UInt8 => self.gather(all, |[byte]| i64::from(byte)),
            Element::Int8 => self.gather(all, |bytes| i64::from(i8::from_le_bytes(bytes))),
            Element::Int16 => self.gather(all, |bytes| i64::from(i16::from_le_bytes(bytes))),
            Element::Int32 => self.gather(all, |bytes| i64::from(i32::from_le_bytes(bytes))),
            Element::Int64 => self.gather(all, i64::from_le_bytes),
            Element::UInt16 => self.gather(all, |bytes| i64::from(u16::from_le_bytes(bytes))),
            Element::UInt32 => self.gather(all, |bytes| i64::from(u32::from_le_bytes(bytes))),
            Element::UInt64 => self
                .gather(all, u64::from_le_bytes)?
                .into_iter()
                .enumerate()
                .map(|(index, value)| {
                    i64::try_from(value)
                        .map_err(|_| self.not_exact(index, i128::from(value), "a signed integer"))
                })
                .collect(),
            _ => Err(self.wrong_type("integers", "`layer` and `array` read numbers")),
        }
    }

    /// The whole array as strings, in the order of storage.
    ///
    /// # Errors
    /// [`Error::WrongType`] where the elements are no strings; [`Error::Corrupt`] where one holds
    /// what is no character; otherwise as [`Tensor::layer`].
    pub fn strings(&self) -> Result<Vec<String>> {
        let Element::Text(characters) = self.element else {
            return Err(
                self.wrong_type("text", "numbers are read by `layer`, `array` or `integers`")
            );
        };
        let all = self.everything();
        let codes = self.gather(
            Picked {
                count: all.count * characters,
                ..all
            },
            u32::from_le_bytes,
        )?;
        codes
            .chunks(characters)
            .map(|word| {
                let end = word
                    .iter()
                    .rposition(|&code| code != 0)
                    .map_or(0, |last| last + 1);
                word[..end]
                    .iter()
                    .map(|&code| char::from_u32(code))
                    .collect::<Option<String>>()
                    .ok_or_else(|| Error::corrupt(&self.name, "it holds codes of no character"))
            })
            .collect()
    }

    fn elements(&self) -> usize {
        product(&self.shape).unwrap_or(0) // checked when the tensor was made
    }

    fn everything(&self) -> Picked {
        Picked {
            start: 0,
            step: 1,
            count: self.elements(),
        }
    }

    fn numbers(&self, picked: Picked) -> Result<Vec<f64>> {
        match self.element {
            Element::Float16 => self.gather(picked, |bytes| f16::from_le_bytes(bytes).to_f64()),
            Element::BFloat16 => self.gather(picked, |bytes| bf16::from_le_bytes(bytes).to_f64()),
            Element::Float32 => self.gather(picked, |bytes| f64::from(f32::from_le_bytes(bytes))),
            Element::Float64 => self.gather(picked, f64::from_le_bytes),
            Element::Int8 => self.gather(picked, |bytes| f64::from(i8::from_le_bytes(bytes))),
            Element::Int16 => self.gather(picked, |bytes| f64::from(i16::from_le_bytes(bytes))),
            Element::Int32 => self.gather(picked, |bytes| f64::from(i32::from_le_bytes(bytes))),
            Element::Bool | Element::UInt8 => self.gather(picked, |[byte]| f64::from(byte)),
            Element::UInt16 => self.gather(picked, |bytes| f64::from(u16::from_le_bytes(bytes))),
            Element::UInt32 => self.gather(picked, |bytes| f64::from(u32::from_le_bytes(bytes))),
            Element::Int64 => self.exact(self.gather(picked, i64::from_le_bytes)?),
            Element::UInt64 => self.exact(self.gather(picked, u64::from_le_bytes)?),
            Element::Text(_) => Err(self.wrong_type("numbers", "`strings` reads text")),
            Element::Other(_) => Err(self.wrong_type(
                "numbers",
                "convert it in Python, for instance by `.astype(\"float32\")`, and save it again",
            )),
        }
    }

    /// 64-bit integers as numbers, where that loses nothing.
    fn exact<T: Into<i128> + Copy>(&self, integers: Vec<T>) -> Result<Vec<f64>> {
        let convert = |(index, integer): (usize, T)| {
            let value: i128 = integer.into();
            if value.unsigned_abs() > u128::from(EXACT) {
                return Err(self.not_exact(index, value, "a 64-bit float"));
            }
            Ok(value as f64)
        };
        integers.into_iter().enumerate().map(convert).collect()
    }

    /// Reads elements of SIZE bytes, whose bytes are handed on smallest first.
    fn gather<const SIZE: usize, T>(
        &self,
        picked: Picked,
        convert: impl Fn([u8; SIZE]) -> T,
    ) -> Result<Vec<T>> {
        let damaged = |error: std::io::Error| Error::corrupt(&self.name, error.to_string());
        let mut values = Vec::new();
        if picked.count == 0 {
            return Ok(values);
        }
        values
            .try_reserve_exact(picked.count)
            .map_err(|_| Error::OutOfMemory {
                name: self.name.clone(),
                bytes: picked.count as u64 * size_of::<T>() as u64,
            })?;
        let skipped = picked.start * SIZE;
        let mut stream: Box<dyn Read> = match &self.data {
            Stored::Mapped { mapping, range } => {
                Box::new(&mapping.as_ref()[range.start + skipped..range.end])
            }
            Stored::Packed { member, header } => {
                let mut stream = member.stream().map_err(damaged)?;
                let skipped = (header + skipped) as u64;
                std::io::copy(&mut stream.by_ref().take(skipped), &mut std::io::sink())
                    .map_err(damaged)?;
                stream
            }
        };
        let mut buffer = Vec::with_capacity(CHUNK);
        let mut passed = 0; // elements since the first one picked
        while values.len() < picked.count {
            buffer.clear();
            let read = stream
                .by_ref()
                .take(CHUNK as u64)
                .read_to_end(&mut buffer)
                .map_err(damaged)?;
            let (elements, rest) = buffer.as_chunks::<SIZE>();
            if read == 0 || !rest.is_empty() {
                return Err(Error::Truncated {
                    name: self.name.clone(),
                    needed: (picked.count * SIZE) as u64,
                    got: (values.len() * SIZE) as u64,
                });
            }
            let first = (picked.step - passed % picked.step) % picked.step;
            let wanted = elements.iter().skip(first).step_by(picked.step);
            let wanted = wanted.take(picked.count - values.len());
            values.extend(wanted.map(|&(mut bytes)| {
                if self.big_endian {
                    bytes.reverse();
                }
                convert(bytes)
            }));
            passed += elements.len();
        }
        if let Stored::Packed { member, .. } = &self.data {
            member.verify(stream).map_err(damaged)?;
        }
        Ok(values)
    }

    /// Values in the order of storage, as an array of these axes.
    fn shaped(&self, axes: &[usize], values: Vec<f64>) -> Result<ArrayD<f64>> {
        ArrayD::from_shape_vec(IxDyn(axes).set_f(self.fortran_order), values)
            .map_err(|_| self.too_large())
    }

    fn too_large(&self) -> Error {
        Error::ShapeTooLarge {
            name: self.name.clone(),
            shape: self.shape.clone(),
        }
    }

    fn wrong_type(&self, needed: &'static str, mend: &'static str) -> Error {
        Error::WrongType {
            name: self.name.clone(),
            got: self.element.to_string(),
            needed,
            mend,
        }
    }

    fn not_exact(&self, index: usize, value: i128, needed: &'static str) -> Error {
        Error::NotExact {
            name: self.name.clone(),
            index,
            value,
            needed,
        }
    }
}

impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {:?}", self.name, self.element, self.shape)
    }
}

/// The same as `Display`.
impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The number of elements, where that can be counted.
fn product(shape: &[usize]) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape
        .iter()
        .try_fold(1usize, |product, &axis| product.checked_mul(axis))
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
