//! [`Number`]: numbers as a student types them, and [`copied`]: an array of them as it is kept.

use mutinfo::ndarray::ArrayView1;

/// A number of any type: `0`, `0.5`, a count. Functions that take a position on an axis take any.
pub trait Number: Copy {
    /// The nearest `f64`.
    fn to_f64(self) -> f64;
}

macro_rules! numbers {
    ($($Type:ty)*) => {
        $(impl Number for $Type {
            fn to_f64(self) -> f64 {
                self as f64
            }
        })*
    };
}
numbers!(f64 f32 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A copy of an array's numbers: compiled once, here, and not in each cell that calls a function
/// which takes arrays of any kind.
#[inline(never)]
pub fn copied(values: ArrayView1<'_, f64>) -> Vec<f64> {
    values.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_need_no_type() {
        fn twice(value: impl Number) -> f64 {
            2.0 * value.to_f64()
        }
        assert_eq!(
            [twice(3), twice(0.5), twice(7_usize), twice(-1_i64)],
            [6.0, 1.0, 14.0, -2.0]
        );
    }
}
