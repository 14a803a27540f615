//! Colours: one at a time, and maps from a number between 0 and 1.

use plotters::style::RGBAColor;

pub const BLACK: RGBAColor = RGBAColor(0, 0, 0, 1.0);
pub const WHITE: RGBAColor = RGBAColor(255, 255, 255, 1.0);

/// matplotlib's first two line colours.
pub const MATPLOTLIB: [RGBAColor; 2] = [
    RGBAColor(0x1f, 0x77, 0xb4, 1.0),
    RGBAColor(0xff, 0x7f, 0x0e, 1.0),
];

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
