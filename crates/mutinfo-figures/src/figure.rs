//! [`Figure`]: a picture and the words for it.

use std::fmt;
use std::io;
use std::path::Path;

use mutinfo::{Error, Result};

/// The size of a figure that has no reason for another, in pixels.
pub(crate) const SIZE: (u32, u32) = (800, 480);

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
}

impl Figure {
    pub(crate) fn new(svg: String, alt: String, size: (u32, u32)) -> Self {
        Self { svg, alt, size }
    }

    /// Figures side by side, as one.
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
        let height = figures
            .iter()
            .map(|figure| figure.size.1)
            .max()
            .unwrap_or(0);
        let mut width = 0;
        let mut panels = String::new();
        for figure in figures {
            let start = format!("<svg x=\"{width}\" ");
            panels.push_str(&figure.svg.replacen("<svg ", &start, 1));
            width += figure.size.0;
        }
        let alts: Vec<&str> = figures.iter().map(Figure::alt).collect();
        let alt = format!("{} panels. {}", figures.len(), alts.join(" "));
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">{panels}</svg>",
            escape(&alt)
        );
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

    /// The picture as an HTML image that carries its data and its text alternative.
    ///
    /// Jupyter refuses bare SVG in notebooks that are not trusted, and takes images. The data is
    /// percent-encoded: a third smaller than base64, and its numbers can be read.
    pub fn to_html(&self) -> String {
        let mut html = String::from("<img alt=\"");
        html.push_str(&escape(&self.alt));
        html.push_str("\" src=\"data:image/svg+xml,");
        // Quotes within texts are escaped in the SVG, so all that are left stand round
        // attributes, where single ones do as well.
        for byte in self.svg.replace('"', "'").bytes() {
            match byte {
                b'%' | b'#' | b'<' | b'>' | b'&' | 0..0x20 | 0x7f.. => {
                    html.push_str(&format!("%{byte:02X}"));
                }
                _ => html.push(byte.into()),
            }
        }
        html.push_str("\">");
        html
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
