//! Policies, as Istio compiles them for one port of one workload.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::{Index, RuleId};
use crate::policy::{Action, AuthorizationPolicy, DryRun};

mod ambient;
mod condition;
mod context;
mod envoy;
mod select;
mod trust;
mod values;

pub use context::{
    Context, Kind, Mesh, Note, Protocol, Provider, ProviderKind, RepeatedHeaders, RuleRef, Service,
    Workload,
};

pub(crate) use condition::{AmbientTest, Clause, Cond, HeaderName, Paths, Repeats, Rule, Test};

/// Where a condition comes from, for explanations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The field as the policy writes it: `notPaths`, `when request.headers[x]`.
    pub(crate) field: String,
    /// True if the values are those that must not match.
    pub(crate) not: bool,
    /// The values as the policy has them.
    pub(crate) values: Vec<String>,
}

/// The rules of one action, in the order in which the proxy reports them.
#[derive(Debug, Clone, Default)]
pub(crate) struct RuleSet {
    pub(crate) rules: Vec<Rule>,
    pub(crate) index: Option<Index>,
}

/// The rules of CUSTOM policies that one filter has.
#[derive(Debug, Clone)]
pub(crate) struct CustomSet {
    pub(crate) rules: RuleSet,
    /// Matching requests are refused, since no provider can be asked.
    pub(crate) misconfigured: bool,
}

/// Policies, ready to judge requests.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    pub(crate) custom: Vec<CustomSet>,
    pub(crate) audit: Option<RuleSet>,
    pub(crate) deny: Option<RuleSet>,
    pub(crate) deny_shadow: Option<RuleSet>,
    pub(crate) allow: Option<RuleSet>,
    pub(crate) allow_shadow: Option<RuleSet>,
    pub(crate) unclear: bool,
    pub(crate) repeated_headers: RepeatedHeaders,
    pub(crate) refs: Vec<RuleRef>,
    pub(crate) origins: Vec<Origin>,
    notes: Vec<Note>,
}

impl Compiled {
    /// The rule behind an id of a decision.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> Option<&RuleRef> {
        self.refs.get(id.0 as usize)
    }

    /// What a reader of the policies would not expect.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// True if no verdict can be known, whatever the request: see the notes.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        self.unclear
    }
}

/// Which of the sets a rule goes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Custom(String),
    Audit,
    Deny,
    DenyShadow,
    Allow,
    AllowShadow,
}

/// Collects rules while policies are compiled.
struct Builder<'a> {
    context: &'a Context,
    compiled: Compiled,
    slots: BTreeMap<Slot, Vec<(String, Rule)>>,
}

/// Compiles those of the policies that apply. Their order does not count.
#[must_use]
pub fn compile<'a>(
    policies: impl IntoIterator<Item = &'a AuthorizationPolicy>,
    context: &Context,
) -> Compiled {
    let mut builder = Builder {
        context,
        compiled: Compiled {
            repeated_headers: context.repeated_headers,
            ..Compiled::default()
        },
        slots: BTreeMap::new(),
    };
    for policy in policies {
        match select::selects(policy, context) {
            Ok(true) => builder.add(policy),
            Ok(false) => {}
            Err(why) => builder.unclear(policy, why),
        }
    }
    builder.finish()
}

impl Builder<'_> {
    fn unclear(&mut self, policy: &AuthorizationPolicy, why: impl Into<String>) {
        self.compiled.unclear = true;
        self.compiled.notes.push(Note::Unclear {
            namespace: policy.namespace.clone(),
            name: policy.name.clone(),
            why: why.into(),
        });
    }

    fn ignored(&mut self, policy: &AuthorizationPolicy, why: &str) {
        self.compiled.notes.push(Note::PolicyIgnored {
            namespace: policy.namespace.clone(),
            name: policy.name.clone(),
            why: why.to_owned(),
        });
    }

    /// The set that the policy's rules go to, or `None` if it has no effect.
    fn slot(&mut self, policy: &AuthorizationPolicy) -> Option<Slot> {
        let dry_run = policy.dry_run == DryRun::Yes;
        if self.context.workload.kind == Kind::Ztunnel {
            return ambient::slot(policy, self.context).map_or_else(
                |why| {
                    self.ignored(policy, why);
                    None
                },
                Some,
            );
        }
        Some(match policy.spec.action {
            Action::Allow if dry_run => Slot::AllowShadow,
            Action::Allow => Slot::Allow,
            Action::Deny if dry_run => Slot::DenyShadow,
            Action::Deny => Slot::Deny,
            Action::Audit if dry_run => {
                self.ignored(policy, "a dry run of AUDIT shows nothing");
                return None;
            }
            Action::Audit => Slot::Audit,
            Action::Custom if dry_run => {
                // 1.30 and later put such rules where they deny; before, nothing ever matches.
                if self.context.version.separates_providers() {
                    self.unclear(
                        policy,
                        "a dry run of CUSTOM: this version enforces its rules in a way of its own",
                    );
                } else {
                    self.ignored(policy, "a dry run of CUSTOM never asks the provider");
                }
                return None;
            }
            Action::Custom => {
                let provider = policy
                    .spec
                    .provider
                    .as_ref()
                    .map(|provider| provider.name.clone());
                Slot::Custom(provider.unwrap_or_default())
            }
        })
    }

    fn add(&mut self, policy: &AuthorizationPolicy) {
        let Some(slot) = self.slot(policy) else {
            return;
        };
        // The set exists even if no rule of it does: an ALLOW policy without rules denies.
        self.slots.entry(slot.clone()).or_default();
        for (index, rule) in policy.spec.rules.iter().enumerate() {
            let reference = RuleRef {
                namespace: policy.namespace.clone(),
                name: policy.name.clone(),
                index,
            };
            let Some(rule) = rule else {
                self.skip(reference, "the rule is null");
                continue;
            };
            let clauses = if self.context.workload.kind == Kind::Ztunnel {
                ambient::clauses(self, policy, &reference, rule)
            } else {
                envoy::clauses(self, policy, &reference, rule)
            };
            match clauses {
                Ok(clauses) => {
                    let key = format!(
                        "ns[{}]-policy[{}]-rule[{index}]",
                        policy.namespace, policy.name
                    );
                    // A u32 counts more rules than memory holds.
                    let id = RuleId(u32::try_from(self.compiled.refs.len()).unwrap_or(u32::MAX));
                    self.compiled.refs.push(reference);
                    self.slots
                        .entry(slot.clone())
                        .or_default()
                        .push((key, Rule { id, clauses }));
                }
                Err(condition::Failure::Skip(why)) => self.skip(reference, why),
                Err(condition::Failure::Unclear(why)) => self.unclear(policy, why),
            }
        }
    }

    fn skip(&mut self, rule: RuleRef, why: impl Into<String>) {
        self.compiled.notes.push(Note::RuleSkipped {
            rule,
            why: why.into(),
        });
    }

    fn drop_field(&mut self, rule: &RuleRef, field: &str, why: &str) {
        let (rule, field, why) = (rule.clone(), field.to_owned(), why.to_owned());
        let note = Note::FieldDropped { rule, field, why };
        if !self.compiled.notes.contains(&note) {
            self.compiled.notes.push(note);
        }
    }

    fn origin(&mut self, origin: Origin) -> u32 {
        let at = self.compiled.origins.len();
        self.compiled.origins.push(origin);
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn finish(mut self) -> Compiled {
        let mut take = |slot: &Slot| self.slots.remove(slot).map(RuleSet::sorted);
        self.compiled.audit = take(&Slot::Audit);
        self.compiled.deny = take(&Slot::Deny);
        self.compiled.deny_shadow = take(&Slot::DenyShadow);
        self.compiled.allow = take(&Slot::Allow);
        self.compiled.allow_shadow = take(&Slot::AllowShadow);
        let custom: BTreeMap<String, Vec<(String, Rule)>> = self
            .slots
            .into_iter()
            .filter_map(|(slot, rules)| match slot {
                Slot::Custom(provider) => Some((provider, rules)),
                _ => None,
            })
            .collect();
        self.compiled.custom = custom_sets(custom, self.context);
        self.compiled
    }
}

impl RuleSet {
    /// Sorts by the names that Istio gives the rules, which is the order of Envoy's map.
    fn sorted(mut rules: Vec<(String, Rule)>) -> Self {
        rules.sort_by(|(a, _), (b, _)| a.cmp(b));
        let rules: Vec<Rule> = rules.into_iter().map(|(_, rule)| rule).collect();
        Self {
            index: Index::new(&rules),
            rules,
        }
    }
}

/// One filter for all CUSTOM policies up to 1.29, one for each provider from 1.30 on.
fn custom_sets(
    providers: BTreeMap<String, Vec<(String, Rule)>>,
    context: &Context,
) -> Vec<CustomSet> {
    let several = providers.len() > 1;
    let tcp = context.workload.protocol == Protocol::Tcp;
    let kind_of = |name: &str| {
        let mut of_name = context
            .mesh
            .providers
            .iter()
            .filter(|provider| provider.name == name);
        match (of_name.next(), of_name.next()) {
            (Some(provider), None) if !name.is_empty() => provider.kind,
            _ => ProviderKind::Invalid,
        }
    };
    if context.version.separates_providers() {
        let refused = several && !context.mesh.several_providers;
        return providers
            .into_iter()
            .filter_map(|(name, rules)| {
                let kind = kind_of(&name);
                if !refused && tcp && kind == ProviderKind::Http {
                    return None;
                }
                let misconfigured = refused || kind == ProviderKind::Invalid;
                Some(CustomSet {
                    rules: RuleSet::sorted(rules),
                    misconfigured,
                })
            })
            .collect();
    }
    let kinds: BTreeSet<_> = providers.keys().map(|name| kind_of(name) as u8).collect();
    let misconfigured = several || kinds.contains(&(ProviderKind::Invalid as u8));
    if providers.is_empty() || !misconfigured && tcp && kinds.contains(&(ProviderKind::Http as u8))
    {
        return Vec::new();
    }
    let rules = providers.into_values().flatten().collect();
    vec![CustomSet {
        rules: RuleSet::sorted(rules),
        misconfigured,
    }]
}
