//! The Authentication Context extension (RFC 7773) with SAML context information, as the Sweden Connect certificate
//! profile 1.2, 2.3.2 has it: our own certificates and those of other signing services.

use const_oid::ObjectIdentifier;
use der::asn1::Utf8StringRef;
use der::{Decode, Sequence};
use roxmltree::{Document, Node};
use serde::Serialize;
use x509_cert::Certificate;

/// Authentication Context.
const AUTHENTICATION_CONTEXTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.752.201.5.1");
/// `contextType` and namespace of SAML Authentication Context Information.
const SACI: &str = "http://id.elegnamnden.se/auth-cont/1.0/saci";
/// Longest context information.
const LONGEST: usize = 64 * 1_024;

/// How the signer was authenticated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthnContext {
    /// Identifier of the identity provider.
    pub identity_provider: String,
    /// When, as it stands.
    pub authentication_instant: String,
    /// Level of assurance: a URI.
    pub level_of_assurance: String,
    /// Identifier of the signing service, when it is told.
    pub service: Option<String>,
    /// Which subject attributes come from which attributes of the e-ID. No values.
    pub attributes: Vec<AttributeMapping>,
}

/// A subject attribute and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeMapping {
    /// `rdn`, `san` or `sda`.
    pub kind: String,
    /// OID or tag in the certificate.
    pub reference: String,
    /// Name of the e-ID's attribute.
    pub source: String,
}

/// ```text
/// AuthenticationContext ::= SEQUENCE { contextType UTF8String, contextInfo UTF8String OPTIONAL }
/// ```
#[derive(Sequence)]
struct Context<'a> {
    kind: Utf8StringRef<'a>,
    #[asn1(optional = "true")]
    information: Option<Utf8StringRef<'a>>,
}

impl AuthnContext {
    /// The context in a certificate; `None` when there is none that is understood.
    pub(super) fn of(certificate: &Certificate) -> Option<Self> {
        let extension = certificate.tbs_certificate.extensions.iter().flatten().find(|found| found.extn_id == AUTHENTICATION_CONTEXTS)?;
        let contexts: Vec<Context<'_>> = Vec::from_der(extension.extn_value.as_bytes()).ok()?;
        let context = contexts.iter().find(|context| context.kind.as_str() == SACI)?;
        Self::parse(context.information?.as_str())
    }

    fn parse(xml: &str) -> Option<Self> {
        if xml.len() > LONGEST {
            return None;
        }
        // No document type, no entities: the parser refuses them.
        let document = Document::parse(xml).ok()?;
        let information = child(document.root_element(), "AuthContextInfo")?;
        let attribute = |name: &str| information.attribute(name).map(str::to_owned);
        let mappings = child(document.root_element(), "IdAttributes").into_iter().flat_map(|all| all.children());
        let mappings = mappings.filter(|node| node.tag_name().name() == "AttributeMapping").filter_map(|mapping| {
            let source = mapping.children().find(|node| node.tag_name().name() == "Attribute")?;
            Some(AttributeMapping {
                kind: mapping.attribute("Type")?.to_owned(),
                reference: mapping.attribute("Ref")?.to_owned(),
                source: source.attribute("Name")?.to_owned(),
            })
        });
        Some(Self {
            identity_provider: attribute("IdentityProvider")?,
            authentication_instant: attribute("AuthenticationInstant")?,
            level_of_assurance: attribute("AuthnContextClassRef")?,
            service: attribute("ServiceID"),
            attributes: mappings.collect(),
        })
    }
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.tag_name().namespace() == Some(SACI) && child.tag_name().name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As another signing service writes it: other prefixes, further content, several lines.
    const FOREIGN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<SAMLAuthContext xmlns="http://id.elegnamnden.se/auth-cont/1.0/saci" xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion">
  <AuthContextInfo IdentityProvider="https://idp.example.com" AuthenticationInstant="2026-01-31T12:00:00Z"
      AuthnContextClassRef="http://id.elegnamnden.se/loa/1.0/loa3" ServiceID="https://other.example.se">
    <Extra xmlns="urn:extra">more</Extra>
  </AuthContextInfo>
  <IdAttributes>
    <AttributeMapping Type="rdn" Ref="2.5.4.5">
      <s:Attribute Name="urn:oid:1.2.752.29.4.13"><s:AttributeValue>189001019802</s:AttributeValue></s:Attribute>
    </AttributeMapping>
  </IdAttributes>
</SAMLAuthContext>"#;

    #[test]
    fn other_signing_services_are_understood_and_no_value_is_told() {
        let context = AuthnContext::parse(FOREIGN);
        let mapping =
            AttributeMapping { kind: "rdn".to_owned(), reference: "2.5.4.5".to_owned(), source: "urn:oid:1.2.752.29.4.13".to_owned() };
        assert_eq!(
            context,
            Some(AuthnContext {
                identity_provider: "https://idp.example.com".to_owned(),
                authentication_instant: "2026-01-31T12:00:00Z".to_owned(),
                level_of_assurance: "http://id.elegnamnden.se/loa/1.0/loa3".to_owned(),
                service: Some("https://other.example.se".to_owned()),
                attributes: vec![mapping],
            })
        );
        assert!(!format!("{context:?}").contains("189001019802"));
    }

    #[test]
    fn entities_and_other_namespaces_are_not() {
        let with_entity = FOREIGN.replace("<SAMLAuthContext", "<!DOCTYPE a [<!ENTITY b \"c\">]><SAMLAuthContext");
        assert_eq!(AuthnContext::parse(&with_entity), None);
        assert_eq!(AuthnContext::parse(&FOREIGN.replace("auth-cont/1.0/saci", "auth-cont/9.9/saci")), None);
    }
}
