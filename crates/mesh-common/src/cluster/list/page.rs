//! One page of a list: its items one at a time, its metadata early.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// One page, read.
pub(super) struct Parsed<A> {
    pub(super) value: A,
    pub(super) meta: Meta,
    pub(super) items: usize,
}

/// Reads one page and folds its items.
pub(super) fn parse<T, A, F>(page: &[u8], mut value: A, fold: &F) -> Result<Parsed<A>, kube::Error>
where
    T: serde::de::DeserializeOwned,
    F: Fn(&mut A, T),
{
    let mut found = PageSeed {
        each: |item| fold(&mut value, item),
        until_items: false,
        meta: Meta::default(),
        items: 0,
        item: PhantomData,
    };
    let mut json = serde_json::Deserializer::from_slice(page);
    json.deserialize_map(&mut found)
        .and_then(|()| json.end())
        .map_err(kube::Error::SerdeError)?;
    let PageSeed { meta, items, .. } = found;
    Ok(Parsed { value, meta, items })
}

/// The token of the next page, if the page gives it before its items; reads no further.
pub(super) fn next_token(page: &[u8]) -> Option<String> {
    let mut found = PageSeed::<IgnoredAny, _> {
        each: |_| {},
        until_items: true,
        meta: Meta::default(),
        items: 0,
        item: PhantomData,
    };
    let mut json = serde_json::Deserializer::from_slice(page);
    // Stops by an error at the items; what matters was read before.
    let _ = json.deserialize_map(&mut found);
    Some(found.meta.continue_token).filter(|t| !t.is_empty())
}

/// The metadata of a list (`ListMeta`).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Meta {
    #[serde(default, rename = "continue", deserialize_with = "null_is_default")]
    pub(super) continue_token: String,
    #[serde(
        default,
        rename = "resourceVersion",
        deserialize_with = "null_is_default"
    )]
    pub(super) resource_version: String,
}

fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    d: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

/// Walks through one page and hands over its items one at a time.
struct PageSeed<T, F> {
    each: F,
    until_items: bool,
    meta: Meta,
    items: usize,
    item: PhantomData<fn() -> T>,
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> Visitor<'de> for &mut PageSeed<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Kubernetes list")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let mut seen = false;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match &*key {
                "metadata" => self.meta = map.next_value()?,
                "items" if self.until_items => return Err(M::Error::custom("far enough")),
                "items" => {
                    seen = true;
                    map.next_value_seed(Items(self))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if seen || self.until_items {
            Ok(())
        } else {
            Err(M::Error::missing_field("items"))
        }
    }
}

struct Items<'a, T, F>(&'a mut PageSeed<T, F>);

impl<'de, T: Deserialize<'de>, F: FnMut(T)> DeserializeSeed<'de> for Items<'_, T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> Visitor<'de> for Items<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the items of a list")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<(), S::Error> {
        while let Some(item) = items.next_element()? {
            self.0.items += 1;
            (self.0.each)(item);
        }
        Ok(())
    }

    /// Go writes an empty slice that was never made as null.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
