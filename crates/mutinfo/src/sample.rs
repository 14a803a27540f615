//! [`Sample`]: two variables observed together, and what they exactly share.

use ndarray::{Array, Array1, Dimension, Ix1};
use ndarray_rand::RandomExt;
use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand::rngs::StdRng;
use ndarray_rand::rand_distr::StandardNormal;

use crate::error::{Error, Result};
use crate::units::Nats;

/// Two variables observed together, and what they exactly share: `Sample` holds scalars,
/// `Sample<Ix2>` vectors, one in each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample<D: Dimension = Ix1> {
    /// The first variable.
    pub x: Array<f64, D>,
    /// The second variable.
    pub y: Array<f64, D>,
    /// The mutual information of the distribution that the sample was drawn from.
    pub exact: Nats,
}

impl Sample {
    /// x ~ N(0, 1) and y = coupling · x + N(0, 1), n samples.
    ///
    /// The squared correlation is ρ² = c² / (1 + c²), so that
    /// I(X; Y) = −½ ln(1 − ρ²) = ½ ln(1 + c²): 0.5 bit at coupling 1, nothing at coupling 0.
    /// The same seed gives the same sample.
    ///
    /// # Errors
    /// [`Error::Empty`] for n = 0; [`Error::Parameter`] for a coupling that is not finite.
    pub fn coupled_normals(n: usize, coupling: f64, seed: u64) -> Result<Self> {
        if n == 0 {
            return Err(Error::Empty { argument: "n" });
        }
        if !coupling.is_finite() {
            return Err(Error::Parameter {
                parameter: "coupling",
                value: coupling,
                requirement: "it must be a finite number, such as 1.0",
            });
        }
        let mut rng = StdRng::seed_from_u64(seed);
        let x = Array1::random_using(n, StandardNormal, &mut rng);
        let noise: Array1<f64> = Array1::random_using(n, StandardNormal, &mut rng);
        let y = coupling * &x + noise;
        Ok(Self {
            x,
            y,
            exact: Nats(0.5 * (coupling * coupling).ln_1p()),
        })
    }
}
