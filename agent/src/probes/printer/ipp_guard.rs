//! Refuses answers that the library for IPP would not survive: it takes the inner lengths of texts with a language
//! on trust, and collections within collections as deep as they come. Pure.

/// No printer has more: `media-col-database` has three.
const DEEPEST: usize = 8;
/// Version, operation or status, and request number (RFC 8010, section 3.1.1).
const HEADER: usize = 8;
const END_OF_ATTRIBUTES: u8 = 0x03;
const DELIMITERS: std::ops::RangeInclusive<u8> = 0x00..=0x0F;
const BEGIN_COLLECTION: u8 = 0x34;
const TEXT_WITH_LANGUAGE: u8 = 0x35;
const NAME_WITH_LANGUAGE: u8 = 0x36;
const END_COLLECTION: u8 = 0x37;

/// What is cut short or no IPP at all is left to the library, which says so.
///
/// # Errors
/// Says what is wrong with the answer.
pub(super) fn check(answer: &[u8]) -> Result<(), &'static str> {
    let (mut rest, mut depth) = (answer.get(HEADER..).unwrap_or_default(), 0_usize);
    while let Some((tag, behind)) = rest.split_first() {
        rest = behind;
        match *tag {
            END_OF_ATTRIBUTES => break,
            tag if DELIMITERS.contains(&tag) => continue,
            BEGIN_COLLECTION => depth += 1,
            END_COLLECTION => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err("its collections are nested too deep");
        }
        let Some(value) = counted(&mut rest).and_then(|_name| counted(&mut rest)) else { break };
        if [TEXT_WITH_LANGUAGE, NAME_WITH_LANGUAGE].contains(tag) && !has_language_and_text(value) {
            return Err("a text is longer than its value");
        }
    }
    Ok(())
}

/// Takes bytes from the front of `rest` that stand behind their number.
fn counted<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, behind) = rest.split_first_chunk::<2>()?;
    let (taken, behind) = behind.split_at_checked(u16::from_be_bytes(*length).into())?;
    *rest = behind;
    Some(taken)
}

fn has_language_and_text(mut value: &[u8]) -> bool {
    counted(&mut value).and_then(|_language| counted(&mut value)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(attributes: &[&[u8]]) -> Vec<u8> {
        [&[1, 1, 0, 0, 0, 0, 0, 1, 4][..], &attributes.concat(), &[END_OF_ATTRIBUTES]].concat()
    }

    #[test]
    fn a_text_says_how_long_it_is_and_is_not_believed() {
        let named = |value: &[u8]| [&[TEXT_WITH_LANGUAGE, 0, 1, b'x', 0, value.len() as u8], value].concat();
        assert_eq!(check(&answer(&[&named(&[0, 2, b'd', b'e', 0, 1, b'a'])])), Ok(()));
        assert_eq!(check(&answer(&[&named(&[0x14, 0x36, b'd'])])), Err("a text is longer than its value"));
        assert_eq!(check(&answer(&[&named(&[])])), Err("a text is longer than its value"));
    }

    #[test]
    fn collections_end_somewhere() {
        let (begin, end) = ([BEGIN_COLLECTION, 0, 0, 0, 0], [END_COLLECTION, 0, 0, 0, 0]);
        let nested = |depth: usize| [begin.repeat(depth), end.repeat(depth)].concat();
        let wide = nested(DEEPEST).repeat(1_000);
        assert_eq!(check(&answer(&[&wide])), Ok(()));
        assert_eq!(check(&answer(&[&nested(DEEPEST + 1)])), Err("its collections are nested too deep"));
        assert_eq!(check(&answer(&[&begin.repeat(100_000)])), Err("its collections are nested too deep"));
    }
}
