//! The room for a signature is what it needs: enough for anybody, and little more.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use jiff::Timestamp;
use pades::{BaselineLevel, Digest, SignatureAlgorithm, SignedAttributes, signed_data};
use proptest::prelude::*;
use sigill_core::certificate::{Issuer, Serial, assemble, root, signer};
use sigill_core::config::{EidKind, Municipality, OidcProvider, parse};
use sigill_core::identity::{IdentityAssertion, Names};
use sigill_core::ports::{LastToken, SigningKey, ToBeSigned};
use sigill_core::use_case::contents_capacity;
use sigill_local::data_folder::DataFolder;
use sigill_local::last_token::FileLastToken;
use sigill_machine::{SoftwareKey, SystemRandom, generate};
use sigill_tests::pdf::one_page;
use sigill_tests::world::World;

fn municipality() -> Municipality {
    parse("local.toml", "local", include_str!("../../common/config/local.toml"), Timestamp::now()).unwrap()
}

fn provider(municipality: &Municipality) -> &OidcProvider {
    let EidKind::Oidc(provider) = &municipality.eid_providers.values().next().unwrap().kind;
    provider
}

/// A name of at most 128 bytes as XML writes it.
fn name() -> impl Strategy<Value = String> {
    "[A-ZÅÄÖa-zåäöé &'-]{1,64}".prop_filter("short enough", |name| name.replace('&', "&amp;").len() <= 128)
}

/// The CMS of a real signature by somebody with these names.
async fn cms(municipality: &Municipality, person: &IdentityAssertion, level: BaselineLevel) -> Vec<u8> {
    let (profile, random, now) = (&municipality.signature, SystemRandom::default(), Timestamp::now());
    let key = SoftwareKey::from_pkcs8(&generate()).unwrap();
    let public = key.public_key().await.unwrap();
    let tbs = root(profile, &public, Serial::random(&random), now).unwrap();
    let issuer = Issuer::from_certificate(&assemble(&tbs, &key.sign(&ToBeSigned::new(&*tbs)).await.unwrap()).unwrap()).unwrap();
    let service = municipality.public_url.as_str();
    let tbs = signer(profile, &issuer, person, service, &public, Serial::random(&random), now).unwrap();
    let certificate = assemble(&tbs, &key.sign(&ToBeSigned::new(&*tbs)).await.unwrap()).unwrap();
    let algorithm = SignatureAlgorithm::EcdsaP256Sha256;
    let attributes = SignedAttributes::new(&Digest::of(b"document").into(), &certificate, algorithm).unwrap();
    let value = key.sign(&ToBeSigned::new(attributes.to_be_signed())).await.unwrap();
    // A token is any DER here.
    let token = [&[0x30, 0x82, 0x0f, 0xfc][..], &[0; 0xffc]].concat();
    let token = (level > BaselineLevel::B).then_some(&*token);
    signed_data(&attributes, &value, &[certificate, issuer.certificate], token).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_signature_of_anybody_fits_and_with_known_names_hardly_a_byte_is_left(
        given in name(), surname in name(), timestamped in any::<bool>(),
    ) {
        let municipality = municipality();
        let provider = provider(&municipality);
        let level = if timestamped { BaselineLevel::T } else { BaselineLevel::B };
        let names = Names { display: format!("{given} {surname}"), given, surname };
        let capacity = |names| {
            let longest = IdentityAssertion::longest(names, provider);
            // Room is made for the last token and 512 bytes more.
            contents_capacity(&municipality, SignatureAlgorithm::default(), &longest, level, Some(4_096), Timestamp::now()).unwrap()
        };
        let person = IdentityAssertion::longest(names.clone(), provider);
        let used = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(cms(&municipality, &person, level)).len();
        prop_assert!(used <= capacity(Names::longest()), "{used}");
        let margin = if timestamped { 512 + 48 } else { 0 };
        prop_assert!((used..used + margin + 32).contains(&capacity(names)), "{used}");
    }
}

/// Bytes that the signatures of `pdf` reserve, in order.
fn reserved(pdf: &[u8]) -> Vec<usize> {
    let text = String::from_utf8_lossy(pdf);
    text.split("/Contents <").skip(1).map(|rest| rest.find('>').unwrap() / 2).collect()
}

#[tokio::test]
async fn the_second_signature_reserves_what_the_first_one_s_token_needed() {
    let world = World::new().await;
    let id = world.receive(&one_page("", ""), &[("Åsa Öberg", "189001019802"), ("Björn Lindström", "189001029819")]).await;
    world.sign(&id, 0).await;
    let token = FileLastToken::new(&DataFolder::open(&world.folder).unwrap()).bytes().await.expect("the first token's size is kept");
    world.sign(&id, 1).await;
    let request = world.request(&id).await;
    let pdf = world.custody.documents.get(&id, &request.documents[0].current).await.unwrap();
    let [first, second] = reserved(&pdf)[..] else { panic!("two signatures") };
    assert_eq!(second, first - 8 * 1_024 + token + 512);
}
