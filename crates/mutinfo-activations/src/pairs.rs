//! All pairs of units of a layer, or of two layers: which of them share more than chance gives?
//!
//! The matrix itself is [`AllPairs`](mutinfo::AllPairs)'s: `Ksg1::default().matrix(layer.view())`.
//! Here its pairs are held against those of a layer whose samples were reordered, and corrected
//! for their number.

use mutinfo::{Bits, MutualInformationMatrix, Nats};

/// The p-value of each pair of a matrix, in the order of its
/// [pairs](MutualInformationMatrix::pairs): (1 + how many pairs of `chance` share as much) / (1 + how
/// many there are).
///
/// `chance` is a matrix between a layer and a reordered one
/// ([`Surrogate::of`](mutinfo::inference::Surrogate::of)). Its pairs are taken together, for each pair alone would
/// need thousands of reorderings of its own. This is exact where chance gives every pair the same
/// law: for bins of equal frequency and for normal scores. For other scalings it is as good as the
/// units are alike.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_activations::prelude::*;
///
/// let data = Sample::coupled_normals(200, 1.0, 1)?;
/// let layer = ndarray::stack![ndarray::Axis(1), data.x, data.y];
/// let bins = Binned::equal_frequency(5)?;
/// let matrix = bins.matrix(layer.view())?;
/// let broken = Surrogate::Shuffle.of(layer.view(), 1);
/// let chance = bins.matrix_between(layer.view(), broken.view())?;
/// assert_eq!(p_values(&matrix, &chance), [0.2]); // one pair, beyond all four broken ones
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn p_values(matrix: &MutualInformationMatrix, chance: &MutualInformationMatrix) -> Vec<f64> {
    let mut chance: Vec<f64> = chance.values().iter().map(|nats| nats.value()).collect();
    chance.sort_by(f64::total_cmp);
    let as_much = |value: f64| chance.len() - chance.partition_point(|&other| other < value);
    let p_value = |value: Nats| (1 + as_much(value.value())) as f64 / (1 + chance.len()) as f64;
    matrix.pairs().map(|(_, _, value)| p_value(value)).collect()
}

/// The mutual information of each pair of a matrix, in the order of its
/// [pairs](MutualInformationMatrix::pairs).
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_activations::prelude::*;
/// use ndarray::array;
///
/// let layer = array![[0.0, 0.0, 5.0], [0.0, 0.0, 7.0], [1.0, 1.0, 5.0], [1.0, 1.0, 7.0]];
/// let matrix = Binned::equal_width(2)?.matrix(layer.view())?;
/// assert_eq!(pair_bits(&matrix), [Bits(1.0), Bits(0.0), Bits(0.0)]); // 0 and 1, 0 and 2, 1 and 2
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn pair_bits(matrix: &MutualInformationMatrix) -> Vec<Bits> {
    matrix
        .pairs()
        .map(|(_, _, value)| value.to_bits())
        .collect()
}

/// For each unit of the rows the unit of the columns that it shares most with, and how much:
/// which unit of the next layer carries on what this one says.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_activations::prelude::*;
/// use ndarray::array;
///
/// let before = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// let after = array![[5.0, 2.0], [7.0, 2.0], [5.0, 4.0], [7.0, 4.0]]; // the units changed places
/// let between = Binned::equal_width(2)?.matrix_between(before.view(), after.view())?;
/// let best: Vec<usize> = best_matches(&between).into_iter().map(|(unit, _)| unit).collect();
/// assert_eq!(best, [1, 0]);
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn best_matches(matrix: &MutualInformationMatrix) -> Vec<(usize, Nats)> {
    let rows = matrix.values();
    rows.rows()
        .into_iter()
        .filter_map(|row| {
            let units = row.iter().copied().enumerate();
            units.max_by(|a, b| a.1.value().total_cmp(&b.1.value()))
        })
        .collect()
}
