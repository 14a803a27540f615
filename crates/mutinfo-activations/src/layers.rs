//! Layer against layer: what the same unit keeps from one layer to the next, and what whole layers
//! share, as far as finite samples tell.
//!
//! Between layers of hundreds of units the mutual information is enormous (for a deterministic
//! network it is infinite), and no estimate from N samples shows it. KSG's first algorithm counts
//! at least k samples around each point, so with N samples it cannot exceed ψ(N) − ψ(k), about
//! ln(N/k) nats; and any lower bound that holds with high confidence for every law is of the order
//! of ln N (McAllester and Stratos 2020). So a whole layer is projected onto few dimensions, the
//! estimate is a statement about these, and it stands beside its [`ceiling`] and beside what
//! reordered samples give.

use mutinfo::{Estimator, Nats};
use ndarray::ArrayView2;
use statrs::function::gamma::digamma;

use crate::error::Result;

/// The mutual information of each unit of a layer with the unit of the same number in another
/// layer, `(samples, units)` both.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_activations::prelude::*;
/// use ndarray::Array2;
///
/// let before = Array2::from_shape_fn((100, 2), |(i, unit)| ((i * (unit + 1)) as f64).sin());
/// let mut after = before.clone();
/// let broken = Surrogate::Shuffle.of(before.view(), 1);
/// after.column_mut(1).assign(&broken.column(1)); // unit 1 forgets its token
/// let kept = same_unit(before.view(), after.view(), &Ksg1::default())?;
/// assert!(kept[0] > kept[1]);
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// Layers of different width, and what the estimator says of a unit.
pub fn same_unit(
    a: ArrayView2<'_, f64>,
    b: ArrayView2<'_, f64>,
    estimator: &dyn Estimator,
) -> Result<Vec<Nats>> {
    if a.ncols() != b.ncols() {
        return Err(crate::Error::WidthMismatch {
            first: a.ncols(),
            second: b.ncols(),
        });
    }
    let units = a.columns().into_iter().zip(b.columns());
    units
        .map(|(x, y)| Ok(estimator.estimate_variables(&x.into(), &y.into())?))
        .collect()
}

/// The most that a KSG1 estimate with k neighbours can be from n samples: ψ(n) − ψ(k).
///
/// In eq. 8 of Kraskov et al. (2004) both counts n_x + 1 and n_y + 1 are at least k.
///
/// ```
/// use mutinfo_activations::layers::ceiling;
///
/// assert_eq!(format!("{:.2}", ceiling(938, 3)), "5.92 nat");
/// ```
pub fn ceiling(n: usize, k: usize) -> Nats {
    Nats(digamma(n as f64) - digamma(k as f64))
}

#[cfg(test)]
mod tests {
    use mutinfo::Ksg1;
    use ndarray::{Array2, array};

    use super::*;

    fn column(n: usize, of: impl Fn(f64) -> f64) -> Array2<f64> {
        Array2::from_shape_fn((n, 1), |(i, _)| of(i as f64))
    }

    #[test]
    fn the_ceiling_is_reached_by_a_variable_and_itself_and_never_passed() {
        for k in [1, 3, 5] {
            let x = column(400, |i| (i * 1.3).sin());
            let itself = Ksg1::new(k).unwrap().estimate(&x, &x).unwrap();
            assert!(
                (itself - ceiling(400, k)).abs() < Nats(1e-9),
                "{itself} {}",
                ceiling(400, k)
            );
        }
    }

    #[test]
    fn each_unit_meets_its_own_number() {
        let a = Array2::from_shape_fn((200, 3), |(i, unit)| ((i * (unit + 1)) as f64 * 0.9).sin());
        let mut b = a.clone();
        b.column_mut(1).assign(&a.column(2));
        let same = same_unit(a.view(), b.view(), &Ksg1::default()).unwrap();
        assert_eq!(
            same[0],
            Ksg1::default().estimate(a.column(0), a.column(0)).unwrap()
        );
        assert_eq!(
            same[1],
            Ksg1::default().estimate(a.column(1), a.column(2)).unwrap()
        );
        assert_eq!(
            same_unit(a.view(), array![[1.0]].view(), &Ksg1::default())
                .unwrap_err()
                .to_string(),
            "one layer has 3 units and the other 1: unit i of one is compared with unit i of the other, so both need the same number"
        );
    }
}
