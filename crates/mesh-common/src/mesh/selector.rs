//! Label selectors with Kubernetes' own semantics.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// Labels of an object.
pub type Labels = BTreeMap<String, String>;

/// A `metav1.LabelSelector`: all labels and all expressions must hold; empty selects everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Selector {
    /// Labels that must be there with this value.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "null_as_default"
    )]
    pub match_labels: Labels,
    /// Further requirements.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "null_as_default"
    )]
    pub match_expressions: Vec<Requirement>,
}

/// One `metav1.LabelSelectorRequirement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The label's key.
    pub key: String,
    /// How it is compared.
    pub operator: Operator,
    /// The values for `In` and `NotIn`.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "null_as_default"
    )]
    pub values: Vec<String>,
}

/// The operators of a label selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// The label is there and has one of the values.
    In,
    /// The label is absent, or has none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

impl Requirement {
    /// Reads a selector as kubectl takes it: `team=payments,env!=dev,tier in (a,b),!legacy,app`.
    ///
    /// # Errors
    /// What is not one, naming the part that is not (`apimachinery/pkg/labels/selector.go` is the grammar).
    pub fn parse_all(text: &str) -> crate::error::Result<Vec<Self>> {
        let mut parts = vec![String::new()];
        let mut depth = 0_u32;
        for c in text.chars() {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    parts.push(String::new());
                    continue;
                }
                _ => {}
            }
            if let Some(last) = parts.last_mut() {
                last.push(c);
            }
        }
        parts
            .iter()
            .map(|part| {
                Self::parse(part.trim()).ok_or_else(|| {
                    crate::error::Error::new(
                        crate::error::Kind::Usage,
                        format!(
                            "{:?} is not a label selector",
                            crate::output::clean(part.trim(), 80)
                        ),
                    )
                    .hint("as kubectl takes it: team=payments,env!=dev,tier in (a,b),!legacy")
                })
            })
            .collect()
    }

    fn parse(part: &str) -> Option<Self> {
        let is_key = |key: &str| {
            !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
        };
        let made = |key: &str, operator, values: Vec<String>| {
            is_key(key.trim()).then(|| Self {
                key: key.trim().to_owned(),
                operator,
                values,
            })
        };
        let one = |value: &str| vec![value.trim().to_owned()];
        if let Some((key, set)) = part
            .split_once(" notin ")
            .or_else(|| part.split_once(" in "))
        {
            let inner = set.trim().strip_prefix('(')?.strip_suffix(')')?;
            let values = inner.split(',').map(|v| v.trim().to_owned()).collect();
            let operator = if part.contains(" notin ") {
                Operator::NotIn
            } else {
                Operator::In
            };
            return made(key, operator, values);
        }
        if let Some((key, value)) = part.split_once("!=") {
            return made(key, Operator::NotIn, one(value));
        }
        if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
            return made(key, Operator::In, one(value));
        }
        match part.strip_prefix('!') {
            Some(key) => made(key, Operator::DoesNotExist, Vec::new()),
            None => made(part, Operator::Exists, Vec::new()),
        }
    }

    /// Whether these labels satisfy it (`apimachinery/pkg/labels/selector.go`, `Requirement.Matches`).
    pub fn matches(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In => value.is_some_and(|v| self.values.contains(v)),
            Operator::NotIn => value.is_none_or(|v| !self.values.contains(v)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

impl Selector {
    /// Whether these labels satisfy all of it.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.match_labels
            .iter()
            .all(|(k, v)| labels.get(k) == Some(v))
            && self.match_expressions.iter().all(|r| r.matches(labels))
    }

    /// The first requirement that these labels do not satisfy.
    pub fn refusal(&self, labels: &Labels) -> Option<Requirement> {
        self.requirements().find(|r| !r.matches(labels))
    }

    /// All requirements, labels first.
    pub fn requirements(&self) -> impl Iterator<Item = Requirement> + '_ {
        self.match_labels
            .iter()
            .map(|(key, value)| Requirement {
                key: key.clone(),
                operator: Operator::In,
                values: vec![value.clone()],
            })
            .chain(self.match_expressions.iter().cloned())
    }

    /// Whether it selects everything.
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }
}

impl fmt::Display for Requirement {
    /// As kubectl writes it: `istio.io/rev in (stable)`, `!istio-injection`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.join(",");
        match self.operator {
            Operator::In if self.values.len() == 1 => write!(f, "{}={values}", self.key),
            Operator::In => write!(f, "{} in ({values})", self.key),
            Operator::NotIn if self.values.len() == 1 => write!(f, "{}!={values}", self.key),
            Operator::NotIn => write!(f, "{} notin ({values})", self.key),
            Operator::Exists => f.write_str(&self.key),
            Operator::DoesNotExist => write!(f, "!{}", self.key),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for requirement in self.requirements() {
            if !first {
                f.write_str(",")?;
            }
            first = false;
            write!(f, "{requirement}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_as_kubectl_takes_them() {
        let labels: Labels = [("team", "payments"), ("env", "prod")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into();
        let cases = [
            ("team=payments", Some(true)),
            ("team==payments,env!=dev", Some(true)),
            ("team in (orders, payments)", Some(true)),
            ("team notin (orders,payments)", Some(false)),
            ("env,!legacy", Some(true)),
            ("legacy", Some(false)),
            ("missing!=x", Some(true)),
            ("", None),
            ("team in payments", None),
            ("te am=x", None),
            ("a=b,,c=d", None),
        ];
        for (text, want) in cases {
            let got = Requirement::parse_all(text)
                .ok()
                .map(|all| all.iter().all(|r| r.matches(&labels)));
            assert_eq!(got, want, "{text:?}");
        }
    }
}
