//! Truncated, corrupt and lying files: a typed error, or an array that the file really holds.
//!
//! `PROPTEST_CASES=1000000 cargo test -p mutinfo-activations hostile` searches for longer.

use std::io::Write;

use mutinfo_activations::{Activations, Error, Result};
use proptest::prelude::*;

use crate::fixture;

const FIXTURES: [&str; 5] = [
    "fortran.npy",
    "states.npz",
    "states.safetensors",
    "types.npz",
    "types.safetensors",
];

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

/// Opens the bytes and reads everything in every way.
fn read_all(bytes: Vec<u8>) -> Result<()> {
    let file = Activations::from_bytes("file.npy", bytes)?;
    let _ = file.tokens();
    let _ = file.to_string();
    let mut outcome = Ok(());
    for tensor in file.tensors() {
        let empty = tensor.shape().contains(&0);
        let axes = tensor.shape().iter();
        let elements = if empty { 0 } else { axes.product() };
        let array = tensor
            .array()
            .map(|array| assert_eq!(array.len(), elements));
        let integers = tensor
            .integers()
            .map(|list| assert_eq!(list.len(), elements));
        let strings = tensor
            .strings()
            .map(|list| assert_eq!(list.len(), elements));
        for layer in 0..tensor.layers().min(4) {
            let values = tensor.layer(layer).map(|values| {
                assert_eq!(values.len(), elements / tensor.layers());
                for (unit, column) in values.columns().into_iter().enumerate().take(4) {
                    let unit = tensor.unit(layer, unit).unwrap();
                    assert!(
                        unit.iter()
                            .map(|v| v.to_bits())
                            .eq(column.iter().map(|v| v.to_bits()))
                    );
                }
            });
            outcome = outcome.and(values);
        }
        for result in [array, integers, strings] {
            assert!(!matches!(result, Err(Error::OutOfMemory { .. })));
            outcome = outcome.and(result);
        }
    }
    outcome
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    for name in FIXTURES {
        let whole = bytes(name);
        for length in 0..whole.len() {
            let opened = Activations::from_bytes(name, whole[..length].to_vec());
            assert!(opened.is_err(), "{name} cut to {length} bytes was opened");
        }
    }
}

#[test]
fn a_changed_bit_in_a_packed_array_is_noticed() {
    let whole = bytes("states.npz");
    let intact = Activations::from_bytes("states.npz", whole.clone()).unwrap();
    let states = intact.tensor("hidden_states").unwrap().array().unwrap();
    for position in 0..whole.len() {
        let mut changed = whole.clone();
        changed[position] ^= 0x10;
        let Ok(file) = Activations::from_bytes("states.npz", changed) else {
            continue;
        };
        let Ok(tensor) = file.tensor("hidden_states") else {
            continue; // the name itself was hit
        };
        if let Ok(array) = tensor.array() {
            assert_eq!(
                array, states,
                "byte {position} changed the numbers silently"
            );
        }
    }
}

#[test]
fn a_header_that_claims_more_than_the_file_is_an_error() {
    let npy = |shape: &str| {
        let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        file
    };
    let open = |shape: &str| Activations::from_bytes("a.npy", npy(shape)).unwrap_err();
    assert!(matches!(open("(1000000000000,)"), Error::Truncated { .. }));
    assert!(matches!(
        open("(4294967296, 4294967296, 4294967296)"),
        Error::ShapeTooLarge { .. }
    ));
    assert!(matches!(
        open("(2305843009213693952,)"),
        Error::ShapeTooLarge { .. }
    ));
    // no bytes, but more rows than an array can have
    let rows = Activations::from_bytes("a.npy", npy("(1, 9223372036854775807, 3, 0)")).unwrap();
    assert!(matches!(
        rows.tensors()[0].layer(0),
        Err(Error::ShapeTooLarge { .. })
    ));
}

#[test]
fn a_safetensors_header_that_lies_is_an_error() {
    let file = |length: u64, header: &str| {
        let mut file = length.to_le_bytes().to_vec();
        file.extend(header.as_bytes());
        Activations::from_bytes("a.safetensors", file).unwrap_err()
    };
    assert!(matches!(file(u64::MAX, "{}"), Error::HeaderTooLarge { .. }));
    assert!(matches!(file(1 << 20, "{}"), Error::Truncated { .. }));
    assert!(matches!(file(2, "{]"), Error::Corrupt { .. }));
    // eight tensors whose lengths add up to 2^64 - 8, which overflows when the header's is added
    let most = (1u64 << 61) - 1;
    let tensors: Vec<String> = (0..8)
        .map(|i| {
            let (start, end) = (i * most, (i + 1) * most);
            format!(
                "\"{i}\":{{\"dtype\":\"U8\",\"shape\":[{most}],\"data_offsets\":[{start},{end}]}}"
            )
        })
        .collect();
    let header = format!("{{{}}}", tensors.join(","));
    assert!(matches!(
        file(header.len() as u64, &header),
        Error::Truncated { .. }
    ));
}

/// The archive with another size announced for its first member, unpacked.
fn announcing(mut archive: Vec<u8>, size: u32) -> Vec<u8> {
    let directory = archive.windows(4).position(|four| four == b"PK\x01\x02");
    let unpacked_size = directory.unwrap() + 24;
    archive[unpacked_size..unpacked_size + 4].copy_from_slice(&size.to_le_bytes());
    archive
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    // a member of 4 GB of zeros, of which the archive has the first few only
    let shape = "(100, 4000000, 10)";
    let header = format!("{{'descr': '|i1', 'fortran_order': False, 'shape': {shape}, }}");
    let mut npy = b"\x93NUMPY\x01\x00".to_vec();
    npy.extend((header.len() as u16).to_le_bytes());
    npy.extend(header.as_bytes());
    let announced = npy.len() as u32 + 4_000_000_000;
    npy.extend([0; 1000]);
    let archive = announcing(deflated("bomb.npy", &npy), announced);
    let file = Activations::from_bytes("bomb.npz", archive).unwrap();
    let bomb = file.tensor("bomb").unwrap();
    assert!(matches!(
        bomb.array(),
        Err(Error::Bomb {
            bytes: 32_000_000_000,
            ..
        })
    ));
    assert!(matches!(bomb.integers(), Err(Error::Bomb { .. })));
    // a unit is small, and its bytes turn out not to be there
    assert!(matches!(
        bomb.unit(0, 0),
        Err(Error::Truncated { .. } | Error::Corrupt { .. })
    ));
}

/// A zip archive of one deflated member.
fn deflated(name: &str, content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    let packed = encoder.finish().unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let [length, size, sum] = [packed.len() as u32, content.len() as u32, crc.sum()];
    let common = |archive: &mut Vec<u8>| {
        archive.extend([20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0]); // version, flags, deflate, date
        archive.extend([sum, length, size].map(u32::to_le_bytes).concat());
        archive.extend((name.len() as u16).to_le_bytes());
    };
    let mut archive = b"PK\x03\x04".to_vec();
    common(&mut archive);
    archive.extend([0, 0]);
    archive.extend(name.as_bytes());
    archive.extend(&packed);
    let directory = archive.len() as u32;
    archive.extend(b"PK\x01\x02\x14\x00");
    common(&mut archive);
    archive.extend([0; 16]);
    archive.extend(name.as_bytes());
    let length = archive.len() as u32 - directory;
    archive.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    archive.extend([length, directory].map(u32::to_le_bytes).concat());
    archive.extend([0, 0]);
    archive
}

#[test]
fn what_is_sound_in_an_archive_opens_beside_what_is_not() {
    let archive = announcing(bytes("states.npz"), 1_000_000);
    let file = Activations::from_bytes("states.npz", archive).unwrap();
    let damaged = file.tensor("hidden_states").unwrap_err();
    assert!(matches!(damaged, Error::Corrupt { .. }));
    assert_eq!(file.tensor("passage").unwrap().integers().unwrap()[7], 1);
    assert_eq!(file.tokens().unwrap()[0], "coffee");
    assert!(
        file.to_string()
            .ends_with(&format!("\nhidden_states: can't be read: {damaged}"))
    );
    // nothing else there: then the archive is an error
    let alone = announcing(deflated("a.npy", b"\x93NUMPY\x01\x00"), 8);
    assert!(Activations::from_bytes("alone.npz", alone).is_err());
}

/// A change to a file, of the kinds that disks, downloads and attackers make.
#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Fill(usize, u8, usize),
    Long(usize, u64),
    Digit(usize, u8),
    Remove(usize, usize),
    Repeat(usize, usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len().max(1);
        match *self {
            Change::Set(at, value) => bytes
                .iter_mut()
                .skip(at % length)
                .take(1)
                .for_each(|b| *b = value),
            Change::Fill(at, value, count) => {
                bytes
                    .iter_mut()
                    .skip(at % length)
                    .take(count)
                    .for_each(|b| *b = value);
            }
            Change::Long(at, value) => {
                let places = bytes.iter_mut().skip(at % length);
                places
                    .zip(value.to_le_bytes())
                    .for_each(|(b, value)| *b = value);
            }
            Change::Digit(at, digit) => {
                // the shapes and offsets in a header
                let digits: Vec<usize> = (0..bytes.len().min(2000))
                    .filter(|&i| bytes[i].is_ascii_digit())
                    .collect();
                if let Some(&place) = digits.get(at % digits.len().max(1)) {
                    bytes[place] = b'0' + digit % 10;
                }
            }
            Change::Remove(at, count) => {
                let start = (at % length).min(bytes.len());
                let end = (start + count).min(bytes.len());
                bytes.drain(start..end);
            }
            Change::Repeat(at, count) => {
                let start = (at % length).min(bytes.len());
                let piece = bytes[start..(start + count).min(bytes.len())].to_vec();
                bytes.splice(start..start, piece);
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let extreme = prop_oneof![
        any::<u64>(),
        Just(0),
        Just(u64::MAX),
        Just(u64::from(u32::MAX)),
        Just(1 << 63),
        (0u32..64).prop_map(|shift| 1 << shift),
    ];
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        (any::<usize>(), any::<u8>(), 1usize..16).prop_map(|(at, v, n)| Change::Fill(at, v, n)),
        (any::<usize>(), extreme).prop_map(|(at, value)| Change::Long(at, value)),
        (any::<usize>(), any::<u8>()).prop_map(|(at, digit)| Change::Digit(at, digit)),
        (any::<usize>(), 1usize..64).prop_map(|(at, n)| Change::Remove(at, n)),
        (any::<usize>(), 1usize..64).prop_map(|(at, n)| Change::Repeat(at, n)),
    ]
}

proptest! {
    #[test]
    fn random_bytes_never_panic(
        start in prop::sample::select(vec![
            &b""[..], b"\x93NUMPY\x01\x00", b"\x93NUMPY\x02\x00", b"PK\x03\x04", b"PK\x05\x06",
            b"\x20\x00\x00\x00\x00\x00\x00\x00{",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let _ = read_all([start, &rest].concat());
    }

    #[test]
    fn changed_files_never_panic(
        name in prop::sample::select(FIXTURES.to_vec()),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let mut changed = bytes(name);
        for change in &changes {
            change.apply(&mut changed);
        }
        let _ = read_all(changed);
    }

    #[test]
    fn any_npy_header_is_read_or_refused(
        descr in "(<|>|\\||=|)(f2|f4|f8|i1|i8|u8|b1|V2|U3|U0|U9999999999|S3|S0|S9999999999|O|c8)",
        fortran in any::<bool>(),
        shape in prop::collection::vec(prop_oneof![0usize..5, any::<usize>()], 0..6),
        data in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let order = if fortran { "True" } else { "False" };
        let shape: String = shape.iter().map(|axis| format!("{axis},")).collect();
        let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({shape}), }}");
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        file.extend(data);
        let _ = read_all(file);
    }
}
