//! Every rule finds its positive example and not its negative one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::super::{
    Context, Document, Place, Rule, Rules,
    file::name,
    files::{EXAMPLES, FILES},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    yes: Example,
    no: Example,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    value: Value,
    /// The first of the rule's kinds unless another is meant.
    kind: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    mesh: Value,
    /// The fields that are found, sorted.
    #[serde(default)]
    fields: Vec<String>,
}

impl Example {
    fn fields(&self, rules: &Rules, rule: &Rule) -> Vec<String> {
        let kind = self.kind.as_ref().or(rule.kinds.first());
        let document = Document {
            place: rule.place,
            kind: kind.map_or("Pod", String::as_str),
            object: "object",
            value: &self.value,
        };
        let context = Context {
            env: vec![self.env.clone()],
            mesh: vec![self.mesh.clone()],
        };
        let hits = rules.check(&document, &context);
        let mut fields: Vec<_> = hits
            .filter(|hit| hit.rule.id == rule.id)
            .map(|hit| hit.field)
            .collect();
        fields.sort();
        fields
    }
}

#[test]
fn every_rule_finds_its_examples() {
    let rules = Rules::all().unwrap();
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for &(minor, text) in EXAMPLES {
        let examples: BTreeMap<String, Examples> = serde_saphyr::from_str(text)
            .unwrap_or_else(|e| panic!("tests/{}.yaml: {e}", name(minor)));
        for (id, examples) in examples {
            let id = format!("{}/{id}", name(minor));
            let Some(rule) = rules.iter().find(|rule| rule.id == id) else {
                wrong.push(format!("{id}: examples of no rule"));
                continue;
            };
            let found = examples.yes.fields(&rules, rule);
            if found != examples.yes.fields || found.is_empty() {
                wrong.push(format!("{id}: yes: found {found:?}"));
            }
            let found = examples.no.fields(&rules, rule);
            if !found.is_empty() {
                wrong.push(format!("{id}: no: found {found:?}"));
            }
            for path in &rule.main.what {
                // Each spelling of a field is worth an example, else a typing error goes unseen.
                let mut tried = false;
                let value = &examples.yes.value;
                path.walk(value, &mut Vec::new(), &mut |_, _| tried = true);
                if !tried && !rule.main.absent && rule.at.is_none() {
                    wrong.push(format!("{id}: yes: nothing at {}", path.text()));
                }
            }
            known.insert(id);
        }
    }
    for rule in rules.iter().filter(|rule| !known.contains(&rule.id)) {
        wrong.push(format!("{}: no examples", rule.id));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_are_well_kept() {
    let rules = Rules::all().unwrap();
    let mut seen = BTreeSet::new();
    for rule in rules.iter() {
        let id = &rule.id;
        assert!(seen.insert(id), "{id} twice");
        let path = rule.source.trim_start_matches("istio/api ");
        let number = rule.source.strip_prefix('#').map(str::parse::<u32>);
        assert!(
            matches!(number, Some(Ok(_))) || (path.contains('/') && !path.contains(' ')),
            "{id}: {} is neither a path nor a number",
            rule.source
        );
        for text in [&rule.why, &rule.todo] {
            assert!(text.len() < 420, "{id}: too long for a finding: {text}");
        }
        assert!(
            rule.why.ends_with('.'),
            "{id}: why is sentences: {}",
            rule.why
        );
        if rule.place == Place::Values {
            let charts = [
                "base",
                "istiod",
                "cni",
                "ztunnel",
                "gateway",
                "IstioOperator",
            ];
            for kind in &rule.kinds {
                assert!(charts.contains(&kind.as_str()), "{id}: {kind} is no chart");
            }
        }
    }
}

#[test]
fn every_release_has_a_file() {
    let releases: Vec<u64> = FILES.iter().map(|(minor, _)| *minor).collect();
    assert_eq!(releases, [0].into_iter().chain(20..=30).collect::<Vec<_>>());
    let examples: Vec<u64> = EXAMPLES.iter().map(|(minor, _)| *minor).collect();
    assert_eq!(examples, releases);
}
