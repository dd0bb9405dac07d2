//! krew's manifests: the templates in `krew/`, with the archives that were built.

use std::{fmt::Write as _, path::Path};

use super::target::{Plugin, executable};
use crate::Result;

/// The systems and machines krew knows of those an archive may be for.
const PLATFORMS: &[(&str, &str)] = &[
    ("linux", "amd64"),
    ("linux", "arm64"),
    ("darwin", "amd64"),
    ("darwin", "arm64"),
    ("windows", "amd64"),
    ("windows", "arm64"),
];

/// An archive on its way into a manifest.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Platform {
    pub(crate) os: &'static str,
    pub(crate) arch: &'static str,
    pub(crate) file: String,
    pub(crate) sha256: String,
}

/// The archives of a plugin among all files: name and checksum.
pub(crate) fn platforms(
    plugin: Plugin,
    version: &str,
    files: &[(String, String)],
) -> Vec<Platform> {
    let mut found = Vec::new();
    for (os, arch) in PLATFORMS {
        let stem = format!("{}-v{version}-{os}-{arch}", plugin.package());
        let is = |name: &str| name == format!("{stem}.tar.gz") || name == format!("{stem}.zip");
        found.extend(
            files
                .iter()
                .filter(|(name, _)| is(name))
                .map(|(name, sha256)| Platform {
                    os,
                    arch,
                    file: name.clone(),
                    sha256: sha256.clone(),
                }),
        );
    }
    found
}

/// The template with its version and its platforms. `url` is where the archives of a version are.
pub(crate) fn render(
    template: &Path,
    plugin: Plugin,
    version: &str,
    url: &str,
    platforms: &[Platform],
) -> Result<String> {
    let text = std::fs::read_to_string(template);
    let text = text.map_err(|e| format!("{}: {e}", template.display()))?;
    if platforms.is_empty() {
        return Err(format!("{}: no archive of v{version}", plugin.name).into());
    }
    let mut list = String::new();
    for platform in platforms {
        // The sum is quoted: one of digits alone would be read as a number.
        write!(
            list,
            "    - selector:\n        matchLabels:\n          os: {}\n          arch: {}\n      \
             uri: {url}/v{version}/{}\n      sha256: \"{}\"\n      bin: {}\n",
            platform.os,
            platform.arch,
            platform.file,
            platform.sha256,
            executable(platform.os, plugin),
        )?;
    }
    fill(
        &text,
        &[("version", version), ("platforms", list.trim_end())],
    )
    .map_err(|e| format!("{}: {e}", template.display()).into())
}

/// Puts each value in its one place, `{{name}}`.
fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut text = template.to_owned();
    for (name, value) in values {
        let place = format!("{{{{{name}}}}}");
        if text.matches(&place).count() != 1 {
            return Err(format!("{place} has to be there once").into());
        }
        text = text.replace(&place, value);
    }
    if text.contains("{{") {
        return Err("a place in it is not known".into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{fill, platforms, render};
    use crate::{package::target::PLUGINS, run::root};

    #[test]
    fn only_what_was_built_is_offered() {
        let sum = "0".repeat(64);
        let files = [
            "kubectl-mesh-tag-v0.1.0-windows-amd64.zip",
            "kubectl-mesh-tag-v0.1.0-linux-amd64.tar.gz",
            "kubectl-mesh-tag-v0.1.0-linux-amd64.cdx.json",
            "kubectl-mesh-tag-v0.0.9-linux-arm64.tar.gz",
            "kubectl-mesh-backup-v0.1.0-linux-arm64.tar.gz",
        ];
        let files = files.map(|name| (name.to_owned(), sum.clone()));
        let plugin = PLUGINS[0];
        let found = platforms(plugin, "0.1.0", &files);
        let found_names: Vec<_> = found.iter().map(|p| p.file.as_str()).collect();
        assert_eq!(found_names, [files[1].0.as_str(), files[0].0.as_str()]);

        let template = root().join("krew/mesh-tag.yaml");
        let text = render(&template, plugin, "0.1.0", "https://example.com", &found).unwrap();
        assert!(text.contains("\n  version: v0.1.0\n"), "{text}");
        assert!(text.contains("      bin: kubectl-mesh_tag.exe\n"), "{text}");
        assert!(
            text.contains(&format!("      sha256: \"{sum}\"\n")),
            "{text}"
        );
        assert!(
            text.contains(
                "      uri: https://example.com/v0.1.0/kubectl-mesh-tag-v0.1.0-linux-amd64.tar.gz\n"
            ),
            "{text}"
        );
        assert!(!text.contains("darwin"), "{text}");
        assert!(render(&template, plugin, "0.1.0", "https://example.com", &[]).is_err());
    }

    #[test]
    fn a_template_has_each_place_once_and_no_other() {
        assert_eq!(fill("v{{a}}\n", &[("a", "1")]).unwrap(), "v1\n");
        for wrong in ["", "{{a}} {{a}}", "{{a}} {{b}}"] {
            assert!(fill(wrong, &[("a", "1")]).is_err(), "{wrong}");
        }
    }
}
