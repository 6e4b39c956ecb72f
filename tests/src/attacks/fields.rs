//! Signature fields that are emptied, removed, doubled, or given another's signature.

use pades::validate::Code;

use super::Attack;
use super::base::CATALOG;
use super::certified::sneaky;
use super::saving::signature_number;
use super::update::{object, rfind, size, update};
use super::wrapping::widget_of;
use crate::notary::Notary;

pub fn attacks(notary: &Notary, signed: &[u8]) -> Vec<Attack> {
    let value = signature_number(signed);
    let widget = widget_of(signed, value);
    let catalog = object(signed, CATALOG);
    let reference = format!("{widget} 0 R");
    let body = object(signed, widget);
    let entry = format!("/V {value} 0 R");
    let new = size(signed);
    let twice = notary.sign(signed);
    let second = &twice[signed.len()..];
    let second_value: u32 = {
        let at = rfind(second, b"/Type/Sig/").unwrap();
        let head = String::from_utf8_lossy(&second[..at]).into_owned();
        head.rsplit(" 0 obj").nth(1).unwrap().rsplit('\n').next().unwrap().parse().unwrap()
    };
    let doubled = catalog.replace(&reference, &format!("{reference} {new} 0 R"));
    vec![
        Attack::new("field-emptied", Code::SignatureRemoved, update(signed, &[(widget, body.replace(&entry, ""))])),
        Attack::new("field-null", Code::SignatureReplaced, update(signed, &[(value, "null".to_owned())])),
        Attack::new("field-removed", Code::SignatureRemoved, update(signed, &[(CATALOG, catalog.replace(&reference, ""))])),
        Attack::new("field-form-removed", Code::SignatureRemoved, update(signed, &[(CATALOG, "<</Type/Catalog/Pages 2 0 R>>".to_owned())])),
        Attack::new("field-doubled", Code::ChangedAfterSigning, update(signed, &[(CATALOG, doubled), (new, body.clone())])),
        Attack::new("field-moved", Code::ChangedAfterSigning, update(signed, &[(widget, body.replace("/Rect[", "/Rect[1 1 9 9]/Was["))])),
        Attack::new(
            "field-given-another-signature",
            Code::SignatureReplaced,
            update(&twice, &[(widget, body.replace(&entry, &format!("/V {second_value} 0 R")))]),
        ),
        Attack::new("field-timestamp-that-shows-something", Code::ChangedAfterSigning, visible_timestamp(signed)),
        Attack::new("field-unsigned-that-shows-something", Code::ChangedAfterSigning, sneaky(signed)),
        Attack::new(
            "signature-overridden",
            Code::ChangedAfterSigning,
            update(signed, &[(value, object(signed, value).replace("/M(", "/Location(x)/M("))]),
        ),
    ]
}

/// With a document timestamp whose field shows something: anybody can have a timestamp.
fn visible_timestamp(signed: &[u8]) -> Vec<u8> {
    let (value, widget) = (size(signed) + 2, size(signed));
    let sneaky = sneaky(signed);
    let body = object(&sneaky, widget).replace("/FT/Sig", &format!("/FT/Sig/V {value} 0 R"));
    let timestamp = "<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<00>>>";
    // In one revision, as if it had been made at once.
    let appearance = object(&sneaky, widget + 1);
    let (page, catalog) = (object(&sneaky, super::base::PAGE), object(&sneaky, CATALOG));
    update(
        signed,
        &[(widget, body), (widget + 1, appearance), (value, timestamp.to_owned()), (super::base::PAGE, page), (CATALOG, catalog)],
    )
}
