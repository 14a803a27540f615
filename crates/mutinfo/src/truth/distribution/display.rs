//! How a distribution is called in tables.

use std::fmt;

use super::Distribution;

fn fmt_list(values: &[f64]) -> String {
    let texts: Vec<String> = values.iter().map(f64::to_string).collect();
    texts.join(", ")
}

fn fmt_classes(values: &[f64]) -> String {
    if values.len() <= 3 {
        format!("labels at {}", fmt_list(values))
    } else {
        format!("{} labels", values.len())
    }
}

/// A name for tables, with dimensions where there are several.
impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Distribution::Normal(correlations) => format!("normal, ρ = {}", fmt_list(correlations)),
            Distribution::DenseNormal {
                dx,
                dy,
                correlation,
            } => {
                format!("dense normal {dx}×{dy}, ρ = {correlation}")
            }
            Distribution::Student {
                degrees,
                correlations,
            } => {
                format!("Student, ν = {degrees}, ρ = {}", fmt_list(correlations))
            }
            Distribution::UniformNoise(e) => format!("uniform noise, e = {e}"),
            Distribution::GammaSum { a, b } => format!("gamma sum, {a} + {b}"),
            Distribution::GammaExponential(theta) => format!("gamma-exponential, θ = {theta}"),
            Distribution::Clayton(theta) => format!("Clayton, θ = {theta}"),
            Distribution::Frank(theta) => format!("Frank, θ = {theta}"),
            Distribution::Diagonal(blocks) => format!("{blocks} diagonal blocks"),
            Distribution::Chessboard(side) => format!("chessboard {side}×{side}"),
            Distribution::Sine(noise) => format!("sine, noise {noise}"),
            Distribution::Square(noise) => format!("square, noise {noise}"),
            Distribution::Circle(noise) => format!("circle, noise {noise}"),
            Distribution::Heteroscedastic => "heteroscedastic".to_owned(),
            Distribution::Cross(rho) => format!("cross, ρ = ±{rho}"),
            Distribution::Contaminated {
                correlation,
                share,
                spread,
            } => {
                format!("contaminated, ρ = {correlation}, {share} of sd {spread}")
            }
            Distribution::Uniform { dx, dy } => format!("independent uniform {dx}×{dy}"),
            Distribution::Censored {
                low,
                high,
                correlation,
            } => format!("normal clipped to {low}..{high}, ρ = {correlation}"),
            Distribution::ZeroInflated { zeros, correlation } => {
                format!("{zeros} zero pairs, ρ = {correlation}")
            }
            Distribution::Dropout { zeros, correlation } => {
                format!("{zeros} dropped out, ρ = {correlation}")
            }
            Distribution::GatedPair { together, alone } => {
                format!("gated pair, {together} both, {alone} alone")
            }
            Distribution::Rounded { correlation, step } => {
                format!("rounded to {step}, ρ = {correlation}")
            }
            Distribution::Likert { correlation, cuts } => {
                format!("{} steps, ρ = {correlation}", cuts.len() + 1)
            }
            Distribution::SharedPoisson { a, b, c } => {
                format!("Poisson counts {a}, {b}, {c} shared")
            }
            Distribution::NormalLabel { means, .. } => format!("normal of {}", fmt_classes(means)),
            Distribution::ReluLabel { means, .. } => format!("ReLU of {}", fmt_classes(means)),
            Distribution::PoissonLabel { means, .. } => format!("count of {}", fmt_classes(means)),
            Distribution::ValueOfLabel { values, .. } => {
                format!("value of {}", fmt_classes(values))
            }
            Distribution::Gate { active, flip } => format!("gate {active}, flip {flip}"),
            Distribution::Potts {
                rows,
                columns,
                strength,
            } => format!("{rows}×{columns} classes, strength {strength}"),
            Distribution::Zipf { classes, keep } => format!("Zipf of {classes}, keep {keep}"),
            Distribution::Blocks(blocks) => {
                let texts: Vec<String> = blocks.iter().map(Distribution::to_string).collect();
                texts.join(" ⊗ ")
            }
            Distribution::Transformed { distribution, x, y } if x == y => {
                format!("{distribution}; {x}")
            }
            Distribution::Transformed { distribution, x, y } => {
                format!("{distribution}; x {x}, y {y}")
            }
        };
        f.pad(&text)
    }
}
