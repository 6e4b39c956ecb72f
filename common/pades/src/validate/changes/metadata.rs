//! Metadata (XMP, ISO 16684-1) that were changed: whether only in what writers keep up to date by themselves.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

/// Properties that tell of the writing, not of the document.
const OF_WRITING: [&str; 5] = ["ModifyDate", "MetadataDate", "Producer", "InstanceID", "CreatorTool"];

/// Whether two packets say the same but for properties of the writing. Neither has a document type or entities: the
/// parser refuses them.
pub fn same_but_for_writing(old: &[u8], new: &[u8]) -> bool {
    match (statements(old), statements(new)) {
        (Some(old), Some(new)) => old == new,
        _ => false,
    }
}

/// Everything that a packet says: the names on the way to each text or attribute, and its value.
fn statements(packet: &[u8]) -> Option<BTreeSet<String>> {
    let text = std::str::from_utf8(packet).ok()?.trim_end_matches('\0');
    let document = Document::parse(text).ok()?;
    let mut found = BTreeSet::new();
    state(document.root_element(), "", &mut found);
    Some(found)
}

fn state(node: Node<'_, '_>, path: &str, found: &mut BTreeSet<String>) {
    let name = node.tag_name();
    if OF_WRITING.contains(&name.name()) {
        return;
    }
    let path = format!("{path}/{}{}", name.namespace().unwrap_or_default(), name.name());
    for attribute in node.attributes().filter(|attribute| !OF_WRITING.contains(&attribute.name()) && attribute.name() != "xmptk") {
        // A simple property may stand as an attribute or as an element.
        found.insert(format!("{path}/{}{}={}", attribute.namespace().unwrap_or_default(), attribute.name(), attribute.value()));
    }
    let text = node.text().map(str::trim).filter(|text| !text.is_empty());
    found.extend(text.map(|text| format!("{path}={text}")));
    node.children().filter(Node::is_element).for_each(|child| state(child, &path, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(properties: &str) -> Vec<u8> {
        format!(
            r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">{properties}</r:Description></r:RDF></x:xmpmeta><?xpacket end="w"?>"#
        )
        .into_bytes()
    }

    #[test]
    fn a_new_time_is_of_the_writing_and_a_new_title_is_not() {
        let old = packet("<xmp:ModifyDate>2026-01-31</xmp:ModifyDate><dc:title>Arvode</dc:title>");
        let time = packet("<xmp:ModifyDate>2026-02-01</xmp:ModifyDate><dc:title>Arvode</dc:title>");
        let title = packet("<xmp:ModifyDate>2026-01-31</xmp:ModifyDate><dc:title>Annat</dc:title>");
        assert!(same_but_for_writing(&old, &time));
        assert!(!same_but_for_writing(&old, &title));
        assert!(!same_but_for_writing(&old, b"<broken"));
        assert!(!same_but_for_writing(b"<!DOCTYPE a><a/>", b"<!DOCTYPE a><a/>"));
    }
}
