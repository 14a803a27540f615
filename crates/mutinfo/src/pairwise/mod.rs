//! The mutual information of all pairs of columns: [`AllPairs`] and [`MutualInformationMatrix`].
//!
//! Every estimator makes matrices, of columns of every kind. [`Binned`](crate::Binned),
//! [`Discrete`](crate::Discrete), [`Ksg1`](crate::Ksg1), [`Gaussian`](crate::Gaussian) and
//! [`GaussianCopula`](crate::GaussianCopula) do once for each column what would be done once for each
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

mod matrix;

pub use matrix::MutualInformationMatrix;

use std::ops::Range;

use ndarray::Array2;

use crate::compute::progress::{OnProgress, no_progress};
use crate::compute::threads;
use crate::data::columns::{BLOCK, Columns};
use crate::error::Result;
use crate::estimator::{Block, Estimator, Prepared, Sets};
use crate::units::Nats;

/// Every [`Estimator`], applied to all pairs of columns, the pairs spread over
/// [threads].
///
/// Arrays are (samples, variables); a list of variables may be of any kinds that the estimator
/// takes. On the diagonal of a symmetric matrix stands what a variable shares with itself: the
/// entropy of labels or of bins, or infinity where the values are taken as continuous. The time is
/// that of all pairs; the memory that of the result, and of the columns as they are prepared: at
/// most 4 bytes for each value in bins, 8 for [`Gaussian`](crate::Gaussian) and
/// [`GaussianCopula`](crate::GaussianCopula), about 20 sorted for [`Ksg1`](crate::Ksg1).
pub trait AllPairs: Estimator {
    /// I(Xᵢ; Xⱼ) of all pairs of columns, in nats.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let labels = [Labels::new(&[0, 0, 1, 1]), Labels::new(&["a", "b", "a", "b"])];
    /// let matrix = Discrete::default().matrix(labels.as_slice())?;
    /// assert_eq!(matrix.get(0, 1), Nats(0.0));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As the estimator; the columns are counted in [`Error`](crate::Error)'s `column`.
    fn matrix<'a>(&self, columns: impl Into<Columns<'a>>) -> Result<MutualInformationMatrix> {
        self.matrix_with_progress(columns, &mut no_progress)
    }

    /// As [`matrix`](Self::matrix), reporting progress and stopping where `on_progress` says so.
    ///
    /// # Errors
    /// As the estimator, and [`Error::Cancelled`](crate::Error::Cancelled).
    fn matrix_with_progress<'a>(
        &self,
        columns: impl Into<Columns<'a>>,
        on_progress: OnProgress<'_>,
    ) -> Result<MutualInformationMatrix> {
        let columns = columns.into();
        let prepared = self.prepare(Sets::Within(&columns))?;
        let mut values = block_by_block(&*prepared, (columns.len(), None), on_progress)?;
        for i in 0..columns.len() {
            values[[i, i]] = prepared.estimate_with_itself(i)?;
        }
        Ok(MutualInformationMatrix {
            values,
            symmetric: true,
        })
    }

    /// I(Xᵢ; Yⱼ) of each column of `x` with each column of `y`, in nats: a matrix with a row for
    /// each column of `x`.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Sample::coupled_normals(200, 1.0, 42)?;
    /// let numbers = data.x.insert_axis(ndarray::Axis(1));
    /// let above = data.y.mapv(|y| y > 0.0);
    /// let matrix = Adaptive.matrix_between(&numbers, vec![Variable::from(&above)])?;
    /// assert!(matrix.get(0, 0) > Nats(0.1));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As the estimator; the columns are counted in [`Error`](crate::Error)'s `column`.
    fn matrix_between<'a>(
        &self,
        x: impl Into<Columns<'a>>,
        y: impl Into<Columns<'a>>,
    ) -> Result<MutualInformationMatrix> {
        self.matrix_between_with_progress(x, y, &mut no_progress)
    }

    /// As [`matrix_between`](Self::matrix_between), reporting progress and stopping where
    /// `on_progress` says so.
    ///
    /// # Errors
    /// As the estimator, and [`Error::Cancelled`](crate::Error::Cancelled).
    fn matrix_between_with_progress<'a>(
        &self,
        x: impl Into<Columns<'a>>,
        y: impl Into<Columns<'a>>,
        on_progress: OnProgress<'_>,
    ) -> Result<MutualInformationMatrix> {
        let (x, y) = (x.into(), y.into());
        let prepared = self.prepare(Sets::Between(&x, &y))?;
        Ok(MutualInformationMatrix {
            values: block_by_block(&*prepared, (x.len(), Some(y.len())), on_progress)?,
            symmetric: false,
        })
    }
}

impl<E: Estimator + ?Sized> AllPairs for E {}

/// A matrix from its blocks. Where there is no y, only what is above the diagonal is asked for, and
/// what is below is the same.
fn block_by_block(
    prepared: &dyn Prepared,
    (x, y): (usize, Option<usize>),
    on_progress: OnProgress<'_>,
) -> Result<Array2<Nats>> {
    let ranges = |count| threads::chunks(count, BLOCK);
    let blocks: Vec<Block> = ranges(x)
        .flat_map(|rows| ranges(y.unwrap_or(x)).map(move |columns| (rows.clone(), columns)))
        .filter(|(rows, columns): &(Range<usize>, Range<usize>)| {
            y.is_some() || rows.start <= columns.start
        })
        .map(|(x, columns)| Block {
            x,
            y: columns,
            above_diagonal: y.is_none(),
        })
        .collect();
    let parts = threads::map_with_progress(
        blocks.iter(),
        || (),
        |(), block| -> Result<_> {
            let mut values = Vec::with_capacity(block.x.len() * block.y.len());
            prepared.estimate_block(block, &mut |i, j, value| values.push((i, j, value)))?;
            Ok(values)
        },
        on_progress,
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

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ndarray::{ArrayView2, s};
    use proptest::prelude::*;

    use super::*;
    use crate::counting::binning::Binning;
    use crate::counting::edges::Edges;
    use crate::data::variable::Variable;
    use crate::{
        Binned, EntropyEstimator, Error, Gaussian, GaussianCopula, Ksg1, Progress, Scaling, Ties,
    };

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
            for correction in EntropyEstimator::ALL {
                let binned = Binned::equal_width(5)
                    .unwrap()
                    .entropy_estimator(correction);
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
    fn equals_single_pairs_by_correlations() {
        for rows in [40, 3000] {
            let (x, y) = (columns(rows, 7), columns(rows + 1, 5));
            let y = y.slice(s![1.., ..]);
            check(&Gaussian::default(), x.view(), y);
            check(&Gaussian::default().uncorrected(), x.view(), y);
            check(&GaussianCopula, x.view(), y);
        }
    }

    #[test]
    fn prepared_correlations_are_of_the_rows_in_the_order_asked_for() {
        let (x, y) = (columns(50, 2), columns(51, 3));
        let (x, y) = (Variable::from(&x), Variable::from(y.slice(s![1.., ..])));
        let order: Vec<u32> = (0..50).map(|row| row * 7 % 50).collect();
        let lists = [
            Columns::from(vec![x.clone()]),
            Columns::from(vec![y.clone()]),
        ];
        for estimator in [&Gaussian::default() as &dyn Estimator, &GaussianCopula] {
            let prepared = estimator
                .prepare(Sets::Between(&lists[0], &lists[1]))
                .unwrap();
            let expected = x.in_order(&order, |x| estimator.estimate_variables(x, &y));
            assert_eq!(prepared.estimate_reordered(0, 0, &order), expected);
            assert_eq!(
                prepared.estimate(0, 0),
                estimator.estimate_variables(&x, &y)
            );
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
            Ksg1::default().scaling(Scaling::NormalScores),
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
            assert_eq!(many, crate::with_threads(threads, all));
        }
    }

    #[test]
    fn errors_name_the_column() {
        let ksg = Ksg1::default().ties(Ties::Include);
        let mut x = columns(50, 40);
        match Ksg1::default().matrix(x.view()) {
            Err(Error::RepeatedValues { column, .. }) => assert_eq!(column, Some(2)),
            other => panic!("{other:?}"),
        }
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
        // A constant column shares nothing, exactly, and spoils no other.
        x.column_mut(30).fill(2.0);
        let binned = Binned::equal_frequency(4).unwrap();
        for matrix in [
            ksg.matrix(x.view()).unwrap(),
            binned.matrix(x.view()).unwrap(),
        ] {
            let shared = (0..40).filter(|&j| j != 30).map(|j| matrix.get(30, j));
            assert!(
                shared
                    .into_iter()
                    .all(|information| information == Nats(0.0))
            );
        }
        let none = Array2::<f64>::zeros((50, 0));
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
        let mut on_progress = |progress: Progress| {
            reports += 1;
            match progress.done {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        };
        let ksg = Ksg1::default().ties(Ties::Include);
        let result = ksg.matrix_with_progress(x.view(), &mut on_progress);
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
