//! The configuration file: TOML, parsed once into [`Municipality`]. Unknown fields, wrong types and contradictions are
//! refused with file, line and reason.

use std::collections::BTreeMap;
use std::path::Path;

use const_oid::ObjectIdentifier;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use pades::{BaselineLevel, Logo, SignatureAlgorithm};
use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::{
    CaSubject, EService, EidKind, EidProvider, Keys, Limits, Mode, Municipality, OidcProvider, OneTimeKeyCustody, Organisation, Retention,
    SignatureProfile, SuiteEnd, SuiteEnds, ValidationTrust, VisibleSignatureText, WebhookSecret, certificates,
};
use crate::identity::LevelOfAssurance;
use crate::ids::{SecretHash, hex};
use crate::jose::Algorithm;
use crate::sign_request::Language;

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It can't be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// The signature suite ends too soon.
    #[error("{file}:{line}: {algorithm} ends on {end}, but signatures need it until {needed} at least")]
    SuiteEnds {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// The suite.
        algorithm: SignatureAlgorithm,
        /// The first day on which it is not used.
        end: Date,
        /// When the certificate of today ends, and the margin behind it.
        needed: Timestamp,
    },
    /// Something in it is wrong.
    #[error("{file}:{line}: {reason}")]
    Wrong {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// What and why.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MunicipalityFile {
    mode: ModeName,
    public_url: Spanned<Url>,
    languages: Spanned<Vec<Language>>,
    organisation: OrganisationTable,
    #[serde(default)]
    e_service: BTreeMap<String, Spanned<EServiceTable>>,
    eid_provider: Spanned<BTreeMap<String, Spanned<EidProviderTable>>>,
    signature: SignatureTable,
    #[serde(default)]
    keys: KeysTable,
    visible_signature: VisibleSignatureTable,
    #[serde(default)]
    pre_sign_check: pades::presign::Policy,
    #[serde(default)]
    validation: ValidationTable,
    limits: LimitsTable,
    retention: RetentionTable,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ModeName {
    Production,
    Local,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationTable {
    name: String,
    number: Spanned<String>,
    accessibility_statement: Option<Url>,
    contact: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EServiceTable {
    name: String,
    key_hashes: Vec<Spanned<String>>,
    return_hosts: Vec<String>,
    #[serde(default)]
    callback_hosts: Vec<String>,
    webhook_secret: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum EidProviderTable {
    Oidc {
        name: String,
        issuer: String,
        client_id: String,
        authorization_endpoint: Url,
        token_endpoint: Url,
        jwks_uri: Url,
        levels_of_assurance: Vec<LevelOfAssurance>,
        algorithms: Vec<Algorithm>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureTable {
    level: BaselineLevel,
    algorithm: Spanned<SignatureAlgorithm>,
    /// Corrections of the ends that the program knows.
    #[serde(default)]
    suite_ends: BTreeMap<SignatureAlgorithm, SuiteEnd>,
    /// How long the suite must last beyond a certificate of today.
    #[serde(default = "default_suite_margin")]
    suite_margin_days: u16,
    ca_common_name: String,
    ca_organisation: String,
    certificate_policy: Spanned<String>,
    certificate_minutes: Spanned<u32>,
    time_stamp_authorities: Spanned<Vec<Url>>,
    /// For each authority.
    time_stamp_seconds: Spanned<u32>,
}

/// A year: what is signed can be read by its own suite for so long, and a timestamp has time to take over.
fn default_suite_margin() -> u16 {
    365
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysTable {
    #[serde(default)]
    one_time: OneTimeKeyCustody,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisibleSignatureTable {
    heading_sv: String,
    heading_en: String,
    logo: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsTable {
    document_bytes: Spanned<u64>,
    upload_bytes: Spanned<u64>,
    documents: Spanned<usize>,
    signers: Spanned<usize>,
    longest_expiry_days: Spanned<u16>,
    default_expiry_days: Spanned<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionTable {
    days_after_end: Spanned<u16>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ValidationTable {
    time_stamp_anchors: Vec<Spanned<String>>,
    svt_issuers: Vec<Spanned<String>>,
}

/// Most bytes of a logo.
const LARGEST_LOGO: usize = 64 * 1024;

/// Reads and judges a file as of `now`. The municipality's id is the file's name.
pub fn load(path: &Path, now: Timestamp) -> Result<Municipality, ConfigError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable { file: file.clone(), reason: error.to_string() })?;
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    read(&Source { file: &file, text: &text, folder: path.parent(), now }, &id)
}

/// Reads and judges `text` as of `now`. It came from `file` and can name no further files.
pub fn parse(file: &str, id: &str, text: &str, now: Timestamp) -> Result<Municipality, ConfigError> {
    read(&Source { file, text, folder: None, now }, id)
}

fn read(source: &Source<'_>, id: &str) -> Result<Municipality, ConfigError> {
    let text = source.text;
    let raw: MunicipalityFile = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        source.wrong(start, error.message())
    })?;
    source.municipality(id, raw)
}

struct Source<'a> {
    file: &'a str,
    text: &'a str,
    /// Where the files are that it names.
    folder: Option<&'a Path>,
    now: Timestamp,
}

impl Source<'_> {
    fn wrong(&self, at: usize, reason: impl Into<String>) -> ConfigError {
        ConfigError::Wrong { file: self.file.to_owned(), line: self.line(at), reason: reason.into() }
    }

    /// The line that byte `at` is in.
    fn line(&self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count()
    }

    /// `reason` at the line of `value`, unless `right`.
    fn check<T>(&self, value: &Spanned<T>, right: impl FnOnce(&T) -> bool, reason: &str) -> Result<(), ConfigError> {
        if right(value.get_ref()) { Ok(()) } else { Err(self.wrong(value.span().start, reason)) }
    }

    fn municipality(&self, id: &str, raw: MunicipalityFile) -> Result<Municipality, ConfigError> {
        let mode = match raw.mode {
            ModeName::Production => Mode::Production,
            ModeName::Local => Mode::Local,
        };
        let allowed = |url: &Url| url.scheme() == "https" || (mode == Mode::Local && url.scheme() == "http");
        self.check(&raw.public_url, allowed, "public_url must be https outside the local mode")?;
        self.check(&raw.languages, |languages| !languages.is_empty(), "at least one language is needed")?;
        self.check(
            &raw.organisation.number,
            |number| number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit()),
            "an organisation number has ten digits",
        )?;
        self.check(&raw.eid_provider, |providers| !providers.is_empty(), "at least one e-ID provider is needed")?;
        let limits = self.limits(&raw.limits)?;
        self.check(&raw.retention.days_after_end, |days| *days >= 7, "what has ended must be kept for a week at least")?;
        Ok(Municipality {
            id: id.to_owned(),
            organisation: Organisation {
                name: raw.organisation.name,
                number: raw.organisation.number.into_inner(),
                accessibility_statement: raw.organisation.accessibility_statement,
                contact: raw.organisation.contact,
            },
            public_url: raw.public_url.into_inner(),
            languages: raw.languages.into_inner(),
            e_services: raw
                .e_service
                .into_iter()
                .map(|(id, table)| Ok((id.clone(), self.e_service(id, table, mode)?)))
                .collect::<Result<_, _>>()?,
            eid_providers: raw
                .eid_provider
                .into_inner()
                .into_iter()
                .map(|(id, table)| Ok((id.clone(), self.eid_provider(id, table, &allowed)?)))
                .collect::<Result<_, _>>()?,
            signature: self.signature(raw.signature)?,
            keys: Keys { one_time: raw.keys.one_time },
            visible_signature: VisibleSignatureText {
                heading_sv: raw.visible_signature.heading_sv,
                heading_en: raw.visible_signature.heading_en,
                logo: raw.visible_signature.logo.map(|logo| self.logo(&logo)).transpose()?,
            },
            pre_sign_check: raw.pre_sign_check,
            validation: ValidationTrust {
                time_stamp_anchors: self.certificates(&raw.validation.time_stamp_anchors)?,
                svt_issuers: self.certificates(&raw.validation.svt_issuers)?,
            },
            limits,
            retention: Retention { after_end: days(raw.retention.days_after_end.into_inner()) },
            digest: hex(ring::digest::digest(&ring::digest::SHA256, self.text.as_bytes()).as_ref()),
            mode,
        })
    }

    /// The certificates in files beside the configuration.
    fn certificates(&self, names: &[Spanned<String>]) -> Result<Vec<Vec<u8>>, ConfigError> {
        let mut all = Vec::new();
        for name in names {
            let wrong = |reason: &str| self.wrong(name.span().start, format!("{} is {reason}", name.get_ref()));
            let folder = self.folder.ok_or_else(|| wrong("a file, and there is no folder"))?;
            all.extend(certificates::read(&folder.join(name.get_ref())).map_err(|reason| wrong(&reason))?);
        }
        Ok(all)
    }

    fn logo(&self, name: &Spanned<String>) -> Result<Logo, ConfigError> {
        let wrong = |reason: &str| self.wrong(name.span().start, format!("the logo is {reason}"));
        let folder = self.folder.ok_or_else(|| wrong("not at hand"))?;
        let png = std::fs::read(folder.join(name.get_ref())).map_err(|error| wrong(&format!("unreadable: {error}")))?;
        if png.len() > LARGEST_LOGO {
            return Err(wrong("larger than 64 kB: every visible signature carries it"));
        }
        Logo::from_png(&png).map_err(|error| wrong(&error.to_string()))
    }

    fn e_service(&self, id: String, table: Spanned<EServiceTable>, mode: Mode) -> Result<EService, ConfigError> {
        let at = table.span().start;
        let table = table.into_inner();
        if table.return_hosts.is_empty() {
            return Err(self.wrong(at, "an e-service needs a host in return_hosts"));
        }
        for hash in &table.key_hashes {
            let right = |hash: &String| hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            self.check(hash, right, "a key hash is SHA-256 in 64 lower-case hexadecimal digits")?;
        }
        if table.webhook_secret.is_none() && !table.callback_hosts.is_empty() {
            return Err(self.wrong(at, "callback_hosts need a webhook_secret"));
        }
        Ok(EService {
            id,
            name: table.name,
            keys: table.key_hashes.into_iter().map(|hash| SecretHash::from_hex(hash.into_inner())).collect(),
            return_hosts: table.return_hosts,
            callback_hosts: table.callback_hosts,
            webhook_secret: table.webhook_secret.map(|secret| self.webhook_secret(&secret, mode)).transpose()?,
        })
    }

    fn webhook_secret(&self, secret: &Spanned<String>, mode: Mode) -> Result<WebhookSecret, ConfigError> {
        let wrong = |reason: &str| self.wrong(secret.span().start, reason);
        match WebhookSecret::parse(secret.get_ref()).map_err(|error| wrong(&error.to_string()))? {
            WebhookSecret::Kept(_) if mode == Mode::Local => Err(wrong("the local mode has no store of secrets: give the secret itself")),
            parsed => Ok(parsed),
        }
    }

    fn eid_provider(
        &self,
        id: String,
        table: Spanned<EidProviderTable>,
        allowed: &dyn Fn(&Url) -> bool,
    ) -> Result<EidProvider, ConfigError> {
        let at = table.span().start;
        if id.is_empty() || !id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
            return Err(self.wrong(at, "an e-ID provider's id is of a-z, 0-9 and hyphen: it stands in URLs"));
        }
        let EidProviderTable::Oidc {
            name,
            issuer,
            client_id,
            authorization_endpoint,
            token_endpoint,
            jwks_uri,
            levels_of_assurance,
            algorithms,
        } = table.into_inner();
        if ![&authorization_endpoint, &token_endpoint, &jwks_uri].into_iter().all(allowed) {
            return Err(self.wrong(at, "an e-ID provider's endpoints must be https outside the local mode"));
        }
        if levels_of_assurance.is_empty() || algorithms.is_empty() {
            return Err(self.wrong(at, "an e-ID provider needs levels_of_assurance and algorithms that are accepted"));
        }
        let kind = EidKind::Oidc(OidcProvider {
            issuer,
            client_id,
            authorization_endpoint,
            token_endpoint,
            jwks_uri,
            levels_of_assurance,
            algorithms,
        });
        Ok(EidProvider { id, name, kind })
    }

    fn signature(&self, table: SignatureTable) -> Result<SignatureProfile, ConfigError> {
        let policy = &table.certificate_policy;
        self.check(policy, |policy| ObjectIdentifier::new(policy).is_ok(), "certificate_policy must be an object identifier")?;
        self.check(&table.certificate_minutes, |minutes| (1..=1_440).contains(minutes), "certificate_minutes must be 1 to 1440")?;
        let stamped = table.level > BaselineLevel::B;
        let authorities = &table.time_stamp_authorities;
        self.check(authorities, |authorities| !stamped || !authorities.is_empty(), "this level needs a timestamp authority")?;
        self.check(&table.time_stamp_seconds, |seconds| (1..=10).contains(seconds), "time_stamp_seconds must be 1 to 10")?;
        let suite_ends = SuiteEnds::corrected(table.suite_ends);
        let minutes = SignedDuration::from_mins((*table.certificate_minutes.get_ref()).into());
        self.suite(&table.algorithm, &suite_ends, self.now + minutes + days(table.suite_margin_days))?;
        Ok(SignatureProfile {
            level: table.level,
            algorithm: table.algorithm.into_inner(),
            suite_ends,
            ca_subject: CaSubject { common_name: table.ca_common_name, organisation: table.ca_organisation },
            certificate_policy: table.certificate_policy.into_inner(),
            certificate_minutes: table.certificate_minutes.into_inner(),
            time_stamp_authorities: table.time_stamp_authorities.into_inner(),
            time_stamp_budget: std::time::Duration::from_secs(table.time_stamp_seconds.into_inner().into()),
        })
    }

    /// The suite lasts until `needed`.
    fn suite(&self, algorithm: &Spanned<SignatureAlgorithm>, ends: &SuiteEnds, needed: Timestamp) -> Result<(), ConfigError> {
        let (at, algorithm) = (algorithm.span().start, *algorithm.get_ref());
        match ends.end(algorithm) {
            None => Err(self.wrong(at, "no end is known of this suite")),
            Some(SuiteEnd::On(end)) if !ends.is_open(algorithm, needed) => {
                Err(ConfigError::SuiteEnds { file: self.file.to_owned(), line: self.line(at), algorithm, end, needed })
            }
            _ => Ok(()),
        }
    }

    fn limits(&self, table: &LimitsTable) -> Result<Limits, ConfigError> {
        self.check(&table.document_bytes, |bytes| *bytes >= 1, "must be at least 1")?;
        self.check(&table.upload_bytes, |bytes| *bytes >= 1, "must be at least 1")?;
        self.check(&table.documents, |count| *count >= 1, "must be at least 1")?;
        self.check(&table.signers, |count| *count >= 1, "must be at least 1")?;
        self.check(&table.default_expiry_days, |days| *days >= 1, "must be at least 1")?;
        let longest = *table.longest_expiry_days.get_ref();
        self.check(&table.default_expiry_days, |days| *days <= longest, "default_expiry_days is more than longest_expiry_days")?;
        Ok(Limits {
            document_bytes: *table.document_bytes.get_ref(),
            upload_bytes: *table.upload_bytes.get_ref(),
            documents: *table.documents.get_ref(),
            signers: *table.signers.get_ref(),
            longest_expiry: days(longest),
            default_expiry: days(*table.default_expiry_days.get_ref()),
        })
    }
}

fn days(count: u16) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}
