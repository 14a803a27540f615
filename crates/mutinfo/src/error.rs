//! What can go wrong: one type whose variants carry the facts, and whose messages say what to do.

use thiserror::Error;

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What was wrong with the data or a parameter. Rows and indices count from 0.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is not one sample.
    #[error("{argument} is empty: give it at least one value")]
    Empty {
        /// The argument's name.
        argument: &'static str,
    },

    /// There are fewer samples than the method needs.
    #[error("{got} sample{} {} too few here: at least {needed} {} needed", s(*got), are(*got), are(*needed))]
    TooFewSamples {
        /// How many there are.
        got: usize,
        /// How many there must be.
        needed: usize,
    },

    /// Two variables that must be observed together have different numbers of samples.
    #[error(
        "{first} has {first_len} sample{} and {second} has {second_len}: sample i of {first} and sample i of {second} must belong together, so both need the same number", s(*first_len)
    )]
    LengthMismatch {
        /// The first argument's name.
        first: &'static str,
        /// Its number of samples.
        first_len: usize,
        /// The second argument's name.
        second: &'static str,
        /// Its number of samples.
        second_len: usize,
    },

    /// A value is NaN or infinite.
    #[error(
        "{argument} is {value} at row {row}, column {column}: remove or replace the samples that are not finite numbers"
    )]
    NotFinite {
        /// The argument's name.
        argument: &'static str,
        /// The sample.
        row: usize,
        /// The dimension, 0 for a scalar variable.
        column: usize,
        /// The value found.
        value: f64,
    },

    /// Every sample has the same value.
    #[error(
        "{argument}, column {column}, has the same value in every sample: a constant shares no information, and this method cannot measure distances in it"
    )]
    Constant {
        /// The argument's name.
        argument: &'static str,
        /// The dimension, 0 for a scalar variable.
        column: usize,
    },

    /// A number of neighbours that is 0.
    #[error("k = 0 neighbours: use k = 1 or more; 3 is usual")]
    ZeroNeighbours,

    /// As many neighbours asked for as there are samples, or more.
    #[error(
        "k = {k} neighbour{} need{} at least {} samples, and there {} {samples}: use a smaller k or more data",
        s(*k), if *k == 1 { "s" } else { "" }, k + 1, are(*samples)
    )]
    TooManyNeighbours {
        /// The number of neighbours asked for.
        k: usize,
        /// The number of samples.
        samples: usize,
    },

    /// A point and so many others are the same point that the nearest neighbours are at distance 0.
    #[error(
        "the sample at row {row} and at least {k} other{} are the same point, so its neighbours' distance is 0, where {method} is not defined: for repeated or rounded values, or numbers mixed with atoms, use MixedKsg; for classes convert to integers and use an estimator for labels; or choose a rule with `.ties(…)`", s(*k)
    )]
    Ties {
        /// The first such sample.
        row: usize,
        /// The number of neighbours asked for.
        k: usize,
        /// Who asks.
        method: &'static str,
    },

    /// So many values are repeated that the variable is not continuous.
    #[error(
        "{argument}{} has only {distinct} different value{} in {samples} samples, and {method} is made for values that hardly ever repeat: use `mutual_information` or MixedKsg, which take repeated values; or insist with `.ties(Ties::Include)`",
        match column { Some(column) => format!(", column {column},"), None => String::new() }, s(*distinct)
    )]
    RepeatedValues {
        /// The argument's name.
        argument: &'static str,
        /// Which of several columns it is.
        column: Option<usize>,
        /// How many different values there are.
        distinct: usize,
        /// How many samples there are.
        samples: usize,
        /// Who asks.
        method: &'static str,
    },

    /// No label occurs twice, so that no sample has a neighbour of its own class.
    #[error(
        "no label of {argument} occurs more than once, so no sample has a neighbour with the same label: are these numbers rather than classes? Then give them as floating-point numbers"
    )]
    NoRepeatedLabel {
        /// The argument's name.
        argument: &'static str,
    },

    /// Hardly any label of either variable occurs twice: whatever they are, their table shows ln N.
    #[error(
        "x{} has {x_classes} different labels and y{} {y_classes} in {samples} samples: they look like measurements, or like names of the samples, and counting would show ln N whatever they share. Make measurements f64: `.mapv(|value| value as f64)` for an array, `.iter().map(|&value| value as f64).collect::<Vec<_>>()` for a vector; names tell nothing, unless they are grouped",
        match columns { Some([x, _]) => format!(", column {x},"), None => String::new() },
        match columns { Some([_, y]) => format!(", column {y},"), None => String::new() }
    )]
    LabelsHardlyRepeat {
        /// How many different labels x has.
        x_classes: usize,
        /// How many y has.
        y_classes: usize,
        /// How many samples there are.
        samples: usize,
        /// Which of several columns they are.
        columns: Option<[usize; 2]>,
    },

    /// The variables determine one another, as exactly as numbers can tell.
    #[error(
        "the variables determine one another exactly{}: their mutual information is infinite, or one column repeats others; leave such columns out", match row { Some(row) => format!(" (around the sample at row {row})"), None => String::new() }
    )]
    Singular {
        /// The sample around which they do, where that can be said.
        row: Option<usize>,
    },

    /// There are more columns than samples.
    #[error(
        "{dimensions} dimension{} and only {samples} sample{}: more samples are needed, or the array must be transposed (samples are rows)", s(*dimensions), s(*samples)
    )]
    TooManyDimensions {
        /// The dimensions of all variables together.
        dimensions: usize,
        /// The number of samples.
        samples: usize,
    },

    /// A number of bins that is 0.
    #[error("{argument} has 0 bins: use at least 1")]
    ZeroBins {
        /// The argument's name.
        argument: &'static str,
    },

    /// Bin edges that do not increase.
    #[error(
        "{argument} must increase, but edge {index} ({value}) is not above the one before it ({previous})"
    )]
    EdgesNotIncreasing {
        /// The argument's name.
        argument: &'static str,
        /// The edge that is too small.
        index: usize,
        /// Its value.
        value: f64,
        /// The value before it.
        previous: f64,
    },

    /// A value lies below the first bin edge or above the last.
    #[error(
        "{argument} is {value} at row {row}, outside the bins from {first_edge} to {last_edge}: widen the edges, or remove such samples on purpose"
    )]
    OutsideBins {
        /// The argument's name.
        argument: &'static str,
        /// The sample.
        row: usize,
        /// Its value.
        value: f64,
        /// The lowest edge.
        first_edge: f64,
        /// The highest edge.
        last_edge: f64,
    },

    /// A continuous variable was given where labels are needed, or the other way round.
    #[error("{argument} is {got}, and {method} needs {needed}: {mend}")]
    WrongKind {
        /// The argument's name.
        argument: &'static str,
        /// What it is.
        got: &'static str,
        /// Who asks.
        method: &'static str,
        /// What is needed.
        needed: &'static str,
        /// What to do.
        mend: &'static str,
    },

    /// A parameter that must be a finite number (of a certain range) is not.
    #[error("{parameter} = {value}: {requirement}")]
    Parameter {
        /// The parameter's name.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        requirement: &'static str,
    },

    /// The function that watches long work stopped it.
    #[error("stopped when {done} of {total} parts of the work were done: nothing is returned")]
    Cancelled {
        /// How many parts were done.
        done: usize,
        /// How many there were.
        total: usize,
    },

    /// More samples were counted than can be computed with exactly.
    #[error("the counts add up to more than {most}: divide them all by the same number")]
    TooManySamples {
        /// The most that there may be.
        most: u64,
    },

    /// More samples than the rows of a variable are counted.
    #[error(
        "{argument} has {samples} samples, and {most} are the most: take every second one, or a random part"
    )]
    TooManyRows {
        /// The argument's name.
        argument: &'static str,
        /// How many there are.
        samples: usize,
        /// The most that there may be.
        most: usize,
    },

    /// A number of bins that no memory should be spent on.
    #[error(
        "{argument} asks for {bins} bins, and {most} is the most: give a number of bins, or look for outliers, which stretch the range that a rule cuts up"
    )]
    TooManyBins {
        /// The argument's name.
        argument: &'static str,
        /// The number asked for.
        bins: f64,
        /// The most that there may be.
        most: usize,
    },

    /// A table of counts that no memory should be spent on.
    #[error(
        "a table of {rows} row{} and {columns} column{} is too large, {most} cells are the most: use fewer bins, or `JointCounts`, which keeps no empty cells", s(*rows), s(*columns)
    )]
    TooManyCells {
        /// Classes of x.
        rows: usize,
        /// Classes of y.
        columns: usize,
        /// The most cells that there may be.
        most: usize,
    },

    /// Bins so narrow that neighbouring edges are the same floating-point number.
    #[error(
        "{bins} bin{} from {min} to {max} {} too narrow for floating-point numbers: use fewer bins, or subtract a large offset from the data", s(*bins), are(*bins)
    )]
    BinsTooNarrow {
        /// The number of bins.
        bins: usize,
        /// The lowest edge.
        min: f64,
        /// The highest edge.
        max: f64,
    },

    /// Probabilities that are negative, not finite, or do not add up to 1.
    #[error("{argument} must be probabilities that add up to 1, but {problem}")]
    NotProbabilities {
        /// The argument's name.
        argument: &'static str,
        /// What is wrong.
        problem: String,
    },

    /// A variable of vectors where the method takes single numbers.
    #[error(
        "{argument} has {dimensions} dimension{}, and {method} takes one number a sample: give one column, or use a nearest-neighbour estimator, which takes vectors", s(*dimensions)
    )]
    NotScalar {
        /// The argument's name.
        argument: &'static str,
        /// Its number of dimensions.
        dimensions: usize,
        /// Who asks.
        method: &'static str,
    },

    /// Fewer variables than the method needs.
    #[error("{got} variable{} {} too few here: at least {needed} {} needed", s(*got), are(*got), are(*needed))]
    TooFewVariables {
        /// How many there are.
        got: usize,
        /// How many there must be.
        needed: usize,
    },
}

/// The ending of the noun behind a count.
fn s(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The verb behind a count.
fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

impl Error {
    /// The same error about one of several columns, where it was about the only column of a
    /// variable.
    pub(crate) fn at_column(self, index: usize) -> Self {
        match self {
            Self::NotFinite {
                argument,
                row,
                value,
                ..
            } => Self::NotFinite {
                argument,
                row,
                column: index,
                value,
            },
            Self::RepeatedValues {
                argument,
                distinct,
                samples,
                method,
                ..
            } => Self::RepeatedValues {
                argument,
                column: Some(index),
                distinct,
                samples,
                method,
            },
            Self::Constant { argument, .. } => Self::Constant {
                argument,
                column: index,
            },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_of_one_is_singular() {
        let too_few = |got, needed| Error::TooFewSamples { got, needed }.to_string();
        assert_eq!(
            too_few(1, 4),
            "1 sample is too few here: at least 4 are needed"
        );
        assert_eq!(
            too_few(0, 1),
            "0 samples are too few here: at least 1 is needed"
        );
        let neighbours = |k, samples| Error::TooManyNeighbours { k, samples }.to_string();
        assert!(
            neighbours(1, 1)
                .starts_with("k = 1 neighbour needs at least 2 samples, and there is 1:")
        );
        assert!(
            neighbours(3, 2)
                .starts_with("k = 3 neighbours need at least 4 samples, and there are 2:")
        );
        let dimensions = |dimensions, samples| {
            Error::TooManyDimensions {
                dimensions,
                samples,
            }
            .to_string()
        };
        assert!(dimensions(20, 1).starts_with("20 dimensions and only 1 sample:"));
        assert!(dimensions(3, 2).starts_with("3 dimensions and only 2 samples:"));
        let lengths = Error::LengthMismatch {
            first: "x",
            first_len: 1,
            second: "y",
            second_len: 2,
        };
        assert!(
            lengths
                .to_string()
                .starts_with("x has 1 sample and y has 2:")
        );
    }
}
