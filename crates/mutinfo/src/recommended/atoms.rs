//! Which values of a column are atoms: values of many rows amid values of few.
//!
//! An atom is a value of at least five rows that stands out five times: from the values next to it
//! on one side, and from the typical value of the other rows. Those must be of at least twice as many
//! values as there are atoms. So the zeros of a ReLU unit are an atom, and the values of counts or
//! rounded numbers are not.

use super::chance::counts;

// Chosen by hand, so that the zeros of a ReLU unit and the ends of a clipped number are atoms, and steps
// and counts are not, which the tests hold.
/// The rows of an atom, at least.
const FEWEST: u32 = 5;
/// How many times as frequent an atom is as other values.
const STANDS_OUT: f64 = 5.0;
/// The values next to an atom that it is compared with.
const BESIDE: usize = 3;

/// The atom of each row, from 1, and 0 between atoms, of ordered codes; none where there is no atom.
pub(super) fn of_scalars(codes: &[u32]) -> Option<Vec<u32>> {
    let counts = counts(codes);
    let mean = |side: &[u32]| side.iter().sum::<u32>() as f64 / side.len() as f64;
    let beside = |code: usize| -> f64 {
        let (left, right) = (&counts[..code], &counts[code + 1..]);
        let left = &left[left.len().saturating_sub(BESIDE)..];
        let right = &right[..right.len().min(BESIDE)];
        // A mean of no values is NaN, which the minimum leaves out.
        mean(left).min(mean(right))
    };
    atoms(codes, &counts, |code| {
        f64::from(counts[code]) >= STANDS_OUT * beside(code)
    })
}

/// The same of codes without order.
pub(super) fn of_groups(codes: &[u32]) -> Option<Vec<u32>> {
    atoms(codes, &counts(codes), |_| true)
}

fn atoms(codes: &[u32], counts: &[u32], stands_out: impl Fn(usize) -> bool) -> Option<Vec<u32>> {
    let mut by_count: Vec<usize> = (0..counts.len()).collect();
    // Codes of one size are atoms together or not at all, in whatever order they come.
    by_count.sort_by_key(|&code| std::cmp::Reverse(counts[code]));
    let mut left = codes.len() as u32;
    let mut number = 0;
    for (index, &code) in by_count.iter().enumerate() {
        let count = counts[code];
        if count < FEWEST || !stands_out(code) {
            break;
        }
        left -= count;
        let rest = &by_count[index + 1..];
        let next_is_as_large = rest.first().is_some_and(|&next| counts[next] == count);
        if !next_is_as_large
            && rest.len() >= 2 * (index + 1)
            && f64::from(count) >= STANDS_OUT * f64::from(typical(rest, counts, left))
        {
            number = index + 1;
        }
    }
    if number == 0 {
        return None;
    }
    let mut atom_of = vec![0; counts.len()];
    for (&code, atom) in by_count[..number].iter().zip(1..) {
        atom_of[code] = atom;
    }
    Some(codes.iter().map(|&code| atom_of[code as usize]).collect())
}

/// The count of the value of the median row, of codes in decreasing order of their counts.
fn typical(codes: &[usize], counts: &[u32], rows: u32) -> u32 {
    let mut seen = 0;
    for &code in codes {
        seen += counts[code];
        if 2 * seen >= rows {
            return counts[code];
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommended::codes::dense;

    #[test]
    fn zeros_amid_a_continuum_are_an_atom_and_counts_are_not() {
        let relu: Vec<u32> = (0..100_u32).map(|i| i.saturating_sub(49)).collect();
        let atoms = of_scalars(&dense(relu.into_iter())).unwrap();
        assert_eq!(atoms.iter().filter(|&&atom| atom == 1).count(), 50);
        // Clipped at both ends.
        let clipped = dense((0..100_u32).map(|i| i.clamp(20, 80)));
        let atoms = of_scalars(&clipped).unwrap();
        assert_eq!(atoms.iter().filter(|&&atom| atom == 0).count(), 59);
        // Four active rows of two hundred.
        let sparse = dense((0..200_u32).map(|i| i.saturating_sub(195)));
        assert!(of_scalars(&sparse).is_some());
        let counts = [12, 30, 40, 30, 20, 9, 3, 1];
        let count: Vec<u32> = (0..8).flat_map(|v| vec![v as u32; counts[v]]).collect();
        assert_eq!(of_scalars(&count), None);
        assert_eq!(of_scalars(&dense((0..50).map(|i| i % 2))), None);
        assert_eq!(of_scalars(&(0..50).collect::<Vec<_>>()), None);
    }
}
