//! Name constraints of a CA (RFC 5280, 4.2.1.10): what it may name, and what not.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc3280::EMAIL_ADDRESS;
use der::Encode;
use der::asn1::{Ia5String, Ia5StringRef};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::constraints::name::{GeneralSubtree, NameConstraints};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::{Name, RelativeDistinguishedName};

use super::certificate::attribute;

/// Whether `certificate` has a name that `issuer`, anywhere above it, may not give. What can't be compared may not be.
pub fn forbidden(issuer: &Certificate, certificate: &Certificate) -> bool {
    match issuer.tbs_certificate.get::<NameConstraints>() {
        Ok(None) => false,
        Ok(Some((_, constraints))) => names(certificate).is_none_or(|names| names.iter().any(|name| violates(name, &constraints))),
        Err(_) => true,
    }
}

/// The subject and its alternatives; `None` when they can't be read.
fn names(certificate: &Certificate) -> Option<Vec<GeneralName>> {
    let tbs = &certificate.tbs_certificate;
    let mut names = tbs.get::<SubjectAltName>().ok()?.map(|(_, names)| names.0).unwrap_or_default();
    if !tbs.subject.0.is_empty() {
        names.push(GeneralName::DirectoryName(tbs.subject.clone()));
    }
    for attribute in tbs.subject.0.iter().flat_map(|rdn| rdn.0.iter()).filter(|attribute| attribute.oid == EMAIL_ADDRESS) {
        names.push(GeneralName::Rfc822Name(Ia5String::from(attribute.value.decode_as::<Ia5StringRef<'_>>().ok()?)));
    }
    Some(names)
}

fn violates(name: &GeneralName, constraints: &NameConstraints) -> bool {
    let of_its_kind = |subtrees: &Option<Vec<GeneralSubtree>>| {
        let all = subtrees.iter().flatten().map(|subtree| within(name, &subtree.base));
        all.flatten().collect::<Vec<bool>>()
    };
    let permitted = of_its_kind(&constraints.permitted_subtrees);
    let excluded = of_its_kind(&constraints.excluded_subtrees);
    excluded.contains(&true) || (!permitted.is_empty() && !permitted.contains(&true)) || incomparable(name, constraints)
}

/// Whether the constraints are about a kind of name that is not compared here.
fn incomparable(name: &GeneralName, constraints: &NameConstraints) -> bool {
    let same_kind = |subtree: &GeneralSubtree| std::mem::discriminant(&subtree.base) == std::mem::discriminant(name);
    let subtrees = constraints.permitted_subtrees.iter().chain(&constraints.excluded_subtrees).flatten();
    within(name, name).is_none() && subtrees.into_iter().any(same_kind)
}

/// Whether `name` is in the subtree of `base`; `None` when they are of different kinds, or of one that is not compared.
fn within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    let lower = |text: &Ia5String| text.as_str().to_ascii_lowercase();
    Some(match (name, base) {
        (GeneralName::DirectoryName(name), GeneralName::DirectoryName(base)) => directory(name, base),
        (GeneralName::Rfc822Name(name), GeneralName::Rfc822Name(base)) => mailbox(&lower(name), &lower(base)),
        (GeneralName::DnsName(name), GeneralName::DnsName(base)) => domain(&lower(name), &lower(base)),
        (GeneralName::UniformResourceIdentifier(name), GeneralName::UniformResourceIdentifier(base)) => {
            let name = lower(name);
            let authority = name.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
            let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
            host_in(host, &lower(base))
        }
        (GeneralName::IpAddress(name), GeneralName::IpAddress(base)) => address(name.as_bytes(), base.as_bytes()),
        _ => return None,
    })
}

/// The base is a beginning of the name.
fn directory(name: &Name, base: &Name) -> bool {
    base.0.len() <= name.0.len() && base.0.iter().zip(&name.0).all(|(base, rdn)| canonical(base) == canonical(rdn))
}

/// Attributes without regard to case and space (RFC 5280, 7.1).
fn canonical(rdn: &RelativeDistinguishedName) -> Vec<(ObjectIdentifier, Vec<u8>)> {
    let mut attributes: Vec<_> = rdn
        .0
        .iter()
        .map(|of| {
            let name =
                Name::from(vec![RelativeDistinguishedName::from(der::asn1::SetOfVec::try_from(vec![of.clone()]).unwrap_or_default())]);
            let text =
                attribute(&name, of.oid).map(|text| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ").into_bytes());
            (of.oid, text.or_else(|| of.value.to_der().ok()).unwrap_or_default())
        })
        .collect();
    attributes.sort();
    attributes
}

/// `base` is a mailbox, a host, or with a full stop before it all hosts below.
fn mailbox(name: &str, base: &str) -> bool {
    if base.contains('@') {
        return name == base;
    }
    host_in(name.rsplit('@').next().unwrap_or_default(), base)
}

fn host_in(host: &str, base: &str) -> bool {
    if base.starts_with('.') { host.ends_with(base) } else { host == base }
}

fn domain(name: &str, base: &str) -> bool {
    base.is_empty() || name == base || name.strip_suffix(base).is_some_and(|rest| rest.ends_with('.'))
}

/// `base` is an address and a mask.
fn address(name: &[u8], base: &[u8]) -> bool {
    let (address, mask) = base.split_at(base.len() / 2);
    name.len() == address.len() && name.iter().zip(address).zip(mask).all(|((name, address), mask)| name & mask == address & mask)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::str::FromStr;

    use der::asn1::OctetString;

    use super::*;

    fn dn(text: &str) -> GeneralName {
        GeneralName::DirectoryName(Name::from_str(text).unwrap())
    }

    fn text(kind: fn(Ia5String) -> GeneralName, text: &str) -> GeneralName {
        kind(Ia5String::new(text).unwrap())
    }

    #[test]
    fn a_name_is_in_a_subtree_by_the_rules_of_its_kind() {
        use GeneralName::{DnsName, Rfc822Name, UniformResourceIdentifier as Uri};
        for (name, base, expected) in [
            // The most specific comes first in this notation and last in the name.
            (dn("CN=A,O=Kommun,C=SE"), dn("O=kommun,C=SE"), Some(true)),
            (dn("CN=A,O=Kommun,C=SE"), dn("O=Annan,C=SE"), Some(false)),
            (dn("C=SE"), dn("O=Kommun,C=SE"), Some(false)),
            (text(Rfc822Name, "a@Kommun.se"), text(Rfc822Name, "kommun.se"), Some(true)),
            (text(Rfc822Name, "a@x.kommun.se"), text(Rfc822Name, "kommun.se"), Some(false)),
            (text(Rfc822Name, "a@x.kommun.se"), text(Rfc822Name, ".kommun.se"), Some(true)),
            (text(Rfc822Name, "a@kommun.se"), text(Rfc822Name, "b@kommun.se"), Some(false)),
            (text(DnsName, "x.kommun.se"), text(DnsName, "kommun.se"), Some(true)),
            (text(DnsName, "xkommun.se"), text(DnsName, "kommun.se"), Some(false)),
            (text(Uri, "https://a@kommun.se:8443/x"), text(Uri, "kommun.se"), Some(true)),
            (text(Uri, "urn:kommun.se"), text(Uri, "kommun.se"), Some(false)),
            (text(DnsName, "kommun.se"), text(Uri, "kommun.se"), None),
        ] {
            assert_eq!(within(&name, &base), expected, "{name:?} in {base:?}");
        }
        let address = |bytes: &[u8]| GeneralName::IpAddress(OctetString::new(bytes).unwrap());
        assert_eq!(within(&address(&[10, 1, 2, 3]), &address(&[10, 1, 0, 0, 255, 255, 0, 0])), Some(true));
        assert_eq!(within(&address(&[10, 2, 2, 3]), &address(&[10, 1, 0, 0, 255, 255, 0, 0])), Some(false));
    }

    #[test]
    fn what_is_excluded_or_not_among_the_permitted_or_not_compared_is_forbidden() {
        let subtrees = |bases: Vec<GeneralName>| {
            let all: Vec<_> = bases.into_iter().map(|base| GeneralSubtree { base, minimum: 0, maximum: None }).collect();
            (!all.is_empty()).then_some(all)
        };
        let constraints =
            |permitted, excluded| NameConstraints { permitted_subtrees: subtrees(permitted), excluded_subtrees: subtrees(excluded) };
        let id = GeneralName::RegisteredId(EMAIL_ADDRESS);
        for (name, constraints, expected) in [
            (dn("O=A"), constraints(vec![dn("O=A"), dn("O=B")], vec![]), false),
            (dn("O=C"), constraints(vec![dn("O=A"), dn("O=B")], vec![]), true),
            (dn("CN=X,O=A"), constraints(vec![dn("O=A")], vec![dn("CN=x,O=A")]), true),
            (dn("O=C"), constraints(vec![text(GeneralName::DnsName, "kommun.se")], vec![]), false),
            (id.clone(), constraints(vec![id], vec![]), true),
        ] {
            assert_eq!(violates(&name, &constraints), expected, "{name:?}");
        }
    }
}
