//! Numerical integration, for the exact values that have no closed form.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// Gauss and Legendre's rule with 32 nodes.
static RULE: LazyLock<[(f64, f64); 32]> = LazyLock::new(gauss_legendre);

/// ∫ f from `a` to `b` by Gauss and Legendre's rule with 32 nodes in each of `panels` equal
/// panels. Error below 1e-12 where f is smooth on the scale of a panel.
pub(crate) fn integrate(a: f64, b: f64, panels: usize, mut f: impl FnMut(f64) -> f64) -> f64 {
    let half = (b - a) / panels as f64 / 2.0;
    let mut sum = 0.0;
    for panel in 0..panels {
        let middle = a + half * (2 * panel + 1) as f64;
        for (node, weight) in *RULE {
            sum += weight * f(middle + half * node);
        }
    }
    sum * half
}

/// ∫ f from `a` to `b` to about `tolerance`, in panels that are halved until two halves agree
/// with the whole.
pub(crate) fn integrate_adaptively(a: f64, b: f64, tolerance: f64, f: impl Fn(f64) -> f64) -> f64 {
    /// A panel of 1 / 2²⁰ of the range holds nothing that matters.
    const DEEPEST: u32 = 20;
    let mut panels = vec![(a, b, integrate(a, b, 1, &f), 0)];
    let mut sum = 0.0;
    while let Some((a, b, whole, depth)) = panels.pop() {
        let middle = a + (b - a) / 2.0;
        let halves = [integrate(a, middle, 1, &f), integrate(middle, b, 1, &f)];
        let both = halves[0] + halves[1];
        if (both - whole).abs() <= tolerance || depth == DEEPEST {
            sum += both;
        } else {
            panels.push((middle, b, halves[1], depth + 1));
            panels.push((a, middle, halves[0], depth + 1));
        }
    }
    sum
}

/// The nodes and weights on [−1, 1]: the zeros of the Legendre polynomial, by Newton's method.
pub(crate) fn gauss_legendre<const NODES: usize>() -> [(f64, f64); NODES] {
    let mut rule = [(0.0, 0.0); NODES];
    for (i, entry) in rule.iter_mut().enumerate() {
        let mut node = (PI * (i as f64 + 0.75) / (NODES as f64 + 0.5)).cos();
        let mut slope = 0.0;
        for _ in 0..10 {
            let (mut p, mut previous) = (node, 1.0);
            for degree in 2..=NODES {
                let d = degree as f64;
                (p, previous) = (((2.0 * d - 1.0) * node * p - (d - 1.0) * previous) / d, p);
            }
            slope = NODES as f64 * (node * p - previous) / (node * node - 1.0);
            node -= p / slope;
        }
        *entry = (node, 2.0 / ((1.0 - node * node) * slope * slope));
    }
    rule
}

/// −p ln p, 0 at p = 0: what a density adds to a differential entropy.
pub(crate) fn plogp(p: f64) -> f64 {
    if p > 0.0 { -p * p.ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_exact_for_polynomials_up_to_degree_63() {
        let integral = integrate(-1.0, 2.0, 1, |x| x.powi(20));
        let exact = (2f64.powi(21) + 1.0) / 21.0;
        assert!((integral / exact - 1.0).abs() < 1e-13);
    }

    #[test]
    fn halves_panels_where_a_function_bends() {
        let integral = integrate_adaptively(-1.0, 2.0, 1e-12, |x: f64| x.abs().sqrt());
        let exact = 2.0 / 3.0 * (1.0 + 2f64.powf(1.5));
        assert!((integral - exact).abs() < 1e-10, "{integral} {exact}");
        assert_eq!(integrate_adaptively(1.0, 1.0, 1e-12, f64::exp), 0.0);
    }

    #[test]
    fn the_normal_density_has_mass_one_and_entropy_half_ln_two_pi_e() {
        let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * PI).sqrt();
        assert!((integrate(-9.0, 9.0, 4, density) - 1.0).abs() < 1e-13);
        let entropy = integrate(-9.0, 9.0, 4, |x| plogp(density(x)));
        assert!((entropy - 0.5 * (2.0 * PI * 1f64.exp()).ln()).abs() < 1e-12);
    }
}
