//! Signs documents in this process, at a fixed time, with certificates of our own profiles.

use jiff::{SignedDuration, Timestamp};
use pades::validate::Trust;
use pades::{Appearance, Hashed, NewField, SignatureAlgorithm, SignatureField, SignatureParameters, SignedAttributes, Visibility};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use sigill_core::certificate::{self, Issuer, Serial, assemble, subject_public_key};
use sigill_core::config::{Municipality, parse};
use sigill_core::identity::{AuthnContext, IdentityAssertion, LevelOfAssurance, PersonalIdentityNumber};
use sigill_machine::SystemRandom as Random;

/// A certification authority and whatever it certifies.
pub struct Notary {
    municipality: Municipality,
    issuer: Issuer,
    key: EcdsaKeyPair,
}

/// When everything is signed.
pub fn now() -> Timestamp {
    Timestamp::now()
}

fn new_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap()
}

fn sign(key: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
}

impl Default for Notary {
    fn default() -> Self {
        let municipality = parse("local.toml", "local", include_str!("../../common/config/local.toml"), Timestamp::now()).unwrap();
        let key = new_key();
        let public = subject_public_key(SignatureAlgorithm::default(), key.public_key().as_ref()).unwrap();
        let before = now() - SignedDuration::from_hours(24);
        let tbs = certificate::root(&municipality.signature, &public, Serial::random(&Random::default()), before).unwrap();
        let issuer = Issuer::from_certificate(&assemble(&tbs, &sign(&key, &tbs)).unwrap()).unwrap();
        Self { municipality, issuer, key }
    }
}

impl Notary {
    /// The root, DER.
    pub fn root(&self) -> &[u8] {
        &self.issuer.certificate
    }

    /// What a validator needs.
    pub fn trust(&self) -> Trust {
        let tbs = certificate::revocation_list(&self.issuer, 1, now()).unwrap();
        let list = assemble(&tbs, &sign(&self.key, &tbs)).unwrap();
        Trust { anchors: vec![self.root().to_vec()], crls: vec![list], ..Trust::default() }
    }

    /// The detached CMS of a new signer over a document digest.
    pub fn cms(&self, digest: &pades::MessageDigest) -> Vec<u8> {
        let (attributes, value, certificate) = self.signature(digest);
        pades::signed_data(&attributes, &value, &[certificate], None).unwrap()
    }

    /// What a new signer signs of a document digest, the signature, and the signer's certificate.
    pub fn signature(&self, digest: &pades::MessageDigest) -> (SignedAttributes, Vec<u8>, Vec<u8>) {
        let key = new_key();
        let signer = IdentityAssertion {
            personal_identity_number: PersonalIdentityNumber::try_from("189001019802".to_owned()).unwrap(),
            given_name: "Åsa".to_owned(),
            surname: "Öberg".to_owned(),
            display_name: "Åsa Öberg".to_owned(),
            authn_context: AuthnContext {
                identity_provider: "https://eid.example.se".to_owned(),
                authentication_instant: now(),
                level_of_assurance: LevelOfAssurance("http://id.elegnamnden.se/loa/1.0/loa3".to_owned()),
                assertion_ref: "reference".to_owned(),
                transaction: None,
            },
        };
        let public = subject_public_key(SignatureAlgorithm::default(), key.public_key().as_ref()).unwrap();
        let serial = Serial::random(&Random::default());
        let service = "https://sign.example.se/";
        let tbs = certificate::signer(&self.municipality.signature, &self.issuer, &signer, service, &public, serial, now()).unwrap();
        let certificate = assemble(&tbs, &sign(&self.key, &tbs)).unwrap();
        let attributes = SignedAttributes::new(digest, &certificate, SignatureAlgorithm::EcdsaP256Sha256).unwrap();
        let value = sign(&key, attributes.to_be_signed());
        (attributes, value, certificate)
    }

    /// `pdf` with one more signature, visible in a free place.
    pub fn sign(&self, pdf: &[u8]) -> Vec<u8> {
        let field = SignatureField::New(NewField { name: "Signature".to_owned(), label: "Underskrift".to_owned() });
        self.sign_field(pdf, field, Visibility::Automatic)
    }

    /// `pdf` with `field` signed.
    pub fn sign_field(&self, pdf: &[u8], field: SignatureField, visibility: Visibility) -> Vec<u8> {
        let parameters = SignatureParameters {
            field,
            visibility,
            appearance: Some(Appearance { lines: vec!["Åsa Öberg".to_owned()], logo: None }),
            signing_time: now().as_second(),
            reason: None,
            location: None,
            contact: None,
            signer_name: Some("Åsa Öberg".to_owned()),
            contents_capacity: 6_000,
        };
        let prepared = pades::prepare(pdf, &parameters).unwrap();
        let cms = self.cms(&prepared.document_digest());
        [pdf, &pades::complete(&Hashed::of(pdf), &prepared, &cms).unwrap()].concat()
    }
}
