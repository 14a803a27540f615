//! The bytes of an array, where they are: in the mapped file, or packed in an archive.

use std::io::{self, Read};
use std::ops::Range;

use super::mapping::Mapping;
use super::member::Member;
use crate::error::{Error, Result};

/// Bytes that are unpacked at a time.
const CHUNK: usize = 1 << 16;

/// Where the elements of an array are.
#[derive(Clone)]
pub(super) enum Stored {
    Mapped {
        mapping: Mapping,
        range: Range<usize>,
    },
    /// A member of an archive, with its .npy header's length.
    Packed { member: Member, header: usize },
}

/// Which elements to read, in the order of storage: every `step`-th from `start` on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked {
    pub(super) start: usize,
    pub(super) step: usize,
    pub(super) count: usize,
}

impl Stored {
    /// Reads elements of SIZE bytes and converts each.
    pub(super) fn gather<const SIZE: usize, T>(
        &self,
        name: &str,
        picked: Picked,
        convert: impl Fn([u8; SIZE]) -> T,
    ) -> Result<Vec<T>> {
        let mut values = Vec::new();
        if picked.count == 0 {
            return Ok(values);
        }
        let bytes = picked.count as u64 * size_of::<T>() as u64;
        self.check(name, bytes)?;
        values
            .try_reserve_exact(picked.count)
            .map_err(|_| Error::OutOfMemory {
                name: name.to_owned(),
                bytes,
            })?;
        match self {
            Self::Mapped { mapping, range } => {
                let (elements, _) = mapping.as_ref()[range.clone()].as_chunks();
                let from = elements.get(picked.start..).unwrap_or_default();
                let wanted = from.iter().step_by(picked.step).take(picked.count);
                values.extend(wanted.map(|bytes| convert(*bytes)));
            }
            Self::Packed { member, header } => {
                unpack(member, *header, picked, |bytes| values.push(convert(bytes)))
                    .map_err(|error| Error::corrupt(name, error.to_string()))?;
            }
        }
        if values.len() < picked.count {
            return Err(Error::Truncated {
                name: name.to_owned(),
                needed: (picked.count * SIZE) as u64,
                got: (values.len() * SIZE) as u64,
            });
        }
        Ok(values)
    }

    /// Refuses a result that is out of all proportion to the bytes it is unpacked from.
    pub(super) fn check(&self, name: &str, bytes: u64) -> Result<()> {
        match self {
            Self::Mapped { .. } => Ok(()),
            Self::Packed { member, .. } => member.check(name, bytes),
        }
    }
}

/// Hands on the picked elements, as many as there are, and compares the member's checksum.
fn unpack<const SIZE: usize>(
    member: &Member,
    header: usize,
    picked: Picked,
    mut hand_on: impl FnMut([u8; SIZE]),
) -> io::Result<()> {
    let mut stream = member.stream()?;
    let skipped = (header + picked.start * SIZE) as u64;
    io::copy(&mut stream.by_ref().take(skipped), &mut io::sink())?;
    let mut buffer = Vec::with_capacity(CHUNK);
    let (mut passed, mut left) = (0, picked.count); // elements since the first one picked
    while left > 0 {
        buffer.clear();
        stream
            .by_ref()
            .take(CHUNK as u64)
            .read_to_end(&mut buffer)?;
        let (elements, rest) = buffer.as_chunks();
        if elements.is_empty() || !rest.is_empty() {
            return Ok(()); // the stream is at its end
        }
        let first = (picked.step - passed % picked.step) % picked.step;
        for element in elements.iter().skip(first).step_by(picked.step).take(left) {
            hand_on(*element);
            left -= 1;
        }
        passed += elements.len();
    }
    member.verify(stream)
}
