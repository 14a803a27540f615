//! The mutual information of all pairs of columns: [`AllPairs`] and [`InformationMatrix`].
//!
//! [`Binned`](crate::Binned) and [`Ksg1`] do once for each column what would be done once for each
//! pair, and return the values that pair by pair they would.
//!
//! ```
//! use mutinfo::prelude::*;
//! use ndarray::Array2;
//!
//! // 300 samples of 4 variables, of which 1 follows 0.
//! let mut units = Array2::from_shape_fn((300, 4), |(i, j)| ((i * (7 + j)) as f64).sin());
//! for mut sample in units.rows_mut() {
//!     sample[1] = sample[0].powi(2) + 0.1 * sample[1];
//! }
//! let matrix = Ksg1::default().matrix(units.view())?;
//! let (i, j, information) = matrix.pairs_by_information()[0];
//! assert_eq!((i, j), (0, 1));
//! println!("{i} and {j} share {:.2}", information.to_bits());
//! # Ok::<(), mutinfo::Error>(())
//! ```

mod binned;
mod fused;
mod rows_of_bits;

use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2, s};

use crate::compute::progress::{Watch, unwatched};
use crate::compute::threads;
use crate::data::check::check_lengths;
use crate::data::variable::Variable;
use crate::error::Result;
use crate::estimator::Estimator;
use crate::neighbours::ksg::Ksg1;
use crate::units::Nats;

/// How many columns of each side make one task.
const BLOCK: usize = 16;

/// A way to count how often the bins of two columns occur together.
trait CountPairs: Sync {
    /// Hands over, for each pair of these columns, the cells of its table, row after row.
    fn each_pair(
        &self,
        x: Range<usize>,
        y: Range<usize>,
        then: &mut dyn FnMut(usize, usize, &[u32]),
    );
}

/// The mutual information of the pairs of columns of one array, or of a column of one with a
/// column of another.
#[derive(Debug, Clone, PartialEq)]
pub struct InformationMatrix {
    values: Array2<Nats>,
    symmetric: bool,
}

impl InformationMatrix {
    /// The information of row i and column j.
    ///
    /// # Panics
    /// As indexing does, if there is no such row or column.
    pub fn get(&self, i: usize, j: usize) -> Nats {
        self.values[[i, j]]
    }

    /// All values, with their unit: `.values().mapv(Nats::to_bits)` are bits.
    pub fn values(&self) -> ArrayView2<'_, Nats> {
        self.values.view()
    }

    /// Whether the rows and the columns are the same variables.
    pub fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    /// Each pair of different variables once, as (row, column, information): the part above the
    /// diagonal where the matrix is symmetric, and all of it where it is not.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, Nats)> {
        let values = self.values.indexed_iter();
        values
            .filter(|&((i, j), _)| !self.symmetric || i < j)
            .map(|((i, j), &information)| (i, j, information))
    }

    /// The [pairs](Self::pairs), those that share most first.
    pub fn pairs_by_information(&self) -> Vec<(usize, usize, Nats)> {
        let mut pairs: Vec<_> = self.pairs().collect();
        pairs.sort_by(|a, b| b.2.0.total_cmp(&a.2.0));
        pairs
    }
}

/// An estimator, applied to all pairs of columns, the pairs spread over
/// [threads](crate::compute::threads::set_threads).
///
/// Arrays are (samples, variables). On the diagonal of a symmetric matrix stands what a variable
/// shares with itself: the entropy of its bins, or infinity where it is taken as continuous. The
/// time is that of all pairs; the memory that of the result, and of the columns as they are
/// prepared: at most 4 bytes for each value in bins, about 20 sorted for [`Ksg1`].
pub trait AllPairs: Estimator + Sync + Sized {
    /// I(Xᵢ; Xⱼ) of all pairs of columns of one array, in nats.
    ///
    /// # Errors
    /// As the estimator; the columns are counted in [`Error`](crate::Error)'s `column`.
    fn matrix(&self, columns: ArrayView2<'_, f64>) -> Result<InformationMatrix> {
        self.matrix_watched(columns, &mut unwatched)
    }

    /// As [`matrix`](Self::matrix), reporting progress and stopping where `watch` says so.
    ///
    /// # Errors
    /// As the estimator, and [`Error::Cancelled`](crate::Error::Cancelled).
    fn matrix_watched(
        &self,
        columns: ArrayView2<'_, f64>,
        watch: Watch<'_>,
    ) -> Result<InformationMatrix> {
        check_columns("columns", columns)?;
        Ok(InformationMatrix {
            values: self.all_pairs(columns, None, watch)?,
            symmetric: true,
        })
    }

    /// I(Xᵢ; Yⱼ) of each column of `x` with each column of `y`, in nats: a matrix with a row for
    /// each column of `x`.
    ///
    /// # Errors
    /// As the estimator; the columns are counted in [`Error`](crate::Error)'s `column`.
    fn matrix_between(
        &self,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
    ) -> Result<InformationMatrix> {
        self.matrix_between_watched(x, y, &mut unwatched)
    }

    /// As [`matrix_between`](Self::matrix_between), reporting progress and stopping where `watch`
    /// says so.
    ///
    /// # Errors
    /// As the estimator, and [`Error::Cancelled`](crate::Error::Cancelled).
    fn matrix_between_watched(
        &self,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        watch: Watch<'_>,
    ) -> Result<InformationMatrix> {
        check_columns("x", x)?;
        check_columns("y", y)?;
        check_lengths("x", x.nrows(), "y", y.nrows())?;
        Ok(InformationMatrix {
            values: self.all_pairs(x, Some(y), watch)?,
            symmetric: false,
        })
    }

    /// What the others call, with columns that have been checked: x with y or, where that is
    /// `None`, with itself. This one estimates pair by pair.
    ///
    /// # Errors
    /// As the estimator, and [`Error::Cancelled`](crate::Error::Cancelled).
    fn all_pairs(
        &self,
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        watch: Watch<'_>,
    ) -> Result<Array2<Nats>> {
        let (x, y) = (x.t(), y.map(|y| y.reversed_axes()));
        pair_by_pair(x.nrows(), y.map(|y| y.nrows()), watch, |i, j| {
            let y = y.unwrap_or(x);
            self.estimate_variables(&x.row(i).into(), &y.row(j).into())
        })
    }
}

impl AllPairs for Ksg1 {
    fn all_pairs(
        &self,
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        watch: Watch<'_>,
    ) -> Result<Array2<Nats>> {
        let variables: Vec<_> = std::iter::once(x).chain(y).collect();
        let sorted = self.sorted(&variables)?;
        let (of_x, of_y) = sorted.split_at(x.ncols());
        let of_y = if y.is_some() { of_y } else { of_x };
        pair_by_pair(x.ncols(), y.map(|y| y.ncols()), watch, |i, j| {
            self.estimate_sorted(&of_x[i], &of_y[j])
        })
    }
}

/// The values of all pairs of columns, with infinity on the diagonal where there is no y.
fn pair_by_pair(
    x: usize,
    y: Option<usize>,
    watch: Watch<'_>,
    pair: impl Fn(usize, usize) -> Result<Nats> + Sync,
) -> Result<Array2<Nats>> {
    block_by_block((x, y), BLOCK, watch, |rows, columns| {
        let mut values = Vec::with_capacity(rows.len() * columns.len());
        for i in rows {
            for j in columns.clone() {
                match y {
                    None if i > j => {}
                    None if i == j => values.push((i, j, Nats(f64::INFINITY))),
                    _ => values.push((i, j, pair(i, j)?)),
                }
            }
        }
        Ok(values)
    })
}

/// A matrix from its blocks, each of which returns (row, column, value). Where there is no y,
/// only the blocks on and above the diagonal are asked for, and what is below is the same.
fn block_by_block(
    (x, y): (usize, Option<usize>),
    size: usize,
    watch: Watch<'_>,
    block: impl Fn(Range<usize>, Range<usize>) -> Result<Vec<(usize, usize, Nats)>> + Sync,
) -> Result<Array2<Nats>> {
    let blocks: Vec<_> = threads::chunks(x, size)
        .flat_map(|rows| {
            let across = threads::chunks(y.unwrap_or(x), size);
            across.map(move |columns| (rows.clone(), columns))
        })
        .filter(|(rows, columns)| y.is_some() || rows.start <= columns.start)
        .collect();
    let parts = threads::map_watched(
        blocks.into_iter(),
        || (),
        |(), (rows, columns)| block(rows, columns),
        watch,
    )?;
    let mut matrix = Array2::from_elem((x, y.unwrap_or(x)), Nats(0.0));
    for part in parts {
        for (i, j, value) in part? {
            matrix[[i, j]] = value;
            if y.is_none() {
                matrix[[j, i]] = value;
            }
        }
    }
    Ok(matrix)
}

/// Something made of each column, the columns spread over threads.
fn by_column<T: Send>(
    columns: ArrayView2<'_, f64>,
    make: impl Fn(ArrayView1<'_, f64>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    /// How many rows are turned at a time: what is read of each, most arrays being stored row by
    /// row, stays in fast memory until all its columns are taken.
    const ROWS: usize = 64;
    let parts = threads::map(
        threads::chunks(columns.ncols(), BLOCK),
        || (),
        |(), range| {
            let columns = columns.slice(s![.., range]);
            let mut block = Array2::zeros((columns.ncols(), columns.nrows()));
            for rows in threads::chunks(columns.nrows(), ROWS) {
                let turned = columns.slice(s![rows.clone(), ..]).reversed_axes();
                block.slice_mut(s![.., rows]).assign(&turned);
            }
            block
                .rows()
                .into_iter()
                .map(&make)
                .collect::<Result<Vec<T>>>()
        },
    );
    let parts: Vec<Vec<T>> = parts.into_iter().collect::<Result<_>>()?;
    Ok(parts.into_iter().flatten().collect())
}

/// Checks that there are columns, that they are finite, and that none is constant.
fn check_columns(argument: &'static str, columns: ArrayView2<'_, f64>) -> Result<()> {
    Variable::Continuous(columns).continuous(argument, "the matrix of all pairs")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ndarray::{Array2, ArrayView2, s};
    use proptest::prelude::*;

    use super::*;
    use crate::counting::bins::{Binning, Edges};
    use crate::{Binned, Correction, Error, Progress, Ties};

    /// Largest difference between two ways to compute the same.
    const ROUNDING: f64 = 1e-12;

    fn columns(rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns), |(i, j)| {
            let wave = ((i * i + 7 * i * (j + 1)) as f64).sin();
            // Some columns are rounded, and all depend on the row.
            let value = wave + ((i % 13) as f64 - 6.0) * 0.1 * j as f64;
            if j % 3 == 2 {
                (4.0 * value).round()
            } else {
                value
            }
        })
    }

    /// The matrix equals the estimates of single pairs.
    fn check(estimator: &impl AllPairs, x: ArrayView2<'_, f64>, y: ArrayView2<'_, f64>) {
        let single = |x: ArrayView2<'_, f64>, i, y: ArrayView2<'_, f64>, j| {
            estimator
                .estimate(x.slice(s![.., i]), y.slice(s![.., j]))
                .unwrap()
        };
        let between = estimator.matrix_between(x, y).unwrap();
        assert_eq!(between.values().dim(), (x.ncols(), y.ncols()));
        for (i, j, value) in between.pairs() {
            let expected = single(x, i, y, j);
            assert!(
                (value - expected).0.abs() < ROUNDING,
                "{estimator}: {value} {expected}"
            );
        }
        let within = estimator.matrix(x).unwrap();
        assert_eq!(within.pairs().count(), x.ncols() * (x.ncols() - 1) / 2);
        for (i, j, value) in within.pairs() {
            let expected = single(x, i, x, j);
            assert!(
                (value - expected).0.abs() < ROUNDING,
                "{estimator}: {value} {expected}"
            );
            assert_eq!(within.get(j, i), value);
        }
    }

    #[test]
    fn equals_single_pairs_by_bins() {
        for rows in [40, 600] {
            let (x, y) = (columns(rows, 19), columns(rows, 5));
            for bins in [2, 3, 8, 16, 40, 80] {
                let binned = Binned::equal_frequency(bins).unwrap();
                check(&binned, x.view(), y.view());
            }
            for correction in Correction::ALL {
                let binned = Binned::equal_width(5).unwrap().corrected(correction);
                check(&binned, x.slice(s![.., ..5]), y.slice(s![.., ..3]));
            }
            let few_by_many = Binned::new(
                Binning::equal_width(3).unwrap(),
                Binning::equal_frequency(17).unwrap(),
            );
            let between = few_by_many.matrix_between(x.view(), y.view()).unwrap();
            let single = few_by_many.estimate(x.column(18), y.column(4)).unwrap();
            assert!((between.get(18, 4) - single).0.abs() < ROUNDING);
        }
    }

    #[test]
    fn counts_beyond_sixteen_bits() {
        let x = columns(70_000, 4);
        let half = Edges::new(vec![-100.0, 90.0, 100.0]).unwrap();
        check(&Binned::edges(half.clone(), half), x.view(), x.view());
    }

    #[test]
    fn a_diagonal_in_bins_is_the_entropy() {
        let x = columns(1000, 3);
        let matrix = Binned::equal_frequency(4)
            .unwrap()
            .matrix(x.view())
            .unwrap();
        assert!((matrix.get(0, 0).0 - 4_f64.ln()).abs() < ROUNDING);
        let matrix = Ksg1::default().matrix(x.slice(s![.., ..2])).unwrap();
        assert_eq!(matrix.get(1, 1).0, f64::INFINITY);
    }

    #[test]
    fn there_may_be_more_columns_than_samples() {
        let x = columns(12, 31);
        let continuous: Vec<_> = (0..31).filter(|j| j % 3 != 2).collect();
        let x = x.select(ndarray::Axis(1), &continuous);
        for estimator in [
            Ksg1::default(),
            Ksg1::default().scaling(crate::Scaling::NormalScores),
        ] {
            check(&estimator, x.view(), x.view());
        }
    }

    #[test]
    fn threads_change_no_bit() {
        let (x, y) = (columns(600, 40), columns(600, 20));
        let all = || {
            let (binned, ksg) = (
                Binned::equal_frequency(8).unwrap(),
                Ksg1::default().ties(Ties::Include),
            );
            [
                binned.matrix(x.view()).unwrap(),
                binned.matrix_between(x.view(), y.view()).unwrap(),
                ksg.matrix(x.view()).unwrap(),
                ksg.matrix_between(x.view(), y.view()).unwrap(),
            ]
        };
        let many = all();
        for threads in [1, 2, 3] {
            crate::set_threads(threads);
            let again = all();
            crate::set_threads(0);
            assert_eq!(many, again);
        }
    }

    #[test]
    fn errors_name_the_column() {
        let ksg = Ksg1::default();
        let mut x = columns(50, 40);
        let y = columns(49, 2);
        assert!(matches!(
            ksg.matrix_between(x.view(), y.view()),
            Err(Error::LengthMismatch { .. })
        ));
        x[[7, 30]] = f64::NAN;
        match ksg.matrix(x.view()) {
            Err(Error::NotFinite { row, column, .. }) => assert_eq!((row, column), (7, 30)),
            other => panic!("{other:?}"),
        }
        x.column_mut(30).fill(2.0);
        for result in [ksg.matrix(x.view()), ksg.matrix_between(x.view(), x.view())] {
            assert!(matches!(result, Err(Error::Constant { column: 30, .. })));
        }
        let none = Array2::zeros((50, 0));
        assert!(matches!(ksg.matrix(none.view()), Err(Error::Empty { .. })));
        let few = columns(3, 2);
        assert!(matches!(
            ksg.matrix(few.view()),
            Err(Error::TooManyNeighbours { .. })
        ));
    }

    #[test]
    fn can_be_stopped() {
        let x = columns(100, 50);
        let mut reports = 0;
        let mut watch = |progress: Progress| {
            reports += 1;
            match progress.done {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        };
        let result = Ksg1::default().matrix_watched(x.view(), &mut watch);
        assert!(matches!(result, Err(Error::Cancelled { .. })));
        assert_eq!(reports, 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn equals_single_pairs_by_neighbours(rows in 12..150_usize, k in 1..9_usize) {
            let (x, y) = (columns(rows, 5), columns(rows, 3));
            let continuous = |array: &Array2<f64>| array.select(ndarray::Axis(1), &[0, 1]);
            let ksg = Ksg1::new(k).unwrap();
            check(&ksg, continuous(&x).view(), continuous(&y).view());
            // One column of each is rounded.
            check(&ksg.ties(Ties::Include), x.view(), y.view());
            check(&ksg.ties(Ties::Formula), x.view(), y.view());
        }
    }
}
