//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use pades::{BaselineLevel, Rect, SignatureAlgorithm, Visibility};
use sigill_core::sign_request::Language;
use sigill_web::language::from_tag;

/// Electronic signatures for municipalities. Without a command it serves, as `sigill serve` does.
#[derive(Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeOptions,
}

impl Arguments {
    pub fn command(self) -> Command {
        self.command.unwrap_or(Command::Serve(self.serve))
    }
}

#[derive(Subcommand)]
pub enum Command {
    /// Start the all-in-one: API, signing pages, test e-ID and test timestamp authority on this machine
    Serve(ServeOptions),
    /// Sign a PDF with a local test identity, through the same core as the service
    Sign(SignOptions),
    /// Raise the signatures of a PDF to a level by the local test timestamp authority, or renew them at B-LTA
    Extend(ExtendOptions),
    /// Validate signed PDFs; exit 0 passed, 2 indeterminate, 3 failed, 4 no signature (of several files the worst)
    Validate(ValidateOptions),
    /// Validate a signed PDF and keep the result in it: a Signature Validation Token (RFC 9321) of the local test authority
    IssueSvt(IssueSvtOptions),
    /// Check an evidence package, and that these PDFs are its documents; exit 0 all holds, 3 something does not
    CheckEvidence(CheckEvidenceOptions),
    /// Print the root certificate that validators are to trust (PEM)
    TrustAnchors(DataOptions),
    /// Check configuration files: says file, line and reason for everything that is wrong
    CheckConfig(CheckConfigOptions),
    /// Calculate what the service costs in AWS: a month and a signature, by part, at several volumes
    ///
    /// From a table of list prices and from figures of what a signature uses, both with their sources; nothing is
    /// asked of AWS. The answer says what is not known and not counted.
    Budget(BudgetOptions),
    /// Measure the effect: how many sign requests, how they ended, lead times, e-IDs and levels, by e-service
    ///
    /// It reads the data folder of the all-in-one, also while that runs. Nothing in the answer names a person or a
    /// document. What retention has deleted is not there any more: the answer says how far back it reaches. A
    /// deployment in AWS has its measures in CloudWatch.
    Report(ReportOptions),
}

/// Where state, keys and documents are kept.
#[derive(Args, Clone)]
pub struct DataOptions {
    /// Folder for state, keys and documents, made when it is missing. It holds secrets: keep it to yourself
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
}

#[derive(Args)]
pub struct ServeOptions {
    /// Configuration of a municipality (TOML), instead of the embedded one for trying out
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
    /// Address and port to listen on. Another address than this machine's own opens the service to the network
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

#[derive(Args)]
pub struct SignOptions {
    /// The PDF to sign
    #[arg(value_name = "IN.pdf")]
    pub input: PathBuf,
    /// Where the signed PDF goes
    #[arg(value_name = "OUT.pdf")]
    pub output: PathBuf,
    /// B-B, B-T, B-LT or B-LTA
    #[arg(long, default_value = "B-B")]
    pub level: BaselineLevel,
    /// Suite of the one-time key: ecdsa-p256-sha256, ecdsa-p384-sha384, rsa-pss-3072-sha256, rsa-pss-4096-sha512,
    /// rsa-pkcs1-3072-sha256 or rsa-pkcs1-4096-sha512
    #[arg(long, value_name = "SUITE", default_value_t)]
    pub algorithm: SignatureAlgorithm,
    /// Place of the visible signature: page from 1, points from the lower left (default: a free place on the last page, else a page of its own)
    #[arg(long, value_name = "page,x,y,w,h", conflicts_with = "invisible")]
    pub visible: Option<Place>,
    /// Visible on a page of its own behind the last one
    #[arg(long, conflicts_with_all = ["visible", "invisible"])]
    pub signature_page: bool,
    /// No visible signature
    #[arg(long)]
    pub invisible: bool,
    /// Name in the visible signature (default: the test person's)
    #[arg(long)]
    pub name: Option<String>,
    /// Sign this empty signature field of the document instead of a new one
    #[arg(long, value_name = "NAME", conflicts_with_all = ["visible", "invisible"])]
    pub field: Option<String>,
    /// Also make empty fields for this many later signatures, each to be signed with --field
    #[arg(long, value_name = "COUNT", default_value_t = 0, conflicts_with = "field")]
    pub reserve: usize,
    #[command(flatten)]
    pub data: DataOptions,
}

#[derive(Args)]
pub struct ExtendOptions {
    /// The signed PDF
    #[arg(value_name = "IN.pdf")]
    pub input: PathBuf,
    /// Where the extended PDF goes
    #[arg(value_name = "OUT.pdf")]
    pub output: PathBuf,
    /// B-T, B-LT or B-LTA
    #[arg(long, default_value = "B-LTA")]
    pub level: BaselineLevel,
    #[command(flatten)]
    pub data: DataOptions,
}

impl SignOptions {
    pub fn visibility(&self) -> Visibility {
        match &self.visible {
            _ if self.invisible => Visibility::Invisible,
            _ if self.signature_page => Visibility::SignaturePage,
            Some(Place { page, rect }) => Visibility::At { page: *page, rect: *rect },
            None => Visibility::Automatic,
        }
    }
}

/// `page,x,y,w,h`.
#[derive(Clone, Copy)]
pub struct Place {
    page: usize,
    rect: Rect,
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "five numbers with commas between: page,x,y,w,h";
        let [page, x, y, width, height] = text.split(',').map(str::trim).collect::<Vec<_>>()[..] else { return Err(SHAPE) };
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or(SHAPE);
        let rect = Rect { x: number(x)?, y: number(y)?, width: number(width)?, height: number(height)? };
        Ok(Self { page: page.parse().map_err(|_| SHAPE)?, rect })
    }
}

#[derive(Args)]
pub struct ValidateOptions {
    /// The PDFs
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Print the whole reports, one JSON document a line
    #[arg(long)]
    pub json: bool,
    /// Trust the certificates in this PEM file, besides the data folder's root; may be repeated
    #[arg(long, value_name = "PEM")]
    pub trust: Vec<PathBuf>,
    /// Accept Signature Validation Tokens signed with the keys of the certificates in this PEM file; may be repeated
    #[arg(long, value_name = "PEM")]
    pub svt_issuer: Vec<PathBuf>,
    /// Use this certificate list (DER or PEM) besides those in the document; may be repeated
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<PathBuf>,
    /// Validate as of this time (RFC 3339) instead of now
    #[arg(long, value_name = "TIME")]
    pub at: Option<jiff::Timestamp>,
    /// sv or en (default: by LANG)
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub language: Option<Language>,
    #[command(flatten)]
    pub data: DataOptions,
}

fn language(tag: &str) -> Result<Language, &'static str> {
    from_tag(tag).ok_or("sv or en")
}

#[derive(Args)]
pub struct IssueSvtOptions {
    /// The signed PDF, of which every signature must pass
    #[arg(value_name = "IN.pdf")]
    pub input: PathBuf,
    /// Where the PDF with the token goes
    #[arg(value_name = "OUT.pdf")]
    pub output: PathBuf,
    #[command(flatten)]
    pub data: DataOptions,
}

#[derive(Args)]
pub struct CheckEvidenceOptions {
    /// The evidence package (JSON)
    #[arg(value_name = "PACKAGE.json")]
    pub package: PathBuf,
    /// Documents of the package, as they came or signed
    #[arg(value_name = "FILE.pdf")]
    pub files: Vec<PathBuf>,
}

#[derive(Args)]
pub struct CheckConfigOptions {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// How an answer is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For spreadsheets: commas between, points in numbers, and the same words in every language
    Csv,
}

/// Where one-time keys are, by the words of the configuration.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Custody {
    /// A key in KMS for each signature
    Kms,
    /// In the memory of the signing function
    Memory,
}

#[derive(Args)]
pub struct BudgetOptions {
    /// Configuration of a municipality (TOML): custody of keys, level, retention and webhook secrets count (default: the embedded one)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Signatures a month; several with commas between or by repeating it (default: 1000 to 10000000)
    #[arg(long, value_name = "NUMBER", value_delimiter = ',')]
    pub signatures: Vec<u64>,
    /// Size of the document of each signature, in megabytes
    #[arg(long, value_name = "MB", default_value = "1", value_parser = amount)]
    pub documents_mb: f64,
    /// Where one-time keys are (default: by the configuration)
    #[arg(long)]
    pub custody: Option<Custody>,
    /// What the timestamp authority takes for a timestamp, in the currency shown (default: unknown, and in no sum)
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub timestamp_price: Option<f64>,
    /// What the e-ID provider takes for a signature, in the currency shown (default: unknown, and in no sum)
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub eid_price: Option<f64>,
    /// Show everything in Swedish kronor, at this many for one of the price table's currency
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub sek: Option<f64>,
    /// Price table (TOML) instead of the embedded one, common/core/src/budget/prices.toml
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// What a signature uses (TOML) instead of the embedded figures, common/core/src/budget/usage.toml
    #[arg(long, value_name = "FILE")]
    pub usage: Option<PathBuf>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// sv or en (default: by LANG)
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub language: Option<Language>,
}

fn amount(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|amount: &f64| amount.is_finite() && *amount >= 0.0).ok_or("a number of 0 and up, with a decimal point")
}

fn rate(text: &str) -> Result<f64, &'static str> {
    amount(text).ok().filter(|rate| *rate > 0.0).ok_or("a number above 0, with a decimal point")
}

#[derive(Args)]
pub struct ReportOptions {
    /// Configuration of the municipality (TOML), for names and for how long requests are kept (default: the embedded one)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Requests created on this day and later (YYYY-MM-DD, Swedish time; default: all that are there)
    #[arg(long, value_name = "DAY")]
    pub from: Option<Date>,
    /// Requests created on this day and earlier (YYYY-MM-DD, Swedish time; default: until now)
    #[arg(long, value_name = "DAY")]
    pub to: Option<Date>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// sv or en (default: by LANG)
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub language: Option<Language>,
}
