//! Every format, type, order and rank, against numpy's own files.

use mutinfo_activations::{Activations, Element, Error, load};
use ndarray::{Array2, ArrayD, IxDyn};

use crate::fixture;

/// What make.py put into every array of types.*: i - 11 in C order, (2, 3, 4).
fn expected(element: &Element) -> ArrayD<f64> {
    let value = |i: usize| match element {
        Element::UInt8 | Element::UInt16 | Element::UInt32 | Element::UInt64 => i as f64,
        Element::Bool => f64::from(u8::from(i > 11)),
        _ => i as f64 - 11.0,
    };
    ArrayD::from_shape_vec(IxDyn(&[2, 3, 4]), (0..24).map(value).collect()).unwrap()
}

#[test]
fn every_type_reads_the_same_from_npz_and_safetensors() {
    for (file, types) in [("types.safetensors", 13), ("types.npz", 15)] {
        let file = Activations::open(fixture(file)).unwrap();
        let plain: Vec<_> = file
            .tensors()
            .iter()
            .filter(|tensor| tensor.shape() == [2, 3, 4] && tensor.name() != "complex")
            .collect();
        assert_eq!(plain.len(), types);
        for tensor in plain {
            let expected = expected(tensor.element());
            assert_eq!(tensor.array().unwrap(), expected, "{tensor}");
            assert_eq!(tensor.layers(), 2);
            for layer in 0..2 {
                assert_eq!(
                    tensor.layer(layer).unwrap().into_dyn(),
                    expected.index_axis(ndarray::Axis(0), layer),
                    "layer {layer} of {tensor}"
                );
            }
        }
    }
}

#[test]
fn names_types_and_shapes_are_said_in_the_files_order() {
    let file = Activations::open(fixture("states.npz")).unwrap();
    assert_eq!(
        file.to_string(),
        "hidden_states: float16 [3, 8, 4]\ntoken_id: int32 [8]\npassage: int32 [8]\ntokens: text [8]"
    );
    let file = Activations::open(fixture("states.safetensors")).unwrap();
    let mut lines: Vec<_> = file.tensors().iter().map(ToString::to_string).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "hidden_states: float16 [3, 8, 4]",
            "passage: int32 [8]",
            "token_id: int32 [8]"
        ]
    );
}

#[test]
fn what_the_documented_python_lines_save_opens_here() {
    for file in ["states.safetensors", "states.npz"] {
        let file = Activations::open(fixture(file)).unwrap();
        let states = file.tensor("hidden_states").unwrap();
        assert_eq!(states.element(), &Element::Float16);
        for layer in 0..3 {
            let state = |(token, unit)| layer as f64 + token as f64 / 8.0 - unit as f64 / 4.0;
            assert_eq!(
                states.layer(layer).unwrap(),
                Array2::from_shape_fn((8, 4), state)
            );
        }
        let token_id = file.tensor("token_id").unwrap();
        assert_eq!(token_id.integers().unwrap(), [7, 8, 9, 10, 11, 12, 13, 14]);
        let passage = file.tensor("passage").unwrap();
        assert_eq!(passage.integers().unwrap(), [0, 0, 0, 0, 0, 1, 1, 1]);
        let tokens = ["coffee", "##s", "über", "Ġcup", ".", "filter", "日本", "!"];
        assert_eq!(file.tokens().unwrap(), tokens);
    }
}

#[test]
fn the_axes_between_layer_and_unit_are_samples() {
    let file = Activations::open(fixture("types.npz")).unwrap();
    for name in ["rank4", "rank4_fortran"] {
        let tensor = file.tensor(name).unwrap(); // (2, 3, 2, 2)
        let layer = tensor.layer(1).unwrap();
        let value = |(sample, unit)| (12 + 2 * sample + unit) as f64 - 11.0;
        assert_eq!(layer, Array2::from_shape_fn((6, 2), value), "{name}");
        assert_eq!(tensor.array().unwrap().shape(), [2, 3, 2, 2]);
    }
    let scalar = file.tensor("scalar").unwrap().layer(0).unwrap();
    assert_eq!(scalar, ndarray::array![[-11.0]]);
    for name in ["empty", "empty_fortran"] {
        let empty = file.tensor(name).unwrap().layer(1).unwrap();
        assert_eq!(empty.dim(), (0, 4));
    }
}

#[test]
fn an_npy_file_is_named_after_itself() {
    let file = Activations::open(fixture("fortran.npy")).unwrap();
    let tensor = file.tensor("fortran").unwrap();
    assert_eq!(tensor.array().unwrap(), expected(tensor.element()));
}

#[test]
fn a_plain_npy_file_is_one_call() {
    let value = |(sample, unit)| (4 * sample + unit) as f64 - 11.0;
    let matrix = load(fixture("matrix.npy")).unwrap();
    assert_eq!(matrix, Array2::from_shape_fn((6, 4), value));
    assert_eq!(
        load(fixture("fortran.npy")).unwrap_err(),
        Error::NotOneLayer {
            file: fixture("fortran.npy").display().to_string(),
            arrays: vec!["fortran: float32 [2, 3, 4]".to_owned()],
        }
    );
    let error = load(fixture("states.npz")).unwrap_err().to_string();
    let mend = "`let file = Activations::open(…)?;` and take one, such as `file.tensor(\"hidden_states\")?.layer(0)?`";
    assert!(error.ends_with(mend), "{error}");
    let mend = || -> Result<Array2<f64>, Error> {
        let file = Activations::open(fixture("states.npz"))?;
        file.tensor("hidden_states")?.layer(0)
    };
    assert_eq!(mend().unwrap().dim(), (8, 4));
}

#[test]
fn labels_come_in_the_order_of_their_indices_however_they_are_stored() {
    let file = Activations::open(fixture("labels.npz")).unwrap();
    let numbers: Vec<i64> = (0..24).collect();
    let words: Vec<String> = numbers.iter().map(|i| format!("t{i}")).collect();
    let mut read = 0;
    for tensor in file.tensors() {
        if tensor.name().starts_with("labels_") {
            assert_eq!(tensor.integers().unwrap(), numbers, "{tensor}");
            read += 1;
        } else if tensor.name().starts_with("words_") {
            assert_eq!(tensor.strings().unwrap(), words, "{tensor}");
            read += 1;
        }
    }
    assert_eq!(read, 4 * 2 * 5); // shapes, orders, types
}

#[test]
fn a_unit_is_the_column_of_its_layer_in_every_order_of_storage() {
    let files = ["types.npz", "types.safetensors", "labels.npz", "states.npz"];
    for file in files.map(|name| Activations::open(fixture(name)).unwrap()) {
        for tensor in file.tensors() {
            let layers = (0..tensor.layers()).map(|layer| (layer, tensor.layer(layer)));
            for (layer, values) in layers.filter_map(|(layer, values)| Some((layer, values.ok()?)))
            {
                for (unit, column) in values.columns().into_iter().enumerate() {
                    assert_eq!(tensor.unit(layer, unit).unwrap(), column, "{tensor}");
                }
                let beyond = values.ncols();
                assert!(matches!(
                    tensor.unit(layer, beyond),
                    Err(Error::NoSuchUnit { unit, units }) if unit == beyond && units == beyond
                ));
            }
        }
    }
}

#[test]
fn an_integer_too_large_for_a_float_is_named_by_its_indices() {
    let file = Activations::open(fixture("labels.npz")).unwrap();
    let tensor = file.tensor("too_large").unwrap(); // (2, 3), in Fortran's order
    assert_eq!(
        tensor.array().unwrap_err().to_string(),
        "too_large holds the integer 9007199254740993 at [0, 1], which a 64-bit float can't hold exactly"
    );
    assert_eq!(tensor.array().unwrap_err(), tensor.unit(0, 1).unwrap_err());
    assert_eq!(tensor.integers().unwrap(), [0, (1 << 53) + 1, 0, 0, 0, 0]);
}

#[test]
fn bytes_are_read_as_text_and_objects_say_what_to_do() {
    let file = Activations::open(fixture("labels.npz")).unwrap();
    let strings = |name| file.tensor(name).unwrap().strings();
    let words = ["über", "日本", "", "a\0b"];
    assert_eq!(strings("utf8").unwrap(), words);
    assert_eq!(strings("utf8_bytes").unwrap(), words);
    assert_eq!(
        strings("latin1_bytes").unwrap_err().to_string(),
        "latin1_bytes holds a string at [1] that is not text (or no UTF-8): make it text in Python, for instance by `np.char.decode(array, \"latin-1\")`, and save it again"
    );
    let objects = file.tensor("objects").unwrap();
    assert_eq!(
        objects.strings().unwrap_err().to_string(),
        "objects holds Python objects, where text must be: numpy pickles objects, which only Python can read; save them as text: `.astype(str)`"
    );
    assert!(
        objects
            .layer(0)
            .unwrap_err()
            .to_string()
            .contains(".astype(\"float32\")")
    );
    assert!(
        objects
            .integers()
            .unwrap_err()
            .to_string()
            .contains(".astype(\"int64\")")
    );
}

#[test]
fn tokens_saved_as_objects_say_what_to_do() {
    let mut file = b"\x93NUMPY\x01\x00\x40\x00".to_vec();
    file.extend(
        format!(
            "{:64}",
            "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"
        )
        .bytes(),
    );
    file.extend(b"a pickle of any length");
    let file = Activations::from_bytes("tokens.npy", file).unwrap();
    assert_eq!(file.to_string(), "tokens: Python objects [2]");
    assert!(
        file.tokens()
            .unwrap_err()
            .to_string()
            .ends_with("save them as text: `.astype(str)`")
    );
}

#[test]
fn an_array_that_shrinks_to_a_thousandth_neither_closes_the_archive_nor_itself() {
    let file = Activations::open(fixture("mask.npz")).unwrap();
    let hidden = file.tensor("hidden").unwrap();
    assert_eq!(hidden.array().unwrap(), expected(hidden.element()));
    let mask = file.tensor("attention_mask").unwrap(); // 82 MB in 0.1 MB
    assert_eq!(mask.shape(), [5000, 2048]);
    assert_eq!(
        mask.unit(0, 2047).unwrap(),
        ndarray::Array1::<f64>::ones(5000)
    );
}

#[test]
fn integers_keep_their_values_or_say_that_they_cannot() {
    let npy = |descr: &str, bytes: &[u8]| {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (1,), }}");
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        file.extend(bytes);
        let file = Activations::from_bytes("value.npy", file).unwrap();
        file.tensor("value").unwrap().clone()
    };
    let large = npy("<i8", &(-(1i64 << 53) - 1).to_le_bytes());
    assert_eq!(large.integers().unwrap(), [-(1i64 << 53) - 1]);
    assert!(matches!(large.array(), Err(Error::NotExact { .. })));
    let unsigned = npy(">u8", &u64::MAX.to_be_bytes());
    assert!(matches!(unsigned.integers(), Err(Error::NotExact { .. })));
    let limit = npy("<u8", &(1u64 << 53).to_le_bytes());
    assert_eq!(limit.layer(0).unwrap()[[0, 0]], 2f64.powi(53));
}

#[test]
fn asking_for_the_wrong_thing_says_what_there_is() {
    let file = Activations::open(fixture("states.npz")).unwrap();
    let message = |error: Error| error.to_string();
    assert_eq!(
        message(file.tensor("hidden").unwrap_err()),
        "there is no \"hidden\" here: the file has hidden_states, token_id, passage, tokens"
    );
    let states = file.tensor("hidden_states").unwrap();
    assert_eq!(
        message(states.layer(3).unwrap_err()),
        "there is no layer 3: hidden_states has 3, counted from 0"
    );
    assert_eq!(
        message(states.integers().unwrap_err()),
        "hidden_states holds float16, where integers must be: `layer` and `array` read numbers"
    );
    assert_eq!(
        message(file.tensor("tokens").unwrap().layer(0).unwrap_err()),
        "tokens holds text, where numbers must be: `strings` reads text"
    );
    let types = Activations::open(fixture("types.npz")).unwrap();
    assert_eq!(types.tokens(), Err(Error::NoTokens));
    assert!(matches!(
        types.tensor("complex").unwrap().array(),
        Err(Error::WrongType { .. })
    ));
    assert!(matches!(
        Activations::open(fixture("absent.npz")),
        Err(Error::Io { .. })
    ));
    assert!(matches!(
        Activations::open(env!("CARGO_MANIFEST_DIR")),
        Err(Error::Io { .. })
    ));
    assert!(matches!(
        Activations::open(fixture("make.py")),
        Err(Error::UnknownFormat { .. })
    ));
}

#[test]
fn a_layer_of_a_large_file_costs_the_memory_of_that_layer() {
    // 100 layers of (1024, 512) in float16: 105 MB of holes, 419 MB as f64, 4.2 MB a layer. This
    // program may hold 134 MB.
    let path = [env!("CARGO_TARGET_TMPDIR"), "large.npy"]
        .iter()
        .collect::<std::path::PathBuf>();
    let header =
        "{'descr': '<f2', 'fortran_order': False, 'shape': (100, 1024, 512), }".to_string();
    let mut start = b"\x93NUMPY\x01\x00".to_vec();
    start.extend((header.len() as u16).to_le_bytes());
    start.extend(header.as_bytes());
    std::fs::write(&path, &start).unwrap();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(start.len() as u64 + 100 * 1024 * 512 * 2)
        .unwrap();
    let file = Activations::open(&path).unwrap();
    let states = file.tensor("large").unwrap();
    assert_eq!(states.layer(99).unwrap(), Array2::<f64>::zeros((1024, 512)));
    assert!(matches!(states.array(), Err(Error::OutOfMemory { .. })));
    drop(file);
    std::fs::remove_file(path).unwrap();
}
