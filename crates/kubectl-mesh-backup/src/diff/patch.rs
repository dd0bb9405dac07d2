//! `-o patch`: what differs as a unified diff of YAML.

use mesh_common::{Error, Result, output::yaml};
use serde_json::Value;
use similar::TextDiff;

use super::{compare::Pair, spool::Spool};

/// Lines around each difference, as `diff -u` has them.
const CONTEXT: usize = 3;

/// Collects one patch per object, and gives them out in order.
pub(super) struct Patch {
    spool: Spool,
}

impl Patch {
    pub(super) fn new() -> Self {
        Self {
            spool: Spool::new(),
        }
    }

    pub(super) fn add(&mut self, pair: &Pair) -> Result<()> {
        let text = unified(pair)?;
        self.spool
            .put(&pair.path, text.as_bytes(), false)
            .map_err(|e| Error::user("what differs cannot be kept").caused_by(e))
    }

    /// Every patch, by the path of its object.
    pub(super) fn each(mut self, mut print: impl FnMut(&str) -> Result<()>) -> Result<()> {
        for path in self.spool.left() {
            let text = self
                .spool
                .take(&path)
                .map_err(|e| Error::internal("what differs cannot be read back").caused_by(e))?;
            print(&String::from_utf8_lossy(&text.unwrap_or_default()))?;
        }
        Ok(())
    }
}

/// The object as YAML; nothing for none.
pub(super) fn text(object: Option<&Value>) -> Result<String> {
    object.map_or_else(|| Ok(String::new()), yaml)
}

fn unified(pair: &Pair) -> Result<String> {
    let (was, is) = (text(pair.was.as_ref())?, text(pair.is.as_ref())?);
    // The path of its entry is safe in any file system, and so in a header.
    let path = pair.path.trim_start_matches("objects/");
    let path = path.strip_suffix(".json").unwrap_or(path);
    let name = |side: &str, there: bool| {
        if there {
            format!("{side}/{path}.yaml")
        } else {
            "/dev/null".to_owned()
        }
    };
    Ok(TextDiff::from_lines(&was, &is)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(
            &name("a", pair.was.is_some()),
            &name("b", pair.is.is_some()),
        )
        .to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::object::Id;

    fn pair(was: Option<Value>, is: Option<Value>) -> Pair {
        Pair {
            id: Id {
                what: "services".into(),
                namespace: Some("shop".into()),
                name: "web".into(),
                kind: "Service".into(),
            },
            path: "objects/core/services/shop/web.json".into(),
            was,
            is,
        }
    }

    #[test]
    fn as_diff_u_has_it() {
        let of = |port: u16| json!({ "kind": "Service", "spec": { "port": port } });
        assert_eq!(
            unified(&pair(Some(of(80)), Some(of(81)))).unwrap(),
            "--- a/core/services/shop/web.yaml\n+++ b/core/services/shop/web.yaml\n@@ -1,3 +1,3 @@\n kind: Service\n spec:\n-  port: 80\n+  port: 81\n"
        );
        let added = unified(&pair(None, Some(of(80)))).unwrap();
        assert!(
            added.starts_with(
                "--- /dev/null\n+++ b/core/services/shop/web.yaml\n@@ -0,0 +1,3 @@\n+kind"
            ),
            "{added}"
        );
    }

    #[test]
    fn nothing_in_it_moves_the_cursor() {
        let evil = json!({ "a": "\u{1b}[2J\u{202e}\r\nx" });
        let text = unified(&pair(None, Some(evil))).unwrap();
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains('\r'),
            "{text:?}"
        );
    }
}
