//! `sigill sign`: one file, a test person, and the same use cases as the service.

use std::process::ExitCode;
use std::sync::Arc;

use pades::{Digest, Inspection, NewField, SignatureField, Visibility};
use sigill_core::config::EidKind;
use sigill_core::eid::Evidence;
use sigill_core::identity::{IdentityAssertion, Names};
use sigill_core::ids::hex;
use sigill_core::manifest::{Manifest, ManifestDocument};
use sigill_core::ports::{
    AssembleError, AssemblePades, CompleteCommand, CompleteDocument, LastToken, PrepareCommand, PrepareDocument, SignCommand,
    SignDocumentHash, VisibleSignature,
};
use sigill_core::use_case::{contents_capacity, keep_token};
use sigill_core::{SignRequestId, TransactionId};
use sigill_local::data_folder::DataFolder;
use sigill_local::test_eid::test_persons;

use crate::command_line::SignOptions;
use crate::local::Failure;
use crate::one_file::OneFile;
use crate::one_off::{OneOff, exit_code};

/// Name of new fields; the engine makes it unique.
const FIELD_NAME: &str = "Signature";
/// What they are, for those who hear the document.
const LABEL: &str = "Underskrift";
/// Life of the request, which lives for this process only.
const LIFE: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// Signs; 0 signed, 3 refused with one line of JSON, 1 anything else.
pub async fn run(options: SignOptions) -> ExitCode {
    exit_code(sign(&options).await)
}

async fn sign(options: &SignOptions) -> Result<(), Failure> {
    let file = Arc::new(OneFile::copy(&options.input, &options.output)?);
    let local = OneOff::open(DataFolder::open(&options.data.data)?).await?;
    let assembly = local.assembly(file.clone())?;
    let sign_request = SignRequestId::random(&*local.random);
    let current = file.digest;
    let person = &test_persons()[0];
    let name = options.name.clone().unwrap_or_else(|| person.name());
    let now = local.clock.now();
    let field = signature_field(options, &file, &name)?;
    let (provider, configured) = local.municipality.eid_providers.iter().next().ok_or("the configuration has no e-ID provider")?;
    let EidKind::Oidc(oidc) = &configured.kind;
    let names = Names { given: person.given_name.to_owned(), surname: person.surname.to_owned(), display: person.name() };
    let longest = IdentityAssertion::longest(names, oidc);
    let capacity = contents_capacity(&local.municipality, options.algorithm, &longest, options.level, local.last_token.bytes().await, now)?;
    let prepared = assembly.prepare(&prepare_command(options, &local, (&sign_request, current), field, &name, now, capacity)).await?;

    let mut salt = [0; 32];
    local.random.fill(&mut salt);
    let manifest = Manifest {
        version: 1,
        municipality: local.municipality.id.clone(),
        sign_request: sign_request.clone(),
        transaction: TransactionId::random(&*local.random),
        requester: "sigill sign".to_owned(),
        provider: provider.clone(),
        documents: vec![ManifestDocument {
            name: options.input.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            shown: current,
            to_be_signed: prepared.first().ok_or("nothing was prepared")?.document_digest(),
        }],
        algorithm: options.algorithm,
        signer: None,
        started: now,
        expires: now + LIFE,
        salt: hex(&salt),
    };
    let eid = local.test_eid(provider)?;
    let id_token = eid.approve(person, &manifest.hash().nonce()).await.ok_or("the test e-ID gave no token")?;
    let keys = eid.keys().await?;
    let evidence = Evidence::Oidc { provider: provider.clone(), id_token, keys: keys.clone() };
    let outcome = local.signing(&keys).sign(&SignCommand { manifest: manifest.to_bytes(), evidence }).await?;

    let command = CompleteCommand {
        sign_request: sign_request.clone(),
        documents: prepared
            .into_iter()
            .zip(outcome.signatures)
            .map(|(prepared, signature)| CompleteDocument { current, prepared, signature })
            .collect(),
        certificates: outcome.certificates,
        level: options.level,
    };
    let completion = assembly.complete(&command).await?;
    keep_token(&local.last_token, completion.last_token).await;
    let document = completion.documents.into_iter().next().ok_or("nothing was assembled")?;
    if document.achieved < options.level {
        return Err(format!("only {} was reached, not {}", document.achieved, options.level).into());
    }
    file.publish(&options.output)
}

fn prepare_command(
    options: &SignOptions,
    local: &OneOff,
    (sign_request, current): (&SignRequestId, Digest),
    field: SignatureField,
    name: &str,
    now: jiff::Timestamp,
    contents_capacity: usize,
) -> PrepareCommand {
    let visible = match options.visibility() {
        Visibility::Invisible => VisibleSignature::None,
        Visibility::SignaturePage => VisibleSignature::SignaturePage,
        Visibility::Automatic => VisibleSignature::Automatic,
        Visibility::At { page, rect } => VisibleSignature::At { page, rect },
    };
    let heading = &local.municipality.visible_signature.heading_sv;
    let time = now.strftime("%Y-%m-%d %H:%M UTC").to_string();
    PrepareCommand {
        sign_request: sign_request.clone(),
        documents: vec![PrepareDocument { current }],
        lines: vec![name.to_owned(), heading.clone(), time.clone(), "TEST".to_owned()],
        field,
        signer_name: name.to_owned(),
        reason: "TEST".to_owned(),
        visible,
        signing_time: now,
        contents_capacity,
        digest: options.algorithm.digest(),
    }
}

fn signature_field(options: &SignOptions, file: &OneFile, name: &str) -> Result<SignatureField, AssembleError> {
    Ok(match &options.field {
        Some(name) => SignatureField::Existing { name: name.clone() },
        None if options.reserve == 0 => SignatureField::New(new_field(FIELD_NAME.to_owned(), name)),
        None => {
            let inspection = pades::inspect(file.document()).map_err(AssembleError::from)?;
            let mut names = free_names(&inspection, 1 + options.reserve);
            let own = new_field(names.next().unwrap_or_default(), name);
            let name = own.name.clone();
            SignatureField::OneOf { name, all: std::iter::once(own).chain(names.map(|name| new_field(name, ""))).collect() }
        }
    })
}

fn new_field(name: String, signer: &str) -> NewField {
    let label = if signer.is_empty() { LABEL.to_owned() } else { format!("{LABEL}: {signer}") };
    NewField { name, label }
}

/// `count` names in a row behind those of all signature fields.
fn free_names(inspection: &Inspection, count: usize) -> impl Iterator<Item = String> {
    let taken = inspection.signatures.iter().map(|signature| &signature.field_name).chain(&inspection.empty_signature_fields);
    let highest = taken.filter_map(|name| name.strip_prefix(FIELD_NAME)?.parse::<usize>().ok()).max().unwrap_or(0);
    (highest + 1..=highest + count).map(|number| format!("{FIELD_NAME}{number}"))
}
