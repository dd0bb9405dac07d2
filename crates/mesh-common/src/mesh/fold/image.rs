//! What an image reference says: `registry:5000/istio/proxyv2:1.28.1-distroless@sha256:…`.

/// The tag as typed there; none for a bare name or digest.
pub fn image_tag(image: &str) -> Option<&str> {
    let (_, tag) = split(image);
    tag.filter(|t| !t.is_empty())
}

/// The last part of the path: `proxyv2`.
pub fn image_name(image: &str) -> &str {
    let (path, _) = split(image);
    path.rsplit('/').next().unwrap_or(path)
}

fn split(image: &str) -> (&str, Option<&str>) {
    let image = image.split_once('@').map_or(image, |(before, _)| before);
    // A colon before the last slash belongs to the registry's port.
    let path = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[path..].find(':') {
        Some(colon) => (&image[..path + colon], Some(&image[path + colon + 1..])),
        None => (image, None),
    }
}

/// Whether it is one of Istio's own images, in whatever registry.
pub(super) fn is_istio(image: &str) -> bool {
    matches!(
        image_name(image),
        "pilot" | "proxyv2" | "ztunnel" | "install-cni"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_names() {
        for (image, name, tag) in [
            (
                "registry:5000/x/proxyv2:1.28.1-distroless@sha256:ab",
                "proxyv2",
                Some("1.28.1-distroless"),
            ),
            ("registry:5000/x/proxyv2", "proxyv2", None),
            ("proxyv2@sha256:ab", "proxyv2", None),
            ("docker.io/istio/pilot:1.26.1", "pilot", Some("1.26.1")),
            ("auto", "auto", None),
            ("x/pilot:", "pilot", None),
            ("", "", None),
        ] {
            assert_eq!(
                (image_name(image), image_tag(image)),
                (name, tag),
                "{image}"
            );
        }
    }
}
