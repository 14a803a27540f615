//! The header of a .safetensors file, by the `safetensors` crate: tensors, and the metadata.

use std::collections::BTreeMap;

use ::safetensors::Dtype;
use ::safetensors::tensor::Metadata;

use super::element::Element;
use super::mapping::Mapping;
use super::tensor::Tensor;
use crate::error::{Error, Result};

/// Room for the names of a large model's tensors and the tokens of a long text.
const HEADER_LIMIT: u64 = 1 << 24;

/// Whether these bytes may be such a file: a length, then the brace that opens the header.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{')
}

/// The tensors in the order of storage, and the metadata.
pub(super) fn read(
    file: &str,
    mapping: &Mapping,
) -> Result<(Vec<Tensor>, BTreeMap<String, String>)> {
    let bytes = mapping.as_ref();
    let Some(length) = bytes.first_chunk() else {
        return Err(Error::Truncated {
            name: file.to_owned(),
            needed: 8,
            got: bytes.len() as u64,
        });
    };
    let length = u64::from_le_bytes(*length);
    if length > HEADER_LIMIT {
        return Err(Error::HeaderTooLarge {
            name: file.to_owned(),
            bytes: length,
            limit: HEADER_LIMIT,
        });
    }
    if length + 8 > bytes.len() as u64 {
        return Err(Error::Truncated {
            name: file.to_owned(),
            needed: length + 8,
            got: bytes.len() as u64,
        });
    }
    let (header, data) = bytes[8..].split_at(length as usize);
    // Not `SafeTensors::read_metadata`: it adds the announced lengths without a check, which
    // panics in a debug build where a tensor claims nearly 2^64 bytes.
    let metadata: Metadata = serde_json::from_slice(header)
        .map_err(|error| Error::corrupt(file, format!("its header is not valid: {error}")))?;
    let needed = metadata.data_len() as u64;
    if needed > data.len() as u64 {
        return Err(Error::Truncated {
            name: file.to_owned(),
            needed: needed.saturating_add(length + 8),
            got: bytes.len() as u64,
        });
    }
    if needed < data.len() as u64 {
        let extra = data.len() as u64 - needed;
        return Err(Error::corrupt(
            file,
            format!("{extra} bytes at its end belong to no tensor"),
        ));
    }
    let data = 8 + length as usize;
    let mut tensors = Vec::new();
    for name in metadata.offset_keys() {
        let Some(info) = metadata.info(&name) else {
            continue;
        };
        let (start, end) = info.data_offsets;
        tensors.push(Tensor::mapped(
            name,
            element(info.dtype),
            info.shape.clone(),
            mapping,
            data + start..data + end,
        )?);
    }
    let metadata = metadata.metadata().iter().flatten();
    let metadata = metadata.map(|(key, value)| (key.clone(), value.clone()));
    Ok((tensors, metadata.collect()))
}

fn element(dtype: Dtype) -> Element {
    match dtype {
        Dtype::F16 => Element::Float16,
        Dtype::BF16 => Element::BFloat16,
        Dtype::F32 => Element::Float32,
        Dtype::F64 => Element::Float64,
        Dtype::I8 => Element::Int8,
        Dtype::I16 => Element::Int16,
        Dtype::I32 => Element::Int32,
        Dtype::I64 => Element::Int64,
        Dtype::U8 => Element::UInt8,
        Dtype::U16 => Element::UInt16,
        Dtype::U32 => Element::UInt32,
        Dtype::U64 => Element::UInt64,
        Dtype::BOOL => Element::Bool,
        other => Element::Other(format!("{other:?}")),
    }
}
