//! One DNS question and the verdict on its answer (RFC 1035, section 4). Pure.

/// Why an answer is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DnsError {
    #[error("the answer is cut short")]
    Short,
    /// Not to this question: wait on for the right one.
    #[error("the answer belongs to another question")]
    Other,
    #[error("the name does not exist")]
    NoSuchName,
    #[error("the name server failed")]
    ServerFailed,
    #[error("the name server refuses to answer")]
    Refused,
    #[error("the name server answers with error {0}")]
    Code(u8),
    #[error("the answer is empty")]
    Empty,
}

const HEADER: usize = 12;
const RECURSION_DESIRED: u16 = 0x0100;
const ADDRESS: u16 = 1;
const INTERNET: u16 = 1;

/// The question for the IPv4 address of `name`; none if `name` is no host name.
pub fn question(id: u16, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    [id, RECURSION_DESIRED, 1, 0, 0, 0].iter().for_each(|field| bytes.extend(field.to_be_bytes()));
    bytes.extend(encode_name(name)?);
    bytes.extend(ADDRESS.to_be_bytes());
    bytes.extend(INTERNET.to_be_bytes());
    Some(bytes)
}

/// `name` as labels with their lengths.
pub fn encode_name(name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for label in name.strip_suffix('.').unwrap_or(name).split('.') {
        let is_label = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if label.is_empty() || !is_label {
            return None;
        }
        bytes.push(u8::try_from(label.len()).ok().filter(|len| *len < 64)?);
        bytes.extend(label.bytes());
    }
    bytes.push(0);
    (bytes.len() <= 255).then_some(bytes)
}

/// Judges `answer` to `question`.
///
/// # Errors
/// Says why the name could not be resolved; [`DnsError::Other`] for a stray or forged answer.
pub fn judge(question: &[u8], answer: &[u8]) -> Result<(), DnsError> {
    let word = |at: usize| Some(u16::from_be_bytes([*answer.get(at)?, *answer.get(at + 1)?]));
    let (Some(flags), Some(answers)) = (word(2), word(6)) else { return Err(DnsError::Short) };
    let is_answer = flags & 0x8000 != 0 && answer.get(..2) == question.get(..2);
    let asked = question.get(HEADER..).unwrap_or_default();
    let echoed = answer.get(HEADER..).unwrap_or_default().get(..asked.len());
    if !is_answer || echoed.is_some_and(|echoed| !echoed.eq_ignore_ascii_case(asked)) {
        return Err(DnsError::Other);
    }
    match (flags & 0x000F, answers) {
        (0, 0) => Err(DnsError::Empty),
        (0, _) if echoed.is_none() => Err(DnsError::Short),
        (0, _) => Ok(()),
        (2, _) => Err(DnsError::ServerFailed),
        (3, _) => Err(DnsError::NoSuchName),
        (5, _) => Err(DnsError::Refused),
        (code, _) => Err(DnsError::Code(u8::try_from(code).unwrap_or(u8::MAX))),
    }
}
