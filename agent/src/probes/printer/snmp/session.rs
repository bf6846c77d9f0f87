//! The only file that speaks with the SNMP library: questions out, plain answers in.

use super::{
    table::{Oid, Value},
    walk::Answer,
};
use crate::config::snmp::{Auth, Privacy};
use async_snmp::{
    AuthProtocol, Client, CryptoResult, Error, ErrorStatus, PrivProtocol, Retry, UdpHandle, UsmConfig,
    Value as Answered, VarBind, Version, v3::ReportStatus,
};
use std::time::Duration;
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

/// How one is let in: the words themselves, which is why it is never printed.
#[derive(Clone)]
pub enum Access {
    V1 { community: String },
    V2c { community: String },
    V3(User),
}

#[derive(Clone)]
pub struct User {
    pub name: String,
    pub auth: Option<(Auth, String)>,
    pub privacy: Option<(Privacy, String)>,
    pub context: String,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnmpError {
    /// Asleep, off, gone, or the community is not the right one: SNMP does not tell these apart.
    #[error("does not answer SNMP in time; it may be off or asleep, or want another community")]
    Silent,
    #[error("cannot be reached by SNMP: {0}")]
    Unreachable(String),
    #[error("refuses to answer SNMP: {0}")]
    Denied(String),
    /// It refuses the identifier at this place of the question, from 0.
    #[error("refuses a part of the question")]
    Refused { place: usize },
    #[error("answers SNMP with an error: {0}")]
    Failed(String),
}

pub struct Session {
    client: Client<UdpHandle>,
}

/// Times a question is sent again.
const RETRIES: u32 = 1;
/// Identifiers in one question: more than any walk has columns.
const OIDS: usize = 16;

impl Session {
    /// Prepares to ask `address`, whose port is 161 unless it says otherwise. Nothing is sent yet, but a name is
    /// looked up.
    ///
    /// # Errors
    /// [`SnmpError`] for an address that leads nowhere and for words that cannot be used.
    pub async fn open(address: &str, access: &Access, timeout: Duration) -> Result<Self, SnmpError> {
        let auth = match access {
            Access::V1 { community } => async_snmp::Auth::v1(community.as_str()),
            Access::V2c { community } => async_snmp::Auth::v2c(community.as_str()),
            Access::V3(user) => user.config().map_err(|error| SnmpError::Failed(error.to_string()))?.into(),
        };
        let retry = Retry::fixed(RETRIES, Duration::ZERO).map_err(|error| SnmpError::Failed(error.to_string()))?;
        let client = Client::builder(address, auth)
            .strict_source(true)
            // Without it, "wrong password" is not heard: a printer cannot sign that with a password that is wrong.
            // Whoever forges it gains no more than a wrong time in one question.
            .allow_unauthenticated_v3_time_correction(true)
            .construction_timeout(timeout)
            .request_timeout(timeout)
            .retry(retry)
            .max_oids_per_request(OIDS);
        let client = client.connect().with_subscriber(NoSubscriber::default()).await;
        Ok(Self { client: client.map_err(|error| told(&error))? })
    }

    /// The successors of `oids`: up to `repetitions` of each, where the version allows more than one.
    ///
    /// # Errors
    /// [`SnmpError`].
    pub async fn next(&self, oids: &[Oid], repetitions: u32) -> Result<Vec<Answer>, SnmpError> {
        let oids: Vec<async_snmp::Oid> = oids.iter().map(|oid| oid.as_slice().into()).collect();
        let asking = async {
            match self.client.version() {
                Version::V1 => self.client.get_next_many(&oids).await.map(|answered| answered.varbinds),
                _ => self.client.get_bulk(&oids, 0, repetitions).await,
            }
        };
        // The library calls every silence an error in the log; whoever asks says what it means.
        let answered = asking.with_subscriber(NoSubscriber::default()).await;
        Ok(answered.map_err(|error| told(&error))?.into_iter().map(answer).collect())
    }
}

impl User {
    fn config(&self) -> CryptoResult<UsmConfig> {
        let user = UsmConfig::new(self.name.clone()).context_name(self.context.clone());
        match (&self.auth, &self.privacy) {
            (Some((auth, word)), Some((privacy, key))) => {
                user.auth_priv(auth_of(*auth), word, privacy_of(*privacy), key)
            }
            (Some((auth, word)), None) => user.auth(auth_of(*auth), word),
            (None, _) => Ok(user),
        }
    }
}

const fn auth_of(auth: Auth) -> AuthProtocol {
    match auth {
        Auth::Md5 => AuthProtocol::Md5,
        Auth::Sha => AuthProtocol::Sha1,
        Auth::Sha224 => AuthProtocol::Sha224,
        Auth::Sha256 => AuthProtocol::Sha256,
        Auth::Sha384 => AuthProtocol::Sha384,
        Auth::Sha512 => AuthProtocol::Sha512,
    }
}

const fn privacy_of(privacy: Privacy) -> PrivProtocol {
    match privacy {
        Privacy::Des => PrivProtocol::Des,
        Privacy::Aes => PrivProtocol::Aes128,
        Privacy::Aes192 => PrivProtocol::Aes192Blumenthal,
        Privacy::Aes256 => PrivProtocol::Aes256Blumenthal,
    }
}

fn answer(bound: VarBind) -> Answer {
    let value = match bound.value {
        Answered::Integer(number) => Some(Value::Number(number.into())),
        Answered::Counter32(number) | Answered::Gauge32(number) | Answered::TimeTicks(number) => {
            Some(Value::Number(number.into()))
        }
        Answered::Counter64(number) => Some(Value::Number(i64::try_from(number).unwrap_or(i64::MAX))),
        Answered::OctetString(bytes) => Some(Value::Bytes(bytes.to_vec())),
        Answered::ObjectIdentifier(oid) => Some(Value::Oid(oid.arcs().to_vec())),
        Answered::NoSuchObject | Answered::NoSuchInstance | Answered::EndOfMibView => None,
        // Kept, so that the walk goes on behind it.
        _ => Some(Value::Bytes(Vec::new())),
    };
    (bound.oid.arcs().to_vec(), value)
}

const fn refusal(status: &ReportStatus) -> &'static str {
    match status {
        ReportStatus::UnknownUserName { .. } => "it knows no such user",
        ReportStatus::WrongDigest { .. } => "the user's password, or the kind of it, is wrong",
        ReportStatus::DecryptionError { .. } => "the privacy password, or the kind of it, is wrong",
        ReportStatus::UnsupportedSecurityLevel { .. } => "the user has another level of security",
        ReportStatus::NotInTimeWindow { .. } => "its clock and ours do not agree",
        _ => "it does not say why",
    }
}

/// The library's errors name addresses and counters, never a community or password.
fn told(error: &Error) -> SnmpError {
    match error {
        Error::SharedOperation { source } => told(source),
        Error::Exchange { source, .. } => told(source),
        Error::Timeout { .. } => SnmpError::Silent,
        Error::Network { source, .. } => SnmpError::Unreachable(source.to_string()),
        Error::Auth { .. } => SnmpError::Denied("its answers are not signed with this password".to_owned()),
        Error::Report { status, .. } => SnmpError::Denied(refusal(status).to_owned()),
        Error::Snmp { status: ErrorStatus::AuthorizationError | ErrorStatus::NoAccess, .. } => {
            SnmpError::Denied("no right to read this".to_owned())
        }
        Error::Snmp { index, .. } if *index > 0 => SnmpError::Refused { place: *index as usize - 1 },
        other => SnmpError::Failed(other.to_string()),
    }
}
