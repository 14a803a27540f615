//! The information of distributions without atoms that have no closed form, by quadrature.

use std::f64::consts::PI;

use crate::compute::quadrature::{integrate, plogp};

pub(super) fn normal_density(x: f64, sd: f64) -> f64 {
    (-0.5 * (x / sd).powi(2)).exp() / (sd * (2.0 * PI).sqrt())
}

/// The density of two standard normals of correlation ρ.
fn binormal_density(x: f64, y: f64, rho: f64) -> f64 {
    let free = 1.0 - rho * rho;
    (-(x * x - 2.0 * rho * x * y + y * y) / (2.0 * free)).exp() / (2.0 * PI * free.sqrt())
}

fn normal_entropy(sd: f64) -> f64 {
    0.5 * (2.0 * PI).ln() + 0.5 + sd.ln()
}

/// ∫∫ c ln c over the unit square, c = θ(1 − e^−θ) ab / (a + b − ab − e^−θ)² with a = e^−θu and
/// b = e^−θv. The same for −θ, which mirrors u.
pub(super) fn frank_information(theta: f64) -> f64 {
    let theta = theta.abs();
    let factor = -theta * (-theta).exp_m1();
    let panels = 2 + (theta / 5.0) as usize;
    integrate(0.0, 1.0, panels, |u| {
        let a = (-theta * u).exp();
        integrate(0.0, 1.0, panels, |v| {
            // a (1 − b) + (b − e^−θ), where nothing cancels.
            let below = -a * (-theta * v).exp_m1() + (-theta).exp() * (theta * (1.0 - v)).exp_m1();
            -plogp(factor * a * (-theta * v).exp() / (below * below))
        })
    })
}

/// h(Y) − h(noise). By symmetry X may be taken on half a period.
pub(super) fn sine_information(noise: f64) -> f64 {
    let end = 1.0 + 9.0 * noise;
    let panels = 2 + (0.7 / noise) as usize;
    let entropy = 2.0
        * integrate(0.0, end, panels, |y| {
            plogp(
                integrate(-PI / 2.0, PI / 2.0, panels, |x| {
                    normal_density(y - x.sin(), noise)
                }) / PI,
            )
        });
    entropy - normal_entropy(noise)
}

/// h(Y) − h(noise).
pub(super) fn square_information(noise: f64) -> f64 {
    let panels = 24 + (4.0 / noise) as usize;
    let entropy = integrate(-9.0 * noise, 64.0 + 9.0 * noise, panels, |y| {
        // Only x² within 9 noises of y matters, which keeps the nodes where the mass is.
        let (from, to) = (
            (y - 9.0 * noise).max(0.0).sqrt(),
            (y + 9.0 * noise).max(0.0).sqrt().min(9.0),
        );
        if to <= from {
            return 0.0;
        }
        plogp(
            2.0 * integrate(from, to, 2, |x| {
                normal_density(x, 1.0) * normal_density(y - x * x, noise)
            }),
        )
    });
    entropy - normal_entropy(noise)
}

/// 2 h(X) − h(X, Y); the joint density depends on the radius alone.
pub(super) fn circle_information(noise: f64) -> f64 {
    let end = 1.0 + 9.0 * noise;
    let panels = 2 + (0.7 / noise) as usize;
    let marginal = 2.0
        * integrate(0.0, end, panels, |x| {
            plogp(
                integrate(0.0, PI, panels, |angle| {
                    normal_density(x - angle.cos(), noise)
                }) / PI,
            )
        });
    let joint = integrate(0.0, end, panels, |radius| {
        let density = integrate(0.0, PI, panels, |angle| {
            let square = radius * radius + 1.0 - 2.0 * radius * angle.cos();
            (-square / (2.0 * noise * noise)).exp()
        }) / PI
            / (2.0 * PI * noise * noise);
        2.0 * PI * radius * plogp(density)
    });
    2.0 * marginal - joint
}

/// h(Y) − h(Y | X).
pub(super) fn heteroscedastic_information() -> f64 {
    let entropy = 2.0
        * integrate(0.0, 27.0, 4, |y| {
            plogp(integrate(1.0, 3.0, 2, |x| normal_density(y, x)) / 2.0)
        });
    entropy - integrate(1.0, 3.0, 4, normal_entropy) / 2.0
}

/// 2 h(N) − h(X, Y), over a quarter of the plane, in coordinates along the arms.
pub(super) fn cross_information(rho: f64) -> f64 {
    let long = (1.0 + rho.abs()).sqrt();
    let short = (1.0 - rho.abs()).sqrt();
    let panels = 2 + (long / short) as usize;
    let joint = 4.0
        * integrate(0.0, 9.0 * long, panels, |a| {
            integrate(0.0, 9.0 * long, panels, |b| {
                let one = normal_density(a, long) * normal_density(b, short);
                let other = normal_density(a, short) * normal_density(b, long);
                plogp((one + other) / 2.0)
            })
        });
    2.0 * normal_entropy(1.0) - joint
}

/// 2 h(X) − h(X, Y), panels fine near the centre and wide outside.
pub(super) fn contaminated_information(rho: f64, share: f64, spread: f64) -> f64 {
    let marginal =
        |x: f64| (1.0 - share) * normal_density(x, 1.0) + share * normal_density(x, spread);
    let joint = |x: f64, y: f64| {
        (1.0 - share) * binormal_density(x, y, rho)
            + share * normal_density(x, spread) * normal_density(y, spread)
    };
    let panels = 3 + (2.0 / (1.0 - rho * rho).sqrt()) as usize;
    let side = |f: &dyn Fn(f64) -> f64| {
        let end = 9.0 * spread;
        integrate(-end, -9.0, panels, f)
            + integrate(-9.0, 9.0, panels, f)
            + integrate(9.0, end, panels, f)
    };
    2.0 * side(&|x| plogp(marginal(x))) - side(&|x| side(&|y| plogp(joint(x, y))))
}
