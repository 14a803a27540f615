//! [`Element`]: the type of a stored number, and its width.

use std::fmt;

/// The type of a tensor's elements, as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it all")]
pub enum Element {
    Float16,
    BFloat16,
    Float32,
    Float64,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Bool,
    /// Strings of at most this many characters, numpy's `<U`.
    Text(usize),
    /// Strings of at most this many bytes, numpy's `S`.
    Bytes(usize),
    /// Pickled Python objects, numpy's `O`, which only Python can read.
    Objects,
    /// A type that is named but not read.
    Other(String),
}

impl Element {
    /// The bytes of an element, where the type is one that is read.
    pub(super) fn size(&self) -> Option<usize> {
        Some(match self {
            Self::Bool | Self::Int8 | Self::UInt8 => 1,
            Self::Float16 | Self::BFloat16 | Self::Int16 | Self::UInt16 => 2,
            Self::Float32 | Self::Int32 | Self::UInt32 => 4,
            Self::Float64 | Self::Int64 | Self::UInt64 => 8,
            Self::Text(characters) => characters.checked_mul(4)?,
            Self::Bytes(bytes) => *bytes,
            Self::Objects | Self::Other(_) => return None,
        })
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Float16 => "float16",
            Self::BFloat16 => "bfloat16",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::UInt8 => "uint8",
            Self::UInt16 => "uint16",
            Self::UInt32 => "uint32",
            Self::UInt64 => "uint64",
            Self::Bool => "bool",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Objects => "Python objects",
            Self::Other(name) => name,
        })
    }
}
