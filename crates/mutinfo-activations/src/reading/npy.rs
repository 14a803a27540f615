//! The header of numpy's .npy format, versions 1 to 3: element type, order and shape.
//!
//! `ndarray-npy` reads arrays whose type is known when the program is compiled, and neither
//! float16 nor bfloat16. Here the file says the type, so the header is read by the few lines below
//! and never allocates more than it holds.

use std::io::Read;

use super::element::Element;
use crate::error::{Error, Result};

/// The first bytes of every .npy file.
pub(super) const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// numpy's own headers have 118 bytes, and a few more for long shapes.
const HEADER_LIMIT: u64 = 1 << 16;

/// More axes than numpy itself allows.
const MAX_RANK: usize = 64;

/// What a .npy header says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    pub(super) element: Element,
    pub(super) big_endian: bool,
    pub(super) fortran_order: bool,
    pub(super) shape: Vec<usize>,
    /// The bytes before the first element.
    pub(super) length: usize,
}

impl Header {
    /// Reads the header from the start of a stream.
    pub(super) fn read(name: &str, mut stream: impl Read) -> Result<Self> {
        let mut preamble = [0; 8];
        read_exactly(name, &mut stream, &mut preamble)?;
        if !preamble.starts_with(MAGIC) {
            return Err(Error::corrupt(name, "it does not start as a .npy array"));
        }
        let (prefix, text_length) = match preamble[6] {
            1 => {
                let mut length = [0; 2];
                read_exactly(name, &mut stream, &mut length)?;
                (10, u64::from(u16::from_le_bytes(length)))
            }
            2 | 3 => {
                let mut length = [0; 4];
                read_exactly(name, &mut stream, &mut length)?;
                (12, u64::from(u32::from_le_bytes(length)))
            }
            version => {
                return Err(Error::corrupt(
                    name,
                    format!("version {version} of the .npy format is not known"),
                ));
            }
        };
        if text_length > HEADER_LIMIT {
            return Err(Error::HeaderTooLarge {
                name: name.to_owned(),
                bytes: text_length,
                limit: HEADER_LIMIT,
            });
        }
        let mut text = vec![0; text_length as usize];
        read_exactly(name, &mut stream, &mut text)?;
        let text = std::str::from_utf8(&text)
            .map_err(|_| Error::corrupt(name, "its header is not text"))?;
        let (descr, fortran_order, shape) = dictionary(text)
            .ok_or_else(|| Error::corrupt(name, format!("its header is {text:?}")))?;
        let (element, big_endian) = element(&descr);
        Ok(Self {
            element,
            big_endian,
            fortran_order,
            shape,
            length: prefix + text.len(),
        })
    }
}

fn read_exactly(name: &str, stream: &mut impl Read, buffer: &mut [u8]) -> Result<()> {
    stream
        .read_exact(buffer)
        .map_err(|error| Error::corrupt(name, format!("its header can't be read: {error}")))
}

/// Type description, Fortran order and shape from the Python dictionary that a header is.
fn dictionary(text: &str) -> Option<(String, bool, Vec<usize>)> {
    let (mut descr, mut fortran_order, mut shape) = (None, None, None);
    let mut rest = text.trim().strip_prefix('{')?;
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            return if after.is_empty() {
                Some((descr?, fortran_order?, shape?))
            } else {
                None
            };
        }
        let (key, after) = quoted(rest)?;
        rest = after.trim_start().strip_prefix(':')?.trim_start();
        rest = match key {
            "descr" => {
                let (value, after) = quoted(rest).or_else(|| bracketed(rest))?;
                descr = Some(value.to_owned());
                after
            }
            "fortran_order" => {
                let (value, after) = match rest.strip_prefix("True") {
                    Some(after) => (true, after),
                    None => (false, rest.strip_prefix("False")?),
                };
                fortran_order = Some(value);
                after
            }
            "shape" => {
                let (value, after) = rest.strip_prefix('(')?.split_once(')')?;
                shape = Some(axes(value)?);
                after
            }
            _ => return None,
        };
        rest = rest.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

/// A string in single or double quotes, without escapes, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].split_once(quote)
}

/// A list with its brackets, lists inside it included, and what follows: the description of a
/// structured type, which is named in messages and not read.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with('[') {
        return None;
    }
    let mut depth = 0usize;
    for (position, character) in text.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(text.split_at(position + 1));
        }
    }
    None
}

/// The numbers of a Python tuple: `7, 938, 384` or `5,` or nothing.
fn axes(text: &str) -> Option<Vec<usize>> {
    let text = text.trim();
    let text = text.strip_suffix(',').unwrap_or(text);
    if text.is_empty() {
        return Some(Vec::new());
    }
    let axes: Option<Vec<usize>> = text
        .split(',')
        .map(|axis| {
            let axis = axis.trim();
            axis.strip_suffix('L').unwrap_or(axis).parse().ok() // Python 2 wrote 5L
        })
        .collect();
    axes.filter(|axes| axes.len() <= MAX_RANK)
}

/// The element type and whether its bytes come largest first.
fn element(descr: &str) -> (Element, bool) {
    let (big_endian, code) = match descr.strip_prefix(['<', '|', '=', '>']) {
        Some(code) if descr.starts_with('>') => (true, code),
        Some(code) => (descr.starts_with('=') && cfg!(target_endian = "big"), code),
        None => (false, descr),
    };
    let element = match code {
        "f2" => Element::Float16,
        "f4" => Element::Float32,
        "f8" => Element::Float64,
        "i1" => Element::Int8,
        "i2" => Element::Int16,
        "i4" => Element::Int32,
        "i8" => Element::Int64,
        "u1" => Element::UInt8,
        "u2" => Element::UInt16,
        "u4" => Element::UInt32,
        "u8" => Element::UInt64,
        "b1" => Element::Bool,
        // numpy has no bfloat16: `ml_dtypes` stores it as two bytes without a meaning.
        "V2" | "bfloat16" => Element::BFloat16,
        "O" => Element::Objects,
        _ => strings(code).unwrap_or_else(|| Element::Other(descr.to_owned())),
    };
    (element, big_endian)
}

/// Text of so many characters, `U12`, or bytes, `S12`. In numpy, neither has 2^31 bytes or more.
fn strings(code: &str) -> Option<Element> {
    let kind = match code.chars().next()? {
        'U' => Element::Text,
        'S' => Element::Bytes,
        _ => return None,
    };
    let length = code[1..].parse().ok()?;
    (1..=i32::MAX as usize / 4)
        .contains(&length)
        .then(|| kind(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version 1 file's first bytes, padded as numpy pads.
    fn file(header: &str) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0]);
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes
    }

    fn read(header: &str) -> Result<Header> {
        Header::read("a.npy", &file(header)[..])
    }

    #[test]
    fn reads_what_numpy_writes() {
        let header =
            read("{'descr': '<f2', 'fortran_order': False, 'shape': (7, 938, 384), }   \n")
                .unwrap();
        assert_eq!(header.element, Element::Float16);
        assert_eq!(header.shape, [7, 938, 384]);
        assert!(!header.fortran_order && !header.big_endian);
        let header = read("{'descr': '>i4', 'fortran_order': True, 'shape': (5,), }\n").unwrap();
        assert_eq!((header.element, header.shape), (Element::Int32, vec![5]));
        assert!(header.fortran_order && header.big_endian);
        let scalar = read("{'descr': '|b1', 'fortran_order': False, 'shape': ()}").unwrap();
        assert_eq!((scalar.element, scalar.shape), (Element::Bool, vec![]));
    }

    #[test]
    fn names_the_types_it_does_not_read() {
        let structured = "[('a', '<f4'), ('b', [('c', '<i2')])]";
        let header = format!("{{'descr': {structured}, 'fortran_order': False, 'shape': (2,)}}");
        assert_eq!(
            read(&header).unwrap().element,
            Element::Other(structured.into())
        );
        for descr in ["<c8", "<f16", "<M8[ns]", "|S0", "<U0", "<U9999999999", "é"] {
            let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (2,)}}");
            assert_eq!(read(&header).unwrap().element, Element::Other(descr.into()));
        }
    }

    #[test]
    fn tells_text_bytes_and_objects_apart() {
        for (descr, element) in [
            ("<U5", Element::Text(5)),
            ("|S5", Element::Bytes(5)),
            ("|O", Element::Objects),
        ] {
            let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (2,)}}");
            assert_eq!(read(&header).unwrap().element, element);
        }
    }

    #[test]
    fn rejects_headers_that_are_not_numpys() {
        for header in [
            "",
            "{",
            "{}",
            "{'descr': '<f4'}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + 1",
            "{'descr': [(', 'fortran_order': False, 'shape': (1,)}",
            "{'é': 1}",
        ] {
            assert!(
                matches!(read(header), Err(Error::Corrupt { .. })),
                "{header:?} was accepted"
            );
        }
    }

    #[test]
    fn an_enormous_header_is_not_allocated() {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([2, 0]);
        bytes.extend(u32::MAX.to_le_bytes());
        assert!(matches!(
            Header::read("a.npy", &bytes[..]),
            Err(Error::HeaderTooLarge { .. })
        ));
    }
}
