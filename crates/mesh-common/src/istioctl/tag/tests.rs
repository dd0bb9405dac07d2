use proptest::prelude::*;

use super::{Claim, TagEntry, TagRemove, TagSet};
use crate::istioctl::{Captured, Output, Version};

fn said(code: i32, stdout: &str, stderr: &str) -> Output {
    Output {
        code: Some(code),
        stdout: Captured::from(stdout),
        stderr: Captured::from(stderr),
        ..Output::default()
    }
}

fn version() -> Version {
    Version::parse("1.28.1").unwrap()
}

#[test]
fn names_cannot_be_flags() {
    for name in [
        "",
        "-y",
        "--revision",
        "a-",
        "A",
        "a.b",
        "a b",
        "a\n",
        "ä",
        "a/b",
        "$(x)",
        &"a".repeat(64),
    ] {
        assert!(TagSet::new(name, "1-28-1").is_err(), "{name:?}");
        assert!(TagSet::new("stable", name).is_err(), "{name:?}");
        assert!(TagRemove::new(name).is_err(), "{name:?}");
    }
    let set = TagSet::new("stable", "1-28-1").unwrap().overwrite();
    assert_eq!(
        set.argv(),
        [
            "tag",
            "set",
            "stable",
            "--revision",
            "1-28-1",
            "--overwrite"
        ]
    );
    let remove = TagRemove::new(&"a".repeat(63)).unwrap().skip_confirmation();
    assert_eq!(remove.argv()[3], "--skip-confirmation");
}

#[test]
fn no_tags_in_every_wording_is_an_empty_list() {
    for text in [
        "No Istio revision tags found.\n",
        "No Istio revision tag MutatingWebhookConfigurations to list\n",
        "2026-11-21T04:09:05Z\twarn\tsomething\nNo Istio revision tags found.\n",
        "[]\n",
    ] {
        assert_eq!(
            TagEntry::parse_list(&said(0, text, ""), &version()).unwrap(),
            []
        );
    }
}

#[test]
fn an_unknown_list_is_an_error_that_quotes_it() {
    for output in [
        said(0, "", ""),
        said(0, "Everything is fine\u{7}\n", ""),
        said(1, "[]", "Error: no\n"),
        said(0, "{\"tags\": []}", ""),
    ] {
        let error = TagEntry::parse_list(&output, &version()).unwrap_err();
        assert!(error.to_string().contains("1.28.1"), "{error}");
        assert!(!error.to_string().contains('\u{7}'));
    }
    let mut cut = said(0, "[]", "");
    cut.stdout.dropped = 1;
    assert!(TagEntry::parse_list(&cut, &version()).is_err());
}

#[test]
fn claims() {
    let set = TagSet::new("stable", "1-28-1").unwrap();
    let created = "Revision tag \"stable\" created, referencing control plane revision \"1-28-1\". To enable\n";
    let other = created.replace("1-28-1", "1-26-1");
    assert_eq!(set.claim(&said(0, created, "")), Claim::Done);
    assert!(matches!(
        set.claim(&said(0, &other, "")),
        Claim::Unclear { .. }
    ));
    assert!(matches!(
        set.claim(&said(1, created, "")),
        Claim::Unclear { .. }
    ));
    assert!(matches!(set.claim(&said(0, "", "")), Claim::Unclear { said } if said == "nothing"));

    let prompted = set.claim(&said(
        0,
        "Apply anyways? [y/N] ",
        "creating tag\nError [IST0139] overlaps\n",
    ));
    assert_eq!(
        prompted,
        Claim::Prompted {
            why: vec!["Error [IST0139] overlaps".to_owned()]
        }
    );
    assert!(!set.may_have_written(&prompted));
    assert!(
        TagSet::new("default", "1-28-1")
            .unwrap()
            .may_have_written(&prompted)
    );

    let failed = set.claim(&said(1, "", "Error: cannot \u{1b}[1mmodify tag\n"));
    assert_eq!(
        failed,
        Claim::Failed {
            message: "cannot modify tag".to_owned()
        }
    );
    assert!(failed.may_have_written());

    let panicked = set.claim(&said(
        2,
        "",
        "panic: runtime error: index out of range [0] with length 0\n\ngoroutine 1\n",
    ));
    assert!(
        matches!(panicked, Claim::Crashed { message } if message.contains("index out of range"))
    );

    let mut stopped = said(0, created, "");
    stopped.timed_out = true;
    assert_eq!(set.claim(&stopped), Claim::Stopped);

    let remove = TagRemove::new("stable").unwrap();
    assert_eq!(
        remove.claim(&said(0, "Revision tag stable removed\n", "")),
        Claim::Done
    );
    let asked = "Caution, found 2 namespace(s) still injected by tag \"stable\": orders payments\nProceed with operation? [y/N] Aborting operation.\n";
    assert!(matches!(remove.claim(&said(0, asked, "")), Claim::Prompted { why } if why.len() == 1));
}

proptest! {
    #[test]
    fn nothing_panics(code in 0..3i32, stdout in "(\\PC|\n)*", stderr in "(panic: |Error: )?(\\PC|\n)*", name in "\\PC*") {
        let output = said(code, &stdout, &stderr);
        let _ = TagEntry::parse_list(&output, &version());
        let _ = TagSet::new("stable", "1-28-1").unwrap().claim(&output);
        if let Ok(set) = TagSet::new(&name, &name) {
            prop_assert!(!set.argv()[2].starts_with('-'));
        }
    }
}
