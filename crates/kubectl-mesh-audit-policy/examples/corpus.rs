//! Judges recorded verdicts: `cargo run --release -p kubectl-mesh-audit-policy --example corpus -- cases.jsonl…`
//!
//! Prints agreement, counts for each tag, every disagreement and how many requests one core judges in a second.
//! Exits 0 only if all agree. Files may be compressed with zstd.

#![allow(clippy::print_stdout, reason = "it prints")]

#[path = "corpus/format.rs"]
mod format;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use format::{Case, Prepared, difference, render, variant_context};
use mesh_authz::policy::DryRun;
use mesh_authz::{Action, AuthorizationPolicy, Compiled, Request, compile};

/// How long each rate is measured.
const MEASURED: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Tally {
    agree: usize,
    of: usize,
}

impl Tally {
    fn count(&mut self, agrees: bool) {
        self.agree += usize::from(agrees);
        self.of += 1;
    }
}

#[derive(Default)]
struct Report {
    total: Tally,
    variants: Tally,
    tags: BTreeMap<String, Tally>,
    disagreements: Vec<String>,
}

impl Report {
    fn judge(&mut self, case: &Case) -> Result<(), String> {
        let compiled = compile(&case.policies, &case.context);
        for (i, prepared) in case.prepare()?.iter().enumerate() {
            let request = prepared.request();
            let ours = render(&compiled.evaluate(&request), &compiled);
            let expected = prepared
                .json
                .get("expect")
                .ok_or("a request without expect")?;
            let mut problems: Vec<String> = difference(expected, &ours).into_iter().collect();
            if !problems.is_empty() {
                problems.push(compiled.explain(&request).to_string());
            }
            problems.extend(prepared.path_disagreement());
            self.total.count(problems.is_empty());
            for tag in &case.tags {
                self.tags
                    .entry(tag.clone())
                    .or_default()
                    .count(problems.is_empty());
            }
            problems.extend(self.variants(case, prepared)?);
            self.disagreements.extend(
                problems
                    .into_iter()
                    .map(|problem| format!("{} request {i}: {problem}", case.id)),
            );
        }
        Ok(())
    }

    fn variants(&mut self, case: &Case, prepared: &Prepared<'_>) -> Result<Vec<String>, String> {
        let mut problems = Vec::new();
        let variants = prepared
            .json
            .get("variants")
            .and_then(|variants| variants.as_object());
        for (name, expected) in variants.into_iter().flatten() {
            let compiled = compile(&case.policies, &variant_context(name, &case.context)?);
            let ours = render(&compiled.evaluate(&prepared.request()), &compiled);
            let problem = difference(expected, &ours).map(|problem| format!("{name}: {problem}"));
            self.variants.count(problem.is_none());
            problems.extend(problem);
        }
        Ok(problems)
    }

    fn print(&self) {
        let line = |name: &str, Tally { agree, of }: &Tally| {
            println!(
                "{name:24} {agree:7} of {of:7}{}",
                if agree == of { "" } else { "  DISAGREE" }
            );
        };
        self.tags.iter().for_each(|(tag, tally)| line(tag, tally));
        for disagreement in &self.disagreements {
            println!("{disagreement}");
        }
        line("all variants", &self.variants);
        line("all requests", &self.total);
    }
}

/// How long this thread has run on a processor, where Linux tells; else the time of day.
fn ran(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told
        .as_deref()
        .and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Requests per second of one core's time.
fn rate(sets: &[(&Compiled, Vec<Request<'_>>)]) -> f64 {
    let requests: usize = sets.iter().map(|(_, requests)| requests.len()).sum();
    if requests == 0 {
        return 0.0;
    }
    let mut judged = 0_u32;
    let start = Instant::now();
    let before = ran(start);
    while ran(start).saturating_sub(before) < MEASURED {
        for (compiled, requests) in sets {
            for request in requests {
                black_box(compiled.evaluate(black_box(request)));
            }
        }
        judged += u32::try_from(requests).unwrap_or(u32::MAX);
    }
    f64::from(judged) / ran(start).saturating_sub(before).as_secs_f64()
}

/// Policies of many cases on one workload. Those that match everything are left out: they would end each verdict.
fn together(cases: &[Case], count: usize) -> Vec<AuthorizationPolicy> {
    let fits = |policy: &AuthorizationPolicy| {
        let rules = &policy.spec.rules;
        policy.dry_run == DryRun::No
            && matches!(policy.spec.action, Action::Allow | Action::Deny)
            && !rules.is_empty()
            && rules
                .iter()
                .flatten()
                .all(|rule| !rule.from.is_empty() || !rule.to.is_empty() || !rule.when.is_empty())
    };
    let all: Vec<&AuthorizationPolicy> = cases
        .iter()
        .flat_map(|case| &case.policies)
        .filter(|policy| fits(policy))
        .collect();
    let step = (all.len() / count).max(1);
    let numbered = all.into_iter().step_by(step).take(count).enumerate();
    numbered
        .map(|(i, policy)| {
            let mut policy = policy.clone();
            "foo".clone_into(&mut policy.namespace);
            policy.name = format!("p{i:03}");
            policy.spec.selector = None;
            policy.spec.target_ref = None;
            policy.spec.target_refs = Vec::new();
            policy
        })
        .collect()
}

fn speed(cases: &[Case]) -> Result<(), String> {
    let compiled: Vec<Compiled> = cases
        .iter()
        .map(|case| compile(&case.policies, &case.context))
        .collect();
    let prepared: Vec<Vec<Prepared<'_>>> =
        cases.iter().map(Case::prepare).collect::<Result<_, _>>()?;
    let requests = |prepared: &'_ [Prepared<'_>]| prepared.len();
    let total: usize = prepared.iter().map(|prepared| requests(prepared)).sum();
    let sets: Vec<(&Compiled, Vec<Request<'_>>)> = compiled
        .iter()
        .zip(&prepared)
        .map(|(compiled, prepared)| (compiled, prepared.iter().map(Prepared::request).collect()))
        .collect();
    println!(
        "{:>10.0} requests/s, each case's own policies ({total} requests)",
        rate(&sets)
    );
    let Some(case) = cases.iter().find(|case| !case.policies.is_empty()) else {
        return Ok(());
    };
    for count in [1, 20, 500] {
        let policies = together(cases, count);
        let compiled = compile(&policies, &case.context);
        let all = prepared.iter().flatten().map(Prepared::request).collect();
        println!(
            "{:>10.0} requests/s, {} policies",
            rate(&[(&compiled, all)]),
            policies.len()
        );
    }
    Ok(())
}

fn run() -> Result<bool, String> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        return Err("name files of recorded verdicts".to_owned());
    }
    let mut cases = Vec::new();
    for file in &files {
        let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
        let packed = bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
        let bytes = if packed {
            zstd::decode_all(bytes.as_slice()).map_err(|error| error.to_string())?
        } else {
            bytes
        };
        let text = String::from_utf8(bytes).map_err(|error| format!("{file}: {error}"))?;
        for (i, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            cases
                .push(Case::read(line).map_err(|error| format!("{file} line {}: {error}", i + 1))?);
        }
    }
    let mut report = Report::default();
    for case in &cases {
        report
            .judge(case)
            .map_err(|error| format!("case {}: {error}", case.id))?;
    }
    report.print();
    speed(&cases)?;
    Ok(report.disagreements.is_empty() && report.total.of > 0)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::from(2)
        }
    }
}
