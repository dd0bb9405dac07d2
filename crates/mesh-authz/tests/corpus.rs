//! Verdicts of Istio's own compiler and a real Envoy, request by request: `tests/data/authz-corpus`.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../kubectl-mesh-audit-policy/examples/corpus/format.rs"]
mod format;

use std::collections::BTreeMap;

use format::{Case, difference, render, variant_context};
use mesh_authz::validate::validate;
use mesh_authz::{Field, Known, Request, Verdict, compile};

fn cases() -> Vec<Case> {
    let packed = include_bytes!("../../../tests/data/authz-corpus/cases.jsonl.zst");
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    text.lines().map(|line| Case::read(line).unwrap()).collect()
}

#[test]
#[allow(clippy::print_stdout, reason = "the counts are what this test shows")]
fn every_recorded_verdict_is_ours() {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut total = 0;
    for case in cases() {
        let compiled = compile(&case.policies, &case.context);
        for (i, prepared) in case.prepare().unwrap().iter().enumerate() {
            let ours = render(&compiled.evaluate(&prepared.request()), &compiled);
            let mut problems: Vec<String> = difference(&prepared.json["expect"], &ours)
                .into_iter()
                .collect();
            problems.extend(prepared.path_disagreement());
            total += 1;
            for tag in &case.tags {
                let count = counts.entry(tag.clone()).or_default();
                count.0 += usize::from(problems.is_empty());
                count.1 += 1;
            }
            wrong.extend(
                problems
                    .into_iter()
                    .map(|problem| format!("{} request {i}: {problem}", case.id)),
            );
        }
    }
    for (tag, (agree, of)) in &counts {
        println!("{tag:20} {agree:5} of {of:5}");
    }
    println!("all                  {total:5}");
    assert_eq!(total, 15_558);
    assert!(
        wrong.is_empty(),
        "{} disagree:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Where a variant is not recorded, the version decides like 1.28.1.
#[test]
fn every_recorded_variant_is_ours_and_there_are_no_others() {
    let mut recorded = 0;
    for case in cases() {
        for name in ["istio-1.28.10", "headers-joined", "istio-1.26.1"] {
            let context = variant_context(name, &case.context).unwrap();
            let compiled = compile(&case.policies, &context);
            for (i, prepared) in case.prepare().unwrap().iter().enumerate() {
                let variant = prepared
                    .json
                    .pointer("/variants")
                    .and_then(|variants| variants.get(name));
                recorded += usize::from(variant.is_some());
                let expected = variant.unwrap_or(&prepared.json["expect"]);
                let ours = render(&compiled.evaluate(&prepared.request()), &compiled);
                assert_eq!(
                    difference(expected, &ours),
                    None,
                    "{} request {i} {name}",
                    case.id
                );
            }
        }
    }
    assert_eq!(recorded, 26);
}

/// The data's README says that Istio's validation takes every policy.
#[test]
fn no_recorded_policy_is_refused() {
    let mut policies = 0;
    for case in cases() {
        for policy in &case.policies {
            assert_eq!(validate(policy), Vec::<String>::new(), "{}", case.id);
            policies += 1;
        }
    }
    assert_eq!(policies, 772);
}

type Blank = (Field, for<'a> fn(&mut Request<'a>));

/// Each part of a request, taken away.
const BLANKS: [Blank; 11] = [
    (Field::Method, |request| {
        request.method = Known::Unknown;
    }),
    (Field::Host, |request| {
        request.host = Known::Unknown;
    }),
    (Field::Path, |request| {
        request.path = Known::Unknown;
    }),
    (Field::Header, |request| {
        request.headers = mesh_authz::Headers::default();
    }),
    (Field::Principal, |request| {
        request.principal = Known::Unknown;
    }),
    (Field::Claim, |request| {
        request.claims = mesh_authz::Claims::Unknown;
    }),
    (Field::SourceIp, |request| {
        request.source_ip = Known::Unknown;
    }),
    (Field::RemoteIp, |request| {
        request.remote_ip = Known::Unknown;
    }),
    (Field::DestinationIp, |request| {
        request.destination_ip = Known::Unknown;
    }),
    (Field::DestinationPort, |request| {
        request.destination_port = Known::Unknown;
    }),
    (Field::Sni, |request| {
        request.sni = Known::Unknown;
    }),
];

#[test]
#[allow(clippy::print_stdout, reason = "the counts are what this test shows")]
fn a_verdict_without_a_field_is_the_same_or_unknown_because_of_it() {
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases() {
        let compiled = compile(&case.policies, &case.context);
        for (i, prepared) in case.prepare().unwrap().iter().enumerate() {
            let full = prepared.request();
            let verdict = compiled.evaluate(&full).verdict;
            for (field, blank) in BLANKS {
                let mut request = full;
                blank(&mut request);
                match compiled.evaluate(&request).verdict {
                    Verdict::Unknown(fields) => {
                        assert!(
                            fields.iter().eq([field]),
                            "{} request {i}: {fields} for {field:?}",
                            case.id
                        );
                        *unknown.entry(field.name()).or_default() += 1;
                    }
                    known => {
                        assert_eq!(known, verdict, "{} request {i} without {field:?}", case.id);
                    }
                }
            }
        }
    }
    println!("{unknown:#?}");
    assert_eq!(
        unknown.len(),
        BLANKS.len(),
        "a field on which nothing ever hangs: {unknown:?}"
    );
}
