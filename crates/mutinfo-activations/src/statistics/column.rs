//! A column of numbers, out of whatever form it came in.

use mutinfo::Error::{LengthMismatch, NotFinite, NotScalar, TooFewSamples, WrongKind};
use mutinfo::Variable;

use crate::error::Result;

/// The numbers of a variable that has one column of them: at least `needed`, all finite.
pub(super) fn column(
    argument: &'static str,
    variable: &Variable<'_>,
    method: &'static str,
    needed: usize,
) -> Result<Vec<f64>> {
    let values = match variable {
        Variable::Continuous(values) => values,
        Variable::Discrete(_) => {
            return Err(WrongKind {
                argument,
                got: "a variable of labels",
                method,
                needed: "numbers",
                mend: "make integers numbers by `.iter().map(|&i| i as f64).collect::<Vec<_>>()`",
            }
            .into());
        }
    };
    if values.ncols() != 1 {
        let dimensions = values.ncols();
        return Err(NotScalar {
            argument,
            dimensions,
            method,
        }
        .into());
    }
    let values: Vec<f64> = values.iter().copied().collect();
    if values.len() < needed {
        let got = values.len();
        return Err(TooFewSamples { got, needed }.into());
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(NotFinite {
            argument,
            row,
            column: 0,
            value: values[row],
        }
        .into()),
        None => Ok(values),
    }
}

/// Two such columns that are observed together.
pub(super) fn two_columns(
    x: (&'static str, &Variable<'_>),
    y: (&'static str, &Variable<'_>),
    method: &'static str,
    needed: usize,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let (first, second) = (x.0, y.0);
    let x = column(first, x.1, method, needed)?;
    let y = column(second, y.1, method, needed)?;
    if x.len() != y.len() {
        return Err(LengthMismatch {
            first,
            first_len: x.len(),
            second,
            second_len: y.len(),
        }
        .into());
    }
    Ok((x, y))
}

#[cfg(test)]
mod tests {
    use mutinfo::Sample;

    use crate::statistics::correlation::pearson;
    use crate::statistics::kendall::kendall_tau;

    #[test]
    fn columns_come_in_every_form_that_an_estimator_takes() {
        let data = Sample::coupled_normals(50, 1.0, 1).unwrap();
        let (x, y) = (data.x.to_vec(), data.y.to_vec());
        let rho = pearson(&x, &y).unwrap();
        assert_eq!(pearson(&data.x, &data.y).unwrap(), rho);
        assert_eq!(pearson(&x[..], data.y.view()).unwrap(), rho);
        let layer = ndarray::stack![ndarray::Axis(1), data.x, data.y];
        assert_eq!(pearson(layer.column(0), layer.column(1)).unwrap(), rho);
        let one = layer.slice(ndarray::s![.., ..1]);
        assert_eq!(pearson(one, &y).unwrap(), rho);
        assert_eq!(
            pearson(&layer, &y).unwrap_err().to_string(),
            "x has 2 dimensions, and Pearson's correlation takes one number a sample: give one column, or use a nearest-neighbour estimator, which takes vectors"
        );
    }

    #[test]
    fn labels_are_refused_with_what_to_write_and_that_compiles() {
        let (ids, x) = (vec![3_i64, 1, 2, 5], [1.0, 2.0, 3.0, 5.0]);
        let error = kendall_tau(&ids, &x).unwrap_err().to_string();
        let mend = "make integers numbers by `.iter().map(|&i| i as f64).collect::<Vec<_>>()`";
        assert!(error.ends_with(mend), "{error}");
        let numbers = ids.iter().map(|&i| i as f64).collect::<Vec<_>>();
        let tau = kendall_tau(&numbers, &x).unwrap().statistic;
        assert!((tau - 1.0 / 3.0).abs() < 1e-12, "{tau}"); // 4 pairs agree, 2 do not
        let array = ndarray::array![3_u8, 1, 2, 5];
        let numbers = array.iter().map(|&i| i as f64).collect::<Vec<_>>();
        assert_eq!(kendall_tau(&numbers, &x).unwrap().statistic, tau);
    }
}
