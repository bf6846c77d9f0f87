//! From the form to what is sealed.

use crate::web::ui::form::Typed;
use beforehand_shared::settings::{Auth, AuthProtocol, Privacy, PrivacyProtocol, Secret, SettingsError, SnmpAccess};

pub(super) const VERSIONS: [(&str, &str); 3] = [("v2c", "SNMPv2c"), ("v1", "SNMPv1"), ("v3", "SNMPv3")];
pub(super) const AUTH: [(&str, &str); 7] = [
    ("sha1", "SHA"),
    ("sha224", "SHA-224"),
    ("sha256", "SHA-256"),
    ("sha384", "SHA-384"),
    ("sha512", "SHA-512"),
    ("md5", "MD5"),
    ("none", "none"),
];
pub(super) const PRIVACY: [(&str, &str); 5] =
    [("aes128", "AES"), ("aes192", "AES-192"), ("aes256", "AES-256"), ("des", "DES"), ("none", "none")];

/// The access that was typed. Its secrets are forgotten: they are not sent back, right or wrong.
pub(super) fn read(typed: &mut Typed) -> Option<SnmpAccess> {
    let [community, auth_password, privacy_password] = ["community", "auth_password", "privacy_password"].map(|name| {
        let secret = Secret(typed.raw(name).to_owned());
        typed.forget(name);
        secret
    });
    let access = match typed.raw("version") {
        "v1" => SnmpAccess::V1 { community },
        "v2c" => SnmpAccess::V2c { community },
        "v3" => {
            let auth = protocol::<AuthProtocol>(typed, "auth")?;
            let privacy = protocol::<PrivacyProtocol>(typed, "privacy")?;
            SnmpAccess::V3 {
                user: typed.optional("user", 200),
                auth: auth.map(|protocol| Auth { protocol, password: auth_password }),
                privacy: privacy.map(|protocol| Privacy { protocol, password: privacy_password }),
            }
        }
        _ => {
            typed.refuse("version", "Choose one.");
            return None;
        }
    };
    match access.check() {
        Ok(()) => Some(access),
        Err(wrong) => {
            typed.refuse(field(&wrong), format!("{}.", capital(&wrong.to_string())));
            None
        }
    }
}

/// `Some(None)` for none.
fn protocol<T: serde::de::DeserializeOwned>(typed: &mut Typed, name: &'static str) -> Option<Option<T>> {
    let word = typed.raw(name).to_owned();
    if word == "none" {
        return Some(None);
    }
    let read = serde_json::from_value(serde_json::Value::String(word)).ok();
    if read.is_none() {
        typed.refuse(name, "Choose one.");
    }
    read.map(Some)
}

const fn field(wrong: &SettingsError) -> &'static str {
    match wrong {
        SettingsError::Length { what, .. } | SettingsError::Control { what } => match what.as_bytes() {
            b"community" => "community",
            b"user name" => "user",
            b"password" => "auth_password",
            _ => "privacy_password",
        },
        SettingsError::PrivacyAlone => "auth",
        _ => "version",
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// What may be shown of it.
pub(super) fn shown(access: &SnmpAccess) -> String {
    let name_of = |list: &[(&'static str, &'static str)], word: serde_json::Value| {
        list.iter().find(|(value, _)| Some(*value) == word.as_str()).map_or("unknown", |(_, name)| *name)
    };
    match access {
        SnmpAccess::V1 { .. } => "SNMPv1 with a community".to_owned(),
        SnmpAccess::V2c { .. } => "SNMPv2c with a community".to_owned(),
        SnmpAccess::V3 { user, auth, privacy } => {
            let mut words = format!("SNMPv3, user {user}");
            if let Some(auth) = auth {
                words += &format!(", {}", name_of(&AUTH, serde_json::json!(auth.protocol)));
            }
            if let Some(privacy) = privacy {
                words += &format!(", {}", name_of(&PRIVACY, serde_json::json!(privacy.protocol)));
            }
            words
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(version: &str, auth: &str, password: &str) -> Typed {
        Typed::filled([
            ("version", version.to_owned()),
            ("community", "c0mmunity".to_owned()),
            ("user", "monitor".to_owned()),
            ("auth", auth.to_owned()),
            ("auth_password", password.to_owned()),
            ("privacy", "aes128".to_owned()),
            ("privacy_password", "privpass123".to_owned()),
        ])
    }

    #[test]
    fn what_is_typed_is_read_by_version_and_shown_without_its_secrets() {
        let v3 = read(&mut typed("v3", "sha256", "authpass123")).unwrap();
        assert_eq!(shown(&v3), "SNMPv3, user monitor, SHA-256, AES");
        let v1 = read(&mut typed("v1", "none", "")).unwrap();
        assert_eq!(
            (shown(&v1).as_str(), v1),
            ("SNMPv1 with a community", SnmpAccess::V1 { community: Secret("c0mmunity".to_owned()) })
        );
    }

    #[test]
    fn mistakes_stand_beside_their_field_and_secrets_are_not_sent_back() {
        for (auth, password, field) in [("sha1", "short", "auth_password"), ("none", "", "auth")] {
            let mut typed = typed("v3", auth, password);
            assert_eq!(read(&mut typed), None);
            let shown = typed.field(field, "", crate::web::ui::form::Kind::NewPassword).to_string();
            assert!(shown.contains("aria-invalid"), "{shown}");
            assert!(["community", "auth_password", "privacy_password"].iter().all(|name| typed.raw(name).is_empty()));
        }
    }
}
