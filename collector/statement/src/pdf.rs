//! Documents as PDF/UA-1: a fixed template, its data as JSON beside it, two fonts, and nothing else
//! within reach of the typesetter. The statement stands here; the sheet about a line uses the same.

use crate::{
    chart::{Drawn, Style, horizon, trend_bars, worth_bars},
    fonts,
    view::{self, Source, Statement},
    words::Zone,
};
use beforehand_core::month::{MonthFigures, MonthInput};
use serde::Serialize;
use std::sync::LazyLock;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source as Text, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// Why no PDF came out. The template is fixed and its data are ours, so this is a defect.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the document's data cannot be written: {0}")]
    Data(#[from] serde_json::Error),
    #[error("a name of the template is no path: {0}")]
    Path(String),
    #[error("the document cannot be set: {0}")]
    Layout(String),
    #[error("the document cannot be written as PDF/UA: {0}")]
    Export(String),
}

/// A template by the name under which it is set; its data are called `data.json`.
pub(crate) type Template = (&'static str, &'static str);

const STATEMENT: Template = ("statement.typ", include_str!("../templates/statement.typ"));

/// What the template reads.
#[derive(Serialize)]
struct Data<'a> {
    statement: &'a Statement,
    trend_chart: Picture,
    worth_chart: Picture,
    /// The three nearest, for page one.
    coming_chart: Picture,
}

#[derive(Serialize)]
pub(crate) struct Picture {
    svg: String,
    sentence: String,
}

impl From<Drawn> for Picture {
    fn from(Drawn { svg, sentence }: Drawn) -> Self {
        Self { svg, sentence }
    }
}

/// The statement of a month: page one as a letter, then everything behind it.
pub fn pdf(input: &MonthInput, figures: &MonthFigures) -> Result<Vec<u8>, RenderError> {
    let statement = Statement::new(input, figures);
    let zone = Zone::named(&input.client.time_zone);
    let style = |height| Style::print(640, height, zone.time_zone());
    let source = Source { input, figures, zone: &zone };
    let nearest: Vec<_> = view::bars(source).into_iter().take(3).collect();
    let data = Data {
        statement: &statement,
        trend_chart: trend_bars(&figures.trend, &style(174)).into(),
        worth_chart: worth_bars(&figures.trend, &input.client.currency, &style(150)).into(),
        coming_chart: horizon(&nearest, input.taken_at, view::DAYS, &style(0)).into(),
    };
    let identity = format!("{} {} {}", input.client.id, figures.month.name(), figures.input_hash);
    set(STATEMENT, &data, identity)
}

/// Characters that the fonts lack would make the PDF inaccessible: each becomes a question mark.
fn printable(text: &str) -> String {
    let has = |c: char| c.is_ascii() || FONTS.first().is_some_and(|font| font.info().coverage.contains(u32::from(c)));
    text.chars().map(|c| if has(c) { c } else { '?' }).collect()
}

/// Forgets what the typesetter remembered, also when it failed: its memory would grow for ever.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        comemo::evict(0);
    }
}

/// `identity` makes two documents of the same data the same.
pub(crate) fn set(template: Template, data: &impl Serialize, identity: String) -> Result<Vec<u8>, RenderError> {
    let _forget = Forget;
    let desk = Desk::new(template, printable(&serde_json::to_string(data)?))?;
    let document: PagedDocument = typst::compile(&desk).output.map_err(|errors| RenderError::Layout(said(&errors)))?;
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| RenderError::Export(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(identity),
        creator: Smart::Custom(Some("Beforehand".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| RenderError::Export(said(&errors)))
}

fn said(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; ")
}

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    [fonts::REGULAR, fonts::SEMIBOLD].into_iter().filter_map(|file| Font::new(Bytes::new(file), 0)).collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// All that the typesetter can reach: its template and the data of one document.
struct Desk {
    template: Text,
    data: FileId,
    json: Bytes,
}

impl Desk {
    fn new((name, template): Template, json: String) -> Result<Self, RenderError> {
        let template = Text::new(file_id(name)?, template.to_owned());
        Ok(Self { template, data: file_id("data.json")?, json: Bytes::from_string(json) })
    }
}

fn file_id(name: &str) -> Result<FileId, RenderError> {
    let path = VirtualPath::new(name).map_err(|_| RenderError::Path(name.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Text> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data { Ok(self.json.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
