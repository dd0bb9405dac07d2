//! A mesh from objects at hand: manifests, and tests.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{About, Builder, Visit, dispatch};
use crate::{
    error::{Error, Result},
    mesh::{Gap, Known, Mesh, Source, Why, wire::List},
};

impl Mesh {
    /// The mesh that these objects make up. What is not among them does not exist; kinds that we do not read
    /// are passed over.
    ///
    /// # Errors
    ///
    /// An object that does not have the shape of its kind.
    pub fn from_objects(
        objects: impl IntoIterator<Item = Value>,
        istio_namespace: &str,
        source: Source,
        now: Timestamp,
    ) -> Result<Self> {
        let mut builder = Builder::new(istio_namespace);
        for object in objects {
            builder.add_value(object)?;
        }
        for list in List::EVERY {
            builder.complete(*list);
        }
        Ok(builder.finish(About {
            source,
            now,
            cluster_uid: None,
            kubernetes: Known::Unknown(Gap {
                what: "version".into(),
                why: Why::NotRead,
                detail: "objects do not say the version of their API server".into(),
            }),
        }))
    }

    /// The same of YAML texts, each of one or more documents.
    ///
    /// # Errors
    ///
    /// A text that is no YAML, or an object that does not have the shape of its kind.
    pub fn from_yaml<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        istio_namespace: &str,
        source: Source,
        now: Timestamp,
    ) -> Result<Self> {
        let mut objects = Vec::new();
        for text in texts {
            let documents: Vec<Value> = serde_saphyr::from_multiple(text)
                .map_err(|e| Error::user("cannot read the objects as YAML").caused_by(e))?;
            objects.extend(documents);
        }
        Self::from_objects(objects, istio_namespace, source, now)
    }
}

impl Builder {
    /// Adds an object of any kind, `v1` `List`s too.
    ///
    /// # Errors
    ///
    /// An object that does not have the shape of its kind.
    pub fn add_value(&mut self, mut object: Value) -> Result<()> {
        if object["kind"] == "List"
            && let Value::Array(items) = object["items"].take()
        {
            return items.into_iter().try_for_each(|item| self.add_value(item));
        }
        let text = |key: &str| object[key].as_str().unwrap_or_default();
        let Some(list) = List::of_kind(text("apiVersion"), text("kind")) else {
            return Ok(());
        };
        let named = format!(
            "{} {}/{}",
            list.api().kind,
            object["metadata"]["namespace"].as_str().unwrap_or("-"),
            object["metadata"]["name"].as_str().unwrap_or("-"),
        );
        dispatch(list, AddValue(self, object)).map_err(|e| {
            Error::user(format!(
                "{} does not have the shape of its kind",
                crate::output::clean(&named, 200)
            ))
            .caused_by(e)
        })
    }

    /// Adds an object of this list from its JSON.
    ///
    /// # Errors
    ///
    /// What is no JSON, or does not have the shape of the kind.
    pub fn add_json(&mut self, list: List, json: &[u8]) -> serde_json::Result<()> {
        dispatch(list, AddJson(self, json))
    }
}

struct AddValue<'a>(&'a mut Builder, Value);

impl Visit for AddValue<'_> {
    type Out = serde_json::Result<()>;

    fn visit<T: DeserializeOwned + Send + 'static>(self, add: fn(&mut Builder, T)) -> Self::Out {
        add(self.0, serde_json::from_value(self.1)?);
        Ok(())
    }
}

struct AddJson<'a>(&'a mut Builder, &'a [u8]);

impl Visit for AddJson<'_> {
    type Out = serde_json::Result<()>;

    fn visit<T: DeserializeOwned + Send + 'static>(self, add: fn(&mut Builder, T)) -> Self::Out {
        add(self.0, serde_json::from_slice(self.1)?);
        Ok(())
    }
}
