//! The values to test against: `tests/data`, read.
#![allow(dead_code, reason = "the tests that use every value arrive one by one")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ndarray::{Array1, Array2, s};
use serde_json::Value;

/// Series given by formulas, and what peers return for them.
pub static FORMULA_CASES: LazyLock<Vec<FormulaCase>> = LazyLock::new(|| {
    let file = json(&data("formula_fixtures.json"));
    let cases = file["cases"].as_array().expect("a list of cases");
    cases.iter().map(FormulaCase::new).collect()
});

/// What peers return for the samples in `tests/data/mi`: `EXPECTED["cases"][NAME]`, `["tables"]`.
pub static EXPECTED: LazyLock<Value> = LazyLock::new(|| json(&data("mi/expected.json")));

/// The samples in `tests/data/mi`, in the manifest's order.
pub static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let manifest = json(&data("mi/manifest.json"));
    let cases = manifest["cases"].as_array().expect("a list of cases");
    cases.iter().map(Sample::new).collect()
});

/// One of the formula cases: i = 0..n−1, angles in radians.
pub struct FormulaCase {
    /// sin(i)
    pub x: Array1<f64>,
    /// cos(1.3 i) + x
    pub y: Array1<f64>,
    /// sin(0.7 i²) + 0.5 y
    pub w: Array1<f64>,
    /// i mod 3
    pub label: Array1<u32>,
    /// sin(i) + 0.5 label
    pub c: Array1<f64>,
    values: Value,
}

impl FormulaCase {
    fn new(values: &Value) -> Self {
        let n = values["n"].as_u64().expect("n") as usize;
        let i = Array1::from_iter((0..n).map(|i| i as f64));
        let x = i.mapv(f64::sin);
        let y = i.mapv(|i| (1.3 * i).cos()) + &x;
        let w = i.mapv(|i| (0.7 * i * i).sin()) + 0.5 * &y;
        let label = Array1::from_iter((0..n as u32).map(|i| i % 3));
        let c = &x + 0.5 * label.mapv(f64::from);
        Self {
            x,
            y,
            w,
            label,
            c,
            values: values.clone(),
        }
    }

    /// The number of samples.
    pub fn n(&self) -> usize {
        self.x.len()
    }

    /// A stored number, such as `number("ksg1_raw_k3")` or `number("lecture_equal_width_bits/MI")`.
    pub fn number(&self, path: &str) -> f64 {
        number(self.values.pointer(&format!("/{path}")).expect(path))
    }

    /// A stored list of numbers.
    pub fn numbers(&self, path: &str) -> Vec<f64> {
        let list = self.values.pointer(&format!("/{path}")).expect(path);
        list.as_array().expect(path).iter().map(number).collect()
    }
}

/// One of the samples with known mutual information.
pub struct Sample {
    /// Its name in the manifest.
    pub name: String,
    /// What x and y are: `cc` both numbers, `cd` x numbers and y labels, `dd` both labels.
    pub kinds: Vec<String>,
    /// The mutual information of the law it was drawn from; infinite for a singular one.
    pub true_mi_nats: Option<f64>,
    /// The first variable, `(samples, dimensions)`.
    pub x: Array2<f64>,
    /// The second variable, `(samples, dimensions)`.
    pub y: Array2<f64>,
}

impl Sample {
    fn new(case: &Value) -> Self {
        let text = |key: &str| case[key].as_str().expect(key).to_owned();
        let columns = read_npy(&data(&format!("mi/{}", text("file"))));
        let dx = case["dx"].as_u64().expect("dx") as usize;
        let kinds = case["kinds"].as_array().expect("kinds");
        Self {
            name: text("name"),
            kinds: kinds
                .iter()
                .map(|kind| kind.as_str().expect("a kind").to_owned())
                .collect(),
            true_mi_nats: (!case["true_mi_nats"].is_null()).then(|| number(&case["true_mi_nats"])),
            x: columns.slice(s![.., ..dx]).to_owned(),
            y: columns.slice(s![.., dx..]).to_owned(),
        }
    }

    /// The sample of that name.
    pub fn named(name: &str) -> &'static Self {
        SAMPLES
            .iter()
            .find(|sample| sample.name == name)
            .unwrap_or_else(|| panic!("the manifest has no sample {name}"))
    }

    /// Whether the sample is of a kind, such as `"cc"`.
    pub fn is(&self, kind: &str) -> bool {
        self.kinds.iter().any(|k| k == kind)
    }

    /// The first column of x.
    pub fn x1(&self) -> Array1<f64> {
        self.x.column(0).to_owned()
    }

    /// The first column of y.
    pub fn y1(&self) -> Array1<f64> {
        self.y.column(0).to_owned()
    }

    /// x as labels.
    pub fn x_labels(&self) -> Array1<i64> {
        self.x.column(0).mapv(|value| value as i64)
    }

    /// y as labels.
    pub fn y_labels(&self) -> Array1<i64> {
        self.y.column(0).mapv(|value| value as i64)
    }

    /// What a peer returned for this sample, such as `expected("discrete/npeet_midd_bits")`:
    /// `None` where the file has no such value, or the peer raised an error.
    pub fn expected(&self, path: &str) -> Option<f64> {
        let value = EXPECTED["cases"][&self.name].pointer(&format!("/{path}"))?;
        (!value.is_object()).then(|| number(value))
    }

    /// Anything else stored for this sample.
    pub fn expected_value(&self, path: &str) -> Option<&'static Value> {
        EXPECTED["cases"][&self.name].pointer(&format!("/{path}"))
    }
}

/// A number, or the text of one (`"inf"` and `"nan"` too).
pub fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("the text of a number"),
        value => value.as_f64().expect("a number"),
    }
}

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(path)
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a readable file");
    serde_json::from_str(&text).expect("valid JSON")
}

/// Reads the one form of npy file that `tests/data` has: version 1.0, two-dimensional,
/// little-endian float64, row by row.
fn read_npy(path: &Path) -> Array2<f64> {
    let bytes = std::fs::read(path).expect("a readable file");
    assert_eq!(bytes[..8], *b"\x93NUMPY\x01\x00", "{}", path.display());
    let header_end = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = std::str::from_utf8(&bytes[10..header_end]).expect("a header in ASCII");
    assert!(header.contains("'descr': '<f8', 'fortran_order': False"));
    let shape = header.split(['(', ')']).nth(1).expect("a shape");
    let shape: Vec<usize> = shape
        .split(',')
        .map(|length| length.trim().parse().expect("a length"))
        .collect();
    let values = bytes[header_end..]
        .chunks_exact(8)
        .map(|bytes| f64::from_le_bytes(bytes.try_into().expect("eight bytes")))
        .collect();
    Array2::from_shape_vec((shape[0], shape[1]), values).expect("as many values as the shape says")
}

#[test]
fn every_sample_can_be_read_and_has_expected_values() {
    assert_eq!(FORMULA_CASES.len(), 3);
    for sample in SAMPLES.iter() {
        assert_eq!(sample.x.nrows(), sample.y.nrows());
        assert!(
            EXPECTED["cases"][&sample.name].is_object(),
            "{}",
            sample.name
        );
    }
    let normals = Sample::named("binormal_r0.6_n2000");
    assert_eq!(normals.x.dim(), (2000, 1));
    let truth = normals.true_mi_nats.expect("a closed form");
    assert!((truth + 0.5 * (1.0f64 - 0.36).ln()).abs() < 1e-15);
}
