//! A member of a zip archive: its unpacked bytes, as a stream whose checksum is compared once.

use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use flate2::bufread::DeflateDecoder;
use rawzip::{ZipArchive, ZipArchiveEntryWayfinder};

use super::mapping::Mapping;
use crate::error::{Error, Result};

/// Activations shrink to a half, masks of zeros and ones to a thousandth, which is all that the
/// deflate format can do. So a ratio alone tells no bomb from a mask: what is refused is a
/// result that is large as well.
const BOMB_RATIO: u64 = 100;
const BOMB_BYTES: u64 = 1 << 30;

/// One member of an archive.
#[derive(Debug, Clone)]
pub(super) struct Member {
    mapping: Mapping,
    place: ZipArchiveEntryWayfinder,
    deflated: bool,
    /// Its size in the archive.
    packed: u64,
    /// Set once the whole content has been read and its checksum was right.
    verified: Arc<OnceLock<()>>,
}

impl Member {
    /// The member at a place of an archive, deflated or stored as it is.
    pub(super) fn new(
        mapping: &Mapping,
        place: ZipArchiveEntryWayfinder,
        deflated: bool,
        packed: u64,
    ) -> Self {
        Self {
            mapping: mapping.clone(),
            place,
            deflated,
            packed,
            verified: Arc::default(),
        }
    }

    /// The unpacked bytes from the member's start. The end of the stream is an error where the
    /// checksum is wrong.
    pub(super) fn stream(&self) -> io::Result<Box<dyn Read + '_>> {
        let archive = ZipArchive::from_slice(&self.mapping).map_err(io::Error::other)?;
        let entry = archive.get_entry(self.place).map_err(io::Error::other)?;
        let (start, end) = entry.compressed_data_range();
        let packed = &self.mapping.as_ref()[start as usize..end as usize];
        Ok(match (self.deflated, self.verified.get().is_some()) {
            (false, false) => Box::new(entry.verifying_reader(packed)),
            (false, true) => Box::new(packed),
            (true, false) => Box::new(entry.verifying_reader(DeflateDecoder::new(packed))),
            (true, true) => Box::new(DeflateDecoder::new(packed)),
        })
    }

    /// Reads what remains of the stream, so that a checksum has been compared once.
    pub(super) fn verify(&self, mut rest: impl Read) -> io::Result<()> {
        if self.verified.get().is_none() {
            io::copy(&mut rest, &mut io::sink())?;
            self.verified.get_or_init(|| ());
        }
        Ok(())
    }

    /// Refuses to make an enormous result of a small member.
    pub(super) fn check(&self, name: &str, bytes: u64) -> Result<()> {
        if self.deflated && bytes > BOMB_BYTES && bytes / BOMB_RATIO > self.packed {
            return Err(Error::Bomb {
                name: name.to_owned(),
                compressed: self.packed,
                bytes,
            });
        }
        Ok(())
    }
}
