#![doc = include_str!("choosing.md")]

use crate::counting::binned::Binned;
use crate::counting::discrete::Discrete;
use crate::counting::entropy_estimator::EntropyEstimator;
use crate::data::scaling::Scaling;
use crate::estimator::Estimator;
use crate::gaussian::{Gaussian, GaussianCopula};
use crate::neighbours::ksg1::Ksg1;
use crate::neighbours::ksg2::Ksg2;
use crate::neighbours::lnc::Lnc;
use crate::neighbours::mixed::{MixedKsg, Ross};
use crate::recommended::Adaptive;

/// Every estimator of I(X; Y) in this crate, with its default parameters: to make tables, and to
/// test what must hold for all. One that does not suit the data returns an error.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(200, 1.0, 42)?;
/// for estimator in mutinfo::choosing::all() {
///     match estimator.estimate(&data.x, &data.y) {
///         Ok(estimate) => println!("{estimator:40} {estimate:8.3}"),
///         Err(error) => println!("{estimator:40} {error}"),
///     }
/// }
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub fn all() -> Vec<Box<dyn Estimator>> {
    let mut estimators: Vec<Box<dyn Estimator>> = vec![
        Box::new(Adaptive),
        Box::new(Ksg1::default()),
        Box::new(Ksg1::default().scaling(Scaling::NormalScores)),
        Box::new(Ksg2::default()),
        Box::new(Lnc::default()),
        Box::new(MixedKsg::default()),
        Box::new(Ross::default()),
        Box::new(Gaussian::default()),
        Box::new(GaussianCopula),
        Box::new(Binned::equal_frequency(8).expect("8 is not 0")),
        Box::new(Binned::equal_width(8).expect("8 is not 0")),
    ];
    for correction in EntropyEstimator::ALL {
        estimators.push(Box::new(Discrete::new(correction)));
    }
    estimators
}
