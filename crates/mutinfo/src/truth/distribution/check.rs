//! Which parameters a distribution may have.

use super::Distribution;
use super::values::Kind;
use crate::data::check::require;
use crate::error::{Error, Result};

impl Distribution {
    pub(super) fn check(&self) -> Result<()> {
        let (dx, dy) = self.dimensions();
        if dx == 0 || dy == 0 {
            return Err(Error::Empty {
                argument: "the distribution",
            });
        }
        self.check_parameters()
    }

    /// As [`Distribution::check`], for a block, which may lack the dimensions of a variable.
    fn check_parameters(&self) -> Result<()> {
        let (dx, dy) = self.dimensions();
        require(
            "dimensions",
            dx.max(dy) as f64,
            dx.max(dy) <= MOST_CLASSES,
            "at most a million are drawn",
        )?;
        let correlation = |value: f64| {
            require(
                "correlation",
                value,
                value.abs() < 1.0,
                "it must lie between -1 and 1",
            )
        };
        let cut_correlation = |value: f64| {
            require(
                "correlation",
                value,
                value.abs() <= 0.999,
                "it must lie between -0.999 and 0.999, where the quadrature is still exact",
            )
        };
        let chance = |parameter, value: f64| {
            require(
                parameter,
                value,
                (0.0..=1.0).contains(&value),
                "it is a chance, from 0 to 1",
            )
        };
        let positive = |parameter, value: f64| {
            require(
                parameter,
                value,
                value > 0.0 && value <= 1e300,
                "it must be above 0 and at most 1e300",
            )
        };
        let shape = |parameter, value: f64| {
            require(
                parameter,
                value,
                (0.1..=1e300).contains(&value),
                "it must be from 0.1 to 1e300: what is drawn with less underflows to 0",
            )
        };
        let noise = |value: f64| {
            require(
                "noise",
                value,
                (0.01..=1000.0).contains(&value),
                "it must be from 0.01 to 1000, where the quadrature is still exact",
            )
        };
        match self {
            Distribution::Normal(correlations) => {
                correlations.iter().try_for_each(|&r| correlation(r))
            }
            Distribution::DenseNormal { correlation, .. } => require(
                "correlation",
                *correlation,
                (0.0..1.0).contains(correlation),
                "it must be at least 0 and below 1",
            ),
            Distribution::Student {
                degrees,
                correlations,
            } => {
                shape("degrees", *degrees)?;
                correlations.iter().try_for_each(|&r| correlation(r))
            }
            Distribution::UniformNoise(e) => positive("half-width", *e),
            Distribution::GammaSum { a, b } => shape("a", *a).and(shape("b", *b)),
            Distribution::GammaExponential(theta) => shape("theta", *theta),
            Distribution::Clayton(theta) => positive("theta", *theta),
            Distribution::Frank(theta) => require(
                "theta",
                *theta,
                (1e-9..=50.0).contains(&theta.abs()),
                "it must be from -50 to 50 and not 0, nor nearer to it than 1e-9",
            ),
            Distribution::Diagonal(blocks) => positive("blocks", *blocks as f64),
            Distribution::Chessboard(side) => require(
                "side",
                *side as f64,
                *side > 0 && side.is_multiple_of(2),
                "it must be even and above 0",
            ),
            Distribution::Sine(sd) | Distribution::Square(sd) | Distribution::Circle(sd) => {
                noise(*sd)
            }
            Distribution::Cross(rho) => require(
                "correlation",
                *rho,
                rho.abs() <= 0.99,
                "it must lie between -0.99 and 0.99, where the quadrature is still exact",
            ),
            Distribution::Contaminated {
                correlation,
                share,
                spread,
            } => {
                require(
                    "correlation",
                    *correlation,
                    correlation.abs() <= 0.99,
                    "it must lie between -0.99 and 0.99, where the quadrature is still exact",
                )?;
                require(
                    "share",
                    *share,
                    (0.0..=1.0).contains(share),
                    "it must be from 0 to 1",
                )?;
                require(
                    "spread",
                    *spread,
                    (1.0..=100.0).contains(spread),
                    "it must be from 1 to 100",
                )
            }
            Distribution::Heteroscedastic | Distribution::Uniform { .. } => Ok(()),
            Distribution::Censored {
                low,
                high,
                correlation,
            } => {
                require("low", *low, low < high, "it must be below high")?;
                cut_correlation(*correlation)
            }
            Distribution::ZeroInflated {
                zeros,
                correlation: rho,
            }
            | Distribution::Dropout {
                zeros,
                correlation: rho,
            } => {
                chance("zeros", *zeros)?;
                correlation(*rho)
            }
            Distribution::GatedPair { together, alone } => {
                chance("together", *together)?;
                chance("alone", *alone)?;
                require(
                    "alone",
                    *alone,
                    together + 2.0 * alone <= 1.0 + 1e-12,
                    "together + 2 alone is a chance: it must be at most 1",
                )
            }
            Distribution::Rounded { correlation, step } => {
                cut_correlation(*correlation)?;
                require(
                    "step",
                    *step,
                    (0.01..=1e300).contains(step),
                    "it must be from 0.01, where the cells are not too many, to 1e300",
                )
            }
            Distribution::Likert { correlation, cuts } => {
                cut_correlation(*correlation)?;
                require(
                    "the number of cuts",
                    cuts.len() as f64,
                    cuts.len() <= 2000,
                    "at most 2000 are summed over",
                )?;
                cuts.iter().try_for_each(|&cut| {
                    require("cut", cut, cut.is_finite(), "it must be a finite number")
                })?;
                cuts.windows(2).try_for_each(|pair| {
                    require("cut", pair[1], pair[0] < pair[1], "the cuts must increase")
                })
            }
            Distribution::SharedPoisson { a, b, c } => [("a", a), ("b", b), ("c", c)]
                .into_iter()
                .try_for_each(|(parameter, &mean)| poisson_mean(parameter, mean, 200.0)),
            Distribution::NormalLabel { means, weights }
            | Distribution::ReluLabel { means, weights } => {
                check_classes(means, weights)?;
                means.iter().try_for_each(|&mean| {
                    let requirement = "it must be a number from -1e100 to 1e100";
                    require("mean", mean, mean.abs() <= 1e100, requirement)
                })
            }
            Distribution::PoissonLabel { means, weights } => {
                check_classes(means, weights)?;
                means
                    .iter()
                    .try_for_each(|&mean| poisson_mean("mean", mean, 10_000.0))
            }
            Distribution::ValueOfLabel { values, weights } => {
                check_classes(values, weights)?;
                values.iter().try_for_each(|&value| {
                    require(
                        "value",
                        value,
                        value.is_finite(),
                        "it must be a finite number",
                    )
                })
            }
            Distribution::Gate { active, flip } => {
                chance("active", *active)?;
                chance("flip", *flip)
            }
            Distribution::Potts {
                rows,
                columns,
                strength,
            } => {
                class_number(*rows)?;
                class_number(*columns)?;
                require(
                    "strength",
                    *strength,
                    (0.0..=1e300).contains(strength),
                    "it must be from 0 to 1e300",
                )
            }
            Distribution::Zipf { classes, keep } => {
                class_number(*classes)?;
                chance("keep", *keep)
            }
            Distribution::Blocks(blocks) => {
                blocks.iter().try_for_each(Distribution::check_parameters)?;
                let with = |dimensions: &dyn Fn(&Distribution) -> usize, side: usize| {
                    let there = || blocks.iter().filter(|block| dimensions(block) > 0);
                    let labels = there().any(|block| block.kinds()[side] == Kind::Labels);
                    !labels || there().count() == 1
                };
                require(
                    "blocks",
                    blocks.len() as f64,
                    with(&|block| block.dimensions().0, 0)
                        && with(&|block| block.dimensions().1, 1),
                    "labels cannot stand beside other dimensions",
                )
            }
            Distribution::Transformed { distribution, x, y } => {
                distribution.check_parameters()?;
                let [x_kind, y_kind] = distribution.kinds();
                x.check(dx, x_kind)?;
                y.check(dy, y_kind)
            }
        }
    }
}

/// The most classes or dimensions that are drawn or summed over.
const MOST_CLASSES: usize = 1_000_000;

fn class_number(classes: usize) -> Result<()> {
    require(
        "classes",
        classes as f64,
        (1..=MOST_CLASSES).contains(&classes),
        "there must be from 1 to a million",
    )
}

fn poisson_mean(parameter: &'static str, mean: f64, most: f64) -> Result<()> {
    require(
        parameter,
        mean,
        (0.0..=most).contains(&mean),
        if most > 200.0 {
            "a mean must be from 0 to 10000"
        } else {
            "a mean must be from 0 to 200, which is summed over quickly"
        },
    )
}

/// One weight for each class, above 0.
fn check_classes(values: &[f64], weights: &[f64]) -> Result<()> {
    if values.len() != weights.len() {
        return Err(Error::LengthMismatch {
            first: "the classes' values",
            first_len: values.len(),
            second: "weights",
            second_len: weights.len(),
        });
    }
    if values.is_empty() {
        return Err(Error::Empty {
            argument: "the list of classes",
        });
    }
    require(
        "the number of classes",
        values.len() as f64,
        values.len() <= 1000,
        "at most 1000 are summed over",
    )?;
    weights.iter().try_for_each(|&weight| {
        require(
            "weight",
            weight,
            (1e-9..=1e9).contains(&weight),
            "it must be from 1e-9 to 1e9",
        )
    })
}
