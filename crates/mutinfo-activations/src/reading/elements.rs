//! Elements, of one type and layout, made the numbers, integers or strings that they are.

use half::{bf16, f16};

use super::element::Element;
use super::layout::Layout;
use super::stored::{Picked, Stored};
use crate::error::{Error, Result};

/// 2^53: up to here every integer is an `f64`.
const EXACT: u64 = 1 << 53;

/// The elements of an array, as they are stored.
#[derive(Clone)]
pub(super) struct Elements {
    /// The array's name, for messages.
    pub(super) name: String,
    pub(super) element: Element,
    pub(super) big_endian: bool,
    pub(super) layout: Layout,
    pub(super) data: Stored,
}

impl Elements {
    /// All elements as integers, in the order of their indices.
    pub(super) fn integers(&self) -> Result<Vec<i64>> {
        let all = self.layout.everything();
        let integers = match self.element {
            Element::Bool | Element::UInt8 => self.gather(all, |[byte]| i64::from(byte)),
            Element::Int8 => self.gather(all, |bytes| i64::from(i8::from_le_bytes(bytes))),
            Element::Int16 => self.gather(all, |bytes| i64::from(i16::from_le_bytes(bytes))),
            Element::Int32 => self.gather(all, |bytes| i64::from(i32::from_le_bytes(bytes))),
            Element::Int64 => self.gather(all, i64::from_le_bytes),
            Element::UInt16 => self.gather(all, |bytes| i64::from(u16::from_le_bytes(bytes))),
            Element::UInt32 => self.gather(all, |bytes| i64::from(u32::from_le_bytes(bytes))),
            Element::UInt64 => self.exact(
                all,
                self.gather(all, u64::from_le_bytes)?,
                "a signed integer",
                |value| i64::try_from(value).ok(),
            ),
            _ => Err(self.wrong_type("integers")),
        }?;
        self.in_order(&self.layout.shape, integers)
    }

    /// All elements as strings, in the order of their indices.
    pub(super) fn strings(&self) -> Result<Vec<String>> {
        let strings = match self.element {
            Element::Text(length) => self.words(length, u32::from_le_bytes, |codes| {
                let characters = codes.iter().map(|&code| char::from_u32(code));
                characters.collect()
            }),
            Element::Bytes(length) => self.words(
                length,
                |[byte]: [u8; 1]| byte,
                |bytes| String::from_utf8(bytes.to_vec()).ok(),
            ),
            _ => Err(self.wrong_type("text")),
        }?;
        self.in_order(&self.layout.shape, strings)
    }

    /// Strings of `length` units each, which numpy fills up with zeros.
    fn words<const SIZE: usize, T: PartialEq + Default>(
        &self,
        length: usize,
        convert: impl Fn([u8; SIZE]) -> T,
        decode: impl Fn(&[T]) -> Option<String>,
    ) -> Result<Vec<String>> {
        let all = self.layout.everything();
        let held = (length * size_of::<T>() + size_of::<String>()) as u64;
        self.data.check(&self.name, all.count as u64 * held)?;
        let count = all.count * length;
        let units = self.gather(Picked { count, ..all }, convert)?;
        let words = units.chunks(length).enumerate();
        words
            .map(|(place, word)| {
                let last = word.iter().rposition(|unit| *unit != T::default());
                decode(&word[..last.map_or(0, |last| last + 1)]).ok_or_else(|| Error::NotText {
                    name: self.name.clone(),
                    index: self.layout.index(place),
                })
            })
            .collect()
    }

    /// The picked elements as numbers, in the order of storage.
    pub(super) fn numbers(&self, picked: Picked) -> Result<Vec<f64>> {
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
            Element::Int64 => {
                let integers = self.gather(picked, i64::from_le_bytes)?;
                self.exact(picked, integers, "a 64-bit float", |value| {
                    (value.unsigned_abs() <= EXACT).then_some(value as f64)
                })
            }
            Element::UInt64 => {
                let integers = self.gather(picked, u64::from_le_bytes)?;
                self.exact(picked, integers, "a 64-bit float", |value| {
                    (value <= EXACT).then_some(value as f64)
                })
            }
            _ => Err(self.wrong_type("numbers")),
        }
    }

    /// 64-bit integers, the picked ones, as another type where that loses nothing.
    fn exact<T: Into<i128> + Copy, To>(
        &self,
        picked: Picked,
        integers: Vec<T>,
        needed: &'static str,
        convert: impl Fn(T) -> Option<To>,
    ) -> Result<Vec<To>> {
        let convert = |(place, integer): (usize, T)| {
            convert(integer).ok_or_else(|| Error::NotExact {
                name: self.name.clone(),
                index: self.layout.index(picked.start + place * picked.step),
                value: integer.into(),
                needed,
            })
        };
        integers.into_iter().enumerate().map(convert).collect()
    }

    /// Reads elements of SIZE bytes, whose bytes are handed on smallest first.
    fn gather<const SIZE: usize, T>(
        &self,
        picked: Picked,
        convert: impl Fn([u8; SIZE]) -> T,
    ) -> Result<Vec<T>> {
        if self.big_endian {
            self.data.gather(&self.name, picked, |mut bytes| {
                bytes.reverse();
                convert(bytes)
            })
        } else {
            self.data.gather(&self.name, picked, convert)
        }
    }

    /// Values in the order of storage, of these axes, in the order of their indices.
    pub(super) fn in_order<T>(&self, axes: &[usize], values: Vec<T>) -> Result<Vec<T>> {
        let in_order = self.layout.in_order(axes, values);
        in_order.map_err(|_| self.too_large())
    }

    pub(super) fn too_large(&self) -> Error {
        Error::ShapeTooLarge {
            name: self.name.clone(),
            shape: self.layout.shape.clone(),
        }
    }

    fn wrong_type(&self, needed: &'static str) -> Error {
        let mend = match (&self.element, needed) {
            (Element::Objects, "text") => {
                "numpy pickles objects, which only Python can read; save them as text: `.astype(str)`"
            }
            (Element::Objects | Element::Other(_), "integers") => {
                "convert it in Python, `.astype(\"int64\")`, and save it again"
            }
            (Element::Objects | Element::Other(_), _) => {
                "convert it in Python, `.astype(\"float32\")`, and save it again"
            }
            (Element::Text(_) | Element::Bytes(_), _) => "`strings` reads text",
            (_, "integers") => "`layer` and `array` read numbers",
            _ => "`layer`, `array` and `integers` read numbers",
        };
        Error::WrongType {
            name: self.name.clone(),
            got: self.element.to_string(),
            needed,
            mend,
        }
    }
}
