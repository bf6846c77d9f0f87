//! Writes SVG. Every text and attribute is escaped here and nowhere else.

use super::{
    Palette, Style,
    ink::{Anchor, Face, Ink},
};
use std::fmt::Write;

/// Size of all text in a chart, in CSS pixels.
const TEXT: f64 = 12.0;

/// A picture being drawn.
pub(super) struct Svg {
    out: String,
    palette: Palette,
}

/// `12.5`, without zeros that say nothing.
pub(super) fn px(value: f64) -> String {
    let text = format!("{:.1}", if value.is_finite() { value } else { 0.0 });
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// Text and attribute values with the five characters of XML escaped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

impl Svg {
    /// A picture that keeps its proportions and scales with its box.
    pub(super) fn scaled(style: &Style, title: &str, sentence: &str) -> Self {
        let (width, height) = (style.width, style.height);
        let size = format!(r#"viewBox="0 0 {width} {height}" width="{width}" height="{height}""#);
        Self::open(style, &size, [title, sentence])
    }

    /// A picture as wide as its box, whose text keeps its size: horizontal places come from
    /// [`Self::across`].
    pub(super) fn fluid(style: &Style, height: f64, words: [&str; 2]) -> Self {
        let size = match style.palette {
            Palette::Screen => format!(r#"width="100%" height="{}""#, px(height)),
            Palette::Print => {
                format!(r#"viewBox="0 0 {0} {1}" width="{0}" height="{1}""#, style.width, px(height))
            }
        };
        Self::open(style, &size, words)
    }

    fn open(style: &Style, size: &str, [title, sentence]: [&str; 2]) -> Self {
        let family = match style.palette {
            Palette::Screen => r#"class="chart""#,
            Palette::Print => r#"font-family="Inter""#,
        };
        let out = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" {size} {family} font-size="{TEXT}" role="img" aria-label="{2}"><title>{0}</title><desc>{1}</desc>"#,
            escape(title),
            escape(sentence),
            escape(&format!("{title}. {sentence}")),
        );
        Self { out, palette: style.palette }
    }

    /// A share of the whole width of a fluid picture.
    pub(super) fn across(&self, share: f64, style: &Style) -> String {
        match self.palette {
            Palette::Screen => format!("{}%", px(share * 100.0)),
            Palette::Print => px(share * f64::from(style.width)),
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }

    /// An element with the attributes as given; values are escaped.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.out.push_str(&format!(r#" {key}="{}""#, escape(value)));
        }
    }

    /// Opens a group, or a link around a group.
    pub(super) fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push('>');
    }

    pub(super) fn end(&mut self, name: &str) {
        self.out.push_str(&format!("</{name}>"));
    }

    /// A title for what is inside the open group.
    pub(super) fn title(&mut self, text: &str) {
        self.out.push_str(&format!("<title>{}</title>", escape(text)));
    }

    /// Attributes that fill with an ink.
    pub(super) fn fill(&self, ink: Ink) -> [(&'static str, String); 2] {
        match self.palette {
            Palette::Screen => [("class", format!("c-fill {}", ink.class())), ("fill", "currentColor".to_owned())],
            Palette::Print => [("fill", ink.printed().to_owned()), ("class", String::new())],
        }
    }

    /// Attributes that stroke with an ink.
    pub(super) fn stroke(&self, ink: Ink) -> [(&'static str, String); 2] {
        match self.palette {
            Palette::Screen => [("class", format!("c-stroke {}", ink.class())), ("stroke", "currentColor".to_owned())],
            Palette::Print => [("stroke", ink.printed().to_owned()), ("class", String::new())],
        }
    }

    pub(super) fn text(&mut self, at: [&str; 2], text: &str, face: Face) {
        let [(_, first), (_, second)] = self.fill(face.ink);
        let (fill, class) = match self.palette {
            Palette::Screen => (second, format!("{first} {}", face.class).trim_end().to_owned()),
            Palette::Print => (first, String::new()),
        };
        let anchor = match face.anchor {
            Anchor::Start => "",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if face.bold { "600" } else { "" };
        let [x, y] = at;
        let attributes = [
            ("x", x),
            ("y", y),
            ("class", class.as_str()),
            ("fill", fill.as_str()),
            ("text-anchor", anchor),
            ("font-weight", weight),
        ];
        self.begin("text", &attributes);
        self.out.push_str(&escape(text));
        self.end("text");
    }

    pub(super) fn line(&mut self, [from, to]: [[&str; 2]; 2], ink: Ink, (width, dash): (&str, &str)) {
        let [(key, value), (key2, value2)] = self.stroke(ink);
        let ([x1, y1], [x2, y2]) = (from, to);
        let attributes = [
            ("x1", x1),
            ("y1", y1),
            ("x2", x2),
            ("y2", y2),
            (key, &value),
            (key2, &value2),
            ("stroke-width", width),
            ("stroke-dasharray", dash),
        ];
        self.element("line", &attributes);
    }

    pub(super) fn rect(&mut self, [x, y, width, height]: [&str; 4], ink: Ink) {
        let [(key, value), (key2, value2)] = self.fill(ink);
        let attributes = [("x", x), ("y", y), ("width", width), ("height", height), (key, &value), (key2, &value2)];
        self.element("rect", &attributes);
    }

    /// A filled shape.
    pub(super) fn area(&mut self, d: &str, ink: Ink) {
        let [(key, value), (key2, value2)] = self.fill(ink);
        self.element("path", &[("d", d), (key, &value), (key2, &value2)]);
    }

    /// A line through points.
    pub(super) fn path(&mut self, d: &str, ink: Ink, (width, dash): (&str, &str)) {
        let [(key, value), (key2, value2)] = self.stroke(ink);
        let attributes = [
            ("d", d),
            ("fill", "none"),
            (key, value.as_str()),
            (key2, &value2),
            ("stroke-width", width),
            ("stroke-dasharray", dash),
            ("stroke-linejoin", "round"),
        ];
        self.element("path", &attributes);
    }
}

/// The commands of a path through points; empty for none.
pub(super) fn through(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut d = String::new();
    for (x, y) in points {
        let command = if d.is_empty() { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(d, "{command}{} {}", px(x), px(y));
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_texts_and_attributes_stays_text() {
        assert_eq!(escape(r#"<b a="1">'&"#), "&lt;b a=&quot;1&quot;&gt;&#39;&amp;");
    }

    #[test]
    fn numbers_that_are_none_draw_at_zero() {
        assert_eq!(px(f64::NAN), "0");
        assert_eq!(px(12.04), "12");
        assert_eq!(px(12.26), "12.3");
    }
}
