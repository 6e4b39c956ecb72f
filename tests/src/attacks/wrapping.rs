//! Signature wrapping: the signed bytes stay, but a reader looks elsewhere. Everything in the gap of a ByteRange is
//! unsigned.

use pades::validate::Code;

use super::Attack;
use super::base::CONTENT;
use super::forgery::entry;
use super::saving::signature_number;
use super::update::{find, object, size, stream, update};

pub fn attacks(signed: &[u8]) -> Vec<Attack> {
    let range = numbers(&entry(signed, b"/ByteRange[", b"]"));
    let (first, second) = (range[1], range[2]);
    let (before, gap, after) = (&signed[..first], &signed[first..second], &signed[second..]);
    let padding = gap.iter().rev().skip(1).take_while(|byte| **byte == b'0').count() & !1;
    let hex = &gap[..gap.len() - 1 - padding];
    let with_gap = |inside: &[u8]| [before, inside, after].concat();
    let filled = |inside: &str| {
        let room = padding.checked_sub(inside.len()).unwrap();
        with_gap(&[hex, b">", inside.as_bytes(), &vec![b' '; room]].concat())
    };
    let moved = {
        let evil = format!("/Ignored<</Evil true>>>>\nendobj\n{CONTENT} 0 obj\n{}\nendobj\n", stream("", "BT (evil) Tj ET"));
        let at = first + hex.len() + 1 + evil.len();
        let wrapped = format!("/ByteRange[0 {first} {} {}]", at + 64, after.len());
        [before, hex, b">", format!("{wrapped:<64}").as_bytes(), evil.as_bytes(), after].concat()
    };
    let value = signature_number(signed);
    let widget = widget_of(signed, value);
    let new = size(signed);
    let copied = object(signed, value);
    let repointed = object(signed, widget).replace(&format!("/V {value} 0 R"), &format!("/V {new} 0 R"));
    let spaced = {
        let mut gap = gap.to_vec();
        let at = gap.len() - 3;
        gap[at] = b' ';
        with_gap(&gap)
    };
    let trailing = {
        let mut gap = gap.to_vec();
        let at = gap.len() - 2;
        gap[at] = b'7';
        with_gap(&gap)
    };
    vec![
        Attack::new("swa-second-byte-range-in-gap", Code::Structure, moved),
        Attack::new("swa-duplicate-byte-range-in-gap", Code::SignatureDictionary, filled("/ByteRange[0 1 2 3]")),
        Attack::new("swa-duplicate-contents-in-gap", Code::SignatureDictionary, filled("/Contents<00>")),
        Attack::new("swa-entry-in-gap", Code::ByteRange, filled("/Reason(evil)")),
        Attack::new("swa-spaces-in-gap", Code::ByteRange, filled("")),
        Attack::new("swa-object-in-gap", Code::ByteRange, filled(">>\nendobj\n5 0 obj\n<<>>\nendobj\n99 0 obj\n<</Nothing")),
        Attack::new("swa-space-in-contents", Code::ByteRange, spaced),
        Attack::new("swa-bytes-behind-cms", Code::TrailingContents, trailing),
        Attack::new("swa-copied-dictionary", Code::ChangedAfterSigning, update(signed, &[(new, copied), (widget, repointed)])),
        Attack::new("swa-gap-of-another-string", Code::SignatureDictionary, crate::pdf::replaced(signed, "/Contents <", "/Kontents <")),
        Attack::new("swa-range-too-short", Code::RangeEnd, ranged(signed, &range, |range| range[3] -= 7)),
        Attack::new("swa-range-not-from-start", Code::ByteRange, ranged(signed, &range, |range| range[0] = 1)),
        Attack::new("swa-gap-too-large", Code::ByteRange, ranged(signed, &range, |range| range[2] += 1)),
        Attack::new("swa-gap-too-small", Code::ByteRange, ranged(signed, &range, |range| range[1] += 1)),
    ]
}

fn numbers(range: &str) -> Vec<usize> {
    range.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect()
}

fn ranged(signed: &[u8], range: &[usize], change: impl Fn(&mut Vec<usize>)) -> Vec<u8> {
    let mut other = range.to_vec();
    change(&mut other);
    let write = |range: &[usize]| format!("/ByteRange[{} {} {} {}]", range[0], range[1], range[2], range[3]);
    super::update::in_place(signed, &write(range), &write(&other))
}

/// The number of the widget whose value is object `value`.
pub fn widget_of(signed: &[u8], value: u32) -> u32 {
    let at = find(signed, format!("/V {value} 0 R").as_bytes()).unwrap();
    let head = String::from_utf8_lossy(&signed[..at]).into_owned();
    head.rsplit(" 0 obj").nth(1).unwrap().rsplit('\n').next().unwrap().parse().unwrap()
}
