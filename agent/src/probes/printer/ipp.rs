//! Questions and answers of IPP as bytes (RFC 8010), and attributes as plain values. Pure.

use super::ipp_guard;
use beforehand_shared::{limits, text};
use ipp::prelude::{
    DelimiterTag, IppAttribute, IppAttributeGroup, IppRequestResponse, IppValue, IppVersion, Operation,
};

/// Values of one attribute that are looked at: more than any list of the report holds.
const VALUES: usize = 4 * limits::PRINTER_LIST;

/// Why an answer says nothing about a printer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IppError {
    #[error("the answer is not IPP: {0}")]
    NotIpp(String),
    #[error("the printer wants a password for reading its state")]
    Denied,
    #[error("the printer answers with IPP status {0:#06x}")]
    Status(u16),
    #[error("the answer has no printer-state")]
    NoState,
}

/// A question about `uri` for the attributes `wanted`.
pub fn question(operation: Operation, uri: &str, wanted: &[&str]) -> Option<Vec<u8>> {
    let mut request = IppRequestResponse::new(IppVersion::v1_1(), operation, None).ok()?;
    let keywords = wanted.iter().filter_map(|name| IppValue::new_keyword(*name).ok()).collect();
    let mut add = |name: &str, value: IppValue| {
        let attribute = IppAttribute::with_name(name, value).ok()?;
        request.attributes_mut().add(DelimiterTag::OperationAttributes, attribute);
        Some(())
    };
    add("printer-uri", IppValue::new_uri(uri).ok()?)?;
    if operation == Operation::GetJobs {
        add("limit", IppValue::new_integer(500))?;
        add("which-jobs", IppValue::new_keyword("not-completed").ok()?)?;
    }
    add("requested-attributes", IppValue::Array(keywords))?;
    Some(request.to_bytes().to_vec())
}

/// The groups of `tag` in a successful answer.
///
/// # Errors
/// [`IppError`] for anything but a successful answer.
pub fn groups(answer: &[u8], tag: DelimiterTag) -> Result<Vec<Attributes>, IppError> {
    ipp_guard::check(answer).map_err(|what| IppError::NotIpp(what.to_owned()))?;
    let parser = ipp::parser::IppParser::new(ipp::reader::IppReader::new(std::io::Cursor::new(answer.to_vec())));
    let (header, attributes, _) = parser.parse_parts().map_err(|error| IppError::NotIpp(error.to_string()))?;
    // RFC 8011, appendix B: below 0x0100 is success, 0x0401 to 0x0403 is about rights.
    match header.operation_or_status.cast_unsigned() {
        0..=0x00FF => {}
        0x0401..=0x0403 => return Err(IppError::Denied),
        status => return Err(IppError::Status(status)),
    }
    Ok(attributes.into_groups().into_iter().filter(|group| group.tag() == tag).map(Attributes).collect())
}

/// The attributes of one printer or job.
pub struct Attributes(IppAttributeGroup);

impl Attributes {
    fn values(&self, name: &str) -> &[IppValue] {
        match self.0.get(name).map(IppAttribute::value) {
            Some(IppValue::Array(values)) => &values[..values.len().min(VALUES)],
            Some(value) => std::slice::from_ref(value),
            None => &[],
        }
    }

    /// Every text among the values, cleaned.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.values(name).iter().filter_map(text_of).collect()
    }

    /// The first text, unless it is empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.values(name).first().and_then(text_of).filter(|text| !text.is_empty())
    }

    /// Every number among the values.
    pub fn numbers(&self, name: &str) -> Vec<i32> {
        self.values(name).iter().filter_map(number_of).collect()
    }

    pub fn number(&self, name: &str) -> Option<i32> {
        self.values(name).first().and_then(number_of)
    }

    /// The first number, unless it is a sentinel below 0.
    pub fn count(&self, name: &str) -> Option<u32> {
        self.number(name).and_then(|number| u32::try_from(number).ok())
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.values(name).first() {
            Some(IppValue::Boolean(flag)) => Some(*flag),
            _ => None,
        }
    }
}

const fn number_of(value: &IppValue) -> Option<i32> {
    match value {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}

fn text_of(value: &IppValue) -> Option<String> {
    let raw = match value {
        IppValue::TextWithoutLanguage(text) | IppValue::TextWithLanguage { text, .. } => text.to_string(),
        IppValue::NameWithoutLanguage(name) | IppValue::NameWithLanguage { name, .. } => name.to_string(),
        IppValue::Keyword(keyword) => keyword.to_string(),
        IppValue::Uri(uri) | IppValue::UriScheme(uri) => uri.to_string(),
        IppValue::OctetString(bytes) => decoded(bytes),
        // Old firmware sends Latin-1 whatever charset it promises.
        IppValue::NonUtf8 { data, .. } => data.iter().copied().map(char::from).collect(),
        _ => return None,
    };
    Some(text::clean(&raw, limits::TEXT_CHARS))
}

fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}
