//! The functions of BLAS that `ndarray` calls for `f64`, by the crate that it uses where it has no
//! BLAS.

use std::ffi::c_int;

/// `CblasRowMajor` of CBLAS_LAYOUT; the other is `CblasColMajor`.
const ROW_MAJOR: c_int = 101;
/// `CblasNoTrans` of CBLAS_TRANSPOSE.
const AS_IT_IS: c_int = 111;

/// How far it is from row to row and from column to column of a matrix, after it is transposed or not.
fn strides(layout: c_int, transpose: c_int, leading: c_int) -> (isize, isize) {
    let leading = leading as isize;
    if (layout == ROW_MAJOR) == (transpose == AS_IT_IS) {
        (leading, 1)
    } else {
        (1, leading)
    }
}

/// The first value of a vector: with a negative increment it is the last in memory.
fn first(values: *const f64, len: c_int, increment: c_int) -> *const f64 {
    match increment {
        0.. => values,
        _ => values.wrapping_offset((1 - len as isize) * increment as isize),
    }
}

/// xᵀ y
///
/// # Safety
/// As BLAS defines it: each vector holds n values, so many apart.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cblas_ddot(
    n: c_int,
    x: *const f64,
    x_increment: c_int,
    y: *const f64,
    y_increment: c_int,
) -> f64 {
    let (x, y) = (first(x, n, x_increment), first(y, n, y_increment));
    let (x_increment, y_increment) = (x_increment as isize, y_increment as isize);
    // SAFETY: the caller's promise.
    let term = |i: isize| unsafe { *x.offset(i * x_increment) * *y.offset(i * y_increment) };
    (0..n as isize).map(term).sum()
}

/// y ← α A x + β y
///
/// # Safety
/// As BLAS defines it: A has m rows and n columns before it is transposed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cblas_dgemv(
    layout: c_int,
    transpose: c_int,
    m: c_int,
    n: c_int,
    alpha: f64,
    a: *const f64,
    a_leading: c_int,
    x: *const f64,
    x_increment: c_int,
    beta: f64,
    y: *mut f64,
    y_increment: c_int,
) {
    let (rows, columns) = if transpose == AS_IT_IS {
        (m, n)
    } else {
        (n, m)
    };
    let (a_row, a_column) = strides(layout, transpose, a_leading);
    let (x, y) = (first(x, columns, x_increment), first(y, rows, y_increment));
    let (x_row, y_row) = (x_increment as isize, y_increment as isize);
    let (rows, columns) = (rows as usize, columns as usize);
    // SAFETY: the caller's promise; x and y have one column.
    unsafe {
        matrixmultiply::dgemm(
            rows,
            columns,
            1,
            alpha,
            a,
            a_row,
            a_column,
            x,
            x_row,
            1,
            beta,
            y.cast_mut(),
            y_row,
            1,
        );
    }
}

/// C ← α A B + β C
///
/// # Safety
/// As BLAS defines it: after they are transposed, A is m by k, B is k by n, and C is m by n.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cblas_dgemm(
    layout: c_int,
    a_transpose: c_int,
    b_transpose: c_int,
    m: c_int,
    n: c_int,
    k: c_int,
    alpha: f64,
    a: *const f64,
    a_leading: c_int,
    b: *const f64,
    b_leading: c_int,
    beta: f64,
    c: *mut f64,
    c_leading: c_int,
) {
    let (a_row, a_column) = strides(layout, a_transpose, a_leading);
    let (b_row, b_column) = strides(layout, b_transpose, b_leading);
    let (c_row, c_column) = strides(layout, AS_IT_IS, c_leading);
    let (m, n, k) = (m as usize, n as usize, k as usize);
    // SAFETY: the caller's promise.
    unsafe {
        matrixmultiply::dgemm(
            m, k, n, alpha, a, a_row, a_column, b, b_row, b_column, beta, c, c_row, c_column,
        );
    }
}
