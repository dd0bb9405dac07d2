//! Where our list and istioctl's differ, and why.

/// What only one of the two shows, as `tag revision namespaces`, and why. `-` is no tag.
pub(crate) struct Difference {
    pub(crate) versions: &'static [&'static str],
    pub(crate) case: &'static str,
    pub(crate) ours: &'static [&'static str],
    pub(crate) theirs: &'static [&'static str],
    pub(crate) why: &'static str,
}

/// Every recorded version.
pub(crate) const ALL: &[&str] = &["1.20.8", "1.26.1", "1.28.1"];
const OLDEST: &[&str] = &["1.20.8"];
const LATER: &[&str] = &["1.26.1", "1.28.1"];

const UNTAGGED: &str = "before 1.22 istioctl lists no revision without a tag; we always do";
const BY_NAME: &str = "a revision that namespaces name past its tag has a row of its own: they would not move with the tag";
const INJECTION: &str = "istio-injection=enabled asks for the default injector too; istioctl looks at istio.io/rev only";
const BOTH: &str =
    "before 1.22 no revision without a tag; and istio-injection=enabled is not looked at";
const SERVICES: &str =
    "before 1.28 istioctl looks at no Service; what a later one made is there all the same";
const SERVICES_AND_NAME: &str =
    "before 1.28 no Service; and a revision named past its tag has no row";

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        versions: OLDEST,
        case: "both-tags-one-revision",
        ours: &["- 1-26-1 "],
        theirs: &[],
        why: UNTAGGED,
    },
    Difference {
        versions: OLDEST,
        case: "default-after-unrevisioned",
        ours: &["- 1-28-1 ", "- default ", "default 1-26-1 legacy"],
        theirs: &["default 1-26-1 "],
        why: BOTH,
    },
    Difference {
        versions: LATER,
        case: "default-after-unrevisioned",
        ours: &["default 1-26-1 legacy"],
        theirs: &["default 1-26-1 "],
        why: INJECTION,
    },
    Difference {
        versions: OLDEST,
        case: "default-tag",
        ours: &["- 1-28-1 ", "default 1-26-1 legacy"],
        theirs: &["default 1-26-1 "],
        why: BOTH,
    },
    Difference {
        versions: LATER,
        case: "default-tag",
        ours: &["default 1-26-1 legacy"],
        theirs: &["default 1-26-1 "],
        why: INJECTION,
    },
    Difference {
        versions: ALL,
        case: "mesh",
        ours: &["- 1-26-1 users"],
        theirs: &[],
        why: BY_NAME,
    },
    Difference {
        versions: OLDEST,
        case: "revision-service-without-webhook",
        ours: &["- 1-26-1 ", "- 1-28-1 ", "- 1-29-0 "],
        theirs: &[],
        why: UNTAGGED,
    },
    Difference {
        versions: &["1.26.1"],
        case: "revision-service-without-webhook",
        ours: &["- 1-29-0 "],
        theirs: &[],
        why: SERVICES,
    },
    Difference {
        versions: &["1.26.1"],
        case: "service-of-tag-without-webhook",
        ours: &["- 1-26-1 users", "spare 1-26-1 "],
        theirs: &[],
        why: SERVICES_AND_NAME,
    },
    Difference {
        versions: &["1.28.1"],
        case: "service-of-tag-without-webhook",
        ours: &["- 1-26-1 users"],
        theirs: &[],
        why: BY_NAME,
    },
    Difference {
        versions: OLDEST,
        case: "two-untagged",
        ours: &["- 1-26-1 ", "- 1-28-1 "],
        theirs: &[],
        why: UNTAGGED,
    },
    Difference {
        versions: OLDEST,
        case: "forbidden-reader",
        ours: &["- 1-26-1 ", "- 1-28-1 "],
        theirs: &[],
        why: UNTAGGED,
    },
    Difference {
        versions: OLDEST,
        case: "unrevisioned-and-two",
        ours: &["- 1-26-1 ", "- 1-28-1 ", "- default legacy"],
        theirs: &[],
        why: UNTAGGED,
    },
    Difference {
        versions: LATER,
        case: "unrevisioned-and-two",
        ours: &["- default legacy"],
        theirs: &["- default "],
        why: INJECTION,
    },
    Difference {
        versions: OLDEST,
        case: "untagged-revision",
        ours: &["- 1-26-1 "],
        theirs: &[],
        why: UNTAGGED,
    },
];
