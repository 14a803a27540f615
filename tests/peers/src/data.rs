//! The data, seeded.

use mutinfo::ndarray_rand::rand::SeedableRng;
use mutinfo::ndarray_rand::rand::rngs::StdRng;
use mutinfo::ndarray_rand::rand_distr::{Distribution as _, StandardNormal};
use mutinfo::{Distribution, Transform};
use ndarray::{Array2, Axis, concatenate};

/// What is known of the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Data {
    /// d pairs of normals, the correlation of each with ρ² = ½.
    Normal(usize),
    /// A pair of normals with ρ = 0.999.
    Strong,
    /// A pair of Cauchy variables.
    Cauchy,
    /// A pair of normals, x a million times as wide.
    Scales,
    /// A pair of normals, rounded to one decimal.
    Rounded,
    /// A pair of normals, of which nine in ten are (0, 0) instead.
    ZeroInflated,
    /// A pair of normals, of which 999 in 1000 have x = 1 instead.
    NearlyConstant,
    /// So many columns that share ten causes.
    Columns(usize),
}

impl Data {
    /// The columns of x and of y.
    pub fn columns(self) -> [usize; 2] {
        match self {
            Self::Normal(d) => [d, d],
            Self::Columns(columns) => [columns, 0],
            _ => [1, 1],
        }
    }

    /// n rows: x, then y.
    pub fn draw(self, n: usize) -> Array2<f64> {
        let rho = 0.5_f64.sqrt();
        let mut data = match self {
            Self::Columns(columns) => return common_causes(n, columns),
            Self::Normal(d) => pairs(&Distribution::Normal(vec![rho; d]), n),
            Self::Strong => pairs(&Distribution::normal(0.999), n),
            Self::Cauchy => pairs(
                &Distribution::normal(rho).transformed(Transform::Cauchy, Transform::Cauchy),
                n,
            ),
            _ => pairs(&Distribution::normal(rho), n),
        };
        match self {
            Self::Scales => data.column_mut(0).mapv_inplace(|x| 1e6 * x),
            Self::Rounded => data.mapv_inplace(|value| (10.0 * value).round() / 10.0),
            _ => {}
        }
        for (i, mut row) in data.rows_mut().into_iter().enumerate() {
            match self {
                Self::ZeroInflated if !i.is_multiple_of(10) => row.fill(0.0),
                Self::NearlyConstant if !i.is_multiple_of(1000) => row[0] = 1.0,
                _ => {}
            }
        }
        data
    }
}

fn pairs(family: &Distribution, n: usize) -> Array2<f64> {
    let sample = family
        .sample(n, 1)
        .and_then(mutinfo::Sample::numbers)
        .expect("the parameters are those of a law");
    concatenate(Axis(1), &[sample.x.view(), sample.y.view()]).expect("as many rows")
}

fn common_causes(n: usize, columns: usize) -> Array2<f64> {
    let mut rng = StdRng::seed_from_u64(1);
    let mut normals = |columns| {
        Array2::from_shape_simple_fn((n, columns), || -> f64 { StandardNormal.sample(&mut rng) })
    };
    let (causes, own) = (normals(10), normals(columns));
    Array2::from_shape_fn((n, columns), |(row, column)| {
        0.7 * causes[[row, column % 10]] + own[[row, column]]
    })
}
