//! What a helper is on disk: a link, on Windows a batch file.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// After the plugin's name.
pub(super) const SUFFIX: &str = if cfg!(windows) { ".cmd" } else { "" };
/// By this a batch file is known again.
const MADE: &str = "@rem made by kubectl-mesh: completion install";

/// What has the name of a helper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Nothing,
    /// A helper of this plugin, and what it starts. It may be gone.
    Ours(PathBuf),
    /// Something else.
    Foreign,
}

/// The file of this plugin's helper.
pub(super) fn file(name: &str) -> String {
    format!("{}mesh_{name}{SUFFIX}", super::HELPER)
}

/// What a helper in `dir` is to start: by its name alone beside it, so that the directory can be moved.
pub(super) fn target(plugin: &Path, dir: &Path) -> PathBuf {
    match (plugin.parent(), plugin.file_name()) {
        (Some(parent), Some(name)) if !cfg!(windows) && super::same(parent, dir) => name.into(),
        _ => plugin.to_owned(),
    }
}

/// Whether a file can be started.
pub(super) fn is_program(file: &Path) -> bool {
    let Ok(meta) = fs::metadata(file) else {
        return false;
    };
    #[cfg(unix)]
    let may = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may = true;
    meta.is_file() && may
}

/// Looks at what is there.
pub(super) fn standing(path: &Path, name: &str) -> io::Result<Standing> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
        Err(e) => return Err(e),
    };
    let target = if meta.is_symlink() {
        Some(fs::read_link(path)?)
    } else if cfg!(windows) && meta.is_file() && meta.len() < 4096 {
        fs::read_to_string(path)
            .ok()
            .and_then(|text| started(&text))
    } else {
        None
    };
    // Ours starts the plugin of its own name, and nothing else is ours.
    let ours = target.filter(|target| {
        let file = target.file_stem().and_then(|f| f.to_str());
        file == Some(&format!("kubectl-mesh_{name}"))
    });
    Ok(ours.map_or(Standing::Foreign, Standing::Ours))
}

/// Makes a helper, in place of one of ours.
pub(super) fn make(path: &Path, target: &Path) -> io::Result<()> {
    // Made beside and renamed: what is there until then is whole.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, &beside)?;
    #[cfg(not(unix))]
    fs::write(&beside, batch(target))?;
    fs::rename(&beside, path)
}

/// A helper for Windows, where a link takes rights that few have.
#[cfg(any(not(unix), test))]
fn batch(target: &Path) -> String {
    format!(
        "{MADE}\r\n@setlocal\r\n@set \"COMPLETE=kubectl\"\r\n@\"{}\" -- %*\r\n",
        target.display().to_string().replace('%', "%%")
    )
}

/// What such a helper starts; none if it is not one.
fn started(text: &str) -> Option<PathBuf> {
    let mut lines = text.lines();
    if lines.next()? != MADE {
        return None;
    }
    let line = lines.find_map(|l| l.strip_prefix("@\"")?.strip_suffix("\" -- %*"))?;
    Some(line.replace("%%", "%").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_file_is_known_again() {
        let plugin = Path::new("/a b/100%/kubectl-mesh_tag.exe");
        let text = batch(plugin);
        assert_eq!(started(&text).as_deref(), Some(plugin));
        assert!(text.contains("\"COMPLETE=kubectl\""), "{text}");
        assert_eq!(started("@echo off\r\n@\"x\" -- %*"), None);
        assert_eq!(started(""), None);
    }
}
