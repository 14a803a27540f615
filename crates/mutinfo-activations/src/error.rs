//! What can go wrong with a file of activations and in the analyses.

use std::io;

use thiserror::Error;

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What was wrong. Layers, units, tokens and indices count from 0.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be opened.
    #[error("{file} can't be read: {message}")]
    Io {
        /// The file.
        file: String,
        /// What kind of failure.
        kind: io::ErrorKind,
        /// The system's words.
        message: String,
    },

    /// The first bytes are of no format that this crate reads.
    #[error(
        "{file} is no .npy, .npz or .safetensors file by its first bytes: save the arrays in one of these formats (the crate's documentation has the Python lines)"
    )]
    UnknownFormat {
        /// The file.
        file: String,
    },

    /// The file is cut off.
    #[error(
        "{name} is cut off: {needed} bytes are announced, and {got} are there; copy or save the file again"
    )]
    Truncated {
        /// The file, or the tensor in it.
        name: String,
        /// The bytes that must be there.
        needed: u64,
        /// The bytes that are.
        got: u64,
    },

    /// The file contradicts itself.
    #[error("{name} is damaged: {problem}")]
    Corrupt {
        /// The file, or the tensor in it.
        name: String,
        /// What does not fit.
        problem: String,
    },

    /// The header is far larger than any real one.
    #[error(
        "{name} announces a header of {bytes} bytes, and at most {limit} are read: the file is damaged"
    )]
    HeaderTooLarge {
        /// The file, or the tensor in it.
        name: String,
        /// The header's announced length.
        bytes: u64,
        /// What is read at most.
        limit: u64,
    },

    /// The shape has more elements than a computer can address.
    #[error("{name} has the shape {shape:?}, which is more than this machine can address")]
    ShapeTooLarge {
        /// The tensor.
        name: String,
        /// Its announced shape.
        shape: Vec<usize>,
    },

    /// A small compressed array would take an enormous memory.
    #[error(
        "{name} would take {bytes} bytes of memory, from {compressed} in the file, as only constants and bombs do: if it is genuine, read a layer or unit of it alone, or save it again with `numpy.savez`"
    )]
    Bomb {
        /// The tensor.
        name: String,
        /// Its compressed size in bytes.
        compressed: u64,
        /// The bytes of what was asked for.
        bytes: u64,
    },

    /// The memory for the result could not be had.
    #[error("{name}: {bytes} bytes of memory could not be had; read it layer by layer")]
    OutOfMemory {
        /// The tensor.
        name: String,
        /// How much was asked for.
        bytes: u64,
    },

    /// There is no tensor of this name.
    #[error("there is no {name:?} here: the file has {}", available.join(", "))]
    NoSuchTensor {
        /// The name asked for.
        name: String,
        /// The names that the file has.
        available: Vec<String>,
    },

    /// A file of several arrays, or an array of several layers, where one was to be read.
    #[error(
        "{file} holds more than one layer ({}): open it by `let file = Activations::open(…)?;` and take one, such as `file.tensor(\"hidden_states\")?.layer(0)?`",
        arrays.join("; ")
    )]
    NotOneLayer {
        /// The file.
        file: String,
        /// What it holds: names, types and shapes.
        arrays: Vec<String>,
    },

    /// There is no column of this name.
    #[error("there is no column {name:?}: the file has {}", available.join(", "))]
    NoSuchColumn {
        /// The name asked for.
        name: String,
        /// The names that the file has.
        available: Vec<String>,
    },

    /// A cell of a column that was to be read as numbers is none.
    #[error("column {column:?} has {text:?} in line {line}, which is no number: {mend}")]
    NotANumber {
        /// The column's name.
        column: String,
        /// The line in the file, counted from 1.
        line: usize,
        /// The cell.
        text: String,
        /// What to do.
        mend: &'static str,
    },

    /// There is no layer of this number.
    #[error("there is no layer {layer}: {name} has {layers}, counted from 0")]
    NoSuchLayer {
        /// The tensor.
        name: String,
        /// The layer asked for.
        layer: usize,
        /// How many there are.
        layers: usize,
    },

    /// The elements are of a type that does not fit what was asked for.
    #[error("{name} holds {got}, where {needed} must be: {mend}")]
    WrongType {
        /// The tensor.
        name: String,
        /// Its type.
        got: String,
        /// What was asked for.
        needed: &'static str,
        /// What to do.
        mend: &'static str,
    },

    /// An integer that the asked-for type can't hold.
    #[error("{name} holds the integer {value} at {index:?}, which {needed} can't hold exactly")]
    NotExact {
        /// The tensor.
        name: String,
        /// Its indices.
        index: Vec<usize>,
        /// The integer.
        value: i128,
        /// What was asked for.
        needed: &'static str,
    },

    /// A string that is not made of characters.
    #[error(
        "{name} holds a string at {index:?} that is not text (or no UTF-8): make it text in Python, for instance by `np.char.decode(array, \"latin-1\")`, and save it again"
    )]
    NotText {
        /// The tensor.
        name: String,
        /// Its indices.
        index: Vec<usize>,
    },

    /// The file does not say which tokens it is about.
    #[error(
        "the file has no tokens: a .safetensors file keeps them in its metadata, key `tokens`, as a JSON list, an .npz file as an array `tokens` of strings"
    )]
    NoTokens,

    /// A position beyond the end of the text.
    #[error("there is no token {position}: the layer has {tokens}, counted from 0")]
    NoSuchToken {
        /// The position asked for.
        position: usize,
        /// The tokens there are.
        tokens: usize,
    },

    /// A unit beyond the width of the layer.
    #[error("there is no unit {unit}: the layer has {units}, counted from 0")]
    NoSuchUnit {
        /// The unit asked for.
        unit: usize,
        /// The units there are.
        units: usize,
    },

    /// Two layers of different width.
    #[error(
        "one layer has {first} units and the other {second}: unit i of one is compared with unit i of the other, so both need the same number"
    )]
    WidthMismatch {
        /// The units of the first layer.
        first: usize,
        /// The units of the second.
        second: usize,
    },

    /// A token that would be compared with itself.
    #[error("token {position} is listed twice: a token shares everything with itself")]
    TokenTwice {
        /// The position.
        position: usize,
    },

    /// The estimator, or a statistic's input.
    #[error(transparent)]
    Mutinfo(#[from] mutinfo::Error),
}

impl Error {
    pub(crate) fn corrupt(name: &str, problem: impl Into<String>) -> Self {
        Self::Corrupt {
            name: name.to_owned(),
            problem: problem.into(),
        }
    }
}
