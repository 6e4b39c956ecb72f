//! Outgoing HTTP: no redirects, bounded in time and size, and outside the local mode only to public addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use sigill_core::ports::{HttpClient, HttpError};

/// For one whole exchange.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer.
const LARGEST: usize = 1024 * 1024;

/// Which addresses may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// https, and only addresses of the public Internet.
    Public,
    /// The public Internet by http too: for what carries its own signature, as certificate lists do.
    PublicUnencrypted,
    /// Also http and this machine: the local mode.
    Any,
}

/// The client.
pub struct WebClient {
    client: reqwest::Client,
    addresses: Addresses,
}

/// The TLS configuration was not accepted.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client: {0}")]
pub struct NoClient(String);

impl WebClient {
    /// A client for `addresses`, with the public roots compiled in.
    pub fn new(addresses: Addresses) -> Result<Self, NoClient> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| NoClient(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut builder = reqwest::Client::builder().redirect(Policy::none()).timeout(TIMEOUT).no_proxy().tls_backend_preconfigured(tls);
        if addresses != Addresses::Any {
            builder = builder.https_only(addresses == Addresses::Public).dns_resolver(PublicOnly);
        }
        builder.build().map(|client| Self { client, addresses }).map_err(|error| NoClient(error.to_string()))
    }
}

#[async_trait]
impl HttpClient for WebClient {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        let literal = request.uri().host().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        if self.addresses != Addresses::Any && literal.is_some_and(|address| !is_public(address)) {
            return Err(HttpError::NotAllowed);
        }
        let request = reqwest::Request::try_from(request).map_err(|_| HttpError::NotAllowed)?;
        // The error's own text may hold the address with its query.
        let unreachable = |error: reqwest::Error| HttpError::Unreachable(error.without_url().to_string());
        let mut response = self.client.execute(request).await.map_err(unreachable)?;
        let mut answer = http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            headers.extend(response.headers().iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        answer.body(body).map_err(|error| HttpError::Unreachable(error.to_string()))
    }
}

/// Resolves names, and refuses those that lead anywhere but to the public Internet: what is connected to is what was
/// checked.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.is_empty() || !found.iter().all(|address| is_public(address.ip())) {
                return Err("not a public address".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        || (a == 192 && b == 0 && c == 0);
    !special
}

/// Global unicast (2000::/3) without documentation, Teredo and 6to4, which hide IPv4 addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000 && first != 0x2002 && !(first == 0x2001 && (second == 0 || second == 0x0db8))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["8.8.8.8", "2606:4700::1111"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
