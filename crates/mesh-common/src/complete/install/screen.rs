//! What `completion install` and `uninstall` say.

use super::{Change, Doc, Done, Mark, command, shown};

impl Done {
    /// For a person.
    pub(in super::super) fn doc(&self, name: &str) -> Doc {
        let mut doc = Doc::new();
        if self.helpers.is_empty() {
            let dir = shown(&self.directory);
            doc.text(format!(
                "No helper of this suite is in {dir}: nothing to remove."
            ));
        } else {
            doc.marked(self.helpers.iter().map(|h| {
                let word = h.change.word(self.dry_run);
                let (mark, text) = match h.change {
                    Change::Foreign => {
                        (Mark::Warn, "is no helper of this suite; left alone".into())
                    }
                    Change::Removed => (Mark::Ok, word.to_owned()),
                    _ => (Mark::Ok, format!("{word} to {}", shown(&h.target))),
                };
                let mark = if self.dry_run { Mark::Skip } else { mark };
                (mark, shown(&h.path), text)
            }));
        }
        if self.removing {
            self.say_elsewhere(&mut doc, name);
        } else {
            self.say_next(&mut doc, name);
        }
        doc
    }

    fn say_elsewhere(&self, doc: &mut Doc, name: &str) {
        for helper in &self.elsewhere {
            if let Some(dir) = helper.parent() {
                doc.text(format!("{} is still there. To remove it:", shown(helper)));
                let dir = dir.display().to_string();
                let line = format!("{name} completion uninstall --dir {{}}");
                doc.command(command(&line, &[&dir]));
            }
        }
    }

    /// What is left to do, with lines to paste.
    fn say_next(&self, doc: &mut Doc, name: &str) {
        let dir = self.directory.display().to_string();
        if self.dry_run {
            doc.text("Nothing was done. To do it:");
            let line = format!("{name} completion install");
            doc.command(if self.named {
                command(&format!("{line} --dir {{}}"), &[&dir])
            } else {
                line
            });
            return;
        }
        let shell = self.shell.as_deref().unwrap_or_default();
        if !self.on_path {
            doc.text(format!(
                "{} is not on your PATH, so kubectl does not find them yet. For this shell:",
                shown(&self.directory)
            ));
            doc.command(match shell {
                "fish" => command("fish_add_path {}", &[&dir]),
                _ => command("export PATH={}:\"$PATH\"", &[&dir]),
            });
        }
        doc.text("kubectl's own completion has to be loaded, if it is not yet:");
        doc.command(match shell {
            "fish" => "kubectl completion fish | source",
            "zsh" => "source <(kubectl completion zsh)",
            "bash" => "source <(kubectl completion bash)",
            "pwsh" | "powershell" => {
                "kubectl completion powershell | Out-String | Invoke-Expression"
            }
            _ => "kubectl completion --help",
        });
        doc.text(format!("Then type: {name} and TAB."));
    }
}

impl Change {
    fn word(self, dry_run: bool) -> &'static str {
        match (self, dry_run) {
            (Self::Linked, false) => "linked",
            (Self::Linked, true) => "would be linked",
            (Self::Relinked, false) => "linked anew",
            (Self::Relinked, true) => "would be linked anew",
            (Self::Unchanged, _) => "linked already",
            (Self::Removed, false) => "removed",
            (Self::Removed, true) => "would be removed",
            (Self::Foreign, _) => "left alone",
        }
    }
}
