//! Containers: of a pod's many only `istio-proxy` and `discovery` are kept, the first one's image, and what all of them
//! request.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{meta, nullable};
use crate::mesh::{Requests, Resources};

/// The containers of a pod or a template that we look at.
#[derive(Debug, Default)]
pub struct Containers {
    /// Image of the first one.
    pub first_image: Option<String>,
    /// `istio-proxy`.
    pub proxy: Option<Container>,
    /// `discovery`: istiod itself.
    pub discovery: Option<Container>,
    /// Requests of all of them together.
    pub sum: Requests,
    /// As init containers: requests of those that keep running (`restartPolicy: Always`).
    pub lasting: Requests,
    /// As init containers: the most that is requested while they run one after the other, beside those that keep
    /// running.
    pub peak: Requests,
}

/// One container.
#[derive(Debug, Default)]
pub struct Container {
    /// Its image as written.
    pub image: String,
    /// `restartPolicy: Always`, which makes an init container a native sidecar.
    pub always: bool,
    /// Requests and limits (`discovery` only).
    pub resources: Resources,
    /// Plain environment (`discovery` only); entries with `valueFrom` left out.
    pub env: BTreeMap<String, String>,
    /// Arguments (`discovery` only).
    pub args: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Unseen,
    Proxy,
    Discovery,
    Other,
}

impl<'de> Deserialize<'de> for Containers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Containers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("containers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Containers, A::Error> {
                let mut kept = Containers::default();
                while let Some(Named(name, container, requests)) = seq.next_element()? {
                    kept.sum += requests;
                    if container.always {
                        kept.lasting += requests;
                        kept.peak = kept.peak.max(kept.lasting);
                    } else {
                        kept.peak = kept.peak.max(kept.lasting + requests);
                    }
                    if kept.first_image.is_none() {
                        kept.first_image = Some(container.image.clone());
                    }
                    match name {
                        Name::Proxy => kept.proxy = Some(container),
                        Name::Discovery => kept.discovery = Some(container),
                        Name::Unseen | Name::Other => {}
                    }
                }
                Ok(kept)
            }
        }
        deserializer.deserialize_seq(Each)
    }
}

struct Named(Name, Container, Requests);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Named;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a container")
            }

            // The API server writes `name` first, so most environments are skipped unread; any other
            // order is read correctly too, only slower.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named, A::Error> {
                const KEYS: &[&str] =
                    &["name", "image", "restartPolicy", "resources", "env", "args"];
                let mut name = Name::Unseen;
                let mut container = Container::default();
                while let Some(key) = map.next_key_seed(meta::KeyIn(KEYS))? {
                    let wanted = matches!(name, Name::Unseen | Name::Discovery);
                    match key {
                        Some("name") => name = map.next_value()?,
                        Some("image") => container.image = text(&mut map)?,
                        Some("restartPolicy") => container.always = map.next_value::<Always>()?.0,
                        Some("resources") => {
                            container.resources = map
                                .next_value::<Option<Quantities>>()?
                                .unwrap_or_default()
                                .resources();
                        }
                        Some("env") if wanted => {
                            container.env = map
                                .next_value::<Option<Vec<EnvVar>>>()?
                                .unwrap_or_default()
                                .into_iter()
                                .filter(|e| !e.from_elsewhere)
                                .map(|e| (e.name, e.value))
                                .collect();
                        }
                        Some("args") if wanted => {
                            container.args =
                                map.next_value::<Option<Vec<String>>>()?.unwrap_or_default();
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                let requests = container.resources.requests();
                if name != Name::Discovery {
                    container.env.clear();
                    container.args.clear();
                    container.resources = Resources::default();
                }
                Ok(Named(name, container, requests))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<String, A::Error> {
    Ok(map.next_value::<Option<String>>()?.unwrap_or_default())
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl Visitor<'_> for One {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a container's name")
            }

            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(match text {
                    "istio-proxy" => Name::Proxy,
                    "discovery" => Name::Discovery,
                    _ => Name::Other,
                })
            }

            fn visit_unit<E>(self) -> Result<Name, E> {
                Ok(Name::Other)
            }
        }
        deserializer.deserialize_any(One)
    }
}

struct Always(bool);

impl<'de> Deserialize<'de> for Always {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        meta::is(deserializer, "Always").map(Self)
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EnvVar {
    #[serde(deserialize_with = "nullable")]
    name: String,
    #[serde(deserialize_with = "nullable")]
    value: String,
    #[serde(rename = "valueFrom", deserialize_with = "meta::present")]
    from_elsewhere: bool,
}

/// `resources` of a container or a pod.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quantities {
    #[serde(deserialize_with = "nullable")]
    requests: CpuMemory,
    #[serde(deserialize_with = "nullable")]
    limits: CpuMemory,
}

impl Quantities {
    pub(super) fn resources(&self) -> Resources {
        Resources {
            cpu_request: self.requests.cpu.millis(),
            cpu_limit: self.limits.cpu.millis(),
            memory_request: self.requests.memory.whole(),
            memory_limit: self.limits.memory.whole(),
        }
    }
}

/// Quantities by resource, of those that we use.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CpuMemory {
    #[serde(deserialize_with = "nullable")]
    cpu: Quantity,
    #[serde(deserialize_with = "nullable")]
    memory: Quantity,
}

impl CpuMemory {
    /// What is not set is nothing.
    pub(super) fn requests(&self) -> Requests {
        Requests {
            cpu: self.cpu.millis().unwrap_or_default(),
            memory: self.memory.whole().unwrap_or_default(),
        }
    }
}

/// A `resource.Quantity` in billionths; none when it is absent or not one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quantity(Option<u128>);

impl Quantity {
    /// In thousandths, rounded up as the scheduler does.
    pub(super) fn millis(self) -> Option<u64> {
        u64::try_from(self.0?.div_ceil(1_000_000)).ok()
    }

    /// In units, rounded up.
    pub(super) fn whole(self) -> Option<u64> {
        u64::try_from(self.0?.div_ceil(1_000_000_000)).ok()
    }

    /// Reads `500m`, `1.5`, `2Gi`, `1e3` (`apimachinery/pkg/api/resource/quantity.go`, `ParseQuantity`).
    fn parse(text: &str) -> Self {
        Self(nanos(text.trim()))
    }
}

fn nanos(text: &str) -> Option<u128> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    // Multiplier as a fraction: `up / down` of a unit.
    let (up, down): (u128, u128) = match suffix {
        "" => (1, 1),
        "n" => (1, 1_000_000_000),
        "u" => (1, 1_000_000),
        "m" => (1, 1_000),
        "k" => (1_000, 1),
        "M" => (1_000_000, 1),
        "G" => (1_000_000_000, 1),
        "T" => (1_000_000_000_000, 1),
        "P" => (1_000_000_000_000_000, 1),
        "E" => (1_000_000_000_000_000_000, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        "Pi" => (1 << 50, 1),
        "Ei" => (1 << 60, 1),
        _ => {
            let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            let power = 10u128.checked_pow(exponent.unsigned_abs())?;
            if exponent < 0 { (1, power) } else { (power, 1) }
        }
    };
    let digits: u128 = format!("0{whole}{fraction}").parse().ok()?;
    let scale = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let numerator = digits.checked_mul(1_000_000_000)?.checked_mul(up)?;
    Some(numerator.div_ceil(scale.checked_mul(down)?))
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl Visitor<'_> for One {
            type Value = Quantity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity")
            }

            fn visit_str<E>(self, text: &str) -> Result<Quantity, E> {
                Ok(Quantity::parse(text))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Quantity, E> {
                Ok(Quantity(Some(u128::from(number) * 1_000_000_000)))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Quantity, E> {
                Ok(Quantity(None))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Quantity, E> {
                Ok(Quantity::parse(&number.to_string()))
            }
        }
        deserializer.deserialize_any(One)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_as_kubernetes_reads_them() {
        for (text, millis, whole) in [
            ("500m", Some(500), Some(1)),
            ("2", Some(2000), Some(2)),
            ("1.5", Some(1500), Some(2)),
            ("2Gi", Some(2_147_483_648_000), Some(2_147_483_648)),
            ("1024Mi", Some(1_073_741_824_000), Some(1_073_741_824)),
            ("1G", Some(1_000_000_000_000), Some(1_000_000_000)),
            ("1e3", Some(1_000_000), Some(1000)),
            ("1E", Some(1_000_000_000_000_000_000_000), None),
            ("100u", Some(1), Some(1)),
            (".5", Some(500), Some(1)),
            ("", None, None),
            ("-1", None, None),
            ("1.2.3", None, None),
            ("two", None, None),
            ("1e99", None, None),
        ] {
            let quantity = Quantity::parse(text);
            let millis = millis.and_then(|m: u128| u64::try_from(m).ok());
            assert_eq!(quantity.millis(), millis, "{text}");
            if text != "1E" {
                assert_eq!(quantity.whole(), whole, "{text}");
            }
        }
    }

    #[test]
    fn only_discovery_keeps_its_environment() {
        let kept: Containers = serde_json::from_str(
            r#"[{"env":[{"name":"A","value":"1"}],"name":"app","image":"app:1"},
                {"name":"discovery","image":"pilot:1.28.1","args":["discovery"],
                 "env":[{"name":"REVISION","value":"r"},{"name":"POD_NAME","valueFrom":{}},{"name":"PLATFORM"}],
                 "resources":{"requests":{"cpu":"500m","memory":"2Gi"},"limits":null}},
                {"name":"istio-proxy","image":null,"restartPolicy":"Always","env":[{"name":"B","value":"2"}]}]"#,
        )
        .unwrap();
        assert_eq!(kept.first_image.as_deref(), Some("app:1"));
        let discovery = kept.discovery.unwrap();
        assert_eq!(
            discovery.env.into_iter().collect::<Vec<_>>(),
            [
                ("PLATFORM".to_owned(), String::new()),
                ("REVISION".into(), "r".into())
            ]
        );
        assert_eq!(discovery.args, ["discovery"]);
        assert_eq!(discovery.resources.cpu_request, Some(500));
        assert_eq!(discovery.resources.memory_limit, None);
        let proxy = kept.proxy.unwrap();
        assert!(proxy.always && proxy.env.is_empty());
    }
}
