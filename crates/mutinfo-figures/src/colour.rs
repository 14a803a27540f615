//! Colours: one at a time, and maps from a number between 0 and 1.

use plotters::style::RGBAColor;

pub const BLACK: RGBAColor = RGBAColor(0, 0, 0, 1.0);
pub const WHITE: RGBAColor = RGBAColor(255, 255, 255, 1.0);

/// matplotlib's first two line colours.
pub const MATPLOTLIB: [RGBAColor; 2] = [
    RGBAColor(0x1f, 0x77, 0xb4, 1.0),
    RGBAColor(0xff, 0x7f, 0x0e, 1.0),
];

/// Colours that people with any colour vision can tell apart (Okabe and Ito, 2008), without the
/// yellow, which is hard to see on white. Black is left for what is exact.
const OKABE_ITO: [RGBAColor; 6] = [
    RGBAColor(0x00, 0x72, 0xb2, 1.0), // blue
    RGBAColor(0xd5, 0x5e, 0x00, 1.0), // vermilion
    RGBAColor(0x00, 0x9e, 0x73, 1.0), // bluish green
    RGBAColor(0xcc, 0x79, 0xa7, 1.0), // reddish purple
    RGBAColor(0xe6, 0x9f, 0x00, 1.0), // orange
    RGBAColor(0x56, 0xb4, 0xe9, 1.0), // sky blue
];

/// The colour of the i-th of a figure's series; they repeat after six.
pub fn series(index: usize) -> RGBAColor {
    OKABE_ITO[index % OKABE_ITO.len()]
}

/// The same colour, seen through.
pub fn faint(RGBAColor(r, g, b, _): RGBAColor, alpha: f64) -> RGBAColor {
    RGBAColor(r, g, b, alpha)
}

/// From dark blue to yellow, for people with any colour vision: "cividis" (Nunez, Anderton and
/// Renslow, 2018), linear between nine of its colours.
pub fn cividis(value: f64) -> RGBAColor {
    mix_of(
        &[
            (0, 34, 77),
            (26, 56, 111),
            (67, 78, 107),
            (97, 100, 111),
            (124, 123, 120),
            (155, 147, 118),
            (187, 173, 108),
            (222, 201, 87),
            (253, 231, 55),
        ],
        value,
    )
}

/// From blue (0) over white (0.5) to vermilion (1), for numbers with a sign.
pub fn blue_to_vermilion(value: f64) -> RGBAColor {
    mix_of(
        &[
            (0, 60, 110),
            (86, 160, 210),
            (255, 255, 255),
            (232, 140, 70),
            (160, 60, 0),
        ],
        value,
    )
}

fn mix_of(colours: &[(u8, u8, u8)], value: f64) -> RGBAColor {
    let position = value.clamp(0.0, 1.0) * (colours.len() - 1) as f64;
    let below = (position as usize).min(colours.len() - 2);
    let part = position - below as f64;
    let (a, b) = (colours[below], colours[below + 1]);
    let mix = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    RGBAColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2), 1.0)
}

/// matplotlib's "hot": black over red and yellow to white. As there, 256 steps: red rises from
/// 0.0416 at 0 to 1 at 0.365079, green from 0 there to 1 at 0.746032, blue from there to 1.
pub fn hot(value: f64) -> RGBAColor {
    const RED_FULL: f64 = 0.365079;
    const GREEN_FULL: f64 = 0.746032;
    let step = (value * 256.0).clamp(0.0, 255.0).floor() / 255.0;
    let rise = |from: f64, to: f64| ((step - from) / (to - from)).clamp(0.0, 1.0);
    let byte = |part: f64| (part * 255.0) as u8;
    RGBAColor(
        byte(0.0416 + (1.0 - 0.0416) * rise(0.0, RED_FULL)),
        byte(rise(RED_FULL, GREEN_FULL)),
        byte(rise(GREEN_FULL, 1.0)),
        1.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hot_is_matplotlibs() {
        // matplotlib.colormaps["hot"](value, bytes=True)
        for (value, rgb) in [
            (0.0, (10, 0, 0)),
            (0.1, (76, 0, 0)),
            (0.25, (178, 0, 0)),
            (0.365079, (254, 0, 0)),
            (0.5, (255, 91, 0)),
            (0.746032, (255, 254, 0)),
            (0.75, (255, 255, 6)),
            (0.9, (255, 255, 156)),
            (1.0, (255, 255, 255)),
        ] {
            let RGBAColor(r, g, b, alpha) = hot(value);
            assert_eq!(((r, g, b), alpha), (rgb, 1.0), "at {value}");
        }
    }
}
