//! [`Transform`]: invertible transforms of one variable, which leave the information as it is.

use std::f64::consts::PI;
use std::fmt;

use statrs::distribution::{ContinuousCDF, Normal};

use super::values::Kind;
use crate::data::check::require;
use crate::error::Result;

/// An invertible transform of one variable. Those in the upper half act on each dimension alone.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Transform {
    /// Nothing.
    Identity,
    /// eˢᵗ: a normal becomes log-normal.
    Exp(
        /// s, the scale.
        f64,
    ),
    /// sign(t) |t|ᵖ.
    Power(
        /// p > 0.
        f64,
    ),
    /// Φ(t): a standard normal becomes uniform.
    NormalCdf,
    /// tan(π(Φ(t) − ½)): a standard normal becomes a Cauchy variable.
    Cauchy,
    /// asinh t: heavy tails become light.
    Asinh,
    /// t + 0.8 sin 1.2t: monotone, with a wavy slope, which makes modes.
    Wave,
    /// Turns the first two dimensions by the angle speed · ‖t‖².
    Spiral(
        /// The angle at distance 1, in radians.
        f64,
    ),
    /// Turns the dimensions 1 and 2, then 2 and 3, … by this angle.
    Rotation(
        /// The angle in radians.
        f64,
    ),
    /// Each value becomes a class of its own: for a number of countably many values.
    Labels,
}

impl Transform {
    pub(super) fn check(self, dimensions: usize, kind: Kind) -> Result<()> {
        if kind == Kind::Labels {
            return require(
                "dimensions",
                dimensions as f64,
                self == Transform::Identity,
                "labels have no numbers to transform",
            );
        }
        match self {
            Transform::Labels => require(
                "dimensions",
                dimensions as f64,
                kind == Kind::Countable,
                "only one number of countably many values names classes",
            ),
            Transform::Exp(scale) => require(
                "scale",
                scale,
                scale != 0.0 && scale.abs() <= 20.0,
                "it must be from -20 to 20 and not 0",
            ),
            Transform::Power(power) => require(
                "power",
                power,
                power > 0.0 && power <= 20.0,
                "it must be above 0 and at most 20",
            ),
            Transform::Spiral(_) | Transform::Rotation(_) if dimensions < 2 => require(
                "dimensions",
                dimensions as f64,
                false,
                "turning needs at least 2 dimensions",
            ),
            Transform::Spiral(angle) | Transform::Rotation(angle) => require(
                "angle",
                angle,
                angle.is_finite(),
                "it must be a finite number",
            ),
            _ => Ok(()),
        }
    }

    /// The kind of a variable of this kind after the transform.
    pub(super) fn kind(self, before: Kind) -> Kind {
        match self {
            Transform::Labels => Kind::Labels,
            _ => before,
        }
    }

    pub(super) fn apply(self, values: &mut [f64]) {
        let each = |values: &mut [f64], f: &dyn Fn(f64) -> f64| {
            values.iter_mut().for_each(|value| *value = f(*value));
        };
        match self {
            Transform::Identity | Transform::Labels => {}
            Transform::Exp(scale) => each(values, &|t| (scale * t).exp()),
            Transform::Power(power) => each(values, &|t| t.signum() * t.abs().powf(power)),
            Transform::NormalCdf => each(values, &|t| Normal::standard().cdf(t)),
            // tan(π(Φ − ½)) = −cot πΦ; the smaller tail keeps its digits.
            Transform::Cauchy => each(values, &|t| {
                t.signum() / (PI * Normal::standard().cdf(-t.abs())).tan()
            }),
            Transform::Asinh => each(values, &f64::asinh),
            Transform::Wave => each(values, &|t| t + 0.8 * (1.2 * t).sin()),
            Transform::Spiral(speed) => {
                let angle = speed * values.iter().map(|t| t * t).sum::<f64>();
                turn(&mut values[..2], angle);
            }
            Transform::Rotation(angle) => {
                for first in 0..values.len() - 1 {
                    turn(&mut values[first..first + 2], angle);
                }
            }
        }
    }
}

fn turn(pair: &mut [f64], angle: f64) {
    let (sin, cos) = angle.sin_cos();
    (pair[0], pair[1]) = (cos * pair[0] - sin * pair[1], sin * pair[0] + cos * pair[1]);
}

impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Transform::Identity => write!(f, "as is"),
            Transform::Labels => write!(f, "labels"),
            Transform::Exp(scale) => write!(f, "exp({scale}t)"),
            Transform::Power(power) => write!(f, "power {power}"),
            Transform::NormalCdf => write!(f, "Φ"),
            Transform::Cauchy => write!(f, "Cauchy"),
            Transform::Asinh => write!(f, "asinh"),
            Transform::Wave => write!(f, "wave"),
            Transform::Spiral(speed) => write!(f, "spiral {speed:.2}"),
            Transform::Rotation(angle) => write!(f, "rotated {angle:.2}"),
        }
    }
}
