//! [`Bits`] and [`Nats`]: amounts of information that know their unit.
//!
//! 1 bit = ln 2 nat ≈ 0.693 nat. Within a unit, amounts add, subtract, scale and compare as numbers
//! do; between units they must be converted first, or the program does not compile:
//!
//! ```compile_fail
//! use mutinfo::{Bits, Nats};
//! let sum = Bits(1.0) + Nats(1.0); // which unit would that be?
//! ```
//!
//! ```
//! use mutinfo::{Bits, Nats};
//!
//! let mut amounts = [Nats(0.3), Nats(-0.1), Nats(0.2)];
//! amounts.sort_by(Nats::total_cmp);
//! assert_eq!(amounts[0].clamped(), Nats(0.0));
//! assert_eq!(amounts[0].abs().max(Nats(0.05)), Nats(0.1));
//! let sum: Nats = amounts[1..].iter().sum();
//! assert_eq!(format!("{:.3}", sum.to_bits()), "0.721 bit");
//! assert_eq!(Bits(1.0).to_nats().value(), 2_f64.ln());
//! ```

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

macro_rules! unit {
    ($(#[$doc:meta])* $Unit:ident, $symbol:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, PartialOrd, Default)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $Unit(pub f64);

        impl $Unit {
            /// The bare number, in this unit.
            ///
            /// ```
            /// use mutinfo::{Bits, Nats};
            ///
            /// assert_eq!((Bits(0.5).value(), Nats(0.5).value()), (0.5, 0.5));
            /// ```
            pub fn value(self) -> f64 {
                self.0
            }

            /// The amount without its sign.
            ///
            /// ```
            /// use mutinfo::{Bits, Nats};
            ///
            /// assert_eq!((Bits(-0.5).abs(), Nats(-0.5).abs()), (Bits(0.5), Nats(0.5)));
            /// ```
            pub fn abs(self) -> Self {
                Self(self.0.abs())
            }

            /// The smaller of two amounts; a NaN loses.
            ///
            /// ```
            /// use mutinfo::{Bits, Nats};
            ///
            /// assert_eq!(Bits(1.0).min(Bits(2.0)), Bits(1.0));
            /// assert_eq!(Nats(f64::NAN).min(Nats(2.0)), Nats(2.0));
            /// ```
            pub fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }

            /// The larger of two amounts; a NaN loses.
            ///
            /// ```
            /// use mutinfo::{Bits, Nats};
            ///
            /// assert_eq!(Bits(1.0).max(Bits(2.0)), Bits(2.0));
            /// assert_eq!(Nats(f64::NAN).max(Nats(2.0)), Nats(2.0));
            /// ```
            pub fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }

            /// The order of two amounts, for sorting: NaN last.
            ///
            /// ```
            /// use mutinfo::{Bits, Nats};
            ///
            /// let mut amounts = [Nats(0.3), Nats(f64::NAN), Nats(-0.1)];
            /// amounts.sort_by(Nats::total_cmp);
            /// assert_eq!(amounts[..2], [Nats(-0.1), Nats(0.3)]);
            /// assert!(Bits(1.0).total_cmp(&Bits(2.0)).is_lt());
            /// ```
            pub fn total_cmp(&self, other: &Self) -> Ordering {
                self.0.total_cmp(&other.0)
            }

            /// The amount, or 0 where it is negative. Estimators never do this for you: a
            /// negative estimate says how much they scatter around 0.
            ///
            /// ```
            /// use mutinfo::{Bits, Nats};
            ///
            /// assert_eq!((Bits(-0.1).clamped(), Nats(-0.1).clamped()), (Bits(0.0), Nats(0.0)));
            /// assert_eq!(Nats(0.3).clamped(), Nats(0.3));
            /// ```
            pub fn clamped(self) -> Self {
                Self(self.0.max(0.0))
            }
        }

        /// Prints the number and its unit; a precision, as in `{:.3}`, goes to the number.
        impl fmt::Display for $Unit {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text = match f.precision() {
                    Some(decimals) => format!("{:.decimals$} {}", self.0, $symbol),
                    None => format!("{} {}", self.0, $symbol),
                };
                f.pad_integral(true, "", &text)
            }
        }

        /// The same as `Display`, so that a notebook's last line shows the unit.
        impl fmt::Debug for $Unit {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Add for $Unit {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $Unit {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $Unit {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl SubAssign for $Unit {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }

        impl Neg for $Unit {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }

        impl Mul<f64> for $Unit {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }

        impl Mul<$Unit> for f64 {
            type Output = $Unit;
            fn mul(self, amount: $Unit) -> $Unit {
                $Unit(self * amount.0)
            }
        }

        impl Div<f64> for $Unit {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }

        /// A ratio of two amounts of one unit has no unit.
        impl Div for $Unit {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }

        impl<'a> Sum<&'a $Unit> for $Unit {
            fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
                amounts.copied().sum()
            }
        }

        impl Sum for $Unit {
            fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
                Self(amounts.map(|amount| amount.0).sum())
            }
        }
    };
}

unit!(
    /// An amount of information in bits (logarithms to base 2).
    Bits,
    "bit"
);
unit!(
    /// An amount of information in nats (natural logarithms), the unit the crate computes in.
    Nats,
    "nat"
);

impl Nats {
    /// The same amount in bits.
    ///
    /// ```
    /// use mutinfo::{Bits, Nats};
    ///
    /// // A coin: ln 2 nats are 1 bit.
    /// assert_eq!(Nats(2_f64.ln()).to_bits(), Bits(1.0));
    /// ```
    pub fn to_bits(self) -> Bits {
        Bits(self.0 / std::f64::consts::LN_2)
    }
}

impl Bits {
    /// The same amount in nats.
    ///
    /// ```
    /// use mutinfo::{Bits, Nats};
    ///
    /// assert_eq!(Bits(1.0).to_nats(), Nats(2_f64.ln()));
    /// ```
    pub fn to_nats(self) -> Nats {
        Nats(self.0 * std::f64::consts::LN_2)
    }
}

impl From<Nats> for Bits {
    fn from(amount: Nats) -> Self {
        amount.to_bits()
    }
}

impl From<Bits> for Nats {
    fn from(amount: Bits) -> Self {
        amount.to_nats()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_is_ln_two_nats() {
        assert_eq!(Bits(1.0).to_nats(), Nats(std::f64::consts::LN_2));
        assert_eq!(Nats::from(Bits(3.0)).to_bits(), Bits(3.0));
    }

    #[test]
    fn prints_its_unit_with_precision_width_and_alignment() {
        assert_eq!(format!("{:.3}", Bits(0.4966)), "0.497 bit");
        assert_eq!(format!("{}", Nats(-0.25)), "-0.25 nat");
        assert_eq!(format!("{:>12.2}|", Nats(1.0)), "    1.00 nat|");
        assert_eq!(format!("{:<12.2}|", Nats(1.0)), "1.00 nat    |");
        assert_eq!(format!("{:?}", Bits(1.5)), "1.5 bit");
    }

    #[test]
    fn arithmetic_stays_within_the_unit() {
        let total: Bits = [Bits(1.0), Bits(2.0)].into_iter().sum();
        assert_eq!(total - Bits(0.5) * 2.0, Bits(2.0));
        assert_eq!(Nats(3.0) / Nats(2.0), 1.5);
        assert_eq!(Nats(-1.0).clamped(), Nats(0.0));
    }
}
