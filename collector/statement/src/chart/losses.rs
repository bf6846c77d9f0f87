//! What was lost on the way around a disturbance: a row of bars for each part of the way, over one axis of time.

use super::{
    Drawn, Style,
    ink::{Anchor, Face, Ink},
    svg::{Svg, px},
};
use crate::words::Zone;
use beforehand_core::{
    finding::Severity,
    site_view::{Part, evidence::Evidence},
};
use beforehand_shared::time::Timestamp;

const LABEL: f64 = 150.0;
const ROW: f64 = 44.0;
const BAR: f64 = 28.0;
const FOOT: f64 = 20.0;

/// `parts` are rows of the evidence with their names.
pub(crate) fn losses(evidence: &Evidence, parts: &[(Part, String)], style: &Style) -> Drawn {
    let height = ROW.mul_add(parts.len() as f64, FOOT);
    let sentence = "A full bar is a stretch in which no packet came back; a dot one without a measurement.".to_owned();
    let sized = Style { height: height as u32, ..style.clone() };
    let mut svg = Svg::scaled(&sized, "Packets lost on the way", &sentence);
    let plot = Plot { evidence, width: f64::from(style.width) - LABEL, height };
    plot.shade(&mut svg);
    for (row, (part, name)) in parts.iter().enumerate() {
        plot.row(&mut svg, row, (*part, name));
    }
    plot.times(&mut svg, &Zone::of(style.zone.clone()));
    Drawn { svg: svg.finish(), sentence }
}

struct Plot<'a> {
    evidence: &'a Evidence,
    width: f64,
    height: f64,
}

impl Plot<'_> {
    fn x(&self, at: Timestamp) -> f64 {
        let (from, to) = self.evidence.window;
        let share = at.since(from).0 as f64 / to.since(from).0.max(1) as f64;
        self.width.mul_add(share.clamp(0.0, 1.0), LABEL)
    }

    /// The disturbance itself.
    fn shade(&self, svg: &mut Svg) {
        let (from, to) = (self.x(self.evidence.from), self.x(self.evidence.to));
        svg.rect([&px(from), "0", &px((to - from).max(2.0)), &px(self.height - FOOT)], Ink::Band80);
    }

    fn row(&self, svg: &mut Svg, row: usize, (part, name): (Part, &str)) {
        let base = ROW.mul_add(row as f64, ROW - 8.0);
        svg.text(["0", &px(base - 8.0)], name, Face::new(Ink::Strong, Anchor::Start));
        svg.line([[&px(LABEL), &px(base)], [&px(LABEL + self.width), &px(base)]], Ink::Past, ("1", ""));
        let place = Part::PINGED.iter().position(|known| *known == part).unwrap_or_default();
        for line in &self.evidence.rows {
            let (left, right) = (self.x(line.at), self.x(line.at.plus(self.evidence.interval)));
            let width = ((right - left) * 0.8).max(0.8);
            match line.parts[place] {
                Some(reading) if reading.loss_pct > 0.0 => {
                    let height = (BAR * reading.loss_pct / 100.0).max(2.0);
                    let ink = Ink::Status(if reading.loss_pct >= 50.0 { Severity::Act } else { Severity::Soon });
                    svg.rect([&px(left), &px(base - height), &px(width), &px(height)], ink);
                }
                Some(_) => svg.rect([&px(left), &px(base - 3.0), &px(width), "3"], Ink::Past),
                None => svg.rect([&px(f64::midpoint(left, right) - 1.5), &px(base - 8.0), "3", "3"], Ink::Soft),
            }
        }
    }

    fn times(&self, svg: &mut Svg, zone: &Zone) {
        let (from, to) = self.evidence.window;
        let y = px(self.height - 5.0);
        let start = self.x(self.evidence.from);
        let end = self.x(self.evidence.to);
        let mut marks = vec![(LABEL, from, Anchor::Start), (LABEL + self.width, to, Anchor::End)];
        if start - LABEL > 44.0 {
            marks.push((start, self.evidence.from, Anchor::Middle));
        }
        if end - start > 44.0 && LABEL + self.width - end > 44.0 {
            marks.push((end, self.evidence.to, Anchor::Middle));
        }
        for (x, at, anchor) in marks {
            svg.text([&px(x), &y], &zone.clock(at), Face::new(Ink::Soft, anchor));
        }
    }
}
