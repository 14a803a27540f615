//! The .npz format: a zip archive of .npy arrays, stored or deflated.

use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder};

use crate::error::{Error, Result};
use crate::mapping::Mapping;
use crate::npy::Header;
use crate::tensor::Tensor;

/// The first bytes of a zip archive, and of an empty one.
pub(crate) const MAGICS: [&[u8; 4]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// Real activations shrink to a half, masks to a twentieth. Beyond both limits it is a bomb.
const BOMB_RATIO: u64 = 100;
const BOMB_BYTES: u64 = 1 << 26;

/// One array of the archive.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    mapping: Mapping,
    place: ZipArchiveEntryWayfinder,
    deflated: bool,
    /// Set once the whole content has been read and its checksum was right.
    verified: Arc<OnceLock<()>>,
}

impl Member {
    /// The unpacked bytes from the member's start. The end of the stream is an error where the
    /// checksum is wrong.
    pub(crate) fn stream(&self) -> io::Result<Box<dyn Read + '_>> {
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
    pub(crate) fn verify(&self, mut rest: impl Read) -> io::Result<()> {
        if self.verified.get().is_none() {
            io::copy(&mut rest, &mut io::sink())?;
            self.verified.get_or_init(|| ());
        }
        Ok(())
    }
}

/// The arrays of the archive, in its order. Members that are not .npy arrays are passed over, as
/// there is nothing in them to analyse.
pub(crate) fn read(file: &str, mapping: &Mapping) -> Result<Vec<Tensor>> {
    let damaged = |error: rawzip::Error| Error::corrupt(file, error.to_string());
    let archive = ZipArchive::from_slice(mapping).map_err(damaged)?;
    let mut entries = archive.entries();
    let mut tensors: Vec<Tensor> = Vec::new();
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        let path = entry.file_path();
        let Some(name) = std::str::from_utf8(path.as_bytes())
            .ok()
            .and_then(|path| path.strip_suffix(".npy"))
        else {
            continue;
        };
        if tensors.iter().any(|tensor| tensor.name() == name) {
            return Err(Error::corrupt(
                file,
                format!("it has two arrays of the name {name:?}"),
            ));
        }
        let deflated = match entry.compression_method() {
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            other => {
                return Err(Error::corrupt(
                    name,
                    format!("it is packed by {other:?}, which numpy does not use"),
                ));
            }
        };
        let (packed, unpacked) = (entry.compressed_size_hint(), entry.uncompressed_size_hint());
        if unpacked > BOMB_BYTES && unpacked / BOMB_RATIO > packed {
            return Err(Error::Bomb {
                name: name.to_owned(),
                compressed: packed,
                bytes: unpacked,
            });
        }
        let member = Member {
            mapping: mapping.clone(),
            place: entry.wayfinder(),
            deflated,
            verified: Arc::default(),
        };
        let header = member
            .stream()
            .map_err(|error| Error::corrupt(name, error.to_string()))
            .and_then(|stream| Header::read(name, stream))?;
        tensors.push(Tensor::packed(name.to_owned(), header, member, unpacked)?);
    }
    if tensors.is_empty() {
        return Err(Error::corrupt(
            file,
            "this zip archive has no .npy array in it (PyTorch's own files are such archives: save the tensors as .safetensors or .npz instead)",
        ));
    }
    Ok(tensors)
}
