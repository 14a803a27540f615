//! Questions that the tests ask a figure.

use roxmltree::{Document, Node};

use crate::Figure;

fn ask<T>(figure: &Figure, question: impl FnOnce(Vec<Node>) -> T) -> T {
    let document = Document::parse(figure.svg()).expect("the SVG is well-formed");
    question(document.descendants().filter(Node::is_element).collect())
}

/// All texts of a figure.
pub fn texts(figure: &Figure) -> Vec<String> {
    ask(figure, |nodes| {
        let texts = nodes.iter().filter(|node| node.tag_name().name() == "text");
        texts
            .filter_map(|node| node.text())
            .map(str::to_string)
            .collect()
    })
}

/// How many elements with this name have this value of an attribute.
pub fn count(figure: &Figure, name: &str, attribute: &str, value: &str) -> usize {
    ask(figure, |nodes| {
        let named = nodes.iter().filter(|node| node.tag_name().name() == name);
        named
            .filter(|node| node.attribute(attribute) == Some(value))
            .count()
    })
}

/// The sizes of all rectangles of a colour, in pixels.
pub fn rectangles(figure: &Figure, colour: &str) -> Vec<(f64, f64)> {
    ask(figure, |nodes| {
        let size = |node: &Node, name| -> Option<f64> {
            Some(node.attribute(name)?.parse::<f64>().ok()? / 10.0)
        };
        let filled = nodes.iter().filter(|node| {
            node.tag_name().name() == "rect" && node.attribute("fill") == Some(colour)
        });
        filled
            .filter_map(|node| Some((size(node, "width")?, size(node, "height")?)))
            .collect()
    })
}
