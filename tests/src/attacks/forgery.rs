//! Universal signature forgery: nothing is left to verify, and the reader says "valid" all the same.

use pades::validate::Code;

use super::Attack;
use super::update::{find, in_place};

pub fn attacks(signed: &[u8]) -> Vec<Attack> {
    let contents = entry(signed, b"/Contents <", b">");
    let range = entry(signed, b"/ByteRange[", b"]");
    let attack = |name, from: &str, to: &str| Attack::new(name, Code::SignatureDictionary, in_place(signed, from, to));
    let hollow = |name, to: &str| Attack::new(name, Code::Cms, in_place(signed, &contents, to));
    let zeros = format!("/Contents <{}>", "0".repeat(contents.len() - 12));
    vec![
        attack("usf-no-contents", &contents, ""),
        attack("usf-null-contents", &contents, "/Contents null"),
        Attack::new("usf-empty-contents", Code::ByteRange, in_place(signed, &contents, "/Contents <>")),
        hollow("usf-zero-contents", &zeros),
        attack("usf-no-byte-range", &range, ""),
        attack("usf-null-byte-range", &range, "/ByteRange null"),
        attack("usf-empty-byte-range", &range, "/ByteRange[]"),
        attack("usf-negative-byte-range", &range, "/ByteRange[0 -1 -1 0]"),
        Attack::new("usf-huge-byte-range", Code::ByteRange, in_place(signed, &range, "/ByteRange[0 9 999999999 9]")),
    ]
}

/// An entry of the signature dictionary as it stands.
pub fn entry(signed: &[u8], from: &[u8], to: &[u8]) -> String {
    let at = find(signed, from).unwrap();
    let end = at + find(&signed[at..], to).unwrap() + to.len();
    String::from_utf8(signed[at..end].to_vec()).unwrap()
}
