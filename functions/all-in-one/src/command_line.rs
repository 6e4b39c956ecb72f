//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};
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
    /// Check an evidence package, and that these PDFs are its documents; exit 0 all holds, 3 something does not
    CheckEvidence(CheckEvidenceOptions),
    /// Print the root certificate that validators are to trust (PEM)
    TrustAnchors(DataOptions),
    /// Check configuration files: says file, line and reason for everything that is wrong
    CheckConfig(CheckConfigOptions),
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
