//! Text from outside is hostile: control and direction-changing characters are dropped, length is
//! capped. Escaping for HTML, mail or CSV still happens where the text is shown.

/// `raw` without control, bidirectional and invisible formatting characters, at most `max_chars`
/// long; a cut is marked with an ellipsis.
pub fn clean(raw: &str, max_chars: usize) -> String {
    let mut kept = raw.chars().map(|c| if c == '\t' || c == '\n' { ' ' } else { c }).filter(|c| !is_dangerous(*c));
    let mut out: String = kept.by_ref().take(max_chars).collect();
    if kept.next().is_some() {
        out.pop();
        out.push('…');
    }
    out.trim().to_owned()
}

/// Characters that can reorder, hide or forge what a reader sees (Unicode TR 36, section 3).
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_dropped() {
        assert_eq!(clean("a\u{0}b\u{202E}c\u{1b}[31m", 20), "abc[31m");
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        assert_eq!(clean("abcdef", 4), "abc…");
        assert_eq!(clean("abcd", 4), "abcd");
    }
}
