//! What the mesh config says of access logs: `pkg/config/mesh/mesh.go` (`DefaultMeshConfig`, `ApplyMeshConfig`) and
//! `pilot/pkg/model/telemetry_logging.go` (`telemetryAccessLog`) at 1.28.1.

use serde_json::Value;

/// Where the logs of pods are read.
pub(super) const STDOUT: &str = "/dev/stdout";
/// The provider that every mesh has.
const BUILT_IN: &str = "envoy";
/// The kinds of providers that write access logs.
const LOGS: [&str; 4] = [
    "envoyFileAccessLog",
    "envoyHttpAls",
    "envoyTcpAls",
    "envoyOtelAls",
];

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    /// Istio's own text.
    #[default]
    Text,
    /// Istio's own JSON.
    Json,
    /// One of somebody's own.
    Own,
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Provider {
    name: String,
    /// Whether it writes access logs at all.
    pub(super) logs: bool,
    /// The file that it writes to.
    pub(super) file: Option<String>,
    format: Format,
}

/// What counts of a mesh config.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Settings {
    /// `defaultProviders.accessLogging`.
    pub(super) defaults: Vec<String>,
    /// `accessLogFile`.
    pub(super) file: Option<String>,
    /// `enableEnvoyAccessLogService`.
    pub(super) service: bool,
    /// `accessLogEncoding` and `accessLogFormat`.
    pub(super) format: Format,
    providers: Vec<Provider>,
}

impl Settings {
    /// Reads a mesh config.
    ///
    /// # Errors
    /// A part of it is not known, in one line.
    pub(super) fn read(mesh: &Value) -> Result<Self, String> {
        let text = |name: &str| match &mesh[name] {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.as_str()).filter(|t| !t.is_empty())),
            _ => Err(format!("{name} of the mesh config is no text")),
        };
        let format = match (text("accessLogFormat")?, text("accessLogEncoding")?) {
            (_, Some(other)) if !["TEXT", "JSON"].contains(&other) => {
                return Err(format!("accessLogEncoding {other} is not known"));
            }
            (Some(_), _) => Format::Own,
            (None, Some("JSON")) => Format::Json,
            (None, _) => Format::Text,
        };
        let service = match &mesh["enableEnvoyAccessLogService"] {
            Value::Null => false,
            Value::Bool(is) => *is,
            _ => return Err("enableEnvoyAccessLogService of the mesh config is no boolean".into()),
        };
        let defaults = list(&mesh["defaultProviders"]["accessLogging"])
            .ok_or("defaultProviders.accessLogging of the mesh config is no list")?;
        let defaults: Option<Vec<_>> = defaults
            .iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect();
        let mut settings = Self {
            defaults: defaults.ok_or("a provider of defaultProviders has no name")?,
            file: text("accessLogFile")?.map(str::to_owned),
            service,
            format,
            providers: vec![Provider {
                name: BUILT_IN.into(),
                logs: true,
                file: Some(STDOUT.into()),
                format,
            }],
        };
        let own = list(&mesh["extensionProviders"])
            .ok_or("extensionProviders of the mesh config is no list")?;
        for provider in own {
            let provider = Provider::of(provider, format)?;
            // One of the same name takes the place of that which is there.
            match settings
                .providers
                .iter_mut()
                .find(|p| p.name == provider.name)
            {
                Some(known) => *known = provider,
                None => settings.providers.push(provider),
            }
        }
        Ok(settings)
    }

    /// The provider that a name stands for: the first, whatever the case of its letters (`fetchProvider`).
    pub(super) fn provider(&self, name: &str) -> Option<&Provider> {
        let is = |p: &&Provider| p.name.eq_ignore_ascii_case(name);
        self.providers.iter().find(is)
    }

    /// How a provider writes.
    pub(super) fn format_of(&self, name: &str) -> Format {
        self.provider(name).map(|p| p.format).unwrap_or_default()
    }

    /// A provider that writes where the logs of pods are read: Istio's own, where nobody made another of it.
    pub(super) fn stdout(&self) -> Option<String> {
        let writes = |p: &&Provider| p.file.as_deref() == Some(STDOUT);
        self.providers.iter().find(writes).map(|p| p.name.clone())
    }
}

impl Provider {
    fn of(object: &Value, of_mesh: Format) -> Result<Self, String> {
        let name = object["name"]
            .as_str()
            .ok_or("an extensionProvider of the mesh config has no name")?;
        let own = &object["envoyFileAccessLog"];
        let format = match &own["logFormat"] {
            Value::Null if name == BUILT_IN => of_mesh,
            Value::Null => Format::Text,
            format => match (&format["text"], &format["labels"]) {
                (Value::String(text), _) if text.is_empty() => Format::Text,
                (_, Value::Object(labels)) if labels.is_empty() => Format::Json,
                _ => Format::Own,
            },
        };
        let file = own.is_object().then(|| match own["path"].as_str() {
            None | Some("") => STDOUT.to_owned(),
            Some(path) => path.to_owned(),
        });
        Ok(Self {
            name: name.to_owned(),
            logs: LOGS.iter().any(|kind| object[kind].is_object()),
            file,
            format,
        })
    }
}

/// Absent is empty; none where it is no list.
fn list(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Null => Some(&[]),
        Value::Array(items) => Some(items),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_mesh_config_says_of_access_logs() {
        for (what, mesh, file, format) in [
            ("nothing", json!({}), Some(STDOUT), Format::Text),
            (
                "JSON",
                json!({"accessLogEncoding": "JSON"}),
                Some(STDOUT),
                Format::Json,
            ),
            (
                "a format of its own",
                json!({"accessLogFormat": "%PROTOCOL%\n"}),
                Some(STDOUT),
                Format::Own,
            ),
            (
                "envoy made anew, with the mesh's format",
                json!({"accessLogEncoding": "JSON",
                    "extensionProviders": [{"name": "envoy", "envoyFileAccessLog": {"path": "/dev/stdout"}}]}),
                Some(STDOUT),
                Format::Json,
            ),
            (
                "envoy made anew, elsewhere",
                json!({"extensionProviders": [{"name": "envoy", "envoyFileAccessLog": {"path": "/var/log/x"}}]}),
                Some("/var/log/x"),
                Format::Text,
            ),
            (
                "envoy made anew, as no file",
                json!({"extensionProviders": [{"name": "envoy", "envoyOtelAls": {"service": "x", "port": 1}}]}),
                None,
                Format::Text,
            ),
        ] {
            let settings = Settings::read(&mesh).unwrap();
            let envoy = settings.provider("Envoy").unwrap();
            assert_eq!(envoy.file.as_deref(), file, "{what}");
            assert_eq!(settings.format_of("envoy"), format, "{what}");
        }
    }

    #[test]
    fn another_provider_writes_to_stdout_where_envoy_does_not() {
        let of = |more: Value| {
            let mut all = vec![json!({"name": "envoy", "envoyOtelAls": {}})];
            all.push(more);
            let settings = Settings::read(&json!({"extensionProviders": all})).unwrap();
            let by = settings.stdout();
            let format = by.as_deref().map(|name| settings.format_of(name));
            (by, format)
        };
        let own =
            json!({"name": "lines", "envoyFileAccessLog": {"logFormat": {"labels": {"a": "b"}}}});
        assert_eq!(of(own), (Some("lines".into()), Some(Format::Own)));
        let json = json!({"name": "lines", "envoyFileAccessLog": {"logFormat": {"labels": {}}}});
        assert_eq!(of(json), (Some("lines".into()), Some(Format::Json)));
        assert_eq!(of(json!({"name": "x", "prometheus": {}})), (None, None));
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing() {
        for mesh in [
            json!({"accessLogFile": 1}),
            json!({"accessLogEncoding": "XML"}),
            json!({"enableEnvoyAccessLogService": "yes"}),
            json!({"defaultProviders": {"accessLogging": "envoy"}}),
            json!({"defaultProviders": {"accessLogging": [1]}}),
            json!({"extensionProviders": {}}),
            json!({"extensionProviders": [{}]}),
        ] {
            assert!(Settings::read(&mesh).is_err(), "{mesh}");
        }
    }
}
