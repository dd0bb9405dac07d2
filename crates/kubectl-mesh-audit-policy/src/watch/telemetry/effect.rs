//! Which access logs proxies write: `mergeLogs` and `AccessLogging` of `pilot/pkg/model/telemetry.go`, and
//! `pilot/pkg/networking/core/accesslog.go` where nothing is left of them (the same at 1.20.8, 1.22.8, 1.24.6, 1.26.1
//! and 1.28.1). Telemetries are taken from the root namespace to the workload; each says which providers log, and one
//! that says so replaces those before it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::settings::{Format, STDOUT, Settings};

/// Which side of a connection is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Mode {
    /// What a sidecar or a waypoint lets in.
    Server,
    /// What a sidecar sends; a gateway logs everything so.
    Client,
}

impl Mode {
    fn word(self) -> &'static str {
        match self {
            Self::Server => "SERVER",
            Self::Client => "CLIENT",
        }
    }
}

/// One item of a Telemetry's `accessLogging`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// None for both.
    mode: Option<Mode>,
    providers: Vec<String>,
    filter: Option<Value>,
    disabled: bool,
}

impl Entry {
    /// All of a Telemetry.
    ///
    /// # Errors
    /// It has a part that is not known, in one line.
    pub(super) fn all(telemetry: &Value) -> Result<Vec<Self>, String> {
        let items = match &telemetry["spec"]["accessLogging"] {
            Value::Null => return Ok(Vec::new()),
            Value::Array(items) => items,
            _ => return Err("its accessLogging is no list".into()),
        };
        items.iter().map(Self::of).collect()
    }

    fn of(item: &Value) -> Result<Self, String> {
        let mode = match item["match"]["mode"].as_str() {
            Some("SERVER") => Some(Mode::Server),
            Some("CLIENT") => Some(Mode::Client),
            Some("CLIENT_AND_SERVER") => None,
            None if item["match"]["mode"].is_null() => None,
            _ => return Err("it logs a side that is not known".into()),
        };
        let name = |provider: &Value| provider["name"].as_str().map(str::to_owned);
        let providers = item["providers"].as_array().into_iter().flatten();
        let providers: Option<Vec<_>> = providers.map(name).collect();
        Ok(Self {
            mode,
            providers: providers.ok_or("it has a provider without a name")?,
            filter: Some(&item["filter"]).filter(|f| !f.is_null()).cloned(),
            disabled: item["disabled"].as_bool().unwrap_or_default(),
        })
    }

    fn logs(&self, mode: Mode) -> bool {
        self.mode.is_none_or(|own| own == mode)
    }
}

/// What is logged on one side.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Effect {
    /// The providers that log, and what each leaves out.
    pub(super) providers: BTreeMap<String, Option<Value>>,
    /// The file that the mesh config logs to, where no provider says anything.
    pub(super) file: Option<String>,
    /// Whether the mesh config logs to a service of Envoy's own, where no provider says anything.
    pub(super) service: bool,
}

/// What is in effect under these Telemetries, in their order: of the root namespace, of the namespace, of the workload.
pub(super) fn effect(settings: &Settings, layers: &[Vec<Entry>], mode: Mode) -> Effect {
    let merged = merge(settings, layers, mode);
    let speaks = |name: &String| settings.provider(name).is_some_and(|p| p.logs);
    // One that is unknown is left out; if nothing is left, also nothing that is switched off, the mesh config counts.
    if !merged.keys().any(speaks) {
        return Effect {
            file: settings.file.clone(),
            service: settings.service,
            ..Effect::default()
        };
    }
    let on = merged.into_iter().filter_map(|(name, log)| {
        let Log::On(filter) = log else { return None };
        speaks(&name).then_some((name, filter))
    });
    Effect {
        providers: on.collect(),
        ..Effect::default()
    }
}

enum Log {
    Off,
    On(Option<Value>),
}

fn merge(settings: &Settings, layers: &[Vec<Entry>], mode: Mode) -> BTreeMap<String, Log> {
    let layers = || layers.iter().filter(|layer| !layer.is_empty());
    let mut merged = BTreeMap::new();
    if layers().next().is_none() {
        let defaults = settings.defaults.iter().cloned();
        merged.extend(defaults.map(|name| (name, Log::On(None))));
        return merged;
    }
    // The last that names any is in force, whole; the last filter of each provider is its filter.
    let mut in_force: BTreeSet<&String> = settings.defaults.iter().collect();
    let mut filters: BTreeMap<&String, &Option<Value>> = BTreeMap::new();
    for layer in layers() {
        let mut named = BTreeSet::new();
        for entry in layer.iter().filter(|entry| entry.logs(mode)) {
            named.extend(&entry.providers);
            filters.extend(entry.providers.iter().map(|name| (name, &entry.filter)));
        }
        if !named.is_empty() {
            in_force = named;
        }
    }
    let mut before = &settings.defaults;
    for entry in layers().flatten() {
        if !entry.providers.is_empty() {
            before = &entry.providers;
        }
        for name in before.iter().filter(|name| in_force.contains(name)) {
            if entry.logs(mode) {
                let filter = filters.get(name).copied().cloned().flatten();
                let log = if entry.disabled {
                    Log::Off
                } else {
                    Log::On(filter)
                };
                merged.insert(name.clone(), log);
            }
        }
    }
    merged
}

/// What has to be written so that every request of one side is logged where `kubectl logs` reads it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Need {
    /// Nothing: it is. Who does it, and in which format.
    Nothing { by: String, format: Format },
    /// A Telemetry.
    Log {
        /// What logs already, and what each leaves out.
        kept: BTreeMap<String, Option<Value>>,
        /// What logs every request.
        by: String,
        format: Format,
    },
}

impl Need {
    /// From what is in effect.
    ///
    /// # Errors
    /// It cannot be done without losing something, in one line.
    pub(super) fn of(settings: &Settings, now: &Effect) -> Result<Self, String> {
        if now.file.as_deref() == Some(STDOUT) {
            return Ok(Self::Nothing {
                by: "accessLogFile of the mesh config".into(),
                format: settings.format,
            });
        }
        if let Some(file) = &now.file {
            return Err(format!(
                "the mesh config logs to {file} (accessLogFile), which would end: a Telemetry takes its place"
            ));
        }
        if now.service {
            return Err(
                "the mesh config logs to a service (enableEnvoyAccessLogService), which would end: a Telemetry takes \
                 its place"
                    .into(),
            );
        }
        let to_stdout = |name: &&String| {
            let provider = settings.provider(name);
            provider.is_some_and(|p| p.file.as_deref() == Some(STDOUT))
        };
        let here: Vec<&String> = now.providers.keys().filter(to_stdout).collect();
        let whole = |name: &&&String| now.providers.get(**name) == Some(&None);
        if let Some(name) = here.iter().find(whole) {
            return Ok(Self::Nothing {
                by: format!("provider {name}"),
                format: settings.format_of(name),
            });
        }
        let by = match here.as_slice() {
            [] => settings.stdout().ok_or(
                "no provider of the mesh config writes to /dev/stdout, where the logs of pods are read",
            )?,
            [one] => (*one).clone(),
            _ => {
                return Err(format!(
                    "{} both write to {STDOUT}: lines would show up twice",
                    here.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(" and ")
                ));
            }
        };
        let mut kept = now.providers.clone();
        kept.remove(&by);
        Ok(Self::Log {
            format: settings.format_of(&by),
            kept,
            by,
        })
    }
}

/// What is to log on one side: what logs already and goes on as it is, and who logs every request, if anybody.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Goal {
    pub(super) mode: Mode,
    pub(super) kept: BTreeMap<String, Option<Value>>,
    pub(super) by: Option<String>,
}

impl Goal {
    fn providers(&self) -> BTreeMap<String, Option<Value>> {
        let mut all = self.kept.clone();
        all.extend(self.by.clone().map(|by| (by, None)));
        all
    }

    /// Its part of `accessLogging`.
    fn entries(&self) -> Vec<Value> {
        let side = json!({ "mode": self.mode.word() });
        let entry = |names: Vec<Value>| json!({ "match": side, "providers": names });
        let all = self.providers();
        let whole = all.iter().filter(|(_, filter)| filter.is_none());
        let whole: Vec<Value> = whole.map(|(name, _)| json!({ "name": name })).collect();
        let mut items = Vec::new();
        if !whole.is_empty() {
            items.push(entry(whole));
        }
        for (name, filter) in &all {
            if let Some(filter) = filter {
                let mut item = entry(vec![json!({ "name": name })]);
                item["filter"] = filter.clone();
                items.push(item);
            }
        }
        items
    }
}

/// The `accessLogging` of a workload's Telemetry that reaches these goals and changes nothing on a side that has none.
///
/// # Errors
/// No Telemetry does, in one line.
pub(super) fn written(
    settings: &Settings,
    layers: &[Vec<Entry>],
    goals: &[Goal],
) -> Result<Vec<Value>, String> {
    let then = |items: &[Value], mode| -> Result<Effect, String> {
        let own = Entry::all(&json!({ "spec": { "accessLogging": items } }))?;
        let mut all = layers.to_vec();
        all.push(own);
        Ok(effect(settings, &all, mode))
    };
    let mut items: Vec<Value> = goals.iter().flat_map(Goal::entries).collect();
    let other = |mode: &Mode| goals.iter().all(|goal| goal.mode != *mode);
    for mode in [Mode::Server, Mode::Client].into_iter().filter(other) {
        let now = effect(settings, layers, mode);
        // The mesh's default providers count only as long as there is no Telemetry at all.
        if then(&items, mode)? != now {
            let as_it_is = Goal {
                mode,
                kept: now.providers.clone(),
                by: None,
            };
            items.extend(as_it_is.entries());
        }
        if then(&items, mode)? != now {
            return Err("what a sidecar sends would be logged in another way than now".into());
        }
    }
    for goal in goals {
        if then(&items, goal.mode)?.providers != goal.providers() {
            return Err("no Telemetry logs every request and keeps what logs already".into());
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests;
