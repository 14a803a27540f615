//! What kind of values each variable of a distribution has.

use ndarray::Array2;

use super::Distribution;
use crate::data::check::check_finite;
use crate::data::labels::Labels;
use crate::error::Result;
use crate::truth::sample::Values;

/// What the values of a variable are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Numbers or vectors, at least a part of which are continuous.
    Numbers,
    /// One number of countably many, which may be named by classes.
    Countable,
    /// Labels.
    Labels,
}

impl Kind {
    /// The values drawn, as a sample holds them.
    pub(super) fn values(
        self,
        values: Vec<f64>,
        dimensions: usize,
        argument: &'static str,
    ) -> Result<Values> {
        let n = values.len() / dimensions;
        let rows = Array2::from_shape_vec((n, dimensions), values).expect("n rows were drawn");
        check_finite(rows.view(), argument)?;
        Ok(match self {
            Kind::Numbers | Kind::Countable => Values::Numbers(rows),
            Kind::Labels => Values::Labels(Labels::new(
                &rows.iter().map(|&value| Code(value)).collect::<Vec<_>>(),
            )),
        })
    }
}

/// A finite number that names a class.
#[derive(PartialEq, PartialOrd)]
struct Code(f64);

impl Eq for Code {}

#[expect(
    clippy::derive_ord_xor_partial_ord,
    reason = "finite numbers are in order"
)]
impl Ord for Code {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.partial_cmp(other).expect("the numbers are finite")
    }
}

impl Distribution {
    /// The kind of x and the kind of y.
    pub(super) fn kinds(&self) -> [Kind; 2] {
        use Kind::{Countable, Labels, Numbers};
        match self {
            Distribution::Rounded { .. }
            | Distribution::Likert { .. }
            | Distribution::SharedPoisson { .. } => [Countable, Countable],
            Distribution::NormalLabel { .. }
            | Distribution::ReluLabel { .. }
            | Distribution::Gate { .. } => [Numbers, Labels],
            Distribution::PoissonLabel { .. } | Distribution::ValueOfLabel { .. } => {
                [Countable, Labels]
            }
            Distribution::Potts { .. } | Distribution::Zipf { .. } => [Labels, Labels],
            Distribution::Blocks(blocks) => {
                let side = |side: usize| {
                    let mut kinds = blocks.iter().filter_map(|block| {
                        let (dx, dy) = block.dimensions();
                        ([dx, dy][side] > 0).then(|| block.kinds()[side])
                    });
                    match (kinds.next(), kinds.next()) {
                        (Some(kind), None) => kind,
                        _ => Numbers,
                    }
                };
                [side(0), side(1)]
            }
            Distribution::Transformed { distribution, x, y } => {
                let [x_kind, y_kind] = distribution.kinds();
                [x.kind(x_kind), y.kind(y_kind)]
            }
            _ => [Numbers, Numbers],
        }
    }
}
