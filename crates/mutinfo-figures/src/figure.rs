//! [`Figure`]: a picture and the words for it.

use std::fmt;
use std::io;
use std::path::Path;

use mutinfo::{Error, Result};

/// The size of a figure that has no reason for another, in pixels.
pub(crate) const SIZE: (u32, u32) = (800, 480);

/// A pixel is ten of the picture's own units: plotters' backends take whole numbers.
pub(crate) const UNITS: u32 = 10;

/// Checks that a figure of this size has room for its labels, and can be shown.
pub(crate) fn check_size((width, height): (u32, u32)) -> Result<()> {
    for (parameter, pixels) in [("width", width), ("height", height)] {
        if !(200..=4000).contains(&pixels) {
            return Err(Error::Parameter {
                parameter,
                value: pixels.into(),
                requirement: "a figure is 200 to 4000 pixels wide and high",
            });
        }
    }
    Ok(())
}

/// A picture as SVG, with its text alternative. A cell whose last line is a figure shows it.
#[derive(Clone, PartialEq)]
pub struct Figure {
    svg: String,
    alt: String,
    size: (u32, u32),
    /// What stands for a figure that moves where nothing may.
    still: Option<String>,
}

impl Figure {
    pub(crate) fn new(svg: String, alt: String, size: (u32, u32)) -> Self {
        let still = None;
        Self {
            svg,
            alt,
            size,
            still,
        }
    }

    pub(crate) fn moving(svg: String, alt: String, size: (u32, u32), still: String) -> Self {
        Self {
            still: Some(still),
            ..Self::new(svg, alt, size)
        }
    }

    /// Figures side by side, as one. Of those that move, the last frame.
    ///
    /// ```
    /// use mutinfo_figures::{Figure, Scatter};
    ///
    /// let line = Scatter::new("Line", "x", "y").size(400, 360);
    /// let curve = Scatter::new("Curve", "x", "y").size(400, 360);
    /// let figure = Figure::beside(&[
    ///     line.points("", &[0.0, 1.0, 2.0], &[0.0, 1.0, 2.0]).draw()?,
    ///     curve.points("", &[0.0, 1.0, 2.0], &[0.0, 1.0, 0.0]).draw()?,
    /// ]);
    /// assert_eq!(figure.size(), (800, 360));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn beside(figures: &[Figure]) -> Self {
        Self::together(figures, true)
    }

    /// Figures one below the other, as one: a cell shows only one. Of those that move, the last
    /// frame.
    ///
    /// ```
    /// use mutinfo_figures::{Figure, Histogram, Scatter};
    ///
    /// let x = [0.0, 1.0, 2.0];
    /// let figure = Figure::below(&[
    ///     Histogram::new("One variable", "x").values("", &x).draw()?,
    ///     Scatter::new("Two", "x", "y").points("", &x, &[0.0, 1.0, 0.0]).draw()?,
    /// ]);
    /// assert_eq!(figure.size(), (800, 960));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn below(figures: &[Figure]) -> Self {
        Self::together(figures, false)
    }

    /// The same with other words for it.
    pub(crate) fn described(self, alt: String) -> Self {
        let (_, shapes) = self.svg.split_once('>').unwrap_or_default();
        let shapes = shapes.strip_suffix("</svg>").unwrap_or(shapes);
        Self::new(document(self.size, &alt, shapes), alt, self.size)
    }

    fn together(figures: &[Figure], in_a_row: bool) -> Self {
        let (mut width, mut height) = (0, 0);
        let mut panels = String::new();
        for figure in figures {
            let (x, y) = if in_a_row { (width, 0) } else { (0, height) };
            let (across, down) = figure.size;
            let (_, panel) = figure.still().split_once(" viewBox=").unwrap_or_default();
            panels.push_str(&format!(
                "<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" viewBox={panel}",
                UNITS * x,
                UNITS * y,
                UNITS * across,
                UNITS * down,
            ));
            width = width.max(x + figure.size.0);
            height = height.max(y + figure.size.1);
        }
        let alts: Vec<&str> = figures.iter().map(Figure::alt).collect();
        let alt = format!("{} panels. {}", figures.len(), alts.join(" "));
        let svg = document((width, height), &alt, &panels);
        Self::new(svg, alt, (width, height))
    }

    /// The picture, an SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// What the picture shows, in words and numbers.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Width and height in pixels, at 100 an inch.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Writes the SVG to a file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        std::fs::write(path, &self.svg)
    }

    /// The picture, or the last frame of one that moves.
    pub(crate) fn still(&self) -> &str {
        self.still.as_ref().unwrap_or(&self.svg)
    }

    /// The picture as an HTML image that carries its data and its text alternative. One that moves
    /// carries its last frame besides, for paper and for readers who prefer no motion.
    ///
    /// Jupyter refuses bare SVG in notebooks that are not trusted, and takes images. The data is
    /// percent-encoded: a third smaller than base64, and its numbers can be read.
    pub fn to_html(&self) -> String {
        let (alt, data) = (escape(&self.alt), data_uri(&self.svg));
        let image = format!("<img alt=\"{alt}\" src=\"{data}\">");
        match &self.still {
            None => image,
            // Here a space would end the address.
            Some(still) => format!(
                "<picture><source media=\"print, (prefers-reduced-motion: reduce)\" \
                 srcset=\"{}\">{image}</picture>",
                data_uri(still).replace(' ', "%20")
            ),
        }
    }

    /// Shows the figure in a notebook of the evcxr kernel, which calls this for the value of a
    /// cell's last line.
    pub fn evcxr_display(&self) {
        show(&self.to_html(), &self.alt);
    }
}

/// The text alternative: a picture's source helps nobody.
impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.alt)
    }
}

/// An SVG document of this size in pixels, in tenths of which the shapes are given.
pub(crate) fn document((width, height): (u32, u32), alt: &str, shapes: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{shapes}</svg>",
        UNITS * width,
        UNITS * height,
        escape(alt)
    )
}

/// A picture as an address.
fn data_uri(svg: &str) -> String {
    let mut data = String::from("data:image/svg+xml,");
    // Quotes within texts are escaped in the SVG, so all that are left stand round attributes,
    // where single ones do as well.
    for byte in svg.replace('"', "'").bytes() {
        match byte {
            b'%' | b'#' | b'<' | b'>' | b'&' | 0..0x20 | 0x7f.. => {
                data.push_str(&format!("%{byte:02X}"));
            }
            _ => data.push(byte.into()),
        }
    }
    data
}

/// Hands a result to the evcxr kernel, as HTML and as plain text for where there is no HTML.
pub(crate) fn show(html: &str, plain: &str) {
    println!("EVCXR_BEGIN_CONTENT text/html\n{html}\nEVCXR_END_CONTENT");
    println!("EVCXR_BEGIN_CONTENT text/plain\n{plain}\nEVCXR_END_CONTENT");
}

/// Text as it may stand in XML and HTML, also within quotes. Control characters, which XML
/// forbids, become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ if c.is_control() => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scatter;
    use crate::testing::{count, texts};

    fn awkward() -> Figure {
        Scatter::new("a < b & \"c\" 'd' #1 100 %\u{7}", "√x", "y")
            .size(300, 250)
            .points("", &[1.0], &[2.0])
            .draw()
            .unwrap()
    }

    #[test]
    fn any_text_is_escaped() {
        let figure = awkward();
        assert!(texts(&figure).contains(&"a < b & \"c\" 'd' #1 100 % ".to_string()));
        assert!(figure.alt().starts_with("a < b & \"c\""));
        let html = figure.to_html();
        assert!(html.starts_with("<img alt=\"a &lt; b &amp; &quot;c&quot; &#39;d&#39; #1"));
        assert!(html.ends_with("\">"));
        assert_eq!(
            html.matches(['"', '<', '>']).count(),
            4 + 2,
            "nothing ends the tag early"
        );
        assert!(html.split_once("src=").unwrap().1.is_ascii());
    }

    #[test]
    fn the_image_decodes_to_the_picture() {
        let figure = awkward();
        let html = figure.to_html();
        let (_, data) = html.split_once("src=\"data:image/svg+xml,").unwrap();
        let mut bytes = Vec::new();
        let mut rest = data.trim_end_matches("\">").bytes();
        while let Some(byte) = rest.next() {
            bytes.push(if byte == b'%' {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            } else {
                byte
            });
        }
        let svg = String::from_utf8(bytes).unwrap();
        assert_eq!(svg, figure.svg().replace('"', "'"));
        roxmltree::Document::parse(&svg).unwrap();
    }

    #[test]
    fn panels_keep_their_marks_and_words() {
        let figure = Figure::beside(&[awkward(), awkward()]);
        assert_eq!(figure.size(), (600, 250));
        assert_eq!(count(&figure, "circle", "fill", "#0072B2"), 2);
        assert!(figure.alt().starts_with("2 panels. a < b"));
        let figure = Figure::below(&[awkward(), awkward()]);
        assert_eq!(figure.size(), (300, 500));
        assert_eq!(count(&figure, "circle", "fill", "#0072B2"), 2);
        assert_eq!(Figure::beside(&[]).size(), (0, 0));
    }

    #[test]
    fn a_size_without_room_is_refused() {
        let tiny = Scatter::new("", "", "")
            .size(100, 300)
            .points("", &[1.0], &[1.0])
            .draw();
        assert!(matches!(
            tiny,
            Err(Error::Parameter {
                parameter: "width",
                ..
            })
        ));
    }

    #[test]
    fn saves_the_svg() {
        let path = std::env::temp_dir().join(format!("figure-{}.svg", std::process::id()));
        awkward().save(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), awkward().svg());
        std::fs::remove_file(path).unwrap();
    }
}
