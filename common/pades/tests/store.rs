//! The document security store: what is in it, and what stays in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use pades::{ValidationMaterial, add_validation_material, prepare};
use support::{classic, complete, parameters};

fn material(certificates: &[&[u8]]) -> ValidationMaterial {
    ValidationMaterial { certificates: certificates.iter().map(|der| der.to_vec()).collect(), ..ValidationMaterial::default() }
}

fn text(update: &[u8]) -> String {
    update.iter().map(|byte| char::from(*byte)).collect()
}

/// The dictionary with `/Type/DSS`, or whatever names /Certs.
fn store(update: &str) -> &str {
    update.split("endobj").find(|object| object.contains("/Certs")).unwrap()
}

fn signed() -> Vec<u8> {
    let input = classic(&[]);
    complete(&input, &prepare(&input, &parameters()).unwrap())
}

#[test]
fn values_are_streams_and_arrays_of_references() {
    let update = text(&add_validation_material(&signed(), &material(&[b"one", b"two"])).unwrap());
    let certificates = store(&update).split_once("/Certs").unwrap().1.split_once(']').unwrap().0;
    assert_eq!(certificates.matches(" 0 R").count(), 2, "{update}");
    assert_eq!(update.matches("\nendstream").count(), 2, "{update}");
}

#[test]
fn nothing_is_stored_twice_and_nothing_is_taken_away() {
    let mut document = signed();
    let update = add_validation_material(&document, &material(&[b"one", b"two"])).unwrap();
    document.extend_from_slice(&update);
    let update = text(&add_validation_material(&document, &material(&[b"two", b"three"])).unwrap());
    let certificates = store(&update).split_once("/Certs").unwrap().1.split_once(']').unwrap().0;
    assert_eq!(certificates.matches(" 0 R").count(), 3, "{update}");
    assert_eq!(update.matches("\nendstream").count(), 1, "{update}");
}

#[test]
fn a_signature_is_named_by_the_sha_1_of_its_contents() {
    let document = signed();
    let contents = [[0x30, 0].as_slice(), &[0; 14]].concat();
    let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &contents);
    let name: String = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    let update = text(&add_validation_material(&document, &material(&[b"one"])).unwrap());
    assert!(update.contains(&format!("/VRI <</{name} ")), "{name}: {update}");
}

#[test]
fn the_catalog_changes_in_nothing_but_the_store() {
    let document = signed();
    let update = text(&add_validation_material(&document, &material(&[b"one"])).unwrap());
    let catalog = update.split("endobj").find(|object| object.contains("/Type /Catalog")).unwrap();
    let before = text(&document);
    let before = before.rsplit("endobj").find(|object| object.contains("/Type /Catalog")).unwrap();
    let entries = |catalog: &str| catalog.split_once("/Type /Catalog").unwrap().1.lines().map(str::to_owned).collect::<Vec<_>>();
    let new: Vec<String> = entries(catalog).into_iter().filter(|entry| !entries(before).contains(entry)).collect();
    assert!(new.len() == 1 && new[0].starts_with("/DSS "), "{new:?}");
}
