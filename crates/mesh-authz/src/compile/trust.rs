//! Trust domain aliases in principals: `pilot/pkg/security/trustdomain/bundle.go`@1.28.1, the same since 1.20.

use super::Mesh;

/// The name that stands for the mesh's own trust domain in any mesh.
const LOCAL: &str = "cluster.local";

fn domains(mesh: &Mesh) -> impl Iterator<Item = &str> {
    std::iter::once(mesh.trust_domain.as_str())
        .chain(mesh.trust_domain_aliases.iter().map(String::as_str))
}

fn prefix_match(text: &str, pattern: &str) -> bool {
    pattern
        .strip_suffix('*')
        .is_some_and(|prefix| text.starts_with(prefix))
}

fn suffix_match(text: &str, pattern: &str) -> bool {
    pattern
        .strip_prefix('*')
        .is_some_and(|suffix| text.ends_with(suffix))
}

/// The star may stand in the policy or in the mesh's list.
fn belongs(domain: &str, mesh: &Mesh) -> bool {
    domains(mesh).any(|own| {
        domain == own
            || own == "*"
            || prefix_match(domain, own)
            || prefix_match(own, domain)
            || suffix_match(domain, own)
            || suffix_match(own, domain)
    })
}

/// A principal `DOMAIN/ns/NAMESPACE/sa/ACCOUNT` of the mesh, once for the trust domain and each alias.
pub(super) fn expand(principals: &[String], mesh: &Mesh) -> Vec<String> {
    let mut expanded = Vec::with_capacity(principals.len());
    for principal in principals {
        let five = principal.matches('/').count() == 4;
        let parts = principal.split_once('/').filter(|_| five);
        match parts {
            Some((domain, rest)) if domain != "*" && (domain == LOCAL || belongs(domain, mesh)) => {
                let mut of_this: Vec<String> = Vec::new();
                for own in domains(mesh) {
                    let new = if suffix_match(own, domain) {
                        principal.clone()
                    } else {
                        format!("{own}/{rest}")
                    };
                    if !of_this.contains(&new) {
                        of_this.push(new);
                    }
                }
                expanded.append(&mut of_this);
            }
            _ => expanded.push(principal.clone()),
        }
    }
    expanded
}

/// A trust domain of the mesh stands for all of them (`ExpandTrustDomainAliases`@1.30.2).
pub(super) fn expand_domains(values: &[String], mesh: &Mesh) -> Vec<String> {
    let mut expanded: Vec<String> = Vec::new();
    let mut add = |value: &str| {
        if !expanded.iter().any(|known| known == value) {
            expanded.push(value.to_owned());
        }
    };
    for value in values {
        if domains(mesh).any(|own| own == value) {
            domains(mesh).for_each(&mut add);
        } else {
            add(value);
        }
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_stand_for_each_other() {
        // The cases of pilot/pkg/security/trustdomain/bundle_test.go@1.28.1, in our words.
        let mesh = |domain: &str, aliases: &[&str]| Mesh {
            trust_domain: domain.to_owned(),
            trust_domain_aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            ..Mesh::default()
        };
        for (mesh, principal, want) in [
            (mesh("td1", &[]), "td1/ns/foo/sa/a", vec!["td1/ns/foo/sa/a"]),
            (mesh("td1", &[]), "td3/ns/foo/sa/a", vec!["td3/ns/foo/sa/a"]),
            (
                mesh("td2", &["td1"]),
                "td1/ns/foo/sa/a",
                vec!["td2/ns/foo/sa/a", "td1/ns/foo/sa/a"],
            ),
            (
                mesh("td2", &["td1"]),
                "cluster.local/ns/foo/sa/a",
                vec!["td2/ns/foo/sa/a", "td1/ns/foo/sa/a"],
            ),
            (
                mesh("td2", &["td1"]),
                "*/ns/foo/sa/a",
                vec!["*/ns/foo/sa/a"],
            ),
            (mesh("td2", &["td1"]), "td1/ns/foo", vec!["td1/ns/foo"]),
            (mesh("td2", &["td1"]), "*", vec!["*"]),
            (
                mesh("new-td", &["old-td"]),
                "*-td/ns/foo/sa/a",
                vec!["*-td/ns/foo/sa/a"],
            ),
            (
                mesh("td1", &["some-td"]),
                "*-td/ns/foo/sa/a",
                vec!["td1/ns/foo/sa/a", "*-td/ns/foo/sa/a"],
            ),
            (
                mesh("td1", &["td*"]),
                "tdx/ns/foo/sa/a",
                vec!["td1/ns/foo/sa/a", "td*/ns/foo/sa/a"],
            ),
        ] {
            assert_eq!(expand(&[principal.to_owned()], &mesh), want, "{principal}");
        }
        let domains = expand_domains(
            &["td1".to_owned(), "x*".to_owned(), "td2".to_owned()],
            &mesh("td2", &["td1"]),
        );
        assert_eq!(domains, ["td2", "td1", "x*"]);
    }
}
