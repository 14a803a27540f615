//! Figures that move: [`Figure::animate`].
//!
//! A frame is a group of shapes that is visible while it is its turn. The picture plays by itself
//! where it is an image, without any script, and also in a notebook that is not trusted. It plays
//! twice and stops at its last frame. Where motion is not wanted (`prefers-reduced-motion`), and on
//! paper, there is only the last frame.

use mutinfo::{Error, Result};

use crate::figure::{Figure, document};

/// Seconds that a frame is seen.
const SECONDS: f64 = 1.0;
/// How long the last frame is seen before the second round, in frames.
const REST: usize = 2;
/// More frames make a page heavy.
const MOST: usize = 12;

impl Figure {
    /// Figures of one size, one after the other: twice, a second each, then the last one stays.
    /// `changes` says in words what moves.
    ///
    /// ```
    /// use mutinfo_figures::{Figure, Scatter};
    ///
    /// let at = |x: f64| Scatter::new("A point", "x", "y").points("", &[0.0, x, 3.0], &[0.0, 1.0, 2.0]);
    /// let figure = Figure::animate("A point moves to the right", &[at(1.0).draw()?, at(2.0).draw()?])?;
    /// assert!(figure.alt().starts_with("Animation of 2 frames. A point moves to the right."));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`] without a figure, [`Error::Parameter`] for more than twelve or for several
    /// sizes.
    pub fn animate(changes: &str, frames: &[Figure]) -> Result<Self> {
        let (Some(first), Some(last)) = (frames.first(), frames.last()) else {
            return Err(Error::Empty { argument: "frames" });
        };
        let refuse = |value: f64, requirement| {
            Err(Error::Parameter {
                parameter: "frames",
                value,
                requirement,
            })
        };
        if frames.len() > MOST {
            return refuse(frames.len() as f64, "an animation has at most 12 frames");
        }
        if let Some(other) = frames.iter().find(|frame| frame.size() != first.size()) {
            let (width, height) = other.size();
            let unlike = if width == first.size().0 {
                height
            } else {
                width
            };
            return refuse(unlike.into(), "the frames of an animation have one size");
        }
        let alt = format!(
            "Animation of {} frames. {changes}. First frame: {} Last frame: {}",
            frames.len(),
            first.alt(),
            last.alt(),
        );
        let shapes: Vec<Vec<&str>> = frames.iter().map(|frame| shapes(frame.still())).collect();
        let (before, after) = common(&shapes);
        let groups: String = shapes
            .iter()
            .enumerate()
            .map(|(turn, shapes)| {
                let own = shapes[before..shapes.len() - after].concat();
                group(turn, frames.len(), &own)
            })
            .collect();
        let shared = &shapes[0];
        let body = format!(
            "{STILL}{}{groups}{}",
            shared[..before].concat(),
            shared[shared.len() - after..].concat(),
        );
        let svg = document(first.size(), &alt, &body);
        Ok(Self::moving(
            svg,
            alt,
            first.size(),
            last.still().to_string(),
        ))
    }
}

/// Where the picture stands alone. Browsers don't tell an image what its reader prefers, so that
/// [`Figure::to_html`] says it, too.
const STILL: &str = "<style>@media print,(prefers-reduced-motion:reduce)\
     {.f{visibility:hidden!important}.f:last-of-type{visibility:visible!important}}</style>";

/// A frame with its turn. Without animation, and after it, only the last one is visible.
fn group(turn: usize, count: usize, shapes: &str) -> String {
    let length = count - 1 + REST;
    let at = |turn: usize| format!("{:.4}", turn as f64 / length as f64);
    let is_last = turn + 1 == count;
    let (values, times) = match (turn, is_last) {
        (0, true) => ("visible".to_string(), "0".to_string()),
        (0, false) => ("visible;hidden".to_string(), format!("0;{}", at(1))),
        (_, true) => ("hidden;visible".to_string(), format!("0;{}", at(turn))),
        _ => (
            "hidden;visible;hidden".to_string(),
            format!("0;{};{}", at(turn), at(turn + 1)),
        ),
    };
    let seconds = SECONDS * length as f64;
    let visibility = if is_last { "visible" } else { "hidden" };
    format!(
        "<g class=\"f\" visibility=\"{visibility}\"><animate attributeName=\"visibility\" \
         calcMode=\"discrete\" values=\"{values}\" keyTimes=\"{times}\" dur=\"{seconds}s\" \
         repeatCount=\"2\"/>{shapes}</g>"
    )
}

/// How many shapes all frames begin with, and how many they end with.
fn common(frames: &[Vec<&str>]) -> (usize, usize) {
    let shortest = frames.iter().map(Vec::len).min().unwrap_or(0);
    let all_have = |shape: fn(&[&str], usize) -> String, i: usize| {
        let first = shape(&frames[0], i);
        frames.iter().all(|frame| shape(frame, i) == first)
    };
    let from_start = |shapes: &[&str], i: usize| shapes[i].to_string();
    let from_end = |shapes: &[&str], i: usize| shapes[shapes.len() - 1 - i].to_string();
    let before = (0..shortest)
        .take_while(|&i| all_have(from_start, i))
        .count();
    let rest = 0..shortest - before;
    (before, rest.take_while(|&i| all_have(from_end, i)).count())
}

/// The shapes within a picture, each whole: an element that holds others is one shape.
fn shapes(svg: &str) -> Vec<&str> {
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    let body = body.strip_suffix("</svg>").unwrap_or(body);
    let (mut shapes, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let mut end = 0;
    // Within texts and attributes, < and > are escaped.
    while let Some(length) = body[end..].find('>') {
        let tag_start = body[end..].find('<').map_or(end, |at| end + at);
        end += length + 1;
        let tag = &body[tag_start..end];
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.ends_with("/>") {
            depth += 1;
        }
        if depth == 0 {
            shapes.push(&body[start..end]);
            start = end;
        }
    }
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scatter;
    use crate::testing::{count, texts};

    fn frame(x: f64) -> Figure {
        Scatter::new("A <moving> point", "x", "y")
            .points("", &[0.0, x, 3.0], &[0.0, 1.0, 2.0])
            .draw()
            .unwrap()
    }

    #[test]
    fn shapes_make_up_the_picture() {
        let figure = Figure::beside(&[frame(1.0), frame(2.0)]);
        let (head, body) = figure.svg().split_once('>').unwrap();
        assert_eq!(
            format!("{head}>{}</svg>", shapes(figure.svg()).concat()),
            figure.svg()
        );
        assert_eq!(shapes(figure.svg()).len(), 2, "a panel is one shape");
        assert!(shapes(frame(1.0).svg()).len() > 10);
        assert!(!body.is_empty());
    }

    #[test]
    fn what_all_frames_share_is_drawn_once() {
        let frames = [frame(1.0), frame(1.5), frame(2.0)];
        let figure = Figure::animate("It moves", &frames).unwrap();
        let title = "A <moving> point".to_string();
        assert_eq!(
            texts(&figure).iter().filter(|text| **text == title).count(),
            1
        );
        assert_eq!(count(&figure, "g", "class", "f"), 3);
        assert_eq!(count(&figure, "g", "visibility", "visible"), 1);
        // The first and the last point stay where they are.
        assert!((3..=7).contains(&count(&figure, "circle", "fill", "#0072B2")));
        assert!(figure.svg().len() < 2 * frames[0].svg().len());
    }

    #[test]
    fn it_plays_twice_and_ends_with_the_last_frame() {
        let figure = Figure::animate("It moves", &[frame(1.0), frame(2.0)]).unwrap();
        assert_eq!(count(&figure, "animate", "repeatCount", "2"), 2);
        assert_eq!(count(&figure, "animate", "values", "visible;hidden"), 1);
        assert_eq!(count(&figure, "animate", "keyTimes", "0;0.3333"), 2);
        let html = figure.to_html();
        assert!(html.contains("prefers-reduced-motion: reduce"));
        assert_eq!(html.matches("<img ").count(), 1);
        assert_eq!(figure.still(), frame(2.0).svg());
    }

    #[test]
    fn frames_may_themselves_move() {
        let moving = Figure::animate("", &[frame(1.0), frame(2.0)]).unwrap();
        let figure = Figure::animate("", &[moving, frame(1.0)]).unwrap();
        assert_eq!(count(&figure, "g", "class", "f"), 2);
    }

    #[test]
    fn what_cannot_be_animated_is_a_typed_error() {
        assert_eq!(
            Figure::animate("", &[]),
            Err(Error::Empty { argument: "frames" })
        );
        assert!(Figure::animate("", &[frame(1.0)]).is_ok());
        let many = vec![frame(1.0); MOST + 1];
        assert!(matches!(
            Figure::animate("", &many),
            Err(Error::Parameter { value: 13.0, .. })
        ));
        let beside = Figure::beside(&[frame(1.0), frame(1.0)]);
        assert!(Figure::animate("", &[frame(1.0), beside]).is_err());
    }
}
