//! URLs of mirrors: what is below one, who logs in there, and where a redirect may lead.

use base64::Engine as _;
use http::{HeaderMap, HeaderValue, Uri, header};
use mesh_common::{Error, Result, cluster::web::shown, output::clean};

/// A URL that is typed: http or https, with a host.
pub(super) fn url(text: &str) -> Result<Uri, String> {
    let wrong = || "a URL is needed, such as https://mirror.example/istio".to_owned();
    let url: Uri = text.trim_end_matches('/').parse().map_err(|_| wrong())?;
    let usable = ["http", "https"].contains(&url.scheme_str().unwrap_or_default())
        && url.host().is_some_and(|host| !host.is_empty())
        && url.query().is_none();
    if usable { Ok(url) } else { Err(wrong()) }
}

/// A file below a URL.
pub(super) fn below(base: &Uri, path: &str) -> Result<Uri> {
    let whole = format!("{}/{path}", base.path().trim_end_matches('/'));
    let wrong = |_| Error::internal("cannot put the URL together");
    let mut parts = base.clone().into_parts();
    parts.path_and_query = Some(whole.parse().map_err(wrong)?);
    Uri::from_parts(parts).map_err(|_| Error::internal("cannot put the URL together"))
}

/// Where a redirect leads.
pub(super) fn next(at: &Uri, headers: &HeaderMap) -> Result<Uri> {
    let wrong = || failed(at, "it redirects to nowhere");
    let location = headers
        .get(header::LOCATION)
        .and_then(|v| v.to_str().ok())
        .ok_or_else(wrong)?;
    let to: Uri = location.parse().map_err(|_| wrong())?;
    let mut parts = to.into_parts();
    if parts.scheme.is_none() && parts.authority.is_none() {
        parts.scheme = at.scheme().cloned();
        parts.authority = at.authority().cloned();
    }
    let to = Uri::from_parts(parts).map_err(|_| wrong())?;
    if at.scheme_str() == Some("https") && to.scheme_str() != Some("https") {
        return Err(failed(at, "it redirects from https to http"));
    }
    Ok(to)
}

/// Host and port as written: whom a login is for.
pub(super) fn place(url: &Uri) -> String {
    let host = url.host().unwrap_or_default().to_ascii_lowercase();
    format!("{:?} {host} {:?}", url.scheme_str(), url.port_u16())
}

/// `Authorization: Basic` of the user name and password in a URL.
pub(super) fn login(url: &Uri) -> Option<(String, HeaderValue)> {
    let (user, _) = url.authority()?.as_str().rsplit_once('@')?;
    let user = base64::engine::general_purpose::STANDARD.encode(decoded(user));
    let mut value = HeaderValue::from_str(&format!("Basic {user}")).ok()?;
    value.set_sensitive(true);
    Some((place(url), value))
}

/// `%40` is `@`.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// That a file cannot be had, and why.
pub(super) fn failed(url: &Uri, why: &str) -> Error {
    Error::user(format!("cannot fetch {}: {}", shown(url), clean(why, 300)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_redirect_leads() {
        let at: Uri = "https://a.example/x/y".parse().unwrap();
        for (location, want) in [
            ("https://b.example/z", Some("https://b.example/z")),
            ("/z?sig=1", Some("https://a.example/z?sig=1")),
            ("http://b.example/z", None),
            ("ftp://b.example/z", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::LOCATION, location.parse().unwrap());
            let got = next(&at, &headers).ok().map(|u| u.to_string());
            assert_eq!(got.as_deref(), want, "{location}");
        }
        assert!(next(&at, &HeaderMap::new()).is_err());
    }

    #[test]
    fn a_login_is_for_its_host() {
        let (host, value) = login(&"https://me:p%40ss@m.example/x".parse().unwrap()).unwrap();
        assert_eq!(value, "Basic bWU6cEBzcw==");
        assert!(value.is_sensitive());
        assert_eq!(host, place(&"https://m.example/y".parse().unwrap()));
        for other in [
            "https://m.example:8443/y",
            "http://m.example/y",
            "https://n.example/y",
        ] {
            assert_ne!(host, place(&other.parse().unwrap()));
        }
        assert!(login(&"https://m.example/x".parse().unwrap()).is_none());
    }

    #[test]
    fn files_below_a_mirror() {
        for (base, want) in [
            ("https://m.example", "https://m.example/1.28.1/f"),
            ("https://m.example/", "https://m.example/1.28.1/f"),
            (
                "http://m.example:8080/a/b/",
                "http://m.example:8080/a/b/1.28.1/f",
            ),
        ] {
            let base = url(base).unwrap();
            assert_eq!(below(&base, "1.28.1/f").unwrap().to_string(), want);
        }
        for text in [
            "m.example",
            "ftp://m.example",
            "https://",
            "",
            "https://m.example?x=y",
        ] {
            assert!(url(text).is_err(), "{text}");
        }
    }
}
