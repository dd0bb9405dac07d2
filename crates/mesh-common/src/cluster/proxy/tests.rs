//! Tables for the proxy decision. The rules are those of golang.org/x/net/http/httpproxy (`proxy.go` and its test).

use super::*;

/// `FromEnvironment`: "`NO_PROXY` specifies a string that contains comma-separated values specifying hosts that should be excluded
/// from proxying. Each value is represented by an IP address prefix (1.2.3.4), an IP address prefix in CIDR notation
/// (1.2.3.4/8), a domain name, or a special DNS label (*)."
#[test]
fn no_proxy_is_matched_against_the_cluster() {
    let rows = [
        // (server, NO_PROXY, goes through the proxy)
        ("https://api.example.com:6443", "", true),
        ("https://api.example.com:6443", ",", true),
        ("https://api.example.com:6443", "other.com,,", true),
        ("https://api.example.com:6443", "*", false),
        ("https://api.example.com:6443", " * ", false),
        ("https://api.example.com:6443", "other.com, *", false),
        // A name fits itself and everything below it.
        ("https://api.example.com:6443", "api.example.com", false),
        ("https://api.example.com:6443", "API.Example.COM", false),
        ("https://API.EXAMPLE.COM:6443", "api.example.com", false),
        ("https://api.example.com:6443", "example.com", false),
        ("https://api.example.com:6443", " example.com ,x", false),
        ("https://notexample.com", "example.com", true),
        ("https://example.com.evil", "example.com", true),
        // With a leading dot, or "*.", only what is below.
        ("https://api.example.com:6443", ".example.com", false),
        ("https://api.example.com:6443", "*.example.com", false),
        ("https://example.com", ".example.com", true),
        ("https://example.com", "*.example.com", true),
        ("https://api.example.com", "*example.com", true),
        // A port must be the server's; without one any port fits.
        (
            "https://api.example.com:6443",
            "api.example.com:6443",
            false,
        ),
        ("https://api.example.com:6443", "example.com:6443", false),
        ("https://api.example.com:6443", "api.example.com:443", true),
        ("https://api.example.com", "api.example.com:443", false),
        ("http://api.example.com", "api.example.com:80", false),
        ("https://api.example.com", "api.example.com:", false),
        ("https://api.example.com", ":443", true),
        // Addresses and prefixes match addresses only; names are not resolved.
        ("https://10.1.2.3:6443", "10.1.2.3", false),
        ("https://10.1.2.3:6443", "10.1.2.3:6443", false),
        ("https://10.1.2.3:6443", "10.1.2.3:443", true),
        ("https://10.1.2.3:6443", "10.0.0.0/8", false),
        ("https://10.1.2.3:6443", "192.168.0.0/16", true),
        ("https://10.1.2.3:6443", "10.1.2", true),
        ("https://10.1.2.3:6443", "2.3", false),
        ("https://api.example.com", "10.0.0.0/8", true),
        ("https://[fd00::1]:6443", "fd00::/8", false),
        ("https://[fd00::1]:6443", "fd00::1", false),
        ("https://[fd00::1]:6443", "[fd00::1]:6443", false),
        ("https://[fd00::1]:6443", "[fd00::1]:443", true),
        ("https://[fd00::1]:6443", "fd00::2", true),
        // This machine is never proxied, whatever the list says.
        ("https://localhost:6443", "", false),
        ("https://127.0.0.1:6443", "", false),
        ("https://127.9.9.9:6443", "", false),
        ("https://[::1]:6443", "", false),
        ("https://localhost.example.com", "", true),
    ];
    for (server, no_proxy, expected) in rows {
        let uri: Uri = server.parse().unwrap();
        assert_eq!(
            through_proxy(&uri, no_proxy),
            expected,
            "{server} with NO_PROXY={no_proxy:?}"
        );
    }
}

/// `proxy-url`, server, variables, and the proxy that comes of them.
type Row = (
    Option<&'static str>,
    &'static str,
    &'static [(&'static str, &'static str)],
    Option<&'static str>,
);

#[test]
fn the_kubeconfig_goes_first_then_the_variable_of_the_scheme() {
    let https = "https://10.0.0.1:6443";
    let rows: [Row; 14] = [
        (None, https, &[], None),
        (
            None,
            https,
            &[("HTTPS_PROXY", "http://p:3128")],
            Some("http://p:3128/"),
        ),
        (
            None,
            https,
            &[("https_proxy", "http://p:3128")],
            Some("http://p:3128/"),
        ),
        (
            None,
            https,
            &[
                ("HTTPS_PROXY", "http://up:1"),
                ("https_proxy", "http://low:1"),
            ],
            Some("http://up:1/"),
        ),
        (
            None,
            https,
            &[("HTTPS_PROXY", ""), ("https_proxy", "http://low:1")],
            Some("http://low:1/"),
        ),
        (None, https, &[("HTTP_PROXY", "http://p:3128")], None),
        (
            None,
            "http://10.0.0.1",
            &[("HTTP_PROXY", "http://p:3128")],
            Some("http://p:3128/"),
        ),
        (
            None,
            "http://10.0.0.1",
            &[("HTTPS_PROXY", "http://p:3128")],
            None,
        ),
        (
            None,
            https,
            &[("HTTPS_PROXY", "p:3128")],
            Some("http://p:3128/"),
        ),
        (
            None,
            https,
            &[("HTTPS_PROXY", "http://p")],
            Some("http://p:80/"),
        ),
        (
            None,
            https,
            &[("HTTPS_PROXY", "socks5://p")],
            Some("socks5://p:1080/"),
        ),
        (
            None,
            https,
            &[("HTTPS_PROXY", "http://p:3128"), ("NO_PROXY", "10.0.0.0/8")],
            None,
        ),
        // proxy-url is unconditional.
        (
            Some("http://k:1"),
            https,
            &[("HTTPS_PROXY", "http://p:3128"), ("NO_PROXY", "*")],
            Some("http://k:1/"),
        ),
        (
            Some("socks5h://k"),
            "https://127.0.0.1",
            &[],
            Some("socks5://k:1080/"),
        ),
    ];
    for (proxy_url, server, vars, expected) in rows {
        let env = Env::of(vars, None);
        let got = decide(proxy_url, &server.parse().unwrap(), &env).unwrap();
        let expected = expected.map(str::to_owned);
        assert_eq!(
            got.map(|u| u.to_string()),
            expected,
            "{proxy_url:?} {server} {vars:?}"
        );
    }
}

#[test]
fn what_is_not_supported_is_said() {
    let server: Uri = "https://10.0.0.1:6443".parse().unwrap();
    for (url, expected) in [
        ("ftp://p:1", "scheme ftp, and only http, https and socks5"),
        ("socks4://p:1", "scheme socks4"),
        ("socks5://me:secret@p:1", "SOCKS proxy with a user name"),
        ("p:1", "not a URL"),
        ("http://", "not a URL"),
    ] {
        let e = decide(Some(url), &server, &Env::default())
            .unwrap_err()
            .to_string();
        assert!(e.contains(expected), "{url}: {e}");
        assert!(!e.contains("secret"), "{e}");
    }
}

#[test]
fn a_proxy_is_shown_without_its_password() {
    let uri: Uri = "http://me:secret@proxy.example:3128/".parse().unwrap();
    assert_eq!(shown(&uri), "http://proxy.example:3128");
}
