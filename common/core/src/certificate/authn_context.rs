//! The Authentication Context extension (RFC 7773) with SAML context information, as the Sweden Connect certificate
//! profile 1.2, 2.3.2 wants it in a signer's certificate.

use der::asn1::Utf8StringRef;
use der::{Encode, Sequence};

use crate::identity::IdentityAssertion;

/// `contextType` of SAML Authentication Context Information.
const SACI: &str = "http://id.elegnamnden.se/auth-cont/1.0/saci";

/// ```text
/// AuthenticationContext ::= SEQUENCE { contextType UTF8String, contextInfo UTF8String OPTIONAL }
/// ```
#[derive(Sequence)]
struct AuthenticationContext<'a> {
    context_type: Utf8StringRef<'a>,
    context_info: Utf8StringRef<'a>,
}

/// `AuthenticationContexts` with exactly one element, DER.
pub(super) fn extension(signer: &IdentityAssertion, service: &str) -> der::Result<Vec<u8>> {
    let xml = saml_auth_context(signer, service);
    let context = AuthenticationContext { context_type: Utf8StringRef::new(SACI)?, context_info: Utf8StringRef::new(&xml)? };
    vec![context].to_der()
}

/// `SAMLAuthContext` with `AuthContextInfo` and one `AttributeMapping` for each subject attribute that came from the
/// e-ID. The SAML attribute names are those that OIDC Sweden maps its claims to.
pub fn saml_auth_context(signer: &IdentityAssertion, service: &str) -> String {
    let context = &signer.authn_context;
    let transaction = context.transaction.as_deref().map_or_else(String::new, |transaction| {
        format!(r#"<sacex:ExtAuthInfo Name="urn:oid:1.2.752.201.3.2">{}</sacex:ExtAuthInfo>"#, escape(transaction))
    });
    let mappings: String = [
        ("2.5.4.5", "urn:oid:1.2.752.29.4.13", "personalIdentityNumber", signer.personal_identity_number.expose()),
        ("2.5.4.42", "urn:oid:2.5.4.42", "givenName", &signer.given_name),
        ("2.5.4.4", "urn:oid:2.5.4.4", "sn", &signer.surname),
        ("2.5.4.3", "urn:oid:2.16.840.1.113730.3.1.241", "displayName", &signer.display_name),
    ]
    .into_iter()
    .map(|(rdn, name, friendly, value)| {
        format!(
            r#"<saci:AttributeMapping Type="rdn" Ref="{rdn}"><saml:Attribute Name="{name}" FriendlyName="{friendly}"><saml:AttributeValue xsi:type="xs:string">{}</saml:AttributeValue></saml:Attribute></saci:AttributeMapping>"#,
            escape(value)
        )
    })
    .collect();
    format!(
        r#"<saci:SAMLAuthContext xmlns:saci="{SACI}" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:sacex="http://id.swedenconnect.se/auth-cont/1.0/ext-auth-info" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><saci:AuthContextInfo IdentityProvider="{}" AuthenticationInstant="{}" AuthnContextClassRef="{}" AssertionRef="{}" ServiceID="{}">{transaction}</saci:AuthContextInfo><saci:IdAttributes>{mappings}</saci:IdAttributes></saci:SAMLAuthContext>"#,
        escape(&context.identity_provider),
        context.authentication_instant,
        escape(&context.level_of_assurance.0),
        escape(&context.assertion_ref),
        escape(service),
    )
}

/// Bytes that `text` takes in a certificate, in the subject or in the extension, whichever is more.
pub fn written_length(text: &str) -> usize {
    escape(text).len().max(text.len())
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Not a character of XML 1.0.
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}
