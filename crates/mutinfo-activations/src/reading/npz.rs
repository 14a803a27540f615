//! The .npz format: a zip archive of .npy arrays, stored or deflated.

use rawzip::{CompressionMethod, ZipArchive};

use super::mapping::Mapping;
use super::member::Member;
use super::npy::Header;
use super::tensor::Tensor;
use crate::error::{Error, Result};

/// The first bytes of a zip archive, and of an empty one.
pub(super) const MAGICS: [&[u8; 4]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// The arrays of the archive by name, in its order, each readable or with what is wrong with it.
/// Members that are not .npy arrays are passed over, as there is nothing in them to analyse.
pub(super) fn read(file: &str, mapping: &Mapping) -> Result<Vec<(String, Result<Tensor>)>> {
    let damaged = |error: rawzip::Error| Error::corrupt(file, error.to_string());
    let archive = ZipArchive::from_slice(mapping).map_err(damaged)?;
    let mut entries = archive.entries();
    let mut arrays: Vec<(String, Result<Tensor>)> = Vec::new();
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        let path = entry.file_path();
        let Some(name) = std::str::from_utf8(path.as_bytes())
            .ok()
            .and_then(|path| path.strip_suffix(".npy"))
        else {
            continue;
        };
        if arrays.iter().any(|(other, _)| other == name) {
            return Err(Error::corrupt(
                file,
                format!("it has two arrays of the name {name:?}"),
            ));
        }
        let (packed, unpacked) = (entry.compressed_size_hint(), entry.uncompressed_size_hint());
        let array = match entry.compression_method() {
            CompressionMethod::STORE => Ok(false),
            CompressionMethod::DEFLATE => Ok(true),
            other => Err(Error::corrupt(
                name,
                format!("it is packed by {other:?}, which numpy does not use"),
            )),
        };
        let array = array.and_then(|deflated| {
            let member = Member::new(mapping, entry.wayfinder(), deflated, packed);
            let header = member
                .stream()
                .map_err(|error| Error::corrupt(name, error.to_string()))
                .and_then(|stream| Header::read(name, stream))?;
            Tensor::packed(name.to_owned(), header, member, unpacked)
        });
        arrays.push((name.to_owned(), array));
    }
    if arrays.is_empty() {
        return Err(Error::corrupt(
            file,
            "this zip archive has no .npy array in it (PyTorch's own files are such archives: save the tensors as .safetensors or .npz instead)",
        ));
    }
    Ok(arrays)
}
