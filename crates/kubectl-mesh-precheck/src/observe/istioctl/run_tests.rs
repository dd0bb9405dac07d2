//! A script in the place of istioctl, and no cluster: what it is asked, and what comes of it.

use std::{fs, path::PathBuf, process::Command};

use mesh_common::{ctx::GlobalArgs, istioctl::Message, output::Printer};
use tempfile::TempDir;

use super::*;
use crate::{facts::Target as To, made::facts, support::Support};

const KUBECONFIG: &str = "
apiVersion: v1
kind: Config
current-context: prod
contexts: [{name: prod, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: u, user: {token: t}}]
";

/// A directory with a kubeconfig and a script that answers as istioctl of this version.
struct Sandbox(TempDir);

impl Sandbox {
    fn new(version: &str, precheck: &str, analyze: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("config"), KUBECONFIG).unwrap();
        let body = format!(
            "#!/bin/sh\n\
             echo \"$@\" >> \"$0.asked\"\n\
             case \"$1\" in\n\
             version) echo '{{\"clientVersion\": {{\"version\": \"{version}\", \"tag\": \"\"}}}}' ;;\n\
             x) {precheck} ;;\n\
             analyze) {analyze} ;;\n\
             esac\n"
        );
        // Through a child: a file that this process had open for writing could be busy when it is run.
        let write = "cat > \"$1\" <<'SCRIPT'\n".to_owned() + &body + "SCRIPT\nchmod 755 \"$1\"";
        let path = dir.path().join("istioctl");
        let made = Command::new("sh")
            .args(["-c", &write, "sh"])
            .arg(&path)
            .status();
        assert!(made.unwrap().success());
        Self(dir)
    }

    fn istioctl(&self) -> PathBuf {
        self.0.path().join("istioctl")
    }

    /// What comes of asking it for 1.28.1.
    fn asked(&self, to: &str) -> Known<Word> {
        let mut args = GlobalArgs::default();
        args.cluster.kubeconfig = Some(self.0.path().join("config"));
        args.cluster.istio_namespace = "istio-system".into();
        let ctx = Ctx::with_printer(
            "kubectl mesh-precheck",
            args,
            Printer::for_test(None, false, false),
        );
        let mesh = facts().mesh;
        let upgrade = Upgrade::of(&mesh, To::parse(to), &Support::read(None).unwrap());
        let args = IstioctlArgs {
            istioctl: Some(self.istioctl()),
            ..IstioctlArgs::default()
        };
        let istiods = mesh.istiods.get().map(Vec::as_slice);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(ask(&ctx, &args, &upgrade, istiods, &[]))
    }

    fn argv(&self) -> Vec<String> {
        let text = fs::read_to_string(self.0.path().join("istioctl.asked")).unwrap();
        let mut all: Vec<_> = text
            .lines()
            .map(|l| l.split(" --kubeconfig ").next().unwrap_or(l).to_owned())
            .collect();
        all.sort();
        all
    }
}

fn said(word: Known<Word>) -> Said {
    match word {
        Known::Known(Word::Asked(said)) => *said,
        other => panic!("{other:?}"),
    }
}

fn codes(answer: &Answer) -> Vec<&str> {
    let messages: &[Message] = &answer.as_ref().unwrap().messages;
    messages.iter().map(|m| m.code.as_str()).collect()
}

#[test]
fn the_istioctl_of_the_target_is_asked_both() {
    let sandbox = Sandbox::new(
        "1.28.1",
        "echo '✔ No issues found when checking the cluster. Fine!' >&2",
        "echo 'a log line'; echo '[{\"code\":\"IST0101\",\"level\":\"Error\",\"message\":\"m\"}]'",
    );
    let said = said(sandbox.asked("1.28.1"));
    assert_eq!(
        (said.name.as_str(), said.another),
        ("istioctl 1.28.1", false)
    );
    assert_eq!(codes(&said.precheck), Vec::<&str>::new());
    assert_eq!(codes(&said.analyze), ["IST0101"]);
    assert_eq!(
        sandbox.argv(),
        [
            "analyze -A -o json",
            "version --remote=false -o json",
            "x precheck -o json --output-threshold Info --from-version 1.26 --revision 1-26-1",
        ]
    );
}

#[test]
fn an_answer_larger_than_a_mebibyte_is_read() {
    let sandbox = Sandbox::new(
        "1.28.1",
        "exit 1",
        "echo '['; yes '{\"code\":\"IST0102\",\"level\":\"Info\",\"message\":\"m\"},' | head -n 60000; \
         echo '{\"code\":\"IST0101\",\"level\":\"Error\",\"message\":\"m\"}]'",
    );
    let said = said(sandbox.asked("1.28.1"));
    assert_eq!(codes(&said.analyze).len(), 60_001);
    assert_eq!(
        said.precheck,
        Err(NoAnswer::Failed("exit 1, and said: nothing".into()))
    );
}

#[test]
fn one_that_does_not_fit_is_not_asked() {
    let sandbox = Sandbox::new("1.26.1", "exit 70", "exit 70");
    for (to, needed, install) in [
        ("1.28.1", "istioctl 1.28.1 is needed", "install 1.28.1"),
        ("1.28", "an istioctl 1.28 is needed", "install 1.28.0"),
    ] {
        let Known::Known(Word::Missing { why, seen, hint }) = sandbox.asked(to) else {
            panic!("{to}")
        };
        assert!(why.ends_with(needed), "{why}");
        assert!(seen[0].contains("1.26.1"), "{seen:?}");
        assert!(
            hint.ends_with(&format!("\nkubectl mesh-istioctl {install}")),
            "{hint}"
        );
    }
    assert_eq!(sandbox.argv(), ["version --remote=false -o json"; 2]);
    // Any patch of the minor does where no patch is known.
    assert_eq!(said(sandbox.asked("1.26")).name, "istioctl 1.26.1");
    fs::remove_file(sandbox.istioctl()).unwrap();
    let Known::Known(Word::Missing { why, seen, .. }) = sandbox.asked("1.28.1") else {
        panic!("missing")
    };
    assert!(
        why.starts_with("the istioctl given by --istioctl does not exist"),
        "{why}"
    );
    assert!(seen.is_empty());
}
